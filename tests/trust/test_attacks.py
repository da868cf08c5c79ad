"""Attacks on the whole product from outside: what a board, a file, a name or a link could do beyond what it may.

Each is named by the case of the catalogue that it comes nearest to.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import text

from config.problems import UsageProblem
from flows.findings import finding
from flows.notify import notify
from flows.snapshot import release
from storage.engine import open_database, reading
from storage.export import export
from storage.upkeep import backup, forget, row_counts
from tests.check.test_notify import to
from tests.flows.rolecall import environment, rolecall
from tests.http.boards import Case, run_boards
from tests.http.server import Server, names_of, page
from tests.http.world import JOBS, run_child
from tests.trust import runs

# clears the screen, names the window, breaks the line in four ways, turns the writing round, opens a rich colour
ESCAPES = "x\x1b[2J\x1b]0;owned\x07\r\n[INFO] run ok\u2028\u2029\x85\u202e\x9b31m[red]{} %s"


def said(number: int, **more: Any) -> dict[str, Any]:
    return runs.said(number, **more)


# --- a line of a file or a spool ----------------------------------------------------------------------------------------

ODD_LINES: tuple[Any, ...] = (
    said(1, source="../../etc"), said(2, board=ESCAPES, title=ESCAPES, company=ESCAPES, tags=[ESCAPES], department=ESCAPES),
    said(3, source=ESCAPES), said(4, external_id={"a": 1}), said(5, url=["https://example.com/"]), said(6, title=7), said(7, payload="x"),
    said(8, url="javascript:alert(1)"), said(9, salary_min=1e308), said(10, fetched_at="2999-01-01T00:00:00Z"), said(11, fetched_at=ESCAPES),
    said(12, external_id="e" * 100_000), said(13, url="https://example.com/" + "x" * 100_000), said(14, location=[[]]), said(15, tags={"a": "b"}),
    said(16, remote=True), said(17, description=None), said(18, company=None), said(19, posted=1e400), said(20, unheard="of"),
    {"seen": True}, {"seen": [1]}, {"removed": {}}, {"unchanged": ESCAPES}, {"unchanged": 1}, {"rejected": "x"},
    {"rejected": {"source": ESCAPES, "board": ESCAPES, "reason": ESCAPES * 100, "detail": ESCAPES, "place": ESCAPES, "raw": {"a": [1]}}},
    {}, [], [[]], 1, None, "x", True, 1.5,
)  # fmt: skip
BYTES = (
    b'{"source": "parcelboard", "description": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", b'{"source": "p", "external_id": "\\ud800"}',
    b'{"source": "p", "source": "q"}', b"\xff\xfe{", b"{" * 1000, b"\0" * 100, b'{"title": NaN}', b"]", b"\xef\xbb\xbf",
)  # fmt: skip


def test_p05_p09_any_line_is_a_posting_or_a_rejection_and_leaves_nothing_outside(sqlite: str, tmp_path: Path) -> None:
    """Nothing is lost, no clock but ours dates what was seen, and no file lies outside of the data folder."""
    data = tmp_path / "data"
    lines = [json.dumps(one).encode() for one in ODD_LINES] + list(BYTES)
    data.mkdir()
    (data / "some.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    report = runs.run(data, sqlite, data / "some.jsonl")
    notes = sum(isinstance(one, dict) and one in ({"unchanged": ESCAPES}, {"seen": True}) for one in ODD_LINES)
    blank = 1  # a byte-order mark alone
    assert report.sum("new") + report.sum("rejected") + notes + blank >= len(lines)
    engine = open_database(sqlite, create=False)
    with reading(engine) as conn:
        seen = [str(row[0]) for row in conn.execute(text("SELECT max(last_seen) FROM sighting"))]
        longest = conn.execute(text("SELECT max(length(external_id)), max(length(url)) FROM posting")).one()
        kept = conn.scalar(text("SELECT max(length(reason)) FROM rejection"))
    engine.dispose()
    assert seen[0] <= f"{runs.CLOCK + dt.timedelta(days=2)}"
    assert max(*longest, int(kept or 0)) <= 2_000
    assert {path.name for path in tmp_path.iterdir()} <= {"data", "rolecall.db", "rolecall.db-wal", "rolecall.db-shm"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database holds what could move a terminal, wherever a board may say something."""
    data = tmp_path_factory.mktemp("told")
    hostile = said(1, source=ESCAPES, board=ESCAPES, external_id=ESCAPES, title=ESCAPES, company=ESCAPES)
    refused = {"rejected": {"source": ESCAPES, "board": ESCAPES, "reason": ESCAPES, "detail": ESCAPES, "raw": "x"}}
    file = runs.write_lines(data / "some.jsonl", [hostile, said(2, board=ESCAPES), refused])
    done = rolecall("ingest", "--from", file, "--plain", data=data)
    assert "Traceback" not in done.err
    assert seen_only(done.out + done.err) == set()
    return data


def seen_only(printed: str) -> set[str]:
    """Characters of an output that are not seen, but do something."""
    return {repr(c) for c in printed if c not in "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")}


@pytest.mark.parametrize(
    "verb",
    [
        ["status"], ["status", "--json"], ["sources"], ["runs"], ["run", "last"], ["run", "last", "--json"], ["rejections", "list"],
        ["query", "SELECT source, board, external_id, title FROM posting"], ["query", "SELECT * FROM rejection", "--format", "json"],
        ["why", ESCAPES], ["forget", "company", ESCAPES, "--dry-run"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_f10_no_verb_prints_what_would_move_a_terminal(told: Path, verb: list[str]) -> None:
    printed = rolecall(*verb, data=told)
    assert "Traceback" not in printed.err
    assert seen_only(printed.out + printed.err) == set()
    assert not [line for line in (printed.out + printed.err).splitlines() if line.startswith("[INFO]")]


def test_f10_why_tells_a_job_in_lines_of_its_own(told: Path) -> None:
    jobs = rolecall("query", "SELECT job_id FROM job", "--format", "json", data=told).json
    assert jobs
    for job in jobs:
        printed = rolecall("why", job["job_id"], data=told)
        assert seen_only(printed.out) == set()
        assert not [line for line in printed.out.splitlines() if line.startswith("[INFO]")]


READ = """
import sys
from pathlib import Path
from flows.land import read_segment
from tests.http.child import _peak
print(*[type(one).__name__ for one in read_segment(Path(sys.argv[1]))], _peak())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_h08_a_file_that_unpacks_to_one_endless_line_fills_no_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.jsonl.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as file:
        for _ in range(512):
            file.write(b"\0" * 2**20)
        file.write(b"\n" + json.dumps(said(1)).encode() + b"\n")
    done = subprocess.run(
        [sys.executable, "-c", READ, str(bomb)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2], env=environment(tmp_path),
    )  # fmt: skip
    *kinds, peak = done.stdout.split()
    assert kinds == ["Rejection", "Landed"]
    assert int(peak) < 300 * 1024, "KiB"


@pytest.mark.parametrize("cut", [b"\x1f\x8b", b"not gzip at all", b""])
def test_x10_a_file_that_is_no_gzip_is_said_in_one_line(tmp_path: Path, cut: bytes) -> None:
    file = tmp_path / "some.jsonl.gz"
    file.write_bytes(cut)
    done = rolecall("ingest", "--from", file, "--plain", data=tmp_path)
    assert "Traceback" not in done.err
    assert done.code in (0, 2, 3, 4, 5)


# --- a board ------------------------------------------------------------------------------------------------------------

LEAVES = (
    "../../secret",
    "@evil.test/",
    "//evil.test/x",
    "?admin=1",
    "#",
    "%2e%2e%2fx",
    "\\evil.test",
    "a\r\nX-In: 1",
    "a b",
    "\u202e",
    ":8080/",
)


def test_x07_h12_an_id_from_a_board_takes_a_spider_to_no_other_host(tmp_path: Path) -> None:
    """The pages of ads are asked for by what the board calls them: on its host, in one request line, or not at all."""
    ids = json.dumps(
        {"jobs": [{"id": one, "title": "A", "url": "https://x.test/1"} for one in LEAVES], "total": len(LEAVES)}
    )
    with Server() as evil:
        found = run_boards({"x07": Case({"/jobs": page(ids)}, "details")}, tmp_path)
        assert evil.connections == 0
    came = found.boards["x07"]
    assert {hit.host for hit in came.hits} == {"x07.test"}
    assert "x-in" not in names_of(came.hits)
    assert all(" " not in hit.path and hit.path.startswith("/") for hit in came.hits)
    assert found.canary.connections == 0
    assert "Traceback" not in found.log


def test_h20_no_value_that_is_sent_makes_a_header_of_its_own() -> None:
    """Keys of the operator, validators that a board gave, tenants: whatever they hold stays within their header."""
    hostile = "a\r\nX-In: 1\r\n\r\nGET /inner HTTP/1.1\r\nHost: in.test"
    with Server({"sent.test": {"/": JOBS, "/known": JOBS}}) as server:
        address = f"http://sent.test:{server.port}/"
        _, log = run_child(
            {
                "allow": [f"127.0.0.1:{server.port}"],
                "names": {"sent.test": ["127.0.0.1"]},
                "settings": {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "ROLECALL_BACKOFF": 0},
                "spiders": {
                    "key": {"urls": [address], "headers": {"X-Api-Key": hostile, "User-Agent": hostile}},
                    "validators": {
                        "urls": [f"{address}known"],
                        "validators": {f"{address}known": {"etag": hostile, "last_modified": hostile}},
                    },
                },
            }
        )
        assert "Traceback" not in log
        assert {hit.path for hit in server.hits} <= {"/", "/known", "/robots.txt"}
        assert "x-in" not in names_of(server.hits)
        assert {hit.host for hit in server.hits} <= {"sent.test"}


def test_x03_what_a_board_says_makes_no_header_of_a_notification(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    hostile = "x\r\nX-In: 1\r\n\r\nGET /inner HTTP/1.1\r\n\r\n"
    assert notify([finding("blocked", hostile, hostile, because=hostile)], hostile, to(httpserver)) == []
    ((asked, _),) = httpserver.log
    assert "X-In" not in asked.headers
    assert asked.path == "/hook"
    assert len(json.loads(asked.data)["message"].splitlines()) == 1


# --- names and links ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["%", "_", "*", "'", "'; DROP TABLE posting; --", '" OR 1=1 --', "\\", "\x00", "../../x", ".", "[removed]"]
)
@pytest.mark.parametrize("kind", ["company", "person", "posting"])
def test_x08_s11_a_name_to_forget_is_a_name_and_no_pattern(sqlite: str, tmp_path: Path, kind: Any, name: str) -> None:
    runs.run(tmp_path, sqlite, runs.write_lines(tmp_path / "some.jsonl", [said(n) for n in range(3)]))
    engine = open_database(sqlite, create=False)
    with reading(engine) as conn:
        before = {table: n for table, n in row_counts(conn).items() if table != "forgotten"}
    assert forget(engine, kind, name, now=runs.CLOCK) == (0, 0, 0)
    with reading(engine) as conn:
        assert {table: n for table, n in row_counts(conn).items() if table != "forgotten"} == before
    engine.dispose()


def test_x04_x07_links_in_the_folder_are_replaced_and_not_followed(sqlite: str, tmp_path: Path) -> None:
    """What is published, exported or backed up replaces a link of its name; what the link shows stays."""
    victim = tmp_path / "mine.txt"
    victim.write_text("mine")
    data = tmp_path / "data"
    (data / "public").mkdir(parents=True)
    for name in ("jobs.csv", "jobs.parquet", "postings.parquet"):
        (data / "public" / name).symlink_to(victim)
    runs.run(data, sqlite, runs.write_lines(data / "some.jsonl", [said(1)]))
    assert not [path.name for path in (data / "public").iterdir() if path.is_symlink()]
    engine = open_database(sqlite, create=False)
    (tmp_path / "out.csv").symlink_to(victim)
    export(engine, "jobs", "csv", tmp_path / "out.csv")
    (tmp_path / ".copy.db.part").symlink_to(victim)
    backup(engine, tmp_path / "copy.db")
    (tmp_path / "second.db").symlink_to(tmp_path / "not-there.db")
    with pytest.raises(FileExistsError):
        backup(engine, tmp_path / "second.db")
    engine.dispose()
    assert victim.read_text() == "mine"
    assert not (tmp_path / "not-there.db").exists()


@pytest.mark.parametrize("what", ["folder", "file", "link", "dangling link"])
def test_x04_x07_a_snapshot_replaces_nothing_that_stands_in_its_place(sqlite: str, tmp_path: Path, what: str) -> None:
    runs.run(tmp_path, sqlite, runs.write_lines(tmp_path / "some.jsonl", [said(1)]))
    engine = open_database(sqlite, create=False)
    made = release(engine, tmp_path / "first")
    place = tmp_path / "releases" / made.folder.name
    place.parent.mkdir()
    mine = tmp_path / "mine"
    mine.mkdir()
    {
        "folder": place.mkdir,
        "file": lambda: place.write_text("mine"),
        "link": lambda: place.symlink_to(mine),
        "dangling link": lambda: place.symlink_to(tmp_path / "nowhere"),
    }[what]()
    with pytest.raises(UsageProblem, match="never replaced"):
        release(engine, tmp_path / "releases")
    engine.dispose()
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    assert list(mine.iterdir()) == []
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("out", ["../escaped.csv", "/nowhere/at/all/x.csv", "a" * 300, "."])
def test_x07_where_an_export_cannot_go_is_said_in_one_line(told: Path, tmp_path: Path, out: str) -> None:
    """The path is the operator's own: ``..`` is kept to, what cannot be written says why, nothing half is left."""
    work = tmp_path / "work"
    work.mkdir()
    done = rolecall("export", "jobs", "--format", "csv", "--out", out, data=told, cwd=work)
    assert "Traceback" not in done.err
    if out.startswith(".."):
        assert (done.code, (tmp_path / "escaped.csv").exists()) == (0, True)
    else:
        assert done.code in (2, 3)
        assert len(done.err.strip().splitlines()) == 1
    assert list(work.iterdir()) == []


def test_x07_a_path_with_a_nul_is_refused(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    with pytest.raises((ValueError, OSError, UsageProblem)):
        export(engine, "jobs", "csv", tmp_path / "x\x00.csv")
    engine.dispose()
    assert not list(tmp_path.glob("x*"))
