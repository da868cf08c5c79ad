"""RawPosting lines from files: bad ones cost only themselves, the same ones twice change nothing."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from flows.believe import as_read, believe_lines
from flows.land import read_line
from tests.flows.rolecall import Said, rolecall

TEXT = "<p>You build services in Python and PostgreSQL for a fleet of parcel lockers.</p>"


def posting(number: int, **more: Any) -> dict[str, Any]:
    """An invented advertisement."""
    said = {
        "source": "parcelboard",
        "external_id": str(number),
        "url": f"https://example.com/jobs/{number}",
        "title": "Back-end Developer",
        "company": f"Locker Works {number:04d}",
        "location": "Ghent, Belgium",
        "description": TEXT,
    }
    return said | more


def lines(*said: object) -> bytes:
    return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in said)


def ingest(data: Path, *files: Path) -> Said:
    return rolecall("ingest", "--from", *files, "--plain", "--json", data=data)


def test_good_lines_are_stored_and_bad_ones_are_kept_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(lines(posting(1), b"nonsense", posting(2, title=""), posting(3), posting(4, colour="red")))
    said = ingest(tmp_path, file)
    assert said.code in (0, 5), said.err
    assert said.json["postings"] | {"new": 2, "rejected": 3} == said.json["postings"]
    told = {one["source"]: one["text"] for one in said.json["findings"] if one["code"] == "rejections"}
    assert told == {
        "": "1 of 1 records were rejected, most often: not_json 1 times (some.jsonl:2: invalid literal, expected 'null': line 1 column 1 (char 0))",
        "parcelboard": "2 of 4 records were rejected, most often: "
        "no_raw_posting 2 times (some.jsonl:3: title: Input should be a valid string)",
    }
    with sqlite3.connect(tmp_path / "rolecall.db") as conn:
        places = dict(conn.execute("SELECT place, reason FROM rejection"))
    assert places == {"some.jsonl:2": "not_json", "some.jsonl:3": "no_raw_posting", "some.jsonl:5": "no_raw_posting"}


def test_a_file_of_nothing_but_bad_lines_keeps_them(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(lines(b"nonsense", b"[]"))
    ingest(tmp_path, file)
    with sqlite3.connect(tmp_path / "rolecall.db") as conn:
        assert conn.execute("SELECT reason FROM rejection ORDER BY place").fetchall() == [
            ("not_json",),
            ("not_an_object",),
        ]


def test_the_same_file_twice_changes_nothing_and_files_add_up(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl.gz"
    one.write_bytes(lines(posting(1), posting(2)))
    two.write_bytes(gzip.compress(lines(posting(2), posting(3))))
    assert ingest(tmp_path, one, two).json["postings"]["new"] == 3
    again = ingest(tmp_path, one, two).json
    assert (again["postings"]["new"], again["postings"]["changed"], again["postings"]["total"]) == (0, 0, 3)
    exported = rolecall("export", "postings", data=tmp_path).lines
    assert [row["external_id"] for row in exported] == ["1", "2", "3"]
    assert {row["state"] for row in exported} == {"open"}


def test_s04_an_older_file_overwrites_nothing_newer_in_whatever_order_they_come(tmp_path: Path) -> None:
    def title_after(*days: str) -> list[str]:
        data = tmp_path / "".join(days)
        data.mkdir()
        for day in days:
            file = data / f"{day}.jsonl"
            said: dict[str, Any] = (
                {"fetched_at": f"{day}T00:00:00Z"} if day[0] in "029" else {"payload": {"fetched_at": "x"}}
            )
            file.write_bytes(lines(posting(1, title=f"Developer of {day}", **said)))
            assert ingest(data, file).code == 0
        return [row["title"] for row in rolecall("export", "postings", data=data).lines]

    assert title_after("2025-10-01", "2025-11-20") == ["Developer of 2025-11-20"]
    assert title_after("2025-11-20", "2025-10-01") == ["Developer of 2025-11-20"]
    assert title_after("2025-11-20", "undated") == ["Developer of undated"]
    assert title_after("undated", "2025-11-20") == ["Developer of undated"]
    assert title_after("0001-01-01", "undated") == ["Developer of undated"]
    # a clock that is ahead keeps nobody's later reading out
    assert title_after("2199-01-01", "9999-01-01", "undated") == ["Developer of undated"]


def test_a_file_closes_nothing(tmp_path: Path) -> None:
    both, one = tmp_path / "both.jsonl", tmp_path / "one.jsonl"
    both.write_bytes(lines(*(posting(n) for n in range(30))))
    one.write_bytes(lines(posting(1)))
    ingest(tmp_path, both)
    assert ingest(tmp_path, one).json["postings"]["closed"] == 0
    with sqlite3.connect(tmp_path / "rolecall.db") as conn:
        # and is no complete run either, by which later ones would be judged
        assert conn.execute("SELECT DISTINCT complete FROM board_run").fetchall() == [(0,)]
        assert conn.execute("SELECT last_complete_run FROM board").fetchall() == [(None,)]


def test_a_thousand_lines_need_no_more_than_their_chunks(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(lines(*(posting(n) for n in range(3000))))
    said = ingest(tmp_path, file)
    assert said.json["postings"]["new"] == 3000
    assert said.json["jobs"]["total"] == 3000


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ingest", "remotiv", "--plain"], 2, "Did you mean remotive?"),
        (["ingest", "--from", "nowhere.jsonl", "--plain"], 2, "no such file: nowhere.jsonl"),
        (["ingest", "--demo", "--from", "x.jsonl"], 2, "do not go together"),
        (["ingest", "--demo", "--database", "mysql://u:secret@h/x"], 3, "not supported"),
        (["ingest", "--database", "sqlite:////nowhere/at/all.db"], 3, "does not exist"),
        (["read", "remotiv", "x.json"], 2, "Did you mean remotive?"),
        (["read", "remotive", "nowhere.json"], 2, "no such file"),
        (["status"], 3, "there is no database"),
        (["export", "jobs", "--database", "sqlite:////nowhere/at/all.db"], 3, "does not exist"),
        (["status", "--database", "mysql://u:secret@h/x"], 3, "not supported"),
        (["why", "abc", "--database", "nonsense"], 3, "database"),
    ],
)
def test_x10_what_cannot_work_says_so_in_one_line(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    said = rolecall(*arguments, data=tmp_path, cwd=None)
    assert said.code == code
    assert words in said.err
    assert "Traceback" not in said.err
    assert "secret" not in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert said.out == ""


def test_s08_a_database_that_is_none_is_left_as_it_is(tmp_path: Path) -> None:
    broken = tmp_path / "rolecall.db"
    broken.write_bytes(b"this is no database, it is a letter to a friend" * 50)
    before = broken.read_bytes()
    file = tmp_path / "some.jsonl"
    file.write_bytes(lines(posting(1)))
    said = ingest(tmp_path, file)
    assert said.code == 3
    assert len(said.err.strip().splitlines()) == 1
    assert broken.read_bytes() == before


def test_x10_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    import subprocess
    import sys

    from tests.flows.rolecall import environment

    file = tmp_path / "many.jsonl"
    file.write_bytes(lines(*(posting(n) for n in range(500))))
    ingest(tmp_path, file)
    verbs = ("export postings", "export postings -f csv", "export postings -f jsonld", "sources", "query 'SELECT 1'")
    for verb in verbs:
        # nobody reads at all: what is short would otherwise be written before the reader goes
        command = f"{{ {sys.executable} -m flows.cli {verb}; echo $? >&2; }} | true"
        run = subprocess.run(
            ["bash", "-c", command], capture_output=True, text=True, env=environment(tmp_path), check=False
        )
        assert run.stderr == "0\n", verb


def test_an_old_file_is_no_news(tmp_path: Path) -> None:
    """Records say when they were read: what is older than what is stored changes nothing, and nothing is younger by it."""
    new, old = tmp_path / "new.jsonl", tmp_path / "old.jsonl"
    new.write_bytes(lines(posting(1, title="Backend Engineer", fetched_at="2026-03-01T06:00:00Z")))
    old.write_bytes(lines(posting(1, title="Parks Ranger", fetched_at="2026-02-01T06:00:00Z")))
    assert ingest(tmp_path, new).json["postings"]["new"] == 1
    assert ingest(tmp_path, old).json["postings"]["changed"] == 0
    (row,) = rolecall("export", "postings", data=tmp_path).lines
    assert (row["title"], row["first_seen"][:10], row["last_seen"][:10]) == (
        "Backend Engineer",
        "2026-02-01",
        "2026-03-01",
    )
    # a key of the board's own of that name says nothing
    old.write_bytes(lines(posting(3, payload={"fetched_at": "2020-01-01"}), posting(4, fetched_at="soon")))
    assert ingest(tmp_path, old).json["postings"]["new"] == 2
    # one that says it comes from tomorrow is as old as the run
    new.write_bytes(lines(posting(2, fetched_at="2999-01-01T00:00:00Z")))
    ingest(tmp_path, new)
    assert all(row["last_seen"] < "2999" for row in rolecall("export", "postings", data=tmp_path).lines)


NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
FIRST_OF_MARCH = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2026-03-01T06:00:00Z", FIRST_OF_MARCH),
        ("2026-03-01T07:00:00+01:00", FIRST_OF_MARCH),
        ("2026-03-01 06:00:00", FIRST_OF_MARCH),
        ("1772344800", FIRST_OF_MARCH),
        (1772344800, FIRST_OF_MARCH),
        (1772344800.0, FIRST_OF_MARCH),
        ("soon", NOON),
        (7, NOON),
        (True, NOON),
        ("2500-01-01T00:00:00Z", NOON),
        ("9999-12-31T23:59:59-14:00", NOON),
        ("0001-01-01T00:00:00+14:00", NOON),
        (None, None),
        ("", None),
    ],
)
def test_when_a_record_was_read_is_one_moment_for_its_ad_and_its_evidence(said: object, read: dt.datetime) -> None:
    line = json.dumps(posting(1, fetched_at=said, posted="3 hours ago")).encode()
    batch = believe_lines([read_line(line, "a.jsonl:1")], {}, NOON)
    assert [one.read_at for one in batch.captures] == [read]
    assert [one.last_seen for one in as_read(batch, NOON)] == [read]
    assert [one.posted_at for one in batch.postings] == [(read or NOON) - dt.timedelta(hours=3)]


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + lines(posting(1), posting(2)))
    said = ingest(tmp_path, file)
    assert (said.code, said.json["postings"]["new"]) == (0, 2), said.err
