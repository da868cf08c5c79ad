"""One call at a time to a host, with the pauses that it asked for, whichever spider of the process calls."""

from __future__ import annotations

import asyncio
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from spiders.errors import Unreachable
from spiders.middlewares import count
from spiders.middlewares.hosts import Host, host_of

LOOK = 0.5
"""Seconds between two looks at a held host: how late a stop of the crawl is noticed."""


class Pace:
    """Waits, without holding up the reactor, for the host's turn and until it may be called again.

    Scrapy keeps both per crawler; this keeps them per process, and a host that was closed while a request waited is
    not called any more.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._called: set[Request] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pace:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        host = host_of(request)
        await host.turn.acquire()
        try:
            await self._until_free(request, host)
        except BaseException:
            host.turn.release()
            raise
        request.meta.pop("download_latency", None)
        self._called.add(request)

    # The host is free again once what its answer means has been decided: the next in turn is woken by the event loop,
    # after the middlewares that follow here have judged the answer in one go.
    def process_response(self, request: Request, response: Response) -> Response:
        self._leave(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 (Scrapy's signature)
        self._leave(request)

    async def _until_free(self, request: Request, host: Host) -> None:
        while (wait := host.free_at - monotonic()) > 0:
            await asyncio.sleep(min(wait, LOOK))
            if not self._crawler.engine.running:
                raise count(self._crawler, request, Unreachable("the crawl was stopped", request.url))
        if host.closed:
            raise count(self._crawler, request, type(host.closed)(host.closed.because, request.url))

    def _leave(self, request: Request) -> None:
        if request not in self._called:
            return
        self._called.remove(request)
        host = host_of(request)
        sent = monotonic() - request.meta.get("download_latency", 0.0)
        host.hold(sent + max(self._delay, host.delay))
        host.turn.release()
