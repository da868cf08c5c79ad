"""A stored market with a past: jobs that open and close over two months, on several sources, day by day.

Employers, titles and texts are invented; hostile ones are among them.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from config.load import cards
from config.load_taxonomy import roles, skills, taxonomy_version
from storage import derive, store
from storage.engine import writing
from storage.models import Job, Posting, Rejection, posting_key

LAST = dt.date(2026, 11, 20)
HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("https://example.com/x","pay")',
    "Tide\u202egnp.exe & Söhne",
    '"><img src=x onerror=alert(1)>',
    "A\x01B]]>C" + "x" * 3000,
)
SOURCES = ("remotive", "remoteok", "himalayas", "greenhouse", "lever", "weworkremotely")
_ROLES = ("backend-developer",) * 5 + (
    "backend-architect", "full-stack-developer", "full-stack-developer", "devops-engineer", "data-engineer",
    "front-end-developer", "software-engineer", "none",
)  # fmt: skip
_SERVER_SIDE = {
    "backend-developer": "core",
    "backend-architect": "core",
    "full-stack-developer": "part",
    "data-engineer": "part",
}
_LEVELS = ("junior", "mid", "mid", "senior", "senior", "senior", "lead", "unspecified", "unspecified")
_SKILLS = {
    "Python": 0.42, "PostgreSQL": 0.4, "AWS": 0.38, "Docker": 0.3, "Kubernetes": 0.28, "Java": 0.24, "Go": 0.2,
    "Node.js": 0.18, "MySQL": 0.17, "JavaScript": 0.16, "TypeScript": 0.15, "Redis": 0.14, "Kafka": 0.13, "GCP": 0.12,
    "MongoDB": 0.11, "Azure": 0.1, "C#": 0.1, "Ruby": 0.07, "Linux": 0.07, "Rust": 0.05, "Django": 0.05, "PHP": 0.05,
    "GraphQL": 0.05, "HTML": 0.03, "CSS": 0.03,
}  # fmt: skip
_PLACES = (
    ("San Francisco", "CA", "US"), ("New York City", "NY", "US"), ("Seattle", "WA", "US"), ("Austin", "TX", "US"),
    ("Denver", "CO", "US"), ("Utrecht", None, "NL"), ("Porto", None, "PT"),
)  # fmt: skip
_BASE = {"junior": 75, "mid": 105, "senior": 140, "lead": 165, "unspecified": 115}


@dataclass(frozen=True)
class Opening:
    """One opening with its ads; ``ends`` is None while it is open."""

    job: Job
    ads: tuple[Posting, ...]
    begins: dt.date
    ends: dt.date | None


def fill_market(engine: Engine, *, openings: int = 400, days: int = 60, every: int = 2) -> None:
    """Store the market as runs on every ``every``-th day would have left it."""
    chance = random.Random(7)
    # a few days on which nothing ran
    ran = [LAST - dt.timedelta(days=ago) for ago in range(days, -1, -every) if not 20 <= ago <= 24]
    made = [_opening(chance, number, days, ran) for number in range(openings)]
    with writing(engine) as conn:
        store.save_sources(conn, [cards()[name] for name in SOURCES])
        store.save_taxonomy(conn, list(roles().values()), list(skills().values()), version=taxonomy_version())
    done = LAST - dt.timedelta(days=days + 1)
    for day in ran:
        _run(engine, chance, day, done, made)
        done = day
    keys = {one.job.company_key for one in made if one.job.company_key}
    with writing(engine) as conn:
        derive.save_companies(conn, sorted(keys))


def _run(engine: Engine, chance: random.Random, day: dt.date, done: dt.date, made: list[Opening]) -> None:
    now = _at(day)
    new = [one for one in made if done < one.begins <= day]
    gone = [one for one in made if one.ends and done < one.ends <= day and one.begins <= done]
    with writing(engine) as conn:
        run_id = store.start_run(
            conn, kind="crawl", now=now, sources=SOURCES, taxonomy_version=taxonomy_version(), version="0.1.0"
        )
        store.save_postings(conn, [ad for one in new for ad in one.ads], run_id=run_id, now=now)
        jobs = [one.job for one in new] + [
            one.job.model_copy(update={"state": "closed", "closed_at": now, "closed_because": "absent"}) for one in gone
        ]
        store.save_jobs(conn, jobs, run_id=run_id)
        store.assign_jobs(
            conn,
            [
                {"posting_key": ad.posting_key, "job_id": one.job.job_id, "family_id": None}
                for one in new
                for ad in one.ads
            ],
        )
        store.save_links(
            conn, [_link(one, number, ad) for one in new for number, ad in enumerate(one.ads)], run_id=run_id, now=now
        )
        closing = [
            {"posting_key": ad.posting_key, "state": "closed", "because": f"absent from {run_id}", "closed_at": now}
            for one in gone
            for ad in one.ads
        ]
        store.apply_transitions(conn, closing, run_id=run_id, now=now)
        rejected = [Rejection(source="remoteok", external_id=f"r{day}", reason="no_title", raw="{}")]
        store.save_rejections(conn, rejected, run_id=run_id, now=now)
        for source in SOURCES:
            state = chance.choices(("complete", "partial", "empty", "failed"), (90, 5, 2, 3))[0]
            store.finish_board_run(
                conn, run_id, source, state=state, complete=state == "complete", now=now, started_at=now, found=len(new)
            )
        store.finish_run(conn, run_id, state="complete", now=now + dt.timedelta(minutes=9))
        derive.append_days(conn, day=day, taxonomy_version=taxonomy_version())


def _opening(chance: random.Random, number: int, days: int, ran: list[dt.date]) -> Opening:
    begins = LAST - dt.timedelta(days=chance.randrange(days))
    lives = dt.timedelta(days=int(chance.expovariate(1 / 25)) + 1)
    ends = begins + lives if begins + lives <= LAST else None
    role, level = chance.choice(_ROLES), chance.choice(_LEVELS)
    employer = int(chance.paretovariate(0.7)) % 60
    company = HOSTILE[number % len(HOSTILE)] if number % 40 == 0 else f"Lantern {employer} Works"
    city, region, country = chance.choice(_PLACES)
    late = (LAST - begins).days < days // 3
    named = [
        name
        for name, share in _SKILLS.items()
        if chance.random() < share * (7 if late and name == "Rust" else 0.1 if late and name == "PHP" else 1)
    ]
    facts: dict[str, Any] = {
        "title": f"{level} {role}" if number % 40 else HOSTILE[number % len(HOSTILE)],
        "company": company, "company_key": company.lower()[:60], "role": role,
        "server_side": _SERVER_SIDE.get(role, "none"), "seniority": level,
        "remote_mode": chance.choice(("remote", "remote", "remote", "hybrid", "onsite", "unknown")),
        "remote_regions": chance.choice((["US"], ["US", "CA"], ["EU", "GB"], ["WORLDWIDE"], [], ["UTC-5..UTC+1"])),
        "locations": [{"city": city, "region": region, "country": country}],
        "years_min": chance.choice((None, None, 2, 3, 4, 5, 5, 7)), "degree": chance.choice(("none", "none", "none", "required")),
        "skills": named, "language": "en", "employment_type": "full-time", "taxonomy_version": taxonomy_version(),
        "posted_at": _at(begins) - dt.timedelta(hours=5), "last_seen": _at(LAST),
        "first_seen": _at(next(day for day in ran if day >= begins)),
    } | _pay(chance, level)  # fmt: skip
    sources = _sources(chance)
    ads = tuple(
        Posting(
            source=source, external_id=f"{number}-{copy}", url=f"https://example.com/{number}/{copy}", title_raw="x",
            description_text=f"We light harbours, crew {number}.", content_hash=f"{number}-{copy}", **facts,
        )
        for copy, source in enumerate(sources)
    )  # fmt: skip
    job = Job(
        job_id=posting_key(sources[0], "", f"{number}-0"), sources=sorted(set(sources)), posting_count=len(ads),
        best={"title": ads[0].posting_key}, description_text=ads[0].description_text, **facts,
    )  # fmt: skip
    return Opening(job, ads, begins, ends)


def _pay(chance: random.Random, level: str) -> dict[str, Any]:
    if chance.random() < 0.35:
        return {}
    low = max(30.0, chance.gauss(_BASE[level], 18)) * 1000
    source = chance.choices(("stated", "parsed", "predicted"), (6, 4, 1))[0]
    return {
        "salary_min": low, "salary_max": low * 1.25, "salary_currency": "USD", "salary_period": "year",
        "salary_source": source, "salary_raw": "pay", "salary_year_usd_min": low, "salary_year_usd_max": low * 1.25,
        "fx_date": LAST,
    }  # fmt: skip


def _sources(chance: random.Random) -> list[str]:
    sources = chance.sample(SOURCES, chance.choices((1, 2, 3), (70, 22, 8))[0])
    return [*sources, sources[0]] if chance.random() < 0.08 else sources


def _link(one: Opening, number: int, ad: Posting) -> dict[str, Any]:
    again = number and ad.source == one.ads[0].source
    return {
        "posting_key": ad.posting_key, "job_id": one.job.job_id, "rule": "same text", "score": 0.97 if number else None,
        "kind": "temporal" if again else "full", "partner": one.ads[0].posting_key if number else None, "because": "text",
    }  # fmt: skip


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), dt.UTC)
