"""Postings and jobs as tables: JSON lines, CSV, Parquet, XLSX, and a data package.

Streamed in the order of their keys; the same data always gives the same bytes. What a spreadsheet would take for a
formula is text in all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet
from sqlalchemy import Engine

from config.lines import one_line
from storage import columnar
from storage.columnar import arrow_schema, columns, rows
from storage.package import package

SHEET = 1_000_000
"""Rows of one worksheet; Excel takes 1,048,576."""
CELL = 32_767
"""Characters that Excel takes in a cell."""

_FORMULA = "=+-@\t\r\n|%＝＋－＠"
_BEFORE = " \"'\u00a0\u200b\ufeff"
_FORMULAS = f"^[{_BEFORE}]*[{_FORMULA.replace('-', '')}-]"
"""RE2, for whole columns: the same as :func:`safe_cell` says."""
_LEADS = np.zeros(256, dtype=bool)
_LEADS[[sign.encode()[0] for sign in _FORMULA + _BEFORE]] = True


def write_jsonl(engine: Engine, what: str, file: IO[bytes]) -> int:
    """One JSON object a line: inner keys sorted, times RFC 3339 in UTC."""
    kinds = columnar.kinds(what)
    texts = [_json_cell(kind, ordered=engine.dialect.name == "sqlite") for kind in kinds.values()]
    n = 0
    for batch in columnar.stored_rows(engine, what):
        for row in batch:
            said = {
                name: value if change is None or value is None else change(value)
                for name, value, change in zip(kinds, row, texts, strict=True)
            }
            file.write(one_line(orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)))
        n += len(batch)
    return n


def write_csv(engine: Engine, what: str, file: IO[bytes]) -> int:
    """RFC 4180 in UTF-8, text in quotes; lists joined by ', '."""
    return _write_csv(engine, what, file, lists_as_words=True)


def write_parquet(engine: Engine, what: str, file: IO[bytes]) -> int:
    """Parquet, zstd, typed, each column with its description."""
    n = 0
    with parquet.ParquetWriter(file, arrow_schema(what), compression="zstd") as writer, _beside() as later:
        for table in _groups(engine, what):
            later(writer.write_table, table)
            n += table.num_rows
    return n


def write_parquet_by_month(engine: Engine, what: str, folder: Path) -> int:
    """One Parquet file a month of first_seen, as ``month=2026-11/part.parquet`` (Hive's naming)."""
    schema = arrow_schema(what)
    n = 0
    with ExitStack() as open_files:
        writers: dict[str, Any] = {}
        for table in _groups(engine, what):
            for month, some in _by_month(table).items():
                if month not in writers:
                    (folder / f"month={month}").mkdir()
                    path = folder / f"month={month}" / "part.parquet"
                    writers[month] = open_files.enter_context(parquet.ParquetWriter(path, schema, compression="zstd"))
                writers[month].write_table(some)
            n += table.num_rows
    return n


def write_xlsx(engine: Engine, what: str, file: IO[bytes]) -> int:
    """A workbook; a further sheet for every million rows, cells cut at what Excel can hold."""
    import xlsxwriter

    names = columns(what)
    n = 0
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True,
    }  # fmt: skip
    book = xlsxwriter.Workbook(file, options)
    # only what is larger than 4 GB is written so; without leave, it could not be written at all
    book.use_zip64()
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
    with (folder / f"{what}.csv").open("wb") as file:
        n = _write_csv(engine, what, file, lists_as_words=False)
    described = orjson.dumps(package(engine, what, n), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    (folder / "datapackage.json").write_bytes(described)
    return n


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
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if not isinstance(value, str):
        return value
    start = value.lstrip(_BEFORE)[:1]
    return f"'{value}" if start and start in _FORMULA else value


def safe_column(column: pa.Array) -> pa.Array:
    """The same for a column of text."""
    if not _may_be_marked(column):
        return column
    marked = pc.match_substring_regex(column, _FORMULAS)
    if not pc.any(marked).as_py():
        return column
    return pc.if_else(marked, pc.binary_join_element_wise("'", column, ""), column)


# --- below: how ------------------------------------------------------------------------------------------------------


def _groups(engine: Engine, what: str) -> Iterator[pa.Table]:
    """Tables of GROUP batches each: the groups of Parquet."""
    batches = columnar.record_batches(engine, what)
    while some := list(islice(batches, columnar.GROUP)):
        yield pa.Table.from_batches(some)


@contextmanager
def _beside() -> Iterator[Any]:
    """Work done in a thread while the next is prepared, one at a time, in order; its failure is raised here.

    Arrow compresses without Python's lock, so that reading and writing share two cores.
    """
    waiting: list[Future[Any]] = []

    def later(work: Any, *said: Any) -> None:
        if waiting:
            waiting.pop().result()
        waiting.append(thread.submit(work, *said))

    with ThreadPoolExecutor(1) as thread:
        yield later
        if waiting:
            waiting.pop().result()


def _write_csv(engine: Engine, what: str, file: IO[bytes], *, lists_as_words: bool) -> int:
    kinds = columnar.kinds(what)
    listed = {name for name in kinds if lists_as_words and arrow_schema(what).field(name).type == columnar.LIST}
    held_as = {"boolean": pa.bool_(), "integer": pa.int64(), "number": pa.float64()}
    schema = pa.schema([(name, held_as.get(kind, pa.string())) for name, kind in kinds.items()])
    options = csv.WriteOptions(eol="\r\n", quoting_header="none")
    n = 0
    with csv.CSVWriter(file, schema, write_options=options) as writer, _beside() as later:
        for held in columnar.stored_columns(engine, what):
            cells = [_cells(held[name], kind, as_words=name in listed) for name, kind in kinds.items()]
            batch = pa.record_batch(cells, schema=schema)
            later(writer.write_batch, batch)
            n += batch.num_rows
    return n


def _cells(column: pa.Array, kind: str, *, as_words: bool) -> pa.Array:
    """A column of CSV cells, formulas made text."""
    if kind in ("boolean", "integer", "number"):
        return column
    if kind == "datetime":
        return columnar.iso(column)
    if as_words:
        column = columnar.joined_words(column)
    return safe_column(column)


def _may_be_marked(column: pa.Array) -> bool:
    """Whether any text begins with a byte that one :func:`safe_cell` changes could begin with.

    Looks at one byte a text, which costs a sixth of the pattern; few columns of a batch have such a text.
    """
    _, offsets, held = column.buffers()
    if held is None:
        return False
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    first = np.frombuffer(held, np.uint8)[bounds[:-1][bounds[1:] > bounds[:-1]]]
    return bool(_LEADS[first].any())


def _json_cell(kind: str, *, ordered: bool) -> Any:
    """What turns a stored value into one that orjson writes as it should stand; None: nothing needs to."""
    if kind == "boolean":
        return bool
    if kind == "datetime":
        return _iso
    if kind == "json":
        return orjson.Fragment if ordered else lambda said: orjson.Fragment(columnar.normal_json([said])[0])
    return None


def _iso(said: str) -> str:
    """As :func:`columnar.iso`."""
    return f"{said[:10]}T{said[11:].removesuffix('.000000')}Z"


def _flat(value: list[Any] | dict[str, Any]) -> str:
    """A list of words joined by ', '; anything deeper as JSON."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return orjson.dumps(in_order(value)).decode()


def _by_month(table: pa.Table) -> dict[str, pa.Table]:
    seen = table.column("first_seen")
    months = pc.fill_null(pc.utf8_slice_codeunits(seen.cast(pa.string()), 0, 7), "unknown")
    return {month: table.filter(pc.equal(months, month)) for month in months.unique().to_pylist()}


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
