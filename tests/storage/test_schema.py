"""The schema: migrations and models agree, old and foreign databases are told, upgrades keep rows (S-08, S-09)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from storage import schema
from storage.engine import DatabaseProblem, connect, open_database, reading, writing
from storage.migrations import HEAD, VERSION_TABLE
from storage.tables import METADATA, TABLES


@pytest.fixture
def migrated(database: str) -> Iterator[Engine]:
    """A database that went through every migration, from the first on."""
    engine = connect(database, create=True)
    with engine.connect() as connection, connection.begin():
        command.upgrade(schema.alembic_config(connection), "head")
        schema.create_views(connection)
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list[Any]:
    def of_this_engine(thing: Any, _name: Any, kind: str, *_: Any) -> bool:
        return kind != "index" or thing.info.get("only", engine.dialect.name) == engine.dialect.name

    options = {"compare_type": True, "version_table": VERSION_TABLE, "include_object": of_this_engine}
    with reading(engine) as connection:
        found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    return found


def plain(said: Mapping[str, Any]) -> str:
    """Without the addresses of objects."""
    inner = {k: plain(v) if isinstance(v, dict) else str(v) for k, v in said.items()}
    return str(sorted(inner.items()))


def shape(engine: Engine) -> dict[str, Any]:
    """Everything the engine knows about the tables, names of constraints included."""
    found = inspect(engine)
    return {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(name)],
            "key": found.get_pk_constraint(name),
            "foreign": sorted(map(plain, found.get_foreign_keys(name))),
            "unique": sorted(map(plain, found.get_unique_constraints(name))),
            "indexes": sorted(map(plain, found.get_indexes(name))),
        }
        for name in found.get_table_names()
    }


def test_s09_migrations_and_models_agree(migrated: Engine) -> None:
    assert differences(migrated) == []


def test_a_new_database_is_what_the_migrations_make(migrated: Engine, other_database: str) -> None:
    engine = open_database(other_database)
    assert shape(engine) == shape(migrated)
    assert schema.version_of(engine) == schema.version_of(migrated) == HEAD
    engine.dispose()


def test_head_is_the_newest_revision() -> None:
    assert schema.revisions()[-1] == HEAD


def test_every_table_is_in_the_catalogue_of_tables() -> None:
    assert {model.__tablename__ for model in TABLES} == set(METADATA.tables)


def test_s09_downgrading_to_nothing_and_up_again_leaves_the_same(migrated: Engine) -> None:
    before = shape(migrated)
    with migrated.connect() as connection, connection.begin():
        schema.drop_views(connection)
        command.downgrade(schema.alembic_config(connection), "base")
        assert set(inspect(connection).get_table_names()) == {VERSION_TABLE}
        command.upgrade(schema.alembic_config(connection), "head")
    assert shape(migrated) == before


def set_version(engine: Engine, version: str) -> None:
    with writing(engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :v"), {"v": version})


def test_s08_a_newer_schema_is_refused_with_a_remedy(engine: Engine, database: str) -> None:
    set_version(engine, "9999")
    with pytest.raises(DatabaseProblem, match="newer Rolecall") as caught:
        open_database(database)
    assert caught.value.remedy == "Update Rolecall"
    with pytest.raises(DatabaseProblem, match="newer Rolecall"):
        schema.migrate(engine)


def test_s08_an_older_schema_is_refused_until_it_is_migrated(
    engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "HEAD", "next")
    with pytest.raises(DatabaseProblem, match="older Rolecall") as caught:
        open_database(database)
    # this Rolecall cannot back it up: it does not open it
    assert caught.value.remedy.startswith("Back it up (rolecall backup FILE), then: rolecall migrate")


def test_migrate_makes_an_empty_database_and_leaves_a_current_one_alone(database: str) -> None:
    engine = connect(database, create=True)
    assert schema.migrate(engine) == (None, HEAD)
    assert schema.migrate(engine) == (HEAD, HEAD)
    assert differences(engine) == []
    engine.dispose()


def test_tables_of_somebody_else_are_not_touched(database: str) -> None:
    engine = connect(database, create=True)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE posting (mine INTEGER)"))
    with pytest.raises(DatabaseProblem, match="tables that Rolecall did not make"):
        open_database(database)
    assert inspect(engine).get_table_names() == ["posting"]
    engine.dispose()


def test_s09_an_upgrade_that_fails_midway_leaves_everything_as_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(config: Config, _revision: str) -> None:
        config.attributes["connection"].execute(text("ALTER TABLE lease ADD COLUMN half VARCHAR"))
        raise RuntimeError("power cut")

    before, views = shape(engine), inspect(engine).get_view_names()
    monkeypatch.setattr(schema, "HEAD", "next")
    monkeypatch.setattr(command, "upgrade", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        schema.migrate(engine)
    assert (shape(engine), inspect(engine).get_view_names()) == (before, views)
