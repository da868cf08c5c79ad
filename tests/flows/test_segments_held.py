"""Segments on which our own code failed: nothing of them is stored, nothing of them is lost, and they do not pile up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows import settle
from spiders.spool import file_name
from tests.trust import runs

CALLS: list[tuple[object, str]] = [("flows.believe.clean", "each record"), ("flows.settle.distinct", "the whole board")]


def broken(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("a rule of today")


def crawled(data: Path, run: str, numbers: range, folder: str = "remotive.1") -> Path:
    """A segment that a run has left."""
    ads = [runs.said(n, source="remotive", url=f"https://remotive.com/remote-jobs/{n}") for n in numbers]
    return runs.write_lines(data / "spool" / run / folder / file_name("remotive", "", 1), ads)


def one_line(data: Path) -> Path:
    """A file, so that a run crawls nothing."""
    return runs.write_lines(data / "some.jsonl", [runs.said(99, source="jobicy")])


def waiting(data: Path) -> list[Path]:
    return sorted((data / "spool").rglob("*~*.jsonl"))


@pytest.fixture(params=CALLS, ids=lambda call: call[1])
def break_it(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Break our own code at one of its places."""
    return lambda: monkeypatch.setattr(request.param[0], broken)


def test_what_was_crawled_waits_for_mended_code(
    sqlite: str, tmp_path: Path, break_it: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    crawled(tmp_path, "20261101T110000.000", range(20))
    crawled(tmp_path, "20261101T110000.000", range(20, 25), "remotive.2")
    with monkeypatch.context():
        break_it()
        for _ in range(2):
            report = runs.run(tmp_path, sqlite, one_line(tmp_path))
            assert {board.source: board.state for board in report.boards}["remotive"] == "failed"
            held = next(found for found in report.findings if found.code == "segments_held")
            assert (held.facts["segments"], held.facts["runs"]) == (2, 1)
            assert len(waiting(tmp_path)) == 2
    monkeypatch.undo()
    report = runs.run(tmp_path, sqlite, one_line(tmp_path))
    stored = next(board for board in report.boards if board.source == "remotive")
    assert (stored.new, stored.closed) == (25, 0)
    assert waiting(tmp_path) == []
    assert [path.name for path in (tmp_path / "spool").glob("*")] == []


def test_no_more_than_the_newest_runs_wait(sqlite: str, tmp_path: Path, break_it: Callable[[], None]) -> None:
    break_it()
    for day in range(1, 8):
        crawled(tmp_path, f"202611{day:02d}T110000.000", range(20))
        runs.run(tmp_path, sqlite, one_line(tmp_path))
    days = [path.parent.name[:8] for path in waiting(tmp_path)]
    assert days == ["20261105", "20261106", "20261107"]
    assert len(days) == settle.MOST_HELD


def test_a_few_faults_hold_nothing_back(sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below half, the faults are rejections and the rest is stored."""
    from flows.clean import clean

    def sometimes(raw: Any, *said: Any, **more: Any) -> Any:
        return broken() if raw.external_id == "3" else clean(raw, *said, **more)

    monkeypatch.setattr("flows.believe.clean", sometimes)
    crawled(tmp_path, "20261101T110000.000", range(20))
    report = runs.run(tmp_path, sqlite, one_line(tmp_path))
    stored = next(board for board in report.boards if board.source == "remotive")
    assert (stored.new, stored.rejected) == (19, 1)
    assert waiting(tmp_path) == []
