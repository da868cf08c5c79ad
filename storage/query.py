"""Anybody's SQL, answered without harm: it may read, it may not write, and it may not take for ever.

SQLite: the file is opened read-only, an authorizer lets nothing but reading through (``mode=ro`` alone would still let
``ATTACH`` make a file), and a progress handler stops what runs too long. PostgreSQL: one prepared statement in a
read-only transaction with a time limit.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from config.problems import UsageProblem
from storage.engine import reading

SECONDS = 10.0
ROWS = 1000
_STEPS = 10_000
"""SQLite's virtual machine steps between two looks at the clock."""

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
}
_FORBIDDEN_FUNCTIONS = {"load_extension", "fts3_tokenizer", "writefile", "edit"}


class QueryProblem(UsageProblem):
    """A query that was refused, stopped or wrong; the text says which, in one line."""


class Answer(NamedTuple):
    """Columns and rows of a query; ``more`` where rows were left out."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    more: bool


def query(
    engine: Engine,
    sql: str,
    values: Mapping[str, Any] | None = None,
    *,
    rows: int = ROWS,
    seconds: float = SECONDS,
) -> Answer:
    """Run one reading statement; ``:name`` in it stands for a value of ``values``.

    Raises QueryProblem where the statement is wrong, would write, or takes longer than ``seconds``.
    """
    with reading(engine) as conn:
        guard = _guard_sqlite if engine.dialect.name == "sqlite" else _guard_postgresql
        lift = guard(conn, seconds)
        try:
            return _answer(conn, sql, dict(values or {}), rows)
        except SQLAlchemyError as error:
            raise QueryProblem(_one_line(getattr(error, "orig", None) or error)) from None
        finally:
            lift()


def identifier(name: str, allowed: Mapping[str, object] | set[str]) -> str:
    """A column or table name for a statement, quoted. Raises QueryProblem where it is not one of those allowed."""
    if name not in allowed:
        raise QueryProblem(f"there is no column or table {name!r}")
    quoted = name.replace('"', '""')
    return f'"{quoted}"'


def like(said: str) -> str:
    """A LIKE pattern (``ESCAPE '\\'``) that finds this text and nothing else: ``%`` and ``_`` stand for themselves."""
    for sign in ("\\", "%", "_"):
        said = said.replace(sign, f"\\{sign}")
    return f"%{said}%"


def fts(said: str) -> str:
    """A full-text query of plain words: what SQLite's query syntax would read as operators is text here."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in said.split())


def _answer(conn: Connection, sql: str, values: dict[str, Any], rows: int) -> Answer:
    if conn.dialect.name == "postgresql":
        return _answer_prepared(conn, sql, values, rows)
    result = conn.execute(text(sql), values)
    if not result.returns_rows:
        raise QueryProblem("this statement answers nothing; ask with SELECT")
    found = result.fetchmany(rows + 1)
    return Answer(list(result.keys()), [tuple(row) for row in found[:rows]], len(found) > rows)


def _answer_prepared(conn: Connection, sql: str, values: dict[str, Any], rows: int) -> Answer:
    """As a prepared statement, which can only be one: ``SELECT 1; COMMIT; DROP ...`` would leave the transaction."""
    compiled = text(sql).bindparams(**values).compile(dialect=conn.dialect)
    driver: Any = conn.connection.driver_connection
    try:
        with driver.cursor() as cursor:
            cursor.execute(str(compiled), compiled.params, prepare=True)
            if cursor.description is None:
                raise QueryProblem("this statement answers nothing; ask with SELECT")
            found = cursor.fetchmany(rows + 1)
            return Answer([column.name for column in cursor.description], found[:rows], len(found) > rows)
    except psycopg.Error as error:
        raise QueryProblem(_one_line(error)) from None


def _guard_sqlite(conn: Connection, seconds: float) -> Any:
    driver: Any = conn.connection.dbapi_connection
    until = time.monotonic() + seconds

    def allow(action: int, _first: str | None, second: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY

    # SQLite declares its JSON tables on first use, which looks like writing to the authorizer
    driver.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')").fetchall()
    driver.set_authorizer(allow)
    driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)

    def lift() -> None:
        driver.set_authorizer(None)
        driver.set_progress_handler(None, 0)

    return lift


def _guard_postgresql(conn: Connection, seconds: float) -> Any:
    conn.execute(text("SELECT set_config('statement_timeout', :ms, true)"), {"ms": str(int(seconds * 1000))})
    return lambda: None


def _one_line(error: Exception) -> str:
    said = str(error).strip().splitlines()[0][:300]
    if "interrupted" in said or "statement timeout" in said:
        return "stopped: it took too long"
    if "not authorized" in said or "prohibited" in said or "read-only" in said or "readonly" in said:
        return f"only reading is allowed: {said}"
    return said
