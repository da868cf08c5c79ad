"""What a rematch changes, and the events that tell it."""

from __future__ import annotations

import datetime as dt

from flows.match import NO_VERDICTS, Ad, Before, Event, Verdicts, block_keys, closure, events, partition, rematch
from tests.match.ads import DAY0, MADRID, ad, copied

LOOSE = {"locations": [], "location_raw": "Remote"}


def test_events_of_merge_and_split() -> None:
    before = {"a": "A", "b": "A", "c": "C", "d": "D"}
    after = {"a": "A", "b": "B", "c": "D", "d": "D", "new": "D"}
    assert events(before, after) == (Event("split", "A", "B", ("b",)), Event("merge", "C", "D", ("c",)))


def test_a_job_keeps_its_id_when_it_grows() -> None:
    first, later = ad(), copied(first_seen=DAY0 + dt.timedelta(days=1))
    (job,) = partition([first])
    changes = rematch([first, later], {first.posting_key: Before(job.job_id, job.family_id)})
    assert [(one.posting_key, one.job_id) for one in changes.assignments] == [(later.posting_key, job.job_id)]
    assert (changes.events, changes.removed_jobs) == ((), ())


def test_a_second_place_makes_a_loose_copy_ambiguous_and_the_split_is_told() -> None:
    berlin, copy = ad(), copied(**LOOSE)
    (job,) = partition([berlin, copy])
    before = {link.posting_key: Before(job.job_id, job.family_id) for link in job.links}
    madrid = ad(2, locations=[MADRID], location_raw="Madrid, Spain")
    changes = rematch([berlin, copy, madrid], before)
    assert len(changes.jobs) == 3
    assert len({one.family_id for one in changes.jobs}) == 1
    assert [one.event for one in changes.events] == ["split"]


def test_a_verdict_merges_and_the_event_says_so() -> None:
    berlin, madrid = ad(), ad(2, locations=[MADRID], location_raw="Madrid, Spain")
    before = {one.job_id: Before(one.job_id, one.family_id) for one in partition([berlin, madrid])}
    verdicts = Verdicts.of([("same", berlin.posting_key, madrid.posting_key)])
    changes = rematch([berlin, madrid], before, verdicts)
    assert [one.event for one in changes.events] == ["merge"]
    assert len(changes.removed_jobs) == 1
    assert {link.rule for _, link in changes.links} == {"founding ad", "verdict: same"}


def test_closure_reads_neighbours_of_neighbours_and_the_new_version_wins() -> None:
    page = "https://jobs.lever.co/v/00000001-0000-4000-8000-000000000000"
    near = copied(60, apply_url=page, title_core="backend developer ledger")
    far = copied(70, apply_url=page, title_core="another title", source="boardb", url="https://boardb.example.com/1")
    old, new = ad(), ad(level="Senior", years_min=4)
    asked: list[set[int]] = []

    def of_keys(keys: set[int]) -> list[str]:
        asked.append(keys)
        return [near.posting_key, old.posting_key] if len(asked) == 1 else [far.posting_key]

    stored = {one.posting_key: one for one in (old, near, far)}
    read: list[str] = []

    def of_postings(wanted: set[str]) -> list[Ad]:
        read.extend(wanted)
        return [stored[key] for key in wanted]

    found = closure([new], Verdicts.of([]), of_keys, of_postings)
    assert sorted(read) == sorted((near.posting_key, far.posting_key))
    assert {one.posting_key for one in found} == {new.posting_key, near.posting_key, far.posting_key}
    assert next(one for one in found if one.posting_key == new.posting_key).years == 4
    assert not asked[0] & asked[1]


def test_an_ad_that_changes_its_title_lets_its_old_neighbours_be_decided_without_it() -> None:
    berlin, copy = ad(), copied(**LOOSE)
    madrid = ad(2, locations=[MADRID], location_raw="Madrid, Spain")
    before = {job.job_id: Before(job.job_id, job.family_id) for job in partition([berlin, copy, madrid])}
    assert len(before) == 3
    changed = ad(2, title="Nurse", title_core="nurse", level="", locations=[MADRID], location_raw="Madrid, Spain")
    stored = {one.posting_key: one for one in (berlin, copy, changed)}

    def of_keys(keys: set[int]) -> list[str]:
        return [key for key, one in stored.items() if keys & set(block_keys(one))]

    def of_postings(wanted: set[str]) -> list[Ad]:
        return [stored[key] for key in wanted]

    touched = closure([changed], NO_VERDICTS, of_keys, of_postings, left_keys=block_keys(madrid))
    changes = rematch(touched, before, NO_VERDICTS)
    assert [one.event for one in changes.events] == ["merge"]
    assert partition(stored.values()) == sorted(changes.jobs)


def test_what_is_decided_as_it_was_is_not_written_again() -> None:
    berlin, madrid = ad(), ad(2, locations=[MADRID], location_raw="Madrid, Spain")
    before = {job.job_id: Before(job.job_id, job.family_id) for job in partition([berlin, madrid])}
    second = copied(locations=[MADRID], location_raw="Madrid, Spain", first_seen=DAY0 + dt.timedelta(days=1))
    changes = rematch([berlin, madrid, second], before, new={second.posting_key})
    assert [job.job_id for job in changes.jobs] == [madrid.posting_key]
    assert {link.posting_key for _, link in changes.links} == {madrid.posting_key, second.posting_key}
    # its facts may be other ones, though it is in the job it was in
    again = rematch([berlin, madrid], before, new={berlin.posting_key})
    assert ([job.job_id for job in again.jobs], again.assignments) == ([berlin.posting_key], ())


def test_a_job_that_lost_an_ad_is_written_again() -> None:
    berlin, madrid = ad(), ad(2, locations=[MADRID], location_raw="Madrid, Spain")
    before = {key: Before(berlin.posting_key, berlin.posting_key) for key in (berlin.posting_key, madrid.posting_key)}
    changes = rematch([berlin, madrid], before, new=set())
    assert {job.job_id for job in changes.jobs} == {berlin.posting_key, madrid.posting_key}
