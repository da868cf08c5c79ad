"""Files that people read are switched as a whole after a good run, and kept after a bad one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from config.settings import settings
from flows.findings import finding
from flows.ingest import ingest
from flows.order import Order
from flows.report.run import Report
from storage import read, store
from storage.engine import open_database, reading, writing
from tests.flows.test_ingest_from import lines, posting


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where files are published to, by an environment of its own."""
    monkeypatch.setenv("ROLECALL_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ROLECALL_DATABASE", raising=False)
    monkeypatch.setenv("ROLECALL_PUBLISH", str(tmp_path / "public"))
    settings.cache_clear()
    yield tmp_path / "public"
    settings.cache_clear()


@contextmanager
def database() -> Iterator[Engine]:
    engine = open_database(settings().database_url())
    yield engine
    engine.dispose()


def run(tmp_path: Path, *numbers: int) -> Report:
    file = tmp_path / "some.jsonl"
    file.write_bytes(lines(*(posting(n) for n in numbers)))
    return ingest(Order(files=(file,)))


def test_a_good_run_replaces_every_file(folder: Path, tmp_path: Path) -> None:
    run(tmp_path, 1, 2)
    run(tmp_path, 3)
    assert sorted(path.name for path in folder.iterdir()) == ["jobs.csv", "jobs.parquet", "postings.parquet"]
    assert pq.read_metadata(folder / "postings.parquet").num_rows == 3


def test_only_what_killed_runs_left_half_built_is_swept(folder: Path, tmp_path: Path) -> None:
    """What a run that lives is building stays, and so does what is none of ours."""
    run(tmp_path, 1)
    with database() as engine, writing(engine) as conn:
        begun = [store.start_run(conn, kind="file", now=dt.datetime.now(dt.UTC)) for _ in range(2)]
        store.finish_run(conn, begun[0], state="crashed", now=dt.datetime.now(dt.UTC))
    for name in (*begun, "notes"):
        (folder / f".{name}").mkdir()
        (folder / f".{name}" / "jobs.csv").touch()
    run(tmp_path, 2)
    assert sorted(path.name for path in folder.glob(".*")) == sorted([f".{begun[1]}", ".notes"])


def test_f13_a_failed_gate_keeps_the_last_good_files_and_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, 1, 2)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr("flows.check.check_whole", lambda _: (finding("whole_unmatched", loose=1),))
    report = run(tmp_path, 3)
    assert report.exit_code == 4
    assert "publish_kept" in {found.code for found in report.findings}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_f13_a_file_that_comes_out_wrong_replaces_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, 1, 2)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    from flows import publish

    whole = publish.export
    monkeypatch.setattr(publish, "export", lambda *a: whole(*a) - (a[1] == "jobs"))
    report = run(tmp_path, 3)
    assert report.exit_code == 4
    assert {found.code for found in report.findings} >= {"export_differs"}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_stage_that_fails_leaves_a_failed_run_and_the_next_makes_up_for_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("flows.ingest.rematch", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(tmp_path, 1, 2)
    report = run(tmp_path, 3)
    assert report.totals["jobs"] == 3
    with database() as engine, reading(engine) as conn:
        assert [row["state"] for row in read.runs(conn)] == ["complete", "failed"]
        assert "ZeroDivisionError" in read.runs(conn)[1]["because"]
