"""How long each question of docs/read-the-data.md and the plain use of each view takes on a large store.

Usage: python -m tests.bench.queries --url sqlite:///FILE [--url postgresql://...] [--slow]
       python -m tests.bench.queries --jobs 20000     (makes a SQLite store of that size first)

Each is asked three times through ``storage.query`` (as ``rolecall query`` asks), the middle counts: seconds by the
clock, and for SQLite by the processor, which other work on the machine does not touch. Goal: one second at most.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine

from storage.engine import open_database
from storage.query import query
from tests.analysts.test_read_the_data import questions
from tests.bench.export import machine, made

Row = dict[str, Any]
GOAL = 1.0
PLAIN = {
    "v_postings: newest": "SELECT title, company, url FROM v_postings ORDER BY first_seen DESC LIMIT 20",
    "v_postings: of a source": "SELECT title, company, url FROM v_postings WHERE source = 'lever' LIMIT 20",
    "v_postings: of an employer": "SELECT title, url, state FROM v_postings WHERE company_key = :company_key",
    "v_postings: how many": "SELECT source, state, COUNT(*) FROM v_postings GROUP BY source, state",
    "v_jobs_open: all columns": "SELECT * FROM v_jobs_open LIMIT 50",
    "v_jobs_open: newest": "SELECT * FROM v_jobs_open ORDER BY first_seen DESC LIMIT 20",
    "v_jobs_open: newest back-end": "SELECT title, company, first_seen FROM v_jobs_open "
    "WHERE role = 'backend-developer' AND remote_mode = 'remote' ORDER BY first_seen DESC LIMIT 20",
    "v_jobs_open: of an employer": "SELECT title, role FROM v_jobs_open WHERE company_key = :company_key",
    "v_jobs_open: best paid": "SELECT title, company, salary_year_usd_max FROM v_jobs_open "
    "WHERE salary_year_usd_max IS NOT NULL ORDER BY salary_year_usd_max DESC LIMIT 20",
    "v_jobs_open: by level": "SELECT seniority, COUNT(*) FROM v_jobs_open GROUP BY seniority",
    "v_backend_jobs: by scope": "SELECT scope, state, COUNT(*) FROM v_backend_jobs GROUP BY scope, state",
    "v_backend_jobs: newest": "SELECT title, company, first_seen FROM v_backend_jobs "
    "WHERE scope = 'backend' ORDER BY first_seen DESC LIMIT 20",
    "v_posting_history: of an ad": "SELECT at, field, after FROM v_posting_history WHERE posting_key = :posting_key",
    "v_posting_history: last": "SELECT at, title, field FROM v_posting_history ORDER BY at DESC LIMIT 20",
    "v_job_sources: of a job": "SELECT source, url, rule FROM v_job_sources WHERE job_id = :job_id",
    "v_salary: by role": "SELECT role, COUNT(*), AVG(salary_year_usd_mid) FROM v_salary WHERE state = 'open' GROUP BY role",
    "v_skills: of a technology": "SELECT COUNT(*) FROM v_skills WHERE skill = :skill AND state = 'open'",
    "v_skills: newest of a technology": "SELECT title, company, first_seen FROM v_skills "
    "WHERE skill = :skill ORDER BY first_seen DESC LIMIT 20",
    "v_skills_daily: one over time": "SELECT day, share FROM v_skills_daily "
    "WHERE scope = 'backend' AND skill = :skill ORDER BY day",
    "v_roles_daily: over time": "SELECT day, role, SUM(jobs_open) FROM v_roles_daily GROUP BY day, role ORDER BY day",
    "v_roles_daily: remote share": "SELECT day, remote_mode, SUM(jobs_open) FROM v_roles_daily GROUP BY day, remote_mode",
    "v_source_overlap": "SELECT * FROM v_source_overlap",
    "v_field_coverage": "SELECT * FROM v_field_coverage",
    "v_runs": "SELECT * FROM v_runs ORDER BY number DESC LIMIT 20",
}


def figures(url: str, *, slow: bool = False, rows: int = 1000) -> Iterator[Row]:
    """All figures of one database as rows; ``slow`` gives the report's own questions too."""
    engine = open_database(url, create=False, read_only=True)
    said = _known(engine)
    for name, sql in _asked(engine, slow):
        values = {key: value for key, value in said.items() if f":{key}" in sql}
        runs, found, why = [], 0, ""
        for _ in range(3):
            clock, cpu = time.perf_counter(), time.process_time()
            try:
                found = len(query(engine, sql, values, rows=rows, seconds=120).rows)
            except Exception as error:
                why = str(error)
            runs.append((time.perf_counter() - clock, time.process_time() - cpu))
        seconds, used = (statistics.median(column) for column in zip(*runs, strict=True))
        took = used if engine.dialect.name == "sqlite" else seconds
        yield {
            "engine": engine.dialect.name, "question": name, "seconds": seconds, "cpu": used, "rows": found,
            "ok": took <= GOAL, "why": why,
        }  # fmt: skip
    engine.dispose()


def _asked(engine: Engine, slow: bool) -> Iterator[tuple[str, str]]:
    for one in questions():
        sql = one.sql
        if engine.dialect.name == "postgresql":
            sql = sql.replace(
                "json_each(remote_regions) AS region", "jsonb_array_elements_text(remote_regions) AS region(value)"
            )
        yield one.title, sql
    yield from PLAIN.items()
    if slow:
        import datetime as dt

        from flows.report.market.ask import statement
        from flows.report.market.figures import FIGURES

        for figure in FIGURES:
            sql = statement(figure.name, dt.date(2026, 11, 20), engine.dialect.name)
            yield f"report: {figure.name}", sql.replace(":", r"\:")


def _known(engine: Engine) -> Row:
    """An employer, a job, an ad and a technology that are there."""
    [job] = query(engine, "SELECT job_id, company_key FROM job WHERE company_key IS NOT NULL LIMIT 1").rows
    [skill] = query(
        engine, "SELECT skill FROM skills_daily WHERE scope = 'backend' ORDER BY jobs_open DESC LIMIT 1"
    ).rows
    return {"job_id": job[0], "posting_key": job[0], "company_key": job[1], "skill": skill[0]}


def main() -> None:
    """The command line: a table on stderr, JSON on stdout."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--url", action="append", default=[])
    asked.add_argument("--jobs", type=int, default=20_000)
    asked.add_argument("--slow", action="store_true")
    args = asked.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
        for url in args.url or [made(folder, args.jobs)]:
            for row in figures(url, slow=args.slow):
                rows.append(row)
                mark = " " if row["ok"] else "!"
                print(
                    f"{mark} {row['engine']:10} {row['seconds']:7.3f} s {row['cpu']:7.3f} cpu {row['rows']:5}  "
                    f"{row['question']} {row['why']}",
                    file=sys.stderr,
                )
    print(json.dumps({"queries": rows, "on": machine()}, indent=1))


if __name__ == "__main__":
    main()
