"""The day tables after a month of runs: each day once, its own figures, marked with the taxonomy that classified."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Engine, text

from storage import derive, store
from storage.engine import open_database, reading, writing
from storage.models import Job
from tests.storage.ads import DAY, NOON, ad

DAYS = 30
LIVES = 10
"""Days after which a job is closed."""
IDLE = 17
"""A day on which nothing ran."""
NEW_TAXONOMY = 20
"""From this day on another version classifies."""


def version(number: int) -> str:
    return "1" if number < NEW_TAXONOMY else "2"


def job(number: int, day: int) -> Job:
    """One job a day begins; it is open for LIVES days."""
    closed = day - number >= LIVES
    return Job(
        job_id=f"{number:016x}", title="Backend Developer", role="backend-developer", server_side="core",
        skills=["Go"] if number % 2 else [], first_seen=NOON + number * DAY, state="closed" if closed else "open",
        closed_at=NOON + (number + LIVES) * DAY if closed else None, taxonomy_version=version(day),
        salary_min=1.0 if number % 3 else None, salary_source="stated" if number % 3 else None,
    )  # fmt: skip


def run(engine: Engine, day: int, at: dt.datetime) -> None:
    """What a run of that day stores and counts."""
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=at, taxonomy_version=version(day))
        store.save_jobs(conn, [job(number, day) for number in range(day + 1)], run_id=run_id)
        store.save_postings(conn, [ad(day, at=at, first_seen=NOON + day * DAY)], run_id=run_id, now=at)
        derive.append_days(conn, day=at.date(), taxonomy_version=version(day))


def asked(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    with reading(engine) as conn:
        return [tuple(row) for row in conn.execute(text(sql))]


def test_a_month_of_runs_gives_each_day_once_with_its_own_figures(sqlite: str) -> None:
    engine = open_database(sqlite)
    for day in range(DAYS):
        for hour in (0, 6) if day != IDLE else ():
            # twice a day: the later run replaces the day, it does not double it
            run(engine, day, NOON + day * DAY + dt.timedelta(hours=hour))
    days = [day for day in range(DAYS) if day != IDLE]
    # between idle days nothing is lost: what began while nothing ran is there the day after
    expected = [
        (str((NOON + day * DAY).date()), version(day), min(day + 1, LIVES), 1, 1 if day >= LIVES else 0) for day in days
    ]
    found = asked(
        engine,
        "SELECT day, MAX(taxonomy_version), SUM(jobs_open), SUM(jobs_new), SUM(jobs_closed) "
        "FROM v_roles_daily GROUP BY day ORDER BY day",
    )
    assert found == expected
    assert asked(engine, "SELECT day FROM v_roles_daily GROUP BY day HAVING COUNT(DISTINCT taxonomy_version) > 1") == []
    shares = asked(
        engine,
        "SELECT day, jobs_open, jobs_in_scope FROM v_skills_daily WHERE scope = 'backend' AND skill = 'Go' ORDER BY day",
    )
    assert shares == [
        (
            str((NOON + day * DAY).date()),
            sum(number % 2 for number in range(max(0, day - LIVES + 1), day + 1)),
            min(day + 1, LIVES),
        )
        for day in days
        if day > 0
    ]
    carried = asked(engine, "SELECT day, postings_open, postings_new FROM sources_daily ORDER BY day")
    assert [row[1:] for row in carried] == [(days.index(day) + 1, 1) for day in days]
    covered = asked(engine, "SELECT day, postings, filled FROM coverage_daily WHERE field = 'salary' ORDER BY day")
    assert [row[1:] for row in covered] == [(n, n) for n in range(1, DAYS)]
    assert asked(engine, "SELECT postings, filled FROM v_field_coverage WHERE field = 'salary'") == [(29, 29)]
    engine.dispose()


def test_a_day_counted_again_by_another_taxonomy_is_of_that_one(engine: Engine) -> None:
    run(engine, 0, NOON)
    for said in ("1", "2"):
        with writing(engine) as conn:
            derive.append_days(conn, day=NOON.date(), taxonomy_version=said)
    assert asked(engine, "SELECT taxonomy_version, SUM(jobs_open) FROM v_roles_daily GROUP BY taxonomy_version") == [
        ("2", 1)
    ]
