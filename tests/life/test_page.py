"""Looking at the own pages of unconfirmed ads."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.life import AGAIN, Life, Look, plan_checks, read_page, settle_looks
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
    assert read_page(status, URL, answered, text, TITLE).says == says


def test_a_title_without_words_proves_nothing() -> None:
    assert read_page(200, URL, URL, "!!!", "!!!").says == "nothing"


@given(st.integers(), st.text(), st.text(), st.text())
def test_never_raises(status: int, answered: str, text: str, title: str) -> None:
    read_page(status, URL, "https://example.com/" + answered.replace("[", "").replace("]", ""), text, title)


def life(key: str, state: str = "unconfirmed", checked: float | None = None, seen: float = 20) -> Life:
    at = START - seen * DAY
    checked_at = None if checked is None else START - checked * DAY
    return Life(key, key, state, at, at, checked_at=checked_at)  # type: ignore[arg-type]


def test_never_looked_at_first_then_longest_ago() -> None:
    lives = [life("a", checked=5), life("b", seen=20), life("c", checked=9), life("d", seen=30), life("e", "open")]
    assert [one.posting_key for one in plan_checks(lives, START, budget=50)] == ["d", "b", "c", "a"]


def test_a_budget_a_day_and_nothing_twice_soon() -> None:
    lives = [life(str(n), checked=2) for n in range(9)] + [life(f"n{n}") for n in range(9)]
    assert len(plan_checks(lives, START, budget=50)) == 9
    assert len(plan_checks(lives, START, budget=5)) == 5
    assert len(plan_checks(lives, START, budget=5, looked_today=3)) == 2
    assert plan_checks(lives, START, budget=5, looked_today=7) == []
    assert len(plan_checks(lives, START + AGAIN, budget=50)) == 18


def look(key: str, says: str, at: dt.datetime, run: str = "r9") -> Look:
    return Look(key, at, run, says)  # type: ignore[arg-type]


def board_of_unconfirmed(*ids: str) -> tuple[Store, dt.datetime]:
    """A window whose ads were not seen for longer than its card bears."""
    board = Store(card(coverage="window", stale_after=dt.timedelta(days=14)))
    board.see(START, *ids)
    at = START + 15 * DAY
    board.see(at)
    assert set(board.states().values()) == {"unconfirmed"}
    return board, at


def test_a_look_settles_an_unconfirmed_ad() -> None:
    board, at = board_of_unconfirmed("a", "b", "c")
    key = {one.external_id: one.posting_key for one in board.lives.values()}
    looks = [
        look(key["a"], "alive", at + HOUR),
        look(key["b"], "gone", at + HOUR),
        look(key["c"], "nothing", at + HOUR),
    ]
    moves, lives = settle_looks(board.lives.values(), looks)
    after = {one.external_id: one for one in lives}
    assert {one: life.state for one, life in after.items()} == {"a": "open", "b": "closed", "c": "unconfirmed"}
    assert after["a"].last_seen == at + HOUR
    assert (after["b"].closed_because, after["b"].closed_at) == ("page_gone: run r9", at + HOUR)
    assert [(move.external_id, move.because, move.reopened) for move in moves] == [
        ("a", "page_alive", False),
        ("b", "page_gone", False),
    ]
    assert {one.checked_at for one in lives} == {at + HOUR}
    assert plan_checks(lives, at + DAY, budget=50) == []
    assert settle_looks(lives, looks) == ([], [])


@pytest.mark.parametrize("says", ["gone", "alive", "nothing"])
def test_a_look_decides_nothing_of_what_was_seen_after_it(says: str) -> None:
    """A run that comes late with its looks: an ad that a newer run has seen stays as that run left it."""
    board, at = board_of_unconfirmed("a")
    board.see(at + 2 * HOUR, "a")
    (life,) = board.lives.values()
    moves, lives = settle_looks([life], [look(life.posting_key, says, at + HOUR)])
    assert moves == []
    assert [(one.state, one.last_seen) for one in lives] == [("open", at + 2 * HOUR)]


def test_a_look_of_long_ago_decides_nothing_though_the_ad_has_faded_since() -> None:
    board, _ = board_of_unconfirmed("a")
    (life,) = board.lives.values()
    for says in ("gone", "alive"):
        moves, [after] = settle_looks([life], [look(life.posting_key, says, START - DAY)])
        assert (moves, after.state, after.last_seen) == ([], "unconfirmed", START)


@pytest.mark.parametrize("says", ["gone", "alive"])
def test_a_page_opens_no_ad_that_is_past_its_own_end(says: str) -> None:
    """Its end is the reason that its board's next run closes it for."""
    board, at = board_of_unconfirmed("a")
    life = replace(*board.lives.values(), valid_through=at + HOUR)
    moves, [after] = settle_looks([life], [look(life.posting_key, says, at + 2 * HOUR)])
    assert (moves, after.state) == ([], "unconfirmed")


def test_looks_say_nothing_of_the_board() -> None:
    """They leave its history alone: an unchanged list directly after them still counts as complete."""
    board = Store(card(misses=1))
    board.see(START, "a", "b")
    settle_looks(board.lives.values(), [look(one.posting_key, "alive", START + HOUR) for one in board.lives.values()])
    assert board.see(START + 6 * HOUR, unchanged=True).believed


LOOKED = st.tuples(st.sampled_from(["gone", "alive", "nothing"]), st.integers(-48, 48))


@given(st.lists(LOOKED, max_size=6, unique_by=lambda one: one[1]), st.randoms(use_true_random=False))
def test_looks_in_any_order_come_to_the_same(said: list[tuple[str, int]], dice: random.Random) -> None:
    board, at = board_of_unconfirmed("a")
    (life,) = board.lives.values()
    looks = [look(life.posting_key, says, at + hours * HOUR) for says, hours in said]
    _, lives = settle_looks([life], looks)
    dice.shuffle(looks)
    assert settle_looks([life], looks)[1] == lives
    assert settle_looks(lives or [life], looks)[0] == []
