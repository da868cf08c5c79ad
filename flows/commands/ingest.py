"""``rolecall ingest``"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import orjson

from config.settings import settings
from flows.order import Order
from flows.report.run import Report


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
    report = _run(order, plain)
    if as_json:
        sys.stdout.write(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        from flows.commands.run_report import show

        show(report)
    return report.exit_code


def use_database(database: str | None, demo: bool = False) -> None:
    """The one place where a command line's database becomes the process's setting, for this and for its tasks."""
    if demo and not database:
        database = f"sqlite:///{settings().data / 'demo.db'}"
    if database:
        os.environ["ROLECALL_DATABASE"] = database
        settings.cache_clear()


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
