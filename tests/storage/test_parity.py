"""The same postings give the same rows on SQLite and PostgreSQL: every table, every view, every export (C-10)."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from storage import derive, export, schema, store
from storage.engine import open_database, reading, writing
from storage.models import Job
from storage.rows import storable
from storage.tables import METADATA, TABLES, table_of
from tests.storage.ads import NOON, ad
from tests.storage.world import fill

pytestmark = pytest.mark.postgresql
OF_THE_MACHINE = {"beat_at", "tally_id"}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgresql_server: str) -> Iterator[tuple[Engine, Engine]]:
    """The same world on both engines; the server's maintenance database serves as the second."""
    engines = (
        open_database(f"sqlite:///{tmp_path_factory.mktemp('parity') / 'world.db'}"),
        open_database(postgresql_server),
    )
    for engine in engines:
        fill(engine)
    yield engines
    with engines[1].connect() as connection, connection.begin():
        schema.drop_views(connection)
        METADATA.drop_all(connection)
        connection.execute(text("DROP TABLE rolecall_version"))
    for engine in engines:
        engine.dispose()


def plain(value: Any) -> Any:
    """What both engines mean by a value: views on SQLite give times and JSON as text, truth as a number."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        return json.dumps(value, sort_keys=True)
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.dumps(json.loads(value), sort_keys=True)
        except ValueError:
            return value
    if isinstance(value, str) and value[:1] == '"' and value[-1:] == '"':
        return json.loads(value)  # a JSON text in posting_change
    return value


def content(engine: Engine, name: str) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        if name in METADATA.tables:
            columns = [c for c in METADATA.tables[name].columns if c.name not in OF_THE_MACHINE]
            rows = [
                tuple(row) for row in connection.execute(METADATA.tables[name].select().with_only_columns(*columns))
            ]
        else:
            rows = [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))]
    return sorted((tuple(map(plain, row)) for row in rows), key=repr)


@pytest.mark.parametrize("name", [str(model.__tablename__) for model in TABLES])
def test_c10_tables(both: tuple[Engine, Engine], name: str) -> None:
    sqlite, postgresql = (content(engine, name) for engine in both)
    assert sqlite == postgresql
    # the world must reach every table, or this proves nothing; deletions have a test of their own
    assert sqlite or name == "forgotten"


@pytest.mark.parametrize("name", schema.view_names())
def test_c10_views(both: tuple[Engine, Engine], name: str) -> None:
    sqlite, postgresql = (content(engine, name) for engine in both)
    assert sqlite == postgresql != []


@pytest.mark.parametrize("what", ["postings", "jobs"])
@pytest.mark.parametrize("format", export.formats())
def test_exports(both: tuple[Engine, Engine], tmp_path: Path, what: str, format: str) -> None:
    written = []
    for engine in both:
        out = tmp_path / f"{engine.dialect.name}.{format}"
        assert export.export(engine, what, format, out) > 0
        written.append(out.read_bytes() if out.is_file() else {f.name: f.read_bytes() for f in out.iterdir()})
    assert written[0] == written[1]


NASTY = [
    "a\x00b", "\ud800 alone", "e\u0301 \u00e9", "\u202eevil", "'; DROP TABLE job; --", "100 % {x} :y \\", "tab\there\r\nline",
    "<script>alert(1)</script>", "😀" * 300, "\ufeffbom", "=1+1", "İıßẞ", "z", "Z", "ä", "",
]  # fmt: skip
AMOUNTS = [0.1 + 0.2, 1e12 + 0.25, 5e-324, 0.0, -0.0, 1e15 + 0.5, None]
ZONES = [dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=30)), dt.timezone(dt.timedelta(hours=-11))]


def test_c10_nasty_content_is_the_same_on_both(sqlite: str, postgresql: str, tmp_path: Path) -> None:
    held: list[dict[str, Any]] = []
    for url in (sqlite, postgresql):
        engine = open_database(url)
        ads = [
            ad(
                f"{number}-{said}", title=said or "-", company=said or None, company_key=said.lower() or None, tags=[said],
                skills=[said or "-"], skills_because={said or "-": said}, description_text=said,
                salary_min=AMOUNTS[number % len(AMOUNTS)],
                posted_at=dt.datetime(2026, 3, 29, 2, 30, 0, number, tzinfo=ZONES[number % len(ZONES)]),
            )
            for number, said in enumerate(storable(one) for one in NASTY)
        ]  # fmt: skip
        with writing(engine) as conn:
            run_id = store.start_run(conn, kind="file", now=NOON)
            store.save_postings(conn, ads, run_id=run_id, now=NOON)
            derive.append_days(conn, day=NOON.date(), taxonomy_version="1")
        found: dict[str, Any] = {name: content(engine, name) for name in ("posting", "v_postings", "v_field_coverage")}
        for format in ("jsonl", "csv", "parquet"):
            out = tmp_path / f"{engine.dialect.name}.{format}"
            assert export.export(engine, "postings", format, out) == len(NASTY)
            found[format] = out.read_bytes()
        held.append(found)
        engine.dispose()
    for name, said in held[0].items():
        assert held[1][name] == said, name


@pytest.mark.parametrize("rows", [1, 60], ids=["one by one", "by copy"])
def test_c10_amounts_that_are_no_numbers_are_the_same_on_both(
    sqlite: str, postgresql: str, tmp_path: Path, rows: int
) -> None:
    held: list[Any] = []
    for url in (sqlite, postgresql):
        engine = open_database(url)
        odd = [ad(f"odd {n}", salary_min=n) for n in (math.nan, math.inf, -math.inf)]
        fine = [ad(n, salary_min=-0.0, salary_max=0.0, role_score=-0.0) for n in range(rows)]
        jobs = [Job(job_id=ad(n).posting_key, title="x", salary_min=-0.0, salary_max=math.nan) for n in range(rows)]
        with writing(engine) as conn:
            run_id = store.start_run(conn, kind="file", now=NOON)
            saved = store.save_postings(conn, [*fine, *odd], run_id=run_id, now=NOON)
            store.save_jobs(conn, jobs, run_id=run_id)
        assert (saved.new, [one.reason for one in saved.rejections]) == (rows, ["unstorable"] * len(odd))
        found: dict[str, Any] = {name: repr(content(engine, name)) for name in ("posting", "job", "v_salary")}
        for what, format in itertools.product(("postings", "jobs"), ("jsonl", "csv", "parquet")):
            out = tmp_path / f"{what}-{engine.dialect.name}.{format}"
            assert export.export(engine, what, format, out) == rows
            found[out.name.partition("-")[0] + format] = out.read_bytes()
        held.append(found)
        engine.dispose()
    for name, said in held[0].items():
        assert held[1][name] == said, name


def test_c10_keys_sort_alike(both: tuple[Engine, Engine]) -> None:
    boards = []
    for engine in both:
        with reading(engine) as connection:
            boards.append(
                list(connection.scalars(text("SELECT board FROM board WHERE source = 'example' ORDER BY board")))
            )
    assert boards[0] == boards[1] == ["Zeta", "acme", "alpha"]


def test_types_are_the_engines_own(both: tuple[Engine, Engine]) -> None:
    """JSONB and zoned times on PostgreSQL, so that its users need not parse text."""
    columns = {c["name"]: str(c["type"]) for c in inspect(both[1]).get_columns("posting")}
    assert (columns["skills"], columns["agency"], columns["posted_at"]) == ("JSONB", "BOOLEAN", "TIMESTAMP")
    posted = next(c for c in inspect(both[1]).get_columns("posting") if c["name"] == "posted_at")
    assert posted["type"].timezone
    assert table_of(TABLES[0]).name == "source"
