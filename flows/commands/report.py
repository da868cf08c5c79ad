"""``rolecall report``"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from sqlalchemy import Engine

from config.problems import UsageProblem
from config.settings import settings
from flows.commands.show import as_json, note
from flows.report.claims import claim_checks
from flows.report.market.ask import report_day
from flows.report.market.report import write_report
from storage import store
from storage.engine import DatabaseProblem, open_database, reading, writing


def run(out: Path, database: str | None, machine: bool) -> int:
    """Check the documents' claims, write the market report, say on stdout where its page is."""
    if out.suffix in (".html", ".htm") or (out.exists() and not out.is_dir()):
        folder = out.parent / "report"
        raise UsageProblem(
            f"{out} names a file", f"Give a folder: --out {folder} (its page is {folder / 'index.html'})"
        )
    url = settings().database_url(database)
    try:
        engine = open_database(url, create=False)
        _check_claims(engine)
    except DatabaseProblem as problem:
        # the report needs no right to write; only what the claims came to is then not kept
        engine = open_database(url, create=False, read_only=True)
        note(f"the claims of the documents were not checked anew: {problem}")
    try:
        made = write_report(engine, out, today=dt.datetime.now(dt.UTC).date())
    finally:
        engine.dispose()
    if machine:
        return as_json({"page": str(made.page), "day": made.day, "figures": made.drawn, "empty": made.empty})
    sys.stdout.write(f"{made.page}\n")
    note(f"{made.drawn} figures as of {made.day}")
    for name, why in made.empty.items():
        note(f"{name} is empty: {why}")
    return 0


def _check_claims(engine: Engine) -> None:
    with reading(engine) as conn:
        day = report_day(conn)
        checks = claim_checks(conn, day) if day else []
    with writing(engine) as conn:
        store.save_claim_checks(conn, [check.row() for check in checks])
