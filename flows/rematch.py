"""Matching against the store: new and changed ads are decided with all that they may influence, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from config.load import cards
from config.lookups import verdicts
from flows.match import AD_COLUMNS, Ad, Before, Changes, Verdicts, best, block_keys, closure
from flows.match import rematch as decide
from flows.run import Run
from storage import changes as changes_of
from storage import read, store
from storage.engine import in_transaction
from storage.models import Job
from storage.rows import batches

COLUMNS = (*AD_COLUMNS, "job_id", "family_id", "to_match")
WAVE = 20_000
"""New ads that are decided at a time, with all that they may influence: memory stays flat however many wait."""

Keys = dict[str, set[int]]


def rematch(run: Run) -> dict[str, int]:
    """Match every ad that is new or changed since it was last matched; gives how many jobs changed and went."""
    done = in_transaction(run.engine, partial(_rematch, run=run))
    run.report.jobs = done
    return done


def _rematch(conn: Connection, *, run: Run) -> dict[str, int]:
    rules = Verdicts.of((v.said, v.a, v.b) for v in verdicts())
    # those of one employer one after the other, so that few ads of a wave touch another one
    waves = list(batches(read.keys_to_match(conn), WAVE)) or [[]]
    left: Keys = {}
    for wave in waves:
        reading = _Reading(conn)
        fresh = reading.ads(wave)
        left |= _save_keys(conn, fresh)
    done: Counter[str] = Counter(changed=0, removed=0, merged_or_split=0)
    for number, wave in enumerate(waves):
        if len(waves) > 1:
            reading = _Reading(conn)
            fresh = {key: ad for key, ad in reading.ads(wave).items() if key in reading.waiting}
        if number == 0:
            fresh |= reading.ads(rules.named)
        touched, new = _touched(reading, fresh, rules, left, more=number + 1 < len(waves))
        done.update(_write(conn, run, decide(touched, reading.before, rules, new), new))
    return dict(done)


def _save_keys(conn: Connection, ads: dict[str, Ad]) -> Keys:
    """Store the blocking keys of new and changed ads; gives those that they had until now and have no more."""
    until_now = changes_of.keys_until_now(conn, ads)
    keys = {posting_key: block_keys(ad) for posting_key, ad in ads.items()}
    store.save_match_keys(conn, {one: said for one, said in keys.items() if until_now.get(one) != set(said)})
    gone = ((one, said.difference(keys[one])) for one, said in until_now.items())
    return {one: said for one, said in gone if said}


def _touched(
    reading: _Reading, fresh: dict[str, Ad], rules: Verdicts, left: Keys, *, more: bool
) -> tuple[list[Ad], set[str]]:
    """All ads that these may influence, and the keys of the new and changed ones among them, with their job's others.

    ``more`` says that others wait: those that are reached are new as well, and what they reach in turn.
    """
    found: dict[str, Ad] = {}
    new: set[str] = set()

    def unread(keys: set[str]) -> Iterable[Ad]:
        return reading.ads(keys - found.keys()).values()

    while fresh:
        # the ads that a changed one leaves behind are decided anew as well: without it their job may fall apart
        fresh |= reading.of_jobs(fresh)
        new |= fresh.keys()
        reached = closure(
            fresh.values(),
            rules,
            lambda keys: read.postings_of_keys(reading.conn, keys),
            unread,
            set().union(*(left[key] for key in fresh.keys() & left.keys())),
        )
        found.update((ad.posting_key, ad) for ad in reached)
        if not more:
            break
        waiting = reading.waiting.intersection(ad.posting_key for ad in reached) - new
        fresh = {key: found[key] for key in waiting} | reading.waiting_of_jobs(reached, found)
    return list(found.values()), new


class _Reading:
    """Stored ads as matching takes them; remembers what they belong to and which of them wait."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.before: dict[str, Before] = {}
        self.waiting: set[str] = set()

    def ads(self, posting_keys: Iterable[str]) -> dict[str, Ad]:
        """These ads, by posting_key."""
        return self._taken(read.ads_of_postings(self.conn, posting_keys, COLUMNS))

    def of_jobs(self, ads: Iterable[str]) -> dict[str, Ad]:
        """All ads of the jobs that these belong to."""
        jobs = {self.before[key].job_id for key in ads if key in self.before}
        return self._taken(read.ads_of_jobs(self.conn, jobs, COLUMNS))

    def waiting_of_jobs(self, ads: Iterable[Ad], known: Container[str]) -> dict[str, Ad]:
        """The ads of their jobs that wait to be matched and are not known."""
        jobs = {self.before[ad.posting_key].job_id for ad in ads if ad.posting_key in self.before}
        return self.ads(key for key in read.waiting_of_jobs(self.conn, jobs) if key not in known)

    def _taken(self, rows: Iterable[Any]) -> dict[str, Ad]:
        ads = {}
        for row in rows:
            ads[row.posting_key] = Ad.of(row)
            if row.job_id:
                self.before[row.posting_key] = Before(row.job_id, row.family_id)
            if row.to_match:
                self.waiting.add(row.posting_key)
        return ads


def _write(conn: Connection, run: Run, changes: Changes, matched: set[str]) -> dict[str, int]:
    now = run.clock()
    store.assign_jobs(conn, changes.assignments)
    # what is assigned is marked with it: a row is written once
    store.mark_matched(conn, matched.difference(one.posting_key for one in changes.assignments))
    links = ({**link._asdict(), "job_id": job_id} for job_id, link in changes.links)
    store.save_links(conn, links, run_id=run.run_id, now=now)
    store.save_events(conn, changes.events, run_id=run.run_id, now=now)
    changed = store.save_jobs(conn, _jobs(conn, changes), run_id=run.run_id)
    store.remove_jobs(conn, changes.removed_jobs)
    return {"changed": changed, "removed": len(changes.removed_jobs), "merged_or_split": len(changes.events)}


def _jobs(conn: Connection, changes: Changes) -> Iterable[Job]:
    """The touched jobs with their best facts, read and made one after the other."""
    clusters = {cluster.job_id: cluster for cluster in changes.jobs}
    postings = read.postings_of_jobs(conn, clusters)
    for job_id, group in groupby(postings, key=lambda posting: posting.job_id):
        if job_id in clusters:
            yield best(clusters[job_id], list(group), cards())
