"""What follows from the stored rows by counting: the taxonomy in use, employers, the day that trends stand on, and what
the documents' claims come to.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from config.load_taxonomy import roles, skills, taxonomy_version
from flows.run import Run
from storage import derive as counted
from storage import store, tally
from storage.engine import in_transaction


def derive(run: Run) -> None:
    """Bring everything that is counted up to date with this run; the same run again changes nothing."""
    in_transaction(run.engine, partial(_derive, run=run))


def _derive(conn: Connection, *, run: Run) -> None:
    # brings numpy, which nothing else of a run needs
    from flows.report.claims import claim_checks

    day = run.clock().date()
    version = taxonomy_version()
    store.save_taxonomy(conn, roles().values(), skills().values(), version=version)
    # what a run that was torn apart had stored waits here too
    tally.take_up(conn)
    counted.save_companies(conn, tally.companies(conn))
    counted.refresh_companies(conn)
    counted.refresh_jobs(conn)
    tally.fold(conn)
    counted.append_days(conn, day=day, taxonomy_version=version)
    store.save_claim_checks(conn, [check.row() for check in claim_checks(conn, day)])
