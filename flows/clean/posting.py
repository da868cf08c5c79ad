"""The one bridge from what a site said to what is believed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from config.cards import Card, Habits
from flows.clean import currency, dates, fx, language, personal, place, region, remote, salary, split, text, title, url
from flows.clean.company import company, employer_in_title
from flows.clean.place import Named
from spiders.items import RawPosting
from storage.models import Posting, Rejection
from storage.pieces import PIECE

LONGEST_SHORT = 500
LONGEST_NAME = 300
"""Characters of a title or of an employer's name that are kept: what text.line keeps."""
LONGEST_FIRST_LINE = 600
LONGEST_OPENING = 60
"""Characters of a title by which it is known as the first line of its text."""
LONGEST_RECORD = 20_000
"""Characters of a rejected record that are kept."""
_VOLATILE = {"payload", "fetched_at", "updated", "posted", "description", "url", "apply_url"}
_LANGUAGE_AT_HOME = {
    "bg": "BG", "ka": "GE", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "pl": "PL", "nl": "NL", "cs": "CZ",
    "sv": "SE", "da": "DK", "nb": "NO", "fi": "FI", "ro": "RO", "hu": "HU", "tr": "TR", "ja": "JP", "ko": "KR",
    "uk": "UA",
}  # fmt: skip


class _Ad(NamedTuple):
    """One record with what several of its fields are read from."""

    raw: RawPosting
    card: Card | None
    habits: Habits
    read_at: dt.datetime
    description: text.Readable
    heading: split.Heading | None
    title: title.Title
    employer: str
    """As the title names it; empty where it does not."""
    language: str | None
    said_places: list[str]
    named: list[Named]

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.country for one in self.named if one.country))


def clean(raw: RawPosting, card: Card | None = None, *, now: dt.datetime) -> list[Posting] | Rejection:
    """What is believed of one record: usually one posting, several where one ad carries several roles.

    Args:
        raw: what the site said.
        card: what is known of the source; without one nothing is taken for granted.
        now: the moment that "ago" counts from where the record does not say when it was read; aware.

    Returns:
        The postings, or a Rejection with its reason (``no_title``, ``bad_url``). Never raises.
    """
    address = url.canonical(raw.url)
    if address is None:
        return _rejection(raw, "bad_url", f"no http(s) address: {raw.url[:200]!r}")
    habits = card.habits if card else Habits()
    printed = text.line(raw.title, LONGEST_FIRST_LINE) or ""
    without_employer, employer = employer_in_title(printed, habits.titles)
    heading = title.title(without_employer)
    if not any(c.isalpha() for c in heading.text):
        return _rejection(raw, "no_title", f"no title: {raw.title[:200]!r}")
    ad = _ad(raw, card, habits, now, printed, heading, employer)
    posted = _moments(ad)
    shared: dict[str, Any] = {"url": address, **_identity(ad), **_where(ad), **_plain(ad), **posted.fields}
    parts = split.pieces(heading.text, ad.heading, ad.description.text)
    shared["content_hash"] = content_hash(raw, ad.description.text)
    roles = [part.slug for part in parts] if len(parts) > 1 else []
    return [_posting(ad, part, roles, shared, posted) for part in parts]


def _ad(
    raw: RawPosting,
    card: Card | None,
    habits: Habits,
    now: dt.datetime,
    printed: str,
    heading: title.Title,
    employer: str,
) -> _Ad:
    description = text.readable(raw.description)
    opens = not raw.company and description.text.startswith(printed[:LONGEST_OPENING].rstrip())
    first_line = split.heading(printed, opens=opens)
    spoken = language.believe(description.text or raw.title, raw.language, habits.language)
    said = _many(raw.location) or list(first_line.places if first_line else ())
    prefer = frozenset(filter(None, (_LANGUAGE_AT_HOME.get(spoken or ""), habits.country)))
    in_title = () if said else [aside for aside in heading.asides if place.is_place(aside)]
    named = [one for words in (*said, *in_title) for one in place.read(words, prefer)]
    read_at = dates.read_at(raw.fetched_at, now)
    return _Ad(raw, card, habits, read_at, description, first_line, heading, employer, spoken, said, named)


class _Moments(NamedTuple):
    fields: dict[str, Any]
    doubts: list[str]
    day: dt.date
    """The posting's own day, at whose rates its pay is converted."""


def _moments(ad: _Ad) -> _Moments:
    zone = ad.card.zone if ad.card else "UTC"
    day_first = None if ad.habits.country is None else ad.habits.country != "US"

    def read(said: str | None) -> dates.Moment:
        return dates.moment(said, now=ad.read_at, zone=zone, day_first=day_first)

    posted = dates.past(read(ad.raw.posted), ad.read_at, "posted")
    updated = dates.past(read(ad.raw.updated), ad.read_at, "updated")
    until = dates.end(read(ad.raw.valid_through), ad.read_at, zone)
    fields = {
        "posted_at": posted.at,
        "posted_precision": posted.precision,
        "posted_raw": _short(ad.raw.posted),
        "updated_at": updated.at,
        "valid_through": until.at,
    }
    doubts = [doubt for doubt in (posted.doubt, updated.doubt, until.doubt) if doubt]
    return _Moments(fields, doubts, (posted.at or ad.read_at).date())


def _identity(ad: _Ad) -> dict[str, Any]:
    raw = ad.raw
    printed = raw.company or ad.employer or (ad.heading.company if ad.heading else None)
    own_system = ad.card is not None and ad.card.kind == "ats"
    employer = company(printed, board=raw.board if own_system else "", text=ad.description.text)
    site = ad.heading.address if ad.heading else None
    return {
        "source": text.storable(raw.source),
        "board": text.storable(raw.board),
        "apply_url": url.canonical(raw.apply_url),
        "requisition_id": _short(raw.requisition_id) or ad.title.requisition,
        "title_raw": text.line(raw.title, LONGEST_SHORT) or "",
        "company": employer.name,
        "company_raw": _short(printed),
        "company_key": employer.key,
        "company_url": url.canonical(raw.company_url) or site,
        "agency": employer.agency,
        "doubts": [*_taken_out(ad.raw), *([employer.doubt] if employer.doubt else [])],
    }


def _where(ad: _Ad) -> dict[str, Any]:
    found = remote.remote(
        remote.Said(
            title="" if ad.heading else text.line(ad.raw.title, LONGEST_FIRST_LINE) or "",
            places=ad.said_places,
            named=ad.named,
            flag=_short(ad.raw.remote),
            applicant_regions=_many(ad.raw.applicant_regions),
            timezones=_many(ad.raw.timezones),
            text=ad.description.text,
            heading=ad.heading is not None and not ad.raw.location,
            remote_only=ad.card.remote_only if ad.card else False,
        )
    )
    return {
        "remote_mode": found.mode,
        "remote_because": text.line(found.because) or "",
        "remote_regions": list(found.regions),
        "locations": place.locations(ad.named),
        "location_raw": _joined(ad.said_places, 4_000),
        "_doubts": [one.doubt for one in ad.named if one.doubt] + list(found.doubts),
    }


def _plain(ad: _Ad) -> dict[str, Any]:
    raw = ad.raw
    employment = _many(raw.employment_type) or _many(ad.heading.employment if ad.heading else None)
    return {
        "employment_type_raw": _joined(employment),
        "seniority_raw": _joined(_many(raw.seniority)),
        "department": _joined(_many(raw.department)),
        "tags": list(dict.fromkeys(tag for said in raw.tags or () if (tag := text.line(said, 100)))),
        "language": ad.language,
        "description_text": _masked(ad, ad.description.text),
        "description_html": _masked(ad, ad.description.html, ad.description.text),
    }


def _masked(ad: _Ad, said: str, shown: str = "") -> str:
    return personal.masked(said, ad.countries[0] if ad.countries else None, shown=shown)


def _pay(ad: _Ad, part: split.Piece, shared: dict[str, Any], day: dt.date) -> salary.Pay:
    raw = ad.raw
    regions = [code for code in shared["remote_regions"] if len(code) == 2 or code == region.EVERYWHERE]
    places = dict.fromkeys((*ad.countries, *regions))
    if not places and shared["remote_mode"] == "remote":
        places = {region.EVERYWHERE: None}  # what is remote without a place is paid to wherever one lives
    context = salary.Context(tuple(places), ad.habits.currency, ad.habits.period, day)
    if paying := [line for line in part.lines if salary.states_money(line)]:
        own = salary.pay(salary.Fields(words="\n".join(paying)), "", context)
        if own.least or own.most:
            return own._replace(source="parsed")
    words = text.line(raw.salary, 2_000)
    if not words and ad.heading is not None and ad.heading.pay:
        context = context._replace(complete=False)
        words = ad.heading.pay
    words = words or "; ".join(one for one in ad.title.asides if salary.states_money(one)) or None
    said = (raw.salary_min, raw.salary_max, raw.salary_currency, raw.salary_period, raw.salary_predicted)
    fields = salary.Fields(words, *map(_short, said))
    paid = salary.pay(fields, part.text, context)
    if paid.source is None and ad.heading is None and not paid.doubts and salary.states_money(ad.title.text):
        paid = salary.pay(salary.Fields(), ad.title.text, context)
    return paid if raw.salary or paid.source != "stated" or raw.salary_min else paid._replace(source="parsed")


def _posting(ad: _Ad, part: split.Piece, roles: list[str], shared: dict[str, Any], moments: _Moments) -> Posting:
    """One posting of an ad; ``roles`` are the slugs of all its pieces, where there are several."""
    raw = ad.raw
    paid = _pay(ad, part, shared, moments.day)
    usd = fx.yearly_usd(paid.least, paid.most, paid.currency, paid.period, moments.day)
    key = ad_id(raw.external_id)
    if paid.source and paid.currency not in {None, currency.UNKNOWN} and usd is None:
        paid = paid._replace(doubts=(*paid.doubts, f"salary: no rate of the European Central Bank for {paid.currency}"))
    doubts = [*ad.description.doubts, *shared["_doubts"], *moments.doubts, *shared["doubts"], *paid.doubts]
    return Posting.model_validate(
        {
            **{name: value for name, value in shared.items() if name != "_doubts"},
            **({"roles": roles, "description_text": _masked(ad, part.text)} if roles else {}),
            "external_id": f"{key}{PIECE}{part.slug}" if roles else key,
            "title": part.title,
            "salary_min": paid.least,
            "salary_max": paid.most,
            "salary_currency": paid.currency,
            "salary_period": paid.period,
            "salary_source": paid.source,
            "salary_inferred": list(paid.inferred),
            "salary_raw": paid.raw,
            "salary_year_usd_min": usd.least if usd else None,
            "salary_year_usd_max": usd.most if usd else None,
            "fx_date": usd.day if usd else None,
            "doubts": list(dict.fromkeys(text.line(doubt, LONGEST_SHORT) or "" for doubt in doubts)),
        }
    )


def ad_id(said: str) -> str:
    """The board's own id of an ad as it is stored: nothing is read into it, for what is listed must be found by it again.

    Characters that no database holds go, blanks are joined, and one that is too long, or of which nothing is left, is
    told from others by its hash.
    """
    kept = " ".join(text.storable(said).split())
    if 0 < len(kept) <= LONGEST_SHORT:
        return kept
    known_by = hashlib.blake2b(said.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{kept[: LONGEST_SHORT - 17]}~{known_by}" if kept else known_by


def content_hash(raw: RawPosting, description: str) -> str:
    """32 hex digits of BLAKE2b over what the site said, without what changes by itself.

    Left out: when it was read, the record it was read from, bulk-stamped dates of change, publication dates
    (relative ones move every day), and what tracking and the board itself put into addresses and texts.
    """
    said = orjson.dumps(_storable(raw.model_dump(exclude=_VOLATILE)), option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(said + b"\0" + description.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _storable(said: dict[str, object]) -> dict[str, object]:
    return {
        name: text.storable(value)
        if isinstance(value, str)
        else [text.storable(one) for one in value]
        if isinstance(value, list)
        else value
        for name, value in said.items()
        if value is not None
    }


def _many(said: str | list[str] | None) -> list[str]:
    found = [said] if isinstance(said, str) else said or []
    return [one for item in found if (one := text.line(item, 4_000))]


def _short(said: str | None) -> str | None:
    return text.line(said, LONGEST_SHORT)


def _joined(said: Iterable[str], longest: int = LONGEST_SHORT) -> str | None:
    return " | ".join(dict.fromkeys(said))[:longest] or None


def _taken_out(raw: RawPosting) -> Iterator[str]:
    """What a title or an employer's name had to lose."""
    for name, said in (("title", raw.title), ("company", raw.company)):
        if said and len(said) > LONGEST_NAME and len(text.line(said, 2 * LONGEST_NAME) or "") > LONGEST_NAME:
            yield f"{name}: cut at {LONGEST_NAME} of {len(said)} characters"
        if said and text.suspicious(said):
            yield f"{name}: NUL or direction overrides taken out"


def _rejection(raw: RawPosting, reason: str, detail: str) -> Rejection:
    return Rejection(
        source=text.storable(raw.source),
        board=text.storable(raw.board),
        external_id=ad_id(raw.external_id),
        reason=reason,
        detail=text.storable(detail),
        raw=orjson.dumps(_storable(raw.model_dump(exclude={"payload"}))).decode()[:LONGEST_RECORD],
    )
