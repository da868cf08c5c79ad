"""The socket guard of conftest.py works: a test that leaves this machine fails, and so does one whose child does."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import get_context

import pytest

from config.settings import Settings
from tests.flows.rolecall import environment
from tests.loopback.sitecustomize import stranger

ELSEWHERE = "192.0.2.1"  # TEST-NET-1: nobody is there, should the guard ever fail
Met = Callable[[], list[str]]
CALL = f"import socket; socket.create_connection(({ELSEWHERE!r}, 9), timeout=0.1)"


def test_a_connection_beyond_loopback_is_refused_and_noted(strangers: Met) -> None:
    with pytest.raises(PermissionError):
        socket.create_connection((ELSEWHERE, 9), timeout=0.1)
    assert strangers() == [f"socket.getaddrinfo '{ELSEWHERE}'"]
    with pytest.raises(PermissionError), socket.socket() as one:
        one.connect((ELSEWHERE, 9))
    assert strangers() == [f"socket.connect '{ELSEWHERE}'"]


def test_a_name_is_not_even_looked_up(strangers: Met) -> None:
    with pytest.raises(PermissionError):
        socket.getaddrinfo("jobs.example.com", 443)
    assert strangers() == ["socket.getaddrinfo 'jobs.example.com'"]


def test_datagrams_and_event_loops_are_watched_too(strangers: Met) -> None:
    with pytest.raises(PermissionError), socket.socket(type=socket.SOCK_DGRAM) as one:
        one.sendto(b"", (ELSEWHERE, 9))
    with pytest.raises(PermissionError):
        asyncio.run(asyncio.wait_for(asyncio.open_connection(ELSEWHERE, 9), 1))
    assert len(strangers()) == 2


@pytest.mark.parametrize(
    ("host", "elsewhere"),
    [
        *((one, False) for one in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "[::1]", "2130706433", "127.1", "localhost", "0.0.0.0")),
        *((one, True) for one in ("192.0.2.1", "::ffff:192.0.2.1", "3221225985", "169.254.169.254", "10.0.0.1", "jobs.example.com", b"a.test")),
    ],
)  # fmt: skip
def test_who_is_a_stranger(host: str | bytes, elsewhere: bool) -> None:
    assert stranger(host) is elsewhere


def test_loopback_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
    socket.getaddrinfo("localhost", 80)


def test_a_child_and_its_child_are_watched_too(strangers: Met, tmp_path: object) -> None:
    nested = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {CALL!r}]).returncode)"
    for code in (CALL, nested):
        for env in (None, environment(tmp_path)):  # type: ignore[arg-type]
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
            assert done.returncode == 1
            assert "tests reach loopback only" in done.stderr
            assert strangers() == [f"socket.getaddrinfo '{ELSEWHERE}'"]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_processes_of_a_pool_are_watched_too(strangers: Met, method: str) -> None:
    process = get_context(method).Process(target=_call)
    process.start()
    process.join()
    assert process.exitcode == 7
    assert strangers() == [f"socket.getaddrinfo '{ELSEWHERE}'"]


def _call() -> None:
    try:
        socket.create_connection((ELSEWHERE, 9), timeout=0.1)
    except PermissionError:
        os._exit(7)


def test_crawls_are_offline_unless_a_test_says_otherwise() -> None:
    assert Settings().offline
    assert environment(None)["ROLECALL_OFFLINE"] == "1"  # type: ignore[arg-type]
