"""Postings and jobs as files: streamed, written beside and renamed, the same data always the same bytes.

Rows are ordered by key. Text that a spreadsheet would take for a formula is written with a leading apostrophe in CSV.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy import Engine, select
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.engine import reading
from storage.models import Job, Posting
from storage.tables import JobRow, PostingRow, table_of

T = TypeVar("T")
What = Literal["postings", "jobs"]
ROWS = 1000
"""Rows read, and written to Parquet, at a time."""

_MODELS: dict[str, tuple[type[Posting] | type[Job], type[PostingRow] | type[JobRow]]] = {
    "postings": (Posting, PostingRow),
    "jobs": (Job, JobRow),
}
_KEYS = {"postings": ("source", "board", "external_id"), "jobs": ("job_id",)}
_TEXT_ONLY = ("jsonl", "csv")


class ExportProblem(Exception):
    """An export that cannot be made as asked; ``remedy`` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def formats() -> tuple[str, ...]:
    """The names of the formats, in the order of the documentation."""
    return tuple(_WRITERS)


def export(engine: Engine, what: str, format: str, out: Path | None = None) -> int:
    """Write ``postings`` or ``jobs`` in a format to a file, or to stdout (jsonl and csv). Returns the number of rows.

    Raises ExportProblem for what does not exist, DatabaseProblem where the database fails, OSError where the file
    cannot be written; no file is left half written.
    """
    if what not in _MODELS:
        raise ExportProblem(f"there is no export of {what!r}", f"Ask for {' or '.join(_MODELS)}")
    if format not in _WRITERS:
        raise ExportProblem(f"there is no format {format!r}", f"Ask for one of {', '.join(_WRITERS)}")
    if out is None and format not in _TEXT_ONLY:
        raise ExportProblem(f"{format} cannot be written to the terminal", "Say where to: --out FILE")
    write = _WRITERS[format]
    with written(out) as file:
        return write(rows(engine, what), what, file)


def columns(what: str) -> list[str]:
    """Names of the exported columns, in their order."""
    model, _ = _MODELS[what]
    return [name for name, field in model.model_fields.items() if not field.exclude]


def rows(engine: Engine, what: str) -> Iterator[dict[str, Any]]:
    """All postings or jobs as dictionaries, streamed in the order of their keys from one view of the database."""
    _, stored = _MODELS[what]
    table = table_of(stored)
    names = columns(what)
    query = select(*(table.c[name] for name in names)).order_by(*(table.c[name] for name in _KEYS[what]))
    with reading(engine) as conn:
        for row in conn.execute(query.execution_options(yield_per=ROWS)):
            yield dict(zip(names, row, strict=True))


@contextlib.contextmanager
def written(out: Path | None) -> Iterator[IO[bytes]]:
    """A file that appears whole under its name, or not at all; None is stdout.

    Raises OSError where the folder does not exist or cannot be written.
    """
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def json_line(row: Mapping[str, Any]) -> bytes:
    """A row as one line of JSON: inner keys sorted, times RFC 3339 in UTC."""
    return orjson.dumps(
        {name: _sorted(value) for name, value in row.items()},
        option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z,
    )


def safe_cell(value: Any) -> Any:
    """A CSV cell: text that a spreadsheet takes for a formula gets a leading apostrophe; numbers stay numbers.

    Rule: OWASP, CSV Injection, with the full-width forms; blanks and quotes before the sign do not hide it.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (list, dict)):
        value = _flat(value)
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "")
    start = text.lstrip(" \"'\u00a0\u200b\ufeff")[:1]
    return f"'{text}" if start in _FORMULA and text else text


_FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")


def _flat(value: list[Any] | dict[str, Any]) -> str:
    """A list of words joined by ', '; anything deeper as JSON."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return orjson.dumps(_sorted(value)).decode()


def _sorted(value: Any) -> Any:
    """PostgreSQL keeps objects in its own order of keys: sort them, so that both engines export the same bytes."""
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_sorted(one) for one in value]
    return value


def _write_jsonl(found: Iterable[dict[str, Any]], _what: str, file: IO[bytes]) -> int:
    n = 0
    for row in found:
        file.write(json_line(row))
        n += 1
    return n


def _write_csv(found: Iterable[dict[str, Any]], what: str, file: IO[bytes]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    names = columns(what)
    writer.writerow(names)
    n = 0
    for row in found:
        writer.writerow([safe_cell(row[name]) for name in names])
        n += 1
    text.detach()
    return n


def _write_parquet(found: Iterable[dict[str, Any]], what: str, file: IO[bytes]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = arrow_schema(what)
    n = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(found, ROWS * 10):
            writer.write_table(pa.Table.from_pylist([_arrow_row(row) for row in batch], schema=schema))
            n += len(batch)
    return n


def arrow_schema(what: str) -> Any:
    """The Arrow schema of an export: typed from the model, each column with its description."""
    import pyarrow as pa

    model, stored = _MODELS[what]
    table = table_of(stored)
    place = pa.struct([("city", pa.string()), ("region", pa.string()), ("country", pa.string())])
    special = {
        "locations": pa.list_(place),
        "skills_because": pa.map_(pa.string(), pa.string()),
        "best": pa.map_(pa.string(), pa.string()),
    }
    plain: list[tuple[type[Any], Any]] = [
        (sa.Boolean, pa.bool_()),
        (sa.Integer, pa.int64()),
        (sa.Float, pa.float64()),
        (sa.Date, pa.date32()),
        (UTCDateTime, pa.timestamp("us", tz="UTC")),
        (sa.JSON, pa.list_(pa.string())),
    ]
    made = []
    for name in columns(what):
        column = table.c[name]
        kind = special.get(name) or next((arrow for sql, arrow in plain if isinstance(column.type, sql)), pa.string())
        about = {"description": model.model_fields[name].description or ""}
        made.append(pa.field(name, kind, nullable=bool(column.nullable), metadata=about))
    return pa.schema(made)


def _arrow_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(value.items()) if isinstance(value, dict) else value for name, value in row.items()}


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


_WRITERS: dict[str, Callable[[Iterable[dict[str, Any]], str, IO[bytes]], int]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "parquet": _write_parquet,
}
