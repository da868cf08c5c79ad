"""CSV and Parquet written from Arrow columns. Nothing here knows a database or SQL, so that a process that does nothing
but read and write (:mod:`storage.arrow_beside`) starts in a tenth of a second.

Columns come as they are stored: times, days and JSON are text. The same rows give the same bytes, however they are cut
into batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from storage import cells
from storage.cells import LIST
from storage.pieces import PIECE, Key, ad_of, in_order

GROUP = 5
"""So many batches make a group of Parquet."""


@dataclass(frozen=True)
class Shape:
    """What is exported: the kind of each column (:func:`storage.columnar.kind_of`) in their order, how Parquet types them,
    and how many rows make a batch.
    """

    kinds: dict[str, str]
    schema: pa.Schema
    rows: int


Columns: TypeAlias = Iterable[Mapping[str, pa.Array]]
"""Batches of columns by their names, of :func:`stored_type` each."""
Writer: TypeAlias = Callable[[Shape, Columns, Any], int]
"""What writes columns to a file or a folder, and returns how many rows."""


_AS_THEY_ARE = {"boolean": pa.bool_(), "integer": pa.int64(), "number": pa.float64()}


def stored_type(kind: str) -> pa.DataType:
    """How a column of a kind comes: numbers and truth as such, everything else as text."""
    return _AS_THEY_ARE.get(kind, pa.string())


def write_csv(shape: Shape, columns: Columns, file: IO[bytes], *, lists_as_words: bool = True) -> int:
    """RFC 4180 in UTF-8, text in quotes; lists joined by ', ', or as JSON."""
    listed = {field.name for field in shape.schema if lists_as_words and field.type == LIST}
    schema = pa.schema([(name, stored_type(kind)) for name, kind in shape.kinds.items()])
    options = csv.WriteOptions(eol="\r\n", quoting_header="none")
    n = 0
    with csv.CSVWriter(file, schema, write_options=options) as writer, _beside() as later:
        for held in columns:
            made = [_cells(held[name], kind, as_words=name in listed) for name, kind in shape.kinds.items()]
            batch = pa.record_batch(made, schema=schema)
            later(writer.write_batch, batch)
            n += batch.num_rows
    return n


def write_parquet(shape: Shape, columns: Columns, file: IO[bytes]) -> int:
    """Parquet, zstd, typed, each column with its description."""
    n = 0
    with parquet.ParquetWriter(file, shape.schema, compression="zstd") as writer, _beside() as later:
        for table in _groups(shape, columns):
            later(writer.write_table, table)
            n += table.num_rows
    return n


def write_parquet_by_month(shape: Shape, columns: Columns, folder: Path) -> int:
    """One Parquet file a month of first_seen, as ``month=2026-11/part.parquet`` (Hive's naming)."""
    n = 0
    with ExitStack() as open_files:
        writers: dict[str, Any] = {}
        for table in _groups(shape, columns):
            for month, some in _by_month(table).items():
                if month not in writers:
                    (folder / f"month={month}").mkdir()
                    path = folder / f"month={month}" / "part.parquet"
                    writers[month] = open_files.enter_context(
                        parquet.ParquetWriter(path, shape.schema, compression="zstd")
                    )
                writers[month].write_table(some)
            n += table.num_rows
    return n


def record_batches(shape: Shape, columns: Columns) -> Iterator[pa.RecordBatch]:
    """The columns as the schema types them, in batches of ``shape.rows`` each but for the last."""
    schema = shape.schema
    return _even(
        (
            pa.record_batch([_typed(held[field.name], field.type) for field in schema], schema=schema)
            for held in columns
        ),
        shape.rows,
    )


def batches_in_order(found: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """As :func:`storage.pieces.in_order`, of Arrow batches with the columns of :data:`storage.pieces.Key`; a batch may end
    where its last ad begins.
    """
    left: pa.RecordBatch | None = None
    for batch in found:
        whole = batch if left is None else pa.concat_batches([left, batch])
        if not pc.any(pc.match_substring(whole["external_id"].cast(pa.string()), PIECE)).as_py():
            yield whole
            left = None
            continue
        keys = _keys(whole)
        end = _start_of_last(keys)
        left = whole.slice(end)
        yield whole.take(pa.array(in_order(range(end), keys.__getitem__), pa.int64()))
    if left is not None:
        yield left.take(pa.array(in_order(range(left.num_rows), _keys(left).__getitem__), pa.int64()))


# --- below: how ------------------------------------------------------------------------------------------------------


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


def _cells(column: pa.Array, kind: str, *, as_words: bool) -> pa.Array:
    """A column of CSV cells, formulas made text."""
    if kind in _AS_THEY_ARE:
        return column
    if kind == "datetime":
        return cells.iso(column)
    if as_words:
        column = cells.joined_words(column)
    return cells.safe_column(column)


def _groups(shape: Shape, columns: Columns) -> Iterator[pa.Table]:
    """Tables of GROUP batches each: the groups of Parquet."""
    batches = record_batches(shape, columns)
    while some := list(islice(batches, GROUP)):
        yield pa.Table.from_batches(some)


def _by_month(table: pa.Table) -> dict[str, pa.Table]:
    seen = table.column("first_seen")
    months = pc.fill_null(pc.utf8_slice_codeunits(seen.cast(pa.string()), 0, 7), "unknown")
    return {month: table.filter(pc.equal(months, month)) for month in months.unique().to_pylist()}


def _even(found: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Batches of so many rows. Parquet begins pages where batches begin: so both ways of reading give the same bytes."""
    left = None
    for batch in found:
        if left is not None:
            missing = rows - left.num_rows
            left, batch = batch.slice(missing), pa.concat_batches([left, batch.slice(0, missing)])
        if batch.num_rows == rows:
            yield batch
        else:
            left = batch
    if left is not None and left.num_rows:
        yield left


def _typed(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us")).cast(kind)
    if kind == LIST:
        return cells.words(column)
    if pa.types.is_map(kind):
        return cells.each_once(column, lambda texts: [sorted(one.items()) for one in cells.parsed(texts)], kind)
    if pa.types.is_nested(kind):
        return cells.each_once(column, cells.parsed, kind)
    return column.cast(kind)


def _keys(batch: pa.RecordBatch) -> list[Key]:
    columns = (batch[name].cast(pa.string()).to_pylist() for name in ("source", "board", "external_id", "roles"))
    return list(zip(*columns, strict=True))


def _start_of_last(keys: list[Key]) -> int:
    """Where the pieces of the last ad begin; the end where the last posting is no piece."""
    last = ad_of(keys[-1])
    end = len(keys)
    while last is not None and end and ad_of(keys[end - 1]) == last:
        end -= 1
    return end
