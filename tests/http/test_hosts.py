"""What a process knows of a host: how long it is held, when it is left alone, and who guards the connection to it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from spiders.errors import Blocked, Gone, RateLimited, SiteError, Unreachable
from spiders.middlewares import hosts
from spiders.middlewares.answers import Answers
from spiders.middlewares.hosts import PATIENCE_ENDS, Host, host_of
from spiders.middlewares.loglines import MOST_LINES, LogLines
from spiders.middlewares.patience import Patience
from spiders.middlewares.redirects import Redirects
from tests.http.server import Server
from tests.http.world import JOBS, ROOT


@pytest.fixture(autouse=True)
def strangers() -> Iterator[None]:
    """No host is known before a test, nor after it."""
    hosts._hosts.clear()
    yield
    hosts._hosts.clear()


def test_h06_a_longer_pause_that_was_promised_is_kept() -> None:
    host = Host()
    host.hold(100.0)
    host.hold(50.0)
    assert host.free_at == 100.0


def test_h03_faults_count_in_a_row_and_the_first_closes() -> None:
    host = Host()
    for _ in range(PATIENCE_ENDS - 1):
        host.failed(Blocked("http 403"))
    host.answered()
    for _ in range(PATIENCE_ENDS - 1):
        host.failed(Unreachable("http 500"))
    assert host.closed is None
    host.failed(Blocked("cloudflare"))
    host.failed(Unreachable("timed out"))
    assert str(host.closed) == "cloudflare"


def test_h06_without_a_word_of_the_site_the_pause_doubles_up_to_patience() -> None:
    settings = {"ROLECALL_BACKOFF": 1000.0, "ROLECALL_PATIENCE": 5000.0, "RETRY_TIMES": 4}
    crawler = get_crawler(Spider, settings)
    crawler.spider = crawler._create_spider("probe")
    patience = Patience.from_crawler(crawler)
    asked: Request | Response = Request("http://slow.test/")
    for pause in (1000, 2000, 4000, 5000):
        before = monotonic()
        assert isinstance(asked, Request)
        asked = patience.process_response(asked, Response("http://slow.test/", 503))
        assert before + pause <= host_of(Request("http://slow.test/other")).free_at <= monotonic() + pause
    assert isinstance(asked, Request)
    with pytest.raises(SiteError, match="http 503"):
        patience.process_response(asked, Response("http://slow.test/", 503))


def middleware(kind: Any, **settings: object) -> Any:
    """One of ours within a crawler of its own."""
    crawler = get_crawler(Spider, settings)
    crawler.spider = crawler._create_spider("probe")
    return kind.from_crawler(crawler)


@pytest.mark.parametrize(("asked", "closes"), [(59, False), (61, True)])
def test_h06_a_pause_just_beyond_patience_is_not_cut_short(asked: int, closes: bool) -> None:
    patience = middleware(Patience, ROLECALL_PATIENCE=60.0, RETRY_TIMES=2)
    answer = Response("http://slow.test/", 503, headers={"Retry-After": str(asked)})
    if closes:
        with pytest.raises(RateLimited):
            patience.process_response(Request("http://slow.test/"), answer)
    else:
        patience.process_response(Request("http://slow.test/"), answer)
    assert bool(host_of(Request("http://slow.test/")).closed) is closes


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Blocked), (403, Blocked), (407, Blocked), (451, Blocked), (404, Gone), (418, Unreachable)],
)
def test_h03_h05_a_status_says_whether_it_is_a_block(status: int, error: type[SiteError]) -> None:
    with pytest.raises(error):
        middleware(Answers).process_response(Request("http://a.test/"), Response("http://a.test/", status))


def test_h03_an_answer_that_is_to_be_tried_again_is_no_answer_of_a_working_site() -> None:
    answers, request = middleware(Answers, RETRY_HTTP_CODES=[503]), Request("http://a.test/")
    host_of(request).failed(Unreachable("http 503"))
    answers.process_response(request, Response("http://a.test/", 503))
    assert host_of(request).faults == 1
    answers.process_response(request, Response("http://a.test/", 200))
    assert host_of(request).faults == 0


@pytest.mark.parametrize(
    ("to", "kept"),
    [
        ("https://a.test/b", True),
        ("https://a.test:443/b", True),
        ("http://a.test/b", False),
        ("https://a.test:8443/b", False),
        ("https://b.test/b", False),
    ],
)
def test_h13_secrets_stay_at_their_scheme_host_and_port(to: str, kept: bool) -> None:
    request = Request(
        "https://a.test/a", headers={"Authorization": "x", "X-Api-Key": "x", "Cookie": "x", "Accept": "*/*"}
    )
    answer = Response("https://a.test/a", 302, headers={"Location": to})
    after = middleware(Redirects).process_response(request, answer)
    assert {name.decode() for name in after.headers} == (
        {"Authorization", "X-Api-Key", "Cookie"} if kept else set()
    ) | {"Accept"}


IN_PROCESS = """
import json, sys
from scrapy.utils.reactor import install_reactor
install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
from scrapy.crawler import Crawler, CrawlerRunner
from scrapy.settings import Settings
from twisted.internet import reactor
from tests.http.child import FOUND, Probe

settings = Settings()
settings.setmodule("config.crawling", priority="project")
settings.setdict({"SPIDER_MODULES": [], "RETRY_TIMES": 0, "LOG_ENABLED": False}, priority="project")
done = CrawlerRunner(settings).crawl(Crawler(Probe, settings), case="inside", order={"urls": sys.argv[1:]})
done.addBoth(lambda _: reactor.stop())
reactor.run()
print(json.dumps(FOUND["inside"]))
"""


def test_h12_a_crawler_in_somebody_elses_process_brings_the_guard_with_it() -> None:
    with Server({"127.0.0.1": {"/": JOBS}}) as server:
        done = subprocess.run(
            [sys.executable, "-c", IN_PROCESS, f"http://127.0.0.1:{server.port}/"],
            capture_output=True, text=True, cwd=ROOT, env=os.environ | {"ROLECALL_OFFLINE": "0"}, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        said = json.loads(done.stdout)
        assert server.hits == []
    assert said["pages"] == []
    assert [error["because"] for error in said["errors"]] == ["private address"]


def test_f10_f11_a_trace_holds_no_secret_and_no_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("tests.trace")
    said = "https://x.example/?app_key=s3cret\n2026-11-22 [scrapy] INFO: run ok\u2028\x1b[2J" + "\nagain" * 5_000
    LogLines.from_crawler(get_crawler(Spider))
    try:
        raise ValueError(said)
    except ValueError:
        log.exception("reading %s failed", "a\nb")
    shown = caplog.text
    assert "s3cret" not in shown
    assert "\x1b" not in shown
    first, *trace = shown.rstrip("\n").split("\n")
    assert "reading a\\x0ab failed" in first
    assert {line[:4] for line in trace} == {"  | "}
    assert len(trace) <= MOST_LINES + 1
    assert "INFO: run ok" in shown
