"""The socket guard of conftest.py works: a test that leaves this machine fails."""

from __future__ import annotations

import asyncio
import socket

import pytest

ELSEWHERE = "192.0.2.1"  # TEST-NET-1: nobody is there, should the guard ever fail


def test_a_connection_beyond_loopback_is_refused_and_noted(strangers: list[str]) -> None:
    with pytest.raises(PermissionError):
        socket.create_connection((ELSEWHERE, 9), timeout=0.1)
    assert strangers == [f"socket.getaddrinfo '{ELSEWHERE}'"]
    strangers.clear()
    with pytest.raises(PermissionError), socket.socket() as one:
        one.connect((ELSEWHERE, 9))
    assert strangers == [f"socket.connect '{ELSEWHERE}'"]
    strangers.clear()


def test_a_name_is_not_even_looked_up(strangers: list[str]) -> None:
    with pytest.raises(PermissionError):
        socket.getaddrinfo("jobs.example.com", 443)
    assert strangers == ["socket.getaddrinfo 'jobs.example.com'"]
    strangers.clear()


def test_datagrams_and_event_loops_are_watched_too(strangers: list[str]) -> None:
    with pytest.raises(PermissionError), socket.socket(type=socket.SOCK_DGRAM) as one:
        one.sendto(b"", (ELSEWHERE, 9))
    with pytest.raises(PermissionError):
        asyncio.run(asyncio.wait_for(asyncio.open_connection(ELSEWHERE, 9), 1))
    assert len(strangers) == 2
    strangers.clear()


def test_loopback_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
    socket.getaddrinfo("localhost", 80)
