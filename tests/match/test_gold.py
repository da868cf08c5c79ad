"""Hand-labelled pairs of real ads, read where ROLECALL_REFERENCE names their folder; figures with 95 % intervals."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import os
from pathlib import Path

import pytest

from flows.classify import classify
from flows.clean import clean
from flows.match import Ad, partition, signature
from spiders.items import RawPosting
from storage.models import Rejection

FOLDER = Path(os.environ.get("ROLECALL_REFERENCE", "/nowhere")) / "gold"
pytestmark = pytest.mark.skipif(not (FOLDER / "pairs.labels.jsonl").exists(), reason="ROLECALL_REFERENCE is not set")


def lines(name: str) -> list[dict[str, object]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's score interval at 95 %."""
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return middle - half, middle + half


def test_labelled_pairs() -> None:
    now = dt.datetime(2026, 8, 9, tzinfo=dt.UTC)
    ads = []
    for line in lines("pairs.postings.jsonl"):
        cleaned = clean(RawPosting.model_validate(line), None, now=now)
        assert not isinstance(cleaned, Rejection), cleaned
        for posting in map(classify, cleaned):
            posting.signature = signature(posting)
            ads.append((posting, Ad.of(posting)))
    home = {link.posting_key: job.job_id for job in partition(ad for _, ad in ads) for link in job.links}
    job = {(p.source, p.external_id.split("#")[0]): home[p.posting_key] for p, _ in ads}
    sure = [pair for pair in lines("pairs.labels.jsonl") if pair["sure"] >= 0.7]  # type: ignore[operator]
    joined = [job[tuple(pair["a"])] == job[tuple(pair["b"])] for pair in sure]  # type: ignore[arg-type]
    same = [pair["verdict"] == "same" for pair in sure]
    hits = sum(itertools.starmap(lambda a, b: a and b, zip(joined, same, strict=True)))
    precision, recall = hits / sum(joined), hits / sum(same)
    print(f"\nprecision {precision:.3f} {interval(hits, sum(joined))}, recall {recall:.3f} {interval(hits, sum(same))}")
    assert precision >= 0.96
    assert recall >= 0.92
