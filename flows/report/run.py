"""The report of one run: what changed, what is wrong, and the exit code that follows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from flows.findings import Finding
from storage.models import RunState

BAD: frozenset[RunState] = frozenset({"partial", "blocked", "rate_limited", "failed", "crashed", "cancelled"})
"""States after which a board is not as it should be."""
TURNED_AWAY: frozenset[RunState] = frozenset({"blocked", "rate_limited"})


@dataclass(frozen=True)
class BoardReport:
    """One board of one run, in figures."""

    source: str
    board: str
    state: RunState
    because: str = ""
    found: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    reopened: int = 0
    rejected: int = 0

    @property
    def name(self) -> str:
        """``greenhouse/acme``, or the source alone where it is one board."""
        return f"{self.source}/{self.board}" if self.board else self.source


@dataclass(frozen=True)
class LookReport:
    """Own pages of unconfirmed ads of one board that were looked at: how many, and what that changed."""

    source: str
    board: str
    looked: int = 0
    closed: int = 0
    confirmed: int = 0


@dataclass(frozen=True)
class Skipped:
    """A source that was not crawled, and why."""

    source: str
    why: str
    next_at: dt.datetime | None = None


@dataclass
class Report:
    """What one run came to."""

    run_id: str
    kind: str
    started_at: dt.datetime
    finished_at: dt.datetime | None = None
    boards: list[BoardReport] = field(default_factory=list)
    looks: list[LookReport] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    jobs: dict[str, int] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    moved: list[dict[str, Any]] = field(default_factory=list)
    """After a replay: fields that are believed otherwise, with before, after and how many postings."""
    gate_failed: bool = False
    cancelled: bool = False
    broken: str = ""
    """The fault of our own, or of the database, that ended the run early."""
    work_seconds: float = 0.0
    database: str = ""

    @property
    def state(self) -> RunState:
        """The run's state, from its boards: one bad board leaves the others whole and the run partial."""
        if self.cancelled:
            return "cancelled"
        if self.broken:
            return "failed"
        states = set(self._last_states().values())
        bad = states & BAD
        if not states:
            return "skipped" if self.skipped else "empty"
        if not bad:
            return next(iter(states)) if len(states) == 1 else "complete"
        if states - bad or "partial" in bad or any(board.new + board.changed for board in self.boards):
            return "partial"
        return next(iter(bad)) if len(bad) == 1 else "failed"

    @property
    def exit_code(self) -> int:
        """0 ok, 4 a gate failed, 5 partial, 6 turned away, 130 cancelled."""
        if self.cancelled:
            return 130
        if self.gate_failed:
            return 4
        if self.state in TURNED_AWAY:
            return 6
        return 5 if self.state in BAD else 0

    def sum(self, name: str) -> int:
        """The total of one figure over all boards, and over the looks at pages of their ads."""
        return sum(getattr(one, name, 0) for one in (*self.boards, *self.looks))

    def sources(self) -> dict[str, str]:
        """Each source with the state of its boards: their common state, or partial."""
        by_source: dict[str, set[str]] = {}
        for (source, _), state in self._last_states().items():
            by_source.setdefault(source, set()).add(state)
        return {source: _common(states) for source, states in sorted(by_source.items())}

    def _last_states(self) -> dict[tuple[str, str], RunState]:
        """Each board's state by its last report: segments left by a killed run may be settled before its own crawl."""
        return {(board.source, board.board): board.state for board in self.boards}

    def summary(self) -> str:
        """One line: state, boards, what changed."""
        states = Counter(self._last_states().values())
        boards = ", ".join(f"{n} {state}" for state, n in states.most_common()) or self._nothing
        postings = ", ".join(f"{self.sum(name)} {name}" for name in ("new", "changed", "closed", "reopened"))
        said = f"{self.state}: boards: {boards}; postings: {postings}; {self.sum('rejected')} rejected"
        said += f"; {self.looked()}" if self.looks else ""
        return f"{said}; ended by {self.broken}" if self.broken else said

    @property
    def _nothing(self) -> str:
        """Why no board stands in it."""
        return "nothing was due" if self.kind == "crawl" and not (self.cancelled or self.broken) else "none"

    def looked(self) -> str:
        """The looks at own pages of ads in words."""
        gone = sum(look.closed for look in self.looks)
        return f"{self.sum('looked')} own pages looked at: {gone} gone, {self.sum('confirmed')} still there"

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values: the output of ``ingest --json``."""
        figures = ("new", "changed", "unchanged", "closed", "reopened", "rejected")
        return {
            "run": self.run_id,
            "kind": self.kind,
            "state": self.state,
            "exit_code": self.exit_code,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "work_seconds": round(self.work_seconds, 2),
            "database": self.database,
            "sources": self.sources(),
            "postings": {name: self.sum(name) for name in figures} | {"total": self.totals.get("postings", 0)},
            "jobs": self.jobs | {"total": self.totals.get("jobs", 0)},
            "boards": [asdict(board) for board in self.boards],
            "looks": [asdict(look) for look in self.looks],
            "skipped": [_plain(asdict(one)) for one in self.skipped],
            "findings": [finding.as_row() for finding in self.findings],
        }


def _common(states: Iterable[str]) -> str:
    different = set(states)
    if len(different) == 1:
        return next(iter(different))
    return "complete" if different <= {"complete", "empty", "skipped"} else "partial"


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, dt.datetime) else v for k, v in values.items()}
