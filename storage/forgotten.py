"""What was to be forgotten stays so: names are remembered as hashes, which know a name again and do not tell it.

A company or an ad is known by its whole name or address. A person's name stands within texts, so it is looked for word
by word: its hash says of how many words it is, and every such row of words of a text is held against it, also with what
stands before a comma behind the rest ("Lee, Ann"). In addresses
names are written together ("team/ann-lee", "ann.lee@"): for those a second hash is kept, of the name as one word.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import orjson
from sqlalchemy import Connection, select

from storage import tables as t
from storage.tables import table_of

REMOVED = "[removed]"
NOT_PROSE = {
    "source", "board", "external_id", "url", "posting_key", "job_id", "family_id", "run_id", "state", "believed_hash",
    "derived_hash", "content_hash", "signature", "best", "skills",
}  # fmt: skip
"""Fields by which an ad, a board or a run is known: they cannot be written otherwise (:meth:`Memory.bears`); and names of the
taxonomy."""
NOWHERE = "https://removed.invalid/"
"""In place of an address whose host itself names a person; nobody can own that name (RFC 2606)."""

_ORIGIN = re.compile(r"https?://[^/?#@\s]{1,255}", re.IGNORECASE)
_NAMING = (("company", "company"), ("posting", "url"))
_WORD = re.compile(r"[^\W_]+(?:['’‐‑-][^\W_]+)*")
_MARKUP = r"<[^<>]{0,500}>|&(?:nbsp|shy|zwnj|#160|#x[aA]0);"
_BETWEEN_TAGS = re.compile(rf"{_MARKUP}|(?P<word>{_WORD.pattern})")
_TAG = re.compile(r"<[^<>]{0,500}>")
_BLANK = rf"(?:[\s\u00ad\u200b-\u200f\u2060\ufeff]|{_MARKUP})"
_GAP = re.compile(rf"\.?{_BLANK}+")
_COMMA = re.compile(rf"{_BLANK}{{0,8}},{_BLANK}{{0,8}}")
_SPELLED = str.maketrans("’‐‑", "'--")
"""Signs within names that are written in more than one way."""
_GENITIVE = re.compile(r"['’]?s$")
"""As in "Nachtigalls", "Nachtigall's"."""
_UNBROKEN = re.compile(r"[^\s\"'<>()\[\]]+")
LONGEST_ADDRESS = 4_000
"""Characters of an address in which a name is looked for."""
_JOINED = re.compile(r"[^\W_]+(?:[-_.+ ][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
MOST_PARTS = 6
"""Parts of a name in an address."""
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"})


def hash_of(kind: str, name: str) -> str:
    """What is remembered of a name: for a person the number of its words and their hash, otherwise a hash alone."""
    if kind != "person":
        return _hash(kind, name.strip())
    words = [found[0] for found in _WORD.finditer(_composed(name).translate(_SPELLED))]
    return f"{len(words)}-{_hash(kind, ' '.join(words))}"


def address_hashes(name: str) -> set[str]:
    """What is remembered of a person's name as addresses write it: in one word, and without the marks above letters."""
    said = _composed(name).casefold()
    plain = "".join(c for c in unicodedata.normalize("NFKD", said) if not unicodedata.combining(c))
    spelled = {"".join(_PART.findall(one)) for one in (said, plain, said.translate(_GERMAN))}
    return {f"@{_hash('address', one)}" for one in spelled if one}


@dataclass(frozen=True)
class Memory:
    """All that was to be forgotten."""

    hashes: frozenset[str] = frozenset()
    words: tuple[int, ...] = field(default=())
    """Of how many words the persons' names are."""
    addresses: bool = False
    """Whether names are known as addresses write them."""

    @classmethod
    def of(cls, conn: Connection) -> Memory:
        """What a database was asked to forget."""
        forgotten = table_of(t.Forgotten)
        return cls.holding(conn.scalars(select(forgotten.c.name_hash)))

    @classmethod
    def holding(cls, hashes: Any) -> Memory:
        """These hashes."""
        kept = frozenset(hashes)
        words = tuple(sorted({int(one.partition("-")[0]) for one in kept if "-" in one} - {0}))
        return cls(kept, words, any(one.startswith("@") for one in kept))

    def knows(self, kind: str, name: str | None) -> bool:
        """Whether a company or a posting goes by a name that was to be forgotten."""
        return bool(name) and hash_of(kind, str(name)) in self.hashes

    def about(self, record: bytes | str) -> bool:
        """Whether a record as received is of a company or a posting that was to be forgotten."""
        if not self.hashes:
            return False
        try:
            said = orjson.loads(record)
        except (orjson.JSONDecodeError, UnicodeEncodeError):
            return False
        named = [(kind, said.get(field)) for kind, field in _NAMING] if isinstance(said, dict) else []
        return any(isinstance(name, str) and self.knows(kind, name) for kind, name in named)

    def says(self, said: str) -> bool:
        """Whether a text names such a person, in an address too."""
        return next(self._spans(_composed(said)), None) is not None or any(map(self._leads_to, _addresses(said)))

    def bears(self, *known_by: str | None) -> bool:
        """Whether what an ad is known by (its own address, its id, its employer's key) is such a person's name."""
        return self.addresses and any(map(self._leads_to, filter(None, known_by)))

    def masked(self, value: Any) -> Any:
        """A value without such persons' names, whatever it is made of."""
        if not self.words:
            return value
        if isinstance(value, str):
            return self._masked(value)
        if isinstance(value, list):
            return [self.masked(one) for one in value]
        if isinstance(value, dict):
            return {name: self.masked(one) for name, one in value.items()}
        return value

    def in_record(self, line: bytes) -> bool:
        """Whether a record as received names such a person anywhere."""
        if not self.words:
            return False
        try:
            said = orjson.loads(line)
        except orjson.JSONDecodeError:
            return self.says(line.decode("utf-8", "replace"))
        return any(self.says(text) or ("&" in text and self.says(_unescaped(text))) for text in _texts(said))

    def _masked(self, said: str) -> str:
        if self.addresses and ("/" in said or "@" in said):
            said = _UNBROKEN.sub(lambda found: self._without_name(found[0]), said)
        return self._words_masked(said)

    def _without_name(self, address: str) -> str:
        """An address that names nobody: of one that does, its host alone, or nothing."""
        if not _is_address(address) or not self._leads_to(address):
            return address
        origin = _ORIGIN.match(address)
        if origin is None:
            return REMOVED
        return NOWHERE if self._leads_to(origin[0]) else f"{origin[0]}/"

    def _leads_to(self, address: str) -> bool:
        return self.addresses and any(
            f"@{_hash('address', ''.join(parts[at : at + count]))}" in self.hashes
            for joined in _JOINED.findall(_composed(unquote(address[:LONGEST_ADDRESS])).casefold())
            for parts in [_PART.findall(joined)]
            for at in range(len(parts))
            for count in range(1, min(MOST_PARTS, len(parts) - at) + 1)
        )

    def _words_masked(self, said: str) -> str:
        given, said = said, _composed(said)
        shown, end = [], 0
        for first, last in sorted(self._spans_with_initials(said)):
            if first >= end:
                shown += [said[end:first], REMOVED]
                end = last
        return "".join((*shown, said[end:])) if shown else given

    def _spans_with_initials(self, said: str) -> set[tuple[int, int]]:
        """Where such persons are named, also by initials ("A. Lee") in a text that names them in full as well."""
        spans = set(self._spans(said))
        names = {_as_asked(_TAG.sub(" ", said[first:last]).casefold()) for first, last in spans}
        for short in {one for name in names for one in _with_initials(name)}:
            spans.update(found.span() for found in re.finditer(short, said))
        return spans

    def _spans(self, said: str) -> Iterator[tuple[int, int]]:
        if not self.words:
            return
        yield from self._spans_among([found.span() for found in _WORD.finditer(said)], said)
        if "<" in said or "&" in said:
            words = (found.span() for found in _BETWEEN_TAGS.finditer(said) if found["word"])
            yield from self._spans_among(list(words), said)

    def _spans_among(self, found: list[tuple[int, int]], said: str) -> Iterator[tuple[int, int]]:
        """Rows of these words of a text that are such a name."""
        gaps = [(end, start) for (_, end), (start, _) in pairwise(found)]
        near = [_GAP.fullmatch(said, *gap) is not None for gap in gaps]
        turned = [
            not joined and _COMMA.fullmatch(said, *gap) is not None for joined, gap in zip(near, gaps, strict=True)
        ]
        for at in range(len(found)):
            for count in self.words:
                these = found[at : at + count]
                if len(these) < count:
                    continue
                between = slice(at, at + count - 1)
                if self._is_name(these, said, _rows(count, near[between], turned[between])):
                    yield these[0][0], these[-1][1]

    def _is_name(self, words: list[tuple[int, int]], said: str, row: Sequence[int]) -> bool:
        """Whether these words, in the order of their numbers in ``row``, are such a name; of none if that is empty."""
        if not row:
            return False
        given = [said[first:last] for first, last in words]
        spellings = {
            " ".join(one[number] for number in row).translate(table)
            for one in (given, [*given[:-1], _GENITIVE.sub("", given[-1])])
            for table in ({}, _SPELLED)
        }
        return any(f"{len(words)}-{_hash('person', one)}" in self.hashes for one in spellings)


def _rows(count: int, near: list[bool], turned: list[bool]) -> Sequence[int]:
    """The order in which so many words may be a name: as they stand, or from behind the one comma between them."""
    if all(near):
        return range(count)
    comma = near.index(False)
    if not turned[comma] or not all(near[comma + 1 :]):
        return ()
    return (*range(comma + 1, count), *range(comma + 1))


def _as_asked(said: str) -> tuple[str, ...]:
    """The words of a name, the surname last: "Lee, Ann" is Ann Lee."""
    surname, comma, given = said.rpartition(",")
    return tuple(_WORD.findall(f"{given} {surname}" if comma else said))


def _with_initials(name: tuple[str, ...]) -> set[str]:
    """Patterns of a name's first initial, or of all, each with its full stop, beside the surname, on either side of it."""
    *letters, surname = (*(given[0].upper() for given in name[:-1]), re.escape(_GENITIVE.sub("", name[-1])))
    known = {tuple(letters[:1]), tuple(letters)} - {()}
    initials = {r"\s{0,3}".join(rf"{re.escape(letter)}\." for letter in one) for one in known}
    before = {rf"(?<!\w){one}\s{{0,3}}(?i:{surname})(?:['’]?s)?(?!\w)" for one in initials}
    # what a letter follows is the initial of another name: "Bo Lee, A. Leeds"
    behind = {rf"(?<!\w)(?i:{surname}),\s{{0,3}}{one}(?!\s{{0,3}}[^\W\d_])" for one in initials}
    return before | behind


def _is_address(said: str) -> bool:
    return "/" in said or "@" in said


def _addresses(said: str) -> Iterator[str]:
    """What may be addresses in a text: words without a blank that have a slash or an at sign."""
    return filter(_is_address, _UNBROKEN.findall(said)) if _is_address(said) else iter(())


def _texts(value: Any) -> Iterator[str]:
    """Every text of a record, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from _texts(one)


def _unescaped(said: str) -> str:
    """A text of HTML as its reader sees it, escaped twice or once."""
    return html.unescape(html.unescape(said))


def _composed(said: str) -> str:
    return unicodedata.normalize("NFC", said)


def _hash(kind: str, name: str) -> str:
    said = f"{kind}\x1f{_composed(name).casefold()}".encode("utf-8", "ignore")
    return hashlib.blake2b(said, digest_size=16).hexdigest()
