"""One run of the main job: its row in the database, its clock, its folders, its report."""

from __future__ import annotations

import ctypes
import datetime as dt
import gc
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from config.garbage import seldom_searched
from config.load import cards
from config.load_taxonomy import taxonomy_version
from config.problems import EnvironmentProblem
from config.settings import settings
from flows.believe import Believers
from flows.errors import Cancelled
from flows.findings import finding
from flows.journal import keep_crawl_logs, write_findings
from flows.order import Order
from flows.report.run import Report
from spiders.spool import LOOKS
from storage import read, store
from storage.engine import open_database, writing

Clock = Callable[[], dt.datetime]

COUNTED = ("new", "changed", "unchanged", "closed", "reopened", "rejected", "looked", "confirmed")
"""Figures of a run that its row keeps."""


def utc_now() -> dt.datetime:
    """The machine's clock, UTC and aware."""
    return dt.datetime.now(dt.UTC)


@dataclass
class Run:
    """What the stages of one run share."""

    order: Order
    engine: Engine
    run_id: str
    number: int
    clock: Clock
    spool: Path
    believers: Believers
    report: Report
    before: Mapping[str, int] = field(default_factory=dict)
    """Postings and jobs before the run, in all and open."""
    opened: int = 0
    """Postings that became open in this run."""
    left: int = 0
    """Postings that are open no more since this run."""

    @property
    def folder(self) -> Path:
        """Where this run's crawls leave their segments."""
        return self.spool / self.run_id


@contextmanager
def opened(order: Order, clock: Clock = utc_now, believers: Believers | None = None) -> Iterator[Run]:
    """A run with its row in the database; whatever ends it, the row gets its state.

    Raises:
        DatabaseProblem: the database cannot be used.
        EnvironmentProblem: the demo was pointed at a database that holds real runs.
    """
    settings().data.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings().database_url())
    begun = time.monotonic()
    try:
        run = _begin(order, engine, clock, believers or Believers(settings().workers or os.cpu_count() or 1))
        with run.believers, seldom_searched():
            try:
                yield run
            except (KeyboardInterrupt, Cancelled, GeneratorExit):
                run.report.cancelled = True
                raise
            except Exception as error:
                run.report.broken = f"{type(error).__name__}: {error}"[:300]
                raise
            finally:
                run.report.work_seconds = time.monotonic() - begun
                _end(run)
    finally:
        engine.dispose()
        _give_back()


def _give_back() -> None:
    """Freed memory back to the system: what Arrow and glibc keep of a run is as large as the run's largest step, and a
    process of many runs over a growing database would hold more after each."""
    gc.collect()
    if arrow := sys.modules.get("pyarrow"):
        arrow.default_memory_pool().release_unused()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def _begin(order: Order, engine: Engine, clock: Clock, believers: Believers) -> Run:
    now = clock()
    with writing(engine) as conn:
        if order.demo and read.holds_real_runs(conn):
            raise EnvironmentProblem(
                "this database holds real runs, and the demo's invented jobs do not belong among them",
                "Name another file: rolecall ingest --demo --database sqlite:///FILE",
            )
        crashed = store.mark_crashed_runs(conn, now=now)
        store.save_sources(conn, cards().values())
        run_id = store.start_run(
            conn,
            kind=order.kind,
            now=now,
            sources=order.sources,
            taxonomy_version=taxonomy_version(),
            version=_version(),
        )
        row = read.run(conn, run_id)
        before = read.counts(conn)
    report = Report(run_id, order.kind, now, database=engine.url.render_as_string(hide_password=True))
    report.findings += [finding("run_crashed", run_id=one) for one in crashed]
    # what the demo leaves behind is not for a real run to take in, nor the other way round
    spool = settings().data / ("spool-demo" if order.demo else "spool")
    number = row["number"] if row else 0
    return Run(order, engine, run_id, number, clock, spool, believers, report, before)


def _end(run: Run) -> None:
    report = run.report
    report.finished_at = run.clock()
    counts = {name: report.sum(name) for name in COUNTED}
    with writing(run.engine) as conn:
        store.save_findings(conn, report.findings, run_id=run.run_id, now=report.finished_at)
        store.finish_run(
            conn, run.run_id, state=report.state, now=report.finished_at, counts=counts, because=report.summary()
        )
    write_findings(report)
    keep_crawl_logs(report, run.folder)
    clear(run.folder)


def clear(folder: Path) -> None:
    """Remove the folder of a run in which no segment and no look is left that was not stored."""
    if folder.exists() and not any(folder.rglob("*~*.jsonl*")) and not any(folder.rglob(LOOKS)):
        shutil.rmtree(folder, ignore_errors=True)


def _version() -> str:
    from importlib.metadata import version

    return version("rolecall")
