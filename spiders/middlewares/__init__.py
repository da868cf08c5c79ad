"""What stands between a spider and a site, in the order of ``DOWNLOADER_MIDDLEWARES`` in ``config/crawling.py``.

Each turns a condition of the site into one :class:`spiders.errors.SiteError`, which reaches the request's
``errback``; nothing is dropped in silence, since what was not read must not count as absent.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from spiders.errors import SiteError


def is_robots(request: Request) -> bool:
    """Whether this is the crawler's own request for a robots.txt, on whatever address it was redirected to."""
    return request.callback is NO_CALLBACK


def count(crawler: Crawler, request: Request, error: SiteError) -> SiteError:
    """The error itself, to be raised, counted in the crawl's stats under its kind.

    That of a robots.txt is counted with the request it was asked for.
    """
    if not is_robots(request):
        crawler.stats.inc_value(error.stat)
    return error
