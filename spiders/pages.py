"""The own pages of ads that a board has not shown for long: asked for as politely as the board, and written down.

What a page means for its ad is decided elsewhere (``flows.life.read_page``); here it is only fetched. One line a page
that was asked for: ``run, source, key, asked, at, status, url, because, text, etag, last_modified``. Pages that were
not asked for, because the host had closed itself before, leave no line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, ClassVar

from lxml import etree
from pydantic import BaseModel, ConfigDict
from scrapy import Request, Spider, signals
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings

from config.load import cards
from spiders.bases.board import obey
from spiders.errors import Refused, RobotsForbids, SiteError
from spiders.spool import Spool

LARGEST = 2 * 2**20
"""Bytes of a page that are read; a page of one ad is far below."""
MOST_TEXT = 100_000
"""Characters of a page's text that are kept for the judgement."""

_STATUS = re.compile(r"http ([1-5]\d\d)")
_PARSER = {"encoding": "utf-8", "recover": True, "remove_comments": True, "no_network": True}


class Page(BaseModel):
    """One page to look at: the key of its ad, its address, and what its last answer was known by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    url: str
    validators: dict[str, str] = {}


class PageSpider(Spider):
    """Looks at pages of one source. Made by :func:`page_spider`, since Scrapy asks the class for its settings."""

    source: ClassVar[str]
    custom_settings = {"DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter"}  # two ads may share a page

    def __init__(self, pages: Sequence[Page], spool: Spool, run: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pages, self.spool, self.run = pages, spool, run
        self.looked = 0
        self.started = _now()

    @property
    def allowed_domains(self) -> list[str]:
        """The hosts that the card names; without any, no address is allowed."""
        return list(cards()[self.source].hosts) or ["no.host.invalid"]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Delay and robots as the card says for its board."""
        super().update_settings(settings)
        obey(cards()[cls.source], settings)

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> PageSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(_sent, signal=signals.request_reached_downloader)
        crawler.signals.connect(spider._closed, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for page in self.pages:
            meta = {"validators": page.validators, "download_maxsize": LARGEST}
            yield Request(page.url, callback=self._answered, errback=self._failed, cb_kwargs={"page": page}, meta=meta)

    def _answered(self, response: Response, page: Page) -> None:
        self._look(page, response.status, response.url, text=text_of(response), headers=response.headers)

    def _failed(self, failure: Any) -> None:
        request, error = failure.request, failure.value
        # a host that had closed itself before says nothing of this page; a refusal to ask does, until it is asked again
        if "sent" not in request.meta and not isinstance(error, (RobotsForbids, Refused)):
            return
        because = error.because if isinstance(error, SiteError) else type(error).__name__
        status = _STATUS.match(because)
        self._look(request.cb_kwargs["page"], int(status[1]) if status else 0, request.url, because=because)

    def _look(
        self,
        page: Page,
        status: int,
        url: str,
        *,
        because: str = "",
        text: str = "",
        headers: Mapping[Any, Any] | None = None,
    ) -> None:
        known = {
            name: value.decode("latin-1")[:500]
            for name, header in (("etag", "ETag"), ("last_modified", "Last-Modified"))
            if (value := (headers or {}).get(header))
        }
        said = {"run": self.run, "source": self.source, "key": page.key, "asked": page.url, "at": _now().isoformat()}
        answer = {"status": status, "url": url, "because": because, "text": text}
        self.spool.look({**said, **answer, **(known or (page.validators if status == 304 else {}))})
        self.looked += 1

    def _closed(self, reason: str) -> None:
        whole = reason == "finished"
        self.spool.outcome(
            {
                "source": self.source,
                "board": "",
                "state": "complete" if whole else "partial",
                "because": "" if whole else reason,
                "found": self.looked,
                "seen": 0,
                "rejected": 0,
                "started": self.started.isoformat(),
                "finished": _now().isoformat(),
            }
        )


def page_spider(source: str) -> type[PageSpider]:
    """The spider that looks at pages of a source. Raises KeyError for a source without a card."""
    return type("PageSpider", (PageSpider,), {"name": f"{source}.pages", "source": cards()[source].source})


def text_of(response: Response) -> str:
    """What a page shows as text, its title included; empty for what is no page or text. Never raises, linear in its size."""
    kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").lower()
    if not isinstance(response, TextResponse) or not ("html" in kind or kind.startswith("text/")):
        return ""
    body = response.text.replace("\0", "")
    if "html" not in kind:
        return body[:MOST_TEXT]
    root = etree.HTML(body.encode("utf-8", "replace"), etree.HTMLParser(**_PARSER)) if body.strip() else None
    if root is None:
        return ""
    etree.strip_elements(root, "script", "style", "noscript", "template", with_tail=False)
    return " ".join(" ".join(root.itertext()).split())[:MOST_TEXT]


def _sent(request: Request) -> None:
    """Marks what went over the wire: the mark stays through retries and redirects, which copy it."""
    request.meta["sent"] = True


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
