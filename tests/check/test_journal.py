"""Findings in the log: one line each whatever a board says, bounded, and never in the way of a run."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Settings
from flows import journal
from flows.findings import Finding, finding
from flows.journal import keep_crawl_logs, lines, write_findings
from flows.report.run import BoardReport, Report

AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
FORGED = 'x\n{"level": "error", "text": "all is lost"}\r\n\x1b[2J\u2028\u202e\x85\x7f'


def report(*said: Finding, kind: str = "crawl") -> Report:
    return Report("r1", kind, AT, AT, findings=list(said))


def settings(data: Path, log: str = "text") -> Settings:
    return Settings(data=data, log=log)


def written(data: Path) -> list[bytes]:
    return (data / "log" / "findings.jsonl").read_bytes().split(b"\n")[:-1]


def test_f10_a_board_cannot_write_a_line_of_its_own(tmp_path: Path) -> None:
    bad = Finding("unknown_key", "note", "remoteok", FORGED, FORGED, {FORGED: [FORGED]})
    write_findings(report(bad, finding("unknown_key", "remoteok", key=FORGED, times=1)), settings(tmp_path))
    assert len(written(tmp_path)) == 2
    assert all(0x20 <= byte < 0x7F for line in written(tmp_path) for byte in line)
    assert json.loads(written(tmp_path)[0])["board"] == FORGED


@given(st.text(), st.dictionaries(st.text(), st.recursive(st.text() | st.integers() | st.none(), st.lists)))
def test_f10_a_finding_is_one_line_of_ascii_that_reads_back(said: str, facts: dict[str, object]) -> None:
    (line,) = lines(report(Finding("failed", "error", said, said, said, facts)))
    assert len(line.splitlines()) == 1
    assert all(" " <= character <= "~" for character in line)
    back = json.loads(line)
    assert (back["source"], back["text"], back["run"], back["at"]) == (said, said, "r1", AT.isoformat())


def test_runs_add_to_the_log_and_stderr_is_for_those_who_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = finding("run_crashed", run_id="r0")
    write_findings(report(one), settings(tmp_path))
    assert capsys.readouterr().err == ""
    write_findings(report(one, one), settings(tmp_path, "json"))
    assert len(written(tmp_path)) == 3
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["code"], line["level"], line["facts"]) for line in said] == [
        ("run_crashed", "warning", {"run_id": "r0"})
    ] * 2


def test_f10_the_log_is_the_operators_and_holds_nothing_that_deletes(tmp_path: Path) -> None:
    usual = os.umask(0)
    try:
        write_findings(report(finding("failed", "acme", because="a\x7f\x7fb")), settings(tmp_path))
    finally:
        os.umask(usual)
    file = tmp_path / "log" / "findings.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert b"\x7f" not in file.read_bytes()


def test_the_log_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST_BYTES", 2000)
    for number in range(100):
        write_findings(report(finding("run_crashed", run_id=str(number))), settings(tmp_path))
    files = sorted((tmp_path / "log").iterdir())
    assert [file.name for file in files] == ["findings.1.jsonl", "findings.jsonl"]
    assert all(file.stat().st_size <= 2000 for file in files)
    kept = [json.loads(line)["facts"]["run_id"] for file in files for line in file.read_text().splitlines()]
    assert kept == [str(number) for number in range(100 - len(kept), 100)]


def test_a_log_that_cannot_be_written_harms_no_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    write_findings(report(finding("run_crashed", run_id="r0")), settings(tmp_path, "json"))
    assert "could not be written" in caplog.text
    assert json.loads(capsys.readouterr().err)["code"] == "run_crashed"


def test_the_demo_writes_nothing(tmp_path: Path) -> None:
    write_findings(report(finding("run_crashed", run_id="r0"), kind="demo"), settings(tmp_path))
    assert list(tmp_path.iterdir()) == []


def crawled(spool: Path, *sources: str, wrote: str = "Traceback") -> Path:
    """The folder of a run with the log of one crawl."""
    folder = spool / f"{'+'.join(sources)}.1"
    folder.mkdir(parents=True)
    (folder / "crawl.log").write_text(wrote)
    return spool


def test_the_log_of_a_crawl_that_went_wrong_outlives_the_folder_of_its_run(tmp_path: Path) -> None:
    spool = crawled(crawled(crawled(tmp_path / "r1", "remotive"), "lever", "ashby"), "remoteok")
    said = report(finding("exceptions", "remotive", exceptions=1, names="KeyError"))
    said.boards = [BoardReport("ashby", "acme", "crashed"), BoardReport("remoteok", "", "complete")]
    keep_crawl_logs(said, spool, settings(tmp_path))
    kept = {file.name: file.read_text() for file in (tmp_path / "log").iterdir()}
    assert kept == {"crawl-r1-remotive.1.log": "Traceback", "crawl-r1-lever+ashby.1.log": "Traceback"}


def test_kept_logs_are_bounded_and_never_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST_LOG", 5)
    monkeypatch.setattr(journal, "MOST_LOGS", 2)
    wrong = finding("failed", "remotive", because="x")
    for n in range(4):
        said = Report(f"r{n}", "crawl", AT, AT, findings=[wrong])
        keep_crawl_logs(said, crawled(tmp_path / f"r{n}", "remotive", wrote=f"begin, end{n}"), settings(tmp_path))
    kept = {file.name: file.read_text() for file in (tmp_path / "log").iterdir()}
    assert kept == {"crawl-r2-remotive.1.log": " end2", "crawl-r3-remotive.1.log": " end3"}
    keep_crawl_logs(report(wrong), tmp_path / "nowhere", settings(tmp_path))
    (tmp_path / "taken").write_text("")
    keep_crawl_logs(report(wrong), tmp_path / "r3", settings(tmp_path / "taken"))
    assert len(list((tmp_path / "log").iterdir())) == 2
    keep_crawl_logs(report(wrong, kind="demo"), tmp_path / "r3", settings(tmp_path / "demo"))
    assert not (tmp_path / "demo").exists()
