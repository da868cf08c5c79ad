"""What tests share: no network but loopback, and real databases (SQLite in a folder of its own, PostgreSQL)."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
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
