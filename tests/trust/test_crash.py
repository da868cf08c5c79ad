"""A run torn apart at any seam: the next one makes up for it, and what is believed is what it would have been (S-01 to S-03)."""

from __future__ import annotations

import signal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.trust import runs

ADS = range(40)
PUBLISHED = ["jobs.csv", "jobs.parquet", "postings.parquet"]


def inputs(data: Path) -> Path:
    """A segment that an earlier run left behind, and a file to load; one line of it is none."""
    runs.leave_segment(data, range(30, 45))
    return runs.write_lines(data / "some.jsonl", [runs.said(n) for n in ADS], b"nonsense\n")


_UNDISTURBED: dict[str, tuple[dict[str, list[str]], bytes]] = {}


@pytest.fixture
def undisturbed(other_database: str, tmp_path: Path) -> tuple[dict[str, list[str]], bytes]:
    """What an engine believes after the same work without a kill, and what the CSV of jobs holds; worked out once."""
    name = other_database.partition(":")[0]
    if name not in _UNDISTURBED:
        data = tmp_path / "undisturbed"
        runs.run(data, other_database, inputs(data))
        _UNDISTURBED[name] = runs.believed(other_database), (data / "public" / "jobs.csv").read_bytes()
    return _UNDISTURBED[name]


def same(mine: dict[str, list[str]], theirs: dict[str, list[str]]) -> list[str]:
    """Tables that differ."""
    return [name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)]


@pytest.mark.parametrize("seam", runs.SEAMS)
def test_s01_s02_s03_killed_at_a_seam_and_made_up_for(
    seam: str, database: str, tmp_path: Path, undisturbed: tuple[dict[str, list[str]], bytes]
) -> None:
    believed, csv = undisturbed
    data = tmp_path / "data"
    file = inputs(data)
    assert runs.killed_run(seam, data, database, file) == -signal.SIGKILL
    for name in PUBLISHED:
        assert not (data / "public" / name).exists() or (data / "public" / name).stat().st_size
    report = runs.run(data, database, file)
    assert "run_crashed" in {found.code for found in report.findings}
    assert runs.run_states(database)[-2:] == [("file", "crashed"), ("file", report.state)]
    assert same(runs.believed(database), believed) == []
    assert (data / "public" / "jobs.csv").read_bytes() == csv
    assert sorted(path.name for path in (data / "public").iterdir()) == PUBLISHED
    assert list((data / "spool").rglob("*.jsonl*")) == []


def test_s03_a_third_run_has_nothing_left_to_do(database: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    file = inputs(data)
    runs.killed_run("a board committed, its segments not recorded as done", data, database, file)
    runs.run(data, database, file)
    before = runs.believed(database)
    report = runs.run(data, database, file)
    assert (report.sum("new"), report.sum("changed"), report.sum("closed")) == (0, 0, 0)
    assert same(runs.believed(database), before) == []


@pytest.mark.parametrize("cut", [b'{"source": "remotive", "external_id": "99", "ti', b'{"seen": "1', b"\xff\xfe"])
def test_s01_a_segment_cut_within_a_line_loses_that_line_alone(sqlite: str, tmp_path: Path, cut: bytes) -> None:
    data = tmp_path / "data"
    runs.leave_segment(data, range(5), part=cut)
    report = runs.run(data, sqlite, runs.write_lines(data / "some.jsonl", [runs.said(1)]))
    assert (report.sum("new"), report.sum("rejected")) == (6, 0)
    assert list((data / "spool").rglob("*.jsonl*")) == []


def test_x04_a_killed_export_leaves_no_half_file(sqlite: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    runs.run(data, sqlite, inputs(data))
    out = tmp_path / "jobs.parquet"
    assert runs.killed_export(sqlite, "parquet", out) == -signal.SIGKILL
    assert not out.exists()
    whole = (data / "public" / "jobs.parquet").read_bytes()
    out.write_bytes(whole)
    assert runs.killed_export(sqlite, "parquet", out) == -signal.SIGKILL
    assert out.read_bytes() == whole
    assert pq.read_metadata(out).num_rows


@pytest.mark.long
def test_s01_s02_s03_killed_at_two_hundred_moments(database: str, tmp_path: Path) -> None:
    """An ingest of 20,000 postings, killed at random moments until it has been killed two hundred times."""
    found = runs.killed_often(tmp_path, database, ads=20_000, kills=200)
    print(f"{found['killed']} kills in {len(found['rounds'])} rounds; undisturbed {found['seconds']:.1f} s")
    assert found["killed"] >= 200
