"""Looking at the own pages of unconfirmed ads."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.life import Life
from flows.life.page import AGAIN, plan_checks, read_page
from tests.life.world import DAY, HOUR, START, Store, card

URL = "https://example.com/jobs/7"
PAGE = "Acme Senior Back End Developer (m/f/d) Apply now. We pay."
TITLE = "Senior Back End Developer"


@pytest.mark.parametrize(
    ("status", "answered", "text", "says"),
    [
        (404, URL, "", "gone"),
        (410, URL, PAGE, "gone"),
        (304, URL, "", "alive"),
        (200, URL, PAGE, "alive"),
        (200, URL + "/?ref=x", PAGE, "alive"),
        (200, "https://www.example.com/jobs/7", PAGE, "alive"),
        (200, "https://example.com/jobs", PAGE, "nothing"),
        (200, URL, "All our open positions", "nothing"),
        (200, URL, PAGE + " This position has been filled.", "nothing"),
        (200, URL, "", "nothing"),
        *((status, URL, PAGE, "nothing") for status in (301, 401, 403, 429, 500, 503, 0)),
    ],
)
def test_what_a_page_says(status: int, answered: str, text: str, says: str) -> None:
    assert read_page(status, URL, answered, text, TITLE) == says


def test_a_title_without_words_proves_nothing() -> None:
    assert read_page(200, URL, URL, "!!!", "!!!") == "nothing"


@given(st.integers(), st.text(), st.text(), st.text())
def test_never_raises(status: int, answered: str, text: str, title: str) -> None:
    read_page(status, URL, "https://example.com/" + answered.replace("[", "").replace("]", ""), text, title)


def life(key: str, state: str = "unconfirmed", checked: float | None = None, seen: float = 20) -> Life:
    at = START - seen * DAY
    checked_at = None if checked is None else START - checked * DAY
    return Life(key, key, state, at, at, checked_at=checked_at)  # type: ignore[arg-type]


def test_never_looked_at_first_then_longest_ago() -> None:
    lives = [life("a", checked=5), life("b", seen=20), life("c", checked=9), life("d", seen=30), life("e", "open")]
    assert [one.posting_key for one in plan_checks(lives, START)] == ["d", "b", "c", "a"]


def test_a_budget_a_day_and_nothing_twice_soon() -> None:
    lives = [life(str(n), checked=2) for n in range(9)] + [life(f"n{n}") for n in range(9)]
    assert len(plan_checks(lives, START)) == 9
    assert len(plan_checks(lives, START, budget=5)) == 5
    assert len(plan_checks(lives, START, budget=5, looked_today=3)) == 2
    assert plan_checks(lives, START, budget=5, looked_today=7) == []
    assert len(plan_checks(lives, START + AGAIN)) == 18


def test_a_look_settles_an_unconfirmed_ad() -> None:
    board = Store(card(coverage="window", stale_after=dt.timedelta(days=14)))
    board.see(START, "a", "b", "c")
    at = START + 15 * DAY
    board.see(at)
    assert set(board.states().values()) == {"unconfirmed"}
    said = {"alive": frozenset({"a"}), "gone": frozenset({"b"}), "checked": frozenset({"a", "b", "c"})}
    board.see(at + HOUR, state="skipped", **said)
    assert board.states() == {"a": "open", "b": "closed", "c": "unconfirmed"}
    assert board.lives["b"].closed_because == "page_gone: run r3"
    assert {one.checked_at for one in board.lives.values()} == {at + HOUR}
    assert plan_checks(board.lives.values(), at + DAY) == []
