"""What goes wrong in a crawl, by whose move it is: the spider's writer, the operator, or the site.

A :class:`SiteError` is raised by the downloader middlewares and reaches the ``errback`` of the request; it carries the
state that its board ends in and the reason in words that a report can print.
"""

from __future__ import annotations

import re
from typing import ClassVar

from scrapy.exceptions import IgnoreRequest

_SECRET = re.compile(r"(?i)([?&;][^=&#]{0,40}(?:key|token|secret|passw|auth|app_id)[^=&#]{0,40}=)[^&#\s<>\"']{1,2000}")
_USER = re.compile(r"(?i)\b([a-z]{2,10}://)[^/@?#\s]{1,200}@")


def printable(text: str) -> str:
    """A text whose addresses have lost their secrets, for logs and reports.

    >>> printable("https://api.example.com/jobs?app_key=abc&page=2")
    'https://api.example.com/jobs?app_key=***&page=2'
    """
    return _USER.sub(r"\1***@", _SECRET.sub(r"\1***", text))


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
        url: the request that was answered so; values of its parameters that look like secrets are masked.
    """

    state: ClassVar[str] = "failed"
    stat: ClassVar[str] = "site/failed"

    def __init__(self, because: str, url: str = "") -> None:
        super().__init__(because)
        self.because = because
        self.url = printable(url)

    def __str__(self) -> str:
        return f"{self.because}: {self.url}" if self.url else self.because


class Unreachable(SiteError):
    """No usable answer after the retries: refused, timed out, cut short, too large, 5xx."""

    stat = "site/unreachable"


class Gone(SiteError):
    """404 or 410: this address has nothing (more) to say."""

    stat = "site/gone"


class Blocked(SiteError):
    """The site turned the crawler away: a challenge page, 401, 403. Never evaded."""

    state = "blocked"
    stat = "site/blocked"


class RateLimited(SiteError):
    """The site asked for a longer pause than one run waits, or kept answering 429."""

    state = "rate_limited"
    stat = "site/rate_limited"


class RobotsForbids(SiteError):
    """robots.txt disallows the address."""

    state = "skipped"
    stat = "site/robots_forbids"


class RobotsUnreachable(SiteError):
    """robots.txt could not be had (5xx, 429, no answer): complete disallow by RFC 9309, 2.3.1.4."""

    stat = "site/robots_unreachable"


class TdmReserved(SiteError):
    """The answer reserves text and data mining (W3C TDM Reservation Protocol): the board is left alone."""

    state = "skipped"
    stat = "site/tdm_reservation"


class Refused(SiteError):
    """Rolecall itself does not go there: a private address, another scheme, a host that the card does not name."""

    stat = "guard/refused"


class Offsite(Refused):
    """A host that the card does not name: a board that moved looks like this."""
