"""F-12: notifications reach who is to be told, and cannot harm a run."""

from __future__ import annotations

import datetime as dt
import json
import socket
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.settings import Settings
from flows import notify as module
from flows.findings import Finding, finding
from flows.notify import MOST_LINES, body, notify, tell
from flows.order import Order
from flows.report.run import Report
from flows.run import Run

BAD = finding("blocked", "acme", "b", because="http 403")
MEH = finding("robots", "acme", level="warning", dropped=1)
CANARY = "s3cr3t-canary"


def to(server: HTTPServer | None, *, path: str = "/hook", allow: bool = True, level: str = "error") -> Settings:
    port = server.port if server else 9
    url = f"json://127.0.0.1:{port}{path}?+X-Token={CANARY}"
    allowed = f"127.0.0.1:{port}" if allow else ""
    return Settings(notify=SecretStr(url), notify_private=allowed, notify_level=level)  # type: ignore[arg-type]


def test_findings_arrive(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    assert notify([MEH, BAD], "partial: 1 blocked", to(httpserver)) == []
    said = json.loads(httpserver.log[0][0].data)
    assert said["title"] == "partial: 1 blocked"
    assert said["message"] == "error: acme/b: the board refuses us: http 403"


@pytest.mark.parametrize(("level", "sent"), [("error", 0), ("warning", 1), ("note", 1)])
def test_only_from_the_operators_level_on(httpserver: HTTPServer, level: str, sent: int) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    assert notify([MEH], "x", to(httpserver, level=level)) == []
    assert len(httpserver.log) == sent


def _note(findings: list[Finding]) -> Finding:
    (note,) = findings
    assert (note.code, note.level) == ("notify_failed", "note")
    assert CANARY not in json.dumps(note.as_row())
    return note


def test_f12_a_service_that_is_down_is_a_note() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = Settings(notify=SecretStr(f"json://127.0.0.1:{port}/{CANARY}"), notify_private=f"127.0.0.1:{port}")
    _note(notify([BAD], "x", said))


def test_a_service_that_refuses_is_a_note(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("no", status=500)
    _note(notify([BAD], "x", to(httpserver)))


def test_f12_a_service_that_hangs_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()

    def slow(_request: Request) -> Response:
        told.wait(60)
        return Response("late")

    monkeypatch.setattr(module, "PATIENCE", 1.0)
    # a server of its own: what it logs late is not found in another test's log
    with HTTPServer() as hung:
        hung.expect_request("/hook").respond_with_handler(slow)
        assert _note(notify([BAD], "x", to(hung))).facts["because"] == "no end after 1 s"
        told.set()


@pytest.mark.parametrize(
    ("child", "because"),
    [("/bin/false", "CalledProcessError"), ("/bin/true", "JSONDecodeError"), ("/nowhere", "FileNotFoundError")],
)
def test_f12_a_process_that_ends_without_a_word_is_a_note(
    monkeypatch: pytest.MonkeyPatch, child: str, because: str
) -> None:
    monkeypatch.setattr(module, "sys", SimpleNamespace(executable=child))
    said = Settings(notify=SecretStr(f"json://127.0.0.1:1/{CANARY}"))
    assert _note(notify([BAD], "x", said)).facts == {"where": "all", "because": because}


def test_f12_private_addresses_are_not_called(httpserver: HTTPServer) -> None:
    hosts = ["127.0.0.1", "localhost", "2130706433", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"]
    said = Settings(notify=SecretStr(" ".join(f"json://{host}:{httpserver.port}/hook" for host in hosts)))
    notes = notify([BAD], "x", said)
    assert len(notes) == len(hosts)
    for note in notes:
        _note([note])
    assert httpserver.log == []


def test_f12_a_message_in_one_datagram_does_not_go_there_either(httpserver: HTTPServer) -> None:
    """And what stands beside it is told all the same."""
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    right = to(httpserver)
    assert right.notify
    with socket.socket(type=socket.SOCK_DGRAM) as inner:
        inner.bind(("127.0.0.1", 0))
        inner.setblocking(False)
        urls = f"rsyslog://127.0.0.1:{inner.getsockname()[1]} {right.notify.get_secret_value()}"
        note = _note(notify([BAD], "x", right.model_copy(update={"notify": SecretStr(urls)})))
        with pytest.raises(BlockingIOError):
            inner.recv(1)
    assert note.facts["where"] != "all"
    assert len(httpserver.log) == 1


def test_f12_a_redirect_to_a_private_address_is_not_followed(httpserver: HTTPServer) -> None:
    with HTTPServer(host="127.0.0.2") as other:
        other.expect_request("/inner").respond_with_data("ok")
        httpserver.expect_request("/hook").respond_with_data(status=307, headers={"Location": other.url_for("/inner")})
        _note(notify([BAD], "x", to(httpserver)))
        assert len(httpserver.log) == 1
        assert other.log == []


def test_what_is_no_address_is_a_note(httpserver: HTTPServer) -> None:
    """Whatever stands beside it is told all the same."""
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    wrong, right = ["nonsense", "foo://bar", f"{CANARY}://x", "https://"], to(httpserver)
    assert right.notify
    all_of_them = SecretStr(" ".join([*wrong, right.notify.get_secret_value()]))
    notes = notify([BAD], "x", right.model_copy(update={"notify": all_of_them}))
    assert len(notes) == len(wrong)
    for note in notes:
        _note([note])
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(("demo", "told"), [(True, 0), (False, 1)])
def test_the_demo_tells_nobody(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, demo: bool, told: int) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    said = to(httpserver)
    monkeypatch.setattr(module, "settings", lambda: said)
    report = Report("r", "crawl", dt.datetime(2026, 11, 1, tzinfo=dt.UTC), findings=[BAD])
    tell(Run(Order(demo=demo), cast(Any, None), "r", 1, lambda: report.started_at, Path(), cast(Any, None), report))
    assert len(httpserver.log) == told
    assert report.findings == [BAD]


def test_nothing_to_say_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_sent", pytest.fail)
    assert notify([], "x", to(None)) == []
    assert notify([BAD], "x", Settings(notify=None)) == []


def test_long_lists_are_capped() -> None:
    lines = body([MEH, *[BAD] * 50]).splitlines()
    assert len(lines) == MOST_LINES + 1
    assert lines[0].startswith("error:")
    assert lines[-1] == "and 31 more"
