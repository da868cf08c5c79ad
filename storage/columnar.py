"""What is exported, column by column: read in the order of the keys, from either engine, as Arrow arrays.

Rows are taken from the driver as it has them and turned into columns at once, without an object a row: times, days and
JSON come as text, and what a type needs is done on whole columns (lists of words without a parser, other JSON once for
each different text of a batch).
"""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, select
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.ads import SEEN, fact
from storage.engine import DatabaseProblem, json_text, reading, reading_uri, shown
from storage.models import Job, Posting
from storage.pieces import batches_in_order, in_order
from storage.tables import JobRow, table_of

ROWS = 1000
"""Rows taken from the driver at a time; texts make them some 7 MB."""
LARGE = 100_000_000
"""Bytes of a SQLite file from which on a process beside reads it."""
GROUP = 5
"""So many times ROWS make a group of Parquet."""

MODELS: dict[str, type[Posting] | type[Job]] = {"postings": Posting, "jobs": Job}
KEYS = {"postings": ("source", "board", "external_id"), "jobs": ("job_id",)}
_PLACES = pa.list_(pa.struct([("city", pa.string()), ("region", pa.string()), ("country", pa.string())]))
_WORDS = pa.map_(pa.string(), pa.string())
LIST = pa.list_(pa.string())
"""A list of words."""
_BETWEEN = '","'
"""What parts two words of a JSON list; within a word a quotation mark has a backslash before it."""
_SPECIAL = {"locations": _PLACES, "skills_because": _WORDS, "best": _WORDS}
_ARROW = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "json": LIST,
    "string": pa.string(),
}
_AS_TEXT = ("date", "datetime", "json")


def columns(what: str) -> list[str]:
    """Names of the exported columns, in their order."""
    return [name for name, field in MODELS[what].model_fields.items() if not field.exclude]


def kinds(what: str) -> dict[str, str]:
    """What each exported column holds, as :func:`kind_of` names it."""
    return {name: kind_of(column_of(what, name)) for name in columns(what)}


def column_of(what: str, name: str) -> sa.Column[Any]:
    """Where an exported column of postings or jobs is stored."""
    return fact(name) if what == "postings" else table_of(JobRow).c[name]


def kind_of(column: Any) -> str:
    """What a column holds: boolean, integer, number, date, datetime, json, bytes or string."""
    known: list[tuple[type[Any], str]] = [
        (sa.Boolean, "boolean"),
        (sa.Integer, "integer"),
        (sa.Float, "number"),
        (sa.Date, "date"),
        (UTCDateTime, "datetime"),
        (sa.JSON, "json"),
        (sa.LargeBinary, "bytes"),
    ]
    return next((name for kind, name in known if isinstance(column.type, kind)), "string")


def arrow_schema(what: str) -> pa.Schema:
    """The Arrow schema of an export: typed from the model, each column with its description."""
    model = MODELS[what]
    made = []
    for name, kind in kinds(what).items():
        about = {"description": model.model_fields[name].description or ""}
        held = _SPECIAL.get(name) or _ARROW[kind]
        made.append(pa.field(name, held, nullable=bool(column_of(what, name).nullable), metadata=about))
    return pa.schema(made)


def rows(engine: Engine, what: str) -> Iterator[dict[str, Any]]:
    """All postings or jobs as dictionaries of Python values, in the order of their keys, from one view of the database."""
    names = columns(what)
    query = _in_order(what, select(*(column_of(what, name) for name in names)))
    with reading(engine) as conn:
        for row in _ordered(conn.execute(query.execution_options(yield_per=ROWS)), what):
            yield dict(zip(names, row, strict=True))


def stored_rows(engine: Engine, what: str, *, encoded: bool = False) -> Iterator[list[Sequence[Any]]]:
    """The same in batches, as the driver has them: times, days and JSON are text, truth may be 0 or 1.

    ``encoded`` asks SQLite for long texts as UTF-8: decoding one for Arrow to encode it again takes longer than reading it.
    """
    with reading(engine) as conn:
        query = _in_order(what, select(*(_as_stored(conn, column_of(what, name), encoded) for name in columns(what))))
        ordered = _ordered(conn.execute(query.execution_options(yield_per=ROWS)), what)
        while batch := list(islice(ordered, ROWS)):
            yield batch


def stored_columns(engine: Engine, what: str) -> Iterator[dict[str, pa.Array]]:
    """The same as columns; text in them is as :func:`stored_rows` has it, but JSON has its keys in order.

    A large SQLite file is read by a process beside (:mod:`storage.arrow_beside`) where its driver is installed, in about
    half the time.
    """
    if _may_be_read_beside(engine):
        yield from _read_beside(engine, what)
        return
    kind = kinds(what)
    for batch in stored_rows(engine, what, encoded=True):
        held = {name: _column(values, kind[name]) for name, values in zip(kind, zip(*batch, strict=True), strict=True)}
        if engine.dialect.name != "sqlite":
            # SQLite holds the text that storage wrote, which is in order
            held |= {name: each_once(held[name], normal_json) for name in kind if kind[name] == "json"}
        yield held


def record_batches(engine: Engine, what: str) -> Iterator[pa.RecordBatch]:
    """The same as record batches of :func:`arrow_schema`, of ROWS rows each but for the last."""
    schema = arrow_schema(what)
    return _even(
        pa.record_batch([_typed(held[field.name], field.type) for field in schema], schema=schema)
        for held in stored_columns(engine, what)
    )


def each_once(column: pa.Array, change: Callable[[list[str]], list[Any]], kind: pa.DataType | None = None) -> pa.Array:
    """A text column with every different text changed once; null stays null."""
    encoded = column.dictionary_encode()
    changed = pa.array(change(encoded.dictionary.to_pylist()), type=kind or pa.string())
    return changed.take(encoded.indices)


def words(column: pa.Array) -> pa.Array:
    """A column of JSON lists of words as lists."""
    if _escaped(column):
        return each_once(column, _parsed, LIST)
    return pc.if_else(pc.equal(column, "[]"), _no_words(), pc.split_pattern(_inner(column), _BETWEEN))


def joined_words(column: pa.Array) -> pa.Array:
    """The same as text, the words joined by ', '."""
    if _escaped(column):
        return pc.binary_join(words(column), ", ")
    return pc.replace_substring(_inner(column), _BETWEEN, ", ")


def iso(column: pa.Array) -> pa.Array:
    """Stored times as RFC 3339 in UTC: ``2026-11-01T12:00:00Z``, with a fraction where there is one."""
    whole = pc.replace_substring(pc.utf8_replace_slice(column, 10, 11, "T"), ".000000", "")
    return pc.binary_join_element_wise(whole, "Z", "")


def normal_json(texts: list[str]) -> list[str]:
    """JSON texts without blanks, keys in order: PostgreSQL keeps objects in its own."""
    return [json_text(one) for one in _parsed(texts)]


# --- below: how ------------------------------------------------------------------------------------------------------


@functools.cache
def _no_words() -> pa.Scalar:
    # not made on import: pyarrow imports pandas for its first value, where that is installed
    return pa.scalar([], LIST)


def _in_order(what: str, query: sa.Select[Any]) -> sa.Select[Any]:
    return _from(what, query).order_by(*(column_of(what, name) for name in KEYS[what]))


def _from(what: str, query: sa.Select[Any]) -> sa.Select[Any]:
    return query.select_from(SEEN if what == "postings" else table_of(JobRow))


def _ordered(rows: Iterable[Sequence[Any]], what: str) -> Iterator[Sequence[Any]]:
    """Rows in the order of their keys; of postings the pieces of each ad in its own."""
    if what == "jobs":
        return iter(rows)
    return in_order(rows, itemgetter(*(columns(what).index(name) for name in (*KEYS[what], "roles"))))


def _as_stored(conn: Connection, column: Any, encoded: bool) -> Any:
    kind = kind_of(column)
    if encoded and isinstance(column.type, sa.Text) and conn.dialect.name == "sqlite":
        return sa.cast(column, sa.LargeBinary).label(column.name)
    if kind not in _AS_TEXT:
        return column
    if conn.dialect.name == "sqlite":
        return sa.type_coerce(column, sa.String).label(column.name)
    at = sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US") if kind == "datetime" else column
    return sa.cast(at, sa.Text).label(column.name)


def _may_be_read_beside(engine: Engine) -> bool:
    """Whether it pays: a process takes as long to start as some 20,000 rows take to be read."""
    if reading_uri(engine.url) is None or find_spec("adbc_driver_sqlite") is None:
        return False
    return Path(str(engine.url.database)).stat().st_size >= LARGE


def _read_beside(engine: Engine, what: str) -> Iterator[dict[str, pa.Array]]:
    kind = kinds(what)
    query = str(_typed_query(what).compile(dialect=engine.dialect))
    command = [sys.executable, "-m", "storage.arrow_beside", str(reading_uri(engine.url)), str(ROWS), query]
    broken = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            with pa.ipc.open_stream(child.stdout) as stream:
                for batch in stream if what == "jobs" else batches_in_order(stream):
                    held = zip(kind, batch.columns, strict=True)
                    yield {name: column.cast(_stored_type(kind[name])) for name, column in held}
            _, said = child.communicate()
        except (pa.ArrowInvalid, OSError) as error:
            broken = str(error)
            _, said = child.communicate()
        finally:
            child.kill()
    # a stream that breaks off between two batches ends like a whole one: the exit code tells
    if broken or child.returncode:
        why = said.decode(errors="replace").strip().rpartition("\n")[2] or broken
        raise DatabaseProblem(f"the database {shown(engine.url)} cannot be read: {why}", "Check the disk and the file")


def _even(found: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches of ROWS rows. Parquet begins pages where batches begin: so both ways of reading give the same bytes."""
    left = None
    for batch in found:
        if left is not None:
            missing = ROWS - left.num_rows
            left, batch = batch.slice(missing), pa.concat_batches([left, batch.slice(0, missing)])
        if batch.num_rows == ROWS:
            yield batch
        else:
            left = batch
    if left is not None and left.num_rows:
        yield left


def _typed_query(what: str) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """All rows in order, after one that shows what each column holds.

    That row comes first since its keys are null, which no key is.
    """
    keys = KEYS[what]
    shows = dict.fromkeys(keys, "NULL")
    by_kind = {"number": "0.5", "integer": "1", "boolean": "1"}
    first: list[sa.ColumnElement[Any]] = [
        sa.literal_column(shows.get(name) or by_kind.get(kind, "''")).label(name) for name, kind in kinds(what).items()
    ]
    found: list[sa.ColumnElement[Any]] = [
        sa.type_coerce(column_of(what, name), sa.String).label(name) for name in columns(what)
    ]
    return sa.union_all(select(*first), _from(what, select(*found))).order_by(*map(sa.text, keys))


def _stored_type(kind: str) -> pa.DataType:
    return pa.string() if kind in _AS_TEXT else _ARROW[kind]


def _column(values: tuple[Any, ...], kind: str) -> pa.Array:
    if kind == "boolean":
        return pa.array([None if value is None else bool(value) for value in values], type=pa.bool_())
    return pa.array(values, type=_stored_type(kind))


def _typed(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us")).cast(kind)
    if kind == LIST:
        return words(column)
    if pa.types.is_map(kind):
        return each_once(column, lambda texts: [sorted(one.items()) for one in _parsed(texts)], kind)
    if pa.types.is_nested(kind):
        return each_once(column, _parsed, kind)
    return column.cast(kind)


def _escaped(column: pa.Array) -> bool:
    """Whether any JSON text holds a backslash: without one, what stands between quotation marks is the word itself."""
    held = column.buffers()[2]
    return held is not None and b"\\" in held.to_pybytes()


def _inner(column: pa.Array) -> pa.Array:
    """JSON lists of words from the first word to the last, without brackets and outer quotation marks."""
    return pc.utf8_slice_codeunits(column, 2, -2)


def _parsed(texts: list[str]) -> list[Any]:
    """All texts in one parse, which costs less than one each."""
    said: list[Any] = orjson.loads(f"[{','.join(texts)}]")
    return said
