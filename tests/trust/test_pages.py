"""The command line and names that would leave their folder (C-07, X-07, X-10)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spiders.spool import file_name
from tests.flows.rolecall import environment, rolecall
from tests.trust import runs


@pytest.mark.parametrize("board", ["../x", "/etc/passwd", "a/b", "..", "a\0b", "C:\\x", "~", "x" * 300])
def test_x07_a_segment_stays_in_its_folder(board: str, tmp_path: Path) -> None:
    name = file_name("lever", board, 1)
    assert Path(name).name == name
    assert (tmp_path / name).resolve().parent == tmp_path.resolve()
    (tmp_path / name).touch()


def test_c07_the_machines_zone_moves_no_date(tmp_path: Path) -> None:
    said = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        data = tmp_path / zone.partition("/")[2]
        file = runs.write_lines(data / "some.jsonl", [runs.said(1, posted="2026-10-30", valid_through="2026-12-24")])
        assert rolecall("ingest", "--from", file, "--plain", data=data, extra={"TZ": zone}).code == 0
        [row] = rolecall("export", "postings", data=data, extra={"TZ": zone}).lines
        said.append({name: row[name] for name in ("posted_at", "valid_through", "state", "salary_year_usd_min")})
    assert said[0] == said[1]
    assert str(said[0]["posted_at"]).startswith("2026-10-30")


@pytest.mark.parametrize(
    "extra",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        {"COLUMNS": "40", "NO_COLOR": "1", "TERM": "xterm-256color"},
    ],
    ids=["ascii", "narrow"],
)
def test_x10_any_terminal_gets_clean_output(tmp_path: Path, extra: dict[str, str]) -> None:
    file = runs.write_lines(
        tmp_path / "some.jsonl", [runs.said(1, title="Développeur Back-end 日本", company="Ünïcode")]
    )
    made = rolecall("ingest", "--from", file, "--plain", "--json", data=tmp_path, extra=extra)
    assert made.json["postings"]["new"] == 1
    shown = rolecall("status", data=tmp_path, extra=extra)
    exported = rolecall("export", "postings", data=tmp_path, extra=extra)
    assert (shown.code, exported.code) == (0, 0)
    assert "Ünïcode" in json.dumps(exported.lines, ensure_ascii=False)
    asked = ("query", "SELECT title FROM v_jobs_open")
    table = rolecall(*asked, data=tmp_path, extra=extra)
    assert "veloppeur" in table.out
    assert rolecall(*asked, "--format", "csv", data=tmp_path, extra=extra).out == "title\nDéveloppeur Back-end 日本\n"
    assert rolecall(*asked, "--json", data=tmp_path, extra=extra).json == [{"title": "Développeur Back-end 日本"}]
    for said in (made, shown, exported, table):
        assert "Traceback" not in said.err
        assert "\x1b" not in said.out + said.err


def test_x10_a_folder_that_the_locale_cannot_say_is_no_fault_of_ours(tmp_path: Path) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    data = tmp_path / "dä ta"
    data.mkdir()
    said = rolecall("status", data=data, extra=ascii_only, cold=True)
    assert (said.code, len(said.err.splitlines())) == (3, 1)
    assert "LC_ALL=C.UTF-8" in said.err
    assert rolecall("status", data=data).code == 3


@pytest.mark.parametrize(("arguments", "code"), [(["status", "--nonsense"], 2), (["nonsense"], 2)])
def test_x10_a_wrong_flag_is_a_usage_error(tmp_path: Path, arguments: list[str], code: int) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments],
        capture_output=True,
        text=True,
        env=environment(tmp_path),
        check=False,
    )
    assert said.returncode == code
    assert "Traceback" not in said.stderr
    assert (said.stdout, said.stderr.count("Error:")) == ("", 1)
    assert not list(tmp_path.iterdir())
