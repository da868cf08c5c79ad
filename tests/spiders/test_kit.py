"""The kit: a source begun from one answer, tried and recorded, in a checkout of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spiders.bases.reading import Unreadable
from spiders.kit.look import look
from spiders.kit.new import SLUG, new
from spiders.kit.trial import try_spider
from spiders.kit.trim import masked, trimmed
from spiders.replay import RECORDINGS, recordings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the kit writes to."""
    folder = tmp_path_factory.mktemp("checkout")
    for room in ("config", "spiders"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize(
    ("name", "answer", "declared"),
    [
        ("madeofjson", "remotive/software-dev.json", {'records = "jobs"', 'company = "company_name"', "JsonApi"}),
        (
            "madeoflist",
            "lever/tidemark.json",
            {'url = "hostedUrl"', 'pay = Pay("salaryRange.min", "salaryRange.max"', "JsonApi"},
        ),
        ("madeoffeed", "jobspresso/feed.xml", {"Feed"}),
        ("madeofxml", "devitjobs/job_feed.xml", {'item = "job"', 'as_named = "company '}),
        ("madeofpage", "pythonorg/list1.html", {'root = "ol.list-recent-jobs > li"', "HtmlBoard"}),
        ("madeofdata", "site/cf-101.html", {"SchemaOrg"}),
    ],
)
def test_new_makes_a_source_that_reads_its_own_recording(checkout, name, answer, declared):
    found = next(RECORDINGS.glob(answer.replace("tidemark.json", "tidemark*.json")))
    made = new(name, f"https://{name}.example.com/jobs", checkout, answer=found)
    assert {d for d in declared if d not in made.spider.read_text(encoding="utf-8")} == set()
    golden = [json.loads(s) for s in (made.recording / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    assert golden
    assert made.card.is_file()
    assert ("ignores = [" in made.card.read_text(encoding="utf-8")) == bool(made.look.unclaimed)
    assert all(line["source"] == name and line["title"] and line["description"] for line in golden)


def test_a_name_is_taken_once(checkout):
    with pytest.raises(ValueError, match="there is a source of this name"):
        new("remotive", "https://example.com", checkout, answer=RECORDINGS / "remotive" / "software-dev.json")


@pytest.mark.parametrize("name", ["../x", "Remotive", "a", "1st", "a b", "x" * 60])
def test_x07_a_name_cannot_leave_its_folder(name, tmp_path):
    assert not SLUG.fullmatch(name)
    with pytest.raises(ValueError, match="a name is"):
        new(name, "https://example.com", tmp_path)


@pytest.mark.parametrize("answer", [b'{"error": "no"}', b"[1, 2]", b"<html><p>Nothing</p></html>"])
def test_what_holds_no_list_is_said(answer):
    with pytest.raises(Unreadable):
        look(answer)


def test_try_shows_fields_rows_and_what_was_not_read(tmp_path):
    saved = tmp_path / "saved.json"
    saved.write_text(
        '{"jobs": [{"id": 1, "url": "https://remotive.com/1", "title": "Cook", "mood": "good"}, {"id": 2}]}'
    )
    trial = try_spider("remotive", [saved])
    assert (trial.records, trial.ads) == (2, 1)
    assert trial.filled == {"external_id": 1.0, "title": 1.0, "url": 1.0}
    assert trial.unread_keys == {"mood": 1}
    assert len(trial.rejected) == 1
    assert trial.rows[0]["title"] == "Cook"


@pytest.mark.parametrize("source", recordings())
def test_try_reads_every_recording(source):
    assert try_spider(source).ads >= 3


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Write to anna.k+jobs@acme.co.uk now", "Write to somebody@example.com now"),
        ("mailto:hr%40acme.com", "mailto:somebody@example.com"),
        ("Call +49 (0)30 1234 5678.", "Call +00 000 000000."),
        ("Call 030-1234-56789", "Call +00 000 000000"),
        ("pays 120000 - 150000 USD, id 4679941006", "pays 120000 - 150000 USD, id 4679941006"),
        ("since 2026-11-01T06:00:00Z", "since 2026-11-01T06:00:00Z"),
        ("uuid 24ba1efc-a88b-4203-8471-bfc2a13dd9ff", "uuid 24ba1efc-a88b-4203-8471-bfc2a13dd9ff"),
    ],
)
def test_addresses_and_numbers_of_people_are_masked(said, kept):
    assert masked(said) == kept


def test_a_recording_keeps_a_handful():
    jobs = {"meta": {"total": 9}, "jobs": [{"id": n, "title": f"Cook at Real Name {n}"} for n in range(9)]}
    kept = json.loads(trimmed(json.dumps(jobs).encode(), "jobs", invent={"Real Name": "Brambleworks"}))
    assert [job["id"] for job in kept["jobs"]] == [0, 1, 2, 3, 4]
    assert kept["jobs"][0]["title"] == "Cook at Brambleworks 0"


@pytest.mark.parametrize("verb", ["new", "try", "record"])
def test_the_kit_explains_itself(verb):
    done = subprocess.run(
        [sys.executable, "-m", "spiders.kit", verb, "--help"], capture_output=True, text=True, check=True
    )
    assert verb in done.stdout
