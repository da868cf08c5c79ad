"""Anybody's SQL, answered without harm: it may read, it may not write, and it may not take for ever.

SQLite: the file is opened read-only, an authorizer lets nothing but reading through (``mode=ro`` alone would still let
``ATTACH`` make a file), a progress handler stops what runs too long, and no value may grow beyond VALUE. PostgreSQL: the
cursor of one statement, which can be nothing but a query (``COPY ... TO PROGRAM`` passes a read-only transaction), in a
read-only transaction with a time limit; a superuser asks as ``pg_read_all_data``, who reads tables but no files. No function
may be named that PostgreSQL itself holds to do more than compute (``set_config`` would give the role and the time limit
back, ``ts_stat`` and ``query_to_xml`` run a text as SQL after that), nor one that is not PostgreSQL's own.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from config.problems import UsageProblem
from storage.engine import reading

SECONDS = 10.0
ROWS = 1000
VALUE = 2**24
"""Bytes of one value; SQLite would make a gigabyte in one step, which no handler interrupts."""
ANSWER = 2**28
"""Bytes of the texts of one answer."""
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
_WORD = re.compile(r"[^\W\d][\w$]*")
_ESCAPED_NAME = re.compile(r'u&"', re.IGNORECASE)
_HARMLESS = {
    "random", "random_normal", "gen_random_uuid", "uuidv4", "uuidv7", "clock_timestamp", "timeofday", "array_sample",
    "array_shuffle", "system", "bernoulli",
}  # fmt: skip
"""Functions that PostgreSQL holds to be volatile since they answer otherwise each time, and nothing else."""


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
            return _answer(conn, sql, dict(values or {}), rows, time.monotonic() + seconds)
        except SQLAlchemyError as error:
            raise QueryProblem(_one_line(getattr(error, "orig", None) or error)) from None
        except UnicodeError:
            raise QueryProblem("the query holds characters that are no text") from None
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


def _answer(conn: Connection, sql: str, values: dict[str, Any], rows: int, until: float) -> Answer:
    _refuse_without_values(sql, values)
    if conn.dialect.name == "postgresql":
        _refuse_what_does_more(conn, sql)
        return _answer_of_cursor(conn, sql, values, rows, until)
    result = conn.execute(text(sql), values)
    if not result.returns_rows:
        raise QueryProblem("this statement answers nothing; ask with SELECT")
    found = _fetched(result, rows + 1)
    return Answer(list(result.keys()), found[:rows], len(found) > rows)


def _refuse_without_values(sql: str, values: Mapping[str, Any]) -> None:
    missing = sorted(text(sql).compile().params.keys() - values.keys())
    if missing:
        name = missing[0]
        raise QueryProblem(f"no value is given for :{name}; say --value {name}=..., or \\:{name} where it is text")


def _fetched(result: Iterable[Any], most: int) -> list[tuple[Any, ...]]:
    """So many rows at most. Raises QueryProblem where they hold too much."""
    found, held = [], 0
    for row in islice(result, most):
        held += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if held > ANSWER:
            raise QueryProblem(f"stopped: the answer is larger than {ANSWER // 2**20} MiB; ask for less")
        found.append(tuple(row))
    return found


def _refuse_what_does_more(conn: Connection, sql: str) -> None:
    """Raises QueryProblem where a word of the statement is the name of a function that may do more than compute.

    Words are looked for in the whole text, within quotes too: a name is then found however it is quoted or called, and
    no second reading of SQL has to agree with PostgreSQL's own.
    """
    if _ESCAPED_NAME.search(sql):
        raise QueryProblem("only reading is allowed: names in escaped form (U&) are not taken")
    words = sorted({word.lower() for word in _WORD.findall(sql)} - _HARMLESS)
    found = conn.scalar(
        text(
            "SELECT min(proname::text) FROM pg_proc WHERE proname::text = ANY(:words) "
            # below 16384 are PostgreSQL's own; of others only what is declared to compute from its arguments alone
            "AND (provolatile = 'v' OR (oid >= 16384 AND provolatile <> 'i'))"
        ),
        {"words": words},
    )
    if found:
        raise QueryProblem(f"only reading is allowed: {found} may do more than that")


def _answer_of_cursor(conn: Connection, sql: str, values: dict[str, Any], rows: int, until: float) -> Answer:
    """As a cursor, which is declared for one query and for nothing else, and gives no more rows than are asked for."""
    compiled = text(sql).bindparams(**values).compile(dialect=conn.dialect)
    driver: Any = conn.connection.driver_connection
    try:
        with driver.cursor(name="asked") as cursor:
            cursor.itersize = 100
            cursor.execute(str(compiled), compiled.params)
            found = _fetched(_in_time(cursor, until), rows + 1)
            return Answer([column.name for column in cursor.description], found[:rows], len(found) > rows)
    except psycopg.Error as error:
        raise QueryProblem(_one_line(error)) from None


def _in_time(rows: Iterable[Any], until: float) -> Iterator[Any]:
    """The server's limit is one for each hundred rows that are fetched; this is one for all."""
    for row in rows:
        if time.monotonic() > until:
            raise QueryProblem("stopped: it took too long")
        yield row


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
    usual = driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE)

    def lift() -> None:
        driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, usual)
        driver.set_authorizer(None)
        driver.set_progress_handler(None, 0)

    return lift


def _guard_postgresql(conn: Connection, seconds: float) -> Any:
    conn.execute(text("SELECT set_config('statement_timeout', :ms, true)"), {"ms": str(int(seconds * 1000))})
    conn.execute(
        text(
            "SELECT set_config('role', reader.rolname, true) FROM pg_roles AS me, pg_roles AS reader "
            "WHERE me.rolname = current_user AND me.rolsuper AND reader.rolname = 'pg_read_all_data'"
        )
    )
    return lambda: None


def _one_line(error: Exception) -> str:
    said = str(error).strip().splitlines()[0][:300]
    if "too big" in said:
        return f"stopped: a value grew beyond {VALUE // 2**20} MiB"
    if re.search(
        r"syntax error at or near \"(COPY|SET|DO|EXPLAIN|SHOW|CALL|LOCK|LISTEN|NOTIFY|VACUUM|ANALYZE|BEGIN|COMMIT|ROLLBACK|"
        r"DROP|CREATE|ALTER|DELETE|INSERT|UPDATE|TRUNCATE)\"",
        said,
        re.IGNORECASE,
    ):
        return f"only reading is allowed, by SELECT: {said}"
    if "interrupted" in said or "statement timeout" in said:
        return "stopped: it took too long"
    if "not authorized" in said or "prohibited" in said or "read-only" in said or "readonly" in said:
        return f"only reading is allowed: {said}"
    return said
