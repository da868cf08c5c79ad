"""Every released schema is brought to the newest with its rows, all of it or nothing (S-09)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest
from alembic import command
from sqlalchemy import Connection, Engine, MetaData, event, select, text

from flows.commands import keep
from flows.commands.keep import migrate
from storage import schema, tally
from storage.engine import DatabaseProblem, connect, open_database, reading, writing
from storage.migrations import HEAD
from storage.upkeep import backup, restore, verify
from tests.databases import fresh_database
from tests.storage.world import fill

OLDER = schema.revisions()[:-1]


def tables_of(conn: Connection) -> MetaData:
    """The tables that stand in a database."""
    found = MetaData()
    found.reflect(conn)
    return found


def older_database(url: str, revision: str, whole: Engine) -> Engine:
    """A database of an earlier release, with as much of the world as its tables hold."""
    engine = connect(url, create=True)
    with engine.connect() as conn, conn.begin():
        command.upgrade(schema.alembic_config(conn), revision)
    with engine.connect() as conn, conn.begin(), reading(whole) as source:
        now = tables_of(source)
        for table in tables_of(conn).sorted_tables:
            if table.name in now.tables and table.name not in ("rolecall_version", "job_search"):
                there = now.tables[table.name].columns
                shared = [there[c.name] for c in table.columns if c.name in there]
                query = select(*shared)
                if table.name == "posting" and "last_seen" in table.columns:
                    # until 0006 an ad and its sighting were one row
                    seen = now.tables["sighting"]
                    moved = [c for c in seen.columns if c.name in table.columns and c.name not in there]
                    query = select(*shared, *moved).join(seen, seen.c.posting_key == there.posting_key)
                rows = source.execute(query).mappings().all()
                if rows:
                    conn.execute(table.insert(), [dict(row) for row in rows])
    return engine


def content(engine: Engine, names: dict[str, list[str]]) -> dict[str, list[str]]:
    """The rows of these columns."""
    with reading(engine) as conn:
        found = tables_of(conn).tables
        return {
            name: sorted(repr(tuple(row)) for row in conn.execute(select(*(found[name].c[c] for c in columns))))
            for name, columns in names.items()
        }


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The same world in the newest schema, once on each engine; only read."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('world') / 'world.db'}"
        else:
            url = stack.enter_context(fresh_database(request.getfixturevalue("postgresql_server")))
        engine = open_database(url)
        stack.callback(engine.dispose)
        fill(engine)
        yield engine


@pytest.fixture
def database(world: Engine, request: pytest.FixtureRequest) -> str:
    """URL of a fresh, empty database on the engine of the world."""
    url: str = request.getfixturevalue(world.dialect.name)
    return url


@pytest.mark.parametrize("revision", OLDER)
def test_s09_every_released_schema_is_upgraded_with_its_rows(database: str, revision: str, world: Engine) -> None:
    engine = older_database(database, revision, world)
    with pytest.raises(DatabaseProblem, match="older Rolecall"):
        open_database(database)
    with reading(engine) as conn:
        names = {
            t.name: [c.name for c in t.columns] for t in tables_of(conn).tables.values() if t.name != "rolecall_version"
        }
    before = content(engine, names)
    assert schema.migrate(engine) == (revision, HEAD)
    if engine.dialect.name == "sqlite":
        # off while tables are rebuilt, and on again for what the same connection writes next
        with reading(engine) as conn:
            assert conn.execute(text("PRAGMA foreign_keys")).scalar() == 1
    kept = open_database(database)
    with reading(kept) as conn:
        still = tables_of(conn).tables
        names = {n: [c for c in cs if c in still[n].columns] for n, cs in names.items() if n in still}
        assert conn.execute(text("SELECT count(*) FROM v_postings")).scalar() == 6
        assert tally.drift(conn) == {}
        assert sum(tally.ads(conn).values()) == 6
    with writing(kept) as conn:
        conn.execute(text("UPDATE posting SET role = 'none'"))
        assert tally.drift(conn) == {}
        conn.rollback()
    after = content(kept, names)
    after.pop("tally", None)  # counted, and held against the rows above
    assert {n: len(rows) for n, rows in after.items()} == {n: len(before[n]) for n in after}
    these = {"posting": names["posting"], "sighting": [c.name for c in still["sighting"].columns]}
    assert content(kept, these) == content(world, these)
    for one in (engine, kept):
        one.dispose()


@pytest.mark.parametrize("revision", OLDER)
def test_s09_what_an_upgrade_would_run_is_said_and_changes_nothing(
    database: str, revision: str, world: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = older_database(database, revision, world)
    with reading(engine) as conn:
        before = {name: sorted(table.columns.keys()) for name, table in tables_of(conn).tables.items()}
    rows = content(engine, before)
    later = schema.revisions()[schema.revisions().index(revision) + 1 :]

    assert migrate(database, dry_run=True, as_json=True) == 0
    said = orjson.loads(capsys.readouterr().out)
    assert (said["before"], said["after"], list(said["revisions"])) == (revision, HEAD, later)
    assert all(said["revisions"].values())
    assert migrate(database, dry_run=True, as_json=False) == 0
    *steps, outcome = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in steps] == [f"would run {one}" for one in later]
    assert outcome == f"schema {revision} -> {HEAD}"

    with reading(engine) as conn:
        assert {name: sorted(table.columns.keys()) for name, table in tables_of(conn).tables.items()} == before
    assert (schema.version_of(engine), content(engine, before)) == (revision, rows)

    assert migrate(database, dry_run=False, as_json=True) == 0
    assert schema.pending(engine) == (HEAD, {})
    engine.dispose()


@pytest.mark.parametrize("revision", OLDER)
def test_s09_s13_a_database_is_backed_up_before_it_is_upgraded_and_the_backup_after_it_may_be_gone_back_to(
    database: str, revision: str, world: Engine, tmp_path: Path
) -> None:
    """By this Rolecall, which does not open the database otherwise: a copy of the same schema, on either engine."""
    older_database(database, revision, world).dispose()
    file, again = tmp_path / "before.db", tmp_path / "again.db"
    assert keep.backup(file, database, as_json=True) == 0
    copy = connect(f"sqlite:///{file}", read_only=True)
    assert schema.version_of(copy) == revision
    copy.dispose()
    with pytest.raises(DatabaseProblem, match="older Rolecall") as caught:
        verify(file)
    assert "migrate --database sqlite:///FILE" in caught.value.remedy

    engine = connect(database)
    schema.migrate(engine)
    with reading(engine) as conn:
        names = {t.name: [c.name for c in t.columns if c.name != "tally_id"] for t in tables_of(conn).tables.values()}
    upgraded = content(engine, names)
    engine.dispose()
    assert migrate(f"sqlite:///{file}", dry_run=False, as_json=True) == 0
    counted = restore(database, file, overwrite=True)
    assert counted["posting"] == 6
    engine = open_database(database, create=False)
    assert content(engine, names) == upgraded
    assert backup(engine, again) == counted
    engine.dispose()


@pytest.mark.parametrize("revision", OLDER)
def test_s09_an_upgrade_that_fails_at_its_last_step_changes_nothing(
    database: str, revision: str, world: Engine, tmp_path: Path
) -> None:
    engine = older_database(database, revision, world)
    with reading(engine) as conn:
        names = {t.name: [c.name for c in t.columns] for t in tables_of(conn).tables.values()}
    before = content(engine, names)

    def cut(conn: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("CREATE VIEW"):
            raise RuntimeError("power cut")

    event.listen(engine, "before_cursor_execute", cut)
    with pytest.raises(RuntimeError, match="power cut"):
        schema.migrate(engine)
    event.remove(engine, "before_cursor_execute", cut)
    assert schema.version_of(engine) == revision
    assert content(engine, names) == before
    assert schema.migrate(engine) == (revision, HEAD)
    assert backup(open_database(database), tmp_path / "copy.db")["posting"] == 6
    engine.dispose()
