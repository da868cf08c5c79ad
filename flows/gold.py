"""How well cleaning and classification agree with a careful reader: figures and the confusion table of roles.

A gold folder holds ``postings.jsonl`` (RawPosting lines) and ``postings.labels.jsonl`` (what a reader says of each, by
source and external_id). Nothing of either is stored.
"""

from __future__ import annotations

import collections
import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from config.load import ConfigError, cards
from config.load_taxonomy import roles, skills
from flows.classify import classify
from flows.clean import clean
from spiders.items import RawPosting
from storage.models import Posting

BACKEND = frozenset({"backend-developer", "backend-architect"})
# Readers say of each role how sure they are; server_side is judged where they are.
SURE = 0.7

Labels = dict[str, Any]
Pair = tuple[Labels, Posting | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure: a share (accuracy, or F1 with its precision and recall) and of how many."""

    name: str
    value: float
    of: int
    precision: float | None = None
    recall: float | None = None


@dataclass(frozen=True, slots=True)
class GoldReport:
    """What a gold folder says of the rules.

    confusion[(said by the reader, believed)] counts postings by role, ``none`` included.
    """

    postings: int
    read: int
    figures: tuple[Figure, ...]
    confusion: dict[tuple[str, str], int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The report as plain data."""
        return {
            "postings": self.postings,
            "read": self.read,
            "figures": {
                one.name: {
                    key: value
                    for key, value in (
                        ("value", round(one.value, 4)),
                        ("of", one.of),
                        ("precision", one.precision and round(one.precision, 4)),
                        ("recall", one.recall and round(one.recall, 4)),
                    )
                    if value is not None
                }
                for one in self.figures
            },
            "confusion": [
                {"reader": reader, "believed": believed, "postings": count}
                for (reader, believed), count in sorted(self.confusion.items())
            ],
        }


def check_gold(folder: Path) -> GoldReport:
    """Clean and classify a gold folder's postings and compare them with its labels.

    Raises:
        ConfigError: a file is missing or a line of it is no JSON object.
    """
    labels = _lines(folder / "postings.labels.jsonl")
    believed = _believed(_lines(folder / "postings.jsonl"))
    pairs: list[Pair] = [(label, believed.get(_key(label))) for label in labels]
    confusion = collections.Counter((label["role"], _role(posting)) for label, posting in pairs)
    return GoldReport(
        postings=len(pairs),
        read=sum(posting is not None for _, posting in pairs),
        figures=tuple(_figures(pairs)),
        confusion=dict(confusion),
    )


def printable(report: GoldReport) -> str:
    """The figures and the confusion table of roles as text; rows are what readers say, columns what is believed."""
    lines = [f"{report.read} of {report.postings} postings read", ""]
    for one in report.figures:
        detail = "" if one.precision is None else f"   precision {one.precision:.3f}, recall {one.recall:.3f}"
        lines.append(f"{one.name:18} {one.value:.3f} of {one.of}{detail}")
    return "\n".join([*lines, "", *confusion_table(report)])


def confusion_table(report: GoldReport) -> list[str]:
    """The confusion table of roles, one line a role that occurs; numbers at the top stand for the rows' roles."""
    seen = {slug for pair in report.confusion for slug in pair}
    order = [slug for slug in (*roles(), "none") if slug in seen]
    order += sorted(seen - set(order))
    width = max((len(slug) for slug in order), default=4) + 4
    lines = [f"{'role by reader':{width}}" + "".join(f"{n:5}" for n in range(1, len(order) + 1))]
    for n, reader in enumerate(order, start=1):
        counts = (report.confusion.get((reader, believed), 0) for believed in order)
        lines.append(f"{n:2}  {reader:{width - 4}}" + "".join(f"{count or '.':>5}" for count in counts))
    return lines


def _lines(path: Path) -> list[Labels]:
    try:
        return [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
    except (OSError, orjson.JSONDecodeError) as error:
        raise ConfigError(f"{path}: {error}; a gold folder holds postings.jsonl and postings.labels.jsonl") from error


def _key(label: Labels) -> tuple[str, str]:
    return str(label["source"]), str(label["external_id"])


def _believed(records: Iterable[Labels]) -> dict[tuple[str, str], Posting]:
    """The posting that stands for each record; of an ad split into several the back-end one, else the first."""
    found: dict[tuple[str, str], Posting] = {}
    now = dt.datetime.now(dt.UTC)
    for record in records:
        raw = RawPosting.model_validate(record)
        cleaned = clean(raw, cards().get(raw.source), now=now)
        if isinstance(cleaned, list) and cleaned:
            postings = [classify(one) for one in cleaned]
            found[_key(record)] = next((one for one in postings if one.role in BACKEND), postings[0])
    return found


def _role(posting: Posting | None) -> str:
    return posting.role if posting is not None else "not read"


def _figures(pairs: list[Pair]) -> Iterable[Figure]:
    yield _f1(
        "backend",
        tp=sum(label["role"] in BACKEND and _role(posting) in BACKEND for label, posting in pairs),
        found=sum(_role(posting) in BACKEND for _, posting in pairs),
        gold=sum(label["role"] in BACKEND for label, _ in pairs),
    )
    in_taxonomy = [pair for pair in pairs if pair[0]["role"] != "none"]
    sure = [pair for pair in pairs if pair[0].get("sure", 1.0) >= SURE]
    remote = [pair for pair in pairs if pair[0]["remote_mode"] == "remote"]
    yield _accuracy("role", pairs, lambda g: g["role"], lambda p: p.role)
    yield _accuracy("role_in_taxonomy", in_taxonomy, lambda g: g["role"], lambda p: p.role)
    yield _accuracy("server_side", sure, lambda g: g["server_side"], lambda p: p.server_side)
    yield _accuracy("seniority", pairs, lambda g: g["seniority"], lambda p: p.seniority)
    yield _accuracy("years", pairs, lambda g: (g["years_min"], g["years_max"]), lambda p: (p.years_min, p.years_max))
    yield _accuracy("degree", pairs, lambda g: g["degree"], lambda p: p.degree)
    yield _accuracy("employment_type", pairs, lambda g: g["employment"], lambda p: p.employment_type)
    yield _accuracy("language", pairs, lambda g: g["lang"], lambda p: p.language)
    yield _accuracy("remote_mode", pairs, lambda g: g["remote_mode"], lambda p: p.remote_mode)
    yield _accuracy("remote_regions", remote, lambda g: sorted(g["remote_regions"]), lambda p: sorted(p.remote_regions))
    yield _skills(pairs)


def _accuracy(
    name: str, pairs: list[Pair], said: Callable[[Labels], object], believed: Callable[[Posting], object]
) -> Figure:
    right = sum(posting is not None and said(label) == believed(posting) for label, posting in pairs)
    return Figure(name, right / len(pairs) if pairs else 0.0, len(pairs))


def _skills(pairs: list[Pair]) -> Figure:
    tp = found = gold = 0
    for label, posting in pairs:
        said = {_canonical(name) for name in label["skills"]}
        believed = {_canonical(name) for name in (posting.skills if posting else ())}
        tp, found, gold = tp + len(said & believed), found + len(believed), gold + len(said)
    return _f1("skills", tp, found, gold)


def _f1(name: str, tp: int, found: int, gold: int) -> Figure:
    precision, recall = tp / found if found else 0.0, tp / gold if gold else 0.0
    value = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Figure(name, value, gold, precision, recall)


@functools.cache
def _canonical(name: str) -> str:
    """A reader's name of a technology through the taxonomy's aliases, so that Postgres and PostgreSQL are one."""
    return _names().get(_bare(name), _bare(name))


@functools.cache
def _names() -> dict[str, str]:
    known: dict[str, str] = {}
    for skill in skills().values():
        for said in (skill.name, *skill.aliases, *skill.exact, *skill.named, *skill.context):
            known.setdefault(_bare(said), _bare(skill.name))
    return known


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9+#]", "", name.lower())
