"""The one bridge from what a site said to what is believed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

import orjson

from config.cards import Card
from flows.clean import dates, fx, language, personal, place, remote, salary, split, text, title, url
from flows.clean.company import company
from spiders.items import RawPosting
from storage.models import Posting, Rejection

LONGEST_SHORT = 500
_VOLATILE = {"payload", "fetched_at", "updated", "posted", "description", "url", "apply_url"}
_LANGUAGE_AT_HOME = {
    "bg": "BG", "ka": "GE", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "pl": "PL", "nl": "NL", "cs": "CZ", "sv": "SE",
    "da": "DK", "nb": "NO", "fi": "FI", "ro": "RO", "hu": "HU", "tr": "TR", "ja": "JP", "ko": "KR", "uk": "UA",
}  # fmt: skip


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
    heading = title.title(raw.title)
    if not any(c.isalpha() for c in heading.text):
        return _rejection(raw, "no_title", f"no title: {raw.title[:200]!r}")
    shared = _shared(raw, card, now, address, heading)
    parts = split.pieces(heading.text, str(shared["description_text"]))
    return [Posting.model_validate({**shared, **_own(raw, part, len(parts) > 1)}) for part in parts]


def _own(raw: RawPosting, part: split.Piece, several: bool) -> dict[str, object]:
    key = _short(raw.external_id) or hashlib.blake2b(raw.external_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return {"external_id": f"{key}#{part.slug}" if several else key, "title": part.title}


def _shared(
    raw: RawPosting, card: Card | None, now: dt.datetime, address: str, heading: title.Title
) -> dict[str, object]:
    doubts: list[str] = []
    read_at = dates.moment(raw.fetched_at, now=now).at or now
    zone = card.zone if card else "UTC"
    habits = card.habits if card else None
    day_first = None if habits is None or habits.country is None else habits.country != "US"

    description = text.readable(raw.description)
    doubts.extend(description.doubts)
    spoken = language.believe(description.text or raw.title, raw.language, habits.language if habits else None)
    employer = company(raw.company, board=raw.board if card and card.kind == "ats" else "", text=description.text)

    prefer = frozenset(
        code for code in (_LANGUAGE_AT_HOME.get(spoken or ""), habits.country if habits else None) if code is not None
    )
    said_places = _many(raw.location)
    named = [one for said in said_places for one in place.read(said, prefer)]
    doubts.extend(one.doubt for one in named if one.doubt)
    where = remote.remote(
        remote.Said(
            title=text.line(raw.title, LONGEST_SHORT) or "",
            places=said_places,
            named=named,
            flag=raw.remote,
            applicant_regions=_many(raw.applicant_regions),
            timezones=_many(raw.timezones),
            text=description.text,
            remote_only=card.remote_only if card else False,
        )
    )
    posted = dates.past(dates.moment(raw.posted, now=read_at, zone=zone, day_first=day_first), read_at, "posted")
    updated = dates.past(dates.moment(raw.updated, now=read_at, zone=zone, day_first=day_first), read_at, "updated")
    until = dates.end(dates.moment(raw.valid_through, now=read_at, zone=zone, day_first=day_first), read_at, zone)
    doubts.extend(doubt for doubt in (posted.doubt, updated.doubt, until.doubt, employer.doubt) if doubt)
    countries = tuple(dict.fromkeys(one.country for one in named if one.country))
    paid = salary.pay(
        salary.Fields(
            raw.salary, raw.salary_min, raw.salary_max, raw.salary_currency, raw.salary_period, raw.salary_predicted
        ),
        description.text,
        salary.Context(
            countries,
            habits.currency if habits else None,
            habits.period if habits else None,
            (posted.at or read_at).date(),
        ),
    )
    doubts.extend((*where.doubts, *paid.doubts))
    usd = fx.yearly_usd(paid.least, paid.most, paid.currency, paid.period, (posted.at or read_at).date())
    country = countries[0] if countries else None
    return {
        "source": raw.source,
        "board": raw.board,
        "url": address,
        "apply_url": url.canonical(raw.apply_url),
        "requisition_id": _short(raw.requisition_id) or heading.requisition,
        "title_raw": text.line(raw.title, LONGEST_SHORT) or "",
        "company": employer.name,
        "company_raw": _short(raw.company),
        "company_key": employer.key,
        "company_url": url.canonical(raw.company_url),
        "agency": employer.agency,
        "remote_mode": where.mode,
        "remote_because": where.because,
        "remote_regions": list(where.regions),
        "locations": place.locations(named),
        "location_raw": _joined(said_places, 4_000),
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
        "employment_type_raw": _joined(_many(raw.employment_type)),
        "seniority_raw": _joined(_many(raw.seniority)),
        "department": _joined(_many(raw.department)),
        "tags": list(dict.fromkeys(tag for said in raw.tags or () if (tag := text.line(said, 100)))),
        "language": spoken,
        "description_text": personal.masked(description.text, country),
        "description_html": personal.masked(description.html, country),
        "posted_at": posted.at,
        "posted_precision": posted.precision,
        "posted_raw": _short(raw.posted),
        "updated_at": updated.at,
        "valid_through": until.at,
        "doubts": list(dict.fromkeys(text.line(doubt, LONGEST_SHORT) or "" for doubt in doubts)),
        "content_hash": content_hash(raw, description.text),
    }


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


def _rejection(raw: RawPosting, reason: str, detail: str) -> Rejection:
    return Rejection(
        source=text.storable(raw.source),
        board=text.storable(raw.board),
        external_id=text.storable(raw.external_id)[:LONGEST_SHORT],
        reason=reason,
        detail=text.storable(detail),
        raw=text.storable(raw.model_dump_json(exclude={"payload"}, warnings=False)[:20_000]),
    )
