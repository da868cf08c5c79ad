"""A run on Prefect's page: what boards say stays text, and a page that cannot be written harms no run."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flows.findings import Finding, finding
from flows.report.artifact import MOST_ROWS, boards, markdown, plain
from flows.report.run import BoardReport, Report, Skipped
from tests.demos import Demo
from tests.flows.rolecall import environment

AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
HOSTILE = "a | b\n# [click](javascript:alert(1)) <img src=x onerror=y> `c` **d** ![e](http://example.com) &lt; https://example.com"
READ = MarkdownIt("commonmark", {"html": True}).enable("table")


def report(*said: Finding) -> Report:
    read = [BoardReport("greenhouse", HOSTILE, "partial", HOSTILE, found=5, new=2)]
    return Report("r1", "crawl", AT, AT, boards=read, findings=list(said), skipped=[Skipped("lever", HOSTILE)])


def kinds(text: str) -> list[str]:
    """Every kind of token in a text, and how many cells a table has."""
    return [one.type for token in READ.parse(text) for one in (token, *(token.children or ()))]


def test_x02_what_a_board_says_stays_text() -> None:
    said = markdown(report(Finding("failed", "error", "remoteok", HOSTILE, HOSTILE)))
    found = kinds(said)
    assert not {"link_open", "image", "html_inline", "html_block", "code_inline", "strong_open"} & set(found)
    assert found.count("heading_open") == 3
    assert found.count("td_open") == 4 + 2


@given(st.text(max_size=300))
def test_x02_any_text_is_one_cell(said: str) -> None:
    found = kinds(f"| a | b |\n|---|---|\n| x{plain(said)} | y |\n")
    assert found.count("tr_open") == 2
    assert found.count("td_open") == 2
    assert not {"link_open", "image", "html_inline", "code_inline", "strong_open", "em_open"} & set(found)


def test_the_loudest_finding_comes_first() -> None:
    said = markdown(report(finding("run_crashed", run_id="r0"), finding("failed", "remoteok", because="no")))
    assert said.index("could not be read") < said.index("marked crashed")


def test_a_table_of_boards_is_bounded() -> None:
    (row,) = boards(report())
    assert (row["state"], row["found"], row["new"]) == ("partial", 5, 2)
    assert "\n" not in row["board"] + row["because"]
    many = Report("r1", "crawl", AT, boards=[BoardReport("lever", str(n), "complete") for n in range(MOST_ROWS + 7)])
    assert len(boards(many)) == MOST_ROWS + 1
    assert boards(many)[-1]["board"] == "and 7 more"
    assert boards(Report("r1", "crawl", AT)) == []
    assert len(boards(Report("r1", "crawl", AT, boards=many.boards[:MOST_ROWS]))) == MOST_ROWS


def test_a_run_leaves_its_artifacts_with_prefect(prefect_demo: Demo, tmp_path: Path) -> None:
    assert prefect_demo.said.code == 0, prefect_demo.said.err
    with sqlite3.connect(prefect_demo.copy(tmp_path) / "prefect" / "prefect.db") as conn:
        left = dict(conn.execute("SELECT key, data FROM artifact WHERE key LIKE 'rolecall-%'"))
        runs = conn.execute("SELECT count(DISTINCT flow_run_id) FROM artifact WHERE key LIKE 'rolecall-%'").fetchone()
    assert left.keys() == {"rolecall-run", "rolecall-boards"}
    assert "remoteok" in left["rolecall-boards"]
    assert runs == (1,)


UNREACHABLE = """
from tests.flows.test_artifact import report
from flows.orchestrate import show
show(report())
"""


def test_a_page_that_cannot_be_written_harms_no_run(tmp_path: Path) -> None:
    # nothing listens there; a process of its own, since Prefect reads its settings once
    nowhere = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    done = subprocess.run(
        [sys.executable, "-c", UNREACHABLE],
        cwd=Path(__file__).parents[2],
        env=environment(tmp_path, nowhere),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "artifacts could not be made" in done.stderr
