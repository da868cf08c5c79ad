"""Runs that meet each other, code that fails, children that die (S-05, F-01, F-02, F-13)."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config.settings import settings
from flows import crawl as doorway
from flows.crawl import Task, crawl
from flows.ingest import ingest
from flows.order import Order
from flows.settle import settle
from tests.flows.rolecall import environment, rolecall
from tests.flows.test_stopping import begin, children_of
from tests.trust import runs


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own for runs in this process."""
    monkeypatch.setenv("ROLECALL_DATA", str(tmp_path))
    monkeypatch.delenv("ROLECALL_DATABASE", raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_s05_two_runs_of_one_board_at_one_time(tmp_path: Path) -> None:
    """The second finds the lease taken, says so and stores nothing; the first keeps its lease and crawls on."""
    first = begin(tmp_path, "--plain", sources=("remoteok",))
    try:
        second = rolecall("ingest", "--demo", "--plain", "--json", "remoteok", data=tmp_path)
        assert second.code == 0, second.err
        assert [(one["source"], one["why"]) for one in second.json["skipped"]] == [
            ("remoteok", "another run is crawling it")
        ]
        assert second.json["postings"]["total"] == 0
        assert children_of(tmp_path)
    finally:
        first.kill()
        first.communicate(timeout=90)
        for child in children_of(tmp_path):
            os.kill(child, signal.SIGKILL)
    with sqlite3.connect(tmp_path / "demo.db") as conn:
        assert conn.execute("SELECT state FROM run ORDER BY run_id").fetchall() == [(None,), ("skipped",)]
        assert (
            conn.execute("SELECT DISTINCT holder FROM lease").fetchall()
            == conn.execute("SELECT run_id FROM run WHERE state IS NULL").fetchall()
        )


def test_f02_two_crawls_in_one_process(data: Path) -> None:
    """A reactor starts once a process: each crawl has a process of its own."""
    order = Order(sources=("remotive",), demo=True)
    first, second = ingest(order), ingest(order)
    assert [first.state, second.state] == ["complete", "complete"]
    assert first.sum("new") > 0
    assert (second.sum("new"), second.sum("changed")) == (0, 0)


CHILD = """#!{python}
import json, os, pathlib, signal, sys
order = json.loads(pathlib.Path(sys.argv[-1]).read_text())
boards = order["sources"][0]["boards"]
def end(board, state):
    with open(order["spool"] + "/outcomes.jsonl", "a") as file:
        print(json.dumps({{"source": "lever", "board": board, "state": state, "asked": boards}}), file=file)
end(boards[0], "failed" if len(boards) == 3 else "complete")
if len(boards) == 3:
    os.kill(os.getpid(), signal.SIGKILL)
if "{never}" in boards:
    os.kill(os.getpid(), signal.SIGKILL)
[end(board, "complete") for board in boards[1:]]
"""


@pytest.mark.parametrize(
    ("never", "states"),
    [("", ["failed", "complete", "complete"]), ("c", ["failed", "complete", "crashed"])],
)
def test_f01_a_dead_child_is_started_once_more_for_what_it_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, never: str, states: list[str]
) -> None:
    """A board that failed has had its answer and is not asked again; one without an outcome is, but only once."""
    child = tmp_path / "child"
    child.write_text(CHILD.format(python=sys.executable, never=never))
    child.chmod(child.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(doorway, "sys", SimpleNamespace(executable=str(child)))
    outcomes = list(crawl([[Task("lever", ("a", "b", "c"))]], run_id="R", spool=tmp_path / "spool"))
    assert [(one["board"], one["state"]) for one in outcomes] == list(zip("abc", states, strict=True))
    assert outcomes[0]["asked"] == ["a", "b", "c"]
    assert outcomes[1]["asked"] == ["b", "c"]


@pytest.mark.parametrize("stage", ["clean", "classify"])
def test_f13_a_stage_that_fails_on_every_record_stores_and_publishes_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setenv("ROLECALL_PUBLISH", str(data / "public"))
    url = f"sqlite:///{data / 'rolecall.db'}"
    file = runs.write_lines(data / "some.jsonl", [runs.said(n) for n in range(30)])
    runs.leave_segment(data, range(30))
    runs.run(data, url, file)
    before = {path.name: path.read_bytes() for path in (data / "public").iterdir()}
    stored = runs.believed(url)

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("a rule of today")

    monkeypatch.setattr(f"flows.believe.{stage}", broken)
    runs.write_lines(file, [runs.said(n, title="Data Engineer") for n in range(50)])
    runs.leave_segment(data, range(50))
    report = runs.run(data, url, file)
    assert report.exit_code != 0
    assert {path.name: path.read_bytes() for path in (data / "public").iterdir()} == before
    after = runs.believed(url)
    assert {name for name in stored if after[name] != stored[name]} <= {"rejection", "sources_daily"}
    assert len(after["rejection"]) >= 50
    assert "ZeroDivisionError" in json.dumps(after["rejection"])


def test_f12_a_notification_that_fails_is_a_note_of_a_run_that_is_what_it_would_have_been(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{data / 'rolecall.db'}"
    file = runs.write_lines(data / "some.jsonl", [runs.said(n) for n in range(9)], b"nonsense\n")
    told = runs.run(data, f"sqlite:///{data / 'other.db'}", file)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        monkeypatch.setenv("ROLECALL_NOTIFY", f"json://{address}/hook")
        monkeypatch.setenv("ROLECALL_NOTIFY_PRIVATE", address)
        monkeypatch.setenv("ROLECALL_NOTIFY_LEVEL", "note")
        report = runs.run(data, url, file)
    assert (report.state, report.exit_code, report.totals) == (told.state, told.exit_code, told.totals)
    assert {f.code for f in report.findings} == {f.code for f in told.findings} | {"notify_failed"}
    with sqlite3.connect(data / "rolecall.db") as conn:
        assert conn.execute("SELECT level FROM finding WHERE code = 'notify_failed'").fetchall() == [("note",)]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_f14_ctrl_c_between_two_boards_keeps_the_first(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was settled before the signal stays, the row says cancelled, and nothing is closed."""

    def then_stopped(run: Any, board: Any) -> Any:
        settle(run, board)
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.ingest.settle", then_stopped)
    with pytest.raises(KeyboardInterrupt):
        ingest(Order(sources=("remotive", "jobicy"), demo=True))
    assert children_of(data) == []
    with sqlite3.connect(data / "rolecall.db") as conn:
        assert conn.execute("SELECT state FROM run").fetchall() == [("cancelled",)]
        assert conn.execute("SELECT count(DISTINCT source) FROM posting").fetchone() == (1,)
        assert conn.execute("SELECT count(*) FROM posting WHERE closed_because LIKE 'missing%'").fetchone() == (0,)


WORKING = """
import datetime as dt, os, signal
from flows import believe
from flows.land import Landed
from spiders.items import RawPosting

if __name__ == "__main__":
    believe.IN_PLACE = 0
    raw = RawPosting(source="x", external_id="1", url="https://example.com/", title="Dev")
    with believe.Believers(2) as believers:
        next(believers.batches([Landed(raw, b"{}")] * 900, {}, dt.datetime(2026, 11, 1, tzinfo=dt.UTC)))
        print(*believers._pool._processes, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_f03_workers_end_with_the_run_that_was_killed(tmp_path: Path) -> None:
    """The pipe of the run's output closes when the last process that holds it has ended: no worker outlives it."""
    script = tmp_path / "working.py"
    script.write_text(WORKING)
    root = str(Path(__file__).parents[2])
    run = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        env=environment(tmp_path, {"PYTHONPATH": root}),
        timeout=60,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL
    assert len(run.stdout.split()) == 2
