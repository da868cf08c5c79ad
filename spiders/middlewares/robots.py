"""robots.txt as RFC 9309 has it: what cannot be had forbids, what is not there allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from spiders.errors import RobotsForbids, RobotsUnreachable, SiteError, Unreachable
from spiders.middlewares import count
from spiders.middlewares.hosts import host_of

LIMIT = 500 * 1024
"""Bytes of robots.txt that are read: the least that RFC 9309, 2.5 asks a crawler to parse."""


@dataclass
class NoRules:
    """Stands where the rules of a host would be, if they could not be had; ``why`` is what its requests are told."""

    why: SiteError


class Robots(RobotsTxtMiddleware):
    """Scrapy's, except that it crawls on where robots.txt answers 5xx or not at all, and reads a file of any size.

    2xx: the first 500 KiB hold. 4xx: everything is allowed, but 429 is no answer. Anything else, a redirect without an
    end included: complete disallow (RFC 9309, 2.3.1). ``Crawl-delay`` is kept, up to ROLECALL_PATIENCE.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._patience = crawler.settings.getfloat("ROLECALL_PATIENCE")

    def process_request_2(self, rp: RobotParser | NoRules | None, request: Request) -> None:
        if isinstance(rp, NoRules):
            raise count(self.crawler, request, type(rp.why)(rp.why.because, request.url))
        if rp is None or rp.allowed(request.url, self._robotstxt_useragent or ""):
            return
        self._stats.inc_value("robotstxt/forbidden")
        raise count(self.crawler, request, RobotsForbids("robots.txt", request.url))

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if not (200 <= response.status < 300 or 400 <= response.status < 500):
            raise Unreachable(f"http {response.status}", response.url)
        body = response.body[:LIMIT].replace(b"\0", b"") if response.status < 300 else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)
        rules = cast(RobotParser, self._parsers[netloc])
        delay = rules.crawl_delay(self._robotstxt_useragent or "") or 0.0
        host_of(request).delay = min(max(delay, 0.0), self._patience)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, SiteError) and not isinstance(exc, Unreachable):
            why = exc
        else:
            why = RobotsUnreachable(f"robots.txt: {getattr(exc, 'because', type(exc).__name__)}")
        waiting, rules = cast(Any, self._parsers[netloc]), cast(RobotParser, NoRules(why))
        self._parsers[netloc] = rules
        waiting.callback(rules)
