"""The parts of an advertisement: about, duties, requirements, nice to have, benefits ...

A text is cut at its header lines. A header is a short line of its own ("What you'll bring:"), or the words
before a colon ("Nice to have: Kafka"). What stands before the first header is ``about``; a header that is
not known and ends with a colon is taken for a sub-header and leaves its section going on.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from config.lookups import HeaderKind as Kind
from config.lookups import headers
from flows.clean.pattern import Together, readable


class Section(NamedTuple):
    """One part of a text. ``source_text[start:end]`` is its body; the header stands before it."""

    kind: Kind
    header: str
    """The header line as printed, without decoration; empty for what stands before the first header."""
    text: str
    """The body, without the header."""
    start: int
    end: int


LONGEST_HEADER = 80

_Patterns = tuple[tuple[Kind, re.Pattern[str]], ...]


@functools.cache
def _patterns(how: str) -> _Patterns:
    """The header words of each kind as one pattern; a kind earlier in the table is asked first."""
    said = [header for header in headers() if header.how == how]
    return tuple(
        (kind, re.compile("|".join(f"(?:{header.pattern})" for header in group)))
        for kind, group in itertools.groupby(said, key=lambda header: header.kind)
    )


class _Rows(NamedTuple):
    """The rows of the table asked at once: those that RE2 can read (it has no look-ahead), and the few others."""

    together: Together
    numbers: tuple[int, ...]
    others: tuple[tuple[int, re.Pattern[str]], ...]
    kinds: tuple[Kind, ...]


@functools.cache
def _rows(how: str) -> _Rows:
    said = [header for header in headers() if header.how == how]
    rows = [(number, re.compile(row.pattern)) for number, row in enumerate(said)]
    read = [(number, pattern) for number, pattern in rows if readable(pattern.pattern)]
    together = Together(*(pattern for _, pattern in read), anchor="both" if how == "whole" else "start")
    others = tuple(row for row in rows if row not in read)
    return _Rows(together, tuple(number for number, _ in read), others, tuple(row.kind for row in said))


def _kind_by(how: str, words: str) -> Kind | None:
    """The kind of the first row that matches the words: as a whole, or as their opening."""
    matches = re.Pattern.fullmatch if how == "whole" else re.Pattern.match
    if not words.isascii():  # beyond ASCII RE2 has other words and bounds of words
        return next((kind for kind, pattern in _patterns(how) if matches(pattern, words)), None)
    rows = _rows(how)
    found = [rows.numbers[number] for number in rows.together.numbers(words)]
    found += [number for number, pattern in rows.others if matches(pattern, words)]
    return rows.kinds[min(found)] if found else None


def _undecorated(said: str) -> str:
    """Words without bullets, numbers and marks around them."""
    return said if said and said[0].isalpha() and said[-1].isalnum() else _DECORATION.sub("", said)


_DECORATION = re.compile(r"^[\W\d_]{1,12}|[\W_]{1,12}$")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "\u00a0": " "})
_ITEM = re.compile(r"\s{0,20}(?:[-•*·▪◦●‣○■–—➢✓✔]|\d{1,2}[.)])\s")
_INLINE = re.compile(r"([^:：\n]{3,60})[:：]\s{0,4}(?=\S)")


@functools.lru_cache(maxsize=8192)
def kind_of_header(line: str) -> Kind | None:
    """The kind that a header line opens, or None where the line is no known header.

    >>> kind_of_header("What you'll bring:"), kind_of_header("Experience with Rust")
    ('requirements', None)
    """
    said = line.translate(_QUOTES).casefold().strip()
    ends_open = said.endswith((":", "：", "?", "…", "..."))
    words = _undecorated(said)
    if not words or len(words) > LONGEST_HEADER or (said.endswith((".", ",", ";")) and not ends_open):
        return None
    if kind := _kind_by("whole", words):
        return kind
    length = words.count(" ") + 1 - words.count(" / ")
    return None if length > (12 if ends_open else 7) else _kind_by("opening", words)


def _headers(text: str) -> Iterator[tuple[Kind, str, int, int, bool]]:
    """(kind, header, start of the line, start of the body, only this line) of each header."""
    end = -1
    for line in text.split("\n"):
        start, end = end + 1, end + 1 + len(line)
        if not line:
            continue
        item = None if line[0].isalpha() else _ITEM.match(line)
        if item is None and _may_be_header(line) and (kind := kind_of_header(line)):
            yield kind, line.strip(" \t:："), start, end, False
        elif ":" in line or "：" in line:
            inline = _INLINE.match(line, item.end() if item else 0)
            if inline and (kind := _kind_of_inline(inline[1])):
                yield kind, inline[1].strip(), start, start + inline.end(), item is not None


def _may_be_header(line: str) -> bool:
    """Short, and no sentence: what most lines of a text are not."""
    return len(line) <= LONGEST_HEADER + 20 and (line[-1] not in ".,;" or line.endswith("..."))


@functools.lru_cache(maxsize=8192)
def _kind_of_inline(said: str) -> Kind | None:
    """The kind of the words before a colon within a line: only whole headers count there."""
    words = _undecorated(said.translate(_QUOTES).casefold().strip())
    return _kind_by("whole", words)


def sections(text: str) -> list[Section]:
    """The sections of a readable text in its order; together they cover everything but the headers.

    A list item with a header of its own ("- Nice to have: Kafka") is a section of one line, after which
    the section around it goes on.
    """
    found: list[Section] = []
    kind: Kind = "about"
    header, start = "", 0

    def close(end: int) -> None:
        if text[start:end].strip() or header:
            found.append(Section(kind, header, text[start:end].strip("\n"), start, end))

    for next_kind, next_header, line_start, body_start, one_line in _headers(text):
        close(line_start)
        if not one_line:
            kind, header, start = next_kind, next_header, body_start
            continue
        line_end = text.find("\n", body_start)
        line_end = len(text) if line_end < 0 else line_end
        found.append(Section(next_kind, next_header, text[body_start:line_end], body_start, line_end))
        header, start = "", line_end
    close(len(text))
    return found
