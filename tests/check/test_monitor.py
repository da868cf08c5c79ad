"""Each monitor passes, fails, and says when it has not enough history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from flows.check import BoardFacts
from flows.monitor import MONITORS, findings, watch
from tests.life.world import card

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
CARD = card(every="6h")


def run(hours_ago: float = 0, **said: Any) -> BoardFacts:
    given: dict[str, Any] = {
        "source": "acme",
        "board": "b",
        "state": "complete",
        "complete": True,
        "found": 100,
        "http": {"2xx": 20},
        "finished_at": NOW - dt.timedelta(hours=hours_ago),
        "declared_first": 100,
        "declared_total": 100,
    }
    return BoardFacts(**{**given, **said})


def past(count: int = 5, **said: Any) -> list[BoardFacts]:
    return [run(6 * (n + 1), **said) for n in range(count)]


FEW = {"http": {"2xx": 2}}
BAD = {"complete": False, "state": "failed", "because": "http 503"}
CASES: list[tuple[str, list[BoardFacts], bool | None]] = [
    ("state", [run()], True),
    ("state", [run(state="empty")], True),
    ("state", [run(state="skipped")], True),
    *(
        ("state", [run(state=s, because="it is so")], False)
        for s in ("blocked", "rate_limited", "failed", "crashed", "partial")
    ),
    ("item_drop", [run(found=70), *past()], True),
    ("item_drop", [run(found=69), *past()], False),
    ("item_drop", [run(found=69), *past(2)], None),
    ("item_drop", [run(found=69), *past(9, complete=False)], None),
    ("item_drop", [run(found=1, state="partial"), *past()], None),
    ("item_drop", [run(found=0, state="empty"), *past()], False),
    ("http_errors", [run(http={"2xx": 18, "5xx": 2})], True),
    ("http_errors", [run(http={"2xx": 17, "5xx": 2, "403": 1})], False),
    ("http_errors", [run(http={"2xx": 10, "404": 10})], True),
    ("http_errors", [run(**FEW)], None),
    ("retries", [run(retries=2)], True),
    ("retries", [run(retries=3)], False),
    ("retries", [run(retries=3, **FEW)], None),
    ("finish_reason", [run()], True),
    ("finish_reason", [run(finish_reason="closespider_timeout")], False),
    ("exceptions", [run()], True),
    ("exceptions", [run(exceptions=("KeyError: 'title'",))], False),
    ("offsite", [run()], True),
    ("offsite", [run(offsite=2)], False),
    ("robots", [run()], True),
    ("robots", [run(robots=1)], False),
    ("growing", [run(declared_total=102)], True),
    ("growing", [run(declared_total=103)], False),
    ("growing", [run(declared_first=None)], None),
    ("growing", [run(declared_total=None)], None),
    ("fresh", [run()], True),
    ("fresh", [run(**BAD), run(12)], True),
    ("fresh", [run(**BAD), run(12.1)], False),
    ("fresh", [run(**BAD)], None),
    ("fresh", [run(**BAD), run(6, **BAD), run(12, **BAD)], False),
    ("not_failing", [run(**BAD), run(**BAD), run()], True),
    ("not_failing", [run(**BAD), run(**BAD), run(**BAD), run()], False),
    ("not_failing", [run(), *past(3, **BAD)], True),
    ("not_failing", [run(**BAD), run(**BAD)], None),
    ("not_failing", [run(complete=False, state="empty"), *past(3, **BAD)], True),
]


@pytest.mark.parametrize(("monitor", "runs", "passed"), CASES)
def test_monitor(monitor: str, runs: list[BoardFacts], passed: bool | None) -> None:
    watched = {one.monitor: one for one in watch(CARD, runs, NOW)}
    one = watched[monitor]
    assert one.passed is passed
    assert (one.finding is not None) == (passed is False)
    if one.finding:
        assert (one.finding.source, one.finding.board) == ("acme", "b")


def test_every_monitor_has_its_cases() -> None:
    """Pass and fail each; those that need history also without it."""
    tried: dict[str, set[bool | None]] = {}
    for monitor, _, passed in CASES:
        tried.setdefault(monitor, set()).add(passed)
    assert set(tried) == {monitor.__name__ for monitor in MONITORS}
    assert all({True, False} <= outcomes for outcomes in tried.values())
    on_history = {"item_drop", "http_errors", "retries", "growing", "fresh", "not_failing"}
    assert {monitor for monitor, outcomes in tried.items() if None in outcomes} == on_history


def test_a_cadence_is_said_as_the_card_says_it() -> None:
    (late,) = (one for one in findings(watch(CARD, [run(**BAD), run(13)], NOW)) if one.code == "stale")
    assert late.text == "last complete run 13 hours ago, due every 6h"


def test_a_good_run_raises_nothing() -> None:
    assert findings(watch(CARD, [run(), *past()], NOW)) == ()
    assert watch(CARD, [], NOW) == ()
