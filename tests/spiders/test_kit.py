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


def unusual(**says):
    """Three ads of a board that names nothing as others do; ``says`` per number what a key says."""
    text = "You will keep the locks of our canals working and write the programs that open them. " * 3
    ads = [
        {
            "header": {"vacancyNumber": f"V-{n}", "positionName": f"Lock Keeper {n}", "logoUrl": f"https://example.com/{n}.png"},
            "employer": {"displayName": "Osprey Locks", "homeUrl": "https://osprey.example.com"},
            "workLocation": ["Remote", "Leeds, UK"], "compensation": {"from": 30000 + n, "to": "40000", "ccy": "GBP"},
            "firstPublished": f"2026-11-1{n}T08:00:00Z", "closesOn": "2026-12-24", "labels": ["canals"],
            "links": {"public": f"https://example.com/v/{n}"}, "prose": text, "short": "Locks",
        }
        for n in range(3)
    ]  # fmt: skip
    return json.dumps({"data": {"vacancies": [ad | says for ad in ads]}}).encode()


GUESSED = {
    "external_id": "header.vacancyNumber", "title": "header.positionName", "company": "employer.displayName",
    "location": "workLocation", "salary_min": "compensation.from", "salary_max": "compensation.to",
    "salary_currency": "compensation.ccy", "posted": "firstPublished", "valid_through": "closesOn", "tags": "labels",
    "url": "links.public", "description": "prose",
}  # fmt: skip


def test_what_no_name_tells_is_guessed_by_its_values():
    found = look(unusual())
    assert (found.records, found.fields) == ("data.vacancies", GUESSED)


@pytest.mark.parametrize(
    ("says", "lost"),
    [
        ({"firstPublished": "last week"}, {"posted"}),
        ({"prose": "short"}, {"description"}),
        ({"compensation": {"from": "much", "to": 2}}, {"salary_min", "salary_currency"}),
        ({"links": {"public": "https://example.com/all"}}, {"url"}),
        ({"employer": {"name of it": "Osprey Locks"}}, {"company"}),
    ],
)
def test_a_value_that_does_not_look_so_is_not_guessed(says, lost):
    assert GUESSED.keys() - look(unusual(**says)).fields.keys() == lost


def test_most_of_a_record_below_one_key_is_the_record():
    ads = [{"id": f"{n}", "attributes": {"title": f"Keeper {n}", "company": "Osprey", "city": "Leeds"}} for n in (1, 2)]
    fields = look(json.dumps({"data": ads}).encode()).fields
    assert {name: fields.get(name) for name in ("title", "company", "location")} == {
        "title": "attributes.title", "company": "attributes.company", "location": "attributes.city"
    }  # fmt: skip


def test_what_the_classes_of_a_page_s_rows_name_is_read(checkout, tmp_path):
    row = (
        '<li class="card"><a href="/j/{0}">Keeper {0}</a><b class="job-org">Osprey</b><i class="loc">Leeds</i>'
        '<time datetime="2026-11-1{0}">lately</time><u class="organic">x</u></li>'
    )
    page = tmp_path / "page.html"
    page.write_text(f"<html><ul>{''.join(row.format(n) for n in range(3))}</ul></html>")
    made = new("madeofclasses", "https://locks.example.com/jobs", checkout, answer=page)
    golden = [json.loads(line) for line in (made.recording / "expected.jsonl").read_text().splitlines()]
    assert [(one["company"], one["location"], one["posted"]) for one in golden] == [
        ("Osprey", "Leeds", f"2026-11-1{n}") for n in range(3)
    ]


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


def test_an_answer_that_holds_no_list_leaves_nothing_behind(tmp_path):
    answer = tmp_path / "saved.json"
    answer.write_text("{}")
    root = tmp_path / "checkout"
    with pytest.raises(Unreadable):
        new("acmejobs", "https://example.com", root, answer=answer)
    assert [path for path in root.rglob("*") if "acmejobs" in path.name] == []


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
