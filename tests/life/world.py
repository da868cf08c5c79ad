"""A world of boards with a clock of its own: what is truly open, and what a board shows of it on each run.

Assumed of a board, since no rule could tell otherwise: an API that calls its answer complete leaves out nothing, or
so much that a guard sees it (over 30 %); a page or feed leaves an ad out in fewer runs in a row than its card's
misses; a false answer lasts less than the guards' 48 hours, a false 404 of the board less than six.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from config.cards import Card
from flows.life import (
    BoardHistory,
    BoardSighting,
    Life,
    Look,
    Settlement,
    Transition,
    plan_checks,
    settle,
    settle_looks,
)
from storage.pieces import raw_id
from storage.tables import PageSays

START = dt.datetime(2026, 1, 5, 6, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def card(**said: Any) -> Card:
    """A valid card; every field may be said otherwise."""
    given: dict[str, Any] = {
        "source": "acme",
        "name": "Acme",
        "kind": "board",
        "home": "https://example.com",
        "terms": "not stated",
        "terms_read": dt.date(2026, 1, 1),
        "attribution": "Jobs by Acme",
        "every": "6h",
        "coverage": "catalogue",
        "misses": 1,
        "stale_after": "30d",
        "hosts": ("example.com",),
        "expect": {"min_postings": 1, "max_postings": 10_000, "filled": {"company": 0.9}},
    }
    return Card.model_validate(given | said)


@dataclass
class Store:
    """The rows of one board, as the database would keep them; history goes through its JSON each time."""

    card: Card
    lives: dict[str, Life] = field(default_factory=dict)
    history: dict[str, Any] = field(default_factory=dict)
    moves: list[Transition] = field(default_factory=list)
    number: int = 0

    def known(self, sighting: BoardSighting) -> list[Life]:
        """What the flow reads: all that is not closed, and what was seen."""
        return [
            life
            for life in self.lives.values()
            if life.state != "closed"
            or life.external_id in sighting.read
            or raw_id(life.external_id) in sighting.listed
            or life.external_id in sighting.listed
        ]

    def settle(self, sighting: BoardSighting) -> Settlement:
        """Settle a sighting and keep what it changed."""
        history = BoardHistory.from_json(self.history)
        settled = settle(self.card, history, self.known(sighting), sighting)
        for life in settled.lives:
            self.lives[life.external_id] = life
        self.history = settled.history.to_json()
        self.moves.extend(settled.transitions)
        return settled

    def see(self, at: dt.datetime, *ids: str, state: str = "complete", **said: Any) -> Settlement:
        """A run at a time that reads these ids."""
        self.number += 1
        sighting = sighting_of(self.number, at, *ids, state=state, **said)
        return self.settle(sighting)

    def states(self) -> dict[str, str]:
        """State by external id."""
        return {one: life.state for one, life in sorted(self.lives.items())}


def sighting_of(number: int, at: dt.datetime, *ids: str, state: str = "complete", **said: Any) -> BoardSighting:
    """A sighting of these ids; complete where its state says so."""
    read = said.pop("read", {})
    given: dict[str, Any] = {
        "run_id": f"r{number}",
        "number": number,
        "at": at,
        "state": state,
        "complete": state == "complete",
        "read": {**dict.fromkeys(ids), **read},
        "source": "acme",
        "board": "b",
    }
    return BoardSighting(**given | said)


@dataclass(frozen=True)
class Ad:
    """One true opening: listed over spans of time, with the end that it states, if any."""

    external_id: str
    spans: tuple[tuple[dt.datetime, dt.datetime], ...]
    valid_through: dt.datetime | None = None

    def open_at(self, at: dt.datetime) -> bool:
        """Truly open: listed, and not past the end it states."""
        return self.listed_at(at) and (self.valid_through is None or at <= self.valid_through)

    def listed_at(self, at: dt.datetime) -> bool:
        """On the board's true list."""
        return any(begin <= at < end for begin, end in self.spans)

    def open_between(self, begin: dt.datetime, end: dt.datetime) -> bool:
        """Truly open at some moment of a span of time."""
        last = min(end, self.valid_through) if self.valid_through else end
        return any(b <= last and begin < e for b, e in self.spans) and begin <= last


@dataclass(frozen=True)
class Event:
    """What happens to the whole board between two moments (faults), or from a moment on (the truth itself)."""

    kind: str
    begin: dt.datetime
    end: dt.datetime

    def holds(self, at: dt.datetime) -> bool:
        """Whether it holds at a moment."""
        return self.begin <= at < self.end


FAULTS = ("failed", "blocked", "rate_limited", "crashed", "partial", "false_empty", "false_short", "false_gone")
TRUTHS = ("none", "drop", "empty", "moved", "renumbered")


@dataclass
class World:
    """One board over ``days`` days, played by :meth:`run`."""

    seed: int
    size: int = 40
    coverage: str = "catalogue"
    misses: int = 1
    every: dt.timedelta = 6 * HOUR
    days: int = 90
    truth: str = "none"
    faults: tuple[str, ...] = FAULTS
    window: int = 20
    flaky: float = 0.02
    looks: int = 0
    """Own pages looked at in a day; none by default."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.end = START + self.days * DAY
        self.turn = START + self.days / 2 * DAY
        self.card = card(
            coverage=self.coverage, misses=self.misses, every=self.every, stale_after=dt.timedelta(days=14)
        )
        self.ads = {ad.external_id: ad for ad in self._ads()}
        self.events = list(self._events())
        self.store = Store(self.card)
        self.absent: dict[str, int] = {}
        self.asked: list[dt.datetime] = []
        self.last_list: frozenset[str] | None = None

    def _ads(self) -> Iterator[Ad]:
        """A steady board: whatever ends is followed by another; some pause and return, some state their end."""
        number = 0
        for _ in range(self.size):
            at = START - self.dice.random() * 30 * DAY
            while at < self.end:
                number += 1
                end = at + (2 + self.dice.random() * 60) * DAY
                yield self._ad(str(number), at, end)
                at = end + self.dice.random() * 2 * DAY

    def _ad(self, name: str, begin: dt.datetime, end: dt.datetime) -> Ad:
        spans: tuple[tuple[dt.datetime, dt.datetime], ...] = ((begin, end),)
        if self.dice.random() < 0.15 and end - begin > 20 * DAY:
            spans = ((begin, begin + 6 * DAY), (begin + 12 * DAY, end))
        states_end = self.dice.random() < 0.2
        ad = Ad(name, spans, begin + (end - begin) * 0.9 if states_end else None)
        if self.truth == "none" or (self.truth == "drop" and self.dice.random() < 0.4):
            return ad
        # the board's turn: the ad ends there, or comes back under another number (a ``renumbered`` board)
        cut = tuple((b, min(e, self.turn)) for b, e in ad.spans if b < self.turn)
        return replace(ad, spans=cut)

    def _events(self) -> Iterator[Event]:
        """A fault about every four days, each over before a guard would believe it; the last fortnight is quiet."""
        at = START + 2 * DAY
        while at < self.end - 16 * DAY and self.faults:
            kind = self.dice.choice(self.faults)
            longest = {"false_empty": 40, "false_short": 40, "false_gone": 5}.get(kind, 30)
            end = at + self.dice.uniform(1, longest) * HOUR
            yield Event(kind, at, end)
            at = end + self.dice.uniform(2, 6) * DAY

    def run(self) -> Iterator[tuple[BoardSighting, Settlement]]:
        """Every run of the world in turn."""
        at, number = START, 0
        while at < self.end:
            number += 1
            sighting = self.look(number, at)
            yield sighting, self.store.settle(sighting)
            self.look_at_pages(f"r{number}", at + HOUR / 60)
            at += self.every * self.dice.uniform(0.98, 1.04)

    def look(self, number: int, at: dt.datetime) -> BoardSighting:
        """What the board shows to one run."""
        # a crawl asks "has it changed?" only directly after a complete run
        last, self.last_list = self.last_list, None
        if self.truth == "moved" and at >= self.turn:
            return sighting_of(number, at, state="failed", board_gone=True)
        shown = self._shown(at)
        fault = next((e.kind for e in self.events if e.holds(at)), None)
        if fault in ("failed", "blocked", "rate_limited", "crashed"):
            return sighting_of(number, at, state=fault)
        if fault == "false_gone":
            return sighting_of(number, at, state="failed", board_gone=True)
        if fault == "partial":
            some = self.dice.sample(shown, len(shown) // 2)
            return sighting_of(number, at, state="partial", read=self._read(set(some)))
        if fault == "false_empty" or not shown:
            self.last_list = frozenset()
            return sighting_of(number, at, state="empty")
        if fault == "false_short" and self._guards_apply(at):
            few = sorted(shown)[: int(len(shown) * 0.5)]
            return self._answer(number, at, few, last)
        return self._answer(number, at, self._flaked(shown), last)

    def look_at_pages(self, run_id: str, at: dt.datetime) -> None:
        """Own pages of unconfirmed ads, as many as the day allows; one in three says nothing."""
        today = sum(at - asked < DAY for asked in self.asked)
        for life in plan_checks(self.store.lives.values(), at, budget=self.looks, looked_today=today):
            self.asked.append(at)
            said: PageSays = "alive" if self.ads[life.external_id].open_at(at) else "gone"
            if self.dice.random() < 1 / 3:
                said = "nothing"
            moves, lives = settle_looks([life], [Look(life.posting_key, at, run_id, said)])
            self.store.lives.update({one.external_id: one for one in lives})
            self.store.moves.extend(moves)

    def _answer(self, number: int, at: dt.datetime, shown: list[str], last: frozenset[str] | None) -> BoardSighting:
        """A complete answer: read in full, listed by id alone, or as unchanged."""
        same = last == frozenset(shown)
        self.last_list = frozenset(shown)
        if same and self.dice.random() < 0.5:
            return sighting_of(number, at, unchanged=True)
        if self.dice.random() < 0.3:
            known = [one for one in shown if one in self.store.lives]
            return sighting_of(
                number, at, read=self._read(set(shown) - set(known)), listed=frozenset(known), found=len(shown)
            )
        return sighting_of(number, at, read=self._read(set(shown)))

    def _read(self, ids: set[str]) -> dict[str, dt.datetime | None]:
        return {one: self.ads[one].valid_through for one in ids}

    def _shown(self, at: dt.datetime) -> list[str]:
        """The true list; of a window only its newest."""
        listed = [ad for ad in self.ads.values() if ad.listed_at(at)]
        if self.coverage == "window":
            listed = sorted(listed, key=lambda ad: max(b for b, _ in ad.spans if b <= at))[-self.window :]
        if self.truth == "renumbered" and at >= self.turn:
            return [self._renumbered(number, at) for number in range(self.size)]
        return [ad.external_id for ad in listed]

    def _renumbered(self, number: int, at: dt.datetime) -> str:
        name = f"new-{number}"
        self.ads.setdefault(name, Ad(name, ((self.turn, self.end + DAY),)))
        return name

    def _flaked(self, shown: list[str]) -> list[str]:
        """Pages and feeds lose an ad now and then, for fewer runs in a row than the card's misses."""
        if self.misses == 1:
            return shown
        kept = []
        for one in shown:
            lost = self.dice.random() < self.flaky and self.absent.get(one, self.misses) < self.misses - 1
            if not lost:
                kept.append(one)
        kept = kept or shown
        # one that was away for good reason is not lost as well when it returns
        self.absent = {one: self.absent.get(one, 0) + 1 for one in self.absent} | dict.fromkeys(kept, 0)
        return kept

    def _guards_apply(self, at: dt.datetime) -> bool:
        """Below the guards' floor a short answer of an API cannot be told from the truth."""
        return self.misses == 1 and sum(life.state != "closed" for life in self.store.lives.values()) >= 20
