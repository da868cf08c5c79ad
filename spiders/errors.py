"""What goes wrong in a crawl, by whose move it is: the spider's writer, the operator, or the site.

A :class:`SiteError` is raised by the downloader middlewares and reaches the ``errback`` of the request; it carries the
state that its board ends in and the reason in words that a report can print.
"""

from __future__ import annotations

from typing import ClassVar

from scrapy.exceptions import IgnoreRequest


class WriterError(Exception):
    """The spider is declared wrongly: its writer's move. Raised when the class is made, naming the attribute."""


class OperatorError(Exception):
    """Something outside the code is missing or wrong: the operator's move."""

    state: ClassVar[str] = "skipped"


class KeyMissing(OperatorError):
    """A source needs an environment variable that is not set."""

    def __init__(self, *names: str) -> None:
        super().__init__(f"needs {', '.join(names)}")
        self.names = names


class SiteError(IgnoreRequest):
    """The site's answer, or its lack of one, ends this request. Closes nothing by itself.

    Args:
        because: the reason in a few words, the same for the same cause (``cloudflare``, ``http 403``).
        url: the request that was answered so.
    """

    state: ClassVar[str] = "failed"

    def __init__(self, because: str, url: str = "") -> None:
        super().__init__(because)
        self.because = because
        self.url = url

    def __str__(self) -> str:
        return f"{self.because}: {self.url}" if self.url else self.because


class Unreachable(SiteError):
    """No usable answer after the retries: refused, timed out, cut short, too large, 5xx."""


class NotExpectedType(SiteError):
    """The answer is of another kind than asked for: a page instead of JSON or a feed."""


class Gone(SiteError):
    """404 or 410: this address has nothing (more) to say."""


class Blocked(SiteError):
    """The site turned the crawler away: a challenge page, 401, 403. Never evaded."""

    state = "blocked"


class RateLimited(SiteError):
    """The site asked for a longer pause than one run waits, or kept answering 429."""

    state = "rate_limited"


class RobotsForbids(SiteError):
    """robots.txt disallows the address."""

    state = "skipped"


class RobotsUnreachable(SiteError):
    """robots.txt could not be had (5xx, 429, no answer): complete disallow by RFC 9309, 2.3.1.4."""


class TdmReserved(SiteError):
    """The answer reserves text and data mining (W3C TDM Reservation Protocol): the board is left alone."""

    state = "skipped"


class Refused(SiteError):
    """Rolecall itself does not go there: a private address, another scheme, a host that the card does not name."""
