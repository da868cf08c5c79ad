"""A gold folder judges the rules."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from config.load import ConfigError
from flows.commands import check
from flows.gold import check_gold, printable

ADS = [
    ("1", "Senior Backend Engineer", "Requirements\n- 5+ years of experience with Postgres", "backend-developer"),
    ("2", "Product Designer", "Requirements\n- Figma", "ux-ui-designer"),
    ("3", "Data Engineer", "Requirements\n- Airflow", "backend-developer"),
]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    ads, labels = [], []
    for number, title, text, role in ADS:
        ad = {"source": "example", "external_id": number, "url": f"https://example.com/{number}", "title": title}
        ads.append(ad | {"description": text})
        labels.append(
            {
                "source": "example",
                "external_id": number,
                "role": role,
                "server_side": "core" if role == "backend-developer" else "none",
                "seniority": "senior" if number == "1" else "unspecified",
                "years_min": 5 if number == "1" else None,
                "years_max": None,
                "remote_mode": "unknown",
                "remote_regions": [],
                "employment": "unknown",
                "degree": "none",
                "skills": {"1": ["PostgreSQL"], "2": ["Figma"], "3": ["Apache Airflow", "Python"]}[number],
                "lang": "en",
                "sure": 0.9,
            }
        )
    for name, rows in (("postings.jsonl", ads), ("postings.labels.jsonl", labels)):
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def test_figures_and_confusion(gold: Path) -> None:
    report = check_gold(gold)
    figures = {one.name: one for one in report.figures}
    assert (report.postings, report.read) == (3, 3)
    assert figures["role"].value == pytest.approx(2 / 3)
    assert figures["backend"].precision == 1.0
    assert figures["backend"].recall == 0.5
    assert figures["years"].value == figures["seniority"].value == 1.0
    # spellings of one technology are one: 3 found, all right, of 4
    assert (figures["skills"].precision, figures["skills"].recall) == (1.0, 0.75)
    assert report.confusion[("backend-developer", "data-engineer")] == 1
    assert report.confusion[("ux-ui-designer", "ux-ui-designer")] == 1
    assert report.as_json()["postings"] == 3


def test_the_table_has_a_row_for_each_role(gold: Path) -> None:
    text = printable(check_gold(gold))
    assert "role               0.667 of 3" in text
    assert [line for line in text.splitlines() if "data-engineer" in line]


def test_the_command_prints_the_table_line_by_line(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.run(gold, as_json=False) == 0
    assert "role               0.667 of 3" in capsys.readouterr().out.splitlines()


def test_a_folder_without_gold_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"postings\.labels\.jsonl"):
        check_gold(tmp_path)


FLOORS = {
    "role": 0.92,
    "backend": 0.93,
    "server_side": 0.9,
    "seniority": 0.93,
    "years": 0.95,
    "degree": 0.93,
    "skills": 0.9,
}


@pytest.mark.skipif("ROLECALL_REFERENCE" not in os.environ, reason="ROLECALL_REFERENCE names no folder")
def test_the_labelled_postings_keep_their_floor() -> None:
    figures = {one.name: one.value for one in check_gold(Path(os.environ["ROLECALL_REFERENCE"]) / "gold").figures}
    assert {name: figures[name] for name, floor in FLOORS.items() if figures[name] < floor} == {}
