"""SQLite's rows written to a CSV or Parquet file by a process of its own: ``python -m storage.arrow_beside``.

The ADBC driver fills Arrow's buffers without a Python object a value, but brings a SQLite library of its own. Two of
them in one process undo each other's locks when one closes the file (https://www.sqlite.org/howtocorrupt.html, "multiple
copies of SQLite linked into the same application"): so this process opens nothing else, and imports nothing that could.
What it does comes pickled on stdin, from :mod:`storage.columnar`; it answers on stdout with the number of rows, or with
the OSError that kept the file from being written. Where the driver is missing rows come through the database's own.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TypedDict

import adbc_driver_sqlite  # type: ignore[import-not-found,unused-ignore]
import pyarrow as pa
from adbc_driver_manager import (  # type: ignore[import-not-found,unused-ignore]
    AdbcConnection,
    AdbcStatement,
)

from storage.arrow_files import Shape, Writer, batches_in_order, stored_type

PATIENCE = 30_000
"""Milliseconds that it waits for a lock."""


class Work(TypedDict):
    """What is to be done."""

    uri: str
    query: str
    """All columns of the shape in the order of their keys, after one row that shows their types."""
    pieces: bool
    """Whether rows are postings, some of them pieces of an ad."""
    shape: Shape
    write: Writer
    out: int | Path
    """A file that was handed over open, or a folder."""


def main(work: Work) -> int | OSError:
    """Read and write; how many rows, or why the file cannot be written."""
    out = work["out"]
    with (
        adbc_driver_sqlite.connect(work["uri"]) as database,
        AdbcConnection(database) as connection,
        closing(_columns(connection, work)) as columns,
    ):
        try:
            if isinstance(out, Path):
                return work["write"](work["shape"], columns, out)
            with os.fdopen(out, "wb") as file:
                return work["write"](work["shape"], columns, file)
        except OSError as error:
            return error


def _columns(connection: AdbcConnection, work: Work) -> Generator[dict[str, pa.Array], None, None]:
    with AdbcStatement(connection) as statement:
        # SQLite's own cache of 2 MB is kept: each page is looked at once, and a larger one leaves the processor's
        statement.set_sql_query(f"PRAGMA busy_timeout={PATIENCE}")
        statement.execute_update()
        statement.set_options(**{"adbc.sqlite.query.batch_rows": str(work["shape"].rows)})
        statement.set_sql_query(work["query"])
        stream, _ = statement.execute_query()
        kinds = work["shape"].kinds
        with pa.RecordBatchReader.from_stream(stream) as reader:
            for batch in batches_in_order(_rows(reader)) if work["pieces"] else _rows(reader):
                held = zip(kinds.items(), batch.columns, strict=True)
                yield {name: column.cast(stored_type(kind)) for (name, kind), column in held}


def _rows(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """All rows but the first: the driver takes the types of the first batch for all, so that row shows them."""
    try:
        yield reader.read_next_batch().slice(1)
        yield from reader
    except OSError as error:
        # not to be taken for one of the file that is written
        raise RuntimeError(str(error)) from error


def _end_with_who_asked() -> None:
    """Nobody writes to stdin any more; it ends where the process ends that started this one, however that came."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


class _WithoutPandas(MetaPathFinder):
    """pyarrow imports pandas for its first value, where that is installed: half a second for nothing."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("not needed here", name=name)


if __name__ == "__main__":
    sys.meta_path.insert(0, _WithoutPandas)
    todo = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    threading.Thread(target=_end_with_who_asked, daemon=True).start()
    sys.stdout.buffer.write(pickle.dumps(main(todo)))
