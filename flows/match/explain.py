"""Why a job is what it is: its ads, what joined each, where each field came from, and who was kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flows.match.ad import Ad
from flows.match.cluster import Link
from flows.match.compare import Comparison, compare
from flows.match.verdicts import NO_VERDICTS, Verdicts
from storage.models import Job, Posting


class Member(NamedTuple):
    """One ad of a job and why it is there."""

    posting_key: str
    source: str
    board: str
    external_id: str
    url: str
    title: str
    role: str
    kind: str
    rule: str
    score: float
    because: str


class Field(NamedTuple):
    """One field of the job and the ad it was taken from."""

    name: str
    value: object
    posting_key: str
    source: str


class Rival(NamedTuple):
    """An ad of a sister opening and what kept it apart."""

    posting_key: str
    job_id: str
    title: str
    guard: str
    score: float


class Explanation(NamedTuple):
    """The data of ``rolecall why JOB``. role: taxonomy slug against which the titles met, with their core and level."""

    job_id: str
    family_id: str
    role: str
    title_core: str
    level: str
    members: tuple[Member, ...]
    fields: tuple[Field, ...]
    rivals: tuple[Rival, ...]


def explain(
    job: Job,
    postings: Sequence[Posting],
    links: Iterable[Link],
    family: Iterable[Posting] = (),
    verdicts: Verdicts = NO_VERDICTS,
) -> Explanation:
    """What made this job.

    Args:
        postings: the job's ads. links: the stored reasons of these ads.
        family: ads of other jobs of its family; for each the reason is shown why it is another job.
    """
    by_key = {posting.posting_key: posting for posting in postings}
    founder = by_key.get(job.job_id, postings[0])
    why = {link.posting_key: link for link in links}
    members = tuple(
        _member(by_key[key], why.get(key)) for key in sorted(by_key, key=lambda key: (key != job.job_id, key))
    )
    fields = tuple(
        Field(name, getattr(job, name), key, by_key[key].source if key in by_key else "")
        for name, key in sorted(job.best.items())
    )
    ours = [Ad.of(posting) for posting in postings]
    rivals = tuple(_rival(posting, ours, verdicts) for posting in family if posting.posting_key not in by_key)
    return Explanation(
        job.job_id,
        job.family_id or job.job_id,
        job.role,
        founder.title_core,
        founder.level,
        members,
        fields,
        rivals,
    )


def _member(posting: Posting, link: Link | None) -> Member:
    rule, score, kind, because = (link.rule, link.score, link.kind, link.because) if link else ("", 0.0, "full", "")
    return Member(
        posting.posting_key,
        posting.source,
        posting.board,
        posting.external_id,
        posting.url,
        posting.title,
        posting.role,
        kind,
        rule,
        score,
        because,
    )


def _rival(posting: Posting, ours: Sequence[Ad], verdicts: Verdicts) -> Rival:
    theirs = Ad.of(posting)
    found = [compare(ad, theirs) for ad in ours]
    nearest = max(found, key=lambda one: one.bits)
    guards = sorted({one.guard for one in found if one.guard})
    if any(verdicts.on(ad.posting_key, theirs.posting_key) == "different" for ad in ours):
        guards = ["verdict: different"]
    return Rival(
        posting.posting_key,
        posting.job_id or "",
        posting.title,
        "; ".join(guards) or _undecided(nearest),
        nearest.score,
    )


def _undecided(found: Comparison) -> str:
    return "fits several openings about as well" if found.joins else f"too little evidence ({found.rule})"
