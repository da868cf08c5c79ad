"""The facts of a job and the explanation of a job."""

from __future__ import annotations

import datetime as dt
from typing import Any

from config.cards import Card
from config.load import cards
from flows.match import Ad, Verdicts, best, explain, partition
from storage.models import Job, Posting
from tests.match.ads import BERLIN, DAY0, DUTIES, MADRID, copy, posting

PAID = {"salary_min": 70_000, "salary_max": 90_000, "salary_currency": "EUR", "salary_period": "year"}


def made(*postings: Posting) -> Job:
    (cluster,) = partition(Ad.of(one) for one in postings)
    return best(cluster, postings, _cards())


def _cards() -> dict[str, Card]:
    facts: dict[str, Any] = {
        "name": "Ashby",
        "kind": "ats",
        "home": "https://ashby.example.com",
        "terms": "not stated",
        "terms_read": "2026-01-01",
        "attribution": "Ashby",
        "every": "6h",
        "coverage": "catalogue",
        "stale_after": "14d",
        "hosts": ("ashby.example.com",),
        "own_ads": True,
        "expect": {"min_postings": 1, "max_postings": 10, "filled": {}},
    }
    return {"ashby": Card.model_validate({"source": "ashby", **facts})}


def test_the_employers_own_system_comes_before_a_board() -> None:
    own, theirs = posting(title="Senior Backend Engineer, Ledger"), copy(title="SENIOR BACKEND ENGINEER, LEDGER!!")
    job = made(theirs, own)
    assert job.title == own.title
    assert job.best["title"] == own.posting_key
    assert (job.posting_count, job.sources, job.openings) == (2, ["ashby", "boarda"], 1)


def test_a_fuller_text_comes_before_a_teaser_even_of_the_employer() -> None:
    own, theirs = posting(description_text=DUTIES[:260]), copy()
    job = made(own, theirs)
    assert job.description_text == theirs.description_text
    assert job.best["description_text"] == job.best["language"] == theirs.posting_key


def test_stated_pay_comes_before_parsed_and_pay_is_one_fact() -> None:
    own = posting(**{**PAID, "salary_source": "parsed"})
    theirs = copy(**{**PAID, "salary_max": 95_000, "salary_source": "stated"})
    job = made(own, theirs)
    assert (job.salary_max, job.salary_source) == (95_000, "stated")
    assert {job.best[name] for name in ("salary_min", "salary_max", "salary_currency")} == {theirs.posting_key}


def test_what_is_unknown_is_taken_from_whoever_knows() -> None:
    own, theirs = posting(), copy(years_min=4, degree="preferred", employment_type="full-time", seniority="senior")
    job = made(own, theirs)
    assert (job.years_min, job.degree, job.employment_type, job.seniority) == (4, "preferred", "full-time", "senior")
    assert job.best["years_min"] == theirs.posting_key


def test_places_dates_and_state_are_summed_up() -> None:
    gone = DAY0 + dt.timedelta(days=9)
    own = posting(state="closed", closed_at=gone, closed_because="absent", locations=[BERLIN])
    theirs = copy(
        locations=[BERLIN, MADRID], location_raw="Berlin, Germany; Madrid", posted_at=DAY0 - dt.timedelta(days=1)
    )
    job = made(own, theirs)
    assert (job.state, job.closed_at) == ("open", None)
    assert [place["city"] for place in job.locations] == ["Berlin", "Madrid"]
    assert job.posted_at == theirs.posted_at
    closed = made(own, theirs.model_copy(update={"state": "closed", "closed_at": gone + dt.timedelta(days=1)}))
    assert closed.state == "closed"
    assert closed.closed_at == gone + dt.timedelta(days=1)


def test_the_order_of_postings_does_not_matter() -> None:
    own, theirs = posting(), copy(**{**PAID, "salary_source": "stated"})
    assert made(own, theirs) == made(theirs, own)


def test_why_shows_ads_rules_fields_and_who_was_kept_apart() -> None:
    own, theirs = posting(), copy()
    madrid = posting(2, locations=[MADRID], location_raw="Madrid, Spain", job_id="feed")
    (cluster,) = partition([Ad.of(own), Ad.of(theirs)])
    job = best(cluster, [own, theirs], _cards())
    told = explain(job, [theirs, own], cluster.links, [madrid])
    assert (told.role, told.title_core, told.level) == ("backend-developer", "backend developer ledger", "Senior")
    assert [member.rule for member in told.members] == ["founding ad", "text identical"]
    assert "place equal" in told.members[1].because
    assert next(field for field in told.fields if field.name == "title").source == "ashby"
    assert [(rival.job_id, rival.guard) for rival in told.rivals] == [
        ("feed", "other place; other place, listed apart")
    ]
    apart = Verdicts.of([("different", own.posting_key, madrid.posting_key)])
    assert explain(job, [theirs, own], cluster.links, [madrid], apart).rivals[0].guard == "verdict: different"


def test_cards_of_this_project_name_the_employers_own_systems() -> None:
    assert all(card.kind == "ats" for card in cards().values() if card.own_ads)
