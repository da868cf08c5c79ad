"""When a site says later: Retry-After, 429, 5xx and failed connections."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

from spiders.errors import RateLimited, SiteError, Unreachable
from spiders.middlewares import count
from spiders.middlewares.hosts import host_of

_FAULTS = {
    CannotResolveHostError: "no such host",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "timed out",
    DownloadCancelledError: "larger than we read",
    ResponseDataLossError: "cut short",
}
_MARKS = {
    "certificate verify failed": "certificate not valid",
    "VerificationError": "certificate of another host",
    "ParseError": "not HTTP",
}


def retry_after(said: str, now: dt.datetime) -> float | None:
    """Seconds that ``Retry-After`` asks for, from its two forms (RFC 9110, 10.2.3); None if it says neither.

    >>> retry_after("120", dt.datetime.now(dt.UTC))
    120.0
    """
    said = said.strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        return float(said)
    when = _http_date(said)
    return max(0.0, (when - now).total_seconds()) if when else None


def _http_date(said: str) -> dt.datetime | None:
    try:
        when = parsedate_to_datetime(said[:64])
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)


def fault(error: Exception) -> str:
    """A failed download in words: the same words for the same cause."""
    known = next((words for kind, words in _FAULTS.items() if isinstance(error, kind)), "")
    if known:
        return known
    said = str(error)
    return next((words for mark, words in _MARKS.items() if mark in said), "connection failed")


class Patience(RetryMiddleware):
    """Retries as often as RETRY_TIMES says, holding the host as long as it asks.

    A pause longer than ROLECALL_PATIENCE, or 429 to the last try, closes the host for this run. Without Retry-After
    the pause starts at ROLECALL_BACKOFF seconds and doubles.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self._patience = crawler.settings.getfloat("ROLECALL_PATIENCE")
        self._backoff = crawler.settings.getfloat("ROLECALL_BACKOFF")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Patience:
        return cls(crawler)

    def process_response(  # type: ignore[override]  # Scrapy passes no spider any more
        self, request: Request, response: Response
    ) -> Request | Response:
        if response.status not in self.retry_http_codes:
            return response
        asked = self._asked(response)
        if asked is not None and asked > self._patience:
            self._close(request, RateLimited(f"asked for a pause of {asked:.0f} s", request.url))
        again = None if request.meta.get("dont_retry") else self._retry(request, f"http {response.status}")
        if again is not None:
            self._hold(request, asked)
            return again
        if response.status == 429:
            self._close(request, RateLimited("http 429", request.url))
        raise self._failed(request, Unreachable(f"http {response.status}", request.url))

    def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        if isinstance(exception, SiteError):
            return None
        again = super().process_exception(request, exception)
        if again is not None:
            self._hold(request, None)
            return again
        raise self._failed(request, Unreachable(fault(exception), request.url)) from exception

    def _asked(self, response: Response) -> float | None:
        said: Callable[[str], str] = lambda name: (response.headers.get(name) or b"").decode("latin-1")  # noqa: E731
        # the site's own clock where it shows it, so that neither clock need be right
        return retry_after(said("Retry-After"), _http_date(said("Date")) or dt.datetime.now(dt.UTC))

    def _hold(self, request: Request, asked: float | None) -> None:
        pause = self._backoff * 2 ** request.meta.get("retry_times", 0) if asked is None else asked
        host_of(request).hold(monotonic() + min(pause, self._patience))

    def _close(self, request: Request, error: SiteError) -> None:
        host_of(request).closed = error
        raise count(self.crawler, request, error)

    def _failed(self, request: Request, error: SiteError) -> SiteError:
        host_of(request).failed(error)
        return count(self.crawler, request, error)
