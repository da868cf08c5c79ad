"""SQLite's rows as an Arrow stream, read by a process of its own: ``python -m storage.arrow_beside URI ROWS QUERY``.

The ADBC driver fills Arrow's buffers without a Python object a value, but brings a SQLite library of its own. Two of
them in one process undo each other's locks when one closes the file (https://www.sqlite.org/howtocorrupt.html, "multiple
copies of SQLite linked into the same application"): so this process opens nothing else, and imports nothing of ours.
Where the driver is missing the rows come through the database's own.
"""

from __future__ import annotations

import sys

import adbc_driver_sqlite  # type: ignore[import-not-found,unused-ignore]
import pyarrow as pa
from adbc_driver_manager import (  # type: ignore[import-not-found,unused-ignore]
    AdbcConnection,
    AdbcStatement,
)

PRAGMAS = ("busy_timeout=30000", "cache_size=-65536")


def main(uri: str, rows: int, query: str) -> None:
    """Write what the query finds to stdout, as an Arrow IPC stream, without the first row: the driver takes the types of
    the first batch for all, so that row shows them."""
    with (
        adbc_driver_sqlite.connect(uri) as database,
        AdbcConnection(database) as connection,
        AdbcStatement(connection) as statement,
    ):
        for pragma in PRAGMAS:
            statement.set_sql_query(f"PRAGMA {pragma}")
            statement.execute_update()
        statement.set_options(**{"adbc.sqlite.query.batch_rows": str(rows)})
        statement.set_sql_query(query)
        stream, _ = statement.execute_query()
        reader = pa.RecordBatchReader.from_stream(stream)
        with reader, pa.ipc.new_stream(sys.stdout.buffer, reader.schema) as out:
            out.write_batch(reader.read_next_batch().slice(1))
            for batch in reader:
                out.write_batch(batch)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
