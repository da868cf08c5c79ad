"""Two ads side by side: what joins them, what a guard forbids."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.match import WEIGHTS, Ad, block_keys, compare
from flows.match.compare import JOIN, Comparison
from flows.match.employer import employer_key, stem, without_names
from tests.match.ads import BERLIN, DAY0, DUTIES, MADRID, OTHER_DUTIES, ad, copied

LOOSE = {"locations": [], "location_raw": "Anywhere in the World"}
LATER = {"first_seen": DAY0 + dt.timedelta(days=40), "posted_at": DAY0 + dt.timedelta(days=40)}


@pytest.mark.parametrize(
    ("theirs", "kind"),
    [
        ({}, "full"),
        ({"company": "Velmora GmbH"}, "full"),
        (LOOSE, "full"),
        ({"locations": [{"city": None, "region": None, "country": "DE"}], "location_raw": "Germany"}, "full"),
        ({"description_text": DUTIES[:320]}, "partial"),
        ({"description_text": "Velmora is hiring. Read more on our site."}, "partial"),
        ({"description_text": DUTIES.replace("- ", "• ").upper()}, "full"),
        ({"title": "Senior Back-End Developer, Ledger (m/f/d)"}, "full"),
        ({"title_core": "ledger backend developer"}, "full"),
        ({"company": "Velmorra", "company_key": "velmorra"}, "full"),
        ({"company": "Velmora Technologies", "company_key": "velmoratechnologies"}, "full"),
        ({"company": "VelmoraHQ", "company_key": "velmorahq"}, "full"),
        ({"company": "Join Velmora", "company_key": "joinvelmora"}, "full"),
        ({"title_core": "backend developer ledger velmora"}, "full"),
        ({"company": None, "company_key": None}, "full"),
        ({"company": "Gigwall", "company_key": "gigwall"}, "full"),
    ],
    ids=lambda said: str(said)[:60],
)
def test_c12_a_copy_on_another_board_is_the_same_job(theirs: dict[str, Any], kind: str) -> None:
    found = compare(ad(), copied(**theirs))
    assert found.joins, found
    assert found.kind == kind


@pytest.mark.parametrize(
    ("theirs", "guard"),
    [
        ({"level": "Staff"}, "other level"),
        ({"level": ""}, "other level"),
        ({"title_core": "backend developer payments"}, "other title"),
        ({"locations": [MADRID], "location_raw": "Madrid, Spain"}, "other place"),
        ({"description_text": OTHER_DUTIES}, "other duties"),
        (
            {
                "company": "Tarnfield",
                "company_key": "tarnfield",
                "description_text": OTHER_DUTIES.replace("Velmora", "Tarnfield"),
            },
            "other employer",
        ),
        ({"company": None, "company_key": None, "description_text": ""}, "other employer"),
    ],
    ids=lambda said: str(said)[:60],
)
def test_guards_between_boards(theirs: dict[str, Any], guard: str) -> None:
    found = compare(ad(), copied(**theirs))
    assert (found.guard, found.joins) == (guard, False)


@pytest.mark.parametrize(
    ("theirs", "guard"),
    [
        ({}, ""),
        ({"requisition_id": "R-77"}, ""),
        ({"locations": [MADRID], "location_raw": "Madrid, Spain"}, "other place, listed apart"),
        (LOOSE, "other place, listed apart"),
        ({"location_raw": "Berlin, select offices"}, "other place, listed apart"),
        ({"employment_type": "contract"}, "other contract or language, listed apart"),
        ({"years_min": 7}, "other pay or years, listed apart"),
        ({"description_text": DUTIES.replace("five colleagues", "nine colleagues")}, "other text, listed apart"),
        ({"title": "Senior Backend Engineer, Ledger (Night Shift)"}, "other text, listed apart"),
    ],
    ids=lambda said: str(said)[:60],
)
def test_c12_one_lister_keeps_its_openings_apart(theirs: dict[str, Any], guard: str) -> None:
    ours = ad(employment_type="full-time", years_min=4)
    found = compare(ours, ad(2, **{"employment_type": "full-time", "years_min": 4, **theirs}))
    assert (found.guard, found.joins) == (guard, not guard)


@pytest.mark.parametrize(
    ("theirs", "guard"),
    [
        ("Backend Intern, Summer 2026", ""),
        ("Backend Intern 2026", ""),
        ("Backend Intern", ""),
        ("Backend Intern (Fall 2026)", "other season or year"),
        ("Summer 2027 Backend Intern", "other season or year"),
    ],
)
def test_openings_of_another_season_are_sisters(theirs: str, guard: str) -> None:
    found = compare(ad(title="Backend Intern (Summer 2026)"), copied(title=theirs))
    assert (found.guard, found.joins, found.sister) == (guard, not guard, True)


def test_c12_sisters_are_family_and_other_duties_are_not() -> None:
    assert compare(ad(), ad(2, locations=[MADRID], location_raw="Madrid, Spain")).sister
    assert not compare(ad(), ad(2, description_text=OTHER_DUTIES)).sister


def test_c12_a_repost_may_be_reworded_and_is_temporal() -> None:
    edited = DUTIES.replace("two time zones", "three time zones")
    found = compare(ad(), ad(2, description_text=edited, **LATER))
    assert found.joins
    assert found.kind == "temporal"


def test_c12_a_repost_after_ninety_days_is_another_job_of_the_family() -> None:
    late = {"first_seen": DAY0 + dt.timedelta(days=120), "posted_at": DAY0 + dt.timedelta(days=120)}
    found = compare(ad(), ad(2, **late))
    assert not found.joins
    assert found.sister


@pytest.mark.parametrize(
    ("bits", "guard", "joins"), [(JOIN, "", True), (JOIN - 0.5, "", False), (50.0, "other level", False)]
)
def test_evidence_joins_from_its_threshold_on_and_never_against_a_guard(bits: float, guard: str, joins: bool) -> None:
    assert Comparison(bits, "any", "full", guard, False).joins is joins


@pytest.mark.parametrize(("later", "joins"), [(0, True), (1, False)])
def test_c12_a_repost_may_wait_ninety_days_from_the_last_sight_and_no_second_more(later: int, joins: bool) -> None:
    begins = DAY0 + dt.timedelta(days=20 + 90, seconds=later)
    again = ad(2, first_seen=begins, posted_at=begins, last_seen=begins + dt.timedelta(days=5))
    assert compare(ad(), again).joins is joins


def test_the_same_page_is_the_same_ad_whatever_a_board_makes_of_it() -> None:
    theirs = copied(apply_url=ad_url(), title="Ledger hero wanted", title_core="ledger hero", locations=[MADRID])
    assert compare(ad(), theirs).rule == "same page of a hosting system"
    assert compare(ad(), theirs._replace(level="staff")).guard == "other level"


def ad_url() -> str:
    return f"https://jobs.ashbyhq.com/velmora/{1:08d}-0000-4000-8000-000000000000?utm_source=boarda"


def test_two_boards_that_send_to_one_address_mean_one_ad() -> None:
    address = "https://careers.velmora.example.com/openings/4711"
    ours, theirs = (make(url=address, source=source) for make, source in ((ad, "boardb"), (copied, "boarda")))
    elsewhere = copied(apply_url="https://careers.velmora.example.com/openings")
    assert "same address" in compare(ours, theirs).evidence
    assert "same address" not in compare(ours, elsewhere).evidence


def test_a_requisition_number_in_the_title_counts() -> None:
    ours, theirs = (
        make(title="[Job - 30760] Senior Backend Engineer", title_core="backend developer", description_text="")
        for make in (ad, copied)
    )
    assert compare(ours, theirs).rule == "same requisition"


def test_two_tenants_under_a_department_name_are_two_employers() -> None:
    ours = ad(company="Software Development", company_key="softwaredevelopment")
    url = "https://jobs.ashbyhq.com/tarnfield/00000009-0000-4000-8000-000000000000"
    theirs = ad(9, board="tarnfield", url=url, company="Software Development", company_key="softwaredevelopment")
    assert compare(ours, theirs).guard == "other employer"


def test_a_label_in_the_text_tells_sisters_apart() -> None:
    berlin, madrid = ad(), ad(2, locations=[MADRID], location_raw="Madrid, Spain")
    loose = copied(description_text=f"Headquarters: Madrid, Spain\n{DUTIES}", **LOOSE)
    assert "place stated" in compare(madrid, loose).evidence
    assert "place elsewhere" in compare(berlin, loose).evidence
    assert compare(madrid, loose).bits - compare(berlin, loose).bits >= 2


def test_a_longer_name_alone_is_not_the_same_employer() -> None:
    theirs = copied(company="Velmora Labs", company_key="velmoralabs", description_text=OTHER_DUTIES)
    assert compare(ad(), theirs).guard == "other employer"
    assert set(block_keys(ad())) & set(block_keys(theirs))


def test_a_page_to_which_one_lister_sends_all_its_titles_is_a_form() -> None:
    ours, theirs = (ad(n, apply_url=ad_url(), title_core=core) for n, core in ((1, "backend developer"), (2, "nurse")))
    assert compare(ours, theirs._replace(stored=b"")).guard == "other title"
    assert compare(ours, theirs).joins


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("backend developer velmora", "backend developer"),
        ("vel mora backend developer", "backend developer"),
        ("velmora", "velmora"),
        ("backend developer velmorant", "backend developer velmorant"),
    ],
)
def test_the_employers_own_name_says_nothing_in_a_title(words: str, left: str) -> None:
    assert without_names(words.split(), ("velmora", "x")) == left.split()


@given(st.text(max_size=40))
def test_a_stem_is_a_part_of_the_name_and_not_short(name: str) -> None:
    key = employer_key(name)
    assert stem(key) in key
    assert stem(key) == key or len(stem(key)) >= 4


def test_roles_of_one_ad_stay_apart() -> None:
    assert (
        compare(ad(external_id="77#backend-developer"), ad(external_id="77#front-end-developer")).guard
        == "roles of one ad"
    )


def test_pay_in_one_currency_speaks_for_and_against() -> None:
    def paid(low: float, currency: str = "EUR", source: str = "stated") -> dict[str, Any]:
        return {
            "salary_min": low,
            "salary_max": low + 10_000,
            "salary_currency": currency,
            "salary_period": "year",
            "salary_source": source,
        }

    ours = ad(**paid(70_000))
    assert "same pay" in compare(ours, copied(**paid(70_000))).evidence
    assert "other pay" in compare(ours, copied(**paid(120_000))).evidence
    assert not {"same pay", "other pay"} & set(compare(ours, copied(**paid(120_000, "USD"))).evidence)
    assert "other pay" not in compare(ours, copied(**paid(120_000, source="predicted"))).evidence


@pytest.mark.parametrize("theirs", [{}, LOOSE, {"locations": [MADRID]}, {"description_text": DUTIES[:200]}])
def test_comparing_is_the_same_both_ways(theirs: dict[str, Any]) -> None:
    ours, other = ad(), copied(**theirs)
    assert compare(ours, other) == compare(other, ours)


def test_every_evidence_has_a_stated_weight() -> None:
    found = compare(ad(), copied())
    assert found.evidence
    assert found.bits == sum(WEIGHTS[name] for name in found.evidence)
    assert 0.5 < found.score <= 1.0


def test_an_ad_is_slim() -> None:
    found = ad(description_text=DUTIES * 500)
    assert isinstance(found, Ad)
    assert len(found.stored) < 600
    assert BERLIN["city"] == "Berlin"
    assert found.places.exact == ("DE//berlin",)
