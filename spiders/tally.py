"""What a crawl of one board came to, computed from what happened and never from an exit status."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Trouble = Literal["blocked", "rate_limited", "gone", "skipped", "site", "unreadable", "short", "vanished", "spider"]
"""What can keep a board from being complete; ``spider`` is a fault in our own code."""

_ALONE: tuple[tuple[Trouble, str], ...] = (
    ("rate_limited", "rate_limited"),
    ("blocked", "blocked"),
    ("gone", "failed"),
    ("spider", "failed"),
    ("unreadable", "failed"),
    ("vanished", "failed"),
    ("site", "failed"),
    ("short", "failed"),
    ("skipped", "skipped"),
)
"""The state of a board of which nothing was read, by its weightiest trouble."""


@dataclass(slots=True)
class Tally:
    """The books of one board during one crawl."""

    source: str
    board: str
    started: dt.datetime
    catalogue: bool = False
    waiting: int = 0
    listed: int = 0
    found: int = 0
    seen: int = 0
    rejected: int = 0
    unnamed: int = 0
    removed: int = 0
    pages: int = 0
    details: int = 0
    total: int | None = None
    first_total: int | None = None
    retries: int = 0
    offsite: int = 0
    robots: int = 0
    finish_reason: str = "finished"
    unchanged: bool = False
    ids: set[str] = field(default_factory=set)
    markers: dict[str, str] = field(default_factory=dict)
    urls: set[str] = field(default_factory=set)
    validators: dict[str, dict[str, Any]] = field(default_factory=dict)
    http: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    unknown_keys: Counter[str] = field(default_factory=Counter)
    unknown_values: Counter[str] = field(default_factory=Counter)
    troubles: Counter[Trouble] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)

    def raised(self, because: str) -> None:
        """Our own code failed; the first twenty are kept in words."""
        if len(self.exceptions) < 20:
            self.exceptions.append(because[:500])

    def trouble(self, kind: Trouble, because: str) -> None:
        """Something that the outcome must not hide; the first twenty are kept in words."""
        self.troubles[kind] += 1
        if kind == "spider":
            self.raised(because)
        if len(self.errors) < 20 and because not in self.errors:
            self.errors.append(because[:500])

    @property
    def read_something(self) -> bool:
        """At least one ad of this board is known to be there."""
        return bool(self.found or self.seen or self.unchanged)

    def state(self) -> str:
        """complete, partial, empty, blocked, rate_limited, failed or skipped."""
        if self.troubles:
            if self.read_something:
                return "partial"
            return next(state for kind, state in _ALONE if self.troubles[kind])
        if self.rejected and not self.read_something:
            return "failed"
        if self.catalogue and self.unnamed:
            # an ad that we could not name may be any of those that seem absent
            return "partial"
        return "complete" if self.read_something else "empty"

    def because(self) -> str:
        """Why the state is what it is, in words; empty where it is complete."""
        state = self.state()
        if state == "complete":
            return ""
        if self.troubles["gone"] and state == "failed":
            return "gone"
        if self.errors:
            kind = next(kind for kind, _ in _ALONE if self.troubles[kind])
            return f"{kind}: {self.errors[0]}"
        if self.rejected:
            return f"{self.rejected} of {self.listed} records could not be read"
        return "the board lists nothing"

    def outcome(self, finished: dt.datetime) -> dict[str, Any]:
        """The line of outcomes.jsonl."""
        state = self.state()
        return {
            "source": self.source,
            "board": self.board,
            "state": state,
            "because": self.because(),
            "found": self.found,
            "seen": self.seen,
            "rejected": self.rejected,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "listed": self.listed,
            "pages": self.pages,
            "details": self.details,
            "declared_total": self.total,
            "declared_first": self.first_total,
            "retries": self.retries,
            "offsite": self.offsite,
            "robots": self.robots,
            "finish_reason": self.finish_reason,
            "http": dict(sorted(self.http.items())),
            "left_out": dict(self.left_out),
            "unknown_keys": dict(self.unknown_keys.most_common(50)),
            "unknown_values": dict(self.unknown_values.most_common(50)),
            "troubles": dict(self.troubles),
            "errors": self.errors,
            "exceptions": self.exceptions,
            "started": self.started.isoformat(),
            "finished": finished.isoformat(),
            # a list that was not read whole must be asked for again without conditions
            "validators": self.validators if state in ("complete", "empty") else {},
            "ids": self.markers,
        }
