"""Open jobs for the public: schema.org JobPosting as JSON-LD, and an Atom feed of the newest.

Only what the card of a source lets go out goes out, and all facts of an entry come from one ad, so that nothing of a
source that forbids it leaks through a job's other ads. A source without a card has said nothing: it stays inside.
"""

from __future__ import annotations

import datetime as dt
import heapq
import html
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import orjson
from sqlalchemy import Column, Connection, Engine, func, or_, select

from config.cards import Card
from config.load import cards
from storage.ads import POSTING, SIGHTING
from storage.engine import reading

NEWEST = 500
"""Entries of the feed."""
SUMMARY = 600
"""Characters of an ad's text in the feed."""

# https://developers.google.com/search/docs/appearance/structured-data/job-posting
_EMPLOYMENT = {
    "full-time": "FULL_TIME",
    "part-time": "PART_TIME",
    "contract": "CONTRACTOR",
    "internship": "INTERN",
    "temporary": "TEMPORARY",
}
_SAID = tuple(
    POSTING.c[name]
    for name in (
        "posting_key", "job_id", "source", "external_id", "requisition_id", "url", "title", "company", "company_url",
        "posted_at", "first_seen", "valid_through", "employment_type", "remote_mode", "remote_regions", "locations",
        "salary_min", "salary_max", "salary_currency", "salary_period", "salary_source", "skills", "years_min",
        "description_text", "description_html",
    )
)  # fmt: skip
"""What an entry is made of."""
AT_ONCE = 500
"""Ads whose texts are held at one time."""
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_jsonld(engine: Engine, what: str, file: IO[bytes]) -> int:
    """One graph of JobPosting objects: open, not past their end, one ad a job (or every ad, of postings)."""
    n = 0
    file.write(b'{"@context":"https://schema.org","@graph":[')
    with reading(engine) as conn:
        for ad, card in _in_full(conn, _public_ads(conn, what, "jsonld", _slim())):
            said = orjson.dumps(job_posting(ad, card)).replace(b"</", b"<\\/")
            file.write((b",\n" if n else b"\n") + said)
            n += 1
    file.write(b"\n]}\n")
    return n


def write_atom(engine: Engine, what: str, file: IO[bytes]) -> int:
    """An Atom feed (RFC 4287) of the newest open jobs, newest first."""
    with reading(engine) as conn:
        # first only what decides which ads go in: most texts are not read at all
        found = _public_ads(conn, what, "atom", _slim())
        newest = list(_in_full(conn, heapq.nlargest(NEWEST, found, key=_age)))
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    updated = newest[0][0]["first_seen"] if newest else dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    _add(feed, "id", "urn:rolecall:new-jobs")
    _add(feed, "title", "New jobs")
    _add(feed, "updated", _stamp(updated))
    for ad, card in newest:
        _entry(feed, ad, card)
    indent(feed)
    file.write(b"<?xml version='1.0' encoding='utf-8'?>\n" + tostring(feed, encoding="utf-8") + b"\n")
    return len(newest)


def job_posting(ad: dict[str, Any], card: Card) -> dict[str, Any]:
    """A schema.org JobPosting of one ad; what is not known is left out."""
    said = {
        "@type": "JobPosting",
        "@id": f"urn:rolecall:posting:{ad['posting_key']}",
        "url": ad["url"],
        "title": ad["title"],
        "description": ad["description_html"] or f"<p>{html.escape(ad['description_text'])}</p>",
        "datePosted": (ad["posted_at"] or ad["first_seen"]).date().isoformat(),
        "validThrough": _stamp(ad["valid_through"]) if ad["valid_through"] else None,
        "hiringOrganization": _organisation(ad),
        "identifier": {
            "@type": "PropertyValue",
            "name": ad["company"] or card.name,
            "value": ad["requisition_id"] or ad["external_id"],
        },
        "employmentType": _EMPLOYMENT.get(ad["employment_type"]),
        "jobLocationType": "TELECOMMUTE" if ad["remote_mode"] == "remote" else None,
        "applicantLocationRequirements": _may_live_in(ad["remote_regions"]) if ad["remote_mode"] == "remote" else None,
        "jobLocation": [_place(one) for one in ad["locations"]],
        "baseSalary": _pay(ad),
        "skills": ", ".join(ad["skills"]),
        "experienceRequirements": _experience(ad["years_min"]),
        "directApply": False,
        "subjectOf": {"@type": "WebPage", "url": ad["url"], "creditText": card.attribution},
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def _slim() -> list[Column[Any]]:
    """What decides which ads go in. Ordering whole rows would hold all their texts in memory."""
    return [POSTING.c[name] for name in ("posting_key", "job_id", "source", "first_seen")]


def _in_full(conn: Connection, found: Iterable[tuple[dict[str, Any], Card]]) -> Iterator[tuple[dict[str, Any], Card]]:
    """The same ads in the same order with all that is said of them, read some hundreds at a time."""
    keys = [(ad["posting_key"], card) for ad, card in found]
    for at in range(0, len(keys), AT_ONCE):
        some = dict(keys[at : at + AT_ONCE])
        query = select(*_SAID).where(POSTING.c.posting_key.in_(some))
        ads = {row.posting_key: dict(row._mapping) for row in conn.execute(query)}
        yield from ((ads[key], card) for key, card in some.items())


def _age(found: tuple[dict[str, Any], Card]) -> tuple[dt.datetime, str]:
    return found[0]["first_seen"], found[0]["posting_key"]


def _public_ads(
    conn: Connection, what: str, output: str, wanted: Iterable[Column[Any]]
) -> Iterator[tuple[dict[str, Any], Card]]:
    """Open ads that may go into an output, with their cards, some columns of them; of jobs the one ad that speaks best for each: the
    employer's own, then the first one seen."""
    allowed = {source: card for source, card in cards().items() if getattr(card.redistribution, output)}
    c = POSTING.c
    # what ended before the last sighting of anything is over, whatever its state; a clock would change the bytes
    latest = select(func.max(SIGHTING.c.last_seen)).scalar_subquery()
    query = select(*wanted).where(
        c.state == "open", c.source.in_(allowed), or_(c.valid_through.is_(None), c.valid_through > latest)
    )
    if what == "jobs":
        own = c.source.in_([source for source, card in allowed.items() if card.own_ads])
        query = query.where(c.job_id.is_not(None)).order_by(c.job_id, own.desc(), c.first_seen, c.posting_key)
    else:
        query = query.order_by(c.source, c.board, c.external_id)
    last = None
    for row in conn.execute(query.execution_options(yield_per=500)):
        ad = dict(row._mapping)
        if what == "jobs" and ad["job_id"] == last:
            continue
        last = ad["job_id"]
        yield ad, allowed[ad["source"]]


def _organisation(ad: dict[str, Any]) -> dict[str, Any]:
    # Google's word where the employer is not named
    said = {"@type": "Organization", "name": ad["company"] or "confidential"}
    return said | ({"sameAs": ad["company_url"]} if ad["company_url"] and ad["company"] else {})


def _may_live_in(regions: list[str]) -> list[dict[str, str]]:
    """Countries as Country, groups of them as AdministrativeArea; the whole world and time zones are no areas."""
    named = [one for one in regions if one != "WORLDWIDE" and not one.startswith("UTC")]
    return [
        {"@type": "Country" if len(one) == 2 and one != "EU" else "AdministrativeArea", "name": one} for one in named
    ]


def _place(place: dict[str, str | None]) -> dict[str, Any]:
    names = {"city": "addressLocality", "region": "addressRegion", "country": "addressCountry"}
    address = {names[part]: place[part] for part in names if place.get(part)}
    return {"@type": "Place", "address": {"@type": "PostalAddress", **address}}


def _pay(ad: dict[str, Any]) -> dict[str, Any] | None:
    """Pay that the employer stated; a board's guess is not the employer's offer."""
    low, high, currency, period = (ad[f"salary_{part}"] for part in ("min", "max", "currency", "period"))
    if (low is None and high is None) or currency in (None, "?") or not period or ad["salary_source"] == "predicted":
        return None
    value: dict[str, Any] = {"@type": "QuantitativeValue", "unitText": period.upper()}
    if low is not None and low == high:
        value["value"] = low
    else:
        value |= {name: amount for name, amount in (("minValue", low), ("maxValue", high)) if amount is not None}
    return {"@type": "MonetaryAmount", "currency": currency, "value": value}


def _experience(years: int | None) -> dict[str, Any] | None:
    return {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": years * 12} if years else None


def _entry(feed: Element, ad: dict[str, Any], card: Card) -> None:
    entry = SubElement(feed, "entry")
    _add(entry, "id", f"urn:rolecall:job:{ad['job_id'] or ad['posting_key']}")
    _add(entry, "title", f"{ad['title']}, {ad['company']}" if ad["company"] else ad["title"])
    SubElement(entry, "link", href=_xml(ad["url"]), rel="alternate")
    _add(entry, "published", _stamp(ad["first_seen"]))
    _add(entry, "updated", _stamp(ad["first_seen"]))
    _add(SubElement(entry, "author"), "name", ad["company"] or card.name)
    for skill in ad["skills"]:
        SubElement(entry, "category", term=_xml(skill))
    text = ad["description_text"]
    _add(entry, "summary", text if len(text) <= SUMMARY else f"{text[: SUMMARY - 1]}…")
    _add(entry, "rights", card.attribution)


def _add(parent: Element, name: str, said: str) -> None:
    SubElement(parent, name).text = _xml(said)


def _xml(said: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("", said)


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
