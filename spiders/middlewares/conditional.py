"""Ask only for what has changed: ETag and Last-Modified of the last run."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy import Request
from scrapy.crawler import Crawler

_ASKED_WITH = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}


class Conditional:
    """Sends the validators known of an address and lets 304 through to the callback.

    Validators are ``{"etag": ..., "last_modified": ...}`` as the site sent them, in ``request.meta["validators"]`` or,
    by address, in the spider's ``validators``. Not sent for a retry's sake or by any other middleware.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Conditional:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        known: Mapping[str, Mapping[str, str]] = getattr(self._crawler.spider, "validators", None) or {}
        said = request.meta.get("validators") or known.get(request.url)
        if not said:
            return
        for name, header in _ASKED_WITH.items():
            if value := said.get(name):
                request.headers.setdefault(header, value)
        request.meta["handle_httpstatus_list"] = [*{*request.meta.get("handle_httpstatus_list", ()), 304}]
