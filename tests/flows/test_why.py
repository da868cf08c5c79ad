"""``rolecall why``: every fact of a job with its value, the ad it was taken from and that ad's words."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from flows.commands.why import LONGEST, text
from tests.flows.rolecall import rolecall

AT = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def a_job(**facts: Any) -> dict[str, Any]:
    """A job of one ad, as :func:`storage.read.why` gives it; its facts are that ad's."""
    said: dict[str, Any] = {
        "title": "Lamp Engineer", "title_raw": "LAMP ENGINEER", "company": "Harbour Lights", "company_raw": None, "role": "backend-developer",
        "server_side": "core", "role_because": "title: lamp engineer", "seniority": "senior", "seniority_because": "text: senior",
        "years_min": None, "years_max": None, "years_because": "", "degree": "none", "degree_because": "", "remote_mode": "unknown",
        "remote_because": "", "salary_min": None, "salary_max": None, "salary_currency": None, "salary_period": None, "salary_source": None,
        "salary_raw": None, "employment_type": "unknown", "employment_type_raw": None, "skills": ["Go", "SQL"], "language": "en",
    }  # fmt: skip
    said |= facts
    ad = said | {
        "posting_key": "k1", "source": "remotive", "board": "", "external_id": "7", "url": "https://example.com/7", "title_core": "lamp engineer",
        "link": None, "looks": [], "state": "open", "closed_because": None,
    }  # fmt: skip
    return said | {
        "job_id": "j1", "state": "open", "openings": 1, "ads": [ad], "sisters": [], "events": [], "best": dict.fromkeys(said, "k1"),
        "remote_regions": ["US", "CA"], "locations": [{"city": "Ghent", "region": None, "country": "BE"}], "first_seen": AT, "last_seen": AT,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        ({}, ["  title: Lamp Engineer", '    remotive/7: "LAMP ENGINEER"', "  company: Harbour Lights", "    remotive/7"]),
        ({}, ["  role: backend-developer, core", '    remotive/7: "title: lamp engineer"']),
        ({}, ["  skills: Go; SQL", "    remotive/7"]),
        ({}, ["  remote_regions: US; CA (of all ads)", "  locations: Ghent, BE (of all ads)", "  first_seen: 2026-11-01 (of all ads)"]),
        ({"years_min": 5, "years_because": "5+ years"}, ["  years: 5 or more", '    remotive/7: "5+ years"']),
        ({"years_min": 3, "years_max": 6}, ["  years: 3 to 6"]),
        ({"years_max": 2}, ["  years: up to 2"]),
        (
            {"salary_min": 120_000.0, "salary_max": 150_000.0, "salary_currency": "USD", "salary_period": "year", "salary_source": "parsed",
             "salary_raw": "$120-150k"},
            ["  pay: 120,000 to 150,000 USD a year, parsed", '    remotive/7: "$120-150k"'],
        ),
        (
            {"salary_min": 12.5, "salary_max": 12.5, "salary_currency": "?", "salary_source": "stated"},
            ["  pay: 12.5 ? a ?, stated"],
        ),
    ],
)  # fmt: skip
def test_each_fact_has_its_value_its_ad_and_the_words(facts: dict[str, Any], lines: list[str]) -> None:
    job = a_job(**facts)
    job["best"] = {one: key for one, key in job["best"].items() if job[one] is not None}
    if job["years_min"] is None and job["years_max"] is not None:
        job["best"]["years_min"] = "k1"
    assert "\n".join(lines) in text(job)


def test_what_nobody_said_is_not_listed() -> None:
    job = a_job()
    job["best"] = {"title": "k1"}
    told = text(job)
    assert "  title: Lamp Engineer" in told
    assert "pay:" not in told
    assert "seniority:" not in told


def test_long_words_are_cut_and_nothing_moves_the_terminal() -> None:
    told = text(a_job(role_because=f"text: {'lamp ' * 200}", company="Harbour\x1b[31m\nLights"))
    assert max(map(len, told.splitlines())) < LONGEST + 60
    assert "\x1b" not in told
    assert "company: Harbour" in told


def test_an_ad_may_be_named_by_its_source_and_id(tmp_path: Path) -> None:
    ad = {"source": "parcelboard", "title": "Back-end Developer"}
    ids = [
        ("", "1", "Locker Works"),
        ("ghent", "2", "Parcel Yard"),
        ("leuven", "3", "Box Row"),
        ("oslo", "3", "Fjord Post"),
    ]
    lines = [
        json.dumps(
            ad | {"board": board, "external_id": id, "company": name, "url": f"https://example.com/{board}/{id}"}
        )
        for board, id, name in ids
    ]
    file = tmp_path / "some.jsonl"
    file.write_text("\n".join(lines))
    assert rolecall("ingest", "--from", file, "--plain", data=tmp_path).code == 0
    for said, name in (
        ("1", "Locker Works"),
        ("ghent/2", "Parcel Yard"),
        ("2", "Parcel Yard"),
        ("oslo/3", "Fjord Post"),
    ):
        told = rolecall("why", f"parcelboard/{said}", data=tmp_path)
        assert (told.code, told.out.splitlines()[:1]) == (0, [f"Back-end Developer at {name}"]), told.err
    for said, words in (
        ("parcelboard/4", "no posting is called 'parcelboard/4'. Say source/external_id"),
        ("parcelbored/1", "no posting is called 'parcelbored/1'. Say"),
        ("parcelboard/3", "may be one of 2 postings. Say which: parcelboard/leuven/3, parcelboard/oslo/3"),
        ("0123456789abcdef", "no job and no posting has the id"),
    ):
        told = rolecall("why", said, data=tmp_path)
        assert (told.code, told.out, len(told.err.splitlines())) == (2, "", 1)
        assert words in told.err, told.err
