"""What a source declares, checked when its class is made, and how its answers are read: pure, without a network.

A spider writes only the difference. What it may declare stands in :class:`Source`; every field of RawPosting is
declared by an expression of :mod:`spiders.bases.fields`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import inspect
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol
from urllib.parse import quote, quote_plus, urljoin

import orjson
from pydantic import ValidationError
from scrapy import Spider
from w3lib.url import safe_url_string

from config.cards import Card
from config.load import ConfigError, cards, tenants
from spiders.bases.fields import Context, Expression, Pay, expression, says_something
from spiders.bases.paging import Paging
from spiders.bases.reading import Entry, Reading, Unread, Unreadable
from spiders.bases.strict_json import unbroken, why_broken
from spiders.errors import WriterError, printable
from spiders.items import RawPosting

FIELDS: frozenset[str] = frozenset(RawPosting.model_fields) - {"source", "board", "fetched_at", "payload"}
MANY: frozenset[str] = frozenset(
    {"location", "applicant_regions", "timezones", "employment_type", "seniority", "department", "tags"}
)
"""Fields that may be a list."""
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|-")
_SUBDOMAIN = re.compile(r"https://([\w-]{0,60})\{@board\}\.([\w.-]{1,200})/")
# Words of a host that say what a site is for, and hosts whose words name a machine.
_OF_SITES = frozenset(
    {"www", "careers", "career", "jobs", "job", "apply", "join", "work", "talent", "recruiting", "hire"}
)
_MACHINES = (".oraclecloud.com",)
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


class Source(Spider):
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
    """A path and the value (or values) it has in the ads wanted; records that say something else are left out."""
    gone: ClassVar[tuple[str, Any] | None] = None
    """A path and the value by which a stream says that an ad was withdrawn."""
    known: ClassVar[str] = ""
    """Keys of a record that its shape knows and does not use; those of one source stand in its card (``ignores``)."""
    within: ClassVar[str] = ""
    """The key of a record under which its fields stand; they are read as if they stood in the record itself."""
    as_named: ClassVar[str] = ""
    """Keys that the board calls as RawPosting does, but for their spelling: ``"url title employmentType"``."""
    pay: ClassVar[Pay | None] = None
    """Bounds, currency and period of pay."""
    volatile: ClassVar[str] = ""
    """Keys that change without the ad changing; they do not make it new."""
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
    """Regular expression over an ad's address or a tenant; its named groups are ``@name`` in templates.

    Not needed where the tenant is the subdomain of ``listing``.
    """

    name = ""
    fields: ClassVar[Mapping[str, Expression]] = {}
    custom_settings = {"DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter"}  # pages are our books' business

    is_platform: ClassVar[bool] = False
    """Set for what stands in spiders/platforms: its boards are the tenants of config/tenants.csv."""

    # -- declaring ---------------------------------------------------------------------------------------------------

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        said = {name: value for name, value in vars(cls).items() if not name.startswith("_")}
        fields = dict(cls.fields)
        fields |= said["pay"].fields if isinstance(said.get("pay"), Pay) else {}
        for key in str(said.get("as_named", "")).split():
            name = as_ours(key)
            if name not in FIELDS or name in said:
                why = "is declared twice" if name in said else f"is no field of RawPosting{_did_you_mean(name)}"
                raise WriterError(f"{cls.__name__}.as_named: {key!r} {why}")
            fields[name] = expression(key)
        for name, value in said.items():
            if name in FIELDS:
                fields[name] = _declared(cls, name, value)
            elif not abstract and not _may_declare(cls, name, value):
                raise WriterError(f"{cls.__name__}.{name}: no such attribute{_did_you_mean(name)}")
        cls.fields = fields
        for name in ("total", "detail"):
            if name in said and said[name] is not None:
                setattr(cls, f"_{name}", _declared(cls, name, said[name]))
        if form := cls.board_form or _subdomain(cls.listing):
            try:
                cls._form = re.compile(form)
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
        card = cls.card()
        return cls._handled | frozenset(card.ignores) if card else cls._handled

    @classmethod
    def _words(cls) -> Mapping[str, tuple[str, ...]]:
        """By field: the words that the card knows; another one is reported, never guessed."""
        card = cls.card()
        return card.words if card else {}

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
            except ConfigError:
                raise  # of no record: all of them would be lost
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
        inner = self._opened(record)
        if why := self._left_out(inner):
            reading.left_out[why] += 1
            return
        context = self._context(inner, answer.root, url, board)
        if self.gone and _same(expression(self.gone[0])(context), self.gone[1]):
            reading.removed.append(str(self.fields["external_id"](context)))
            return
        said = self._said(context, reading)
        self._report(inner, reading)
        if entries and self._detail and not answer.single and (entry := self._entry(said, context)):
            reading.entries.append(entry)
        else:
            _into(reading, self._posting(said, record, board, url))

    def _opened(self, record: dict[str, Any]) -> dict[str, Any]:
        """The record with what stands under ``within`` beside its other keys."""
        inside = record.get(self.within) if self.within else None
        return (
            {**{k: v for k, v in record.items() if k != self.within}, **inside} if isinstance(inside, dict) else record
        )

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
        for name, words in self._words().items():
            value = said.get(name)
            for one in value if isinstance(value, list) else [value]:
                if says_something(one) and str(one) not in words:
                    reading.unknown_values[f"{name}: {str(one)[:80]}"] += 1
        return said

    def _report(self, record: Mapping[str, Any], reading: Reading) -> None:
        for key in record.keys() - self.handled():
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

    # -- the card and its keys ---------------------------------------------------------------------------------------

    @classmethod
    def card(cls) -> Card | None:
        """The card of this source; None for a spider that has none yet."""
        return cards().get(cls.name)

    def _public(self, text: str) -> str:
        """A text without the keys that its addresses may carry, in whatever form an address has them."""
        for name, value in self._keys().items():
            for form in (value, safe_url_string(value), quote(value), quote(value, safe=""), quote_plus(value)):
                text = text.replace(form, f"<{name}>")
        return printable(text)

    def _keys(self) -> dict[str, str]:
        """The keys that the card needs, as far as they are set; recordings were asked for with a stand-in."""
        card = self.card()
        names = card.needs if card else ()
        crawler = getattr(self, "crawler", None)
        if crawler is not None and crawler.settings.get("ROLECALL_REPLAY"):
            return dict.fromkeys(names, "recorded")
        return {name: value for name in names if (value := os.environ.get(name))}


def _declared(cls: type, name: str, value: Any) -> Expression:
    try:
        return expression(value)
    except (TypeError, ValueError) as error:
        raise WriterError(f"{cls.__name__}.{name}: {error}") from error


def _may_declare(cls: type[Source], name: str, value: Any) -> bool:
    return any(hasattr(base, name) or name in base.__annotations__ for base in cls.__mro__[1:-1]) or inspect.isclass(
        value
    )


def as_ours(key: str) -> str:
    """A key in the spelling of RawPosting: ``employmentType`` as ``employment_type``."""
    return _WORD.sub("_", key).lower()


def _subdomain(listing: str | tuple[str, ...]) -> str:
    """The form of the addresses of a platform whose tenants are subdomains; empty for others."""
    found = _SUBDOMAIN.match(listing) if isinstance(listing, str) else None
    return rf"//{re.escape(found[1])}(?!www\.)(?P<board>[\w-]{{1,100}})\.{re.escape(found[2])}" if found else ""


def _did_you_mean(name: str) -> str:
    knobs = [n for n in vars(Source) if not n.startswith("_")]
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
    by_id: dict[tuple[str, str, str | None], list[RawPosting]] = {}
    for raw in postings:
        by_id.setdefault((raw.external_id, raw.title, raw.description), []).append(raw)
    _count_same(len(postings) - len(by_id), left_out)
    return [_with_all_places(alike) if len(alike) > 1 else alike[0] for alike in by_id.values()]


def _count_same(times: int, left_out: Any) -> None:
    if times:
        left_out["same id"] += times


def _with_all_places(alike: list[RawPosting]) -> RawPosting:
    location = [*dict.fromkeys(place for raw in alike for place in _listed(raw.location))] or None
    first, *others = (raw.payload for raw in alike)
    payload = [*(first if isinstance(first, list) else [first]), *others]
    return alike[0].model_copy(update={"location": location, "payload": payload})


def _merged_entries(entries: list[Entry], left_out: Any) -> list[Entry]:
    """Rows of one id, one for each place, are one entry with all of its places: its page is fetched once."""
    by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        by_id.setdefault(entry.external_id, []).append(entry)
    _count_same(len(entries) - len(by_id), left_out)
    return [_entry_of_all(alike) if len(alike) > 1 else alike[0] for alike in by_id.values()]


def _entry_of_all(alike: list[Entry]) -> Entry:
    first, *others = alike
    places = [*dict.fromkeys(place for entry in alike for place in _listed(entry.fields.get("location")))]
    fields = {**first.fields, **({"location": places} if places else {})}
    records = [*(first.record if isinstance(first.record, list) else [first.record]), *(one.record for one in others)]
    marker = first.marker
    for one in others:
        marker = hashlib.blake2b(f"{marker} {one.marker}".encode(), digest_size=8).hexdigest()
    return replace(first, fields=fields, record=records, marker=marker)


def _listed(said: str | list[str] | None) -> list[str]:
    return said if isinstance(said, list) else [said] if said else []


def _same(said: Any, expected: Any) -> bool:
    if isinstance(expected, tuple):
        return any(_same(said, one) for one in expected)
    return said is expected if isinstance(expected, bool) else str(said) == str(expected)


def _whole(said: Any) -> int | None:
    if isinstance(said, list) and said:
        said = said[0]
    try:
        return int(said)
    except (TypeError, ValueError):
        return None


def _readable(board: str) -> str:
    """A board's address as the employer's name, where no row of tenants.csv says how the company writes itself.

    Of a host the first word that is not the site's own; empty where it only names the platform's machine.
    """
    host = board.partition("/")[0]
    if host.endswith(_MACHINES):
        return ""
    slug = next((word for word in host.split(".") if word.lower() not in _OF_SITES), host)
    words = re.sub(r"[-_]+", " ", slug)
    return words.title() if words.islower() else words
