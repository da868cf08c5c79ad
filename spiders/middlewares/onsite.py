"""Where a spider may go: HTTP and HTTPS, on the hosts its card names."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler

from spiders.bounds import objection
from spiders.errors import Offsite, Refused
from spiders.middlewares import count, is_robots
from spiders.middlewares.hosts import host_of


def kind_of(said: str) -> type[Refused]:
    """The error for an objection: a host that the card does not name is one of its own, for it may be the board's new one.

    >>> kind_of(objection("https://elsewhere.example", ["jobs.example"])).__name__
    'Offsite'
    """
    return Offsite if said.startswith("host ") else Refused


class Onsite:
    """Stands in for Scrapy's OffsiteMiddleware, which drops a request without a word and lets ``dont_filter`` pass."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Onsite:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        domains = [] if is_robots(request) else getattr(self._crawler.spider, "allowed_domains", None) or []
        if said := objection(request.url, domains):
            raise count(self._crawler, request, kind_of(said)(said, request.url))
        if closed := host_of(request).closed:
            raise count(self._crawler, request, type(closed)(closed.because, request.url))
