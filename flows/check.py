"""The gates: what must hold before a board's batch is stored, and before files that people read are switched.

Loudness follows consequence. Below the expected minimum, or with a required field unfilled, a board is not stored as
complete today and nothing of it is closed; above the maximum, or drifting, is a warning; a key or value never seen
before is a note. Pure: figures in, verdicts out.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from config.cards import Card
from flows.findings import Finding, finding
from spiders.items import RawPosting
from storage.models import RunState

ALWAYS_FILLED: Mapping[str, float] = {"title": 1.0, "url": 1.0}
"""What no board may leave out, whatever its card says."""
FELL = 0.10
"""A field filled in this much less than usual (in shares of the records) is a warning ..."""
LOST = 0.30
"""... and in this much less an error."""
ENOUGH_RUNS = 3
"""Complete runs below which nothing is usual."""
USUAL_RUNS = 5
"""Complete runs that make up what is usual."""
ENOUGH_RECORDS = 10
"""Records below which a share says nothing."""
REJECTED = 0.01
"""More than this share of rejected records is a warning."""
REJECTED_MOST = 0.50
"""More than this is a fault of the spider or of the cleaning rules."""
DUPLICATES = 0.01
"""More than this share of repeated ids is a warning, where the board is not in the habit."""
UNKNOWN = 0.10
"""More than this share of records with an unknown value is a warning."""
NAMED = 10
"""Unknown keys and values that are named one by one."""
UNCLASSIFIED = 0.30
"""New postings without a role may exceed the usual share by this much."""


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What one run of one board came to: the figures of its ``board_run`` row, in its names.

    Those without a column of their own lie in the row's ``facts`` (:meth:`further`).
    """

    source: str
    board: str = ""
    run_id: str = ""
    state: RunState | None = None
    because: str = ""
    complete: bool = False
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    found: int = 0
    """Different ads read or listed."""
    declared_total: int | None = None
    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    reopened: int = 0
    rejected: int = 0
    duplicates: int = 0
    pages: int = 0
    http: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, float] = field(default_factory=dict)
    # from here on: in the row's `facts`
    read: int = 0
    """Records cleaned in this run; what ``filled`` is a share of."""
    open_before: int = 0
    same_list: bool = False
    """The board answered that its list is as it was."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Rejected records by reason."""
    unknown_keys: Mapping[str, int] = field(default_factory=dict)
    unknown_values: Mapping[str, int] = field(default_factory=dict)
    """Unknown values as ``field: value``."""
    troubles: Mapping[str, int] = field(default_factory=dict)
    retries: int = 0
    offsite: int = 0
    robots: int = 0
    exceptions: tuple[str, ...] = ()
    finish_reason: str = "finished"
    declared_first: int | None = None
    """What the board's first page said that it has; ``declared_total`` is what the last one said."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> BoardFacts:
        """From a ``board_run`` row as a dictionary (its ``facts`` included); unknown names are left aside."""
        names = {f.name for f in fields(cls)}
        said = {**row, **(row.get("facts") or {})}
        kept = {name: value for name, value in said.items() if name in names and value is not None}
        return cls(**{**kept, "exceptions": tuple(kept.get("exceptions", ()))})

    def further(self) -> dict[str, Any]:
        """The figures that have no column of their own, as JSON."""
        names = [f.name for f in fields(self)]
        said = {name: getattr(self, name) for name in names[names.index("read") :]}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in said.items()}

    @property
    def tried(self) -> int:
        """Records read in this run, rejected ones included."""
        return self.read + self.rejected

    @property
    def requests(self) -> int:
        """Answers received."""
        return sum(self.http.values())


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual for a board: its last complete runs."""

    runs: tuple[BoardFacts, ...] = ()

    @classmethod
    def of(cls, runs: Iterable[BoardFacts]) -> Baseline:
        """From a board's runs, newest first; only the last five complete ones count."""
        return cls(tuple(run for run in runs if run.complete)[:USUAL_RUNS])

    @property
    def enough(self) -> bool:
        """Enough complete runs to speak of what is usual."""
        return len(self.runs) >= ENOUGH_RUNS

    @property
    def found(self) -> float | None:
        """Median of the postings found; None without enough runs."""
        return statistics.median(run.found for run in self.runs) if self.enough else None

    def filled(self, name: str) -> float | None:
        """Median share of records that fill a field; None without enough runs that read enough records."""
        shares = [run.filled.get(name, 0.0) for run in self.runs if run.filled and run.read >= ENOUGH_RECORDS]
        return statistics.median(shares) if len(shares) >= ENOUGH_RUNS else None

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that were filled in any of the runs."""
        return tuple(sorted({name for run in self.runs for name in run.filled}))

    @property
    def duplicates(self) -> float:
        """Median share of repeated ids."""
        return statistics.median(run.duplicates / max(1, run.tried) for run in self.runs) if self.enough else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the check of a batch.

    ``trusted``: its list of ids may speak of absences. ``below_min``: fewer postings than the card expects, which the
    rules of life believe only when it lasts. ``complete``: nothing stands against storing the board as complete.
    """

    trusted: bool
    below_min: bool
    findings: tuple[Finding, ...] = ()

    @property
    def complete(self) -> bool:
        """May be stored as complete today."""
        return self.trusted and not self.below_min


class Fill:
    """Counts in how many RawPostings each field is filled."""

    def __init__(self) -> None:
        self.records = 0
        self._counts: Counter[str] = Counter()

    def add(self, raw: RawPosting) -> None:
        """One more record."""
        self.records += 1
        self._counts.update(name for name, value in raw if value not in (None, "", []) and name != "payload")

    def merge(self, other: Fill) -> None:
        """The records that another one counted."""
        self.records += other.records
        self._counts.update(other._counts)

    def shares(self) -> dict[str, float]:
        """Share of records that fill a field, 0 to 1, for every field filled at least once."""
        return {name: round(count / self.records, 4) for name, count in sorted(self._counts.items())}


def check_batch(card: Card, facts: BoardFacts, baseline: Baseline) -> Verdict:
    """Judge what one run brought of one board before it is stored."""
    expected = _too_few(card, facts)
    unfilled = _unfilled(card, facts)
    findings = [
        *expected,
        *unfilled,
        *_too_many(card, facts),
        *_drift(facts, baseline, required={f.facts["field"] for f in unfilled}),
        *_change(card, facts, baseline),
        *_rejections(facts),
        *_duplicates(facts, baseline),
        *_unknown(facts),
        *check_card(card),
    ]
    return Verdict(trusted=not unfilled, below_min=bool(expected), findings=tuple(findings))


def check_card(card: Card) -> list[Finding]:
    """A source without thresholds is an error: nothing would ever be found wrong with it."""
    if card.expect.min_postings > 0 or any(share > 0 for share in card.expect.filled.values()):
        return []
    return [finding("no_expectations", card.source, why="min_postings is 0 and no field must be filled")]


def _too_few(card: Card, facts: BoardFacts) -> list[Finding]:
    if facts.state not in ("complete", "empty") or facts.same_list or facts.found >= card.expect.min_postings:
        return []
    return [_said(facts, "too_few", found=facts.found, expected=card.expect.min_postings)]


def _too_many(card: Card, facts: BoardFacts) -> list[Finding]:
    if facts.found <= card.expect.max_postings:
        return []
    return [_said(facts, "too_many", found=facts.found, expected=card.expect.max_postings)]


def _unfilled(card: Card, facts: BoardFacts) -> list[Finding]:
    """Required fields that more records lack than the card tolerates (rounded up to a whole record)."""
    findings = []
    for name, share in sorted({**card.expect.filled, **ALWAYS_FILLED}.items()):
        filled = round(facts.filled.get(name, 0.0) * facts.read)
        tolerated = math.ceil((1 - share) * facts.read - 1e-9)
        if facts.read - filled > tolerated:
            findings.append(_said(facts, "unfilled", field=name, filled=filled, of=facts.read, expected=share))
    return findings


def _drift(facts: BoardFacts, baseline: Baseline, required: set[str]) -> list[Finding]:
    if facts.read < ENOUGH_RECORDS:
        return []
    findings = []
    for name in baseline.fields:
        before, now = baseline.filled(name), facts.filled.get(name, 0.0)
        if before is None or name in required or before - now <= FELL:
            continue
        code = "fill_lost" if before - now > LOST else "fill_fell"
        findings.append(_said(facts, code, field=name, now=float(now), before=float(before)))
    return findings


def _change(card: Card, facts: BoardFacts, baseline: Baseline) -> list[Finding]:
    share = (facts.new + facts.changed) / max(1, facts.found)
    if not baseline.enough or facts.found < ENOUGH_RECORDS or share <= card.expect.change:
        return []
    return [_said(facts, "changed_much", share=float(share), expected=float(card.expect.change))]


def _rejections(facts: BoardFacts) -> list[Finding]:
    """One odd record is a rejection with its reason, not a finding."""
    share = facts.rejected / max(1, facts.tried)
    if facts.rejected < 2 or share <= REJECTED:
        return []
    code = "rejections_most" if share > REJECTED_MOST else "rejections"
    reason = max(facts.reasons, key=lambda r: (facts.reasons[r], r), default="unknown")
    return [_said(facts, code, rejected=facts.rejected, of=facts.tried, reason=reason)]


def _duplicates(facts: BoardFacts, baseline: Baseline) -> list[Finding]:
    share = facts.duplicates / max(1, facts.tried)
    if facts.duplicates < 2 or share <= max(DUPLICATES, 2 * baseline.duplicates):
        return []
    return [_said(facts, "duplicates", duplicates=facts.duplicates, of=facts.tried)]


def _unknown(facts: BoardFacts) -> list[Finding]:
    findings = [_said(facts, "unknown_key", key=key, times=times) for key, times in _most(facts.unknown_keys)]
    by_field: Counter[str] = Counter()
    for said, times in facts.unknown_values.items():
        by_field[said.partition(": ")[0]] += times
    for said, times in _most(facts.unknown_values):
        name, _, value = said.partition(": ")
        findings.append(_said(facts, "unknown_value", field=name, value=value, times=times))
    for name, times in sorted(by_field.items()):
        if facts.read >= ENOUGH_RECORDS and times > UNKNOWN * facts.read:
            findings.append(_said(facts, "unknown_values_many", field=name, share=min(1.0, times / facts.read)))
    return findings


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:NAMED]


def _said(facts: BoardFacts, code: str, **figures: Any) -> Finding:
    return finding(code, facts.source, facts.board, **figures)


# ── the whole ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class WholeFacts:
    """The store after matching, beside what it was before the run."""

    open_before: int
    open_after: int
    opened: int
    """Postings that became open: new, reopened, seen again."""
    left: int
    """Postings that are open no more: closed, unconfirmed."""
    records: int = 0
    rejected: int = 0
    new: int = 0
    """New postings of sources that were known before."""
    new_without_role: int = 0
    share_without_role: float = 0.0
    """What is usual for these sources: among their postings that were stored before, 0 to 1."""
    jobs_open: int = 0
    unmatched: int = 0
    """Open postings without a job."""


def check_whole(facts: WholeFacts) -> tuple[Finding, ...]:
    """The gate before readable files are switched: an error among the findings keeps the last good ones."""
    findings = []
    expected = facts.open_before + facts.opened - facts.left
    if facts.open_after != expected:
        findings.append(finding("whole_books", open=facts.open_after, expected=expected))
    if facts.rejected >= ENOUGH_RECORDS and facts.rejected > REJECTED_MOST * facts.records:
        findings.append(finding("whole_rejected", rejected=facts.rejected, of=facts.records))
    share = facts.new_without_role / max(1, facts.new)
    if facts.new >= 5 * ENOUGH_RECORDS and facts.open_before and share > facts.share_without_role + UNCLASSIFIED:
        findings.append(finding("whole_unclassified", share=float(share), before=float(facts.share_without_role)))
    if facts.unmatched:
        findings.append(finding("whole_unmatched", loose=facts.unmatched))
    if facts.jobs_open > facts.open_after:
        findings.append(finding("whole_jobs", jobs=facts.jobs_open, open=facts.open_after))
    return tuple(findings)


def check_file(name: str, rows: int, expected: int) -> tuple[Finding, ...]:
    """A file that people read holds as many rows as the database says."""
    return () if rows == expected else (finding("export_differs", file=name, rows=rows, expected=expected),)


def passes(findings: Sequence[Finding]) -> bool:
    """Whether a gate lets through: no finding of it is an error."""
    return all(f.level != "error" for f in findings)
