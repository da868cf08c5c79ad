"""What every spider shares: declarations checked when the class is made, pure reading, and a crawl that keeps books.

A spider writes only the difference. What it may declare stands in :class:`BoardSpider`; every field of RawPosting is
declared by an expression of :mod:`spiders.bases.fields`. Reading (:meth:`BoardSpider.read`) needs no network. Crawling
counts each request of each board, so a board's outcome is known when its last request ends, whatever became of it.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import inspect
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Protocol
from urllib.parse import urljoin, urlsplit

import orjson
from pydantic import ValidationError
from scrapy import Request, Spider, signals
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError

from config.cards import Card
from config.load import cards, tenants
from spiders.bases.fields import Context, Expression, expression, says_something
from spiders.bases.paging import Page, Paging
from spiders.bases.reading import Entry, Next, Reading, Unread, Unreadable
from spiders.bases.strict_json import unbroken, why_broken
from spiders.errors import Gone, KeyMissing, SiteError, WriterError
from spiders.items import RawPosting
from spiders.spool import Spool
from spiders.tally import Tally, Trouble

FIELDS: frozenset[str] = frozenset(RawPosting.model_fields) - {"source", "board", "fetched_at", "payload"}
MANY: frozenset[str] = frozenset(
    {"location", "applicant_regions", "timezones", "employment_type", "seniority", "department", "tags"}
)
"""Fields that may be a list."""
_STATUS = re.compile(r"http ([1-5])\d\d")
MAX_EVIDENCE = 20_000
"""Characters of a rejected record that are kept."""


@dataclass(slots=True)
class Answer:
    """What a decoder made of one answer. ``single``: it is the page of one ad, not a list."""

    root: Any
    records: list[Any]
    single: bool = False
    mended: str = ""


class DetailPage(Protocol):
    """How the page of one ad is read where it has another shape than the list (JSON-LD, an HTML page object)."""

    def read_page(self, body: bytes, url: str) -> tuple[dict[str, Any], Any] | None:
        """The fields and the record they were read from, or None where the page holds no ad."""


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


class BoardSpider(Spider):
    """One source. Subclasses of the shapes (JSON API, feed, page ...) declare; they rarely write methods."""

    listing: ClassVar[str | tuple[str, ...]] = ""
    """Address(es) of the list; ``{@board}`` and the groups of ``board_form`` are filled in."""
    index: ClassVar[str] = ""
    """Where the addresses of the lists stand, if they change (threads); read by :meth:`lists_in`."""
    post: ClassVar[Mapping[str, Any] | None] = None
    """Body of a POST that asks for the list; paging sets its keys."""
    headers: ClassVar[Mapping[str, str]] = {}
    """Headers of every request; ``{@NAME}`` is the environment variable that the card names in ``needs``."""
    paging: ClassVar[Paging | None] = None
    total: ClassVar[Any] = None
    """Where the answer says how many ads there are."""
    detail: ClassVar[Any] = None
    """Address of the page of one record, where the list does not say everything."""
    page: ClassVar[DetailPage | None] = None
    """How that page is read; without it, like a record of the list."""
    notice: ClassVar[str] = ""
    """A key that marks a record that is no ad: a legal notice, an advertisement of the board itself."""
    listed: ClassVar[tuple[str, Any] | None] = None
    """A path and the value it has in public ads; records that say something else are left out."""
    gone: ClassVar[tuple[str, Any] | None] = None
    """A path and the value by which a stream says that an ad was withdrawn."""
    known: ClassVar[str] = ""
    """Keys of a record that are known and not used, beside those of its shape; others are reported."""
    volatile: ClassVar[str] = ""
    """Keys that change without the ad changing; they do not make it new."""
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """By field: the words that the board is known to use; another one is reported, never guessed."""
    one_list: ClassVar[bool] = True
    """The board is one list of ads, so an unchanged answer means an unchanged board."""
    most: ClassVar[int] = 5000
    """Requests for one board, its pages of ads included; beyond it the board is partial."""
    catalogues: ClassVar[tuple[str, ...]] = ("",)
    """The boards of a source that is no platform: countries, languages; one without a name if it has none."""
    since: ClassVar[dt.timedelta] = dt.timedelta(days=7)
    """How far back a stream is asked: ``{@since}`` in its address."""
    biggest: ClassVar[int | None] = None
    """Bytes of the largest list, where it is larger than the settings allow."""
    board_form: ClassVar[str] = ""
    """Regular expression over an ad's address or a tenant; its named groups are ``@name`` in templates."""

    name = ""
    fields: ClassVar[Mapping[str, Expression]] = {}
    custom_settings = {"DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter"}  # pages are our books' business

    # -- declaring ---------------------------------------------------------------------------------------------------

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        said = {name: value for name, value in vars(cls).items() if not name.startswith("_")}
        fields = dict(cls.fields)
        for name, value in said.items():
            if name in FIELDS:
                fields[name] = _declared(cls, name, value)
            elif not abstract and not _may_declare(cls, name, value):
                raise WriterError(f"{cls.__name__}.{name}: no such attribute{_did_you_mean(name)}")
        cls.fields = fields
        for name in ("total", "detail"):
            if name in said and said[name] is not None:
                setattr(cls, f"_{name}", _declared(cls, name, said[name]))
        for name in cls.words:
            if name not in FIELDS:
                raise WriterError(f"{cls.__name__}.words: {name!r} is no field of RawPosting{_did_you_mean(name)}")
        if cls.board_form:
            try:
                cls._form = re.compile(cls.board_form)
            except re.error as error:
                raise WriterError(f"{cls.__name__}.board_form: {error}") from error
        read = [*cls.fields.values(), *([cls._detail] if cls._detail else [])]
        read += [_declared(cls, "listed or gone", pair[0]) for pair in (cls.listed, cls.gone) if pair]
        keys = {key for one in read for key in one.reads()}
        known = {key for base in cls.__mro__ for key in str(vars(base).get("known", "")).split()}
        cls._handled = frozenset(keys | known | set(cls.volatile.split()))
        if not abstract:
            cls._finished(said)

    @classmethod
    def _finished(cls, said: Mapping[str, Any]) -> None:
        if "name" not in said:
            cls.name = cls.__module__.rpartition(".")[2]
            cls.is_platform = cls.__module__.startswith("spiders.platforms.")
            if cls.__name__.lower() != cls.name.replace("_", ""):
                raise WriterError(f"{cls.__module__}: file and class must have one name, not {cls.__name__}")
        for required in cls._required():
            if not getattr(cls, required, None) and required not in cls.fields:
                raise WriterError(f"{cls.__name__}.{required}: must be declared")

    @classmethod
    def _required(cls) -> tuple[str, ...]:
        return ("listing", "external_id", "title", "url") if not cls.index else ("external_id", "title", "url")

    _handled: ClassVar[frozenset[str]] = frozenset()
    """Keys of a record that are read or known."""
    _form: ClassVar[re.Pattern[str] | None] = None
    _total: ClassVar[Expression | None] = None
    _detail: ClassVar[Expression | None] = None

    @classmethod
    def handled(cls) -> frozenset[str]:
        """Keys of a record that are read, or known and of no use; any other is reported."""
        return cls._handled

    # -- reading: pure -----------------------------------------------------------------------------------------------

    def decode(self, body: bytes, url: str) -> Answer:
        """The answer as records. Raises Unreadable where it is not of this shape."""
        raise NotImplementedError

    def keep(self, record: Any) -> bool:
        """First hook: which records are ads of this board."""
        return True

    def read_one(self, said: dict[str, Any], record: Any) -> dict[str, Any]:
        """Second hook: the fields as declared, to be set right where expressions do not reach."""
        return said

    def lists_in(self, body: bytes, url: str, board: str) -> list[str]:
        """The addresses of lists that an answer of ``index`` names."""
        return []

    def read(self, body: bytes, url: str = "", board: str = "") -> Reading:
        """Everything that stands in one answer, be it a list or the page of one ad.

        Raises:
            Unreadable: it is neither.
        """
        return self._read(body, url, board, entries=False)

    def read_page(self, body: bytes, url: str, entry: Entry, board: str = "") -> RawPosting | Unread:
        """The page of one ad, together with what the list said of it; the page has the last word."""
        fields, record, _ = self._page_fields(body, url, board)
        said = {**entry.fields, **{k: v for k, v in fields.items() if says_something(v)}}
        said["external_id"] = entry.external_id
        return self._posting(said, {"list": entry.record, "page": record}, board, url)

    def _read(self, body: bytes, url: str, board: str, *, entries: bool) -> Reading:
        if not body.strip():
            return Reading()
        try:
            answer = self.decode(body, url)
        except Unreadable:
            if self.page is None or (read := self.page.read_page(body, url)) is None:
                raise
            return self._read_alone(*read, url, board)
        reading = Reading(records=len(answer.records), mended=answer.mended, root=answer.root)
        reading.total = _whole(self._total(Context(answer.root, answer.root))) if self._total else None
        for record in answer.records:
            try:
                self._read_record(reading, record, answer, url, board, entries)
            except Exception as error:
                # a fault of a spider's own method costs that record, not the page it stands on
                self.logger.exception("reading a record of %s failed", url)
                detail = f"{type(error).__name__}: {error}"
                reading.unread.append(self._unread("spider_fault", detail, record, board, url))
        reading.postings = _merged(reading.postings, reading.left_out)
        reading.entries = _merged_entries(reading.entries, reading.left_out)
        return reading

    def _read_alone(self, fields: dict[str, Any], record: Any, url: str, board: str) -> Reading:
        fields.setdefault("url", url)
        reading = Reading(records=1)
        _into(reading, self._posting(self.read_one(fields, record), record, board, url))
        return reading

    def _read_record(self, reading: Reading, record: Any, answer: Answer, url: str, board: str, entries: bool) -> None:
        if why := why_broken(record):
            kind, _, detail = why.partition(": ")
            reading.unread.append(self._unread(kind, detail, record, board, url))
            return
        if not isinstance(record, dict):
            reading.unread.append(self._unread("no_record", f"a {type(record).__name__}", record, board, url))
            return
        if why := self._left_out(record):
            reading.left_out[why] += 1
            return
        context = self._context(record, answer.root, url, board)
        if self.gone and _same(expression(self.gone[0])(context), self.gone[1]):
            reading.removed.append(str(self.fields["external_id"](context)))
            return
        said = self._said(context, reading)
        self._report(record, reading)
        if entries and self._detail and not answer.single and (entry := self._entry(said, context)):
            reading.entries.append(entry)
        else:
            _into(reading, self._posting(said, record, board, url))

    def _left_out(self, record: Any) -> str:
        if self.notice and self.notice in record:
            return "notice"
        if self.listed:
            said = expression(self.listed[0])(Context(record))
            if said is not None and not _same(said, self.listed[1]):
                return f"{self.listed[0]}: {said}"
        return "" if self.keep(record) else "not kept"

    def _context(self, record: Any, root: Any, url: str, board: str) -> Context:
        return Context(record, root, self._beside(board, url))

    def _beside(self, board: str, url: str = "") -> dict[str, str]:
        company = next((t.company for t in tenants().get(self.name, ()) if t.board == board), "") if board else ""
        found = self._form.search(board) if self._form and board else None
        groups = {k: v for k, v in (found.groupdict() if found else {}).items() if v is not None}
        return {"board": board, "company": company or _readable(board), "url": url, **groups}

    def _said(self, context: Context, reading: Reading) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for name, find in self.fields.items():
            value = find(context)
            if says_something(value):
                said[name] = _fitting(name, value, reading)
        said = self.read_one(said, context.record)
        for name, words in self.words.items():
            value = said.get(name)
            for one in value if isinstance(value, list) else [value]:
                if says_something(one) and str(one) not in words:
                    reading.unknown_values[f"{name}: {str(one)[:80]}"] += 1
        return said

    def _report(self, record: Mapping[str, Any], reading: Reading) -> None:
        for key in record.keys() - self._handled:
            reading.unknown_keys[key] += 1

    def _entry(self, said: dict[str, Any], context: Context) -> Entry | None:
        assert self._detail is not None
        url, external_id = self._detail(context), said.get("external_id")
        if not isinstance(url, str) or external_id is None:
            return None
        steady = {k: v for k, v in context.record.items() if k not in self.volatile.split()}
        marker = hashlib.blake2b(orjson.dumps(steady, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
        return Entry(str(external_id), urljoin(context.beside["url"], url), marker, said, context.record)

    def _page_fields(self, body: bytes, url: str, board: str) -> tuple[dict[str, Any], Any, Reading]:
        if self.page is not None:
            read = self.page.read_page(body, url)
            if read is None:
                raise Unreadable("no_ad", "the page holds no ad")
            return self.read_one(*read), read[1], Reading()
        answer = self.decode(body, url)
        if not answer.records:
            raise Unreadable("no_ad", "the page holds no ad")
        record = answer.records[0]
        reading = Reading()
        return self._said(self._context(record, answer.root, url, board), reading), record, reading

    def _posting(self, said: dict[str, Any], record: Any, board: str, url: str) -> RawPosting | Unread:
        board = board or self._board_of(said)
        if self.is_platform and board:
            said.setdefault("company", self._beside(board)["company"])
        if says_something(said.get("url")):
            said["url"] = urljoin(url, str(said["url"]))
        try:
            return RawPosting.model_validate({**said, "source": self.name, "board": board, "payload": record})
        except ValidationError as error:
            missing = [str(e["loc"][0]) for e in error.errors() if e["loc"]]
            reason = "no_id" if "external_id" in missing else f"no_{missing[0]}" if missing else "schema"
            detail = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
            return self._unread(reason, detail, record, board, url, str(said.get("external_id") or ""))

    def _board_of(self, said: Mapping[str, Any]) -> str:
        """The tenant by the ad's own address, where a saved answer comes without one."""
        if self._form and (found := self._form.search(str(said.get("url") or ""))) and "board" in found.groupdict():
            return found["board"]
        return ""

    def _unread(self, reason: str, detail: str, record: Any, board: str, url: str, external_id: str = "") -> Unread:
        kept = unbroken(record)
        said = json.dumps(kept, ensure_ascii=True, default=str)
        return Unread(self.name, board, reason, detail[:500], external_id, self._public(url), said[:MAX_EVIDENCE])

    # -- crawling ----------------------------------------------------------------------------------------------------

    is_platform: ClassVar[bool] = False

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

    @classmethod
    def all_boards(cls) -> list[str]:
        """The tenants of a platform by config/tenants.csv; one board without a name elsewhere."""
        return [t.board for t in tenants().get(cls.name, ())] if cls.is_platform else [*cls.catalogues]

    @classmethod
    def card(cls) -> Card | None:
        """The card of this source; None for a spider that has none yet."""
        return cards().get(cls.name)

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
        if card := cls.card():
            settings.set("DOWNLOAD_DELAY", card.delay, priority="spider")
            settings.set("AUTOTHROTTLE_START_DELAY", card.delay, priority="spider")
            settings.set("ROBOTSTXT_OBEY", card.robots, priority="spider")
        if replay := settings.get("ROLECALL_REPLAY"):
            for key, value in replay_settings(replay).items():
                settings.set(key, value, priority="cmdline")

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
            for ask in list(self.first(board)):
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
            raise WriterError(f"{self.name}: {url} cannot be filled for board {board!r}")
        return filled

    def _since(self) -> dict[str, str]:
        now = dt.datetime.fromisoformat(self.now) if self.now else _utc_now()
        return {"since": (now - self.since).strftime("%Y-%m-%dT%H:%M:%S")}

    def _public(self, text: str) -> str:
        """A text without the keys that its addresses may carry."""
        for name, value in self._keys().items():
            text = text.replace(value, f"<{name}>")
        return text

    def _keys(self) -> dict[str, str]:
        """The keys that the card needs, as far as they are set; recordings were asked for with a stand-in."""
        card = self.card()
        names = card.needs if card else ()
        crawler = getattr(self, "crawler", None)
        if crawler is not None and crawler.settings.get("ROLECALL_REPLAY"):
            return dict.fromkeys(names, "recorded")
        return {name: value for name in names if (value := os.environ.get(name))}

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
            callback=self._answered,
            errback=self._failed,
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
                self._ended(tally, "")
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
                tally.trouble("vanished", f"the crawl was ended: {reason}")
                self._finish(tally)


def replay_settings(address: str) -> dict[str, Any]:
    """Settings that fetch every address from the replay server at ``address``, without pauses."""
    handler = "spiders.replay.ReplayHandler"
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler, "file": None, "data": None, "ftp": None, "s3": None},
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "ROLECALL_ALLOW_PRIVATE": (urlsplit(address).netloc,),
    }


def _declared(cls: type, name: str, value: Any) -> Expression:
    try:
        return expression(value)
    except (TypeError, ValueError) as error:
        raise WriterError(f"{cls.__name__}.{name}: {error}") from error


def _may_declare(cls: type[BoardSpider], name: str, value: Any) -> bool:
    return any(hasattr(base, name) or name in base.__annotations__ for base in cls.__mro__[1:-1]) or inspect.isclass(
        value
    )


def _did_you_mean(name: str) -> str:
    knobs = [n for n in vars(BoardSpider) if not n.startswith("_")]
    close = difflib.get_close_matches(name, [*FIELDS, *knobs], n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _fitting(name: str, value: Any, reading: Reading) -> Any:
    """A value in the form that the field takes; what changed its type is reported and left out."""
    if isinstance(value, list):
        plain = [one for one in value if not isinstance(one, (dict, list))]
        if len(plain) != len(value):
            reading.unknown_values[f"{name}: a list of {type(next(o for o in value if o not in plain)).__name__}"] += 1
        if name in MANY or not plain:
            return plain or None
        return "\n".join(map(str, plain)) if name == "description" else plain[0]
    if isinstance(value, dict):
        reading.unknown_values[f"{name}: an object"] += 1
        return None
    return value


def _into(reading: Reading, read: RawPosting | Unread) -> None:
    if isinstance(read, Unread):
        reading.unread.append(read)
    else:
        reading.postings.append(read)


def _merged(postings: list[RawPosting], left_out: Any) -> list[RawPosting]:
    """Records of one id that differ only in their place are one posting with all of its places."""
    by_id: dict[tuple[str, str, str | None], RawPosting] = {}
    for raw in postings:
        key = (raw.external_id, raw.title, raw.description)
        if (first := by_id.get(key)) is None:
            by_id[key] = raw
            continue
        left_out["same id"] += 1
        places = [*_listed(first.location), *_listed(raw.location)]
        payload = first.payload if isinstance(first.payload, list) else [first.payload]
        location = list(dict.fromkeys(places)) or None
        by_id[key] = first.model_copy(update={"location": location, "payload": [*payload, raw.payload]})
    return list(by_id.values())


def _merged_entries(entries: list[Entry], left_out: Any) -> list[Entry]:
    """Rows of one id, one for each place, are one entry with all of its places: its page is fetched once."""
    by_id: dict[str, Entry] = {}
    for entry in entries:
        if (first := by_id.get(entry.external_id)) is None:
            by_id[entry.external_id] = entry
            continue
        left_out["same id"] += 1
        places = [*_listed(first.fields.get("location")), *_listed(entry.fields.get("location"))]
        fields = {**first.fields, **({"location": list(dict.fromkeys(places))} if places else {})}
        records = first.record if isinstance(first.record, list) else [first.record]
        marker = hashlib.blake2b(f"{first.marker} {entry.marker}".encode(), digest_size=8).hexdigest()
        by_id[entry.external_id] = replace(first, fields=fields, record=[*records, entry.record], marker=marker)
    return list(by_id.values())


def _listed(said: str | list[str] | None) -> list[str]:
    return said if isinstance(said, list) else [said] if said else []


def _same(said: Any, expected: Any) -> bool:
    return said is expected if isinstance(expected, bool) else str(said) == str(expected)


def _whole(said: Any) -> int | None:
    if isinstance(said, list) and said:
        said = said[0]
    try:
        return int(said)
    except (TypeError, ValueError):
        return None


def _address(ask: Next) -> str:
    return f"{ask.url} {orjson.dumps(dict(ask.body), option=orjson.OPT_SORT_KEYS).decode()}" if ask.body else ask.url


def _site_trouble(error: SiteError) -> Trouble:
    if isinstance(error, Gone):
        return "gone"
    states: dict[str, Trouble] = {"blocked": "blocked", "rate_limited": "rate_limited", "skipped": "skipped"}
    return states.get(error.state, "site")


def _readable(slug: str) -> str:
    """A tenant's slug as a name, where no row of tenants.csv says how the company writes itself."""
    words = re.sub(r"[-_]+", " ", slug)
    return words.title() if words.islower() else words


def _nothing_known(_source: str, _board: str) -> Known:
    return Known()


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
