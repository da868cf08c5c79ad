"""The watch over every board, from our own table of runs: a run's own figures against what was usual before.

Each monitor passes, fails with a finding, or has not enough history to say. Pure: rows of ``board_run`` in, results
out. What a gate judges before a batch is stored stands in :mod:`flows.check`; nothing here holds anything back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from config.cards import Card
from flows.check import Baseline, BoardFacts
from flows.findings import Finding, finding

DROP = 0.70
"""Fewer postings than this share of the usual ones is a drop."""
ERRORS = 0.10
"""More than this share of error answers (but 404 and 410, which have a meaning of their own) is worth a warning."""
RETRIES = 0.10
"""More than this share of repeated requests is worth a warning."""
ENOUGH_REQUESTS = 5
"""Requests below which a share of them says nothing."""
GREW = 0.02
"""A total that grows by more than this share while it is read is worth a warning."""
STALE = 2
"""A board is stale when its last complete run is older than this many cadences."""
FAILING = 3
"""This many runs in a row without a complete one are a failure, not a hiccup."""

_NOT_OURS = frozenset({"404", "410"})
_TROUBLE = frozenset({"blocked", "rate_limited", "failed", "crashed", "partial"})


class Watched(NamedTuple):
    """What one monitor says. ``passed`` is None where there is not enough history."""

    monitor: str
    passed: bool | None
    finding: Finding | None = None


class Look(NamedTuple):
    """What a monitor looks at: a board's runs, newest first, by its source's card, at a moment."""

    card: Card
    runs: Sequence[BoardFacts]
    now: dt.datetime

    @property
    def last(self) -> BoardFacts:
        """The run that is judged."""
        return self.runs[0]

    def fail(self, monitor: str, code: str | None = None, **facts: Any) -> Watched:
        """A failed monitor with its finding."""
        last = self.last
        return Watched(monitor, False, finding(code or monitor, last.source, last.board, **facts))


def watch(card: Card, runs: Sequence[BoardFacts], now: dt.datetime) -> tuple[Watched, ...]:
    """All monitors over one board.

    Args:
        card: its source's card.
        runs: its runs, newest first, the one to judge in front; ten are enough.
        now: the clock of the run, UTC.
    """
    if not runs:
        return ()
    look = Look(card, runs, now)
    return tuple(monitor(look) for monitor in MONITORS)


def findings(watched: Sequence[Watched]) -> tuple[Finding, ...]:
    """The findings of the monitors that failed."""
    return tuple(one.finding for one in watched if one.finding)


def state(look: Look) -> Watched:
    """The board could be read as a whole."""
    last = look.last
    if last.state not in _TROUBLE:
        return Watched("state", True)
    return look.fail("state", last.state, because=last.because or "no reason was given")


def item_drop(look: Look) -> Watched:
    """As many postings as usual: 70 % of the median of the last five complete runs; three are needed."""
    last = look.last
    if last.state not in ("complete", "empty"):
        return Watched("item_drop", None)
    median = Baseline.of(look.runs[1:]).found
    if median is None:
        return Watched("item_drop", None)
    if last.found >= DROP * median:
        return Watched("item_drop", True)
    return look.fail("item_drop", found=last.found, median=f"{median:g}")


def http_errors(look: Look) -> Watched:
    """The answers were not errors."""
    last = look.last
    if last.requests < ENOUGH_REQUESTS:
        return Watched("http_errors", None)
    wrong = {status: n for status, n in last.http.items() if status[:1] in "45" and status not in _NOT_OURS}
    if sum(wrong.values()) <= ERRORS * last.requests:
        return Watched("http_errors", True)
    classes = ", ".join(f"{n} x {status}" for status, n in sorted(wrong.items()))
    return look.fail("http_errors", errors=sum(wrong.values()), of=last.requests, classes=classes)


def retries(look: Look) -> Watched:
    """Requests did not have to be repeated."""
    last = look.last
    if last.requests < ENOUGH_REQUESTS:
        return Watched("retries", None)
    if last.retries <= RETRIES * last.requests:
        return Watched("retries", True)
    return look.fail("retries", retries=last.retries, requests=last.requests)


def finish_reason(look: Look) -> Watched:
    """The crawl came to its own end."""
    if look.last.finish_reason == "finished":
        return Watched("finish_reason", True)
    return look.fail("finish_reason", reason=look.last.finish_reason)


def exceptions(look: Look) -> Watched:
    """The spider raised nothing."""
    raised = look.last.exceptions
    if not raised:
        return Watched("exceptions", True)
    return look.fail("exceptions", exceptions=len(raised), names="; ".join(sorted(set(raised))))


def offsite(look: Look) -> Watched:
    """No request led to a host that the card does not name: a board that moved would look empty otherwise."""
    if not look.last.offsite:
        return Watched("offsite", True)
    return look.fail("offsite", dropped=look.last.offsite)


def robots(look: Look) -> Watched:
    """robots.txt forbade nothing that was asked for."""
    if not look.last.robots:
        return Watched("robots", True)
    return look.fail("robots", dropped=look.last.robots)


def growing(look: Look) -> Watched:
    """The board's own total stood still while it was read: otherwise its pages shifted under the crawl."""
    first, last = look.last.declared_first, look.last.declared_total
    if first is None or last is None:
        return Watched("growing", None)
    if last - first <= GREW * first:
        return Watched("growing", True)
    return look.fail("growing", before=first, after=last)


def fresh(look: Look) -> Watched:
    """The last complete run is not older than two cadences."""
    complete = [run for run in look.runs if run.complete and run.finished_at]
    if not complete:
        return (
            Watched("fresh", None)
            if len(look.runs) < FAILING
            else look.fail("fresh", "never_complete", runs=len(look.runs))
        )
    ended = complete[0].finished_at
    age = look.now - ended if ended else dt.timedelta()
    if age <= STALE * look.card.every:
        return Watched("fresh", True)
    return look.fail("fresh", "stale", hours=int(age.total_seconds() // 3600), every=look.card.cadence)


def not_failing(look: Look) -> Watched:
    """Not several runs in a row without a complete one."""
    if len(look.runs) < FAILING:
        return Watched("not_failing", None)
    in_a_row = next((n for n, run in enumerate(look.runs) if run.complete), len(look.runs))
    # a board doubted by a guard, or truly empty, speaks of itself elsewhere
    if in_a_row < FAILING or look.last.state not in _TROUBLE:
        return Watched("not_failing", True)
    return look.fail("not_failing", "failing", runs=in_a_row, state=look.last.state)


MONITORS: tuple[Callable[[Look], Watched], ...] = (
    state,
    item_drop,
    http_errors,
    retries,
    finish_reason,
    exceptions,
    offsite,
    robots,
    growing,
    fresh,
    not_failing,
)
"""Every monitor, in the order of a report."""
