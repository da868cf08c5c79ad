"""What must hold of every partition, whatever the ads: order, batches, repetition, guards, verdicts."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.match import (
    NO_VERDICTS,
    Ad,
    Before,
    Cluster,
    Verdicts,
    block_keys,
    closure,
    compare,
    partition,
    rematch,
    signature,
)
from flows.match.cluster import NEIGHBOURS, _atoms, _Block
from tests.bench.match import pairs
from tests.generate import Made, market
from tests.match.ads import BERLIN, DAY0, DUTIES, MADRID, OTHER_DUTIES, ad, copied

few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def slim(made: Iterable[Made]) -> list[Ad]:
    found = []
    for one in made:
        one.signature = signature(one)
        found.append(Ad.of(one))
    return found


MARKET = slim(market(600, seed=7))


@st.composite
def blocks(draw: st.DrawFn) -> list[Ad]:
    """Ads of one employer, title and level that differ in everything else: the hardest neighbours."""
    count = draw(st.integers(2, 14))
    places = ([BERLIN], [MADRID], [BERLIN, MADRID], [])
    printed = ("Berlin", "Madrid", "Berlin; Madrid", "Remote")
    texts = (DUTIES, DUTIES[:250], OTHER_DUTIES, DUTIES.replace("five", "nine"), "")
    found = []
    for number in range(1, count + 1):
        where = draw(st.integers(0, 3))
        source = draw(st.sampled_from(("ashby", "boarda", "boardb")))
        begin = DAY0 + dt.timedelta(days=draw(st.sampled_from((0, 1, 30, 100, 300))))
        found.append(
            ad(
                number,
                source=source,
                board="velmora" if source == "ashby" else "",
                url=f"https://x.example.com/{draw(st.sampled_from((1, 2, 3, number)))}",
                apply_url=draw(st.sampled_from((None, "https://jobs.lever.co/v/00000001-0000-4000-8000-000000000000"))),
                level=draw(st.sampled_from(("Senior", "Senior", "Senior", "Staff"))),
                locations=places[where],
                location_raw=printed[where],
                description_text=draw(st.sampled_from(texts)),
                company_key=draw(st.sampled_from(("velmora", "velmora", "velmora", None, "tarnfield"))),
                requisition_id=draw(st.sampled_from((None, None, "R1", "R2"))),
                years_min=draw(st.sampled_from((None, None, 3, 5))),
                posted_at=begin,
                first_seen=begin,
                last_seen=begin + dt.timedelta(days=draw(st.sampled_from((0, 20, 60)))),
            )
        )
    return found


@few
@given(blocks(), st.randoms(use_true_random=False))
def test_the_order_of_ads_does_not_matter(ads: list[Ad], chance: random.Random) -> None:
    mixed = list(ads)
    chance.shuffle(mixed)
    assert partition(mixed) == partition(ads)


@few
@given(blocks())
def test_every_ad_is_in_exactly_one_job_named_after_its_founding_ad(ads: list[Ad]) -> None:
    jobs = partition(ads)
    keys = [link.posting_key for job in jobs for link in job.links]
    assert sorted(keys) == sorted(one.posting_key for one in ads)
    age = {one.posting_key: (one.seen, one.posted, one.posting_key) for one in ads}
    for job in jobs:
        assert job.job_id == min((link.posting_key for link in job.links), key=age.__getitem__)
        assert [link.rule for link in job.links if link.posting_key == job.job_id] == ["founding ad"]
        assert 1 <= job.openings <= len(job.links)
        assert all(link.partner in keys for link in job.links if link.partner)


@few
@given(blocks())
def test_no_score_overrules_a_guard(ads: list[Ad]) -> None:
    by_key = {one.posting_key: one for one in ads}
    for job in partition(ads):
        for a, b in itertools.combinations(job.links, 2):
            assert not compare(by_key[a.posting_key], by_key[b.posting_key]).guard


@few
@given(blocks(), st.data())
def test_verdicts_hold_whatever_the_evidence(ads: list[Ad], data: st.DataObject) -> None:
    a, b = data.draw(st.permutations(ads))[:2]
    said = data.draw(st.sampled_from(("same", "different")))
    verdicts = Verdicts.of([(said, b.posting_key, a.posting_key)])
    home = {link.posting_key: job.job_id for job in partition(ads, verdicts) for link in job.links}
    assert (home[a.posting_key] == home[b.posting_key]) == (said == "same")


@few
@given(blocks(), st.integers(1, 6))
def test_batches_do_not_matter(ads: list[Ad], batch: int) -> None:
    assert _in_batches(ads, batch, NO_VERDICTS) == _homes(partition(ads))


def test_twenty_batches_of_a_market_give_the_partition_of_one() -> None:
    shuffled = list(MARKET)
    random.Random(3).shuffle(shuffled)
    assert _in_batches(shuffled, 30, NO_VERDICTS) == _homes(partition(MARKET))


def test_verdicts_join_across_blocks_and_survive_later_batches() -> None:
    a, b = MARKET[0], MARKET[-1]
    assert not set(block_keys(a)) & set(block_keys(b))
    verdicts = Verdicts.of([("same", a.posting_key, b.posting_key)])
    homes = _in_batches(MARKET, 100, verdicts)
    assert homes[a.posting_key][0] == homes[b.posting_key][0]
    assert homes == _homes(partition(MARKET, verdicts))


def test_deciding_again_changes_nothing() -> None:
    before = {key: Before(*home) for key, home in _homes(partition(MARKET)).items()}
    again = rematch(MARKET, before)
    assert (again.assignments, again.events, again.removed_jobs) == ((), (), ())


def _homes(jobs: list[Cluster]) -> dict[str, tuple[str, str]]:
    return {link.posting_key: (job.job_id, job.family_id) for job in jobs for link in job.links}


def _in_batches(ads: list[Ad], size: int, verdicts: Verdicts) -> dict[str, tuple[str, str]]:
    """A store in memory that takes the ads batch by batch."""
    stored: dict[str, Ad] = {}
    by_key: dict[int, set[str]] = {}
    homes: dict[str, tuple[str, str]] = {}
    jobs: dict[str, Cluster] = {}
    for at in range(0, len(ads), size):
        new = ads[at : at + size]
        for one in new:
            stored[one.posting_key] = one
            for key in block_keys(one):
                by_key.setdefault(key, set()).add(one.posting_key)
        touched = closure(
            new,
            verdicts,
            lambda keys: {p for key in keys for p in by_key.get(key, ())},
            lambda named: [stored[p] for p in named if p in stored],
        )
        before = {a.posting_key: Before(*homes[a.posting_key]) for a in touched if a.posting_key in homes}
        changes = rematch(touched, before, verdicts, {one.posting_key for one in new})
        jobs = {job_id: job for job_id, job in jobs.items() if job_id not in changes.removed_jobs}
        jobs |= {job.job_id: job for job in changes.jobs}
        for found in changes.assignments:
            homes[found.posting_key] = (found.job_id, found.family_id)
        assert not {home for home, _ in homes.values()} & set(changes.removed_jobs)
    # a job that was not written again is still what it would be now
    assert _homes(list(jobs.values())) == homes
    assert {job.job_id: job.openings for job in jobs.values()} == {
        job.job_id: job.openings for job in partition(stored.values(), verdicts)
    }
    return homes


def test_c12_a_market_of_known_truth_is_found_again() -> None:
    made = list(market(6000, seed=11))
    truth = {one.posting_key: one.truth for one in made}
    homes = _homes(partition(slim(made)))
    precision, recall = pairs((home, truth[key]) for key, (home, _) in homes.items())
    assert precision > 0.95
    assert recall > 0.88


@pytest.mark.parametrize("missing", ["company", "text", "title", "everything"])
def test_ads_that_lack_nearly_everything_are_decided(missing: str) -> None:
    nothing = {
        "company": {
            "company": None,
            "company_key": None,
            "board": "",
            "source": "boarda",
            "url": "https://x.example.com",
        },
        "text": {"description_text": ""},
        "title": {"title_core": "", "level": "", "title": "?"},
    }
    said = {k: v for name, facts in nothing.items() if missing in (name, "everything") for k, v in facts.items()}
    jobs = partition([ad(number, **said) for number in range(1, 6)])
    assert sum(len(job.links) for job in jobs) == 5
    assert len(jobs) == (1 if missing in ("company", "text") else 5)


def test_c12_ten_thousand_identical_ads_are_one_job_with_as_many_seats() -> None:
    first = ad()
    ads = [first._replace(posting_key=f"{n:016x}", pages=(f"ashby//{n}",)) for n in range(10_000)]
    (job,) = partition(ads)
    assert job.openings == 10_000


@pytest.mark.parametrize(
    ("ids", "jobs"),
    [
        (("77#backend-developer", "77#front-end-developer"), 2),
        (("week#77#backend-developer", "week#77#front-end-developer"), 2),
        (("week#77#backend-developer", "week#78#backend-developer"), 1),
    ],
)
def test_roles_of_one_comment_are_jobs_of_their_own(ids: tuple[str, str], jobs: int) -> None:
    """The comment's own id may hold the mark too: what stands behind the last one is the role."""
    assert len(partition([ad(external_id=one, source="hackernews", board="") for one in ids])) == jobs


@pytest.mark.parametrize(("days", "jobs"), [(80, 1), (100, 2)])
def test_c12_the_same_ad_without_a_date_is_one_job_for_ninety_days(days: int, jobs: int) -> None:
    """Ads alike in every visible part are not compared one by one: time parts them all the same."""
    ends = DAY0 + dt.timedelta(days=20)
    again = {"first_seen": ends + dt.timedelta(days=days), "last_seen": ends + dt.timedelta(days=days + 5)}
    found = partition([ad(1, posted_at=None), ad(2, posted_at=None, **again)])
    assert len(found) == jobs
    assert len({job.family_id for job in found}) == 1


def test_a_verdict_parts_one_of_many_ads_without_a_visible_difference() -> None:
    ads = [ad(n) for n in (1, 2, 3)]
    assert [job.openings for job in partition(ads)] == [3]
    pairs_of = [("different", ads[2].posting_key, other.posting_key) for other in ads[:2]]
    assert sorted(job.openings for job in partition(ads, Verdicts.of(pairs_of))) == [1, 2]


@pytest.mark.parametrize("first", [1, 2])
def test_a_job_is_founded_by_the_ad_that_was_seen_first_whenever_it_says_it_was_posted(first: int) -> None:
    seen = {n: DAY0 + dt.timedelta(days=1 if n == first else 2) for n in (1, 2)}
    ours = ad(1, first_seen=seen[1], posted_at=DAY0)
    theirs = copied(first_seen=seen[2], posted_at=DAY0 + dt.timedelta(hours=1))
    [job] = partition([ours, theirs])
    assert job.job_id == (ours if first == 1 else theirs).posting_key


def test_c12_who_is_compared_in_a_crowd_grows_with_it_and_not_with_its_square() -> None:
    texts = [DUTIES + "".join(random.Random(n).sample(DUTIES.split(" "), 60)) + str(n) for n in range(600)]
    ads = [ad(n + 1, description_text=text) for n, text in enumerate(texts)]
    compared = [_Block(_atoms(ads[:size], NO_VERDICTS), NO_VERDICTS)._candidates() for size in (300, 600)]
    assert all(len(pairs) <= size * 6 * NEIGHBOURS for size, pairs in zip((300, 600), compared, strict=True))
    assert len(compared[0]) >= 300


def test_a_crowd_of_one_employer_with_one_title_stays_within_bounds() -> None:
    """3,000 ads of one title with 1,000 texts in 20 places: compared by finer keys, and copies still meet."""
    texts = [DUTIES + "".join(random.Random(n).sample(DUTIES.split(" "), 60)) + str(n) for n in range(1000)]
    ads = []
    for n in range(3000):
        where = {
            "locations": [{"city": f"Town{n % 20}", "region": None, "country": "DE"}],
            "location_raw": f"Town{n % 20}",
        }
        ads.append(ad(n + 1, description_text=texts[n % 1000], **where))
    jobs = partition(ads)
    assert len(jobs) == 1000
    assert {job.openings for job in jobs} == {3}
