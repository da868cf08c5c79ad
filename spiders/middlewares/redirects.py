"""Redirects that stay within bounds, carry no secret to a stranger, and never end in silence."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.bounds import objection
from spiders.errors import Refused, SiteError, Unreachable
from spiders.middlewares import count, is_robots
from spiders.middlewares.hosts import origin
from spiders.middlewares.onsite import kind_of

_HARMLESS = {b"Accept", b"Accept-Language", b"Accept-Encoding", b"User-Agent", b"If-None-Match", b"If-Modified-Since"}


class Redirects(RedirectMiddleware):
    """Scrapy's, with four differences: the target must be one the spider may call; every header but the harmless ones
    stays behind at another origin, and so does a body; a redirect is never dropped as a duplicate, so a loop ends at
    REDIRECT_MAX_TIMES; the slot is the new host's.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Redirects:
        return cls(crawler)

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002
        request.headers.pop("Referer", None)

    def process_response(  # type: ignore[override]  # Scrapy passes no spider any more
        self, request: Request, response: Response
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except SiteError:
            raise
        except IgnoreRequest as error:
            raise self._end(request, Unreachable, f"more than {self.max_redirect_times} redirects") from error
        except ValueError as error:
            raise self._end(request, Refused, "redirect to an address that cannot be read") from error

    def _build_redirect_request(self, source_request: Request, response: Response, *, url: str, **kw: Any) -> Request:
        domains = [] if is_robots(source_request) else getattr(self.crawler.spider, "allowed_domains", None) or []
        if said := objection(url, domains):
            raise self._end(source_request, kind_of(said), f"redirect: {said}")
        after = super()._build_redirect_request(source_request, response, url=url, **kw)
        after.meta.pop("download_slot", None)
        if origin(after) != origin(source_request):
            if after.body:
                raise self._end(source_request, Refused, "redirect of a body to another host")
            for name in set(after.headers) - _HARMLESS:
                del after.headers[name]
        return after

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        after = super()._redirect(redirected, request, reason)
        after.dont_filter = True
        return after

    def _end(self, request: Request, kind: type[SiteError], because: str) -> SiteError:
        return count(self.crawler, request, kind(because, request.url))
