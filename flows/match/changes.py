"""Deciding anew what new and changed ads touch, and what that changes: for a store that knows all other jobs.

The flow's part is reading and writing; this is everything between::

    ads = closure(new_ads, verdicts, postings_of_keys, ads_of_postings)
    changes = rematch(ads, {key: Before(job_id, family_id) ...}, verdicts, new={ad.posting_key for ad in new_ads})
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from flows.match.ad import Ad
from flows.match.cluster import Cluster, Link, clusters
from flows.match.keys import touched_keys
from flows.match.verdicts import NO_VERDICTS, Verdicts


class Before(NamedTuple):
    """The job and family that a posting belonged to."""

    job_id: str
    family_id: str | None


class Assignment(NamedTuple):
    """The job and family that a posting belongs to now."""

    posting_key: str
    job_id: str
    family_id: str


class Event(NamedTuple):
    """A job that was taken into another, or gave some of its ads to another.

    job_id: the job that was before. other_job_id: where the postings are now.
    """

    event: Literal["merge", "split"]
    job_id: str
    other_job_id: str
    postings: tuple[str, ...]


class Changes(NamedTuple):
    """What a rematch changes; everything not named stays as it is stored.

    jobs: those that have a new or changed ad, or other ads or another family than before; what was touched and decided
    as it was is not among them. assignments: postings whose job or family is new. links: the reason of every posting of
    those jobs. removed_jobs: job ids that no posting belongs to any more.
    """

    jobs: tuple[Cluster, ...]
    assignments: tuple[Assignment, ...]
    links: tuple[tuple[str, Link], ...]
    events: tuple[Event, ...]
    removed_jobs: tuple[str, ...]


PostingsOfKeys = Callable[[set[int]], Iterable[str]]
AdsOfPostings = Callable[[set[str]], Iterable[Ad]]


def closure(
    new: Iterable[Ad],
    verdicts: Verdicts,
    postings_of_keys: PostingsOfKeys,
    ads_of_postings: AdsOfPostings,
    left_keys: Iterable[int] = (),
) -> list[Ad]:
    """All ads that the new ones may influence: those that share a key, directly or through others.

    Deciding whole components is what makes the result independent of batches: one of a thousand ads read in twenty
    batches is decided with the same neighbours as in one. A new version of an ad replaces the one that is stored; every
    stored ad is read once.

    Args:
        new: new and changed ads, and those that new verdicts name.
        postings_of_keys: the posting keys of the stored ads that have any of these blocking keys.
        ads_of_postings: the stored ads with these posting keys.
        left_keys: keys that changed or deleted ads had until now: a neighbour that such an ad made ambiguous, or held
            in its job, is decided anew without it.
    """
    found: dict[str, Ad] = {ad.posting_key: ad for ad in new}
    keys = touched_keys(found.values()) | set(left_keys)
    asked: set[int] = set()
    while True:
        wanted = {key for pair in verdicts.pairs for key in pair if set(pair) & found.keys()}
        if keys - asked:
            wanted.update(postings_of_keys(keys - asked))
        asked |= keys
        wanted -= found.keys()
        added = {ad.posting_key: ad for ad in ads_of_postings(wanted)} if wanted else {}
        if not added:
            return list(found.values())
        found |= added
        keys = touched_keys(added.values())


def rematch(
    ads: Iterable[Ad],
    before: Mapping[str, Before],
    verdicts: Verdicts = NO_VERDICTS,
    new: Collection[str] | None = None,
) -> Changes:
    """Decide a closed set of ads anew and say what is different.

    Args:
        before: what the postings belonged to; a posting that is not in it, or has no job_id, was in no job.
        new: posting keys of the ads that are new or changed; None: all of them may be.
    """
    jobs = tuple(sorted(clusters(ads, verdicts)))
    now = {link.posting_key: Before(job.job_id, job.family_id) for job in jobs for link in job.links}
    known = {key: was for key, was in before.items() if was.job_id and key in now}
    assignments = tuple(
        Assignment(key, belongs.job_id, belongs.family_id or belongs.job_id)
        for key, belongs in sorted(now.items())
        if known.get(key) != belongs
    )
    moved = events({k: was.job_id for k, was in known.items()}, {k: belongs.job_id for k, belongs in now.items()})
    removed = tuple(sorted({was.job_id for was in known.values()} - {job.job_id for job in jobs}))
    touched = {one.posting_key for one in assignments}.union(now if new is None else new)
    lessened = {known[one.posting_key].job_id for one in assignments if one.posting_key in known}
    fresh = tuple(
        job for job in jobs if job.job_id in lessened or any(link.posting_key in touched for link in job.links)
    )
    links = tuple((job.job_id, link) for job in fresh for link in job.links)
    return Changes(fresh, assignments, links, moved, removed)


def events(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Event, ...]:
    """Merges and splits between two assignments of postings to jobs; new postings make no event.

    A job all of whose ads went to one other job was merged into it; otherwise each other job that got some of its ads
    was split off.
    """
    went: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key, job_id in sorted(before.items()):
        if key in after:
            went[job_id][after[key]].append(key)
    found = []
    for job_id, homes in sorted(went.items()):
        whole: Literal["merge", "split"] = "merge" if len(homes) == 1 else "split"
        found += [Event(whole, job_id, home, tuple(keys)) for home, keys in sorted(homes.items()) if home != job_id]
    return tuple(found)
