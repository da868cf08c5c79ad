"""Looking at the own pages of ads that were not seen for long: which to look at, and what an answer means.

Only 404 and 410 close. A page that still bears the ad's title counts as a sighting; everything else (a block, an error,
a redirect to the list, "this position is filled") says nothing, and the ad stays unconfirmed.
"""

from __future__ import annotations

import datetime as dt
import heapq
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from flows.life.values import Life
from storage.tables import PageSays

AGAIN = dt.timedelta(days=3)
"""A page is not looked at twice within this time."""
ENOUGH = 0.75
"""Share of a title's words that must stand on its page."""

_WORD = re.compile(r"\w{2,60}")
_MOST = 500_000
"""Characters of a page that are searched."""
_OVER = re.compile(
    r"no longer (?:available|accepting|active|open)|(?:position|job|role|vacancy) (?:has been|is|was) (?:filled|closed)"
    r"|(?:expired|closed) (?:job|posting|listing)|job (?:has )?expired|nicht mehr verf[uü]gbar|n'est plus disponible"
    r"|ya no est[aá] disponible",
    re.IGNORECASE,
)


class PageRead(NamedTuple):
    """What a page says of its ad, and why that is believed."""

    says: PageSays
    because: str


def plan_checks(lives: Iterable[Life], now: dt.datetime, *, budget: int, looked_today: int = 0) -> list[Life]:
    """The unconfirmed postings of one source whose pages are to be looked at now: never looked at first, then those
    whose look is longest ago; no more than what is left of the day's budget."""
    wanting = (
        life
        for life in lives
        if life.state == "unconfirmed" and (life.checked_at is None or now - life.checked_at >= AGAIN)
    )
    return heapq.nsmallest(max(0, budget - looked_today), wanting, key=_turn)


def _turn(life: Life) -> tuple[bool, dt.datetime, str]:
    return life.checked_at is not None, life.checked_at or life.last_seen, life.posting_key


def read_page(status: int, asked: str, answered: str, text: str, title: str) -> PageRead:
    """What the answer to a request for an ad's own page means.

    Args:
        status: HTTP status of the last answer; 304 is an unchanged page, asked for by what a page that bore the ad
            was known by; 0 for no answer.
        asked: the address that was asked for.
        answered: the address that answered, after redirects.
        text: the page as text.
        title: the ad's title.
    """
    if status in (404, 410):
        return PageRead("gone", f"http {status}")
    if status == 304:
        return PageRead("alive", "http 304: as when it bore the ad")
    if status != 200:
        return PageRead("nothing", f"http {status}" if status else "no answer")
    if not _same_page(asked, answered):
        return PageRead("nothing", "it leads to another page")
    if over := _OVER.search(text[:_MOST]):
        return PageRead("nothing", f"it says: {over[0]}")
    wanted = set(_WORD.findall(title.casefold()))
    there = set(_WORD.findall(text[:_MOST].casefold()))
    if wanted and len(wanted & there) >= ENOUGH * len(wanted):
        return PageRead("alive", "it bears the title")
    return PageRead("nothing", "it does not bear the title")


def _same_page(asked: str, answered: str) -> bool:
    """A redirect to another path leads away from the ad, usually to the list."""
    try:
        a, b = urlsplit(asked), urlsplit(answered)
    except ValueError:
        return False
    return a.path.rstrip("/").casefold() == b.path.rstrip("/").casefold()
