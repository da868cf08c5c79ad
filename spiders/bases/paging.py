"""How a board hands out its list, as named things: by number, by offset, by cursor, by link.

A paging object is asked after each page for the next one. It never stops on a page that is merely short: a board may
cap its page size in silence. What ends a list is an empty page, a reached total, the board saying so, or its last page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bs4 import BeautifulSoup

from spiders.bases.fields import Context, Path
from spiders.bases.reading import Next
from spiders.bases.select import first


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, as far as paging needs to know.

    ``number`` counts from 1; ``records`` stood on this page, ``listed`` on all pages so far.
    """

    url: str
    number: int
    records: int
    listed: int
    total: int | None = None
    root: Any = None
    body: Mapping[str, Any] | None = None

    @property
    def reached(self) -> bool:
        """All that the board advertises has been listed."""
        return self.total is not None and self.listed >= self.total


class Paging(Protocol):
    """Where a list goes on. ``most`` bounds the pages of one board."""

    @property
    def most(self) -> int:
        """Pages of one board that are read at most."""

    def after(self, page: Page) -> Next | None:
        """The request for the next page, or None where the list ends here."""


def with_query(url: str, **values: object) -> str:
    """The address with query parameters set, others kept in their order."""
    parts = urlsplit(url)
    said = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in values]
    return urlunsplit(parts._replace(query=urlencode(said + [(k, str(v)) for k, v in values.items()])))


@dataclass(frozen=True)
class ByNumber:
    """``?page=2``: until an empty page, the reached total, ``more`` saying false, or ``last`` (inclusive).

    ``ignored_is_whole``: some tenants ignore the parameter and give everything at once; a page that repeats the one
    before then ends the list without a doubt.
    """

    param: str = "page"
    first: int = 1
    more: str = ""
    pages: str = ""
    last: int | None = None
    ignored_is_whole: bool = False
    most: int = 500

    def after(self, page: Page) -> Next | None:
        number = self.first + page.number
        if not page.records or page.reached or (self.last is not None and number > self.last):
            return None
        if self.more and not Path(self.more)(Context(page.root)):
            return None
        if self.pages and number - self.first >= _number(Path(self.pages)(Context(page.root)), 0):
            return None
        return _turned(page, {self.param: number})

    def doubt(self, page: Page) -> str:
        """What speaks against a list that ends here: the board counts pages that it does not give."""
        pages = _number(Path(self.pages)(Context(page.root)), 0) if self.pages else 0
        return f"page {page.number} of {pages} is empty" if not page.records and page.number < pages else ""


@dataclass(frozen=True)
class ByPath:
    """``/search/2``: the page's number is the last segment of the path; until an empty page or the reached total."""

    most: int = 100

    def after(self, page: Page) -> Next | None:
        if not page.records or page.reached:
            return None
        parts = urlsplit(page.url)
        path = parts.path.rpartition("/")[0]
        return Next(urlunsplit(parts._replace(path=f"{path}/{page.number + 1}")))


@dataclass(frozen=True)
class InFinder:
    """``finder=findReqs;siteNumber=CX_1,limit=100,offset=0``: an offset inside one parameter, as Oracle writes it."""

    most: int = 100

    def after(self, page: Page) -> Next | None:
        if not page.records or page.reached:
            return None
        return Next(re.sub(r"offset=\d{1,9}", f"offset={page.listed}", page.url, count=1))


@dataclass(frozen=True)
class ByOffset:
    """``?offset=100``: the next one starts after what was listed, so a page size capped in silence loses nothing."""

    param: str = "offset"
    ignored_is_whole: bool = False
    most: int = 500

    def after(self, page: Page) -> Next | None:
        if not page.records or page.reached:
            return None
        return _turned(page, {self.param: page.listed})


@dataclass(frozen=True)
class ByCursor:
    """``?cursor=<what the answer names as next>``: until it names none."""

    param: str
    at: str
    most: int = 500

    def after(self, page: Page) -> Next | None:
        cursor = Path(self.at)(Context(page.root))
        if cursor in (None, "", False) or not page.records:
            return None
        return _turned(page, {self.param: cursor})


@dataclass(frozen=True)
class ByLink:
    """The answer holds the address of the next page: a JSON path, or a CSS selector of an HTML page."""

    at: str = ""
    css: str = ""
    most: int = 500
    never: frozenset[str] = field(default=frozenset({"", "#"}))

    def after(self, page: Page) -> Next | None:
        if not page.records:
            return None
        link = self._of_page(page.root) if self.css else Path(self.at)(Context(page.root))
        if not isinstance(link, str) or link in self.never:
            return None
        return Next(urljoin(page.url, link))

    def _of_page(self, root: Any) -> str:
        found = first(root, self.css) if isinstance(root, BeautifulSoup) else None
        return str(found.get("href") or "") if found else ""


def _turned(page: Page, values: Mapping[str, object]) -> Next:
    if page.body is not None:
        return Next(page.url, {**page.body, **values})
    return Next(with_query(page.url, **values))


def _number(said: Any, otherwise: int) -> int:
    try:
        return int(said)
    except (TypeError, ValueError):
        return otherwise
