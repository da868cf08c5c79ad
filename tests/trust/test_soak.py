"""Thirty runs of a changing world in one process: nothing grows, nothing stays open."""

from __future__ import annotations

import json
import os
import random
import sys
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.trust import runs

RUNS, ADS, SETTLED = 30, 2000, 8
"""``SETTLED``: runs after which caches are full and memory must stay as it is."""


def figures() -> tuple[int, int]:
    """Resident memory in bytes and open files of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), sum(1 for _ in Path("/proc/self/fd").iterdir())


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
        found.append(figures())
    (data / "figures.json").write_text(json.dumps(found))


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_thirty_runs_hold_memory_and_files(database: str, tmp_path: Path) -> None:
    process = get_context("spawn").Process(target=soak, args=(tmp_path, database))
    process.start()
    process.join()
    assert process.exitcode == 0
    found = json.loads((tmp_path / "figures.json").read_text())
    memory, files = [one[0] for one in found], [one[1] for one in found]
    print([f"{one / 2**20:.0f} MiB" for one in memory[:: RUNS // 10]], "files", files[SETTLED], files[-1])
    assert max(memory[-5:]) <= 1.1 * max(memory[:SETTLED])
    assert max(files[SETTLED:]) == min(files[SETTLED:])
