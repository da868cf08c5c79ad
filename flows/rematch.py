"""Matching against the store: new and changed ads are decided with all that they may influence, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import groupby

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

COLUMNS = (*AD_COLUMNS, "job_id", "family_id")


def rematch(run: Run) -> dict[str, int]:
    """Match every ad that is new or changed since it was last matched; gives how many jobs changed and went."""
    done = in_transaction(run.engine, partial(_rematch, run=run))
    run.report.jobs = done
    return done


def _rematch(conn: Connection, *, run: Run) -> dict[str, int]:
    rules = Verdicts.of((v.said, v.a, v.b) for v in verdicts())
    rows = read.to_match(conn, COLUMNS)
    # the ads that a changed one leaves behind are decided anew as well: without it their job may fall apart
    rows += read.ads_of_jobs(conn, {row.job_id for row in rows if row.job_id}, COLUMNS)
    rows += read.ads_of_postings(conn, rules.named, COLUMNS)
    before: dict[str, Before] = {}
    new = {ad.posting_key: ad for ad in _ads(rows, before)}
    left = changes_of.keys_until_now(conn, new)
    store.save_match_keys(conn, {key: block_keys(ad) for key, ad in new.items()})
    ads = closure(
        new.values(),
        rules,
        lambda keys: read.postings_of_keys(conn, keys),
        lambda keys: _ads(read.ads_of_postings(conn, keys, COLUMNS), before),
        left,
    )
    changes = decide(ads, before, rules, new)
    return _write(conn, run, changes, list(new))


def _ads(rows: Iterable[object], before: dict[str, Before]) -> list[Ad]:
    ads = []
    for row in rows:
        ad = Ad.of(row)
        if job_id := getattr(row, "job_id", None):
            before[ad.posting_key] = Before(job_id, getattr(row, "family_id", None))
        ads.append(ad)
    return ads


def _write(conn: Connection, run: Run, changes: Changes, matched: list[str]) -> dict[str, int]:
    now = run.clock()
    store.assign_jobs(conn, changes.assignments)
    store.mark_matched(conn, matched)
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
