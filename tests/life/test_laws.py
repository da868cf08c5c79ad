"""Laws of settling that hold for any history of any board."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.life import BoardHistory, BoardSighting, settle
from tests.life.world import HOUR, START, Store, card, sighting_of

IDS = [*"abcdefghijklmn", "x#one", "x#two"]
STATES = ["complete", "complete", "complete", "partial", "empty", "blocked", "failed", "crashed", "skipped"]
some_ids = st.frozensets(st.sampled_from(IDS))


@st.composite
def sightings(draw: st.DrawFn) -> BoardSighting:
    """Any sighting, sensible or not: any clock, any order, contradictions included."""
    number, hours = draw(st.integers(1, 12)), draw(st.integers(-100, 2000))
    at = START + hours * HOUR
    ends = st.none() | st.integers(-100, 2000).map(lambda h: START + h * HOUR)
    said: dict[str, Any] = {
        "read": {one: draw(ends) for one in sorted(draw(some_ids))},
        "listed": draw(some_ids | st.just(frozenset({"x"}))),
        "removed": draw(st.just(frozenset()) | some_ids),
        "gone": draw(st.just(frozenset()) | some_ids),
        "unchanged": draw(st.booleans()),
        "board_gone": draw(st.sampled_from([False, False, True])),
        "below_min": draw(st.booleans()),
        "declared_total": draw(st.none() | st.integers(0, 30)),
    }
    return sighting_of(number, at, state=draw(st.sampled_from(STATES)), **said)


histories = st.lists(sightings(), max_size=14)
cards = st.builds(
    lambda coverage, misses: card(coverage=coverage, misses=misses, stale_after=dt.timedelta(days=20)),
    st.sampled_from(["window", "catalogue", "stream"]),
    st.integers(1, 3),
)


@settings(max_examples=150, deadline=None)
@given(cards, histories)
def test_whatever_is_seen_the_dates_hold(rules: Any, seen: list[BoardSighting]) -> None:
    store = Store(rules)
    for sighting in seen:
        before = dict(store.lives)
        store.settle(sighting)
        for one, life in store.lives.items():
            assert life.first_seen <= life.last_seen
            assert (life.state == "closed") == (life.closed_at is not None) == (life.closed_because is not None)
            assert life.closed_at is None or life.closed_at >= life.first_seen
            assert one not in before or life.last_seen >= before[one].last_seen
            assert (life.misses == 0) == (life.missed_since is None)


@settings(max_examples=150, deadline=None)
@given(cards, histories)
def test_the_same_sighting_again_changes_nothing(rules: Any, seen: list[BoardSighting]) -> None:
    store = Store(rules)
    for sighting in seen:
        store.settle(sighting)
        lives, history = dict(store.lives), store.history
        again = store.settle(sighting)
        assert again.transitions == ()
        assert (store.lives, store.history) == (lives, history)


@settings(max_examples=100, deadline=None)
@given(cards, histories, st.randoms(use_true_random=False))
def test_the_order_of_what_is_known_does_not_matter(rules: Any, seen: list[BoardSighting], dice: Any) -> None:
    store = Store(rules)
    for sighting in seen:
        history, known = BoardHistory.from_json(store.history), store.known(sighting)
        shuffled = dice.sample(known, len(known))
        assert settle(rules, history, shuffled, sighting) == store.settle(sighting)


@settings(max_examples=100, deadline=None)
@given(cards, histories)
def test_moves_fit_together(rules: Any, seen: list[BoardSighting]) -> None:
    """Every move starts where the last one ended, changes something, and names its runs."""
    store = Store(rules)
    for sighting in seen:
        store.settle(sighting)
    stands: dict[str, str | None] = {}
    for move in store.moves:
        assert stands.get(move.external_id) == move.was
        assert move.state != move.was
        assert move.reopened == (move.was == "closed")
        assert move.evidence
        stands[move.external_id] = move.state
    assert stands == store.states()


@settings(max_examples=100, deadline=None)
@given(histories)
def test_history_survives_its_json(seen: list[BoardSighting]) -> None:
    store = Store(card())
    for sighting in seen:
        settled = store.settle(sighting)
        assert BoardHistory.from_json(settled.history.to_json()) == settled.history


@settings(max_examples=100, deadline=None)
@given(st.lists(sightings().filter(lambda s: s.state not in ("complete", "empty")), max_size=14), cards)
def test_incomplete_runs_close_only_by_the_ads_own_evidence(seen: list[BoardSighting], rules: Any) -> None:
    store = Store(rules)
    for sighting in seen:
        store.settle(sighting)
    closing = {move.because for move in store.moves if move.state == "closed"}
    assert closing <= {"expired", "page_gone", "said_closed", "board_gone"}
