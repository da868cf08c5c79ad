"""The demo is the real flow: every recorded source, twice, on both engines, with Prefect and without."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from spiders.replay import recordings
from storage import schema
from storage.engine import connect
from storage.migrations import HEAD
from tests.demos import Demo
from tests.flows.rolecall import rolecall


def url(data: Path) -> str:
    return f"sqlite:///{data / 'demo.db'}"


def test_the_demo_stays_out_of_a_database_with_real_runs(tmp_path: Path) -> None:
    lines = rolecall("read", "remotive", *sorted(recordings()["remotive"].folder.glob("*.json")), data=tmp_path)
    (tmp_path / "postings.jsonl").write_text(lines.out)
    real = f"sqlite:///{tmp_path / 'real.db'}"
    assert (
        rolecall("ingest", "--from", tmp_path / "postings.jsonl", "--plain", "--database", real, data=tmp_path).code
        == 0
    )
    refused = rolecall("ingest", "--demo", "--plain", "--database", real, data=tmp_path)
    assert refused.code == 3
    assert "holds real runs" in refused.err
    assert len(refused.err.splitlines()) == 1


def test_the_demos_own_database_of_an_earlier_version_is_brought_to_this_one(tmp_path: Path) -> None:
    engine = connect(url(tmp_path), create=True)
    schema.make(engine, "0001")
    engine.dispose()
    said = rolecall("ingest", "--demo", "--plain", "--json", data=tmp_path)
    assert said.code == 0, said.err
    assert f"brought from schema 0001 to {HEAD}" in said.err
    assert said.json["state"] == "complete"
    # one that somebody names is theirs to back up first
    schema.make(engine := connect(f"sqlite:///{tmp_path / 'theirs.db'}", create=True), "0001")
    engine.dispose()
    theirs = rolecall("ingest", "--demo", "--database", f"sqlite:///{tmp_path / 'theirs.db'}", data=tmp_path)
    assert theirs.code == 3
    assert "rolecall migrate" in theirs.err
    assert len(theirs.err.splitlines()) == 1


@pytest.mark.postgresql
def test_postgresql_gets_the_same_rows(postgresql: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    said = rolecall("ingest", "--demo", "--plain", "--json", "--database", postgresql, data=tmp_path)
    assert said.code == 0, said.err
    # asked for late: another process may be making it meanwhile
    demo: Demo = request.getfixturevalue("prefect_demo")
    on_sqlite = url(demo.copy(tmp_path / "sqlite"))
    for what in ("postings", "jobs"):
        ours = rolecall("export", what, "--database", on_sqlite, data=tmp_path)
        theirs = rolecall("export", what, "--database", postgresql, data=tmp_path)
        assert ours.out
        assert theirs.out == ours.out


def test_the_first_run_reads_every_recorded_source_completely(prefect_demo: Demo) -> None:
    said = prefect_demo.said
    assert said.code == 0, said.err
    report = said.json
    assert report["state"] == "complete"
    assert report["sources"] == dict.fromkeys(sorted(recordings()), "complete")
    assert 0 < report["jobs"]["total"] < report["postings"]["total"] == report["postings"]["new"]
    assert [f for f in report["findings"] if f["level"] == "error"] == []


def test_the_second_run_changes_nothing(prefect_demo: Demo, tmp_path: Path) -> None:
    data = prefect_demo.copy(tmp_path / "data")
    before = tables(data)
    said = rolecall("ingest", "--demo", "--plain", "--json", data=data, cold=True)
    assert said.code == 0, said.err
    figures = said.json["postings"]
    assert {name: figures[name] for name in ("new", "changed", "closed", "reopened")} == {
        "new": 0,
        "changed": 0,
        "closed": 0,
        "reopened": 0,
    }
    assert figures["total"] == prefect_demo.said.json["postings"]["total"]
    assert tables(data) == before


def test_segments_that_are_stored_are_not_kept(prefect_demo: Demo) -> None:
    assert list(prefect_demo.folder.glob("spool*/**/*.jsonl*")) == []


def test_what_a_person_asks_next(prefect_demo: Demo, tmp_path: Path) -> None:
    data = prefect_demo.copy(tmp_path / "data")
    jobs = rolecall("export", "jobs", "--format", "jsonl", "--database", url(data), data=data).lines
    crossposted = max(jobs, key=lambda job: job["posting_count"])
    assert crossposted["posting_count"] > 2
    why = rolecall("why", crossposted["job_id"], "--database", url(data), data=data)
    assert why.code == 0
    assert "founding ad" in why.out
    assert "joined by" in why.out
    assert crossposted["role"] in why.out
    status = rolecall("status", "--json", "--database", url(data), data=data).json
    assert {board["source"] for board in status["boards"]} == set(recordings())
    assert rolecall("status", "--database", url(data), data=data).code == 0
    assert " (demo), complete: boards: " in rolecall("run", "--database", url(data), data=data).out


def tables(data: Path) -> dict[str, list[Any]]:
    """Every believed row, by table."""
    with sqlite3.connect(data / "demo.db") as conn:
        names = ("posting_skill", "job", "match_link", "match_event", "posting_change", "capture")
        return {name: sorted(map(repr, conn.execute(f"SELECT * FROM {name}"))) for name in names}
