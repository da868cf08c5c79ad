"""One loopback server that behaves as badly as it is told: a table of answers by host name and path.

Answers are bytes on the wire, or a function that is given the connection, for what no HTTP library would send.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Hit:
    """One request as it arrived."""

    host: str
    path: str
    method: str
    headers: dict[str, str]
    at: float


Answer = bytes | Callable[[socket.socket, Hit], None]
Table = dict[str, dict[str, "Answer | list[Answer]"]]
ROBOTS_ALLOW = b"User-agent: *\nAllow: /\n"


def page(body: bytes | str = b"", status: int = 200, *headers: str, kind: str = "application/json") -> bytes:
    """A whole HTTP/1.1 answer; headers are lines, sent as they are."""
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", "Connection: close", *headers]
    if not any(line.lower().startswith("content-type") for line in headers):
        lines.append(f"Content-Type: {kind}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(to: str, status: int = 302, *headers: str) -> bytes:
    """A redirect; what stands in ``to`` reaches the wire as it is."""
    return page(b"", status, f"Location: {to}", *headers)


def silence(connection: socket.socket, hit: Hit) -> None:
    """Never an answer; ends when the client goes away."""
    connection.settimeout(20)
    with suppress(OSError):
        connection.recv(1)


def trickle(connection: socket.socket, hit: Hit) -> None:
    """A byte, and another, until the client has enough."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\nContent-Type: text/html\r\n\r\n")
    connection.settimeout(0.2)
    for _ in range(200):
        connection.sendall(b"a")
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            continue


def endless(connection: socket.socket, hit: Hit) -> None:
    """Chunks without an end; stops when the client does."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n")
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    for _ in range(4096):
        connection.sendall(chunk)


class Server:
    """Listens on one loopback address until closed; ``hits`` is what arrived, ``connections`` how often."""

    def __init__(
        self, table: Table | None = None, address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.table = table or {}
        self.hits: list[Hit] = []
        self.connections = 0
        self._served: dict[tuple[str, str], int] = {}
        self._tls = tls
        self._lock = threading.Lock()
        self._socket = socket.create_server((address, port), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stops listening."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def of(self, host: str, path: str | None = None) -> list[Hit]:
        """The hits of one host, without its robots.txt unless that is asked for."""
        wanted = (lambda hit: hit.path == path) if path else (lambda hit: hit.path != "/robots.txt")
        with self._lock:
            return [hit for hit in self.hits if hit.host == host and wanted(hit)]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(120)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            hit = _read(connection)
            answer = self._answer(hit)
            if callable(answer):
                answer(connection, hit)
            else:
                connection.sendall(answer)
            with suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)

    def _answer(self, hit: Hit) -> Answer:
        with self._lock:
            self.hits.append(hit)
            said = self.table.get(hit.host, {}).get(hit.path)
            if isinstance(said, list):
                turn = self._served.get((hit.host, hit.path), 0)
                self._served[hit.host, hit.path] = turn + 1
                said = said[min(turn, len(said) - 1)]
        if said is None:
            return page(ROBOTS_ALLOW, kind="text/plain") if hit.path == "/robots.txt" else page(b"no", 404)
        return said


def _read(connection: socket.socket) -> Hit:
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("gone before it asked")
        head += more
    lines = head.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ", 2)
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    return Hit(headers.get("host", "").rpartition(":")[0], path, method, headers, time.monotonic())


def names_of(hits: Iterable[Hit]) -> set[str]:
    """The header names that arrived."""
    return {name for hit in hits for name in hit.headers}


@dataclass
class Seen:
    """What one spider of the child process came to; see ``tests/http/child.py``."""

    pages: list[dict[str, object]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    stats: dict[str, object] = field(default_factory=dict)
    rss: int = 0

    def kinds(self) -> list[str]:
        """The kinds of error, in order of arrival."""
        return [error["kind"] for error in self.errors]

    def reasons(self) -> list[str]:
        """Their reasons in words."""
        return [error["because"] for error in self.errors]
