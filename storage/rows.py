"""How rows get into tables, the same on both engines: in batches, by executemany, in the order of their keys."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Float,
    Insert,
    Text,
    any_,
    bindparam,
    case,
    column,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.engine import json_text
from storage.tables import table_of

T = TypeVar("T")
BATCH = 1000
"""Rows of one executemany: 100 is half as fast, 5000 no faster."""


def insert_into(conn: Connection, model: type[SQLModel]) -> Any:
    """An insert of the connection's dialect, which knows ON CONFLICT."""
    return insert_for(conn.dialect.name, model)


def insert_for(dialect: str, model: type[SQLModel]) -> Any:
    """The same by the dialect's name, for statements that are made once."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table_of(model))


def insert_new(conn: Connection, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; what is there already stays as it is."""
    for batch in batches(rows):
        execute_many(conn, _insert_new(conn.dialect.name, model), batch)


def upsert(conn: Connection, model: type[SQLModel], rows: list[dict[str, Any]], keep: Sequence[str] = ()) -> None:
    """Insert rows, or overwrite those with the same primary key, all but the columns to ``keep``."""
    keys = [column.name for column in table_of(model).primary_key]
    rows = sorted((full_row(model, row) for row in rows), key=lambda row: tuple(str(row[key]) for key in keys))
    for batch in batches(rows):
        execute_many(conn, _upsert(conn.dialect.name, model, tuple(keep)), batch)


# a statement is made once: making and compiling one takes as long as writing a hundred rows
@functools.cache
def _insert_new(dialect: str, model: type[SQLModel]) -> Any:
    return insert_for(dialect, model).on_conflict_do_nothing()


@functools.cache
def _upsert(dialect: str, model: type[SQLModel], keep: tuple[str, ...]) -> Any:
    keys = [column.name for column in table_of(model).primary_key]
    statement = insert_for(dialect, model)
    new = statement.excluded
    values = {name: new[name] for name in model.model_fields if name not in keys and name not in keep}
    return statement.on_conflict_do_update(index_elements=keys, set_=values)


def replace_children(
    conn: Connection, model: type[SQLModel], column: str, parents: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    """Delete the child rows of ``parents``, then insert ``rows``."""
    for batch in batches(parents):
        conn.execute(delete(table_of(model)).where(among(conn, table_of(model).c[column], batch)))
    for children in batches(rows):
        insert_children(conn, model, children)


def insert_children(conn: Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert narrow rows that do not exist yet.

    PostgreSQL takes them as one array a column: a round trip a row, even pipelined, costs it ten times as much.
    """
    if conn.dialect.name != "postgresql":
        insert_new(conn, model, rows)
        return
    conn.execute(_insert_arrays(model), _arrays(rows, table_of(model).columns.keys()))


def upsert_many(
    conn: Connection,
    model: type[SQLModel],
    merge: Callable[[str, Any, Any], Any],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Insert narrow rows, or merge them with those of the same primary key; ``merge`` as in :func:`update_many`."""
    names = table_of(model).columns.keys()
    statement = _upsert_many(conn.dialect.name, model, merge)
    if conn.dialect.name != "postgresql":
        execute_many(conn, statement, rows, names)
    elif rows:
        conn.execute(statement, _arrays(rows, names))


def update_many(
    conn: Connection,
    model: type[SQLModel],
    key: str,
    names: tuple[str, ...],
    merge: Callable[[str, Any, Any], Any],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Update stored rows, found by a unique column, in some others.

    ``merge`` makes what is set of a column's name, its stored and its new value; it is a function of a module, since a
    statement is made once for each. PostgreSQL takes one array a column, as in :func:`insert_children`, and locks rows
    in the order in which it finds them: the caller sees to it that no other writer is at the same rows.
    """
    statement = _update_many(conn.dialect.name, model, key, names, merge)
    if conn.dialect.name != "postgresql":
        pick, given = itemgetter(key, *names), [f"new_{name}" for name in (key, *names)]
        execute_many(conn, statement, [dict(zip(given, pick(row), strict=True)) for row in rows])
    elif rows:
        conn.execute(statement, _arrays(rows, (key, *names)))


@functools.cache
def _update_many(
    dialect: str, model: type[SQLModel], key: str, names: tuple[str, ...], merge: Callable[[str, Any, Any], Any]
) -> Any:
    table, all_names = table_of(model), (key, *names)
    # typed, so that a time is written in the one form that sorts
    new: Any = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in all_names}
    if dialect == "postgresql":
        new = _given(model, all_names).c
    values = {name: merge(name, table.c[name], new[name]) for name in names}
    return update(table).where(table.c[key] == new[key]).values(values)


@functools.cache
def _upsert_many(dialect: str, model: type[SQLModel], merge: Callable[[str, Any, Any], Any]) -> Any:
    statement = _insert_rows(model) if dialect == "postgresql" else insert_for(dialect, model)
    keys = [column.name for column in table_of(model).primary_key]
    values = {c.name: merge(c.name, c, statement.excluded[c.name]) for c in table_of(model).c if c.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=values)


@functools.cache
def _insert_arrays(model: type[SQLModel]) -> Any:
    return _insert_rows(model).on_conflict_do_nothing()


def _insert_rows(model: type[SQLModel]) -> Any:
    """PostgreSQL's insert of the rows that :func:`_given` makes of arrays."""
    names = table_of(model).columns.keys()
    return insert_for("postgresql", model).from_select(names, select(*_given(model, names).c))


def _given(model: type[SQLModel], names: Sequence[str]) -> Any:
    """Rows of PostgreSQL made of :func:`_arrays`."""
    of = table_of(model).c
    arrays = (bindparam(f"new_{name}", type_=_array_of(of[name].type)) for name in names)
    return func.unnest(*arrays).table_valued(*(column(name) for name in names)).render_derived("given")


def _arrays(rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> dict[str, list[Any]]:
    return {f"new_{name}": [row[name] for row in rows] for name in names}


def _array_of(kind: Any) -> ARRAY[Any]:
    """PostgreSQL's array of values of a narrow column."""
    return ARRAY(kind if isinstance(kind, (BigInteger, UTCDateTime)) else Text)


def execute_many(
    conn: Connection, statement: Any, rows: Sequence[Mapping[str, Any]], names: Iterable[str] | None = None
) -> None:
    """executemany without SQLAlchemy's work on every row, which costs as much as the driver's own.

    The statement is compiled as ever (once, where the caller keeps it) and values go through the types' own processors.
    ``names`` are the keys of each row that it takes; without them every row has the keys of the first one.
    """
    if rows:
        ready = prepared(statement, conn.dialect, tuple(rows[0] if names is None else names))
        conn.exec_driver_sql(ready.sql, [ready.values(row) for row in rows])


def copy_into(conn: Connection, model: type[SQLModel], staged: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """PostgreSQL: put rows into a temporary table like the model's, emptied before and gone with the transaction."""
    name, columns = table_of(model).name, table_of(model).columns.keys()
    conn.exec_driver_sql(f"CREATE TEMPORARY TABLE IF NOT EXISTS {staged} (LIKE {name}) ON COMMIT DROP")
    conn.exec_driver_sql(f"TRUNCATE {staged}")
    ready = prepared(_insert_new(conn.dialect.name, model), conn.dialect, tuple(columns))
    driver: Any = conn.connection.driver_connection
    command = f"COPY {staged} ({', '.join(columns)}) FROM STDIN"
    try:
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                said = ready.values(row)
                copy.write_row([said[name] for name in columns])
    except conn.dialect.loaded_dbapi.Error as error:
        # told as SQLAlchemy tells what it executes itself: a lost connection is tried again, a full disk explained
        lost = conn.dialect.is_disconnect(error, driver, None)
        if lost:
            conn.invalidate(error)
        kind = conn.dialect.loaded_dbapi.Error
        wrapped = DBAPIError.instance(command, None, error, kind, True, connection_invalidated=lost)
        raise wrapped from error


class Prepared(NamedTuple):
    """A compiled statement, and what makes the driver's parameters of a row."""

    sql: str
    values: Callable[[Mapping[str, Any]], Any]


# a run has some twenty; what is kept holds the dialect of an engine that may be gone
@functools.lru_cache(maxsize=64)
def prepared(statement: Any, dialect: Any, names: tuple[str, ...]) -> Prepared:
    """The statement compiled for rows with these keys; the same one again where both are the same."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names) if isinstance(statement, Insert) else None)
    binds = list(compiled.positiontup or compiled.bind_names.values())
    processors = {name: _processor(bind.type, dialect) for bind, name in compiled.bind_names.items()}
    fixed = {
        name: process(value) if (process := processors[name]) else value
        for name, value in compiled.params.items()
        if name not in names
    }
    of_row = [name for name in binds if name not in fixed]
    steps = [(place, process) for place, name in enumerate(of_row) if (process := processors[name])]
    pick: Callable[[Any], Any] = itemgetter(*of_row) if len(of_row) > 1 else lambda row: (row[of_row[0]],)

    def processed(row: Mapping[str, Any]) -> tuple[Any, ...]:
        said = list(pick(row))
        for place, process in steps:
            value = said[place]
            if value is not None:
                said[place] = process(value)
        return tuple(said)

    values = processed if steps else pick

    def in_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
        said = named(row)
        return tuple(said[name] for name in binds)

    def named(row: Mapping[str, Any]) -> dict[str, Any]:
        return fixed | dict(zip(of_row, values(row), strict=True))

    return Prepared(str(compiled), named if compiled.positiontup is None else in_order if fixed else values)


def _processor(kind: Any, dialect: Any) -> Callable[[Any], Any] | None:
    """What turns a value into what the driver takes; for SQLite the same as the types' own, in fewer steps."""
    if dialect.name == "sqlite" and isinstance(kind, UTCDateTime):
        return _sqlite_time
    if dialect.name == "sqlite" and isinstance(kind, JSON):
        return _sqlite_json
    if dialect.name == "postgresql" and isinstance(kind, Float):
        return _as_sqlite_keeps
    own: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return own


# the times of a batch are few: those of its reading, and days
@functools.lru_cache(maxsize=4096)
def _sqlite_time(value: dt.datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(dt.UTC).isoformat(" ", "microseconds")[:26]


@functools.lru_cache(maxsize=4096)
def stored_time(value: dt.datetime | str) -> dt.datetime:
    """A time that was read as it is stored: on SQLite a text, which comes again in every row of a batch."""
    return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)


def _as_sqlite_keeps(value: float | None) -> float | None:
    """SQLite has no zero below zero, and null where something is no number."""
    return None if value is None or value != value else value + 0.0


def _sqlite_json(value: Any) -> str | None:
    if value == []:
        return "[]"  # what most lists of a row say
    return None if value is None else json_text(value)


def among(conn: Connection, of: Any, values: Iterable[str] | Iterable[int]) -> ColumnElement[bool]:
    """The column is one of these keys, however many: they are handed over as one value.

    Each as a parameter of its own costs several times what finding its row does.
    """
    if conn.dialect.name == "postgresql":
        held: ColumnElement[bool] = of == any_(bindparam(None, list(values), type_=_array_of(of.type)))
        return held
    each = func.json_each(orjson.dumps(list(values)).decode()).table_valued("value")
    found: ColumnElement[bool] = of.in_(select(each.c.value))
    return found


def pairs(conn: Connection, model: type[SQLModel], key: str, value: str, keys: Sequence[str]) -> dict[str, Any]:
    """One column of stored rows by another, for these keys."""
    columns = (table_of(model).c[key], table_of(model).c[value])
    return {row[0]: row[1] for row in conn.execute(select(*columns).where(among(conn, columns[0], keys)))}


def later(stored: Any, new: Any) -> Any:
    """The later of a column and a new value; NULL is earlier than everything."""
    return case((or_(stored.is_(None), stored < new), new), else_=stored)


def earlier(stored: Any, new: Any) -> Any:
    """The earlier of a column and a new value; NULL is later than everything."""
    return case((or_(stored.is_(None), stored > new), new), else_=stored)


def as_dict(thing: object) -> dict[str, Any]:
    """A mapping, a dataclass, a NamedTuple, a pydantic model or any object with attributes, as a dictionary."""
    if isinstance(thing, Mapping):
        return dict(thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        return {one.name: getattr(thing, one.name) for one in fields(thing)}
    if hasattr(thing, "_asdict"):
        return dict(thing._asdict())
    return dict(vars(thing))


def only_columns(model: type[SQLModel], said: Mapping[str, Any]) -> dict[str, Any]:
    """What of it the table has columns for."""
    return {name: said[name] for name in model.model_fields if name in said}


def full_row(model: type[SQLModel], said: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the model's defaults where nothing is said; without an instance, which costs ten times as much."""
    return {name: said[name] if name in said else default() for name, default in _defaults(model)}


@functools.cache
def _defaults(model: type[SQLModel]) -> tuple[tuple[str, Callable[[], Any]], ...]:
    """What makes the default of each column; None for a column that has none."""
    return tuple(
        (name, lambda field=field: None if field.is_required() else field.get_default(call_default_factory=True))
        for name, field in model.model_fields.items()
    )


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of at most ``size`` items, in order."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def hash16(*parts: Any) -> str:
    """16 hex digits over the parts' text."""
    said = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=8).hexdigest()


def storable(value: Any) -> Any:
    """The value without what databases refuse in text: NUL and lone surrogates."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, dict):
        return {storable(name): storable(one) for name, one in value.items()}
    return value
