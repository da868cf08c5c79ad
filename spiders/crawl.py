"""The child process that crawls: ``python -m spiders.crawl ORDER.json``. No Prefect, no database.

The order is one JSON object::

    {"run": "...", "spool": "folder", "known": "file or null", "now": "RFC 3339 or null",
     "begin": "RFC 3339 or null", "sources": [{"source": "greenhouse", "boards": ["acme"] or null}],
     "settings": {"DOWNLOAD_DELAY": 0}}

Nothing is sent before ``begin``, by the machine's clock; no longer than ten minutes is waited for it. A source with
``"pages": [{"key": "...", "url": "...", "validators": {"etag": "..."}}]`` has no board crawled but these pages looked
at (:mod:`spiders.pages`).

All sources of an order share this process, each with a crawler of its own. What was read lies in the spool (see
:mod:`spiders.spool`); one JSON line a finished board goes to stdout. Exit status: 0 every board complete or empty or
skipped, 3 otherwise, 2 an order that can't be read. What happened stands in ``outcomes.jsonl`` alone.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict

from config.garbage import search_seldom
from spiders.bases.board import BoardSpider, Known, replay_settings
from spiders.pages import Page, page_spider
from spiders.reading import spider_class
from spiders.spool import Spool

LONGEST_WAIT = 600.0
"""Seconds that a child waits for its ``begin``: a clock that jumped must not keep it for ever."""
FINE = frozenset({"complete", "empty", "skipped"})


class Wanted(BaseModel):
    """One source of an order: its boards, or all that are known; or only own pages of its ads."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    boards: list[str] | None = None
    pages: list[Page] = []


class Order(BaseModel):
    """What a child process is to crawl, and where it leaves what it read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str = ""
    spool: Path
    known: Path | None = None
    now: str | None = None
    begin: dt.datetime | None = None
    sources: list[Wanted]
    settings: dict[str, Any] = {}


@dataclass
class KnownBoards:
    """The file of what earlier crawls left, read once: one JSON object a board and line."""

    boards: Mapping[tuple[str, str], Known]

    def __call__(self, source: str, board: str) -> Known:
        return self.boards.get((source, board)) or Known()

    @classmethod
    def of(cls, path: Path | None) -> KnownBoards:
        """Of a file that may not be there. Raises orjson.JSONDecodeError, KeyError for one that is not in this form."""
        if path is None or not path.exists():
            return cls({})
        lines = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
        return cls(
            {(s["source"], s.get("board", "")): Known(s.get("validators") or {}, s.get("ids") or {}) for s in lines}
        )


def crawl(order: Order) -> Counter[str]:
    """Crawl an order to its end, or until SIGTERM. Gives the number of boards by state."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "config.crawling")
    settings = get_project_settings()
    settings.setdict(order.settings, priority="cmdline")
    if replay := settings.get("ROLECALL_REPLAY"):
        # the resolver belongs to the process, so it must know before the first crawler starts
        settings.setdict(replay_settings(replay), priority="cmdline")
    order.spool.mkdir(parents=True, exist_ok=True)
    spool = Spool(order.spool, talk=True)
    known = KnownBoards.of(order.known)
    process = AsyncCrawlerProcess(settings)
    for wanted in order.sources:
        if wanted.pages:
            process.crawl(page_spider(wanted.source), pages=wanted.pages, spool=spool, run=order.run)
            continue
        spider: type[BoardSpider] = spider_class(wanted.source)
        process.crawl(spider, boards=wanted.boards, spool=spool, known=known, now=order.now)
    if order.begin:
        time.sleep(min(max(0.0, (order.begin - dt.datetime.now(dt.UTC)).total_seconds()), LONGEST_WAIT))
    process.start()
    spool.close()
    return spool.states


def die_with_parent() -> None:
    """On Linux: SIGTERM for this process when its parent is gone, so that no crawl is orphaned."""
    if sys.platform == "linux" and os.getppid() != 1:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def main(arguments: list[str]) -> int:
    """The child's command line: the path of one order."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m spiders.crawl ORDER.json\n")
        return 2
    try:
        order = Order.model_validate_json(Path(arguments[0]).read_bytes())
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{arguments[0]}: {error}\n")
        return 2
    die_with_parent()
    search_seldom()
    states = crawl(order)
    return 0 if states and set(states) <= FINE else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
