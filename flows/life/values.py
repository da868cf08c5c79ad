"""What the life of a posting is told and what it answers: plain values, no behaviour but their own.

An *evidence* value holds the ids of the runs that support a change, oldest first.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast, get_args

from flows.findings import Finding
from storage.models import RunState, State
from storage.pieces import raw_id
from storage.tables import PageSays

Because = Literal[
    "missing",
    "expired",
    "said_closed",
    "page_gone",
    "board_gone",
    "empty_confirmed",
    "drop_confirmed",
    "not_seen",
    "seen_again",
    "page_alive",
    "first_seen",
]
"""Why a posting changed its state. The first seven close."""

CLOSING: tuple[Because, ...] = get_args(Because)[:7]

MEMORY = 12
"""Complete runs that a board's history keeps: the five of the median, and enough to name as evidence."""
BASELINE = 5
"""Complete runs in the median that a new one is held against."""
ENOUGH = 3
"""Complete runs below which there is no median to speak of."""


@dataclass(frozen=True, slots=True)
class Life:
    """The dated facts of one posting: the columns that only :func:`flows.life.settle` decides."""

    posting_key: str
    external_id: str
    state: State
    first_seen: dt.datetime
    last_seen: dt.datetime
    misses: int = 0
    """Complete runs in a row without it (or, on any board, answers that its own page is gone)."""
    missed_since: dt.datetime | None = None
    """When the first of those was."""
    valid_through: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    closed_because: str | None = None
    checked_at: dt.datetime | None = None
    """Last look at the posting's own page."""


@dataclass(frozen=True, slots=True)
class BoardSighting:
    """What one run saw of one board.

    Args:
        run_id: the run's name, as evidence.
        number: grows with every run of the store; runs are ordered by it and never by time (a clock may jump).
        at: when the board was read, UTC.
        state: what the crawl of the board came to.
        complete: the crawl walked the whole board, and the check of the batch trusts its list of ids
            (:attr:`flows.check.Verdict.trusted`).
        read: external ids of the postings cleaned in this run, each with the end it states.
        listed: raw ids that were listed but not read anew or not believed (a rejected record is still an ad that
            stands); they also cover the postings split from them, ``id#role``.
        removed: ids that the board itself says are closed (streams).
        gone: ids whose own page answered 404 or 410 to the crawl of the board.
        unchanged: the board answered that its list is as it was.
        board_gone: the board's own address answered 404 or 410.
        below_min: the batch is smaller than the card expects; believed when it stays so.
        declared_total: how many postings the board says it has. Left out where the crawl itself has judged it
            (its state is then partial), or where ``found`` does not count the records that it left out.
        found: how many records it listed; by default the number of ids.
    """

    run_id: str
    number: int
    at: dt.datetime
    state: RunState
    complete: bool
    read: Mapping[str, dt.datetime | None] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    unchanged: bool = False
    board_gone: bool = False
    below_min: bool = False
    declared_total: int | None = None
    found: int | None = None
    source: str = ""
    board: str = ""

    @property
    def count(self) -> int:
        """Records found: as told, else the different raw ids."""
        return self.found if self.found is not None else len({*map(raw_id, self.read), *self.listed})


@dataclass(frozen=True, slots=True)
class Look:
    """What the own page of one ad said when it was asked for by itself, apart from any crawl of its board."""

    posting_key: str
    at: dt.datetime
    """When the page answered, UTC."""
    run_id: str
    """The run that asked, as evidence."""
    says: PageSays


@dataclass(frozen=True, slots=True)
class CompleteRun:
    """One complete run of a board; ``believed`` is false while a guard doubts it."""

    run_id: str
    number: int
    at: dt.datetime
    found: int
    believed: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """A picture that a guard does not believe yet."""

    since: dt.datetime
    """When the first of the runs alike was."""
    runs: int
    """Complete runs in a row that showed it."""
    found: int
    """What the last of them found."""
    doubted: int
    """Complete runs in a row that were doubted, for whatever picture."""


@dataclass(frozen=True, slots=True)
class BoardHistory:
    """What is remembered of a board between runs; small, and JSON in the board's row."""

    last_number: int = -1
    last_at: dt.datetime | None = None
    complete: tuple[CompleteRun, ...] = ()
    held: Held | None = None
    gone_since: dt.datetime | None = None
    gone_run: str = ""

    @property
    def median(self) -> float | None:
        """Median of what the last five believed complete runs found; None with fewer than three."""
        counts = [run.found for run in self.complete if run.believed][-BASELINE:]
        return statistics.median(counts) if len(counts) >= ENOUGH else None

    @property
    def last_complete(self) -> CompleteRun | None:
        """The newest complete run, doubted or not."""
        return self.complete[-1] if self.complete else None

    def remember(self, run: CompleteRun) -> BoardHistory:
        """With one more complete run; the oldest are forgotten, but never those that the median needs."""
        runs = (*self.complete, run)
        needed = [r for r in runs[:-MEMORY] if r.believed][-BASELINE:]
        return replace(self, complete=(*needed, *runs[-MEMORY:]))

    def believe(self, runs: int) -> BoardHistory:
        """With the last ``runs`` complete runs as the new normal: what was before them no longer counts."""
        return replace(self, complete=tuple(replace(r, believed=True) for r in self.complete[-runs:]), held=None)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; the inverse of :meth:`from_json`."""
        return {
            "last_number": self.last_number,
            "last_at": _iso(self.last_at),
            "complete": [[r.run_id, r.number, _iso(r.at), r.found, r.believed] for r in self.complete],
            "held": [_iso(self.held.since), self.held.runs, self.held.found, self.held.doubted] if self.held else None,
            "gone_since": _iso(self.gone_since),
            "gone_run": self.gone_run,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any] | None) -> BoardHistory:
        """From :meth:`to_json`; an empty or missing value is a board never seen."""
        if not said:
            return cls()
        held = said["held"]
        return cls(
            last_number=said["last_number"],
            last_at=_moment(said["last_at"]),
            complete=tuple(
                CompleteRun(r, n, _at(at), found, believed) for r, n, at, found, believed in said["complete"]
            ),
            held=Held(_at(held[0]), *held[1:]) if held else None,
            gone_since=_moment(said["gone_since"]),
            gone_run=said["gone_run"],
        )


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of state, with the runs that support it."""

    posting_key: str
    external_id: str
    was: State | None
    """None for a posting seen for the first time."""
    state: State
    at: dt.datetime
    because: Because
    evidence: tuple[str, ...]
    reopened: bool = False

    @property
    def words(self) -> str:
        """Reason and evidence in one line: what ``closed_because`` holds."""
        return f"{self.because}: run{'s' * (len(self.evidence) > 1)} {', '.join(self.evidence)}"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one sighting changed: states, the rows to write, the board's new history, and what a person should know.

    ``lives`` holds only rows that differ from what was known, new postings included. ``believed`` is what
    the board's row of this run stores as complete: read as a whole, and no guard doubts it.
    """

    transitions: tuple[Transition, ...]
    lives: tuple[Life, ...]
    history: BoardHistory
    findings: tuple[Finding, ...] = ()
    believed: bool = False


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(said: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(said) if said else None


def _at(said: str) -> dt.datetime:
    return cast(dt.datetime, _moment(said))
