"""Real answers, where the environment names the folder that holds them: no record is lost."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from spiders.reading import read_answer, read_saved, sources

REFERENCE = os.environ.get("ROLECALL_REFERENCE")
pytestmark = pytest.mark.skipif(not REFERENCE, reason="ROLECALL_REFERENCE names no folder")

# what a file holds besides, or instead of, ads that can be told apart
EXPLAINED = {
    "hackernews/rxits-hn-thread.json": (10, "one of its comments is empty"),
    "weworkremotely/tittle-xyz-wwr.rss": (3, "two of its five <item> were opened and never filled"),
    "smartrecruiters/michaeldinhmai-smartrecruiters_detail.json": (0, "trimmed to its texts: no id, no title"),
}


def _wire_files() -> list[tuple[str, int]]:
    if not REFERENCE:
        return []
    with (Path(REFERENCE) / "real" / "INDEX.tsv").open(encoding="utf-8") as lines:
        rows = [r for r in csv.DictReader(lines, delimiter="\t") if r["wire"] == "yes"]
    return [(r["file"], int(r["records"])) for r in rows if r["file"].partition("/")[0] in sources()]


@pytest.mark.parametrize(("file", "records"), _wire_files())
def test_reads_every_record(file, records):
    source = file.partition("/")[0]
    reading = read_answer(source, (Path(REFERENCE) / "real" / file).read_bytes())
    wanted, why = EXPLAINED.get(file, (records, ""))
    ads = len(reading.postings) + reading.left_out["same id"] + reading.left_out["isListed: False"]
    assert ads >= wanted, why
    assert bool(reading.unread) == (wanted == 0 and records > 0), [u.detail for u in reading.unread]


@pytest.mark.parametrize(("file", "records"), _wire_files())
def test_knows_every_key_and_word(file, records):
    reading = read_answer(file.partition("/")[0], (Path(REFERENCE) / "real" / file).read_bytes())
    assert (dict(reading.unknown_keys), dict(reading.unknown_values)) == ({}, {})


@pytest.mark.parametrize(("file", "records"), _wire_files()[:5])
def test_saved_answers_are_read_alike(file, records):
    path = Path(REFERENCE) / "real" / file
    read = [r for r in read_saved(file.partition("/")[0], path) if hasattr(r, "title")]
    assert read == read_answer(file.partition("/")[0], path.read_bytes()).postings
