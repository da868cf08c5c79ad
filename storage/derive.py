"""What follows from stored rows by counting: companies, and the day tables that trends stand on.

Each function may be called again and again: it replaces what it wrote for the same companies or the same day.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, delete, func, select, update

from storage import tables as t
from storage import tally
from storage.ads import POSTING, SEEN, SIGHTING
from storage.rows import BATCH, among, batches, full_row, insert_new, later, update_many, upsert
from storage.tables import table_of
from storage.tally import Ads, Jobs

JOB = table_of(t.JobRow)
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
                func.max(SIGHTING.c.last_seen).label("last_seen"),
                func.count().label("ads"),
            )
            .select_from(SEEN)
            .where(c.company_key.in_(keys), c.company.is_not(None))
            .group_by(c.company_key, c.company)
            .order_by(c.company_key)
        )
        rows = [_company(key, list(same)) for key, same in groupby(conn.execute(query), lambda row: row.company_key)]
        upsert(conn, t.Company, rows)
        kept += len(rows)
    return kept


def refresh_jobs(conn: Connection) -> None:
    """``last_seen`` of jobs whose ads are due (:mod:`storage.tally`): read or listed again, though nothing else is new."""
    seen = select(POSTING.c.job_id).where(POSTING.c.posting_key.in_(tally.ads_seen()), POSTING.c.job_id.is_not(None))
    for keys in batches(sorted(set(conn.scalars(seen)))):
        # all ads of a batch in one pass: asked job by job, PostgreSQL read the whole table for each while its statistics
        # were of the time before a first load
        newest = (
            select(POSTING.c.job_id, func.max(SIGHTING.c.last_seen).label("at"))
            .select_from(SEEN)
            .where(among(conn, POSTING.c.job_id, keys))
            .group_by(POSTING.c.job_id)
            .subquery()
        )
        conn.execute(update(JOB).where(JOB.c.job_id == newest.c.job_id).values(last_seen=newest.c.at))


def refresh_companies(conn: Connection) -> None:
    """The same of employers: an ad's ``last_seen`` only ever grows, so the ads that are due tell it, however many others
    an employer has.
    """
    key = POSTING.c.company_key
    newest = (
        select(key, func.max(SIGHTING.c.last_seen).label("last_seen"))
        .select_from(SEEN)
        .where(POSTING.c.posting_key.in_(tally.ads_seen()), key.is_not(None), POSTING.c.company.is_not(None))
        .group_by(key)
        .order_by(key)
        .execution_options(yield_per=BATCH)
    )
    for rows in batches(row._asdict() for row in conn.execute(newest)):
        update_many(conn, t.Company, "company_key", ("last_seen",), _later, rows)


def append_days(conn: Connection, *, day: dt.date, taxonomy_version: str) -> None:
    """The counts of one UTC day, as the store stands now; a later call on the same day replaces them."""
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    within = _Day(day, taxonomy_version, start, start + dt.timedelta(days=1))
    ads, jobs = tally.ads(conn), tally.jobs(conn)
    for model, rows in (
        (t.RolesDaily, _roles(conn, within, jobs)),
        (t.SkillsDaily, _skills(conn, within, jobs)),
        (t.SourcesDaily, _sources(conn, within, ads)),
        (t.CoverageDaily, _coverage(within, ads)),
    ):
        table = table_of(model)
        conn.execute(delete(table).where(table.c.day == day))
        insert_new(conn, model, rows)


class _Day:
    """A UTC day with its bounds."""

    def __init__(self, day: dt.date, taxonomy_version: str, start: dt.datetime, end: dt.datetime) -> None:
        self.day, self.taxonomy_version, self.start, self.end = day, taxonomy_version, start, end

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """Whether a column's moment is within the day."""
        return and_(moment >= self.start, moment < self.end)

    def stamp(self) -> dict[str, Any]:
        """What every row of the day carries."""
        return {"day": self.day, "taxonomy_version": self.taxonomy_version}


def _came_and_went(
    conn: Connection, day: _Day, table: Table, by: Sequence[Any], names: tuple[str, str]
) -> Iterator[tuple[Any, str, int]]:
    """How many were first seen that day and how many closed: what they have in common, the figure's name, how many."""
    came, went = day.holds(table.c.first_seen), and_(day.holds(table.c.closed_at), table.c.state == "closed")
    for name, those in zip(names, (came, went), strict=True):
        for *kind, n in conn.execute(select(*by, func.count()).where(those).group_by(*by)):
            yield tuple(kind), name, n


def _roles(conn: Connection, day: _Day, jobs: Mapping[Jobs, int]) -> list[dict[str, Any]]:
    kinds: defaultdict[Any, Counter[str]] = defaultdict(Counter)
    for one, n in jobs.items():
        if one.state != "closed":
            counted = kinds[one.role, one.server_side, one.seniority, one.remote_mode]
            counted[f"jobs_{one.state}"] += n
            counted["jobs_with_pay"] += n if one.paid and one.state == "open" else 0
    c = JOB.c
    by = (c.role, c.server_side, c.seniority, c.remote_mode)
    for kind, name, n in _came_and_went(conn, day, JOB, by, ("jobs_new", "jobs_closed")):
        kinds[kind][name] += n
    names = [column.name for column in by]
    return [full_row(t.RolesDaily, day.stamp() | dict(zip(names, kind, strict=True)) | kinds[kind]) for kind in kinds]


def _skills(conn: Connection, day: _Day, jobs: Mapping[Jobs, int]) -> list[dict[str, Any]]:
    sizes: Counter[str] = Counter()
    for job, n in jobs.items():
        if job.state == "open":
            sizes.update(dict.fromkeys(_scopes(job.role, job.server_side), n))
    named: Counter[tuple[str, str]] = Counter()
    for one, n in tally.skills(conn).items():
        named.update(dict.fromkeys(((scope, one.skill) for scope in _scopes(one.role, one.server_side)), n))
    return [
        day.stamp() | {"scope": scope, "skill": skill, "jobs_open": n, "jobs_in_scope": sizes[scope]}
        for (scope, skill), n in named.items()
    ]


def _scopes(role: str, server_side: str) -> tuple[str, ...]:
    """The groups of roles that a job belongs to."""
    if role in BACKEND:
        return ("backend", "wider-backend", "all")
    return ("wider-backend", "all") if server_side in ("core", "part") else ("all",)


def _sources(conn: Connection, day: _Day, ads: Mapping[Ads, int]) -> list[dict[str, Any]]:
    sources: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one, n in ads.items():
        # a source whose ads are all closed has its row too; how many are closed is not told, but how many that day
        sources[one.source][f"postings_{one.state}"] += n if one.state != "closed" else 0
    for (source,), name, n in _came_and_went(
        conn, day, POSTING, (POSTING.c.source,), ("postings_new", "postings_closed")
    ):
        sources[source][name] = n
    return [full_row(t.SourcesDaily, sources[source] | {"day": day.day, "source": source}) for source in sources]


def _coverage(day: _Day, ads: Mapping[Ads, int]) -> list[dict[str, Any]]:
    postings: Counter[str] = Counter()
    filled: Counter[tuple[str, str]] = Counter()
    for one, n in ads.items():
        postings[one.source] += n if one.state != "closed" else 0
        if one.state != "closed":
            filled.update(dict.fromkeys(((one.source, field) for field in one.filled), n))
    return [
        {"day": day.day, "source": source, "field": field, "postings": n, "filled": filled[source, field]}
        for source, n in postings.items()
        for field in tally.fields()
    ]


def _later(_name: str, stored: Any, new: Any) -> Any:
    return later(stored, new)


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
