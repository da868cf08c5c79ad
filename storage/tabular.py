"""Postings and jobs as tables: JSON lines, CSV, Parquet, XLSX, and a data package.

Streamed in the order of their keys; the same data always gives the same bytes. What a spreadsheet would take for a
formula is text in all of them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Engine, select
from sqlmodel.sql.sqltypes import UTCDateTime

from config.load import cards
from storage.engine import reading
from storage.models import Job, Posting
from storage.rows import batches
from storage.tables import JobRow, PostingRow, table_of

ROWS = 1000
"""Rows read at a time; five times as many make a group of Parquet."""
SHEET = 1_000_000
"""Rows of one worksheet; Excel takes 1,048,576."""
CELL = 32_767
"""Characters that Excel takes in a cell."""

MODELS: dict[str, tuple[type[Posting] | type[Job], type[PostingRow] | type[JobRow]]] = {
    "postings": (Posting, PostingRow),
    "jobs": (Job, JobRow),
}
_KEYS = {"postings": ("source", "board", "external_id"), "jobs": ("job_id",)}
_FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")


def columns(what: str) -> list[str]:
    """Names of the exported columns, in their order."""
    model, _ = MODELS[what]
    return [name for name, field in model.model_fields.items() if not field.exclude]


def rows(engine: Engine, what: str) -> Iterator[dict[str, Any]]:
    """All postings or jobs as dictionaries, streamed in the order of their keys from one view of the database."""
    table = table_of(MODELS[what][1])
    names = columns(what)
    query = select(*(table.c[name] for name in names)).order_by(*(table.c[name] for name in _KEYS[what]))
    with reading(engine) as conn:
        for row in conn.execute(query.execution_options(yield_per=ROWS)):
            yield dict(zip(names, row, strict=True))


def write_jsonl(engine: Engine, what: str, file: IO[bytes]) -> int:
    """One JSON object a line."""
    n = 0
    for row in rows(engine, what):
        file.write(json_line(row))
        n += 1
    return n


def write_csv(engine: Engine, what: str, file: IO[bytes]) -> int:
    """RFC 4180 in UTF-8; lists joined by ', '."""
    return _write_csv(rows(engine, what), columns(what), file, safe_cell)


def write_parquet(engine: Engine, what: str, file: IO[bytes]) -> int:
    """Parquet, zstd, typed, each column with its description."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = arrow_schema(what)
    n = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in batches(rows(engine, what), ROWS * 5):
            writer.write_table(pa.Table.from_pylist([_arrow_row(row) for row in batch], schema=schema))
            n += len(batch)
    return n


def write_parquet_by_month(engine: Engine, what: str, folder: Path) -> int:
    """One Parquet file a month of first_seen, as ``month=2026-11/part.parquet`` (Hive's naming)."""
    import contextlib

    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = arrow_schema(what)
    n = 0
    with contextlib.ExitStack() as open_files:
        writers: dict[str, Any] = {}
        for batch in batches(rows(engine, what), ROWS * 5):
            for month, some in _by_month(batch).items():
                if month not in writers:
                    (folder / f"month={month}").mkdir()
                    path = folder / f"month={month}" / "part.parquet"
                    writers[month] = open_files.enter_context(pq.ParquetWriter(path, schema, compression="zstd"))
                writers[month].write_table(pa.Table.from_pylist([_arrow_row(row) for row in some], schema=schema))
            n += len(batch)
    return n


def write_xlsx(engine: Engine, what: str, file: IO[bytes]) -> int:
    """A workbook; a further sheet for every million rows, cells cut at what Excel can hold."""
    import xlsxwriter

    names = columns(what)
    n = 0
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    )
    # a workbook carries a date of its own; a fixed one keeps equal data equal bytes
    book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
    formats = {
        dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet: Any = None
    for row in rows(engine, what):
        if n % SHEET == 0:
            sheet = _new_sheet(book, what, n // SHEET, names)
        for place, name in enumerate(names):
            _write_cell(sheet, n % SHEET + 1, place, row[name], formats)
        n += 1
    if sheet is None:
        _new_sheet(book, what, 0, names)
    book.close()
    return n


def write_package(engine: Engine, what: str, folder: Path) -> int:
    """A Frictionless data package: a CSV file and ``datapackage.json`` with types, meanings, sources and licences."""
    names = columns(what)
    with (folder / f"{what}.csv").open("wb") as file:
        n = _write_csv(rows(engine, what), names, file, _package_cell)
    described = orjson.dumps(_package(engine, what, n), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    (folder / "datapackage.json").write_bytes(described)
    return n


def json_line(row: Mapping[str, Any]) -> bytes:
    """A row as one line of JSON: inner keys sorted, times RFC 3339 in UTC."""
    said = {name: in_order(value) for name, value in row.items()}
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)


def in_order(value: Any) -> Any:
    """PostgreSQL keeps objects in its own order of keys: sort them, so that both engines export the same bytes."""
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [in_order(one) for one in value]
    return value


def safe_cell(value: Any) -> Any:
    """A CSV cell: text that a spreadsheet takes for a formula gets a leading apostrophe; numbers stay numbers.

    Rule: OWASP, CSV Injection, with the full-width forms; blanks and quotes before the sign do not hide it.
    """
    if isinstance(value, (list, dict)):
        value = _flat(value)
    return _safe(value)


def arrow_schema(what: str) -> Any:
    """The Arrow schema of an export: typed from the model, each column with its description."""
    import pyarrow as pa

    model, stored = MODELS[what]
    place = pa.struct([("city", pa.string()), ("region", pa.string()), ("country", pa.string())])
    special = {
        "locations": pa.list_(place),
        "skills_because": pa.map_(pa.string(), pa.string()),
        "best": pa.map_(pa.string(), pa.string()),
    }
    plain = {
        "boolean": pa.bool_(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "json": pa.list_(pa.string()),
        "string": pa.string(),
    }
    made = []
    for name in columns(what):
        column = table_of(stored).c[name]
        about = {"description": model.model_fields[name].description or ""}
        kind = special.get(name) or plain[kind_of(column)]
        made.append(pa.field(name, kind, nullable=bool(column.nullable), metadata=about))
    return pa.schema(made)


def kind_of(column: Any) -> str:
    """What a column holds: boolean, integer, number, date, datetime, json, bytes or string."""
    kinds: list[tuple[type[Any], str]] = [
        (sa.Boolean, "boolean"),
        (sa.Integer, "integer"),
        (sa.Float, "number"),
        (sa.Date, "date"),
        (UTCDateTime, "datetime"),
        (sa.JSON, "json"),
        (sa.LargeBinary, "bytes"),
    ]
    return next((name for kind, name in kinds if isinstance(column.type, kind)), "string")


# --- below: how ------------------------------------------------------------------------------------------------------


def _write_csv(found: Iterable[dict[str, Any]], names: list[str], file: IO[bytes], cell: Callable[[Any], Any]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    n = 0
    for row in found:
        writer.writerow([cell(row[name]) for name in names])
        n += 1
    text.detach()
    return n


def _safe(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if not isinstance(value, str):
        return value
    start = value.lstrip(" \"'\u00a0\u200b\ufeff")[:1]
    return f"'{value}" if start in _FORMULA and value else value


def _package_cell(value: Any) -> Any:
    """Lists and objects as JSON, which is what the schema says of them."""
    return orjson.dumps(in_order(value)).decode() if isinstance(value, (list, dict)) else _safe(value)


def _flat(value: list[Any] | dict[str, Any]) -> str:
    """A list of words joined by ', '; anything deeper as JSON."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return orjson.dumps(in_order(value)).decode()


def _arrow_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(value.items()) if isinstance(value, dict) else value for name, value in row.items()}


def _by_month(batch: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    months: dict[str, list[dict[str, Any]]] = {}
    for row in batch:
        seen = row["first_seen"]
        months.setdefault(f"{seen:%Y-%m}" if seen else "unknown", []).append(row)
    return months


def _new_sheet(book: Any, what: str, number: int, names: list[str]) -> Any:
    sheet = book.add_worksheet(what if number == 0 else f"{what} {number + 1}")
    for place, name in enumerate(names):
        sheet.write_string(0, place, name)
    return sheet


def _write_cell(sheet: Any, line: int, place: int, value: Any, formats: Any) -> None:
    """By kind, never by guess: ``write()`` would make a formula of '=1+1'."""
    if isinstance(value, (list, dict)):
        value = _flat(value)
    if isinstance(value, str):
        # a lone character beyond the BMP counts twice in Excel
        sheet.write_string(line, place, value if len(value) <= CELL // 2 else _cut(value))
    elif isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, (dt.datetime, dt.date)):
        sheet.write_datetime(line, place, value, formats[type(value)])
    elif value is not None:
        sheet.write_number(line, place, value)


def _cut(text: str) -> str:
    return text.encode("utf-16-le")[: CELL * 2].decode("utf-16-le", "ignore")


def _package(engine: Engine, what: str, n: int) -> dict[str, Any]:
    model, stored = MODELS[what]
    types = {"json": "any"}
    fields = []
    for name in columns(what):
        column = table_of(stored).c[name]
        field: dict[str, Any] = {"name": name, "type": types.get(kind_of(column), kind_of(column))}
        if kind_of(column) == "json":
            field["type"] = "object" if model.model_fields[name].default_factory is dict else "array"
        field["description"] = model.model_fields[name].description
        if not column.nullable and kind_of(column) != "string":
            field["constraints"] = {"required": True}
        fields.append(field)
    key = list(_KEYS[what])
    resource = {
        "name": what,
        "path": f"{what}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "rowcount": n,
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": key if what == "jobs" else ["posting_key"]},
    }
    return {
        "name": f"rolecall-{what}",
        "title": f"Back-end {what} collected by Rolecall",
        "profile": "tabular-data-package",
        "licenses": [{"name": "other-at", "title": "Facts collected from the sources below, each with its own terms"}],
        "sources": _credits(engine),
        "resources": [resource],
    }


def _credits(engine: Engine) -> list[dict[str, str]]:
    """Home, terms and the line of attribution of each source whose ads are held."""
    with reading(engine) as conn:
        used = list(conn.scalars(select(table_of(PostingRow).c.source).distinct()))
    known = cards()
    return [
        {"title": known[source].attribution, "path": known[source].home, "terms": known[source].terms}
        if source in known
        else {"title": source}
        for source in sorted(used)
    ]
