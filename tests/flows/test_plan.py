"""What of an order is due, from one look at the books: by board, by source, and by the calls of a whole source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from config.load import cards
from config.settings import settings
from flows.crawl import Task
from flows.due import LastRun
from flows.gather import groups, last_runs, plan
from flows.order import Order
from flows.run import opened
from storage import read, store
from storage.engine import open_database, reading, writing

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = open_database(database)
    yield made
    made.dispose()


def ran(
    engine: Engine, ago: dt.timedelta, boards: dict[tuple[str, str], str], *, kind: Any = "crawl", **said: Any
) -> str:
    """A run that tried boards, so long ago; their states by (source, board)."""
    at = NOW - ago
    with writing(engine) as conn:
        run = store.start_run(conn, kind=kind, now=at)
        for (source, board), state in boards.items():
            store.finish_board_run(conn, run, source, board, state=state, now=at, started_at=at, **said)  # type: ignore[arg-type]
        store.finish_run(conn, run, state="complete", now=at)
    return run


def test_the_last_run_of_each_board_and_all_of_a_day(engine: Engine) -> None:
    acme, beta, gamma = ("lever", "acme"), ("lever", "beta"), ("jobicy", "")
    old = ran(engine, 40 * DAY, {acme: "complete", beta: "failed"})
    ran(engine, 30 * DAY, {acme: "complete"})
    ran(engine, 20 * DAY, {acme: "skipped"})
    ran(engine, 10 * DAY, {acme: "complete"}, kind="file")
    near = [ran(engine, hours * HOUR, {gamma: "complete"}) for hours in (25, 20, 10, 1)]
    last = ran(engine, 0.5 * HOUR, {acme: "skipped"})
    with reading(engine) as conn:
        found = read.last_board_runs(conn, since=NOW - DAY)
    said = {board: [(row["run_id"], row["state"]) for row in rows] for board, rows in found.items()}
    assert said[beta] == [(old, "failed")]
    assert said[gamma] == [(run, "complete") for run in near[:0:-1]]
    assert [state for _, state in said[acme]] == ["skipped", "complete"]
    assert said[acme][0][0] == last
    assert found[acme][1]["started_at"] == NOW - 30 * DAY


def row(run: str, board: str, hours_ago: float, state: str = "complete", pages: int = 1, **http: int) -> dict[str, Any]:
    at = NOW - hours_ago * HOUR
    return {"run_id": run, "board": board, "started_at": at, "state": state, "pages": pages, "http": http}


def test_a_source_is_judged_by_all_of_its_boards() -> None:
    rows = {
        ("adzuna", "gb"): [row("3", "gb", 1, "skipped"), row("2", "gb", 2, pages=4, h2xx=5)],
        ("adzuna", "us"): [row("2", "us", 1.9, "partial", pages=3), row("1", "us", 30)],
    }
    found = last_runs(rows)["adzuna"]
    assert found["gb"] == [LastRun(NOW - HOUR, "skipped", 1), LastRun(NOW - 2 * HOUR, "complete", 5)]
    assert found[None] == [
        LastRun(NOW - HOUR, "skipped", 1),
        LastRun(NOW - 2 * HOUR, "complete", 8),
        LastRun(NOW - 30 * HOUR, "complete", 1),
    ]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ROLECALL_DATA", str(tmp_path))
    monkeypatch.delenv("ROLECALL_DATABASE", raising=False)
    monkeypatch.setenv("ROLECALL_ADZUNA_APP_ID", "x")
    monkeypatch.setenv("ROLECALL_ADZUNA_APP_KEY", "x")
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """SELECTs that are sent meanwhile."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_source_of_several_catalogues_keeps_its_cadence(data: Path) -> None:
    """Adzuna's boards are countries that no order names: what they were asked counts for the source."""
    engine = open_database(settings().database_url())
    ran(engine, HOUR, {("adzuna", "gb"): "complete", ("adzuna", "us"): "complete"})
    with opened(Order(sources=("adzuna",)), clock=lambda: NOW) as run:
        made = plan(run)
        assert made.tasks == []
        assert [(one.source, one.next_at) for one in made.skipped] == [("adzuna", NOW + 23 * HOUR)]
    with opened(Order(sources=("adzuna",)), clock=lambda: NOW + 23 * HOUR) as run:
        assert plan(run).tasks == [Task("adzuna")]


def test_the_books_are_asked_once_however_many_boards_there_are(data: Path) -> None:
    engine = open_database(settings().database_url())
    boards = [("lever", f"tenant{n}") for n in range(200)]
    for days in (3, 2, 1):
        ran(engine, days * DAY, dict.fromkeys(boards, "complete"))
    names = tuple("/".join(board) for board in boards)
    with opened(Order(sources=names), clock=lambda: NOW) as run, counted(run.engine) as sent:
        made = plan(run)
    assert [len(task.boards or ()) for task in made.tasks] == [200]
    assert len(sent) == 2, sent


def test_who_waits_holds_up_nobody_else() -> None:
    waits = Task("remotive", begin=NOW)
    others = [Task("jobicy"), Task("himalayas"), Task("remoteok")]
    made = groups([waits, *others], 2)
    assert made[-1] == [waits]
    assert sorted(task.source for group in made[:-1] for task in group) == ["himalayas", "jobicy", "remoteok"]
    assert len(made) == 3


def test_a_source_without_its_key_is_left_out_and_said(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLECALL_ADZUNA_APP_KEY")
    with opened(Order(sources=("adzuna",), force=True), clock=lambda: NOW) as run:
        made = plan(run)
    assert made.tasks == []
    assert [one.why for one in made.skipped] == ["needs ROLECALL_ADZUNA_APP_KEY"]


def test_forcing_a_source_overrules_its_cadence_and_no_limit_of_the_site_nor_a_source_that_is_off(data: Path) -> None:
    off = next(card.source for card in cards().values() if not card.on)
    engine = open_database(settings().database_url())
    ran(engine, HOUR, {(source, ""): "complete" for source in ("jobicy", "remotive", off)})
    engine.dispose()
    for force, due in ((False, []), (True, ["jobicy"])):
        with opened(Order(sources=("jobicy", "remotive", off), force=force), clock=lambda: NOW) as run:
            made = plan(run)
        assert [task.source for task in made.tasks] == due
        assert {one.source for one in made.skipped} == {"jobicy", "remotive", off} - set(due)
    with writing(engine) as conn:
        store.pause_source(conn, "jobicy", now=NOW)
    with opened(Order(sources=("jobicy",), force=True), clock=lambda: NOW) as run:
        assert plan(run).tasks == []


def test_a_slot_that_comes_seconds_early_is_waited_for(data: Path) -> None:
    """Remotive: every six hours, and no more than four calls a day."""
    card = cards()["remotive"]
    assert (card.every, card.calls_per_day) == (6 * HOUR, 4)
    late = dt.timedelta(seconds=4)
    engine = open_database(settings().database_url())
    for hours in (24, 18, 12, 6):
        ran(engine, hours * HOUR - late, {("remotive", ""): "complete"}, pages=1)
    with opened(Order(sources=("remotive",)), clock=lambda: NOW) as run:
        assert plan(run).tasks == [Task("remotive", begin=NOW + late)]
