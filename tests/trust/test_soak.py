"""Thirty runs of a changing world in one process: nothing grows but what is stored, nothing stays open."""

from __future__ import annotations

import json
import os
import random
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from storage.engine import open_database, reading
from storage.upkeep import row_counts
from tests.trust import runs

RUNS, ADS, SETTLED = 30, 2000, 8
"""``SETTLED``: runs after which caches are full and memory must stay as it is."""
GROWING = ("posting", "capture", "posting_change", "match_link", "job")
"""Tables of which a run adds rows: they explain the size of the database."""


def figures(database: str) -> dict[str, Any]:
    """Resident memory and the database in bytes, open files, connections left, rows."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    found: dict[str, Any] = {
        "memory": pages * os.sysconf("SC_PAGE_SIZE"),
        "files": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "connections": 0,
    }
    engine = open_database(database, create=False)
    with reading(engine) as conn:
        if engine.dialect.name == "postgresql":
            found["connections"] = conn.exec_driver_sql(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"  # the server's own vacuum comes when it likes
            ).scalar()
            size = "SELECT pg_database_size(current_database())"
        else:
            size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        found["bytes"] = int(conn.exec_driver_sql(size).scalar() or 0)
        found["rows"] = {name: row_counts(conn)[name] for name in GROWING}
    engine.dispose()
    return found


def soak(data: Path, database: str) -> None:
    """Run after run; a tenth of the ads is new each time, a tenth has another title. Figures go to figures.json."""
    chance, world, found = random.Random(5), {n: runs.said(n) for n in range(ADS)}, []
    for number in range(RUNS):
        for gone in chance.sample(sorted(world), ADS // 10):
            del world[gone]
            new = ADS + number * ADS + gone
            world[new] = runs.said(new)
        for changed in chance.sample(sorted(world), ADS // 10):
            world[changed]["title"] = f"Back-end Developer {chance.randrange(9)}"
        file = runs.write_lines(data / "world.jsonl", list(world.values()))
        runs.run(data, database, file)
        found.append(figures(database))
        (data / "figures.json").write_text(json.dumps(found))


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_thirty_runs_hold_memory_files_and_connections(database: str, tmp_path: Path) -> None:
    process = get_context("spawn").Process(target=soak, args=(tmp_path, database))
    process.start()
    process.join()
    assert process.exitcode == 0
    found = json.loads((tmp_path / "figures.json").read_text())
    memory = [one["memory"] for one in found]
    a_row = [one["bytes"] / sum(one["rows"].values()) for one in found]
    for number in (0, SETTLED, RUNS - 1):
        one = found[number]
        print(
            f"run {number + 1}: {one['memory'] / 2**20:.0f} MiB, {one['files']} files, {one['connections']} connections,"
            f" {one['bytes'] / 2**20:.1f} MiB stored, {a_row[number]:.0f} bytes a row of {one['rows']}"
        )
    assert max(memory[-5:]) <= 1.1 * max(memory[:SETTLED])
    assert len({one["files"] for one in found[SETTLED:]}) == 1
    assert {one["connections"] for one in found} == {0}
    # the database grows by its rows and by nothing else
    assert max(a_row[SETTLED:]) <= 1.2 * a_row[SETTLED]
