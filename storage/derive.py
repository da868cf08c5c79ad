"""What follows from stored rows by counting: companies, and the day tables that trends stand on.

Each function may be called again and again: it replaces what it wrote for the same companies or the same day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from storage import tables as t
from storage.rows import batches, only_columns, upsert
from storage.tables import table_of

POSTING, JOB, JOB_SKILL = (table_of(one) for one in (t.PostingRow, t.JobRow, t.JobSkill))
BACKEND = ("backend-developer", "backend-architect")


def save_companies(conn: Connection, company_keys: Iterable[str]) -> int:
    """Employers as their stored ads name them now; one that no ad names any more is removed. Returns how many stay."""
    kept = 0
    for keys in batches(sorted(set(company_keys))):
        conn.execute(delete(table_of(t.Company)).where(table_of(t.Company).c.company_key.in_(keys)))
        c = POSTING.c
        query = (
            select(
                c.company_key,
                c.company,
                func.max(c.company_url).label("url"),
                func.max(case((c.agency, 1), else_=0)).label("agency"),
                func.min(c.first_seen).label("first_seen"),
                func.max(c.last_seen).label("last_seen"),
                func.count().label("ads"),
            )
            .where(c.company_key.in_(keys), c.company.is_not(None))
            .group_by(c.company_key, c.company)
            .order_by(c.company_key)
        )
        rows = [_company(key, list(same)) for key, same in groupby(conn.execute(query), lambda row: row.company_key)]
        upsert(conn, t.Company, rows)
        kept += len(rows)
    return kept


def refresh_jobs(conn: Connection, run_id: str) -> None:
    """``last_seen`` of the jobs whose ads a run has read or listed again, though nothing else about them is new."""
    seen = select(POSTING.c.job_id).where(POSTING.c.last_run == run_id, POSTING.c.job_id.is_not(None))
    newest = select(func.max(POSTING.c.last_seen)).where(POSTING.c.job_id == JOB.c.job_id).scalar_subquery()
    conn.execute(update(JOB).where(JOB.c.job_id.in_(seen)).values(last_seen=newest))


def append_days(conn: Connection, *, day: dt.date, taxonomy_version: str) -> None:
    """The counts of one UTC day, as the store stands now; a later call on the same day replaces them."""
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    within = _Day(day, taxonomy_version, start, start + dt.timedelta(days=1))
    sources = [dict(row._mapping) for row in conn.execute(_sources(within))]
    for model, rows in (
        (t.RolesDaily, [dict(row._mapping) for row in conn.execute(_roles(within))]),
        (t.SkillsDaily, _skills(conn, within)),
        (t.SourcesDaily, [only_columns(t.SourcesDaily, row) for row in sources]),
        (t.CoverageDaily, [one for row in sources for one in _coverage(row)]),
    ):
        table = table_of(model)
        conn.execute(delete(table).where(table.c.day == day))
        for batch in batches(rows):
            conn.execute(insert(table), batch)


class _Day:
    """A UTC day with its bounds."""

    def __init__(self, day: dt.date, taxonomy_version: str, start: dt.datetime, end: dt.datetime) -> None:
        self.day, self.taxonomy_version, self.start, self.end = day, taxonomy_version, start, end

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """Whether a column's moment is within the day."""
        return and_(moment >= self.start, moment < self.end)

    def stamp(self) -> list[ColumnElement[Any]]:
        return [literal(self.day).label("day"), literal(self.taxonomy_version).label("taxonomy_version")]


def _scopes() -> dict[str, ColumnElement[bool]]:
    backend = JOB.c.role.in_(BACKEND)
    return {
        "backend": backend,
        "wider-backend": or_(backend, JOB.c.server_side.in_(("core", "part"))),
        "all": literal(True),
    }


def _count(condition: Any, name: str) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0)).label(name)


def _roles(day: _Day) -> Select[Any]:
    c = JOB.c
    kind = (c.role, c.server_side, c.seniority, c.remote_mode)
    open_now = c.state == "open"
    paid = or_(c.salary_min.is_not(None), c.salary_max.is_not(None))
    return (
        select(
            *day.stamp(),
            *kind,
            _count(open_now, "jobs_open"),
            _count(c.state == "unconfirmed", "jobs_unconfirmed"),
            _count(day.holds(c.first_seen), "jobs_new"),
            _count(and_(c.state == "closed", day.holds(c.closed_at)), "jobs_closed"),
            _count(and_(open_now, paid, c.salary_source != "predicted"), "jobs_with_pay"),
        )
        .where(or_(c.state != "closed", day.holds(c.closed_at), day.holds(c.first_seen)))
        .group_by(*kind)
    )


def _skills(conn: Connection, day: _Day) -> list[dict[str, Any]]:
    """All scopes in one reading of the jobs and their technologies."""
    open_now = JOB.c.state == "open"
    scopes = [_count(those, scope) for scope, those in _scopes().items()]
    [sizes] = conn.execute(select(*scopes).where(open_now))
    query = (
        select(JOB_SKILL.c.skill, *scopes)
        .join(JOB, JOB.c.job_id == JOB_SKILL.c.job_id)
        .where(open_now)
        .group_by(JOB_SKILL.c.skill)
    )
    said = {"day": day.day, "taxonomy_version": day.taxonomy_version}
    return [
        said | {"scope": scope, "skill": row[0], "jobs_open": jobs, "jobs_in_scope": size}
        for row in conn.execute(query)
        for scope, jobs, size in zip(_scopes(), row[1:], sizes, strict=True)
        if jobs
    ]


def _sources(day: _Day) -> Select[Any]:
    """Life and coverage of each source in one reading of the postings."""
    c = POSTING.c
    not_closed = c.state != "closed"
    return select(
        literal(day.day).label("day"),
        c.source,
        _count(c.state == "open", "postings_open"),
        _count(c.state == "unconfirmed", "postings_unconfirmed"),
        _count(day.holds(c.first_seen), "postings_new"),
        _count(and_(c.state == "closed", day.holds(c.closed_at)), "postings_closed"),
        *(_count(and_(not_closed, filled), f"filled_{field}") for field, filled in _fields().items()),
    ).group_by(c.source)


def _fields() -> dict[str, ColumnElement[bool]]:
    """What a field filled means."""
    c = POSTING.c

    def listed(column: Any) -> ColumnElement[bool]:
        return cast(column, Text) != "[]"

    return {
        "company": c.company.is_not(None),
        "apply_url": c.apply_url.is_not(None),
        "requisition_id": c.requisition_id.is_not(None),
        "role": c.role != "none",
        "seniority": c.seniority != "unspecified",
        "years": or_(c.years_min.is_not(None), c.years_max.is_not(None)),
        "degree": c.degree != "none",
        "remote_mode": c.remote_mode != "unknown",
        "remote_regions": listed(c.remote_regions),
        "locations": listed(c.locations),
        "salary": or_(c.salary_min.is_not(None), c.salary_max.is_not(None)),
        "employment_type": c.employment_type != "unknown",
        "skills": listed(c.skills),
        "language": c.language.is_not(None),
        "description": c.description_text != "",
        "posted_at": c.posted_at.is_not(None),
        "valid_through": c.valid_through.is_not(None),
    }


def _coverage(counted: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of one source's coverage, out of what :func:`_sources` counted."""
    postings = counted["postings_open"] + counted["postings_unconfirmed"]
    said = {"day": counted["day"], "source": counted["source"], "postings": postings}
    return [said | {"field": field, "filled": counted[f"filled_{field}"]} for field in _fields()]


def _company(key: str, spellings: list[Any]) -> dict[str, Any]:
    most = max(spellings, key=lambda row: (row.ads, row.company))
    return {
        "company_key": key,
        "name": most.company,
        "spellings": sorted(row.company for row in spellings),
        "url": max((row.url for row in spellings if row.url), default=None),
        "agency": any(row.agency for row in spellings),
        "first_seen": min((row.first_seen for row in spellings if row.first_seen), default=None),
        "last_seen": max((row.last_seen for row in spellings if row.last_seen), default=None),
    }
