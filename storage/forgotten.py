"""What was to be forgotten stays so: names are remembered as hashes, which know a name again and do not tell it.

A company or an ad is known by its whole name or address. A person's name stands within texts, so it is looked for word
by word: its hash says of how many words it is, and every such row of words of a text is held against it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson
from sqlalchemy import Connection, select

from storage import tables as t
from storage.tables import table_of

REMOVED = "[removed]"
NOT_PROSE = {
    "source", "board", "external_id", "url", "apply_url", "company_url", "posting_key", "job_id", "family_id", "run_id", "state",
    "believed_hash", "derived_hash", "content_hash", "signature", "best",
}  # fmt: skip
"""Fields that name or link; a name in them is no statement about a person."""

_NAMING = (("company", "company"), ("posting", "url"))
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_GAP = re.compile(r"\.?\s+")


def hash_of(kind: str, name: str) -> str:
    """What is remembered of a name: for a person the number of its words and their hash, otherwise a hash alone."""
    if kind != "person":
        return _hash(kind, name.strip())
    words = [found[0] for found in _WORD.finditer(_composed(name))]
    return f"{len(words)}-{_hash(kind, ' '.join(words))}"


@dataclass(frozen=True)
class Memory:
    """All that was to be forgotten."""

    hashes: frozenset[str] = frozenset()
    words: tuple[int, ...] = field(default=())
    """Of how many words the persons' names are."""

    @classmethod
    def of(cls, conn: Connection) -> Memory:
        """What a database was asked to forget."""
        forgotten = table_of(t.Forgotten)
        return cls.holding(conn.scalars(select(forgotten.c.name_hash)))

    @classmethod
    def holding(cls, hashes: Any) -> Memory:
        """These hashes."""
        kept = frozenset(hashes)
        return cls(kept, tuple(sorted({int(one.partition("-")[0]) for one in kept if "-" in one} - {0})))

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
        """Whether a text names such a person."""
        return next(self._spans(said), None) is not None

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
        return any(self.says(text) for text in _texts(said))

    def _masked(self, said: str) -> str:
        shown, end = [], 0
        for first, last in self._spans(said):
            if first >= end:
                shown += [said[end:first], REMOVED]
                end = last
        return "".join((*shown, said[end:])) if shown else said

    def _spans(self, said: str) -> Iterator[tuple[int, int]]:
        if not self.words:
            return
        found = list(_WORD.finditer(said))
        near = [_GAP.fullmatch(said, a.end(), b.start()) is not None for a, b in pairwise(found)]
        for at in range(len(found)):
            for count in self.words:
                if (
                    at + count <= len(found)
                    and all(near[at : at + count - 1])
                    and self._is_name(found[at : at + count])
                ):
                    yield found[at].start(), found[at + count - 1].end()

    def _is_name(self, words: list[re.Match[str]]) -> bool:
        said = _composed(" ".join(word[0] for word in words))
        # a genitive: "Nachtigalls", "Nachtigall's"
        spellings = {said, re.sub(r"['’]?s$", "", said)}
        return any(f"{len(words)}-{_hash('person', one)}" in self.hashes for one in spellings)


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


def _composed(said: str) -> str:
    return unicodedata.normalize("NFC", said)


def _hash(kind: str, name: str) -> str:
    said = f"{kind}\x1f{name.casefold()}".encode("utf-8", "ignore")
    return hashlib.blake2b(said, digest_size=16).hexdigest()
