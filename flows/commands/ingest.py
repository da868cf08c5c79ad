"""``rolecall ingest``"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from config.settings import settings
from flows.commands import show
from flows.order import Order
from flows.report.run import Report
from storage import schema
from storage.engine import connect, open_database
from storage.migrations import HEAD


def run(
    *,
    sources: list[str],
    files: list[Path],
    demo: bool,
    site: str | None,
    plain: bool,
    force: bool,
    database: str | None,
    as_json: bool,
) -> int:
    """Run the main job and print its report. Gives the exit code."""
    order = Order(tuple(sources), tuple(files), demo=demo, site=site, force=force)
    order.check()
    use_database(database, demo)
    _see_database(of_demo=demo and not database)
    report = _run(order, plain)
    if as_json:
        show.as_json(report.as_json())
    else:
        from flows.commands.run_report import show as tell

        tell(report)
    return report.exit_code


def use_database(database: str | None, demo: bool = False) -> None:
    """The one place where a command line's database becomes the process's setting, for this and for its tasks."""
    if demo and not database:
        database = f"sqlite:///{settings().data / 'demo.db'}"
    if database:
        os.environ["ROLECALL_DATABASE"] = database
        settings.cache_clear()


def _see_database(*, of_demo: bool) -> None:
    """Open the database once, before anything is started for a run on it. What the demo invented in a database of its own
    is brought to this version without a question.

    Raises DatabaseProblem where it cannot be used.
    """
    settings().data.mkdir(parents=True, exist_ok=True)
    url = settings().database_url()
    if of_demo:
        _renew(url)
    open_database(url).dispose()


def _renew(url: str) -> None:
    engine = connect(url, create=True)
    try:
        before, steps = schema.pending(engine)
        if steps:
            schema.migrate(engine)
            show.note(f"the demo's database was brought from schema {before} to {HEAD}")
    finally:
        engine.dispose()


def _run(order: Order, plain: bool) -> Report:
    if plain:
        from flows.ingest import ingest

        return ingest(order)
    from flows.prefect_home import prepare_environment

    if prepare_environment(settings().data):
        sys.stderr.write(
            "rolecall: starting Prefect's temporary server, 10 to 30 s "
            "(PREFECT_API_URL names one of your own and saves that; --plain does without Prefect)\n"
        )
        sys.stderr.flush()
    from flows.orchestrate import run as run_flow

    return run_flow(order)
