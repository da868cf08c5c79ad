"""The questions of the report: one SQL file each, the same on both engines, answered from one view of the database.

``:daysN`` in a file stands for the day N days before the report's; it is written out, so that the SQL beside a plot
can be run as it stands. A line that ends in ``-- sqlite`` or ``-- postgresql`` is for that engine alone.
"""

from __future__ import annotations

import datetime as dt
import re
from importlib.resources import files
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d):\d\d(?:\.\d{1,6})?(?:\+00:00)?")
_DAYS_BEFORE = re.compile(r":days(\d{1,4})\b")

Row = dict[str, Any]


class Answer(NamedTuple):
    """A question's SQL as it was run, its columns and its rows."""

    sql: str
    columns: list[str]
    rows: list[Row]


def statement(name: str, day: dt.date, dialect: str) -> str:
    """The SQL of sql/NAME.sql for one engine (``sqlite`` or ``postgresql``) and the report's day."""
    said = (files("flows.report.market") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    other = "-- postgresql" if dialect == "sqlite" else "-- sqlite"
    lines = [line for line in said.splitlines() if not line.rstrip().endswith(other)]
    mine = "\n".join(line.removesuffix(f" -- {dialect}") for line in lines)
    return _DAYS_BEFORE.sub(lambda m: f"'{day - dt.timedelta(days=int(m[1]))}'", mine)


def ask(conn: Connection, name: str, day: dt.date) -> Answer:
    """Ask one question."""
    sql = statement(name, day, conn.dialect.name)
    result = conn.execute(text(sql.replace(":", r"\:")))
    columns = list(result.keys())
    return Answer(sql, columns, [dict(zip(columns, map(_plain, row), strict=True)) for row in result])


def report_day(conn: Connection) -> dt.date | None:
    """The UTC day that the data stand at: that of the last run; None where nothing ever ran."""
    said = conn.scalar(text("SELECT MAX(started_at) FROM run"))
    if said is None:
        return None
    return said.date() if isinstance(said, dt.datetime) else dt.date.fromisoformat(str(said)[:10])


class Record(NamedTuple):
    """What the data rest on: how many runs of which kinds (crawl, demo, file, site, replay), the UTC day of the first,
    the versions of Rolecall and of the taxonomy that the last one was made with."""

    runs: int
    kinds: set[str]
    first: str
    version: str
    taxonomy: str


def record(conn: Connection) -> Record:
    """What the database's data rest on."""
    kinds = set(conn.scalars(text("SELECT DISTINCT kind FROM run")))
    runs, first = conn.execute(text("SELECT COUNT(*), MIN(started_at) FROM run")).one()
    last = conn.execute(
        text("SELECT version, taxonomy_version FROM run ORDER BY started_at DESC, run_id LIMIT 1")
    ).first()
    version, taxonomy = last or ("", "")
    return Record(int(runs), kinds, str(first or "")[:10], version or "", taxonomy or "")


def _plain(value: Any) -> Any:
    """Days and times as ISO text on either engine; exact numbers of PostgreSQL as int or float."""
    if isinstance(value, str) and (time := _TIME.fullmatch(value)):
        return time[1]
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    if type(value).__name__ == "Decimal":
        return int(value) if value == value.to_integral_value() else float(value)
    return value
