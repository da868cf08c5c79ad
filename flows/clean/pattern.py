"""Regular expressions that take linear time whatever the text: RE2, for patterns that go over whole texts.

RE2 has no look-around and no back references, its ``\\b`` and ``\\w`` are ASCII, and it is 10 to 50 times as
fast as ``re`` on the long alternations here. Short strings are left to ``re``, which has no cost per call.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import re2

MOST_MEMORY = 32 << 20
"""Bytes that a pattern's states may take: with RE2's own 8 MB the longest pattern forgets and finds them anew, at an
eighth of the speed. Most patterns take far less."""


_END = 1 << 60
ASKED_AGAIN = 400
"""Characters from which a text is likely to be searched for many patterns."""


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    return options


@functools.lru_cache(maxsize=16)
def _encoded(text: str) -> bytes:
    return text.encode()


class Found:
    """One match: what the project uses of ``re.Match``. Places are those of characters."""

    __slots__ = ("_bytes", "_match", "string")

    def __init__(self, match: re.Match[bytes], text: str, said: bytes | None) -> None:
        self._match, self.string, self._bytes = match, text, said

    def __getitem__(self, group: int | str) -> str:
        found = self._match[group]
        return found if found is None else found.decode()  # type: ignore[return-value]

    def start(self) -> int:
        """The place of its first character."""
        return self._place(self._match.start())

    def end(self) -> int:
        """The place behind its last character."""
        return self._place(self._match.end())

    @property
    def lastgroup(self) -> str | None:
        """The name of the group that closed last."""
        return self._match.lastgroup

    def _place(self, place: int) -> int:
        return place if self._bytes is None else len(self._bytes[:place].decode())


class Linear:
    """A pattern of RE2: what the project uses of ``re.Pattern``.

    RE2 reads bytes. Its package encodes the text and counts characters at every call; here a long text is encoded
    once for all patterns, and characters are counted only up to what is found.
    """

    __slots__ = ("_compiled", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._compiled = re2.compile(pattern, _options())

    def search(self, text: str, start: int = 0, end: int = _END) -> Found | None:
        """The first match within ``text[start:end]``, at whose edges the words around it still count."""
        said, start, end = _cut(text, start, end)
        found = self._compiled.search(said, start, end)
        return None if found is None else Found(found, text, None if len(said) == len(text) else said)

    def finditer(self, text: str, start: int = 0, end: int = _END) -> Iterator[Found]:
        """All matches that do not overlap, in their order."""
        said, start, end = _cut(text, start, end)
        counted = None if len(said) == len(text) else said
        for found in self._compiled.finditer(said, start, end):
            yield Found(found, text, counted)

    def findall(self, text: str) -> list[str]:
        """The words of all matches that do not overlap, whatever groups there are."""
        return [found[0] for found in self.finditer(text)]


def _cut(text: str, start: int, end: int) -> tuple[bytes, int, int]:
    """The bytes of a text, and the places in them of two of its characters."""
    said = _encoded(text) if len(text) >= ASKED_AGAIN else text.encode()
    if len(said) == len(text):
        return said, start, min(end, len(said))
    first = len(text[:start].encode()) if start > 0 else 0
    return said, first, len(said) if end >= len(text) else first + len(text[start:end].encode())


def linear(pattern: str, *, ignore_case: bool = True, multiline: bool = False) -> Linear:
    """A pattern in RE2. Raises re2.error where RE2 can't read it."""
    flags = "".join(("i" if ignore_case else "", "m" if multiline else ""))
    return Linear(f"(?{flags}){pattern}" if flags else pattern)


def readable(pattern: str) -> bool:
    """Whether RE2 can read a pattern: it has no look-around and no back references."""
    try:
        linear(pattern, ignore_case=False)
    except re2.error:
        return False
    return True


_SETS = {"none": re2.Set.SearchSet, "start": re2.Set.MatchSet, "both": re2.Set.FullMatchSet}


class Together:
    """Several patterns asked at once: one scan of a text tells which of them match it.

    Args:
        anchor: where: ``none`` somewhere in it, ``start`` from its beginning, ``both`` as a whole.
    """

    def __init__(self, *patterns: Linear | re.Pattern[str], anchor: Literal["none", "start", "both"] = "none") -> None:
        self._patterns = patterns
        self._set = _SETS[anchor](_options())
        for pattern in patterns:
            self._set.Add(pattern.pattern)
        self._set.Compile()

    def matching(self, text: str) -> frozenset[Linear | re.Pattern[str]]:
        """Those of the patterns that match ``text``."""
        return frozenset([self._patterns[number] for number in self.numbers(text)])

    def numbers(self, text: str) -> Sequence[int]:
        """Their numbers, in the order in which the patterns were given; not sorted."""
        return self._set.Match(_encoded(text) if len(text) >= ASKED_AGAIN else text.encode()) or ()
