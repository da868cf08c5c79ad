"""A million postings exported: streamed, so that memory stays under a bound whatever the number (X-04)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from storage import store
from storage.ads import POSTING, SIGHTING
from storage.engine import open_database, writing
from tests.storage.ads import NOON, ad

ROWS = 1_000_000
MOST = 2**30
"""Bytes of resident memory at the peak."""
EXPORT = """
import json, sys, time
from pathlib import Path
from storage.engine import open_database
from storage.export import export
from tests.http.child import _peak
url, format, out = sys.argv[1:]
rows = export(open_database(url, read_only=True), "postings", format, Path(out))
print(json.dumps({"rows": rows, "memory": _peak() * 1024, "seconds": time.process_time()}))
"""


def fill(conn: Connection, rows: int) -> None:
    """So many postings, all like one but for their names."""
    run_id = store.start_run(conn, kind="crawl", now=NOON)
    store.save_postings(conn, [ad(0, description_text="We light harbours. " * 20)], run_id=run_id, now=NOON)
    own = {"posting_key": "'key' || n.i", "external_id": "'' || n.i", "url": "'https://example.com/jobs/' || n.i"}
    for table in (POSTING, SIGHTING):
        columns = [f'"{column.name}"' for column in table.columns]
        values = [own.get(column.name, f'one."{column.name}"') for column in table.columns]
        conn.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) INSERT INTO "
                f"{table.name} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table.name} AS one CROSS JOIN n"
            ),
            {"rows": rows - 1},
        )


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_x04_a_million_postings_are_streamed(database: str, tmp_path: Path) -> None:
    engine = open_database(database)
    with writing(engine) as conn:
        fill(conn, ROWS)
    engine.dispose()
    for format in ("jsonl", "csv", "parquet"):
        out = tmp_path / f"out.{format}"
        done = subprocess.run(
            [sys.executable, "-c", EXPORT, database, format, out], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        size = out.stat().st_size / 2**20
        print(
            f"{format}: {found['rows']} rows, {size:.0f} MiB, {found['memory'] / 2**20:.0f} MiB of memory, {found['seconds']:.0f} s of processor"
        )
        assert found["rows"] == ROWS
        assert found["memory"] < MOST
        out.unlink()
