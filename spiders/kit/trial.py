"""``rolecall try``: what a spider makes of an answer, for the eyes of who is writing it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spiders.bases.reading import Reading, Unreadable
from spiders.bases.source import FIELDS
from spiders.items import RawPosting
from spiders.reading import read_answer
from spiders.replay import recordings


@dataclass(slots=True)
class Trial:
    """How many ads, which fields they fill (share, 0 to 1), three of them, and what was not read."""

    source: str
    records: int = 0
    ads: int = 0
    filled: dict[str, float] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    unread_keys: dict[str, int] = field(default_factory=dict)
    unknown_values: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)


def try_spider(source: str, files: list[Path] | None = None, board: str = "") -> Trial:
    """What the spider reads in files, or in its recording. Raises UnknownSource; KeyError if it has no recording."""
    trial, keys, values, left = Trial(source), Counter[str](), Counter[str](), Counter[str]()
    postings: list[RawPosting] = []
    for name, url, body in _answers(source, files):
        try:
            reading: Reading = read_answer(source, body, url, board)
        except Unreadable as error:
            trial.rejected.append(f"{name}: {error}")
            continue
        postings += reading.postings
        trial.records += reading.records
        trial.rejected += [f"{name}: {u.reason}: {u.detail}" for u in reading.unread]
        keys, values, left = keys + reading.unknown_keys, values + reading.unknown_values, left + reading.left_out
    trial.ads = len(postings)
    trial.unread_keys, trial.unknown_values, trial.left_out = dict(keys), dict(values), dict(left)
    if postings:
        said = {name: sum(getattr(p, name) is not None for p in postings) / len(postings) for name in sorted(FIELDS)}
        trial.filled = {name: share for name, share in said.items() if share}
        trial.rows = [p.model_dump(exclude_none=True, exclude={"payload"}) for p in postings[:3]]
    return trial


def _answers(source: str, files: list[Path] | None) -> list[tuple[str, str, bytes]]:
    if files:
        return [(file.name, "", file.read_bytes()) for file in files]
    exchanges = [e for e in recordings()[source].exchanges if e.file is not None and e.status == 200]
    return [(e.file.name, e.url, e.answer()) for e in exchanges if e.file is not None]
