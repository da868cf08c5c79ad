"""Matching against the store: new and changed ads are decided with all that they may influence, and nothing else.

Where many wait, the processes that clean and classify read for it. They see the database as it was before, which is all
that an ad and the facts of a job depend on; what belongs together is decided, and written, here alone.
"""

from __future__ import annotations

import functools
import pickle
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, groupby
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, StaticPool

from config.load import cards
from config.lookups import verdicts
from flows.match import AD_COLUMNS, FACT_COLUMNS, Ad, Before, Changes, Cluster, Verdicts, best, block_keys, closure
from flows.match import rematch as decide
from flows.run import Run
from storage import changes as changes_of
from storage import read, store
from storage.engine import connect, in_transaction
from storage.rows import batches

A = TypeVar("A")
B = TypeVar("B")

COLUMNS = (*AD_COLUMNS, "job_id", "family_id", "to_match")
WAVE = 20_000
"""New ads that are decided at a time, with all that they may influence: memory stays flat however many wait."""
PIECE = 500
"""Ads, or jobs, that are read at a time."""
IN_MEMORY = 32 * 2**20
"""Bytes of read ads, a kilobyte each, that wait in memory for their wave; more wait in a file."""

Keys = dict[str, set[int]]
Each = Callable[[Callable[[Connection, A], B], Iterable[A]], Iterator[B]]


def rematch(run: Run) -> dict[str, int]:
    """Match every ad that is new or changed since it was last matched; gives how many jobs changed and went."""
    done = in_transaction(run.engine, partial(_rematch, run=run))
    run.report.jobs = done
    return done


def _rematch(conn: Connection, *, run: Run) -> dict[str, int]:
    rules = Verdicts.of((v.said, v.a, v.b) for v in verdicts())
    # those of one employer one after the other, so that few ads of a wave touch another one
    waves = list(batches(read.keys_to_match(conn), WAVE)) or [[]]
    each = _each(conn, run, beside=len(waves) > 1)
    done: Counter[str] = Counter(changed=0, removed=0, merged_or_split=0)
    with SpooledTemporaryFile(IN_MEMORY, dir=_spool(run)) as shelf:
        left: Keys = {}
        for look in each(_look, chain.from_iterable(map(_pieces, waves))):
            shelf.write(look.ads)
            store.save_match_keys(conn, look.keys)
            left |= look.left
        shelf.seek(0)
        taken: set[str] = set()
        for number, wave in enumerate(waves):
            known = [one for _ in _pieces(wave) for one in pickle.load(shelf)]  # noqa: S301 - written above, unlinked
            reading = _Reading(conn)
            fresh = reading.remembered(one for one in known if one[0].posting_key not in taken)
            if number == 0:
                fresh |= reading.ads(rules.named)
            touched, new = _touched(reading, fresh, rules, left, more=number + 1 < len(waves))
            # those of later waves are decided with it
            taken |= new.difference(wave)
            done.update(_write(conn, run, decide(touched, reading.before, rules, new), new, each))
    return dict(done)


class _Look(NamedTuple):
    """Waiting ads as they were read."""

    ads: bytes
    """Pairs of Ad and Before, pickled: they are put aside until their wave comes."""
    keys: dict[str, tuple[int, ...]]
    """Blocking keys of those that are stored with others, or none."""
    left: Keys
    """Keys that they had until now and have no more."""


def _look(conn: Connection, posting_keys: list[str]) -> _Look:
    reading = _Reading(conn)
    ads = reading.ads(posting_keys)
    until_now = changes_of.keys_until_now(conn, ads)
    keys = {posting_key: block_keys(ad) for posting_key, ad in ads.items()}
    gone = ((one, said.difference(keys[one])) for one, said in until_now.items())
    return _Look(
        pickle.dumps([(ad, reading.before.get(key)) for key, ad in ads.items()], pickle.HIGHEST_PROTOCOL),
        {one: said for one, said in keys.items() if until_now.get(one) != set(said)},
        {one: said for one, said in gone if said},
    )


def _pieces(posting_keys: list[str]) -> Iterator[list[str]]:
    return batches(posting_keys, PIECE)


def _spool(run: Run) -> str:
    """The data folder has room; /tmp may lie in memory."""
    run.spool.mkdir(parents=True, exist_ok=True)
    return str(run.spool)


def _each(conn: Connection, run: Run, *, beside: bool) -> Each[Any, Any]:
    """What reads something for each item, in their order: this connection, or processes with connections of their own."""
    if not beside or isinstance(run.engine.pool, StaticPool):
        return lambda reads, items: map(partial(reads, conn), items)
    url = run.engine.url.render_as_string(hide_password=False)
    return lambda reads, items: run.believers.each(partial(_beside, url, reads), items)


def _beside(url: str, reads: Callable[[Connection, A], B], item: A) -> B:
    return in_transaction(_engine(url), lambda conn: reads(conn, item))


@functools.cache
def _engine(url: str) -> Engine:
    """One that only reads, for the life of its process."""
    return connect(url, read_only=True).execution_options(rolecall_reading=True)


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

    def remembered(self, known: Iterable[tuple[Ad, Before | None]]) -> dict[str, Ad]:
        """Waiting ads that were read before, by posting_key."""
        ads = {}
        for ad, before in known:
            ads[ad.posting_key] = ad
            self.waiting.add(ad.posting_key)
            if before:
                self.before[ad.posting_key] = before
        return ads

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


def _write(conn: Connection, run: Run, changes: Changes, matched: set[str], each: Each[Any, Any]) -> dict[str, int]:
    now = run.clock()
    store.assign_jobs(conn, changes.assignments)
    # what is assigned is marked with it: a row is written once
    store.mark_matched(conn, matched.difference(one.posting_key for one in changes.assignments))
    links = ({**link._asdict(), "job_id": job_id} for job_id, link in changes.links)
    store.save_links(conn, links, run_id=run.run_id, now=now)
    store.save_events(conn, changes.events, run_id=run.run_id, now=now)
    changed = store.save_job_rows(conn, _job_rows(conn, run, changes.jobs, each))
    store.remove_jobs(conn, changes.removed_jobs)
    return {"changed": changed, "removed": len(changes.removed_jobs), "merged_or_split": len(changes.events)}


def _job_rows(
    conn: Connection, run: Run, clusters: Sequence[Cluster], each: Each[Any, Any]
) -> Iterator[dict[str, Any]]:
    """The touched jobs with their best facts, read and made one after the other."""
    sizes = read.sizes_of_jobs(conn, (one.job_id for one in clusters))
    whole = [one for one in clusters if sizes[one.job_id] == len(one.links)]
    for rows in each(partial(_rows_of_ads, run_id=run.run_id), batches(whole, PIECE)):
        yield from rows
    # an ad that no key leads to any more, but that is of this job still
    others = {one.job_id: one for one in clusters if sizes[one.job_id] != len(one.links)}
    ads: list[Any] = read.ads_of_jobs(conn, others, ("job_id", *FACT_COLUMNS))
    for job_id, of_job in groupby(ads, key=lambda ad: str(ad.job_id)):
        yield store.job_row(best(others[job_id], list(of_job), cards()), run.run_id)


def _rows_of_ads(conn: Connection, clusters: list[Cluster], *, run_id: str) -> list[dict[str, Any]]:
    """The jobs of these clusters as they are stored, from the ads that make them up."""
    keys = (link.posting_key for cluster in clusters for link in cluster.links)
    ads: dict[str, Any] = {row.posting_key: row for row in read.ads_of_postings(conn, keys, FACT_COLUMNS)}
    return [
        store.job_row(best(one, [ads[link.posting_key] for link in one.links], cards()), run_id) for one in clusters
    ]
