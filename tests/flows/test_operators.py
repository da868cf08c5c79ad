"""What a new operator meets: each verb says what is wrong and what to do, shows an example, and speaks to machines."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.main import get_command

from flows.cli import app
from flows.commands import status
from flows.commands.run_report import show
from flows.commands.show import table
from flows.commands.status import MANY
from flows.findings import finding
from flows.report.run import BoardReport, Report
from storage import store
from storage.engine import open_database, writing
from storage.migrations import HEAD
from tests.demos import Demo
from tests.flows.rolecall import environment, rolecall
from tests.storage.ads import NOON, ad

DESTRUCTIVE = ("prune", "restore", "forget", "deploy", "rejections replay", "migrate")


def commands(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every verb by its name."""
    for one, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {one}".strip())
    if not hasattr(command, "commands"):
        yield name, command


ALL = dict(commands(get_command(app)))


def options(verb: str) -> set[str]:
    return {option for parameter in ALL[verb].params for option in parameter.opts}


@pytest.mark.parametrize("verb", ALL)
def test_each_verb_speaks_to_machines_and_shows_an_example(verb: str) -> None:
    assert {"--json", "--database"} <= options(verb)
    assert f"rolecall {verb}" in ALL[verb].epilog


@pytest.mark.parametrize("verb", DESTRUCTIVE)
def test_what_destroys_can_be_tried(verb: str) -> None:
    assert "--dry-run" in options(verb)


def test_exit_codes_are_in_the_help_and_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "run-it.md").read_text(encoding="utf-8")
    for code in ("0 ok", "1 unexpected", "2 usage", "3 environment", "4 a", "5 partial", "6 blocked", "130 cancelled"):
        assert code in str(get_command(app).epilog)
        assert code in guide, code


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        (["status", "--json"], 3, ["there is no database", "rolecall ingest"]),
        (["restore", "nowhere.db"], 2, ["no such file: nowhere.db"]),
        (["deploy", "--dry-run"], 3, ["no Prefect API is configured", "rolecall schedule"]),
        (["pause", "remotiv"], 2, ["Did you mean remotive?"]),
        (["rejections", "list", "--state", "lost"], 2, ["open, replayed, dismissed, all"]),
        (["read", "remotiv", "saved.json"], 2, ["Did you mean remotive?"]),
        (["ingest", "remotive/acme"], 2, ["remotive has no board 'acme'", "Say remotive"]),
        (["record", "greenhouse", "--board", "../x"], 2, ["'../x' is no board of greenhouse"]),
        (["ingest", "adzuna/xx"], 2, ["adzuna has no board 'xx'", "adzuna/gb"]),
        (["ingest", "--site", "careers"], 2, ["'careers' is no address", "--site https://"]),
        (["ingest", "--site", "ftp://example.com"], 2, ["no address of a site"]),
        (["ingest", "--site", r"https://example.com\@example.org"], 2, ["no address of a site"]),
        (["ingest", "--demo", "--site", "example.com"], 2, ["--demo and --site do not go together"]),
        (["backup", "nowhere/copy.db"], 2, ["the folder of nowhere/copy.db does not exist"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_one_line_with_what_to_do(
    said: list[str], code: int, words: list[str], tmp_path: Path
) -> None:
    came = rolecall(*said, data=tmp_path)
    assert (came.code, came.out) == (code, "")
    assert len(came.err.splitlines()) == 1
    assert all(word in came.err for word in words), came.err
    assert list(tmp_path.iterdir()) == []


def test_a_setting_that_is_wrong_is_named_and_its_value_is_not(tmp_path: Path) -> None:
    came = rolecall("status", data=tmp_path, extra={"ROLECALL_CHILDREN": "s3cret"}, cold=True)
    assert (came.code, len(came.err.splitlines())) == (3, 1)
    assert "ROLECALL_CHILDREN" in came.err
    assert "s3cret" not in came.err


def test_an_answer_that_cannot_be_read_is_one_short_line(tmp_path: Path) -> None:
    (tmp_path / "saved.json").write_bytes(bytes(range(256)) * 100)
    came = rolecall("read", "remotive", tmp_path / "saved.json", data=tmp_path)
    assert (came.code, came.out, len(came.err.splitlines())) == (5, "", 1)
    assert "saved.json: not_text: " in came.err
    assert len(came.err) < 300


@pytest.mark.parametrize(
    "said",
    [
        # one that deleted every record as received
        ["prune", "--captures-days", "-1"],
        ["prune", "--rejections-days", "-1"],
        ["runs", "--limit", "0"],
        ["rejections", "list", "--limit", "-1"],
        ["schedule", "--limit", "0"],
        ["schedule", "--port", "0"],
    ],
    ids=" ".join,
)
def test_a_number_that_means_nothing_is_refused(said: list[str], tmp_path: Path) -> None:
    came = rolecall(*said, data=tmp_path)
    assert (came.code, came.out) == (2, "")
    assert "Invalid value" in came.err


def test_who_asks_before_there_is_a_folder_is_sent_to_ingest(tmp_path: Path) -> None:
    came = rolecall("status", data=tmp_path / "new")
    assert came.code == 3
    assert "rolecall ingest --demo" in came.err


def test_the_demo_s_database_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    """Who has run the demo and asks for the status is not sent to run the demo again."""
    (tmp_path / "demo.db").touch()
    came = rolecall("status", data=tmp_path)
    assert f"--database sqlite:///{tmp_path / 'demo.db'}" in came.err
    assert "ingest --demo" not in came.err


def test_a_source_can_be_paused_before_the_first_run(tmp_path: Path) -> None:
    data = tmp_path / "new"
    came = rolecall("pause", "remotive", "--because", "they asked us to", "--json", data=data)
    assert (came.code, came.json["because"]) == (0, "they asked us to")
    (row,) = [row for row in rolecall("sources", "--json", data=data).json if row["source"] == "remotive"]
    assert row["why_not"] == "paused: they asked us to"
    assert "no runs yet" in rolecall("runs", data=data).out
    assert "no rejections that are open" in rolecall("rejections", "list", data=data).out
    assert "Did you mean remotive?" in rolecall("rejections", "list", "remotiv", data=data).err
    assert rolecall("migrate", data=data).out == f"schema {HEAD} is this version's\n"


def test_of_very_many_boards_each_source_stands_in_a_line(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'rolecall.db'}")
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        ads = [ad(n, source="greenhouse", board=f"tenant{n:03}") for n in range(MANY)]
        store.save_postings(conn, ads, run_id=run_id, now=NOON)
        for n in range(3):
            state = "complete" if n else "failed"
            report = {"state": state, "complete": bool(n), "found": 10 * n, "now": NOON, "started_at": NOON}
            store.finish_board_run(conn, run_id, "greenhouse", f"tenant{n:03}", **report)
    assert rolecall("status", data=tmp_path).out.count("greenhouse/tenant") == MANY
    with writing(engine) as conn:
        store.save_postings(conn, [ad(1, source="lever", board="one")], run_id=run_id, now=NOON)
    engine.dispose()
    whole = rolecall("status", data=tmp_path).out
    (line,) = [line.split() for line in whole.splitlines() if "greenhouse" in line]
    assert line[:10] == f"greenhouse {MANY} {MANY - 3} not read yet, 2 complete, 1 failed".split()
    assert line[10:15] == ["2026-11-01", "12:00", "30", "30", str(MANY)]
    assert f"{MANY + 1} boards; `rolecall status SOURCE`" in whole
    of_one = rolecall("status", "greenhouse", data=tmp_path)
    assert of_one.out.count("greenhouse/tenant") == MANY
    # the totals are not of that source alone, and say so
    assert f"all sources: {MANY + 1} postings ({MANY + 1} open), 0 jobs" in of_one.out
    assert "all sources" not in whole
    assert len(rolecall("status", "--json", data=tmp_path).json["boards"]) == MANY + 1
    assert [row["board"] for row in rolecall("status", "lever", "--json", data=tmp_path).json["boards"]] == ["one"]
    assert "Did you mean lever?" in rolecall("status", "levr", data=tmp_path).err


def test_a_replay_is_no_sight_of_an_ad_and_no_visit_to_a_board(plain_demo: Demo, tmp_path: Path) -> None:
    """Believing anew what was received: nothing is younger by it, no board waits longer, and the demo can go on."""
    data = plain_demo.copy(tmp_path / "data")
    url = ("--database", f"sqlite:///{data / 'demo.db'}")

    def stands() -> list[Any]:
        exports = [rolecall("export", what, *url, data=data).lines for what in ("postings", "jobs")]
        return [*exports, rolecall("status", "--json", *url, data=data).json["boards"]]

    before = stands()
    assert rolecall("replay", *url, data=data).code == 0
    assert stands() == before
    with sqlite3.connect(data / "demo.db") as conn:
        conn.execute("UPDATE posting SET role = 'none'")
        conn.execute("UPDATE sighting SET believed_hash = 'old'")
    assert rolecall("replay", "--json", *url, data=data).json["postings"]["changed"] > 0
    assert stands() == before
    again = rolecall("ingest", "--demo", "--plain", data=data)
    assert again.code == 0, again.err


@pytest.mark.skipif(sys.platform != "linux", reason="needs a pseudo-terminal")
def test_who_looks_on_sees_what_is_done_and_a_pipe_sees_nothing(tmp_path: Path) -> None:
    import pty

    command = [sys.executable, "-m", "flows.cli", "ingest", "--demo", "remotive", "--plain", "--json"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment(tmp_path)) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b"")).decode()
        assert process.stdout is not None
        said = json.loads(process.stdout.read())
    os.close(ours)
    assert (process.returncode, said["state"]) == (0, "complete")
    assert "crawling" in shown
    assert rolecall("ingest", "--demo", "remotive", "--plain", data=tmp_path).err == ""


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # the other end is closed
        return b""


def test_a_narrow_terminal_cuts_names_before_figures(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setattr("flows.commands.show.console", lambda: Console(width=85, color_system=None))
    monkeypatch.setattr("flows.commands.run_report.show_console", lambda: Console(width=85, color_system=None))
    headers = ("board", "state", "found", "new", "changed", "closed", "rejected")
    table(headers, [("a" * 60, "complete", 1234567, 0, 0, 0, 7654321)])
    show(
        Report("r1", "crawl", NOON, NOON, boards=[BoardReport("a" * 60, "", "complete", found=1234567, closed=7654321)])
    )
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith(" aaa")]
    assert [row[1:] for row in rows] == [
        ["complete", "1234567", "0", "0", "0", "7654321"],
        ["complete", "1234567", "0", "0", "7654321", "0"],
    ]
    assert all(row[0].endswith("a…") for row in rows)
    table(("run", *"abcdefghi"), [("20261101T060000.000", *["several words"] * 9)])
    assert "20261101T060000.000" in capsys.readouterr().out


@pytest.mark.parametrize("width", [60, 66, 72, 80, 100, 120, 160])
def test_the_status_is_legible_on_a_narrow_terminal(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: Any, tmp_path: Path
) -> None:
    """Every word of heading and cells stands in one piece; what there is no room for is named."""
    file = tmp_path / "some.jsonl"
    ad = {
        "source": "parcelboard",
        "board": "ghent-and-beyond",
        "title": "Data Engineer",
        "url": "https://example.com/1",
    }
    file.write_text(
        "\n".join([json.dumps(ad | {"external_id": "1"}), json.dumps(ad | {"external_id": "2", "colour": "red"})])
    )
    assert rolecall("ingest", "--from", file, "--plain", data=tmp_path).code == 0
    database = f"sqlite:///{tmp_path / 'rolecall.db'}"
    monkeypatch.setattr("flows.commands.show.console", lambda: Console(width=width, color_system=None))
    assert status.run(database, as_json=False) == 0
    _, head, _, row, *rest = capsys.readouterr().out.splitlines()
    shown = [name for name in status.HEADERS if name in head]
    assert head.split() == " ".join(shown).split()
    assert {"board", "state", "open", "findings"} <= {*shown}
    assert row.startswith(" parcelboard/ghent-a")
    assert row.split()[1] == "complete"
    assert row.rstrip().endswith("1 warning")
    # of a source without a card these hold nothing, so nothing of them is missed
    missed = {*status.HEADERS} - {*shown} - {"unconfirmed", "usual", "filled", "next due"}
    assert all(name in " ".join(rest) for name in missed)
    assert ("for want of room" in " ".join(rest)) is bool(missed)
    assert status.run(database, as_json=True) == 0
    assert {"expected", "unconfirmed", "next_due"} <= json.loads(capsys.readouterr().out)["boards"][0].keys()


def test_a_board_that_failed_says_why_also_where_no_monitor_watches(capsys: pytest.CaptureFixture[str]) -> None:
    boards = [BoardReport("site", "example.com", "failed", "no such host"), BoardReport("lever", "a", "failed", "gone")]
    told = finding("failed", "lever", "a", because="gone")
    show(Report("r1", "site", NOON, NOON, boards=boards, findings=[told]))
    out = capsys.readouterr().out
    assert "failed site/example.com: no such host" in out
    assert out.count("gone") == 1
