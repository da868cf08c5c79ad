"""The text of an advertisement as it is searched: places stay the same, letters become plain."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from flows.clean.sections import sections

_SEPARATORS = "-/\\\t\n\r\v\f()[]{},;:|\"'`*_<>=~!?^%"
_URL = re.compile(r"(?:https?://|www\.)[^\s|)]{1,300}")
# the plus first: from a literal a search starts 20 times as fast as from a look behind
_JOINED = re.compile(r"\+(?<=\w\+)(?=[^\W\d])")


def _table() -> bytes:
    """By Latin-1 byte: lower case without accent, a space for what separates words."""
    mapped = bytearray(range(256))
    for code in range(256):
        char = chr(code)
        base = unicodedata.normalize("NFD", char)[0].lower()
        mapped[code] = ord(base) if base.isascii() and (char.isalnum() or code < 128) else ord(" ")
    for char in _SEPARATORS:
        mapped[ord(char)] = ord(" ")
    return bytes(mapped)


_PLAIN = _table()


class Part(NamedTuple):
    """A stretch of the text with the kind of its section and its header."""

    kind: str
    header: str
    start: int
    end: int


class Ad(NamedTuple):
    """A text with web addresses blanked, its plain form (one space ahead of it) and its parts in order."""

    text: str
    plain: str
    parts: tuple[Part, ...]

    def part_at(self, place: int) -> Part | None:
        """The part that holds a place of the text."""
        at = bisect.bisect_right(self.parts, place, key=_start_of) - 1
        return self.parts[at] if at >= 0 and place < self.parts[at].end else None


def _start_of(part: Part) -> int:
    return part.start


def read_ad(text: str) -> Ad:
    """A text cut into its parts and made ready for the searches."""
    parts = tuple(Part(s.kind, s.header, s.start, s.end) for s in sections(text))
    known = without_addresses(text)
    return Ad(known, _plain(known), parts)


def short_ad(text: str) -> Ad:
    """A short text without parts, such as a title."""
    return Ad(without_addresses(text), plain(text), ())


def plain(text: str) -> str:
    """Lower case, no accents, separators as spaces, character for character, with a space at either end.

    What Latin-1 lacks becomes a space, so that 'Pythonを' names Python.
    """
    return _plain(without_addresses(text))


def _plain(known: str) -> str:
    lowered = known.encode("latin-1", "replace").translate(_PLAIN).decode("ascii")
    if "+" in lowered:
        lowered = _JOINED.sub(" ", lowered)
    return f" {lowered} "


def without_addresses(text: str) -> str:
    """The text with web addresses blanked, of the same length."""
    if "://" not in text and "www." not in text:
        return text
    return _URL.sub(lambda m: " " * len(m[0]), text)


class Anchors:
    """Words that must stand in a line for a costly pattern to be tried on it."""

    def __init__(self, words: Iterable[str]) -> None:
        self._automaton = AhoCorasick(list(words), matchkind=MatchKind.Standard, implementation=Implementation.DFA)

    def around(self, ad: Ad, before: int, behind: int) -> list[tuple[int, int]]:
        """(start, end) of the stretches of lines that hold a word with so many characters before and from it."""
        found: list[tuple[int, int]] = []
        for _, start, _ in self._automaton.find_matches_as_indexes(ad.plain):
            place = max(0, start - 1)
            begin = max(place - before, ad.text.rfind("\n", 0, place + 1) + 1)
            if found and begin <= found[-1][1]:
                begin, _ = found.pop()
            end = ad.text.find("\n", place + 1, place + behind)
            found.append((begin, min(len(ad.text), place + behind) if end < 0 else end))
        return found

    def lines(self, ad: Ad) -> list[tuple[int, int]]:
        """(start, end) of the lines of a text that hold one of the words, in order."""
        found: list[tuple[int, int]] = []
        for _, start, _ in self._automaton.find_matches_as_indexes(ad.plain):
            place = max(0, start - 1)
            if found and place < found[-1][1]:
                continue
            begin = ad.text.rfind("\n", 0, place + 1) + 1
            end = ad.text.find("\n", place + 1)
            found.append((begin, len(ad.text) if end < 0 else end))
        return found
