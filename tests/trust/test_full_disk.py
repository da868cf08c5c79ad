"""A disk that fills within a run, and databases that cannot be used, as an operator meets them (S-07, S-08)."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.flows.rolecall import environment, rolecall
from tests.trust import runs

BLOCKS = 2048
"""Of 1 KiB: no file may grow beyond that, which is what a full disk looks like to whoever writes."""


@pytest.mark.skipif(sys.platform == "win32", reason="limits are the shell's")
def test_s07_a_disk_that_fills_within_a_run_ends_it_in_one_line(tmp_path: Path) -> None:
    few = runs.write_lines(tmp_path / "few.jsonl", [runs.said(n) for n in range(3)])
    assert rolecall("ingest", "--from", few, "--plain", data=tmp_path).code == 0
    texts = [f"<p>{n} {'We light harbours and build services. ' * 200}</p>" for n in range(300)]
    many = runs.write_lines(tmp_path / "many.jsonl", [runs.said(n + 10, description=t) for n, t in enumerate(texts)])
    done = subprocess.run(
        ["/bin/bash", "-c", f'ulimit -f {BLOCKS}; exec "$@"', "-", sys.executable, "-m", "flows.cli", "ingest", "--from", str(many), "--plain"],
        capture_output=True, text=True, env=environment(tmp_path), timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "disk" in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("rolecall:")]) == 1
    with sqlite3.connect(tmp_path / "rolecall.db") as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("SELECT count(*) FROM posting").fetchone()[0] >= 3
    again = rolecall("ingest", "--from", many, "--plain", "--json", data=tmp_path)
    assert again.json["postings"]["total"] == 303


def newer(path: Path) -> None:
    """A database of a Rolecall that is to come."""
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE rolecall_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        conn.execute("INSERT INTO rolecall_version VALUES ('9999')")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000), "restore"),
        (lambda path: path.write_bytes(b"a letter to a friend" * 50), "not a SQLite database"),
        (lambda path: path.mkdir(), "is a folder"),
        (newer, "Update Rolecall"),
        (lambda path: path.write_bytes(b""), "no Rolecall database|there is no database"),
    ],
    ids=["damaged", "not ours", "a folder", "of a newer one", "empty"],
)
def test_s08_x10_a_database_that_cannot_be_used_is_one_line_with_a_remedy(
    tmp_path: Path, make: Any, words: str
) -> None:
    path = tmp_path / "rolecall.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    done = rolecall("status", data=tmp_path)
    assert (done.code, done.out) == (3, "")
    assert len(done.err.strip().splitlines()) == 1
    assert any(word in done.err for word in words.split("|")), done.err
    assert (path.read_bytes() if path.is_file() else b"") == before
