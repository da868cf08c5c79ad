"""Ninety days of many worlds: nothing is closed that is open, what closed is found, nothing is held for ever."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.life import BoardHistory, Settlement
from flows.life.rules import HOLD
from tests.life.world import DAY, FAULTS, HOUR, START, TRUTHS, World


class Ledger:
    """Plays a world and keeps the books: what was closed wrongly, and how late what truly closed was found."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.false: list[str] = []
        self.waiting: Counter[str] = Counter()
        self.slow: list[tuple[str, int]] = []
        for sighting, settled in world.run():
            self._false_closes(settled)
            if settled.believed:
                self._waiting(sighting.at)
        held = BoardHistory.from_json(world.store.history).held
        self.held_for_ever = held is not None and held.since < world.end - HOLD - 3 * world.every

    def _false_closes(self, settled: Settlement) -> None:
        for move in settled.transitions:
            if move.state == "closed" and self.world.ads[move.external_id].open_at(move.at):
                self.false.append(f"{move.external_id} at {move.at}: {move.words}")

    def _waiting(self, at: dt.datetime) -> None:
        """Believed complete runs since each posting truly closed, until it is known to be."""
        for one, life in self.world.store.lives.items():
            if life.state == "closed" or self.world.ads[one].open_at(at):
                self.waiting.pop(one, None)
                continue
            self.waiting[one] += 1
            if self.waiting[one] > self.world.misses + 1:
                self.slow.append((one, self.waiting[one]))

    def never_found(self) -> list[str]:
        """Open in the books though long closed in truth: two believed runs and the guards' hold before the end."""
        limit = self.world.end - HOLD - (self.world.misses + 3) * self.world.every
        open_since = {one for one, ad in self.world.ads.items() if ad.open_between(limit, self.world.end)}
        return [o for o, life in self.world.store.lives.items() if life.state != "closed" and o not in open_since]

    def never_returned(self) -> list[str]:
        """Closed in the books though open in truth, and shown, since long before the end: a relist that was overlooked."""
        begin = self.world.end - 2 * DAY
        return [
            one
            for one, life in self.world.store.lives.items()
            if life.state == "closed"
            and self.world.truth != "moved"
            and all(self.world.ads[one].open_at(at) for at in (begin, self.world.end - HOUR))
        ]


@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize("misses", [1, 3])
@pytest.mark.parametrize("size", [1, 2, 3, 40])
@pytest.mark.parametrize("hours", [6, 24])
def test_catalogue(truth: str, misses: int, size: int, hours: int) -> None:
    ledger = Ledger(World(seed=size, size=size, misses=misses, truth=truth, every=hours * HOUR))
    assert ledger.false == []
    assert ledger.slow == []
    assert ledger.never_found() == []
    assert ledger.never_returned() == []
    assert not ledger.held_for_ever
    assert any(move.state == "closed" for move in ledger.world.store.moves)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    size=st.sampled_from([1, 2, 3, 9, 10, 11, 30, 60]),
    misses=st.sampled_from([1, 2, 3]),
    truth=st.sampled_from(TRUTHS),
    hours=st.sampled_from([4, 6, 12, 24]),
    faults=st.sets(st.sampled_from(FAULTS)),
)
def test_any_catalogue(seed: int, size: int, misses: int, truth: str, hours: int, faults: set[str]) -> None:
    world = World(seed, size, misses=misses, truth=truth, every=hours * HOUR, faults=tuple(sorted(faults)))
    ledger = Ledger(world)
    assert (ledger.false, ledger.slow, ledger.never_found(), ledger.held_for_ever) == ([], [], [], False)
    assert ledger.never_returned() == []


@pytest.mark.parametrize("seed", range(4))
def test_window_closes_nothing_by_absence(seed: int) -> None:
    world = World(seed, size=60, coverage="window", misses=1, window=15)
    ledger = Ledger(world)
    assert ledger.false == []
    assert {move.because for move in world.store.moves if move.state == "closed"} <= {"expired"}
    for life in world.store.lives.values():
        if life.state == "open":
            assert world.end - life.last_seen <= world.card.stale_after + DAY
    assert any(life.state == "unconfirmed" for life in world.store.lives.values())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("looks", [2, 10])
def test_window_with_looks(seed: int, looks: int) -> None:
    """What fell out of a window is asked for itself: nothing open is closed, and what is gone is found in its turn."""
    world = World(seed, size=60, coverage="window", misses=1, window=15, looks=looks)
    ledger = Ledger(world)
    moves = world.store.moves
    closed = [move for move in moves if move.state == "closed"]
    # a move by a look is none of the run's settlement, which the ledger sees
    assert ledger.false == [m.external_id for m in closed if world.ads[m.external_id].open_at(m.at)] == []
    assert {move.because for move in closed} == {"expired", "page_gone"}
    assert any(move.because == "page_alive" and move.was == "unconfirmed" for move in moves)
    for day in range(world.days):
        begin = START + day * DAY
        assert sum(begin <= at < begin + DAY for at in world.asked) <= looks
    if looks == 10:
        # with room enough nothing waits longer than the answers that said nothing and the turn of the next look
        late = [life for life in world.store.lives.values() if life.state == "unconfirmed" and life.checked_at is None]
        assert all(world.end - life.last_seen < world.card.stale_after + 2 * DAY for life in late)


def test_looks_leave_a_catalogue_as_sure_as_it_was() -> None:
    for truth in TRUTHS:
        ledger = Ledger(World(3, truth=truth, looks=10))
        assert (ledger.false, ledger.slow, ledger.never_found(), ledger.held_for_ever) == ([], [], [], False)


def test_the_world_shows_its_faults() -> None:
    """The worlds above prove something: each fault occurs in them, and guards hold and let go."""
    codes: Counter[str] = Counter()
    faults, reasons, relists = set(), set(), 0
    for truth in TRUTHS:
        for seed in range(3):
            world = World(seed, truth=truth)
            codes.update(finding.code for _, settled in world.run() for finding in settled.findings)
            faults |= {event.kind for event in world.events}
            reasons |= {move.because for move in world.store.moves}
            relists += sum(move.reopened for move in world.store.moves)
    assert faults == set(FAULTS)
    assert relists > 20
    assert {"empty_doubted", "drop_doubted", "closing_doubted", "doubt_released", "board_gone_pending"} <= codes.keys()
    assert reasons >= {
        "first_seen",
        "seen_again",
        "missing",
        "expired",
        "drop_confirmed",
        "empty_confirmed",
        "board_gone",
    }
