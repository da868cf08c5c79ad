"""What reading an answer comes to: values, no network, no Scrapy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spiders.items import RawPosting


class Unreadable(Exception):
    """An answer, or a record in it, that is not what it should be.

    Args:
        reason: a short slug: not_json, not_a_feed, no_records, no_title, duplicate_key ...
        detail: what was found, for a person.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that could not be read: kept with its reason, counted, never dropped in silence."""

    source: str
    board: str
    reason: str
    detail: str = ""
    external_id: str = ""
    place: str = ""
    raw: Any = None

    def line(self) -> dict[str, Any]:
        """The landing line that says so."""
        said = {name: getattr(self, name) for name in ("source", "board", "external_id", "reason", "detail", "place")}
        return {"rejected": {**said, "raw": self.raw}}


@dataclass(frozen=True, slots=True)
class Next:
    """One more request that a list asks for: its address and, where the board wants a POST, its body."""

    url: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a list that has a page of its own: what the list says, and where the rest stands."""

    external_id: str
    url: str
    marker: str
    fields: Mapping[str, Any]
    record: Any


@dataclass(slots=True)
class Reading:
    """One answer, read.

    ``records`` counts what stood there: postings + merged + unread + left out. ``total`` is what the board says it has.
    """

    postings: list[RawPosting] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    entries: list[Entry] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    records: int = 0
    total: int | None = None
    more: list[Next] = field(default_factory=list)
    mended: str = ""
    root: Any = None
    unknown_keys: Counter[str] = field(default_factory=Counter)
    unknown_values: Counter[str] = field(default_factory=Counter)

    @property
    def ids(self) -> list[str]:
        """The ids that this answer lists, in its order."""
        listed = [entry.external_id for entry in self.entries] or [p.external_id for p in self.postings]
        return listed + [u.external_id for u in self.unread if u.external_id]
