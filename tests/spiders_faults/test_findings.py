"""P-07, P-08 to the end: what a board never said before stands in the report of the run, and is no default."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from spiders.replay import recordings
from tests.flows.rolecall import script

# The demo of one source, whose first ad says three things that nobody has seen before.
CHANGED = """
import json
from spiders import replay

answer = replay.ReplayServer._reply_to

def changed(self, method, url, body, asked):
    status, said, headers = answer(self, method, url, body, {})
    if "remotive.com/api" in url and status == 200:
        board = json.loads(said)
        board["jobs"][0] |= {"mood": "calm", "salary": {"from": 1}, "job_type": "gig"}
        said = json.dumps(board).encode()
    return status, said, {k: v for k, v in headers.items() if k.lower() != "etag"}

replay.ReplayServer._reply_to = changed
from flows.cli import main
main(["ingest", "--demo", "remotive", "--plain", "--json"])
"""


def test_p07_p08_what_is_new_is_a_finding_of_the_run_and_never_a_default(tmp_path: Path) -> None:
    said = script(CHANGED, data=tmp_path)
    assert said.code == 0, said.out + said.err
    findings = [one for one in said.json["findings"] if one["code"].startswith("unknown_")]
    words = json.dumps(findings)
    assert sorted(one["code"] for one in findings) == ["unknown_key", "unknown_value", "unknown_value"], words
    assert all(word in words for word in ("mood", "salary", "an object", "employment_type", "gig"))
    first = json.loads(recordings()["remotive"].exchanges[0].answer())["jobs"][0]["id"]
    with sqlite3.connect(tmp_path / "demo.db") as database:
        query = "SELECT employment_type, salary_raw, salary_min FROM posting WHERE external_id = ?"
        assert database.execute(query, (str(first),)).fetchall() == [("unknown", None, None)]
