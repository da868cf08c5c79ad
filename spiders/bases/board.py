"""A crawl that keeps books: each request of each board is counted, so that the outcome of a board is known when its last
request ends, whatever became of it. What is declared and how it is read stands in :mod:`spiders.bases.source`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
from scrapy import Request, Spider, signals
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError

from config.cards import Card
from config.load import LONGEST, tenants
from spiders.bases.fields import Context, expression
from spiders.bases.paging import ByNumber, Page
from spiders.bases.reading import Entry, Next, Reading, Unread, Unreadable
from spiders.bases.source import Source
from spiders.errors import Gone, KeyMissing, Offsite, RobotsForbids, SiteError, WriterError
from spiders.items import RawPosting
from spiders.spool import Spool
from spiders.tally import Tally, Trouble

_STATUS = re.compile(r"http ([1-5])\d\d")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of one board: what kind it is and what its answer needs."""

    board: str
    kind: str
    next: Next
    number: int = 1
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the last complete crawl of a board left: validators by address, and the marker of each known ad."""

    validators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)


class BoardSpider(Source, abstract=True):
    """A source that can be crawled. The shapes (JSON API, feed, page ...) derive from it; sources from the shapes."""

    def __init__(
        self,
        name: str | None = None,
        boards: str | list[str] | None = None,
        spool: Spool | None = None,
        known: Callable[[str, str], Known] | None = None,
        now: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        said = boards.split(",") if isinstance(boards, str) else boards
        self.boards = said if said else self.all_boards()
        self.spool = spool
        self.known_of = known or _nothing_known
        self.now = now
        self.tallies: dict[str, Tally] = {}
        # bound once: Scrapy reads the source of each callback that it has not met before, and remembers it while it lives
        self._callback, self._errback = self._answered, self._failed

    @classmethod
    def all_boards(cls) -> list[str]:
        """The tenants of a platform by config/tenants.csv; one board without a name elsewhere."""
        return [t.board for t in tenants().get(cls.name, ())] if cls.is_platform else [*cls.catalogues]

    @property
    def allowed_domains(self) -> list[str]:
        """The hosts that the card names; where it names none, those of the boards, whose names are addresses."""
        card = self.card()
        hosts = [urlsplit(board if "://" in board else f"https://{board}").hostname for board in self.boards]
        return list(card.hosts if card else ()) or [host for host in hosts if host]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """What the card says of delay and robots; and, when asked for, answers replayed from recordings."""
        super().update_settings(settings)
        obey(cls.card(), settings)

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> BoardSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._dropped, signal=signals.request_dropped)
        crawler.signals.connect(spider._idle, signal=signals.spider_idle)
        crawler.signals.connect(spider._closed, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for board in self.boards:
            tally = self._tally(board)
            if missing := self._missing_keys():
                tally.trouble("skipped", str(KeyMissing(*missing)))
                self._finish(tally)
                continue
            try:
                asks = list(self.first(board))
            except WriterError as error:  # of this board's name no address can be made; of the others' it can
                tally.trouble("unreadable", str(error))
                self._finish(tally)
                continue
            for ask in asks:
                yield self._request(tally, ask)

    def first(self, board: str) -> Iterator[Ask]:
        """The requests that a crawl of a board begins with."""
        if self.index:
            yield Ask(board, "index", Next(self._filled(self.index, board)))
            return
        for url in (self.listing,) if isinstance(self.listing, str) else self.listing:
            yield Ask(board, "list", Next(self._filled(url, board), self.post))

    def _filled(self, url: str, board: str) -> str:
        filled = (
            expression(url)(Context({}, {}, {**self._keys(), **self._beside(board), **self._since()}))
            if "{" in url
            else url
        )
        if not isinstance(filled, str):
            raise WriterError(f"{self.name}: {url} cannot be filled for board {board[:LONGEST]!a}")
        return filled

    def _since(self) -> dict[str, str]:
        now = dt.datetime.fromisoformat(self.now) if self.now else _utc_now()
        return {"since": (now - self.since).strftime("%Y-%m-%dT%H:%M:%S")}

    def _missing_keys(self) -> list[str]:
        card = self.card()
        return [name for name in (card.needs if card else ()) if name not in self._keys()]

    def _request(self, tally: Tally, ask: Ask) -> Request:
        tally.waiting += 1
        tally.urls.add(_address(ask.next))
        headers = {name: self._filled(value, ask.board) for name, value in self.headers.items()}
        meta: dict[str, Any] = {"board": ask.board}
        if self.biggest and ask.kind == "list":
            meta["download_maxsize"] = self.biggest
        if ask.kind == "list" and self._conditional(ask):
            meta["validators"] = self._validators(ask)
        body = orjson.dumps(dict(ask.next.body)) if ask.next.body is not None else b""
        if body:
            headers.setdefault("Content-Type", "application/json")
        return Request(
            ask.next.url,
            method="POST" if ask.next.body is not None else "GET",
            body=body,
            headers=headers,
            callback=self._callback,
            errback=self._errback,
            cb_kwargs={"ask": ask},
            meta=meta,
            priority=1 if ask.kind == "page" else 0,
        )

    def _conditional(self, ask: Ask) -> bool:
        """A list on one page can be asked for conditionally: 304 on page 1 says nothing of page 2."""
        return self.paging is None and not self.index and ask.next.body is None

    def _is_one_list(self) -> bool:
        return self.one_list and isinstance(self.listing, str)

    def _validators(self, ask: Ask) -> Mapping[str, Any]:
        return self.known_of(self.name, ask.board).validators.get(ask.next.url, {})

    def _answered(self, response: Response, ask: Ask) -> Iterator[Any]:
        tally = self.tallies[ask.board]
        tally.http[f"{response.status // 100}xx"] += 1
        tally.retries += response.meta.get("retry_times", 0)
        try:
            if ask.kind == "page":
                yield from self._page_answered(tally, response, ask)
            elif ask.kind == "index":
                for url in self.lists_in(response.body, response.url, ask.board):
                    yield self._request(tally, Ask(ask.board, "list", Next(url)))
            else:
                yield from self._list_answered(tally, response, ask)
        except Unreadable as error:
            tally.trouble("unreadable", self._public(f"{error}: {response.url}"))
        except Exception as error:
            self.logger.exception("reading %s failed", response.url)
            tally.trouble("spider", self._public(f"{type(error).__name__}: {error}: {response.url}"))
        finally:
            self._done(tally)

    def _list_answered(self, tally: Tally, response: Response, ask: Ask) -> Iterator[Any]:
        tally.pages += 1
        if self._is_unchanged(tally, response, ask):
            return
        reading = self._read(response.body, response.url, ask.board, entries=True)
        self._count(tally, reading)
        fresh = [p for p in reading.postings if p.external_id not in tally.ids]
        entries = [e for e in reading.entries if e.external_id not in tally.ids]
        repeated = reading.records > 0 and not fresh and not entries and not reading.left_out and not reading.unread
        tally.ids.update(reading.ids)
        for raw in fresh:
            yield from self._land(tally, raw)
        for entry in entries:
            yield from self._entered(tally, entry, ask.board)
        for unread in reading.unread:
            self._reject(tally, unread)
        for gone in reading.removed:
            self._withdrawn(tally, gone)
        yield from self._turn(tally, reading, response, ask, repeated)

    def _is_unchanged(self, tally: Tally, response: Response, ask: Ask) -> bool:
        """The list is as it was: by 304, or by the very same bytes. Says so in the spool."""
        if not self._conditional(ask):
            return False
        said = self._validators(ask)
        digest = hashlib.blake2b(response.body, digest_size=16).hexdigest()
        unchanged = response.status == 304 or bool(said and said.get("digest") == digest)
        mine: dict[str, Any] = {"digest": said.get("digest") if response.status == 304 else digest}
        for name, header in (("etag", "ETag"), ("last_modified", "Last-Modified")):
            if value := response.headers.get(header) or b"":
                mine[name] = value.decode("latin-1")
            elif unchanged and said.get(name):
                mine[name] = said[name]
        tally.validators[ask.next.url] = mine
        if not unchanged:
            return False
        tally.markers.update(self.known_of(self.name, ask.board).ids)
        if self._is_one_list():
            tally.unchanged = True
            self._note(tally, {"unchanged": ask.board})
        else:
            mine["ids"] = said.get("ids", [])
            for one in mine["ids"]:
                self._saw(tally, one)
        return True

    def _turn(self, tally: Tally, reading: Reading, response: Response, ask: Ask, repeated: bool) -> Iterator[Request]:
        """The next page, unless the list ends here; and what is to be thought of how it ends."""
        if self._conditional(ask) and not self._is_one_list():
            tally.validators[ask.next.url]["ids"] = reading.ids
        following = [*reading.more]
        if self.paging is not None:
            page = Page(
                ask.next.url, ask.number, reading.records, tally.listed, tally.total, reading.root, ask.next.body
            )
            if repeated and ask.number > 1 and getattr(self.paging, "ignored_is_whole", False):
                self._ended(tally, "")
            elif repeated and ask.number > 1:
                self._ended(tally, f"page {ask.number} repeats what was listed: {ask.next.url}")
            elif (more := self.paging.after(page)) is not None:
                following.append(more)
            else:
                self._ended(tally, self.paging.doubt(page) if isinstance(self.paging, ByNumber) else "")
        elif not following:
            self._ended(tally, "")
        for more in following:
            if _address(more) in tally.urls:
                self._ended(tally, f"the next page is one that was read: {more.url}")
            elif len(tally.urls) >= self.most:
                tally.trouble("short", f"stopped after {self.most} requests")
            elif self.paging is not None and ask.number >= self.paging.most:
                if tally.catalogue:
                    tally.trouble("short", f"stopped after {ask.number} pages")
            else:
                yield self._request(tally, Ask(ask.board, "list", more, ask.number + 1))

    def _ended(self, tally: Tally, doubt: str) -> None:
        """The list goes no further: is that all the board advertises?"""
        if tally.total is not None and self._is_catalogue():
            distinct = len(tally.ids) + sum(tally.left_out.values()) + tally.unnamed + tally.removed
            if max(distinct, 0) < tally.total:
                tally.trouble(
                    "short", f"{distinct} of {tally.total} advertised ads were listed{doubt and ': ' + doubt}"
                )
        elif doubt and tally.catalogue:
            tally.trouble("short", doubt)

    def _is_catalogue(self) -> bool:
        card = self.card()
        return card is not None and card.coverage == "catalogue"

    def _count(self, tally: Tally, reading: Reading) -> None:
        tally.listed += reading.records
        tally.total = reading.total if reading.total is not None else tally.total
        tally.first_total = tally.total if tally.first_total is None else tally.first_total
        tally.left_out += reading.left_out
        tally.unknown_keys += reading.unknown_keys
        tally.unknown_values += reading.unknown_values
        if reading.mended:
            tally.trouble("unreadable", reading.mended)

    def _entered(self, tally: Tally, entry: Entry, board: str) -> Iterator[Any]:
        """A record with a page of its own: fetched only where it is new or changed."""
        if self.known_of(self.name, board).ids.get(entry.external_id) == entry.marker:
            tally.markers[entry.external_id] = entry.marker
            self._saw(tally, entry.external_id)
        else:
            yield self._request(tally, Ask(board, "page", Next(entry.url), entry=entry))

    def _page_answered(self, tally: Tally, response: Response, ask: Ask) -> Iterator[Any]:
        assert ask.entry is not None
        tally.details += 1
        read = self.read_page(response.body, response.url, ask.entry, ask.board)
        if isinstance(read, Unread):
            self._reject(tally, read)
        else:
            tally.markers[ask.entry.external_id] = ask.entry.marker
            yield from self._land(tally, read)

    def _land(self, tally: Tally, raw: RawPosting) -> Iterator[RawPosting]:
        raw = raw.model_copy(update={"fetched_at": self.now or _utc_now().isoformat(timespec="seconds")})
        if self.spool is None:
            yield raw
        else:
            try:
                self.spool.posting(raw)
            except TypeError as error:
                self._reject(
                    tally, self._unread("not_unicode", str(error), raw.payload, raw.board, raw.url, raw.external_id)
                )
                return
        tally.found += 1

    def _saw(self, tally: Tally, external_id: str) -> None:
        tally.seen += 1
        self._note(tally, {"seen": external_id})

    def _withdrawn(self, tally: Tally, external_id: str) -> None:
        tally.removed += 1
        self._note(tally, {"removed": external_id})

    def _reject(self, tally: Tally, unread: Unread) -> None:
        tally.rejected += 1
        if unread.reason == "spider_fault":
            tally.raised(unread.detail)
        self._note(tally, unread.line())
        if unread.external_id:
            # it is there, though we cannot read it: it must not count as absent
            self._note(tally, {"seen": unread.external_id})
        else:
            tally.unnamed += 1

    def _note(self, tally: Tally, line: dict[str, Any]) -> None:
        if self.spool is not None:
            self.spool.note(tally.source, tally.board, line)

    def _failed(self, failure: Any) -> None:
        request = failure.request
        ask: Ask = request.cb_kwargs["ask"]
        tally = self.tallies[ask.board]
        tally.retries += request.meta.get("retry_times", 0)
        tally.offsite += isinstance(failure.value, Offsite)
        tally.robots += isinstance(failure.value, RobotsForbids)
        try:
            self._judge(tally, failure.value, ask, request.url)
        finally:
            self._done(tally)

    def _judge(self, tally: Tally, error: BaseException, ask: Ask, url: str) -> None:
        """Whose move it is, for a request that brought no answer that can be read."""
        kind: Trouble = "site"
        because = f"{type(error).__name__}: {error}"
        if isinstance(error, SiteError):
            kind, because = _site_trouble(error), error.because
        elif isinstance(error, HttpError):
            because = f"http {error.response.status}"
        if status := _STATUS.match(because):
            tally.http[f"{status[1]}xx"] += 1
        if kind == "gone" and ask.kind == "guess":
            return
        if kind == "gone" and ask.kind == "page" and ask.entry:
            self._withdrawn(tally, ask.entry.external_id)
            return
        if ask.entry:
            # listed, though its own page could not be had
            self._saw(tally, ask.entry.external_id)
        tally.trouble(kind, self._public(f"{because}: {url}"))

    # -- books -------------------------------------------------------------------------------------------------------

    def _tally(self, board: str) -> Tally:
        self.tallies[board] = Tally(self.name, board, _utc_now(), catalogue=self._is_catalogue())
        return self.tallies[board]

    def _done(self, tally: Tally) -> None:
        tally.waiting -= 1
        if tally.waiting == 0:
            self._finish(tally)

    def _finish(self, tally: Tally) -> None:
        outcome = tally.outcome(_utc_now())
        tally.waiting = -1
        if self.spool is not None:
            self.spool.outcome(outcome)
        else:
            self.logger.info("%s %s: %s %s", self.name, tally.board, outcome["state"], outcome["because"])

    def _dropped(self, request: Request, spider: Spider) -> None:
        self._vanished(request, f"not scheduled: {request.url}")

    def _vanished(self, request: Request, because: str) -> None:
        ask = request.cb_kwargs.get("ask")
        if isinstance(ask, Ask) and self.tallies[ask.board].waiting > 0:
            self.tallies[ask.board].trouble("vanished", because)
            self._done(self.tallies[ask.board])

    def _idle(self, spider: Spider) -> None:
        for tally in self.tallies.values():
            if tally.waiting > 0:
                tally.trouble("vanished", f"{tally.waiting} requests came to no end")
                self._finish(tally)

    def _closed(self, spider: Spider, reason: str) -> None:
        for board in self.boards:
            tally = self.tallies.get(board) or self._tally(board)
            if tally.waiting >= 0 and reason != "finished":
                tally.finish_reason = reason
                tally.trouble("vanished", f"the crawl was ended: {reason}")
                self._finish(tally)


def obey(card: Card | None, settings: BaseSettings) -> None:
    """Set what a card says of delay and robots, and what a replay from recordings needs: for every spider that calls
    the hosts of the card."""
    if card:
        settings.set("DOWNLOAD_DELAY", card.delay, priority="spider")
        settings.set("AUTOTHROTTLE_START_DELAY", card.delay, priority="spider")
        settings.set("ROBOTSTXT_OBEY", card.robots, priority="spider")
    if replay := settings.get("ROLECALL_REPLAY"):
        for key, value in replay_settings(replay).items():
            settings.set(key, value, priority="cmdline")


def replay_settings(address: str) -> dict[str, Any]:
    """Settings that fetch every address from the replay server at ``address``, without pauses."""
    handler = "spiders.replay.ReplayHandler"
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler, "file": None, "data": None, "ftp": None, "s3": None},
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "ROLECALL_ALLOW_PRIVATE": (urlsplit(address).netloc,),
    }


def _address(ask: Next) -> str:
    return f"{ask.url} {orjson.dumps(dict(ask.body), option=orjson.OPT_SORT_KEYS).decode()}" if ask.body else ask.url


def _site_trouble(error: SiteError) -> Trouble:
    if isinstance(error, Gone):
        return "gone"
    states: dict[str, Trouble] = {"blocked": "blocked", "rate_limited": "rate_limited", "skipped": "skipped"}
    return states.get(error.state, "site")


def _nothing_known(_source: str, _board: str) -> Known:
    return Known()


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
