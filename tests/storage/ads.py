"""Invented postings for the tests of storage."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Engine

from storage import store
from storage.engine import writing
from storage.models import Posting

NOON = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def ad(number: int | str = 1, *, at: dt.datetime = NOON, **facts: Any) -> Posting:
    """A posting of board ``acme`` on ``example``, read at ``at``."""
    said: dict[str, Any] = {
        "source": "example",
        "board": "acme",
        "external_id": str(number),
        "url": f"https://example.com/jobs/{number}",
        "title": "Backend Developer",
        "title_raw": "Backend Developer (m/f/d)",
        "title_core": "backend developer",
        "company": "Acme Lanterns",
        "company_key": "acme lanterns",
        "role": "backend-developer",
        "server_side": "core",
        "remote_mode": "remote",
        "remote_regions": ["EU", "GB"],
        "locations": [{"city": "Utrecht", "region": None, "country": "NL"}],
        "salary_min": 52000.5,
        "salary_max": 70000.0,
        "salary_currency": "EUR",
        "salary_period": "year",
        "salary_source": "stated",
        "skills": ["Go", "PostgreSQL"],
        "skills_because": {"PostgreSQL": "text: PostgreSQL 16", "Go": "title"},
        "language": "en",
        "posted_at": NOON - DAY,
        "description_text": "We light harbours.",
        "description_html": "<p>We light harbours.</p>",
        "content_hash": "a",
        "last_seen": at,
    }
    return Posting(**said | facts)


def save(engine: Engine, *ads: Posting) -> None:
    """These postings as a crawl stores them."""
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        store.save_postings(conn, ads, run_id=run_id, now=NOON)
