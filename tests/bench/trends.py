"""How long the trend questions take on two years of day tables, as a store of a million jobs would have them.

``python -m tests.bench.trends`` makes the tables (500 kinds of job and 1,200 pairs of scope and technology a day) and
prints the slowest of three answers to each question. The goal: a second at most.
"""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert, text

from flows.report.market.ask import ask
from storage import tables as t
from storage.engine import open_database, reading, writing
from storage.tables import table_of

DAY = dt.date(2026, 11, 20)
DAYS = 730
ROLES = [*(f"role-{n}" for n in range(9)), "backend-developer"]
KINDS = list(itertools.product(ROLES, ("core", "none"), ("junior", "mid", "senior", "lead", "unspecified"), ("remote", "hybrid", "onsite", "unknown", "x")))  # fmt: skip
SKILLS = list(itertools.product(("backend", "wider-backend", "all"), (f"skill-{n}" for n in range(400))))
QUESTIONS = {
    "one technology over time": "SELECT day, share FROM v_skills_daily WHERE scope = 'backend' AND skill = 'skill-7' ORDER BY day",
    "roles over time": "SELECT day, role, SUM(jobs_open) FROM v_roles_daily GROUP BY day, role ORDER BY day",
    "remote share over time": "SELECT day, remote_mode, SUM(jobs_open) FROM v_roles_daily GROUP BY day, remote_mode",
}


def main() -> None:
    """Fill, ask, print seconds."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'trends.db'}")
        with writing(engine) as conn:
            for ago in range(DAYS):
                day = DAY - dt.timedelta(days=ago)
                said = {"day": day, "taxonomy_version": "1"}
                names = ("role", "server_side", "seniority", "remote_mode")
                kinds = [said | dict(zip(names, kind, strict=True)) | {"jobs_open": 2000} for kind in KINDS]
                conn.execute(insert(table_of(t.RolesDaily)), kinds)
                skills = [
                    said | {"scope": scope, "skill": skill, "jobs_open": ago % 97 + 5, "jobs_in_scope": 90_000}
                    for scope, skill in SKILLS
                ]
                conn.execute(insert(table_of(t.SkillsDaily)), skills)
        with reading(engine) as conn:
            for name, sql in QUESTIONS.items():
                print(f"{name}: {max(_seconds(lambda: conn.execute(text(sql)).fetchall()) for _ in range(3)):.3f} s")  # noqa: B023
            for name in ("trend", "skills_change"):
                print(f"report, {name}: {max(_seconds(lambda: ask(conn, name, DAY)) for _ in range(3)):.3f} s")  # noqa: B023
        engine.dispose()


def _seconds(work: object) -> float:
    begin = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
