"""What the requests of a crawl have in common."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import inspect
import json

import pytest
from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.misc import is_generator_with_return_value

from spiders.bases.board import BoardSpider, Known
from spiders.errors import Unreachable
from spiders.reading import spider_class


def test_scrapy_reads_the_source_of_a_callback_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does so for a callback that it has not met, and forgets one that is gone; an answer took 0.6 ms more."""
    read: list[str] = []
    source_of = inspect.getsource

    def noted(func: object) -> str:
        read.append(getattr(func, "__name__", ""))
        return source_of(func)  # type: ignore[arg-type]

    monkeypatch.setattr(inspect, "getsource", noted)
    spider = spider_class("lever")(boards=["acme", "larkspur", "harbour"])

    async def crawled() -> int:
        asked = 0
        async for request in spider.start():
            assert not is_generator_with_return_value(request.callback)
            asked += 1
        return asked

    assert asyncio.run(crawled()) == 3
    assert read == ["_answered"]


def asked_of(source: str, board: str, known: Known | None = None) -> tuple[BoardSpider, list[Request]]:
    """A spider, and the requests that a crawl of one board begins with."""
    spider = spider_class(source)(boards=[board], known=lambda *_: known or Known())
    tally = spider._tally(board)
    return spider, [spider._request(tally, ask) for ask in spider.first(board)]


@pytest.mark.parametrize(
    ("source", "board", "asked"),
    [("greenhouse", "acme", True), ("himalayas", "", False), ("workday", "acme.wd1.myworkdayjobs.com/Acme", False)],
    ids=["one page", "paged", "a body"],
)
def test_only_a_list_on_one_page_is_asked_for_on_condition(source: str, board: str, asked: bool) -> None:
    """304 on the first page, or its very bytes, say nothing of the second."""
    said = {"etag": '"1"', "digest": "0"}
    _, [plain] = asked_of(source, board)
    spider, [request] = asked_of(source, board, Known({plain.url: said}))
    assert request.meta.get("validators") == (said if asked else None)
    body = TextResponse(plain.url, body=b"{}", request=request)
    known = Known({plain.url: {"digest": hashlib.blake2b(b"{}", digest_size=16).hexdigest()}})
    spider.known_of = lambda *_: known
    assert spider._is_unchanged(spider.tallies[board], body, request.cb_kwargs["ask"]) is asked


@pytest.mark.parametrize("key", ["s3cret", "s3cret+/==", 's3cr t%20"1', "s3crét"])
def test_f11_what_went_wrong_is_told_without_the_key(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_ADZUNA_APP_ID", "1d")
    monkeypatch.setenv("ROLECALL_ADZUNA_APP_KEY", key)
    spider, requests = asked_of("adzuna", spider_class("adzuna").all_boards()[0])
    request = requests[0]
    assert "app_key=" in request.url
    tally = spider.tallies[request.cb_kwargs["ask"].board]
    for error in (Unreachable("http 500", request.url), ValueError(request.url), HttpError(Response(request.url, 500))):
        spider._judge(tally, error, request.cb_kwargs["ask"], request.url)
    for response in (
        TextResponse(request.url, body=b"no json", request=request),
        TextResponse(request.url, body=b'{"x": 1}', request=request),
    ):
        list(spider._answered(response, request.cb_kwargs["ask"]))
    told = json.dumps(tally.outcome(dt.datetime.now(dt.UTC)), ensure_ascii=False)
    assert "http 500" in told
    assert "s3cr" not in told
