"""After a run: boards are watched by their own history, what is paused is left alone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Engine

from config.load import cards
from flows.believe import Believers
from flows.findings import finding
from flows.order import Order
from flows.report.run import BoardReport, Report
from flows.run import Run
from flows.watch import watch_boards
from storage import store
from storage.engine import open_database, writing
from storage.models import RunState
from tests.flows.rolecall import rolecall

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
EVERY = cards()["remoteok"].every


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(f"sqlite:///{tmp_path / 'w.db'}")
    with writing(made) as conn:
        store.save_sources(conn, cards().values())
    yield made
    made.dispose()


def ran(engine: Engine, source: str, cadences_ago: float, state: RunState = "complete", **said: Any) -> str:
    """One finished run of one board in the past."""
    at = NOW - cadences_ago * EVERY
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=at)
        given = {"found": 100, "http": {"2xx": 10}, **said}
        complete = state == "complete"
        store.finish_board_run(conn, run_id, source, state=state, now=at, complete=complete, **given)
        store.finish_run(conn, run_id, state=state, now=at)
    return run_id


def watched(engine: Engine, *boards: BoardReport, order: Order | None = None, said: Any = ()) -> list[tuple[str, str]]:
    """Codes and sources of what the watch adds to a report that says this already."""
    report = Report("now", "crawl", NOW, boards=list(boards), findings=list(said))
    run = Run(order or Order(), engine, "now", 99, lambda: NOW, Path(), cast(Believers, None), report)
    watch_boards(run)
    return [(f.code, f.source) for f in report.findings[len(said) :]]


def test_a_drop_is_told(engine: Engine) -> None:
    for past in (4, 3, 2, 1):
        ran(engine, "remoteok", past)
    ran(engine, "remoteok", 0, found=10)
    assert watched(engine, BoardReport("remoteok", "", "complete", found=10)) == [("item_drop", "remoteok")]


def test_what_a_gate_has_said_is_not_said_again(engine: Engine) -> None:
    for past in (4, 3, 2, 1):
        ran(engine, "remoteok", past)
    ran(engine, "remoteok", 0, "partial", found=10, because="too few")
    few = finding("too_few", "remoteok", found=10, expected=50)
    board = BoardReport("remoteok", "", "partial", found=10)
    assert watched(engine, board) == [("partial", "remoteok")]
    assert watched(engine, board, said=[few]) == []


def test_a_board_that_was_not_heard_of_is_stale(engine: Engine) -> None:
    ran(engine, "remoteok", 2.1)
    ran(engine, "jobicy", 1.5)
    assert watched(engine) == [("stale", "remoteok")]


def test_what_was_said_already_is_not_said_again_and_a_warning_silences_nothing_else(engine: Engine) -> None:
    for past in (4, 3, 2, 1):
        ran(engine, "remoteok", past)
    ran(engine, "remoteok", 0, found=10)
    board = BoardReport("remoteok", "", "complete", found=10)
    odd = finding("rejections", "remoteok", rejected=5, of=50, reason="no_title")
    assert watched(engine, board, said=[odd]) == [("item_drop", "remoteok")]
    drop = finding("item_drop", "remoteok", found=10, median="100")
    assert watched(engine, board, said=[drop]) == []


def test_a_board_that_is_off_or_was_never_read_whole_is_not_missed(engine: Engine) -> None:
    off = next(card for card in cards().values() if not card.on)
    ran(engine, off.source, 99)
    ran(engine, "remoteok", 9, "failed")
    assert watched(engine) == []


def test_a_paused_board_is_not_missed(engine: Engine) -> None:
    ran(engine, "remoteok", 9)
    with writing(engine) as conn:
        store.pause_source(conn, "remoteok", now=NOW)
    assert watched(engine) == []


def test_files_and_demo_are_not_watched(engine: Engine) -> None:
    ran(engine, "remoteok", 9)
    assert watched(engine, order=Order(demo=True)) == []
    assert watched(engine, order=Order(files=(Path("x.jsonl"),))) == []


def test_pause_and_resume_on_the_command_line(tmp_path: Path) -> None:
    assert rolecall("migrate", data=tmp_path).code == 0
    said = rolecall("pause", "remoteok", "--because", "asked to", "--json", data=tmp_path)
    assert (said.code, said.json["because"]) == (0, "asked to")
    listed = {one["source"]: one for one in rolecall("sources", "--json", data=tmp_path).json}
    assert "asked to" in json.dumps(listed["remoteok"])
    assert rolecall("resume", "remoteok", data=tmp_path).code == 0
    listed = {one["source"]: one for one in rolecall("sources", "--json", data=tmp_path).json}
    assert "asked to" not in json.dumps(listed["remoteok"])


def test_pausing_what_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    said = rolecall("pause", "remotok", data=tmp_path)
    assert said.code == 2
    assert "remoteok" in said.err


def test_prefect_yaml_is_written_from_the_command_line(tmp_path: Path) -> None:
    from flows.deploy import prefect_yaml

    out = tmp_path / "prefect.yaml"
    assert rolecall("deploy", "--write", out, data=tmp_path).code == 0
    assert out.read_text(encoding="utf-8") == prefect_yaml()
