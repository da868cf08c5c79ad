"""What is exported, column by column: read in the order of the keys, from either engine, as Arrow arrays.

Rows are taken from the driver as it has them and turned into columns at once, without an object a row: times, days and
JSON come as text, and what a type needs is done on whole columns (lists of words without a parser, other JSON once for
each different text of a batch).
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy import URL, Connection, Engine, select
from sqlalchemy.dialects import sqlite
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.ads import SEEN, fact
from storage.arrow_files import Shape, Writer, stored_type
from storage.cells import LIST, each_once, parsed
from storage.engine import DatabaseProblem, json_text, reading, reading_uri, shown
from storage.models import Job, Posting
from storage.pieces import in_order
from storage.tables import JobRow, table_of

if TYPE_CHECKING:
    from storage.arrow_beside import Work

ROWS = 1000
"""Rows taken from the driver at a time; texts make them some 7 MB."""
LARGE = 100_000_000
"""Bytes of a SQLite file from which on a process beside reads it and writes the files."""

MODELS: dict[str, type[Posting] | type[Job]] = {"postings": Posting, "jobs": Job}
KEYS = {"postings": ("source", "board", "external_id"), "jobs": ("job_id",)}
_PLACES = pa.list_(pa.struct([("city", pa.string()), ("region", pa.string()), ("country", pa.string())]))
_WORDS = pa.map_(pa.string(), pa.string())
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
    """The same as columns of :func:`storage.arrow_files.stored_type`; JSON has its keys in order."""
    kind = kinds(what)
    for batch in stored_rows(engine, what, encoded=True):
        held = {name: _column(values, kind[name]) for name, values in zip(kind, zip(*batch, strict=True), strict=True)}
        if engine.dialect.name != "sqlite":
            # SQLite holds the text that storage wrote, which is in order
            held |= {name: each_once(held[name], normal_json) for name in kind if kind[name] == "json"}
        yield held


def shape(what: str) -> Shape:
    """What an export of postings or jobs is like."""
    return Shape(kinds(what), arrow_schema(what), ROWS)


def written(engine: Engine, what: str, out: IO[bytes] | Path, write: Writer) -> int:
    """Have all postings or jobs written to a file or a folder, in the order of their keys; returns how many.

    What a large SQLite file holds is read and written by a process beside (:mod:`storage.arrow_beside`) where its driver
    is installed, in about half the time. Both ways give the same bytes.
    """
    if _may_be_read_beside(engine):
        with _handed_over(out) as to:
            if to is not None:
                return _written_beside(engine, what, write, to)
    return write(shape(what), stored_columns(engine, what), out)


def work_beside(url: URL, what: str, write: Writer, out: int | Path) -> Work:
    """What the process beside is told."""
    return {
        "uri": str(reading_uri(url)),
        "query": str(_typed_query(what).compile(dialect=sqlite.dialect())),
        "pieces": what == "postings",
        "shape": shape(what),
        "write": write,
        "out": out,
    }


def normal_json(texts: list[str]) -> list[str]:
    """JSON texts without blanks, keys in order: PostgreSQL keeps objects in its own."""
    return [json_text(one) for one in parsed(texts)]


# --- below: how ------------------------------------------------------------------------------------------------------


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


@contextmanager
def _handed_over(out: IO[bytes] | Path) -> Iterator[int | Path | None]:
    """What a process beside writes to: a folder, or an open file by a number of its own, since that of stdout would be
    taken for the pipe it answers by. None where the file is none of the system.
    """
    if isinstance(out, Path):
        yield out
        return
    out.flush()
    handle = None
    with suppress(OSError):
        handle = os.dup(out.fileno())
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)


def _written_beside(engine: Engine, what: str, write: Writer, out: int | Path) -> int:
    work = work_beside(engine.url, what, write, out)
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "storage.arrow_beside"]
    handed = (out,) if isinstance(out, int) else ()
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, pass_fds=handed) as child:
        try:
            answer, said = _told(child, pickle.dumps(work))
        finally:
            child.kill()
    if child.returncode:
        why = said.decode(errors="replace").strip().rpartition("\n")[2]
        raise DatabaseProblem(f"the database {shown(engine.url)} cannot be read: {why}", "Check the disk and the file")
    rows = pickle.loads(answer)  # noqa: S301 - from the process that was started here
    if isinstance(rows, OSError):
        raise rows
    return int(rows)


def _told(child: subprocess.Popen[bytes], work: bytes) -> tuple[bytes, bytes]:
    """Its answer and what it said of failures. Unlike communicate(), stdin stays open: it would end with that at once."""
    to, answer, said = (cast("IO[bytes]", pipe) for pipe in (child.stdin, child.stdout, child.stderr))
    with suppress(BrokenPipeError):
        to.write(work)
        to.flush()
    told = answer.read(), said.read()
    child.wait()
    return told


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


def _column(values: tuple[Any, ...], kind: str) -> pa.Array:
    if kind == "boolean":
        return pa.array([None if value is None else bool(value) for value in values], type=pa.bool_())
    return pa.array(values, type=stored_type(kind))
