"""What a run came to, from what its boards came to."""

from __future__ import annotations

import datetime as dt

import pytest

from flows.report.run import BoardReport, Report

AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
WHOLE = BoardReport("lever", "acme", "complete", found=3)
LEFT_OVER = BoardReport("lever", "acme", "partial", "segments of an earlier run", found=2, new=2)
TURNED_AWAY = BoardReport("remoteok", "", "blocked")
BROKEN = BoardReport("remotive", "", "failed")


@pytest.mark.parametrize(
    ("boards", "state", "code"),
    [
        ([], "empty", 0),
        ([WHOLE], "complete", 0),
        ([WHOLE, BoardReport("lever", "other", "empty")], "complete", 0),
        ([WHOLE, TURNED_AWAY], "partial", 5),
        ([TURNED_AWAY], "blocked", 6),
        ([TURNED_AWAY, BROKEN], "failed", 5),
        # what a killed run left is settled first, then the board's own crawl has the last word
        ([LEFT_OVER, WHOLE], "complete", 0),
        ([LEFT_OVER, TURNED_AWAY, WHOLE], "partial", 5),
        ([LEFT_OVER], "partial", 5),
    ],
)
def test_the_runs_state_follows_its_boards(boards: list[BoardReport], state: str, code: int) -> None:
    report = Report("r1", "crawl", AT, boards=boards)
    assert (report.state, report.exit_code) == (state, code)


def test_what_an_earlier_run_left_counts_among_the_postings_but_not_as_a_board() -> None:
    report = Report("r1", "crawl", AT, boards=[LEFT_OVER, WHOLE])
    assert report.sum("new") == 2
    assert report.sources() == {"lever": "complete"}
    assert report.summary().startswith("complete: boards: 1 complete; postings: 2 new")
