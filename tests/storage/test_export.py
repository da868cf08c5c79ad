"""Exports: safe, whole or absent, the same bytes each time, read by usual tools (X-01, X-03 to X-06, X-09)."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import hashlib
import io
import json
import math
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import feedparser
import openpyxl
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import validate
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from config.load import cards
from storage import arrow_files, cells, columnar, export, store, tabular
from storage.cells import safe_cell, safe_column
from storage.engine import DatabaseProblem, json_text, open_database, writing
from storage.files import written
from storage.models import Job
from storage.public import job_posting
from tests.storage.ads import DAY, NOON, ad, save
from tests.storage.world import HOSTILE, fill

FORMULAS = [
    "=1+1",
    "+1",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    ' "=1',
    "'=1",
    "\u00a0=1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\ufeff=1",
    "\u200b=1",
    "|calc",
    "%0A=1",
]
EVERY = [(what, name) for what in ("postings", "jobs") for name in export.formats()]


@pytest.fixture
def filled(sqlite: str) -> Iterator[Engine]:
    engine = open_database(sqlite)
    fill(engine)
    yield engine
    engine.dispose()


def digest(path: Path) -> str:
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@pytest.mark.parametrize(("what", "name"), EVERY)
def test_x05_the_same_data_gives_the_same_bytes(filled: Engine, tmp_path: Path, what: str, name: str) -> None:
    digests = set()
    for n in range(2):
        export.export(filled, what, name, tmp_path / f"{n}")
        digests.add(digest(tmp_path / f"{n}"))
    assert len(digests) == 1


@pytest.mark.parametrize(("what", "name"), EVERY)
def test_an_empty_database_gives_an_empty_export(sqlite: str, tmp_path: Path, what: str, name: str) -> None:
    engine = open_database(sqlite)
    assert export.export(engine, what, name, tmp_path / "out") == 0
    assert (tmp_path / "out").exists()
    engine.dispose()


@pytest.mark.parametrize(("what", "name"), EVERY)
def test_x04_what_fails_midway_leaves_the_last_good_one(
    filled: Engine, tmp_path: Path, what: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    export.export(filled, what, name, out)
    before = digest(out)

    def broken(*_: Any) -> Any:
        raise RuntimeError("power cut")

    for place in ("storage.columnar.columns", "storage.public.cards"):
        monkeypatch.setattr(place, broken)
    with pytest.raises(RuntimeError, match="power cut"):
        export.export(filled, what, name, out)
    assert digest(out) == before
    assert [f.name for f in tmp_path.iterdir() if f.suffix != ".db" and not f.name.startswith("rolecall")] == ["out"]


@pytest.mark.parametrize(
    ("what", "name", "out", "words"),
    [
        ("people", "csv", None, "no export of 'people'"),
        ("jobs", "docx", None, "no format 'docx'"),
        ("jobs", "parquet", None, "cannot be written to the terminal"),
        ("jobs", "csv", "absent/out.csv", "does not exist"),
        ("jobs", "csv", ".", "is a folder"),
    ],
)
def test_what_cannot_be_exported_says_why(
    filled: Engine, tmp_path: Path, what: str, name: str, out: str | None, words: str
) -> None:
    with pytest.raises(export.ExportProblem, match=words) as caught:
        export.export(filled, what, name, tmp_path / out if out else None)
    assert caught.value.remedy


def test_a_folder_that_is_no_export_is_not_replaced(filled: Engine, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("mine")
    with pytest.raises(FileExistsError):
        export.export(filled, "jobs", "datapackage", tmp_path / "photos")
    assert (tmp_path / "photos" / "one.jpg").read_text() == "mine"


@pytest.mark.parametrize(("format", "by_month"), [("csv", False), ("datapackage", False), ("parquet", True)])
def test_who_may_read_an_export_is_the_umasks_to_say(
    filled: Engine, tmp_path: Path, format: str, by_month: bool
) -> None:
    """Not the temporary file's, which is its maker's alone: published files are for others."""
    usual = os.umask(0o027)
    try:
        export.export(filled, "jobs", format, tmp_path / "out", by_month=by_month)
    finally:
        os.umask(usual)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == (0o640 if (tmp_path / "out").is_file() else 0o750)


def test_what_is_no_plain_file_is_written_to_and_stays(filled: Engine, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert export.export(filled, "jobs", "csv", pipe) > 0
        assert os.read(reader, 100).startswith(b"job_id,")
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".part"] == []


def test_the_systems_link_to_stdout_is_stdout(filled: Engine, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    export.export(filled, "jobs", "csv", Path("/dev/stdout"))
    assert capfdbinary.readouterr().out.startswith(b"job_id,")
    assert Path("/dev/stdout").is_symlink()


# --- read by a process beside -----------------------------------------------------------------------------------------

BESIDE = pytest.mark.skipif(find_spec("adbc_driver_sqlite") is None, reason="adbc-driver-sqlite is not installed")


@BESIDE
@pytest.mark.parametrize("rows", [2, 3, 1000])
@pytest.mark.parametrize("what", ["postings", "jobs"])
def test_x05_a_large_file_is_read_beside_to_the_same_bytes(
    filled: Engine, tmp_path: Path, what: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd: dict[str, Any] = {
        "title": "”curled“ \U0001f600",
        "description_text": "ä" * 5000,
        "salary_min": None,
        "tags": ['"', "\\", ","],
    }
    save(filled, ad("odd", **odd))
    monkeypatch.setattr(columnar, "ROWS", rows)
    for name in ("parquet", "csv", "datapackage"):
        digests = set()
        for large in (columnar.LARGE, 0):
            with monkeypatch.context() as patched:
                patched.setattr(columnar, "LARGE", large)
                assert export.export(filled, what, name, tmp_path / name) == len(list(export.rows(filled, what)))
            digests.add(digest(tmp_path / name))
        assert len(digests) == 1, name
    # a second SQLite library in this process would undo the locks of the first
    mapped = Path("/proc/self/maps")
    assert not mapped.exists() or "libadbc_driver_sqlite" not in mapped.read_text(encoding="utf-8")


@BESIDE
def test_an_empty_database_is_read_beside(sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "LARGE", 0)
    engine = open_database(sqlite)
    assert export.export(engine, "postings", "parquet", tmp_path / "out") == 0
    assert pq.read_schema(tmp_path / "out") == columnar.arrow_schema("postings")
    engine.dispose()


@BESIDE
def test_x04_what_cannot_be_read_beside_is_no_shorter_file(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columnar, "LARGE", 0)
    monkeypatch.setattr(columnar, "reading_uri", lambda _: f"file:{tmp_path}/absent.db?mode=ro")
    with pytest.raises(DatabaseProblem, match=r"cannot be read: .*failed to open"):
        export.export(filled, "jobs", "csv", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


@BESIDE
def test_the_process_beside_ends_with_who_asked(filled: Engine) -> None:
    reader, writer = os.pipe()
    try:
        # a pipe that nobody reads takes less than this export has, so that it is not done before its time
        os.set_blocking(writer, True)
        save(filled, *(ad(f"long-{n}", description_text="x" * 50_000) for n in range(10)))
        work = columnar.work_beside(filled.url, "postings", arrow_files.write_csv, writer)
        command = [sys.executable, "-m", "storage.arrow_beside"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, pass_fds=(writer,)) as child:
            assert child.stdin
            child.stdin.write(pickle.dumps(work))
            child.stdin.flush()
            assert os.read(reader, 4)
            child.stdin.close()
            assert child.wait(timeout=60) == 1
    finally:
        os.close(reader)
        os.close(writer)


@BESIDE
def test_x04_a_disk_that_is_full_is_told_as_such(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "LARGE", 0)
    with Path("/dev/full").open("wb") as full, pytest.raises(OSError, match="No space left") as caught:
        columnar.written(filled, "postings", full, arrow_files.write_csv)
    assert caught.value.errno == errno.ENOSPC


@BESIDE
def test_a_large_file_goes_to_stdout_as_well(filled: Engine, tmp_path: Path) -> None:
    export.export(filled, "jobs", "csv", tmp_path / "jobs.csv")
    program = (
        "import sys; from storage import columnar, export; from storage.engine import open_database; columnar.LARGE = 0;"
        "print('before', end=''); export.export(open_database(sys.argv[1]), 'jobs', 'csv')"
    )
    url = filled.url.render_as_string(hide_password=False)
    said = subprocess.run([sys.executable, "-c", program, url], capture_output=True, check=True)
    assert said.stdout == b"before" + (tmp_path / "jobs.csv").read_bytes()


@BESIDE
def test_what_is_no_file_of_the_system_is_written_in_place(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "LARGE", 0)
    held = io.BytesIO()
    assert columnar.written(filled, "jobs", held, arrow_files.write_csv) == len(list(export.rows(filled, "jobs")))
    assert held.getvalue().startswith(b"job_id,")


# --- times ------------------------------------------------------------------------------------------------------------

_WHOLE = st.datetimes().map(lambda at: at.replace(microsecond=0))


@pytest.mark.parametrize("times", [_WHOLE, st.none() | _WHOLE, st.none() | st.datetimes()])
@given(data=st.data())
def test_stored_times_of_a_column_are_rfc_3339(
    times: st.SearchStrategy[dt.datetime | None], data: st.DataObject
) -> None:
    said = data.draw(st.lists(times, max_size=4))
    stored = pa.array([None if at is None else at.isoformat(" ", "microseconds") for at in said], pa.string())
    begin = data.draw(st.integers(0, len(said)))
    assert cells.iso(stored[begin:]).to_pylist() == [
        None if at is None else f"{at.isoformat()}Z" for at in said[begin:]
    ]


# --- formulas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_x01_text_is_never_a_formula_in_a_cell(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-5, -5),
        (-1.5, -1.5),
        (None, ""),
        (True, "true"),
        ("a=b", "a=b"),
        ("", ""),
        ([], ""),
        (["Go", "C#"], "Go, C#"),
        (["=1"], "'=1"),
        ([{"b": 1, "a": None}], '[{"a":null,"b":1}]'),
        (dt.datetime(2026, 11, 1, tzinfo=dt.UTC), "2026-11-01T00:00:00Z"),
        (dt.date(2026, 11, 1), dt.date(2026, 11, 1)),
    ],
)
def test_cells(value: Any, cell: Any) -> None:
    assert safe_cell(value) == cell


SIGNS = st.sampled_from([*"=+-@|%'\" \t\r\n", *"＝＋－＠\u00a0\u200b\ufeff", *"ab,\\[]"])


@given(st.lists(st.none() | st.text(SIGNS | st.characters(codec="utf-8"), max_size=6)), st.integers(0, 3))
def test_x01_a_column_is_made_safe_as_its_cells_are(texts: list[str | None], begin: int) -> None:
    column = pa.array(texts, pa.string())[begin:]
    assert safe_column(column).to_pylist() == [None if said is None else safe_cell(said) for said in texts[begin:]]


@given(st.lists(st.none() | st.lists(st.text(SIGNS | st.characters(codec="utf-8"), max_size=4))))
def test_lists_of_words_are_what_their_json_says(said: list[list[str] | None]) -> None:
    column = pa.array([None if words is None else json_text(words) for words in said], pa.string())
    assert cells.words(column).to_pylist() == said
    joined = [None if words is None else ", ".join(words) for words in said]
    assert cells.joined_words(column).to_pylist() == joined


def test_x01_csv_reads_back_and_keeps_numbers(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    save(engine, *(ad(n, title=text, salary_min=-5.0) for n, text in enumerate(FORMULAS)))
    export.export(engine, "postings", "csv", tmp_path / "out.csv")
    read = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_bytes().decode(), newline="")))
    assert sorted(row["title"] for row in read) == sorted(f"'{text}" for text in FORMULAS)
    assert {row["salary_min"] for row in read} == {"-5"}
    assert set(pandas.read_csv(tmp_path / "out.csv")["salary_min"]) == {-5.0}
    engine.dispose()


def test_x01_xlsx_has_text_and_no_formula(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    hostile = [*FORMULAS, "https://example.com", HOSTILE, "\x07 bell", "x" * 40_000, "😀" * 20_000]
    save(engine, *(ad(n, title=text) for n, text in enumerate(hostile)))
    export.export(engine, "postings", "xlsx", tmp_path / "out.xlsx")
    [sheet] = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == len(hostile)
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d", "b"}
    titles = {str(row[export.columns("postings").index("title")].value) for row in rows}
    assert {text for text in FORMULAS if text.isprintable()} <= titles
    assert max(map(len, titles)) <= tabular.CELL
    engine.dispose()


# --- the tools people use ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["postings", "jobs"])
def test_x06_parquet_holds_what_the_database_holds(filled: Engine, tmp_path: Path, what: str) -> None:
    out = tmp_path / "out.parquet"
    n = export.export(filled, what, "parquet", out)
    said = list(export.rows(filled, what))
    held = pq.read_table(out, schema=columnar.arrow_schema(what)).to_pylist(maps_as_pydicts="strict")
    assert held == said
    assert all(field.metadata[b"description"] for field in pq.read_schema(out))
    assert polars.read_parquet(out).height == n
    # times go through a name of the zone, which DuckDB's own reader keeps as UTC
    assert duckdb.sql(f"SELECT count(*), max(first_seen) >= '2026-11-01' FROM '{out}'").fetchall() == [(n, True)]
    assert pq.ParquetFile(out).metadata.row_group(0).column(0).compression == "ZSTD"


def test_parquet_by_month_is_what_hive_and_duckdb_read(filled: Engine, tmp_path: Path) -> None:
    save(filled, ad("december", at=NOON + 40 * DAY, first_seen=NOON + 40 * DAY))
    out = tmp_path / "months"
    n = export.export(filled, "postings", "parquet", out, by_month=True)
    assert sorted(p.parent.name for p in out.rglob("*.parquet")) == ["month=2026-11", "month=2026-12"]
    sql = f"SELECT month, count(*) FROM read_parquet('{out}/*/*.parquet', hive_partitioning=true) GROUP BY 1 ORDER BY 1"
    assert [row[1] for row in duckdb.sql(sql).fetchall()] == [n - 1, 1]


def test_x06_json_lines_are_one_object_a_line(filled: Engine, tmp_path: Path) -> None:
    export.export(filled, "postings", "jsonl", tmp_path / "out")
    lines = (tmp_path / "out").read_bytes().splitlines()
    read = [json.loads(line) for line in lines]
    assert [(r["source"], r["board"], r["external_id"]) for r in read] == sorted(
        (r["source"], r["board"], r["external_id"]) for r in read
    )
    assert read[0]["posted_at"].endswith("Z")
    assert list(read[0]) == export.columns("postings")
    assert "signature" not in read[0]


@pytest.mark.parametrize("what", ["postings", "jobs"])
def test_x06_a_data_package_validates_and_credits_its_sources(filled: Engine, tmp_path: Path, what: str) -> None:
    export.export(filled, what, "datapackage", tmp_path / "package")
    export.export(filled, what, "datapackage", tmp_path / "package")
    report = validate(str(tmp_path / "package" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])
    said = json.loads((tmp_path / "package" / "datapackage.json").read_text())
    lever = cards()["lever"]
    assert {"title": lever.attribution, "path": lever.home, "terms": lever.terms} in said["sources"]
    assert all(field["description"] for field in said["resources"][0]["schema"]["fields"])


# --- for the public -------------------------------------------------------------------------------------------------


def public(engine: Engine, tmp_path: Path, name: str, what: str = "postings") -> bytes:
    export.export(engine, what, name, tmp_path / f"out.{name}")
    return (tmp_path / f"out.{name}").read_bytes()


def test_only_what_the_cards_allow_goes_out(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    closed = {"state": "closed", "closed_at": NOON}
    save(
        engine,
        *(ad(f"from-{source}", source=source, board="") for source in cards()),
        ad("closed", source="lever", **closed),
        ad("expired", source="lever", valid_through=NOON - DAY),
        ad("lasting", source="lever", valid_through=NOON + DAY),
        ad("unconfirmed", source="lever", state="unconfirmed"),
        ad("unknown", source="nobody"),
    )
    for output in ("jsonld", "atom"):
        said = public(engine, tmp_path, output).decode()
        allowed = {source for source, card in cards().items() if getattr(card.redistribution, output)}
        assert allowed < set(cards())
        for source in cards():
            assert (f"from-{source}" in said) == (source in allowed), (output, source)
        assert "lasting" in said
        assert not {word for word in ("/closed", "/expired", "/unconfirmed", "/unknown") if word in said}
    engine.dispose()


def test_x07_a_link_to_what_is_no_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for target in ("/dev/null", folder, tmp_path / "nowhere"):
        out = tmp_path / "out.csv"
        out.unlink(missing_ok=True)
        out.symlink_to(target)
        with written(out) as file:
            file.write(b"all of it")
        assert not out.is_symlink()
        assert out.read_bytes() == b"all of it"
    assert list(folder.iterdir()) == []


def test_a_job_speaks_through_one_ad_that_may_go_out(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    secret = next(source for source, card in cards().items() if not card.redistribution.jsonld)
    theirs = next(source for source, card in cards().items() if card.redistribution.jsonld and not card.own_ads)
    ads = [
        ad(1, source=secret, board="", title="Secret title", first_seen=NOON - DAY),
        ad(2, source=theirs, board="", title="Board's title", first_seen=NOON - DAY),
        ad(3, source="lever", title="Own title"),
        ad(4, source="greenhouse", title="Own later title", first_seen=NOON + DAY),
    ]
    save(engine, *ads)
    with writing(engine) as conn:
        job = ads[0].posting_key
        store.save_jobs(conn, [Job(job_id=job, title="Secret title")], run_id="1")
        store.assign_jobs(conn, [{"posting_key": a.posting_key, "job_id": job, "family_id": None} for a in ads])
    [said] = json.loads(public(engine, tmp_path, "jsonld", "jobs"))["@graph"]
    assert said["title"] == "Own title"
    engine.dispose()


def test_x09_json_ld_is_what_google_asks_for(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    save(
        engine,
        ad(
            1,
            source="lever",
            title="Dev </script><script>alert(1)</script>",
            years_min=3,
            employment_type="contract",
            remote_regions=["US", "EU", "WORLDWIDE", "UTC-5..UTC+1"],
            valid_through=NOON + DAY,
        ),
    )
    text = public(engine, tmp_path, "jsonld").decode()
    assert "</" not in text
    whole = json.loads(text)
    [said] = whole["@graph"]
    assert whole["@context"] == "https://schema.org"
    required = {"datePosted", "description", "hiringOrganization", "jobLocation", "title"}
    assert required <= set(said)
    assert said["jobLocationType"] == "TELECOMMUTE"
    assert said["applicantLocationRequirements"] == [
        {"@type": "Country", "name": "US"},
        {"@type": "AdministrativeArea", "name": "EU"},
    ]
    assert said["jobLocation"] == [
        {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": "Utrecht", "addressCountry": "NL"}}
    ]
    assert said["baseSalary"] == {
        "@type": "MonetaryAmount",
        "currency": "EUR",
        "value": {"@type": "QuantitativeValue", "unitText": "YEAR", "minValue": 52000.5, "maxValue": 70000.0},
    }
    assert said["employmentType"] == "CONTRACTOR"
    assert said["experienceRequirements"]["monthsOfExperience"] == 36
    assert said["validThrough"] == "2026-11-02T12:00:00Z"
    assert said["subjectOf"]["creditText"] == cards()["lever"].attribution
    engine.dispose()


@pytest.mark.parametrize(
    "facts",
    [
        {"salary_source": "predicted"},
        {"salary_currency": "?"},
        {"salary_period": None},
        {"salary_min": None, "salary_max": None},
    ],
)
def test_pay_that_is_guessed_is_not_published(facts: dict[str, Any]) -> None:
    said = ad(1, source="lever", **facts).model_dump() | {"first_seen": NOON}
    assert "baseSalary" not in job_posting(said, cards()["lever"])


def test_x03_the_feed_is_valid_and_newest_first(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    hostile = "]]> \x0b\x00 & <b>\r\nSubject: x \ufffe 😀"
    save(engine, *(ad(n, source="lever", title=f"{n} {hostile}", first_seen=NOON - n * DAY) for n in range(3)))
    feed = feedparser.parse(public(engine, tmp_path, "atom"))
    assert feed.bozo is False
    assert feed.version == "atom10"
    assert [entry.title[0] for entry in feed.entries] == ["0", "1", "2"]
    assert {entry.link for entry in feed.entries} == {f"https://example.com/jobs/{n}" for n in range(3)}
    assert feed.entries[0].rights == cards()["lever"].attribution
    assert "<script" not in feed.entries[0].summary
    engine.dispose()


def test_x06_numbers_stay_exact(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    save(engine, ad(1, salary_min=0.1 + 0.2, salary_max=1e15 + 0.5))
    export.export(engine, "postings", "jsonl", tmp_path / "out")
    [said] = [json.loads(line) for line in (tmp_path / "out").read_bytes().splitlines()]
    assert math.isclose(said["salary_min"], 0.1 + 0.2, rel_tol=0)
    assert said["salary_max"] == 1e15 + 0.5
    engine.dispose()
