"""Counts that are kept up to date with the rows: what a run counts costs what it changed, not what is stored.

Triggers on ``posting``, ``sighting`` and ``job`` append to the table ``tally``, in the transaction of whoever writes: a crash takes
both or neither, and there is no writer that could forget it. Two kinds of rows stand there:

- counts (``posting``, ``job``, ``skill``): the figure of a key is the sum of ``n``. Rows are added and never changed, so
  that two writers do not wait for each other; :func:`fold` sums them up at the end of each run.
- reminders (``company``, ``seen``): an employer, or an ad whose job and employer, must be derived anew.

The same expressions count the whole store (:func:`recount`, :func:`drift`). Triggers are code, made anew by every
migration: whoever changes an expression here adds a migration, which counts the whole anew.
"""

# ruff: noqa: S608 - statements are put together from this module's own constants

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
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
    inspect,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.visitors import iterate

from storage import tables as t
from storage.rows import batches
from storage.tables import table_of

POSTING, JOB, TALLY = (table_of(one) for one in (t.PostingRow, t.JobRow, t.Tally))
COUNTS, REMINDERS = ("posting", "job", "skill"), ("company", "seen")
DUE = 1
"""``n`` of a reminder that is being followed."""
_COUNTING = 7_240_117
"""Advisory lock of PostgreSQL under which counts are summed up; see storage.schema for the others."""


def fields() -> dict[str, ColumnElement[bool]]:
    """What a field of a posting filled means."""
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


class Ads(NamedTuple):
    """Postings that are alike: their source, their state and which fields they have filled."""

    source: str
    state: str
    filled: frozenset[str]


class Jobs(NamedTuple):
    """Jobs that are alike; ``paid`` says that pay is stated or was parsed."""

    state: str
    role: str
    server_side: str
    seniority: str
    remote_mode: str
    degree: str
    paid: bool


class Named(NamedTuple):
    """Open jobs of a kind that name a technology."""

    role: str
    server_side: str
    skill: str


def ads(conn: Connection) -> dict[Ads, int]:
    """How many postings there are, by what they are like."""
    names = list(fields())
    found: dict[Ads, int] = {}
    for key, n in _sums(conn, "posting"):
        state, bits, source = key.split("|", 2)
        found[Ads(source, state, frozenset(name for name, bit in zip(names, bits, strict=True) if bit == "1"))] = n
    return found


def jobs(conn: Connection) -> dict[Jobs, int]:
    """How many jobs there are, by what they are like."""
    found: dict[Jobs, int] = {}
    for key, n in _sums(conn, "job"):
        state, role, server_side, seniority, remote_mode, degree, paid = key.split("|")
        found[Jobs(state, role, server_side, seniority, remote_mode, degree, paid == "1")] = n
    return found


def skills(conn: Connection) -> dict[Named, int]:
    """How many open jobs name a technology, by role and server side."""
    return {Named(*key.split("|", 2)): n for key, n in _sums(conn, "skill")}


def companies(conn: Connection) -> list[str]:
    """Employers that are due: :func:`take_up` found an ad of theirs that came, went or changed."""
    named = select(TALLY.c.key).where(TALLY.c.what == "company", TALLY.c.n == DUE)
    return sorted(set(conn.scalars(named)))


def ads_seen() -> Select[Any]:
    """The posting keys of stored ads that are due because they were read or listed again."""
    return select(TALLY.c.key).where(TALLY.c.what == "seen", TALLY.c.n == DUE)


def forget_companies(conn: Connection, company_keys: Collection[str]) -> None:
    """Leave no reminder of these employers, whose rows are deleted."""
    conn.execute(delete(TALLY).where(TALLY.c.what == "company", TALLY.c.key.in_(company_keys)))


def take_up(conn: Connection) -> None:
    """Begin to count: what was reminded of until now is due, what others add from now on is left to the next time.

    One transaction at a time: on PostgreSQL others wait here until this one has ended.
    """
    _one_at_a_time(conn)
    conn.execute(update(TALLY).where(TALLY.c.what.in_(REMINDERS)).values(n=DUE))


def fold(conn: Connection) -> None:
    """End to count, in the transaction of :func:`take_up`: reminders that were due go, counts are summed up."""
    conn.execute(delete(TALLY).where(TALLY.c.what.in_(REMINDERS), TALLY.c.n == DUE))
    if conn.dialect.name == "postgresql":
        # one statement, so that what another has just added is either summed and deleted or neither
        conn.exec_driver_sql(_FOLD)
        return
    rows = [{"what": what, "key": key, "n": n} for what in COUNTS for key, n in _sums(conn, what)]
    conn.execute(delete(TALLY).where(TALLY.c.what.in_(COUNTS)))
    for batch in batches(rows):
        conn.execute(insert(TALLY), batch)


def recount(conn: Connection) -> None:
    """Count the whole store anew; all employers become due, and all jobs that say less than their ads."""
    _one_at_a_time(conn)
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("LOCK TABLE posting, sighting, job IN SHARE MODE")
    conn.execute(delete(TALLY))
    for rule in _rules(conn.dialect.name):
        conn.exec_driver_sql(f"INSERT INTO tally (what, key, n) {rule.whole}")


def drift(conn: Connection) -> dict[str, int]:
    """For each kind of count how many figures are not what the rows say; empty where all are right."""
    wrong: dict[str, int] = {}
    for rule in _rules(conn.dialect.name):
        if rule.what in COUNTS:
            whole = {(str(key), int(n)) for _, key, n in conn.exec_driver_sql(rule.whole)}
            wrong[rule.what] = len({key for key, _ in whole ^ set(_sums(conn, rule.what))})
    return {what: n for what, n in wrong.items() if n}


def create_triggers(conn: Connection) -> None:
    """Make the triggers."""
    for rule in _rules(conn.dialect.name):
        for statement in rule.triggers(conn.dialect.name):
            conn.exec_driver_sql(statement)


def drop_triggers(conn: Connection) -> None:
    """Remove the triggers, where they are: a migration may rebuild their tables."""
    present = inspect(conn).get_table_names()
    for rule in _rules(conn.dialect.name):
        for event in rule.on if rule.table in present else ():
            of = f" ON {rule.table}" if conn.dialect.name == "postgresql" else ""
            conn.exec_driver_sql(f"DROP TRIGGER IF EXISTS {rule.named(event)}{of}")


# --- below: how -----------------------------------------------------------------------------------------------------

_FOLD = f"""
WITH gone AS (DELETE FROM tally WHERE what IN {COUNTS} RETURNING what, key, n)
INSERT INTO tally (what, key, n)
SELECT what, key, SUM(n) FROM gone GROUP BY what, key HAVING SUM(n) <> 0 ORDER BY what, key
"""


def _one_at_a_time(conn: Connection) -> None:
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(_COUNTING)))


def _sums(conn: Connection, what: str) -> list[tuple[str, int]]:
    total = func.sum(TALLY.c.n)
    query = select(TALLY.c.key, total).where(TALLY.c.what == what).group_by(TALLY.c.key).having(total != 0)
    return [(key, int(n)) for key, n in conn.execute(query.order_by(TALLY.c.key))]


class _Rule(NamedTuple):
    """What is added when a row of a table comes, goes or changes in some columns. ``{row}`` stands for that row."""

    what: str
    table: str
    columns: tuple[str, ...]
    key: str
    source: str
    """FROM and WHERE of what is added."""
    whole: str
    """What, key and n over all rows, as a SELECT."""
    on: Mapping[str, tuple[str, ...]] = MappingProxyType(
        {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}
    )
    """For which events, and about which of their rows."""

    def named(self, event: str) -> str:
        """The name of its trigger, and on PostgreSQL of the function that it calls."""
        return f"tally_{self.what}_{event.lower()}"

    def triggers(self, dialect: str) -> Iterator[str]:
        """The statements that make its triggers."""
        for event, rows in self.on.items():
            name = self.named(event)
            body = " ".join(f"{self._added(row)};" for row in rows)
            of = f" OF {', '.join(self.columns)}" if event == "UPDATE" else ""
            when = self._changed(dialect) if event == "UPDATE" else ""
            head = f"CREATE TRIGGER {name} AFTER {event}{of} ON {self.table} FOR EACH ROW{when}"
            if dialect == "sqlite":
                yield f"{head} BEGIN {body} END"
            else:
                body = f"BEGIN {body} RETURN NULL; END"
                yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
                yield f"{head} EXECUTE FUNCTION {name}()"

    def _added(self, row: str) -> str:
        n = 0 if self.what in REMINDERS else -1 if row == "OLD" else 1
        said = f"INSERT INTO tally (what, key, n) SELECT '{self.what}', {self.key}, {n} {self.source}"
        return said.replace("{row}", row)

    def _changed(self, dialect: str) -> str:
        differ = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
        return f" WHEN ({' OR '.join(f'OLD.{one} {differ} NEW.{one}' for one in self.columns)})"


@functools.cache
def _rules(dialect: str) -> tuple[_Rule, ...]:
    p, j = POSTING.c, JOB.c
    paid = and_(or_(j.salary_min.is_not(None), j.salary_max.is_not(None)), j.salary_source != "predicted")
    return (
        _counting(dialect, "posting", p.state, _bits(fields().values()), p.source),
        _counting(dialect, "job", j.state, j.role, j.server_side, j.seniority, j.remote_mode, j.degree, _bits([paid])),
        _Rule(
            what="skill",
            table="job",
            columns=("state", "role", "server_side", "skills"),
            key=_NAMING.format("one.value"),
            source=f"FROM (SELECT DISTINCT value FROM {_EACH[dialect]}) AS one WHERE {{row}}.state = 'open'",
            whole=f"SELECT 'skill', {_NAMING.format('job_skill.skill')}, COUNT(*) ".replace("{row}", "job")
            + "FROM job JOIN job_skill ON job_skill.job_id = job.job_id WHERE job.state = 'open' GROUP BY 2",
        ),
        _Rule(
            what="company",
            table="posting",
            columns=("company_key", "company", "company_url", "agency", "first_seen"),
            key="{row}.company_key",
            source="WHERE {row}.company_key IS NOT NULL",
            whole="SELECT 'company', company_key, 0 FROM posting WHERE company_key IS NOT NULL "
            "UNION SELECT 'company', company_key, 0 FROM company",
        ),
        _Rule(
            what="seen",
            table="sighting",
            columns=("last_seen",),
            key="{row}.posting_key",
            source="",
            whole="SELECT 'seen', posting.posting_key, 0 FROM posting JOIN job ON job.job_id = posting.job_id "
            "JOIN sighting ON sighting.posting_key = posting.posting_key WHERE sighting.last_seen > job.last_seen",
            on={"UPDATE": ("NEW",)},
        ),
    )


_NAMING = "{{row}}.role || '|' || {{row}}.server_side || '|' || {}"
_EACH = {
    "sqlite": "json_each({row}.skills)",
    "postgresql": "jsonb_array_elements_text({row}.skills) AS each(value)",
}


def _counting(dialect: str, table: str, *parts: ColumnElement[Any]) -> _Rule:
    """Rows of a table counted by these expressions over it."""
    engine = (sqlite if dialect == "sqlite" else postgresql).dialect()
    said = " || '|' || ".join(str(p.compile(dialect=engine, compile_kwargs={"literal_binds": True})) for p in parts)
    columns = (one.name for part in parts for one in iterate(part) if isinstance(one, Column))
    return _Rule(
        what=table,
        table=table,
        columns=tuple(dict.fromkeys(columns)),
        key=re.sub(rf"\b{table}\.", "{row}.", said),
        source="",
        whole=f"SELECT '{table}', {said}, COUNT(*) FROM {table} GROUP BY 2",
    )


def _bits(said: Iterable[ColumnElement[bool]]) -> ColumnElement[str]:
    """A 1 for each that holds, a 0 for each that does not."""
    return reduce(operator.add, (case((one, literal("1", Text)), else_=literal("0", Text)) for one in said))
