"""An ad that leaves its catalogue is closed, and so is the job that it was; what returns is open again."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from spiders.replay import recordings
from tests.flows.rolecall import script

# The demo at a moment of our own, with one Greenhouse board from which the ads named on the command line are gone.
CHANGED = """
import json, sys
from spiders import replay

moment, gone = sys.argv[1], set(sys.argv[2:])
replay.CLOCK = moment
answer = replay.ReplayServer._reply_to

def changed(self, method, url, body, asked):
    status, said, headers = answer(self, method, url, body, {})
    if "boards-api.greenhouse.io" in url and "larkspurledger" in url and status == 200:
        board = json.loads(said)
        board["jobs"] = [job for job in board["jobs"] if str(job["id"]) not in gone]
        board.get("meta", {})["total"] = len(board["jobs"])
        said = json.dumps(board).encode()
    return status, said, {k: v for k, v in headers.items() if k.lower() != "etag"}

replay.ReplayServer._reply_to = changed
from flows.cli import main
main(["ingest", "--demo", "greenhouse", "--plain", "--json"])
"""


def run(data: Path, moment: str, *gone: str) -> Any:
    said = script(CHANGED, moment, *gone, data=data)
    assert said.code == 0, said.out + said.err
    return said.json


def ids() -> list[str]:
    """The ads of the changed board, as recorded."""
    lines = recordings()["greenhouse"].expected.read_text().splitlines()
    return [one["external_id"] for one in map(json.loads, lines) if one["board"] == "larkspurledger"]


def state_of(data: Path, external_id: str) -> Any:
    """State and reason of an ad, and the state of its job."""
    query = """SELECT p.state, p.closed_because, j.state, j.last_seen = p.last_seen
               FROM v_postings p JOIN job j ON j.job_id = p.job_id WHERE p.source = 'greenhouse' AND p.external_id = ?"""
    with sqlite3.connect(data / "demo.db") as conn:
        return conn.execute(query, (external_id,)).fetchone()


def test_an_ad_that_leaves_its_board_closes_its_job_and_one_that_returns_opens_it(tmp_path: Path) -> None:
    leaves, stays, *_ = ids()
    run(tmp_path, "2026-11-01T06:00:00+00:00")
    assert state_of(tmp_path, leaves) == ("open", None, "open", 1)

    gone = run(tmp_path, "2026-11-02T06:00:00+00:00", leaves)
    assert gone["postings"]["closed"] == 1
    state, because, job, _ = state_of(tmp_path, leaves)
    assert (state, job) == ("closed", "closed")
    assert because.startswith("missing: run")
    assert gone["run"] in because
    assert state_of(tmp_path, stays)[::2] == ("open", "open")
    assert state_of(tmp_path, stays)[3] == 1

    back = run(tmp_path, "2026-11-03T06:00:00+00:00")
    assert (back["postings"]["reopened"], back["postings"]["new"]) == (1, 0)
    assert state_of(tmp_path, leaves) == ("open", None, "open", 1)
