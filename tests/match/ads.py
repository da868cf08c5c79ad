"""Ads for tests: one plain posting, of which a test changes what it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flows.match import Ad, signature
from storage.models import Posting

DAY0 = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
DUTIES = """At Velmora we move parcels by rail.
Responsibilities:
- Own the booking ledger and its migrations, from first sketch to the day it is switched off.
- Write services in Go that keep their promises when a station loses its connection for an hour.
- Keep PostgreSQL fast under a year of events, and say which indexes are worth their price.
- Share a pager with five colleagues in two time zones, and make it ring less every month.
Requirements:
- Four years with distributed systems that other people depended on.
- You have run Kafka in anger and can tell us what you would do differently.
- Clear English in writing, since most of what we decide is decided in documents.
"""
OTHER_DUTIES = """At Velmora we move parcels by rail.
Responsibilities:
- Train the demand forecast that tells depots how many wagons to wash before the weekend.
- Build feature pipelines in Spark and explain to planners why the model changed its mind.
- Retire three notebooks a month by turning them into tested jobs with an owner.
Requirements:
- Statistics you can teach, Python you would show, and some patience with old spreadsheets.
- Experience with time series at the scale of a country, and with being wrong in public.
"""
BERLIN = {"city": "Berlin", "region": None, "country": "DE"}
MADRID = {"city": "Madrid", "region": None, "country": "ES"}


def posting(number: int = 1, **said: Any) -> Posting:
    """An ad of Velmora's own system for one opening in Berlin, with what ``said`` overrides."""
    facts: dict[str, Any] = {
        "source": "ashby",
        "board": "velmora",
        "external_id": f"{number:08d}-0000-4000-8000-000000000000",
        "title": "Senior Backend Engineer, Ledger",
        "title_core": "backend developer ledger",
        "level": "Senior",
        "company": "Velmora",
        "company_key": "velmora",
        "role": "backend-developer",
        "remote_mode": "remote",
        "locations": [BERLIN],
        "location_raw": "Berlin, Germany",
        "description_text": DUTIES,
        "posted_at": DAY0,
        "first_seen": DAY0 + dt.timedelta(hours=2),
        "last_seen": DAY0 + dt.timedelta(days=20),
        **said,
    }
    facts.setdefault("url", f"https://jobs.ashbyhq.com/velmora/{facts['external_id']}")
    facts.setdefault("title_raw", facts["title"])
    found = Posting.model_validate(facts)
    found.signature = signature(found)
    return found


def copy(number: int = 50, **said: Any) -> Posting:
    """The same opening on a board of many employers."""
    facts = {"source": "boarda", "board": "", "url": f"https://boarda.example.com/jobs/{number}", **said}
    return posting(number, **facts)


def ad(number: int = 1, **said: Any) -> Ad:
    """The slim form of :func:`posting`."""
    return Ad.of(posting(number, **said))


def copied(number: int = 50, **said: Any) -> Ad:
    """The slim form of :func:`copy`."""
    return Ad.of(copy(number, **said))
