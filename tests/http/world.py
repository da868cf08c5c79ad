"""The table of the world: what each host says, and what a spider that calls it is asked to fetch.

All cases of the H catalogue run in one child process, each on host names of its own, since one process shares what it
knows of a host. ``PORT`` stands for the server's port until the world is opened.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from tests.http.bombs import brotli_bomb, gzip_bomb, zstd_bomb
from tests.http.certificates import Authority
from tests.http.server import Answer, Hit, Seen, Server, Table, endless, page, redirect, silence, trickle

JOBS = page('{"jobs": []}')
ROOT = Path(__file__).parents[2]
CANARY = "127.0.0.2"
CHALLENGE = (
    "<!doctype html><html><head><title>Just a moment...</title></head><body>"
    "<script>window._cf_chl_opt={cvId:'3'}</script>Enable JavaScript and cookies to continue</body></html>"
)
ORDINARY = (
    "<!doctype html><html><head><title>Jobs</title></head><body><h1>Security check engineer</h1><p>Our captcha team is"
    " hiring.</p><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script></body></html>"
)
PRIVATE = {
    "another loopback address": f"http://{CANARY}:PORT/in",
    "link local, metadata of clouds": "http://169.254.169.254/latest/meta-data/",
    "IPv6 loopback": "http://[::1]:PORT/in",
    "a number": "http://2130706434:PORT/in",
    "hexadecimal": "http://0x7f000002:PORT/in",
    "short form": "http://127.2:PORT/in",
    "CGNAT, metadata of clouds": "http://100.100.100.200/",
    "mapped": f"http://[::ffff:{CANARY}]:PORT/in",
    "NAT64": "http://[64:ff9b::7f00:2]:PORT/in",
    "unspecified": "http://0.0.0.0:PORT/in",
    "a name": "http://inside.test:PORT/in",
    "the allowed address, another port": "http://127.0.0.1:2/in",
}
NO_RULES = {"p": 501, "q": 505, "r": 300, "s": 304}
SCHEMES = ("file:///etc/hostname", "data:text/plain,in", "ftp://h14.test/in", "javascript:alert(1)", "s3://bucket/key")


def _raw(head: str, body: bytes = b"") -> bytes:
    return head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body


def _after_a_second(connection: socket.socket, hit: Hit) -> None:
    """429 whose Retry-After is a date two seconds on by the server's own clock, which is a day slow."""
    clock = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    until = format_datetime(clock + dt.timedelta(seconds=2), usegmt=True)
    connection.sendall(page(b"", 429, f"Retry-After: {until}", f"Date: {format_datetime(clock, usegmt=True)}"))


def _table() -> Table:
    """Host, path, answer; a list of answers is given in turn, the last for ever."""
    broken: list[Answer] = [page(b"", 500), page(b"", 502), page(b"", 503)]
    table: Table = {
        "h02.test": {"/1": JOBS, "/2": broken, "/3": JOBS},
        "h03a.test": {"/": page(CHALLENGE, 403, kind="text/html")},
        "h03b.test": {"/": page(CHALLENGE, 200, kind="text/html")},
        "h03c.test": {"/": page("{}", 403)},
        "h03d.test": {"/": page(b"", 200, "cf-mitigated: challenge")},
        "h03e.test": {"/": page(ORDINARY, 200, kind="text/html")},
        "h03f.test": {f"/{n}": page(CHALLENGE, 403, kind="text/html") for n in range(12)},
        "h03i.test": {f"/{n}": page("{}", 403) if n % 2 else JOBS for n in range(16)},
        "h04.test": {"/404": page(b"", 404), "/410": page(b"", 410)},
        "h06a.test": {"/": [page(b"", 429, "Retry-After: 1"), JOBS]},
        "h06b.test": {"/": [_after_a_second, JOBS]},
        "h06c.test": {"/": page(b"", 429, "Retry-After: 86400"), "/2": JOBS},
        "h06d.test": {"/": page(b"", 429)},
        "h06e.test": {"/": [page(b"", 503, "Retry-After: soon"), JOBS]},
        "h07.test": {"/": _raw("HTTP/1.1 200 OK\nContent-Length: 1000\nContent-Type: application/json", b'{"a":')},
        "h08.test": {
            "/gzip": gzip_bomb(512),
            "/br": brotli_bomb(512),
            "/zstd": zstd_bomb(512),
            "/lie": page(b"plain", 200, "Content-Encoding: gzip"),
        },
        "h09.test": {"/": endless},
        "h10.test": {"/": trickle},
        "h11a.test": {"/": redirect("/again"), "/again": redirect("/")},
        "h11b.test": {f"/{n}": redirect(f"/{n + 1}") for n in range(30)},
        "h12.test": {f"/{n}": redirect(to) for n, to in enumerate(PRIVATE.values())},
        "h12m.test": {
            "/": page(f'<meta http-equiv="refresh" content="0;url=http://{CANARY}:PORT/in">', kind="text/html")
        },
        "h12r.test": {"/robots.txt": redirect(f"http://{CANARY}:PORT/robots.txt"), "/": JOBS},
        "h13a.test": {"/": redirect("http://h13b.test:PORT/"), "/same": redirect("/end"), "/end": JOBS},
        "h13b.test": {"/": JOBS},
        "h13c.test": {"/": redirect("http://h13b.test:PORT/", 307)},
        "h14.test": {f"/{n}": redirect(to) for n, to in enumerate(SCHEMES)},
        "h14o.test": {"/": redirect("http://elsewhere.test:PORT/")},
        "elsewhere.test": {"/": JOBS},
        "h15a.test": {"/robots.txt": page("User-agent: *\nDisallow: /jobs", kind="text/plain"), "/jobs": JOBS},
        "h15b.test": {"/robots.txt": page(b"", 404), "/jobs": JOBS},
        "h15c.test": {"/robots.txt": page(CHALLENGE, 403, kind="text/html"), "/jobs": JOBS},
        "h15d.test": {"/robots.txt": page(b"", 500), "/jobs": JOBS},
        "h15e.test": {"/robots.txt": silence, "/jobs": JOBS},
        "h15f.test": {"/robots.txt": page(b"", 429), "/jobs": JOBS},
        "h15g.test": {
            "/robots.txt": page("User-agent: rolecall\nDisallow: /\n\nUser-agent: *\nAllow: /"),
            "/jobs": JOBS,
        },
        # answers that are no rules, though nothing asks for them again
        **{f"h15{x}.test": {"/robots.txt": page(b"", status), "/jobs": JOBS} for x, status in NO_RULES.items()},
        "h15z.test": {"/robots.txt": page("User-agent: *\nCrawl-delay: 86400"), "/0": JOBS, "/1": JOBS},
        "h16a.test": {"/robots.txt": page(b"#" * 5 * 2**20 + b"\nUser-agent: *\nDisallow: /"), "/jobs": JOBS},
        "h16b.test": {"/robots.txt": page(b"\0\xff\nUser-agent: *\0\nDisallow: /jobs\n\0"), "/jobs": JOBS},
        "h16c.test": {"/robots.txt": redirect("http://h16d.test:PORT/rules"), "/jobs": JOBS, "/open": JOBS},
        "h16d.test": {"/rules": page("User-agent: *\nDisallow: /jobs")},
        "h16e.test": {"/robots.txt": redirect("/robots.txt"), "/jobs": JOBS},
        "h16f.test": {"/robots.txt": page("User-agent: *\nDisallow: /" + "*a" * 2000), "/" + "a" * 2000: JOBS},
        "h17a.test": {"/1": page("{}", 200, "tdm-reservation: 1"), "/2": JOBS},
        "h17b.test": {"/": page("<html><meta name='tdm-reservation' content='1'></html>", kind="text/html")},
        "h17c.test": {"/": page("{}", 200, "tdm-reservation: 0")},
        "h18.test": {"/1": JOBS, "/2": JOBS},
        "h20a.test": {"/": page("{}", 200, "Referrer-Policy: builtins.exit"), "/2": JOBS},
        "h20b.test": {"/": page("{}", 200, "X-Long: " + "a" * 200_000)},
        "h20c.test": {"/": redirect("/in%0d%0aX-In: 1"), "/in%0d%0aX-In:%201": JOBS},
        "h20d.test": {"/": redirect("http://[::1")},
        "h20e.test": {"/": b"\0\1\2 no HTTP at all\r\n\r\n"},
        "h20f.test": {"/": _raw("HTTP/1.1 200 OK\nContent-Length: -5\nContent-Type: application/json", b"{}")},
        "h20g.test": {"/": redirect("")},
        "etag.test": {"/": page(b"", 304, 'ETag: "2"'), "/plain": page(b"", 304)},
    }
    return table


def _spiders() -> dict[str, dict[str, Any]]:
    """Each spider's case and its orders."""

    def at(host: str, *paths: str, **more: Any) -> dict[str, Any]:
        return {"urls": [f"http://{host}:PORT{path}" for path in paths or ("/",)], **more}

    quick = {"RETRY_TIMES": 1}
    secret = {"Authorization": "Bearer s", "X-Api-Key": "s", "Cookie": "s=s", "X-Anything": "s"}
    return {
        "h01 refused": {"urls": ["http://h01.test:1/"]},
        "h01 no name": {"urls": ["http://nowhere.test/"]},
        "h02": at("h02.test", "/1", "/2", "/3"),
        **{f"h03{x}": at(f"h03{x}.test") for x in "abcde"},
        "h03f": at("h03f.test", *(f"/{n}" for n in range(12))),
        "h03i": at("h03i.test", *(f"/{n}" for n in range(16))),
        "h04": at("h04.test", "/404", "/410"),
        **{f"h06{x}": at(f"h06{x}.test") for x in "abde"},
        "h06c": at("h06c.test", "/", "/2"),
        "h07": at("h07.test"),
        "h08": at("h08.test", "/gzip", "/br", "/zstd", "/lie"),
        "h09": at("h09.test", settings=quick),
        "h10": at("h10.test", settings=quick | {"DOWNLOAD_TIMEOUT": 1}),
        "h11a": at("h11a.test"),
        "h11b": at("h11b.test", "/0"),
        "h12 redirects": at("h12.test", *(f"/{n}" for n in range(len(PRIVATE)))),
        "h12 first requests": {"urls": list(PRIVATE.values())},
        "h12 meta refresh": at("h12m.test"),
        "h12 robots": at("h12r.test"),
        "h13": at("h13a.test", "/", "/same", headers=secret),
        "h13 body": at("h13c.test", method="POST", body="secret"),
        "h14 redirects": at("h14.test", *(f"/{n}" for n in range(len(SCHEMES)))),
        "h14 first requests": {"urls": [to for to in SCHEMES if "javascript" not in to]},
        "h14 other host": at("h14o.test", domains=["h14o.test"]),
        "h14 first offsite": {"urls": ["http://elsewhere.test:PORT/"], "domains": ["h14o.test"]},
        **{f"h15{x}": at(f"h15{x}.test", "/jobs") for x in (*"abcdfg", *NO_RULES)},
        "h15z": at("h15z.test", "/0", "/1", settings={"ROLECALL_PATIENCE": 1, "CLOSESPIDER_TIMEOUT": 30}),
        "h15e": at("h15e.test", "/jobs", settings=quick | {"DOWNLOAD_TIMEOUT": 1}),
        **{f"h16{x}": at(f"h16{x}.test", "/jobs") for x in "abe"},
        "h16c": at("h16c.test", "/jobs", "/open", domains=["h16c.test"]),
        "h16f": at("h16f.test", "/" + "a" * 2000),
        "h17a": at("h17a.test", "/1", "/2"),
        "h17b": at("h17b.test"),
        "h17c": at("h17c.test"),
        "h18": at("h18.test", "/1", "/2"),
        "h19": {"urls": ["https://h19.test:GOOD/", "https://h19.test:EXPIRED/", "https://h19.test:OTHER/"]},
        "h19 nobody's": {"urls": ["https://h19.test:NOBODY/"]},
        "h20a": at("h20a.test", "/", "/2"),
        **{f"h20{x}": at(f"h20{x}.test", settings=quick) for x in "bcdefg"},
        "etag": at("etag.test", "/", validators={"http://etag.test:PORT/": {"etag": '"1"', "last_modified": "Mon"}}),
        "etag not known": at("etag.test", "/plain"),
    }


@dataclass
class World:
    """What the servers and the spiders saw."""

    server: Server
    canary: Server
    seen: dict[str, Seen]
    log: str


def run_child(order: dict[str, Any], **environment: str) -> tuple[dict[str, Seen], str]:
    """One crawl process over the orders; its findings by case, and its log. Raises AssertionError if it dies."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.http.child"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        cwd=ROOT,
        # names come from a table, addresses are loopback's
        env=os.environ | {"ROLECALL_OFFLINE": "0"} | environment,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return {case: Seen(**found) for case, found in json.loads(done.stdout).items()}, done.stderr


@contextmanager
def open_world(folder: Path) -> Iterator[World]:
    """Serve the table, run all spiders over it once."""
    authority = Authority(folder)
    with ExitStack() as stack:
        server = stack.enter_context(Server())
        canary = stack.enter_context(Server(address=CANARY, port=server.port))
        tls = {
            "GOOD": authority.context("h19.test"),
            "EXPIRED": authority.context("h19.test", (-20, -10)),
            "OTHER": authority.context("other.test"),
            "NOBODY": authority.context("h19.test", known=False),
        }
        ports = {"PORT": server.port}
        for name, context in tls.items():
            ports[name] = stack.enter_context(Server({"h19.test": {"/": JOBS}}, tls=context)).port
        server.table = _fill(_table(), lambda text: _ported(text, ports))
        names: dict[str, Any] = {host: ["127.0.0.1"] for host in [*server.table, "h01.test", "h19.test"]}
        # h18: robots.txt and the first page find the allowed address, the next connection another one
        names |= {"inside.test": [CANARY], "h18.test": [["127.0.0.1"], ["127.0.0.1"], [CANARY]]}
        spiders = json.loads(_ported(json.dumps(_spiders()), ports))
        settings = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "ROLECALL_BACKOFF": 0, "ROLECALL_PATIENCE": 5}
        order = {
            "allow": [f"127.0.0.1:{port}" for port in (1, *ports.values())],  # on port 1 nobody listens
            "names": names,
            "settings": settings,
            "spiders": spiders,
        }
        seen, log = run_child(order, SSL_CERT_FILE=str(authority.root))
        yield World(server, canary, seen, log)


def _ported(text: str, ports: dict[str, int]) -> str:
    for name, port in ports.items():
        text = text.replace(f":{name}", f":{port}")
    return text


def _fill(table: Table, ported: Callable[[str], str]) -> Table:
    def one(answer: Any) -> Any:
        if isinstance(answer, list):
            return [one(turn) for turn in answer]
        if isinstance(answer, bytes) and b":PORT" in answer:
            head, _, body = ported(answer.decode("latin-1")).partition("\r\n\r\n")
            lines = [line for line in head.split("\r\n") if not line.startswith("Content-Length")]
            return "\r\n".join([*lines, f"Content-Length: {len(body)}"]).encode("latin-1") + b"\r\n\r\n" + body.encode()
        return answer

    return {host: {path: one(answer) for path, answer in paths.items()} for host, paths in table.items()}
