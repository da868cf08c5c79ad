"""The slim input of matching: one posting as far as matching looks at it."""

from __future__ import annotations

import datetime as dt
import functools
import re
import sys
import unicodedata
from typing import Any, NamedTuple, TypeVar

from flows.match import employer
from flows.match.place import Places, places_of
from flows.match.sketch import Signature, read
from storage.pieces import raw_id

T = TypeVar("T")

AD_COLUMNS = (
    "posting_key",
    "source",
    "board",
    "external_id",
    "url",
    "apply_url",
    "requisition_id",
    "title",
    "title_raw",
    "title_core",
    "level",
    "company",
    "company_key",
    "agency",
    "years_min",
    "remote_mode",
    "remote_regions",
    "locations",
    "location_raw",
    "salary_min",
    "salary_max",
    "salary_currency",
    "salary_period",
    "salary_source",
    "employment_type",
    "language",
    "posted_at",
    "first_seen",
    "last_seen",
    "signature",
)
"""Columns of ``posting`` that :meth:`Ad.of` reads; descriptions are not among them."""

_WORD = re.compile(r"[^\W_]+[+#]*")
_NUMBER = re.compile(r"\b(?:job|req|requisition|reference|ref|jr|id)\b\W{0,4}([a-z]{0,3}-?\d{4,10})\b", re.IGNORECASE)
_FILLER = frozenset({"and", "of", "the", "for", "in", "at", "to", "a", "an"})


class Pay(NamedTuple):
    """Pay as stated; a board's own estimate is no statement of the employer and never gets here."""

    low: float
    high: float
    currency: str
    period: str


class Ad(NamedTuple):
    """One posting as far as matching looks at it: about 1 kB, no text. Times are seconds since 1970, UTC."""

    posting_key: str
    lister: str
    """Source, board and employer: who lists openings apart from one another, in one place."""
    split_from: str
    """Source, board and id of the ad that this role was split from; '' for an ad of one role."""
    employers: tuple[str, ...]
    """Keys under which the employer is known: company key, printed name, tenants; () where nobody is named."""
    stems: tuple[str, ...]
    """Further keys: those names without a word that boards add or leave away ('Technologies', 'Labs', 'Join')."""
    company: str
    """The company key alone; '' where none is known."""
    agency: bool
    pages: tuple[str, ...]
    addresses: tuple[int, ...]
    """Hashes of its addresses on other sites; two boards that send applicants to one address mean one ad."""
    tenants: tuple[str, ...]
    """``platform/tenant`` of its pages."""
    requisition: str
    title: str
    """The printed title as words in order."""
    core: str
    """title_core as sorted words, the employer's own name left out: 'Engineer, Backend' and 'Backend Engineer' meet."""
    level: str
    language: str
    contract: str
    mode: str
    places: Places
    pay: Pay | None
    years: int | None
    posted: int | None
    start: int | None
    """When it began as far as is known: posted, or first seen."""
    seen: int | None
    """When we saw it first."""
    end: int | None
    """When it was seen last."""
    stored: bytes
    """Its signature as stored."""

    @property
    def text(self) -> Signature:
        """What its signature says."""
        return read(self.stored)

    @classmethod
    def of(cls, row: Any) -> Ad:
        """An ad from a Posting or a database row: anything with the attributes of ``AD_COLUMNS``."""
        pages = [found for url in (row.url, row.apply_url) if (found := employer.page(url))]
        tenants = [f"{found.platform}/{found.tenant}" for found in pages if found.tenant]
        company = employer.employer_key(row.company_key)
        printed = employer.employer_key(row.company) if company else ""
        known = (company, printed, employer.employer_key(row.board), *(found.tenant for found in pages))
        names = tuple(dict.fromkeys(key for key in known if key))
        stems = tuple(short for name in names if (short := employer.stem(name)) not in names)
        words = employer.without_names(_words(row.title_core or row.title), names + stems)
        posted, seen, end = _seconds(row.posted_at), _seconds(row.first_seen), _seconds(row.last_seen)
        start = min((t for t in (posted, seen) if t is not None), default=None)
        intern, whole = sys.intern, raw_id(row.external_id)
        return cls(
            row.posting_key,
            intern("\x1f".join((row.source, row.board, company))),
            "\x1f".join((row.source, row.board, whole)) if whole != row.external_id else "",
            _shared(names),
            _shared(tuple(dict.fromkeys(stems))),
            intern(company),
            bool(row.agency),
            tuple(dict.fromkeys(employer.page_key(found) for found in pages)),
            _addresses(row),
            _shared(tuple(dict.fromkeys(tenants))),
            _requisition(row),
            intern(" ".join(_words(row.title_raw or row.title))),
            intern(" ".join(sorted(set(words) - _FILLER))),
            intern((row.level or "").casefold()),
            intern(row.language or ""),
            intern("" if row.employment_type in (None, "unknown") else row.employment_type),
            intern(row.remote_mode or "unknown"),
            _shared(places_of(row.locations or (), row.remote_regions or (), row.location_raw)),
            _shared(_pay(row)),
            row.years_min,
            posted,
            start,
            seen,
            end,
            row.signature or b"",
        )


@functools.lru_cache(maxsize=65_536)
def _shared(value: T) -> T:
    """The same object for equal values: thousands of ads share employers, places and pay."""
    return value


def _words(said: str) -> list[str]:
    plain = said[:300] if said.isascii() else unicodedata.normalize("NFKC", said[:300])
    return _WORD.findall(plain.casefold())


def _seconds(at: dt.datetime | None) -> int | None:
    if at is None:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return int(aware.timestamp())


def _addresses(row: Any) -> tuple[int, ...]:
    keys = (employer.address_key(url) for url in (row.url, row.apply_url) if not employer.page(url))
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def _requisition(row: Any) -> str:
    """The employer's number of the opening: the field, or a number that the title calls one."""
    if row.requisition_id:
        return employer.employer_key(row.requisition_id)[:64]
    found = _NUMBER.search((row.title_raw or row.title)[:300])
    return employer.employer_key(found[1]) if found else ""


def _pay(row: Any) -> Pay | None:
    low = row.salary_min if row.salary_min is not None else row.salary_max
    if low is None or row.salary_source == "predicted":
        return None
    high = row.salary_max if row.salary_max is not None else low
    return Pay(float(low), float(high), row.salary_currency or "?", row.salary_period or "")
