"""Recordings served on loopback, so that spiders run unchanged with no network: the demo and the tests.

A recording is a folder with ``exchanges.toml`` and the answers it names. :class:`ReplayServer` answers
``/https/host/path?query`` with what was recorded for ``https://host/path?query``; :class:`ReplayHandler` sends every
request of a crawl there. Both are used only where the setting ROLECALL_REPLAY names the server.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import threading
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

CLOCK = "2026-11-01T06:00:00+00:00"
"""The instant of all recordings: what they call new was new then."""
RECORDINGS = Path(str(files("spiders"))) / "recordings"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded answer to one request."""

    url: str
    file: Path | None
    status: int = 200
    method: str = "GET"
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> bytes:
        """The recorded bytes."""
        return self.file.read_bytes() if self.file else b""


@dataclass(frozen=True, slots=True)
class Recording:
    """What one source answered: a folder of recordings/."""

    source: str
    boards: tuple[str, ...]
    exchanges: tuple[Exchange, ...]
    folder: Path

    @property
    def expected(self) -> Path:
        """The RawPostings that reading it gives, one a line."""
        return self.folder / "expected.jsonl"


def recording(folder: Path) -> Recording:
    """One recording. Raises KeyError, TypeError, TOMLDecodeError where exchanges.toml is not in this form."""
    said = tomllib.loads((folder / "exchanges.toml").read_text(encoding="utf-8"))
    exchanges = tuple(
        Exchange(**{**one, "file": folder / one["file"] if one.get("file") else None}) for one in said["exchange"]
    )
    return Recording(folder.name, tuple(said.get("boards", [""])), exchanges, folder)


def recordings(root: Path = RECORDINGS) -> dict[str, Recording]:
    """All recordings by source, in alphabetical order."""
    return {f.parent.name: recording(f.parent) for f in sorted(root.glob("*/exchanges.toml"))}


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # all sources of a demo knock at once


class ReplayServer:
    """A loopback server of recordings. ``with ReplayServer(...) as address:`` gives ``http://127.0.0.1:PORT``."""

    def __init__(self, recorded: Mapping[str, Recording] | None = None) -> None:
        self.hits: list[tuple[str, str, dict[str, str]]] = []
        self._answers: dict[tuple[str, str], list[Exchange]] = {}
        for one in (recorded if recorded is not None else recordings()).values():
            for exchange in one.exchanges:
                self._answers.setdefault((exchange.method, same(exchange.url)), []).append(exchange)
        self._server = _Server(("127.0.0.1", 0), self._handler())

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self.address

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def find(self, method: str, url: str, body: bytes) -> Exchange | None:
        """The recorded answer for a request; a recorded body must be contained in the one that was sent."""
        for exchange in self._answers.get((method, same(url)), []):
            if exchange.body is None or _contains(body, exchange.body):
                return exchange
        return None

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._reply("GET", b"")

            def do_POST(self) -> None:
                self._reply("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def _reply(self, method: str, body: bytes) -> None:
                url = original(self.path)
                server.hits.append((method, url, dict(self.headers.items())))
                status, answer, headers = server._reply_to(method, url, body, self.headers)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def _reply_to(self, method: str, url: str, body: bytes, asked: Any) -> tuple[int, bytes, dict[str, str]]:
        exchange = self.find(method, url, body)
        if exchange is None:
            if urlsplit(url).path == "/robots.txt":
                return 200, b"User-agent: *\nAllow: /\n", {"Content-Type": "text/plain"}
            return 404, b"not recorded\n", {"Content-Type": "text/plain"}
        answer, headers = exchange.answer(), dict(exchange.headers)
        if headers.get("ETag") == "auto":
            headers["ETag"] = f'"{hashlib.blake2b(answer, digest_size=8).hexdigest()}"'
        if headers.get("ETag") and asked.get("If-None-Match") == headers["ETag"]:
            return 304, b"", headers
        return exchange.status, answer, headers


def same(url: str) -> str:
    """An address with its query in order, so that two spellings of one request meet."""
    parts = urlsplit(url)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path or '/'}{query}"


def original(path: str) -> str:
    """``/https/host/path?query`` as the address that was meant."""
    scheme, _, rest = path.lstrip("/").partition("/")
    return f"{scheme}://{rest}"


def replayed(url: str, address: str) -> str:
    """Where the server at ``address`` answers for ``url``."""
    scheme, _, rest = url.partition("://")
    return f"{address}/{scheme}/{rest}"


def _contains(sent: bytes, recorded: Mapping[str, Any]) -> bool:
    with contextlib.suppress(ValueError):
        said = json.loads(sent)
        return isinstance(said, dict) and all(said.get(k) == v for k, v in recorded.items())
    return False


class ReplayHandler(HTTP11DownloadHandler):
    """Fetches every address from the replay server that the setting ROLECALL_REPLAY names."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self.address = str(crawler.settings["ROLECALL_REPLAY"])

    async def download_request(self, request: Request) -> Response:
        """The recorded answer, under the address that was asked for."""
        response = await super().download_request(request.replace(url=replayed(request.url, self.address)))
        return response.replace(url=request.url)


def boards_of(recorded: Mapping[str, Recording]) -> Iterator[dict[str, Any]]:
    """The recordings as the ``sources`` of an order to spiders.crawl."""
    for source, one in recorded.items():
        yield {"source": source, "boards": list(one.boards)}
