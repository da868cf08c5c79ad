"""What tests share: no network but loopback, and real databases (SQLite in a folder of its own, PostgreSQL)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

MEMORY = Path("/dev/shm")
"""What Linux keeps in memory: databases by the hundred, made and thrown away, need not wait for a disk."""


def _in_memory() -> None:
    """Let temporary files stand in memory, where there is room, programs may be started from it, and nobody chose a place."""
    if "TMPDIR" in os.environ or not MEMORY.is_mount():
        return
    there = os.statvfs(MEMORY)
    if there.f_bavail * there.f_frsize >= 4 * 2**30 and not there.f_flag & (os.ST_NOEXEC | os.ST_RDONLY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


_in_memory()
# how long an example takes says something of the machine: times are for tests/bench
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
LOOPBACK = Path(__file__).parent / "loopback"
_handle, _notes = tempfile.mkstemp(prefix="rolecall-strangers-")
os.close(_handle)
os.environ |= {
    "TESTS_STRANGERS": _notes,
    "PYTHONPATH": os.pathsep.join(filter(None, (str(LOOPBACK), os.environ.get("PYTHONPATH")))),
    # crawls reach nobody either, whatever starts them; tests with a server of their own say otherwise
    "ROLECALL_OFFLINE": "1",
}

from tests.databases import (  # noqa: E402, F401
    database,
    engine,
    other_database,
    postgresql,
    postgresql_server,
    sqlite,
)
from tests.demos import plain_demo, prefect_demo  # noqa: E402, F401
from tests.loopback import sitecustomize  # noqa: E402, F401 - the guard of this process too


def _met() -> list[str]:
    """Attempts to leave this machine since the last look, by this process and all that it started."""
    path = Path(_notes)
    if not path.stat().st_size:
        return []
    said = path.read_text(encoding="utf-8").splitlines()
    path.write_text("", encoding="utf-8")
    return said


@pytest.fixture(autouse=True)
def strangers() -> Iterator[Callable[[], list[str]]]:
    """Gives the hosts beyond loopback that this test tried to reach. One is a failure, whatever became of the attempt."""
    _met()
    yield _met
    assert _met() == []


def pytest_unconfigure() -> None:
    """Leaves nothing behind."""
    Path(_notes).unlink(missing_ok=True)
