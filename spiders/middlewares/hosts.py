"""What one process knows of each host, shared by all of its crawlers: Scrapy's own slots are per crawler."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from scrapy import Request
from scrapy.utils.httpobj import urlparse_cached

from spiders.errors import SiteError

PATIENCE_ENDS = 5
"""Faults in a row after which a host is left alone for the rest of the run."""


@dataclass
class Host:
    """One host: whose turn it is, from when (seconds of the monotonic clock) it may be called, whether at all."""

    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    free_at: float = 0.0
    delay: float = 0.0
    faults: int = 0
    closed: SiteError | None = None

    def hold(self, until: float) -> None:
        """No call before ``until``; an earlier promise of a longer pause is kept."""
        self.free_at = max(self.free_at, until)

    def answered(self) -> None:
        """The host answered as a working site does."""
        self.faults = 0

    def failed(self, error: SiteError) -> None:
        """One more fault in a row; the last straw closes the host."""
        self.faults += 1
        if self.faults >= PATIENCE_ENDS:
            self.closed = self.closed or error


_PORTS = {"http": 80, "https": 443}
_hosts: defaultdict[str, Host] = defaultdict(Host)


def host_of(request: Request) -> Host:
    """The host that a request goes to."""
    return _hosts[(urlparse_cached(request).hostname or "").lower()]


def origin(request: Request) -> tuple[str, str, int | None]:
    """Scheme, host and port of a request."""
    url = urlparse_cached(request)
    return url.scheme, (url.hostname or "").lower(), url.port or _PORTS.get(url.scheme)
