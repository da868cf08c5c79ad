"""Believing anew on a Dask cluster gives the rows that it gives here."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.land import Landed, read_line
from flows.on_dask import CHUNK, partitioned
from tests.flows.rolecall import environment, rolecall
from tests.flows.test_ingest_from import lines, posting

CLUSTER = """
from distributed import LocalCluster
with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
    print(cluster.scheduler_address, flush=True)
    input()
"""


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a cluster of two worker processes."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"if __name__ == '__main__':\n{_indented(CLUSTER)}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(tmp_path),
    )
    assert process.stdout
    yield process.stdout.readline().strip()
    process.communicate("\n", timeout=60)


@pytest.mark.long
def test_the_rows_are_those_of_a_replay_here(tmp_path: Path, scheduler: str) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(lines(*(posting(n, title=f"Back-end Developer {'II' * (n % 2)}") for n in range(60))))
    rows = []
    for name, more in (("here", []), ("there", ["--runner", "dask", "--scheduler", scheduler])):
        data = tmp_path / name
        data.mkdir()
        assert rolecall("ingest", "--from", file, "--plain", data=data).code == 0
        forget_what_was_believed(data)
        said = rolecall("replay", "--json", *more, data=data)
        assert said.code == 0, said.err
        assert said.json["postings"]["changed"] == 60
        rows.append(believed(data))
    assert rows[0] == rows[1]


def test_no_line_is_lost_and_an_employers_ads_keep_their_order() -> None:
    said = lines(*(posting(n % 7, external_id=str(n)) for n in range(3000))).splitlines()
    chunks = list(partitioned(read_line(line, "x") for line in said))
    assert max(map(len, chunks)) <= CHUNK
    ids: dict[str, list[int]] = {}
    for line in (line for chunk in chunks for line in chunk):
        assert isinstance(line, Landed)
        ids.setdefault(str(line.raw.company), []).append(int(line.raw.external_id))
    assert sorted(n for those in ids.values() for n in those) == list(range(3000))
    assert all(those == sorted(those) for those in ids.values())


def forget_what_was_believed(data: Path) -> None:
    """As if older rules had judged: so that the replay has everything to mend."""
    with sqlite3.connect(data / "rolecall.db") as conn:
        conn.execute("UPDATE posting SET role = 'none', title_core = '', skills = '[]'")
        conn.execute("UPDATE sighting SET believed_hash = 'old'")


def believed(data: Path) -> list[Any]:
    with sqlite3.connect(data / "rolecall.db") as conn:
        names = "posting_key, role, title_core, level, skills, locations, salary_min, believed_hash, state"
        return conn.execute(f"SELECT {names} FROM posting JOIN sighting USING (posting_key) ORDER BY 1").fetchall()


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.strip().splitlines())
