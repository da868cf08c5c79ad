"""query, snapshot, serve, report as commands: what they print, what they refuse, what they leave behind."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest
from frictionless import Package
from sqlalchemy import Engine

from config.problems import UsageProblem
from flows.browse import is_loopback, make_copy, metadata, questions
from flows.commands.export import why_empty
from flows.snapshot import LEFT_OUT, copy_for_readers, release, verify
from storage import read, store
from storage.engine import open_database, reading, writing
from storage.export import export
from storage.upkeep import row_counts
from tests.analysts.conftest import database
from tests.analysts.market import HOSTILE, LAST, fill_market
from tests.flows.rolecall import environment, rolecall
from tests.storage.ads import NOON, ad, save
from tests.storage.world import fill


@pytest.fixture
def world(engine: Engine) -> Engine:
    """A row in every table, on both engines."""
    fill(engine)
    return engine


# --- snapshot -------------------------------------------------------------------------------------------------------


def test_a_snapshot_is_dated_checksummed_and_never_replaced(world: Engine, tmp_path: Path) -> None:
    made = release(world, tmp_path / "out")
    assert made.folder.name == "rolecall-2026-11-02"
    assert set(made.files) == {"rolecall.db", "jobs.parquet", "postings.parquet", "datapackage.json", "CITATION.cff"}
    assert {file.name for file in made.folder.iterdir()} == {*made.files, "SHA256SUMS"}
    assert verify(made.folder) == []
    assert pq.read_table(made.folder / "jobs.parquet").num_rows == 3
    package = json.loads((made.folder / "datapackage.json").read_text())
    assert {one["hash"] for one in package["resources"]} <= {f"sha256:{digest}" for digest in made.files.values()}
    assert Package.validate_descriptor(package).valid
    tables = {one["name"]: one["schema"] for one in package["resources"] if "schema" in one}
    assert {name: said["primaryKey"] for name, said in tables.items()} == {
        "jobs": ["job_id"],
        "postings": ["posting_key"],
    }
    for name, said in tables.items():
        held = pq.read_schema(made.folder / f"{name}.parquet").names
        assert [field["name"] for field in said["fields"]] == held
        assert all(field["description"] and field["type"] for field in said["fields"])
    assert all(one["title"] for one in package["sources"])
    assert any(one.get("terms") and one.get("path") for one in package["sources"])
    with pytest.raises(UsageProblem, match="never replaced"):
        release(world, tmp_path / "out")
    file = made.folder / "jobs.parquet"
    assert not file.stat().st_mode & 0o222
    file.chmod(0o644)
    file.write_bytes(b"other")
    assert verify(made.folder) == ["jobs.parquet"]


def test_a_snapshot_holds_facts_and_no_evidence(world: Engine, tmp_path: Path) -> None:
    with reading(world) as conn:
        before = row_counts(conn)
    copy_for_readers(world, tmp_path / "copy.db")
    copy = open_database(f"sqlite:///{tmp_path / 'copy.db'}", create=False, read_only=True)
    with reading(copy) as conn:
        after = row_counts(conn)
    copy.dispose()
    assert {name for name, n in after.items() if n != before[name]} <= set(LEFT_OUT)
    assert all(after[name] == 0 for name in LEFT_OUT)
    with contextlib.closing(sqlite3.connect(tmp_path / "copy.db")) as opened:
        assert opened.execute("SELECT DISTINCT host, pid FROM run").fetchall() == [("", None)]
    assert not list(tmp_path.glob(".copy-*"))


def test_all_files_of_a_snapshot_tell_of_one_moment(
    world: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def while_a_run_goes_on(engine: Engine, out: Path) -> None:
        copy_for_readers(engine, out)
        save(engine, ad("as soon as it was copied"))

    with reading(world) as conn:
        stored = read.counts(conn)
    monkeypatch.setattr("flows.snapshot.copy_for_readers", while_a_run_goes_on)
    made = release(world, tmp_path / "out")
    assert pq.read_table(made.folder / "postings.parquet").num_rows == stored["postings"]


def test_there_is_no_snapshot_of_nothing(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="nothing to take a snapshot of"):
        release(engine, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_snapshot_that_fails_leaves_nothing(world: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.snapshot._package", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        release(world, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


# --- query ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "out"),
    [
        (("SELECT COUNT(*) AS n FROM v_jobs_open", "--json"), 0, '"n"'),
        (("SELECT 1 AS a, '=2' AS b", "--format", "csv"), 0, "a,b\n1,'=2\n"),
        (("SELECT :day AS day;", "--value", "day=2026-11-01", "--format", "csv"), 0, "day\n2026-11-01\n"),
        (("SELECT title FROM v_jobs_open WHERE 0",), 0, "no row\n"),
        (("DELETE FROM job",), 2, ""),
        (("ATTACH '/nowhere' AS x",), 2, ""),
        (("SELEC 1",), 2, ""),
        (("SELECT 1", "--value", "day"), 2, ""),
        (("SELECT 1", "--format", "xml"), 2, ""),
        (
            (
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT COUNT(*) FROM n",
                "--seconds",
                "0.3",
            ),
            2,
            "",
        ),
    ],
)
def test_query(demo: Path, arguments: tuple[str, ...], code: int, out: str) -> None:
    said = rolecall("query", *arguments, data=demo, extra=database(demo))
    assert said.code == code, said.err
    assert out in said.out
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) <= 1


# --- what the commands say ----------------------------------------------------------------------------------------


def test_the_commands_say_where_their_output_is(demo: Path, tmp_path: Path) -> None:
    report = rolecall("report", "--out", tmp_path / "report", data=demo, extra=database(demo))
    assert report.code == 0, report.err
    assert Path(report.out.strip()).is_file()
    assert "Invented data." in Path(report.out.strip()).read_text(encoding="utf-8")
    checked = rolecall("query", "SELECT COUNT(*) AS n FROM claim_check", "--json", data=demo, extra=database(demo))
    assert checked.json[0]["n"] > 50
    snapshot = rolecall("snapshot", "--out", tmp_path, "--json", data=demo, extra=database(demo))
    assert snapshot.code == 0, snapshot.err
    assert verify(Path(snapshot.json["folder"])) == []
    again = rolecall("snapshot", "--out", tmp_path, data=demo, extra=database(demo))
    assert again.code == 2
    file = tmp_path / "file"
    file.touch()
    assert rolecall("report", "--out", file, data=demo, extra=database(demo)).code == 2
    page = rolecall("report", "--out", tmp_path / "new.html", data=demo, extra=database(demo))
    assert (page.code, (tmp_path / "new.html").exists()) == (2, False)
    assert f"--out {tmp_path / 'report'}" in page.err


@pytest.mark.parametrize(
    "verb", [("report", "--out", "x"), ("serve",), ("query", "SELECT 1"), ("snapshot", "--out", "x")]
)
def test_without_a_database_each_says_how_to_make_one(verb: tuple[str, ...], tmp_path: Path) -> None:
    said = rolecall(*verb, data=tmp_path, cwd=tmp_path)
    assert said.code == 3
    assert "rolecall ingest --demo" in said.err
    assert not (tmp_path / "x").exists()


# --- serve ----------------------------------------------------------------------------------------------------------


def test_the_copy_that_is_served_finds_words(database: str, tmp_path: Path) -> None:
    engine = open_database(database)
    fill_market(engine, openings=60, days=10)
    (tmp_path / "serve").mkdir()
    file = make_copy(engine, tmp_path / "serve")
    engine.dispose()
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        found = copy.execute(questions(LAST)["search"]["sql"], {"words": "lantern"}).fetchall()
        assert found
        assert copy.execute("SELECT COUNT(*) FROM posting_fts WHERE posting_fts MATCH 'harbours'").fetchone()[0] > 0
        assert copy.execute("SELECT COUNT(*) FROM capture").fetchone() == (0,)
        stored = {row[0] for row in copy.execute("SELECT DISTINCT company FROM job")}
        assert stored & {name.replace("\x00", "") for name in HOSTILE}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_server_reads_only_and_leaves_no_copy_behind(demo: Path, tmp_path: Path, ending: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        taken = rolecall("serve", "--port", str(port), data=demo, extra=database(demo))
        assert taken.code == 3
        assert "cannot listen on" in taken.err
    command = [sys.executable, "-m", "flows.cli", "serve", "--port", str(port)]
    run = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environment(demo, database(demo) | {"TMPDIR": str(tmp_path)})
    )
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=httpx.HTTPTransport(retries=8)) as client:
        # the socket listens before Datasette is ready: the first answer waits for it
        assert client.get("/-/versions.json", timeout=120).status_code == 200
        assert list(tmp_path.glob("rolecall-serve-*"))
        assert client.get("/rolecall", params={"sql": "DELETE FROM job"}).status_code == 400
        assert client.get("/", headers={"Host": "example.com"}).status_code == 400
    run.send_signal(ending)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 0, err
    copying, ready = err.splitlines()
    assert "making a copy" in copying
    assert f"http://127.0.0.1:{port}/ shows the copy" in ready
    assert not list(tmp_path.glob("rolecall-serve-*"))


def test_every_question_of_datasette_runs(world: Engine, tmp_path: Path) -> None:
    (tmp_path / "serve").mkdir()
    file = make_copy(world, tmp_path / "serve")
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        for name, asked in questions(LAST).items():
            copy.execute(asked["sql"], {"words": "backend", "job_id": "x"}).fetchall()
            assert asked["title"], name


def test_every_table_and_column_is_described_in_datasette() -> None:
    tables = metadata(LAST)["databases"]["rolecall"]["tables"]
    shown = {name: about for name, about in tables.items() if not about.get("hidden")}
    assert len(shown) > 30
    assert all(about["description"] and about["columns"] and all(about["columns"].values()) for about in shown.values())
    assert all(set(about.get("facets", ())) <= set(about["columns"]) for about in shown.values())


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("example.com", False)],
)
def test_loopback(host: str, own: bool) -> None:
    assert is_loopback(host) is own


# --- an export without entries says why ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("posting", "format", "why"),
    [
        (None, "csv", "nothing is stored yet"),
        (None, "atom", "nothing is stored yet"),
        ({"state": "closed"}, "jsonld", "none of those that are stored is open"),
        ({"source": "unheard-of"}, "atom", "no source of the open ones lets its ads go into atom"),
    ],
)
def test_an_empty_export_says_why(
    engine: Engine, tmp_path: Path, posting: dict[str, str] | None, format: str, why: str
) -> None:
    if posting is not None:
        with writing(engine) as conn:
            run_id = store.start_run(conn, kind="crawl", now=NOON, sources=["example"])
            store.save_postings(conn, [ad(1, **posting)], run_id=run_id, now=NOON)
    assert export(engine, "postings", format, tmp_path / "out") == 0
    assert why in why_empty(engine, "postings", format)


def test_export_says_why_it_holds_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    open_database(url).dispose()
    said = rolecall("export", "jobs", "--format", "jsonld", "--database", url, data=tmp_path)
    assert said.code == 0
    assert said.err == "rolecall: 0 jobs: nothing is stored yet; rolecall ingest fills the database\n"
