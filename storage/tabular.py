"""Postings and jobs as tables: JSON lines, XLSX, and a data package; CSV and Parquet stand in :mod:`storage.arrow_files`.

Streamed in the order of their keys; the same data always gives the same bytes. What a spreadsheet would take for a
formula is text in all of them.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import Engine

from config.lines import one_line
from storage import arrow_files, columnar
from storage.cells import flat
from storage.columnar import columns, rows
from storage.package import package

SHEET = 1_000_000
"""Rows of one worksheet; Excel takes 1,048,576."""
CELL = 32_767
"""Characters that Excel takes in a cell."""


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
        n = columnar.written(engine, what, file, partial(arrow_files.write_csv, lists_as_words=False))
    described = orjson.dumps(package(engine, what, n), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    (folder / "datapackage.json").write_bytes(described)
    return n


# --- below: how ------------------------------------------------------------------------------------------------------


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


def _new_sheet(book: Any, what: str, number: int, names: list[str]) -> Any:
    sheet = book.add_worksheet(what if number == 0 else f"{what} {number + 1}")
    for place, name in enumerate(names):
        sheet.write_string(0, place, name)
    return sheet


def _write_cell(sheet: Any, line: int, place: int, value: Any, formats: Any) -> None:
    """By kind, never by guess: ``write()`` would make a formula of '=1+1'."""
    if isinstance(value, (list, dict)):
        value = flat(value)
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
