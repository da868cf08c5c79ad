"""When a board is due."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.due import LastRun, due
from tests.life.world import card

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def ran(hours_ago: float, state: Any = "complete", calls: int = 1, **said: Any) -> LastRun:
    return LastRun(NOW - hours_ago * HOUR, state, calls, **said)


@pytest.mark.parametrize(
    ("runs", "now", "next_in"),
    [
        ([], True, 0),
        ([ran(6)], True, 0),
        ([ran(5)], False, 1),
        ([ran(5.92)], True, 0.08),  # the schedule fired five minutes early
        ([ran(5.9)], False, 0.1),
        ([ran(7)], True, -1),
        ([ran(1, "failed")], False, 5),  # cadence holds through failures
        ([ran(1, "crashed")], False, 5),
        ([ran(1, "skipped"), ran(7)], True, -1),  # a skipped run called nobody
        ([ran(7, "rate_limited", wait_until=NOW + 3 * HOUR)], False, 3),
        ([ran(7, "rate_limited", wait_until=NOW - HOUR)], True, -1),
        ([ran(7, "rate_limited", wait_until=NOW + 100 * HOUR)], True, -1),  # nobody means that
        ([ran(-1)], False, 7),  # the clock went back an hour
        ([ran(-100)], True, 0),  # the clock was days ahead
    ],
)
def test_cadence(runs: list[LastRun], now: bool, next_in: float) -> None:
    said = due(card(every="6h"), runs, NOW)
    assert said.now is now
    assert said.next_at is not None
    assert abs(said.next_at - NOW - next_in * HOUR) < dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("of_card", "paused", "why"),
    [
        ({"enabled": False, "why_not": "terms forbid it"}, False, "off: terms forbid it"),
        ({"verified": False}, False, "off: the shape of its answers is not verified"),
        ({}, True, "paused by the operator"),
    ],
)
def test_never(of_card: dict[str, Any], paused: bool, why: str) -> None:
    assert due(card(**of_card), [], NOW, paused=paused) == (False, None, why, 0, None)


@pytest.mark.parametrize(("hours_ago", "missed"), [(6, 0), (11, 0), (12, 1), (36, 5), (240, 39)])
def test_f04_missed_runs_are_caught_up_once(hours_ago: float, missed: int) -> None:
    """F-04: five missed runs are one run now, and the next is due one cadence after that."""
    rules = card(every="6h")
    said = due(rules, [ran(hours_ago)], NOW)
    assert (said.now, said.missed) == (True, missed)
    assert not due(rules, [ran(0), ran(hours_ago)], NOW + HOUR).now


@pytest.mark.parametrize(
    ("calls", "now", "next_in"),
    [
        ([(6.1, 1), (12, 1), (18, 1)], True, None),
        ([(6.1, 1), (12, 1), (18, 1), (23.5, 1)], False, 0.5),
        ([(6.1, 1), (12, 1), (18, 1), (24, 1)], True, None),
        ([(6.1, 3)], False, 17.9),
        ([(6.1, 9), (12, 1)], False, 17.9),
    ],
)
def test_calls_a_day(calls: list[tuple[float, int]], now: bool, next_in: float | None) -> None:
    runs = [ran(hours, calls=number) for hours, number in calls]
    said = due(card(every="6h", calls_per_day=4), runs, NOW)
    assert said.now is now
    if next_in is not None:
        assert said.next_at == NOW + next_in * HOUR


@given(
    st.lists(st.tuples(st.floats(0, 100), st.integers(1, 6)), max_size=10),
    st.none() | st.integers(1, 8),
    st.integers(1, 48),
)
def test_what_is_not_due_will_be(calls: list[tuple[float, int]], limit: int | None, every: int) -> None:
    """Nothing waits for ever: at its own next_at (and once more, where two limits meet) a board is due."""
    rules = card(every=every * HOUR, calls_per_day=limit)
    runs = sorted((ran(hours, calls=number) for hours, number in calls), key=lambda r: r.started_at, reverse=True)
    now = NOW
    for _ in range(len(runs) + 2):
        said = due(rules, runs, now)
        if said.now:
            return
        assert said.next_at is not None
        assert said.next_at > now
        now = said.next_at
    raise AssertionError("never due")


@given(st.integers(1, 8), st.integers(1, 4), st.integers(1, 12))
def test_a_day_never_holds_more_calls_than_allowed(limit: int, calls: int, every: int) -> None:
    """Asked every half hour for three days, each run making the same number of calls."""
    rules = card(every=every * HOUR, calls_per_day=limit)
    calls = min(calls, limit)
    runs: list[LastRun] = [LastRun(NOW, "complete", calls)]
    for half_hours in range(1, 144):
        now = NOW + half_hours * HOUR / 2
        said = due(rules, runs, now)
        if said.now:
            runs.insert(0, LastRun(said.begin or now, "complete", calls))
    for run in runs:
        day = [r.calls for r in runs if run.started_at <= r.started_at < run.started_at + 24 * HOUR]
        assert sum(day) <= limit


@given(
    st.lists(st.integers(-5, 60), min_size=60, max_size=60),
    st.sampled_from([(6, 4), (12, 2), (24, 1), (8, 3), (4, 6), (1, 24)]),
)
def test_a_limit_that_is_just_the_cadence_loses_no_slot_and_adds_no_call(
    late: list[int], said: tuple[int, int]
) -> None:
    """A schedule that knocks at every slot, some seconds early or late: one run a slot, and never one too many in any
    24 hours."""
    every, limit = said
    rules = card(every=every * HOUR, calls_per_day=limit)
    runs: list[LastRun] = []
    for slot, seconds in enumerate(late):
        now = NOW + slot * every * HOUR + dt.timedelta(seconds=seconds)
        told = due(rules, runs, now)
        assert told.now, (slot, told)
        begin = told.begin or now
        assert now <= begin <= now + dt.timedelta(minutes=5)
        runs.insert(0, LastRun(begin, "complete", 1))
    starts = [run.started_at for run in runs]
    assert all(a - b >= 24 * HOUR for a, b in zip(starts, starts[limit:], strict=False))
