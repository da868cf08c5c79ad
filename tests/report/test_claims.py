"""Claims of the documents beside the market: every claim is checked, every verdict follows from its interval."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Engine, text

from config.load_taxonomy import claims
from flows.report.claims import Check, claim_checks
from flows.report.market.statistics import MANY, change_score, mean_interval, median_interval, ratio_interval, wilson
from storage import store
from storage.engine import reading, writing
from storage.models import Job
from tests.storage.ads import NOON

DAY = dt.date(2026, 11, 2)


def jobs(count: int, **facts: Any) -> list[Job]:
    """Open back-end jobs in the United States that pay 100,000 USD a year, unless told otherwise."""
    said: dict[str, Any] = {
        "title": "Backend Developer", "role": "backend-developer", "server_side": "core", "first_seen": NOON,
        "salary_min": 1e5, "salary_max": 1e5, "salary_currency": "USD", "salary_period": "year", "salary_source": "stated",
        "salary_year_usd_min": 1e5, "salary_year_usd_max": 1e5, "sources": ["example"],
        "locations": [{"city": "Seattle", "region": "WA", "country": "US"}],
    }  # fmt: skip
    first = int(facts.pop("first", 0))
    return [Job(job_id=f"{number:016x}", **said | facts) for number in range(first, first + count)]


def checked(engine: Engine, stored: list[Job]) -> dict[str, Check]:
    """The checks by claim on a store that holds these jobs."""
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="file", now=NOON)
        store.save_jobs(conn, stored, run_id=run_id)
    with reading(engine) as conn:
        return {check.claim: check for check in claim_checks(conn, DAY)}


def test_every_claim_is_told_of_on_an_empty_store(engine: Engine) -> None:
    found = checked(engine, [])
    assert {name.split("/")[0] for name in found} == {*claims(), "role-types"}
    assert {check.verdict for check in found.values()} == {"too few to say"}
    assert all(check.because for check in found.values())


@pytest.mark.parametrize(
    ("claim", "stored", "verdict"),
    [
        ("pay-range-2023", jobs(9), "too few to say"),
        ("pay-range-2023", jobs(30), "agrees"),
        ("pay-range-2023", jobs(30, salary_year_usd_min=2e5, salary_year_usd_max=2e5), "differs"),
        ("pay-range-2023", jobs(30, salary_source="predicted"), "too few to say"),
        ("pay-range-2023", jobs(30, state="unconfirmed"), "too few to say"),
        ("pay-range-2023", jobs(30, salary_currency="EUR"), "too few to say"),
        ("pay-range-2023", jobs(30, locations=[{"city": "Berlin", "region": None, "country": "DE"}]), "too few to say"),
        ("pay-range-2023", jobs(30, locations=[], remote_regions=["EU"]), "too few to say"),
        ("pay-range-2023", jobs(30, locations=[], remote_regions=["US", "CA"]), "agrees"),
        ("pay-range-2023", jobs(30, locations=[], remote_regions=["WORLDWIDE"]), "agrees"),
        ("experience", jobs(30, years_min=4, locations=[], remote_regions=["GB"]), "too few to say"),
        # what is paid elsewhere does not move a figure of the United States
        (
            "pay-range-2023",
            jobs(30) + jobs(90, first=30, locations=[], salary_year_usd_min=3e4, salary_year_usd_max=3e4),
            "agrees",
        ),
        ("pay-average", jobs(30), "agrees"),  # 100,000 is within 10 % of 110,000
        ("pay-mean-indeed", jobs(30, salary_year_usd_min=1.2e5, salary_year_usd_max=1.2e5), "differs"),
        ("experience", jobs(30, years_min=4), "agrees"),
        ("experience", jobs(30, years_min=9), "differs"),
        ("experience", jobs(9, years_min=4), "too few to say"),
        ("template-skills/python", jobs(60, skills=["Python"]), "agrees"),
        ("template-skills/python", jobs(60, skills=["Go"]), "differs"),
        ("template-skills/python", jobs(3, skills=["Python"]), "too few to say"),
        ("template-skills/python", jobs(6, skills=["Python"]) + jobs(54, first=6), "too few to say"),
        ("degree-template", jobs(40, degree="required"), "agrees"),
        ("degree-template", jobs(40, degree="preferred"), "differs"),
        ("degree-open", jobs(40, degree="preferred"), "agrees"),
        ("degree-open", jobs(40, degree="required"), "differs"),
        ("csharp-premium", jobs(40), "too few to say"),
        (
            "csharp-premium",
            jobs(40) + jobs(40, first=40, skills=["C#"], salary_year_usd_min=1.5e5, salary_year_usd_max=1.5e5),
            "differs",
        ),
        (
            "csharp-premium",
            jobs(40) + jobs(40, first=40, skills=["C#"], salary_year_usd_min=1.05e5, salary_year_usd_max=1.05e5),
            "agrees",
        ),
        ("cities/seattle-wa", jobs(40), "agrees"),
        ("growth-ten-years", jobs(40), "too few to say"),
        ("author-experience", jobs(40), "too few to say"),
        ("role-types/backend-developer", jobs(40), "agrees"),
    ],
)
def test_verdicts(engine: Engine, claim: str, stored: list[Job], verdict: str) -> None:
    check = checked(engine, stored)[claim]
    assert check.verdict == verdict, check


def test_a_verdict_on_pay_says_whose_pay_it_is(engine: Engine) -> None:
    found = checked(engine, jobs(30, years_min=4))
    for claim in ("pay-range-2023", "pay-average", "csharp-premium", "experience"):
        assert "in the United States or open to people there" in found[claim].because, claim
    assert "of 30 open back-end jobs in the United States" in found["pay-range-2023"].because


def test_a_city_that_is_not_among_the_first_differs(engine: Engine) -> None:
    others = ("Denver", "Boston", "Portland", "Miami", "Atlanta", "Dallas")
    stored = [
        job
        for place, city in enumerate(others)
        for job in jobs(40, first=place * 40, locations=[{"city": city, "region": "XX", "country": "US"}])
    ]
    found = checked(engine, stored)
    assert found["cities/seattle-wa"].verdict == "differs"
    assert found["cities/seattle-wa"].n == 240


def test_checks_are_kept_and_replaced_by_the_day(engine: Engine) -> None:
    found = checked(engine, jobs(30))
    for _ in range(2):
        with writing(engine) as conn:
            store.save_claim_checks(conn, [check.row() for check in found.values()])
    with reading(engine) as conn:
        assert conn.scalar(text("SELECT COUNT(*) FROM claim_check")) == len(found)
        assert conn.execute(
            text("SELECT verdict, n FROM claim_check WHERE claim = 'pay-range-2023'")
        ).one() == ("agrees", 30)  # fmt: skip


# --- statistics -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0), (81, 263, 0.255, 0.366), (0, 0, 0.0, 1.0)],
)
def test_wilson_as_published(hits: int, n: int, low: float, high: float) -> None:
    # 81 of 263 is the worked example of Newcombe (1998), Statistics in Medicine 17, table I
    assert wilson(hits, n) == pytest.approx((low, high), abs=0.0006)


@given(some.integers(0, 500), some.integers(1, 500))
def test_a_share_lies_within_its_interval(hits: int, more: int) -> None:
    n = hits + more
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1


@given(some.lists(some.floats(1, 1e6), min_size=1, max_size=60))
def test_intervals_hold_their_figure_and_do_not_depend_on_order(values: list[float]) -> None:
    low, high = median_interval(values)
    assert min(values) <= low <= sorted(values)[len(values) // 2] <= high <= max(values)
    assert median_interval(values[::-1]) == (low, high)


def test_bootstraps_are_the_same_each_time() -> None:
    values = [float(n * n % 97) + 1 for n in range(200)]
    assert mean_interval(values) == mean_interval(values)
    low, high = mean_interval(values)
    assert low < sum(values) / 200 < high
    assert ratio_interval(values, values)[0] < 1 < ratio_interval(values, values)[1]


def test_many_values_need_no_bootstrap_to_say_the_same() -> None:
    values = [50_000.0 + 37 * (n * n % 1999) for n in range(MANY)]
    few = values[: MANY - 1]
    assert mean_interval(values) == pytest.approx(mean_interval(few), rel=0.005)
    more = [value * 1.1 for value in values]
    assert ratio_interval(more, values) == pytest.approx(ratio_interval(more[:-1], few), rel=0.02)


def test_a_rise_needs_evidence() -> None:
    assert change_score(0, 50, 2, 50) < 2 < change_score(5, 500, 40, 500)
    assert change_score(40, 500, 5, 500) == pytest.approx(-change_score(5, 500, 40, 500))
