"""Runs in processes of their own that kill themselves at a named seam, and what two databases believe."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select

from config.cards import Card
from config.load import cards
from config.settings import settings
from flows import load, publish, rematch, settle
from flows import run as runs
from flows.believe import Batch, Believers
from flows.ingest import ingest
from flows.land import Line, read_segment
from flows.order import Order
from flows.report.run import Report
from spiders.spool import file_name
from storage import store
from storage.engine import connect, open_database, reading
from storage.export import export

CLOCK = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
TEXT = "<p>You build services in Python and PostgreSQL for a fleet of parcel lockers. 3+ years of experience.</p>"

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.trust.warmed"])


# --- where it breaks --------------------------------------------------------------------------------------------------


def _die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _before(place: object, name: str) -> Callable[[], None]:
    return lambda: setattr(place, name, _die)


def _after(place: object, name: str, calls: int = 1) -> Callable[[], None]:
    """Killed as soon as a function has come back for the nth time."""

    def arm() -> None:
        whole, left = getattr(place, name), [calls]

        def killed(*args: Any, **kwargs: Any) -> Any:
            done = whole(*args, **kwargs)
            left[0] -= 1
            return done if left[0] else _die()

        setattr(place, name, killed)

    return arm


SEAMS: Mapping[str, Callable[[], None]] = {
    "spool written, nothing loaded": _before(settle, "_batch"),
    "a board's transaction open": _before(store, "finish_board_run"),
    "a board committed, its segments not recorded as done": _after(settle, "in_transaction"),
    "one chunk of a file committed": _after(load, "in_transaction"),
    "match open": _before(store, "remove_jobs"),
    "match committed, nothing counted": _after(rematch, "in_transaction"),
    "one of three files published": _after(Path, "replace", 4),
    "files published, the run not ended": _after(publish, "switch"),
    "all done but the run's own row": _before(runs, "_end"),
}
"""Where a run can be torn apart, in its order. ``Path.replace`` ends three exports before it publishes."""


# --- runs -------------------------------------------------------------------------------------------------------------


@contextmanager
def _environment(data: Path, database: str) -> Iterator[None]:
    ours = {"ROLECALL_DATA": str(data), "ROLECALL_DATABASE": database, "ROLECALL_PUBLISH": str(data / "public")}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
        settings.cache_clear()


def run(data: Path, database: str, *files: Path) -> Report:
    """A run to its end, in this process, by a clock that stands still."""
    assert files, "without a file it would crawl"
    with _environment(data, database):
        return ingest(Order(files=files), clock=lambda: CLOCK)


def killed_run(seam: str, data: Path, database: str, *files: Path) -> int | None:
    """A run that kills itself at a seam; how its process ended."""
    return _ended(_torn, seam, data, database, *files)


def killed_export(database: str, format: str, out: Path) -> int | None:
    """An export that kills itself when all is written but nothing renamed."""
    return _ended(_torn_export, database, format, out)


def _torn_export(database: str, format: str, out: Path) -> None:
    os.fsync = _die
    export(open_database(database, create=False), "jobs", format, out)


def _torn(seam: str, data: Path, database: str, *files: Path) -> None:
    SEAMS[seam]()
    run(data, database, *files)


def _ended(work: Callable[..., object], *args: object) -> int | None:
    process = _PROCESSES.Process(target=work, args=args)
    process.start()
    process.join()
    return process.exitcode


# --- killed again and again -------------------------------------------------------------------------------------------


class _Ready(Believers):
    """Cleaned and classified before: those stages write nothing, so that a kill within them would prove nothing."""

    def __init__(self, ready: list[Batch]) -> None:
        super().__init__(1)
        self._ready = ready

    def batches(self, lines: Iterable[Line], cards: dict[str, Card], now: dt.datetime) -> Iterator[Batch]:
        yield from self._ready


MOST_KILLS = 40
"""In a row, before a run is left to come to its end."""


def killed_often(place: Path, database: str, ads: int, kills: int) -> dict[str, Any]:
    """Ingests of so many ads, killed at random moments so many times in all; what they came to.

    A run that was killed is followed by another on the same database, until one comes to its end; then the tables
    and the published files are held against those of an undisturbed run, and a new round begins on an empty database.
    """
    process = get_context("spawn").Process(target=_killed_often, args=(place, database, ads, kills))
    process.start()
    process.join()
    assert process.exitcode == 0
    found: dict[str, Any] = json.loads((place / "found.json").read_text())
    return found


def _killed_often(place: Path, database: str, ads: int, kills: int) -> None:
    """The process from which the runs are forked: it holds what they believe, and no threads."""
    file = write_lines(place / "some.jsonl", [said(n) for n in range(ads)])
    with Believers(2) as believers:
        ready = list(believers.batches(read_segment(file), cards(), CLOCK))
    begun = time.monotonic()
    _forked(place / "whole", database, file, ready, None)
    seconds = time.monotonic() - begun
    whole, chance = _came_to(place / "whole", database), random.Random(7)
    killed, each = 0, []
    while killed < kills:
        _empty(place / "torn", database)
        times = 0
        # early moments more often than late ones: a run that continues another has less to do; on a machine that has
        # become slower than it was for the undisturbed run no moment would be late enough, so a round ends somewhere
        while times < MOST_KILLS and _forked(place / "torn", database, file, ready, seconds * chance.random() ** 2):
            times += 1
        if times == MOST_KILLS:
            _forked(place / "torn", database, file, ready, None)
        killed += times
        assert _came_to(place / "torn", database) == whole, f"differs after {times} kills"
        states = [state for _, state in run_states(database)]
        # a kill may also meet a process whose run has come to its end
        assert set(states[:-1]) <= {"crashed", "complete"}, states
        assert list((place / "torn" / "spool").rglob("*.jsonl*")) == []
        each.append(times)
        (place / "found.json").write_text(json.dumps({"killed": killed, "rounds": each, "seconds": seconds}))


def _forked(data: Path, database: str, file: Path, ready: list[Batch], seconds: float | None) -> bool:
    """A run in a process of its own, killed after so many seconds: whether that was before its end."""

    def work() -> None:
        with _environment(data, database):
            ingest(Order(files=(file,)), clock=lambda: CLOCK, believers=_Ready(ready))

    process = get_context("fork").Process(target=work)
    process.start()
    process.join(seconds)
    process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


def _came_to(data: Path, database: str) -> dict[str, str]:
    """Digests of the tables about the market, and of the files for readers."""
    found = {name: hashlib.sha256("\n".join(rows).encode()).hexdigest() for name, rows in believed(database).items()}
    for path in (data / "public").iterdir():
        found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _empty(data: Path, database: str) -> None:
    """An empty data folder and an empty database."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    engine = connect(database, create=True)
    if engine.dialect.name == "sqlite":
        for path in Path(str(engine.url.database)).parent.glob(f"{Path(str(engine.url.database)).name}*"):
            path.unlink()
    else:
        with engine.connect() as conn, conn.begin():
            conn.exec_driver_sql("DROP SCHEMA public CASCADE")
            conn.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()


# --- what goes in -----------------------------------------------------------------------------------------------------


def said(number: int, **more: Any) -> dict[str, Any]:
    """An invented advertisement; every third one of an employer is an ad for the same opening."""
    return {
        "source": "parcelboard",
        "external_id": str(number),
        "url": f"https://example.com/jobs/{number}",
        "title": "Back-end Developer",
        "company": f"Locker Works {number // 3:04d}",
        "location": "Ghent, Belgium",
        "description": TEXT,
        "fetched_at": CLOCK.isoformat(),
    } | more


def write_lines(path: Path, ads: Sequence[Mapping[str, Any]], more: bytes = b"") -> Path:
    """A file or segment of these ads, and bytes after them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(json.dumps(ad).encode() + b"\n" for ad in ads) + more)
    return path


def leave_segment(data: Path, numbers: Sequence[int], *, part: bytes | None = None) -> Path:
    """A segment in the spool of a run that did not come to its end; with ``part`` one that was cut within a line."""
    place = data / "spool" / "20261101T110000000" / "remotive.1" / file_name("remotive", "", 1)
    ads = [said(n, source="remotive", url=f"https://remotive.com/remote-jobs/{n}") for n in numbers]
    if part is None:
        return write_lines(place, ads)
    return write_lines(place.with_name(place.name + ".part"), ads, part)


# --- what comes out ---------------------------------------------------------------------------------------------------

_BOOKS = {"run", "board", "board_run", "segment", "finding", "lease", "alembic_version"}
"""Tables that tell of runs rather than of the market."""
_OF_RUNS = ("run_id", "first_run", "last_run", "seen_run", "times", "rejection_id", "event_id", "tally_id")


def believed(database: str) -> dict[str, list[str]]:
    """Every row of every table about the market, without the names of the runs that wrote them."""
    engine = open_database(database, create=False)
    tables = MetaData()
    tables.reflect(engine)
    found: dict[str, list[str]] = {}
    with reading(engine) as conn:
        for table in tables.sorted_tables:
            if table.name in _BOOKS or table.name.startswith("search"):
                continue
            columns = [c for c in table.columns if c.name not in _OF_RUNS and not c.name.endswith("_run")]
            found[table.name] = sorted(repr(tuple(row)) for row in conn.execute(select(*columns)))
    engine.dispose()
    return found


def run_states(database: str) -> list[tuple[str, str]]:
    """Kind and state of each run, and nothing that they hold."""
    engine = open_database(database, create=False)
    with reading(engine) as conn:
        states = [tuple(row) for row in conn.exec_driver_sql("SELECT kind, state FROM run ORDER BY run_id")]
        assert conn.exec_driver_sql("SELECT count(*) FROM lease").scalar() == 0
        if engine.dialect.name == "sqlite":
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    engine.dispose()
    return states
