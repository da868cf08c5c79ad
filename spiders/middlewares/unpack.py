"""Compressed answers, bounded, whose faults are the site's and not the spider's."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.errors import Unreachable
from spiders.middlewares import count


class Unpack(HttpCompressionMiddleware):
    """Scrapy's, whose exceptions for a bomb or for bytes that are not compressed are one :class:`Unreachable`."""

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._crawler = crawler

    def process_response(  # type: ignore[override]  # Scrapy passes no spider any more
        self, request: Request, response: Response
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise count(self._crawler, request, Unreachable("larger than we read", request.url)) from error
        except Exception as error:  # each decoder has its own kinds
            raise count(self._crawler, request, Unreachable("compressed as it does not say", request.url)) from error
