"""The shape of a database: made when it is empty, recognised when it is not, migrated when asked.

Views are code: they are made anew with every upgrade from the files in ``storage/views``, in the order of their
names' prefixes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, text

from storage import tally
from storage.engine import DatabaseProblem, patiently, shown
from storage.migrations import HEAD, VERSION_TABLE

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

_LOCK = 7_240_115
"""Advisory lock of PostgreSQL that lets one process at a time make or change the schema."""


def prepare(engine: Engine, *, create: bool) -> None:
    """Make an empty database ready; refuse one whose schema is not ours or not of this version.

    Raises:
        DatabaseProblem: the schema is missing (and ``create`` is false), older, newer or somebody else's.
    """
    if version_of(engine) == HEAD:
        return
    if create and version_of(engine) is None:
        if engine.dialect.name == "sqlite":
            _use_wal(engine)
        with engine.connect() as connection, connection.begin():
            _lock(connection)
            if _version(connection) is None:
                _create(connection, shown(engine.url))
    _refuse_other_versions(version_of(engine), shown(engine.url))


def known_version(engine: Engine) -> str:
    """The schema's version, which may be an earlier one. Raises DatabaseProblem where there is none, or a newer one."""
    version = version_of(engine)
    if version is None or version not in revisions():
        _refuse_other_versions(version, shown(engine.url))
    return str(version)


def make(engine: Engine, version: str) -> None:
    """Fill an empty database with the tables, and at :data:`HEAD` the views, of a version."""
    if version == HEAD:
        return prepare(engine, create=True)
    from alembic import command

    with engine.connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection), version)
    return None


def tables_of(connection: Connection) -> list[Table]:
    """Our tables with the columns that stand in this database, those first that others refer to."""
    from storage.tables import METADATA

    if _version(connection) == HEAD:
        return METADATA.sorted_tables
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name != VERSION_TABLE)
    for table in there.sorted_tables:
        ours = METADATA.tables.get(table.name)
        for column in table.columns:
            # as we read and write it: engines know fewer types than we do
            column.type = ours.c[column.name].type if ours is not None and column.name in ours.c else column.type
    return there.sorted_tables


def version_of(engine: Engine) -> str | None:
    """The schema's version; None where there is none."""
    options = {"rolecall_reading": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        return _version(connection)


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring the schema to this version, all of it or nothing. Returns (before, after).

    Raises DatabaseProblem where the schema is newer than this Rolecall or somebody else's.
    """
    from alembic import command

    with engine.connect() as connection, _foreign_keys_off(connection), connection.begin():
        _lock(connection)
        before = _version(connection)
        if before is None:
            _create(connection, shown(engine.url))
        elif before not in revisions():
            _refuse_other_versions(before, shown(engine.url))
        elif before == HEAD:
            _mend_counts(connection)
        else:
            drop_views(connection)
            tally.drop_triggers(connection)
            command.upgrade(alembic_config(connection), "head")
            create_views(connection)
            tally.create_triggers(connection)
            tally.recount(connection)
    return before, HEAD


def _mend_counts(connection: Connection) -> None:
    """Where a database was changed past its triggers, make them and what they count anew."""
    if tally.drift(connection):
        tally.drop_triggers(connection)
        tally.create_triggers(connection)
        tally.recount(connection)


def pending(engine: Engine) -> tuple[str | None, dict[str, str]]:
    """The schema's version (None: :func:`migrate` would make it anew), and the revisions that :func:`migrate` would run
    on it, oldest first, each with what it is about. Changes nothing.

    Raises DatabaseProblem where the schema is newer than this Rolecall.
    """
    before = version_of(engine)
    if before is None:
        return None, {}
    if before not in revisions():
        _refuse_other_versions(before, shown(engine.url))
    scripts = _scripts()
    steps = [scripts.get_revision(one) for one in revisions()[revisions().index(before) + 1 :]]
    return before, {step.revision: step.doc for step in steps}


def revisions() -> list[str]:
    """All revisions that this Rolecall knows, oldest first."""
    return [script.revision for script in _scripts().walk_revisions()][::-1]


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(alembic_config(None))


def alembic_config(connection: Connection | None) -> Config:
    """Alembic's configuration, without a file: it works the same when Rolecall is installed."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def create_tables(connection: Connection) -> None:
    """All tables as the models state them; a test proves that the migrations come to the same."""
    from storage.tables import METADATA

    METADATA.create_all(connection, checkfirst=False)


def view_names() -> list[str]:
    """Names of the views, in the order in which they build upon each other."""
    return [name for name, _ in _views()]


def create_views(connection: Connection) -> None:
    """All views, from the files in storage/views."""
    for name, sql in _views():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS\n{_for_engine(sql, connection.dialect.name)}")


def drop_views(connection: Connection) -> None:
    """Remove all of our views, also those that no file describes any more."""
    present = set(inspect(connection).get_view_names())
    known = [name for name in reversed(view_names()) if name in present]
    for name in known + sorted(v for v in present if v.startswith("v_") and v not in known):
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def _views() -> list[tuple[str, str]]:
    folder = files("storage") / "views"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [(f.name.removesuffix(".sql").partition("_")[2], f.read_text(encoding="utf-8")) for f in found]


def _for_engine(sql: str, dialect: str) -> str:
    """The lines of one engine: a line that ends in ``-- sqlite`` or ``-- postgresql`` is for that engine alone."""
    other = "-- postgresql" if dialect == "sqlite" else "-- sqlite"
    return "\n".join(line for line in sql.splitlines() if not line.rstrip().endswith(other))


def _create(connection: Connection, where: str) -> None:
    from storage.tables import METADATA

    present = set(inspect(connection).get_table_names()) & set(METADATA.tables)
    if present:
        raise DatabaseProblem(
            f"{where} holds tables that Rolecall did not make ({', '.join(sorted(present)[:3])})",
            "Give an empty database, or another schema of it",
        )
    create_tables(connection)
    create_views(connection)
    tally.create_triggers(connection)
    # as Alembic makes it
    key = f"CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY (version_num)"
    connection.exec_driver_sql(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL, {key})")
    connection.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:head)"), {"head": HEAD})  # noqa: S608


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608


def _refuse_other_versions(version: str | None, where: str) -> None:
    if version == HEAD:
        return
    if version is None:
        raise DatabaseProblem(f"{where} holds no Rolecall database", "Make one: rolecall ingest --demo")
    if version in revisions():
        raise DatabaseProblem(
            f"{where} was made by an older Rolecall (schema {version}, now {HEAD})",
            "Back it up (rolecall backup FILE), then: rolecall migrate (a backup itself: migrate --database sqlite:///FILE)",
        )
    raise DatabaseProblem(
        f"{where} was made by a newer Rolecall (schema {version}, known up to {HEAD})", "Update Rolecall"
    )


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


@contextlib.contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """SQLite rebuilds a table by dropping it, which must not cascade; only outside of a transaction can it be said."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _use_wal(engine: Engine) -> None:
    """Write-ahead logging, which the file remembers.

    Another process may be doing the same just now: where both wait for each other, SQLite sends one away at once,
    however long it may wait for locks (https://sqlite.org/c3ref/busy_handler.html).
    """
    with contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        patiently(lambda: cursor.execute("PRAGMA journal_mode=WAL"))
