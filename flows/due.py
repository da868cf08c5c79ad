"""When a board is due: the card's cadence, the site's own limit of calls a day, and nothing twice.

Pure and without memory but the runs themselves, so whatever was missed while the machine was off is caught up by one
run, not by as many as were missed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from config.cards import Card
from storage.models import RunState

DAY = dt.timedelta(days=1)
SLACK_SHARE = 0.02
"""A schedule fires a moment earlier or later than the last time: this share of the cadence is forgiven ..."""
SLACK_MOST = dt.timedelta(minutes=5)
"""... but no more than this."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """One earlier attempt at a board: when it began, what it came to, how many calls it made."""

    started_at: dt.datetime
    state: RunState | None
    calls: int = 1
    wait_until: dt.datetime | None = None
    """Until when the site asked to be left alone (Retry-After)."""


class Due(NamedTuple):
    """Whether to crawl now; if not, from when on; and why, for a person. ``next_at`` is None for never."""

    now: bool
    next_at: dt.datetime | None
    why: str
    missed: int = 0
    """Runs that were due since the last one and did not happen; one run catches them all up."""
    begin: dt.datetime | None = None
    """Crawl now, but send nothing before this moment."""


def due(card: Card, last_runs: Sequence[LastRun], now: dt.datetime, *, paused: bool = False) -> Due:
    """Whether a board is due.

    Args:
        card: its source's card.
        last_runs: earlier attempts, newest first: the last one of the board, and for ``calls_per_day`` all of the
            source within a day. Every attempt counts but a skipped one: cadence holds through failures and retries.
        now: the run's clock, UTC.
        paused: the operator has paused the source.
    """
    if not card.enabled:
        return Due(False, None, f"off: {card.why_not}")
    if not card.verified:
        return Due(False, None, "off: the shape of its answers is not verified")
    if paused:
        return Due(False, None, "paused by the operator")
    runs = [run for run in last_runs if run.state != "skipped"]
    if not runs:
        return Due(True, now, "never read")
    wait = max((run.wait_until for run in runs if run.wait_until), default=None)
    if wait and now < wait <= now + DAY:
        return Due(False, wait, "the site asked to wait")
    by_cadence = _by_cadence(card, runs[0], now)
    begin = _window_opens(card, runs, now) if by_cadence.now else None
    if begin is None or card.calls_per_day is None:
        return by_cadence
    if begin - now <= _slack(card):
        # a schedule that fires some seconds earlier than the day before: wait for them, rather than lose the slot
        return by_cadence._replace(begin=begin)
    return Due(False, begin, f"{card.calls_per_day} calls a day are allowed")


def _by_cadence(card: Card, last: LastRun, now: dt.datetime) -> Due:
    slack = _slack(card)
    next_at = last.started_at + card.every
    if last.started_at > now + card.every:
        return Due(True, now, "the last run lies in the future: the clock was wrong")
    if now < next_at - slack:
        return Due(False, next_at, f"read {_age(now - last.started_at)} ago, every {_age(card.every)}")
    missed = max(0, (now - last.started_at + slack) // card.every - 1)
    why = f"last read {_age(now - last.started_at)} ago"
    return Due(True, next_at, f"{why}, {missed} runs missed" if missed else why, missed)


def _slack(card: Card) -> dt.timedelta:
    return min(SLACK_SHARE * card.every, SLACK_MOST)


def _window_opens(card: Card, runs: Sequence[LastRun], now: dt.datetime) -> dt.datetime | None:
    """When the last run's calls fit into the 24 hours before them, by the site's own limit; None if they do now."""
    if card.calls_per_day is None:
        return None
    recent = [run for run in runs if now - DAY < run.started_at <= now]
    left = card.calls_per_day - sum(run.calls for run in recent)
    needed = min(max(1, runs[0].calls), card.calls_per_day)
    opens = None
    for run in sorted(recent, key=lambda run: run.started_at):
        if needed <= left:
            break
        left += run.calls
        opens = run.started_at + DAY
    return opens


def _age(span: dt.timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"
