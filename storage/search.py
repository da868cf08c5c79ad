"""Full-text search over jobs, for SQLite: an index of title, company and description that Datasette uses too.

The index is made when it is asked for (serving, a snapshot), not kept up by every run: it repeats every text, and a run
writes none of it. It refers to the rows of ``job`` by rowid, which a VACUUM may renumber: make it anew after one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, inspect, text

from storage.query import fts

INDEX = "job_search"
COLUMNS = ("title", "company", "description_text")


def index_jobs(conn: Connection) -> int:
    """Make the index, or make it anew; returns the number of jobs in it. Raises ValueError on PostgreSQL."""
    if conn.dialect.name != "sqlite":
        raise ValueError("search is indexed in SQLite: serve a snapshot")
    drop_index(conn)
    conn.exec_driver_sql(
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5({', '.join(COLUMNS)}, content='job', tokenize='unicode61')"
    )
    conn.exec_driver_sql(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")  # noqa: S608
    return int(conn.scalar(text("SELECT COUNT(*) FROM job")) or 0)


def drop_index(conn: Connection) -> None:
    """Remove the index where there is one."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(f"DROP TABLE IF EXISTS {INDEX}")


def has_index(conn: Connection) -> bool:
    """Whether there is an index."""
    return conn.dialect.name == "sqlite" and inspect(conn).has_table(INDEX)


def search_jobs(conn: Connection, words: str, *, limit: int = 100) -> list[dict[str, Any]]:
    """Jobs that hold all these words, best first: job_id, title, company, state. Operators are words like others."""
    said = fts(words)
    if not said:
        return []
    query = text(
        f"SELECT j.job_id, j.title, j.company, j.state FROM {INDEX} AS s JOIN job AS j ON j.rowid = s.rowid "  # noqa: S608
        f"WHERE {INDEX} MATCH :said ORDER BY bm25({INDEX}, 10.0, 5.0, 1.0), j.job_id LIMIT :limit"
    )
    return [dict(row._mapping) for row in conn.execute(query, {"said": said, "limit": limit})]
