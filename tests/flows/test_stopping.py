"""What ends a run early: SIGTERM, a source that fails, a process that is killed. Nothing complete is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.flows.rolecall import environment, rolecall, script

SOME = ("remoteok", "remotive", "lever", "greenhouse")

# The demo, but one source answers only when it is told to: so the run is in the middle of its crawl for as long as
# the test wants. What stands still is the real crawl process, waiting for a real answer.
HELD = """
import sys, threading
from contextlib import contextmanager
from flows import crawl, gather
from spiders import replay

replayed = gather._replayed
crawl.stop.__defaults__ = (1.0,)  # a held answer never comes: no child ends by itself, however long it is waited for

@contextmanager
def patient():
    with replayed() as said:
        yield said | {"DOWNLOAD_TIMEOUT": 900}

gather._replayed = patient

held, source = threading.Event(), sys.argv[1]
answer = replay.ReplayServer._reply_to

def hold(self, method, url, body, asked):
    if source in url:
        print("held", flush=True)
        held.wait(900)
    return answer(self, method, url, body, asked)

replay.ReplayServer._reply_to = hold
from flows.cli import main
main(["ingest", "--demo", "--json", *sys.argv[2:]])
"""


def begin(data: Path, *more: str, sources: Sequence[str] = SOME) -> subprocess.Popen[str]:
    """A demo run that waits for RemoteOK's answer; returned when it waits."""
    run = subprocess.Popen(
        [sys.executable, "-c", HELD, "remoteok.com/api", *sources, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(data),
    )
    assert run.stdout
    for line in run.stdout:
        if line.strip() == "held":
            break
    return run


def rows(data: Path, query: str) -> list[Any]:
    with sqlite3.connect(data / "demo.db") as conn:
        return conn.execute(query).fetchall()


def children_of(data: Path) -> list[int]:
    """Crawl processes that work in this data folder."""
    found = []
    for proc in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            said = proc.read_bytes()
        except OSError:
            continue
        if b"spiders.crawl" in said and str(data).encode() in said:
            found.append(int(proc.parent.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize(
    ("how", "more"), [(signal.SIGTERM, "--plain"), pytest.param(signal.SIGINT, "--plain", marks=pytest.mark.long)]
)
def test_f14_a_signal_stops_the_crawl_in_order(tmp_path: Path, how: int, more: str) -> None:
    run = begin(tmp_path, more)
    assert children_of(tmp_path)
    run.send_signal(how)
    _, err = run.communicate(timeout=300)
    assert run.returncode == 130, err
    assert "cancelled" in err
    assert "Traceback" not in err
    assert children_of(tmp_path) == []
    assert rows(tmp_path, "SELECT state FROM run") == [("cancelled",)]
    assert rows(tmp_path, "SELECT count(*) FROM posting WHERE state = 'closed' AND closed_because LIKE 'missing%'") == [
        (0,)
    ]
    assert rows(tmp_path, "SELECT name FROM lease") == []


def test_f03_a_killed_run_is_marked_crashed_and_made_up_for_by_the_next(tmp_path: Path) -> None:
    run = begin(tmp_path, "--plain")
    run.kill()
    run.wait()
    for child in children_of(tmp_path):
        os.kill(child, signal.SIGKILL)
    again = rolecall("ingest", "--demo", *SOME, "--plain", "--json", data=tmp_path)
    assert again.code == 0, again.err
    assert [state for (state,) in rows(tmp_path, "SELECT state FROM run ORDER BY run_id")] == ["crashed", "complete"]
    assert "run_crashed" in {finding["code"] for finding in again.json["findings"]}

    whole = tmp_path / "whole"
    whole.mkdir()
    assert rolecall("ingest", "--demo", *SOME, "--plain", data=whole).code == 0
    query = """SELECT source, board, external_id, state, believed_hash, job_id
               FROM posting JOIN sighting USING (posting_key) ORDER BY 1, 2, 3"""
    assert rows(tmp_path, query) == rows(whole, query)


BROKEN = """
import sys
from contextlib import contextmanager
from flows import gather
from spiders import replay

replayed = gather._replayed

@contextmanager
def impatient():
    with replayed() as said:
        yield said | {"ROLECALL_BACKOFF": 0.1}

gather._replayed = impatient

answer = replay.ReplayServer._reply_to

def broken(self, method, url, body, asked):
    if sys.argv[1] in url:
        return int(sys.argv[2]), b"no", {"Content-Type": "text/plain"}
    return answer(self, method, url, body, asked)

replay.ReplayServer._reply_to = broken
from flows.cli import main
main(["ingest", "--demo", "--plain", "--json", "remoteok", "remotive", "lever", "greenhouse"])
"""


@pytest.mark.parametrize(("status", "state"), [(500, "failed"), pytest.param(403, "blocked", marks=pytest.mark.long)])
def test_one_source_that_fails_leaves_the_others_whole(tmp_path: Path, status: int, state: str) -> None:
    assert rolecall("ingest", "--demo", *SOME, "--plain", data=tmp_path).code == 0
    before = rows(tmp_path, "SELECT posting_key, state FROM posting ORDER BY 1")
    run = script(BROKEN, "remotive.com", str(status), data=tmp_path)
    assert run.code == 5, run.err
    report = run.json
    assert report["state"] == "partial"
    bad = {source: said for source, said in report["sources"].items() if said != "complete"}
    assert bad == {"remotive": state}
    assert rows(tmp_path, "SELECT posting_key, state FROM posting ORDER BY 1") == before
