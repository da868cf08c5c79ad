"""The facts of a job: each field from the ad that is to be trusted most for it, with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from config.cards import Card
from flows.match.cluster import Cluster
from storage.models import Job, Place, Posting

TEASER = 0.6
"""A text shorter than this share of the longest one is a teaser: a fuller text comes before the employer's own."""

_PAY = (
    "salary_min",
    "salary_max",
    "salary_currency",
    "salary_period",
    "salary_source",
    "salary_inferred",
    "salary_raw",
    "salary_year_usd_min",
    "salary_year_usd_max",
    "fx_date",
)
_PAY_RANK = {"stated": 0, "parsed": 1, "predicted": 2}
_MODE_RANK = {"remote": 0, "hybrid": 0, "onsite": 0, "unknown": 1}
_STATE_RANK = {"open": 0, "unconfirmed": 1, "closed": 2}

FACT_COLUMNS = (
    "posting_key",
    "source",
    "title",
    "company",
    "company_key",
    "agency",
    "role",
    "server_side",
    "taxonomy_version",
    "seniority",
    "years_min",
    "years_max",
    "degree",
    "remote_mode",
    "remote_regions",
    "locations",
    *_PAY,
    "employment_type",
    "skills",
    "language",
    "posted_at",
    "first_seen",
    "last_seen",
    "state",
    "closed_at",
    "closed_because",
    "description_text",
)
"""Columns of ``posting`` that :func:`best` reads: half of a row, and not its HTML."""

Rank = Callable[[Posting], tuple[Any, ...]]


def best(cluster: Cluster, postings: Sequence[Posting], cards: Mapping[str, Card] | None = None) -> Job:
    """The job that a cluster's postings add up to.

    Priorities: the employer's own system before a board; a value before none; pay stated before parsed before a
    board's guess; the fuller text before a teaser; then the ad seen last, then the posting key. ``job.best`` names for
    each field the posting it was taken from. Fields of one fact (pay; years; the text with its language) come from one
    ad. Places and regions are those of all ads; dates, state and sources are summed up.

    Args:
        postings: all postings of the cluster, at least one; or rows of a database with ``FACT_COLUMNS``.
        cards: the sources' cards; ``own_ads`` tells an employer's own system.
    """
    ranked = sorted(postings, key=lambda posting: _trust(posting, cards or {}))
    longest = max(len(posting.description_text) for posting in ranked)
    from_best: dict[str, str] = {}
    facts: dict[str, Any] = {}

    def take(fields: Sequence[str], has: Callable[[Posting], bool], rank: Rank | None = None) -> Posting | None:
        fitting = filter(has, ranked)
        chosen = min(fitting, key=rank, default=None) if rank else next(fitting, None)
        if chosen is not None:
            facts.update({field: getattr(chosen, field) for field in fields})
            from_best.update(dict.fromkeys(fields, chosen.posting_key))
        return chosen

    take(("title",), lambda p: bool(p.title))
    take(("company", "company_key"), lambda p: bool(p.company_key), lambda p: (p.agency,))
    take(("role", "server_side", "taxonomy_version"), lambda _: True, lambda p: (p.role == "none",))
    take(("seniority",), lambda p: p.seniority != "unspecified")
    take(("years_min", "years_max"), lambda p: p.years_min is not None or p.years_max is not None)
    take(("degree",), lambda p: p.degree != "none")
    take(("remote_mode",), lambda _: True, lambda p: (_MODE_RANK[p.remote_mode],))
    take(_PAY, lambda p: p.salary_min is not None or p.salary_max is not None, lambda p: (_pay_rank(p),))
    take(("employment_type",), lambda p: p.employment_type != "unknown")
    full = take(
        ("description_text", "language"), lambda p: bool(p.description_text), lambda p: (_is_teaser(p, longest),)
    )
    take(("skills",), lambda p: bool(p.skills), lambda p: (p is not full,))
    facts.update(_summed_up(ranked))
    return Job(
        job_id=cluster.job_id,
        family_id=cluster.family_id,
        openings=cluster.openings,
        best=from_best,
        **{"title": ranked[0].title, **facts},
    )


def _trust(posting: Posting, cards: Mapping[str, Card]) -> tuple[Any, ...]:
    card = cards.get(posting.source)
    seen = posting.last_seen.timestamp() if posting.last_seen else 0.0
    own = card is not None and (card.own_ads or card.kind == "ats")
    return not own, _STATE_RANK[posting.state] == 2, -seen, posting.posting_key


def _pay_rank(posting: Posting) -> int:
    return _PAY_RANK.get(posting.salary_source or "", 3)


def _is_teaser(posting: Posting, longest: int) -> bool:
    return len(posting.description_text) < TEASER * longest


def _summed_up(postings: Sequence[Posting]) -> dict[str, Any]:
    """What is true of all ads together: places, dates, state, sources."""
    state = min((posting.state for posting in postings), key=_STATE_RANK.__getitem__)
    closed = [posting for posting in postings if posting.closed_at is not None] if state == "closed" else []
    last = max(closed, key=lambda posting: (posting.closed_at, posting.posting_key), default=None)
    return {
        "locations": _all_places(postings),
        "remote_regions": _in_order(region for posting in postings for region in posting.remote_regions),
        "posted_at": _first(posting.posted_at for posting in postings),
        "first_seen": _first(posting.first_seen for posting in postings),
        "last_seen": max((p.last_seen for p in postings if p.last_seen), default=None),
        "state": state,
        "closed_at": last.closed_at if last else None,
        "closed_because": last.closed_because if last else None,
        "sources": sorted({posting.source for posting in postings}),
        "posting_count": len(postings),
    }


def _all_places(postings: Sequence[Posting]) -> list[Place]:
    places = {(p["country"], p["region"], p["city"]): p for posting in postings for p in posting.locations}
    cities = {(country, city) for country, region, city in places if region and city}
    return [
        place
        for (country, region, city), place in places.items()
        if not (city and not region and (country, city) in cities)
    ]


def _in_order(said: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(said))


def _first(times: Iterable[dt.datetime | None]) -> dt.datetime | None:
    return min((time for time in times if time is not None), default=None)
