"""A run on Prefect's page: a summary in Markdown and a table of its boards. Pure; what boards say stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flows.findings import Finding, one_line
from flows.report.run import Report

MOST_ROWS = 200
"""Rows of a table; the rest is counted. Prefect keeps an artifact of each run."""
FIGURES = ("found", "new", "changed", "unchanged", "closed", "reopened", "rejected")

_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#+\-.!|~&:@]")
_LOUDNESS = {"error": 0, "warning": 1, "note": 2}


def markdown(report: Report) -> str:
    """The run in Markdown: its summary line, its findings with the loudest first, what was left out and why."""
    parts = [f"# Run {plain(report.run_id)}", plain(report.summary())]
    if report.findings:
        loudest = sorted(report.findings, key=lambda f: _LOUDNESS[f.level])
        parts += ["## Findings", _table(("level", "board", "code", "what"), map(_finding, loudest))]
    if report.looks:
        looks = ((one.source, one.board, one.looked, one.closed, one.confirmed) for one in report.looks)
        parts += ["## Own pages looked at", _table(("source", "board", "looked at", "gone", "still there"), looks)]
    if report.skipped:
        parts += ["## Left out", _table(("source", "why"), ((one.source, one.why) for one in report.skipped))]
    return "\n\n".join(parts) + "\n"


def boards(report: Report) -> list[dict[str, Any]]:
    """One row a board: name, state, figures, reason. Text is escaped, since Prefect reads cells as Markdown."""
    rows = [
        {
            "board": plain(board.name),
            "state": board.state,
            **{name: getattr(board, name) for name in FIGURES},
            "because": plain(board.because),
        }
        for board in report.boards[:MOST_ROWS]
    ]
    if more := len(report.boards) - MOST_ROWS:
        rows += [{**dict.fromkeys(rows[0], ""), "board": f"and {more} more"}] if more > 0 else []
    return rows


def plain(value: object) -> str:
    """Any value as one line of Markdown that reads as it is: no link, no HTML, no end of a table's cell.

    >>> plain("a|b <img src=x>")
    'a\\\\|b \\\\<img src=x\\\\>'
    """
    return _MARKUP.sub(r"\\\g<0>", one_line(value))


def _finding(finding: Finding) -> tuple[str, str, str, str]:
    where = "/".join(part for part in (finding.source, finding.board) if part) or "run"
    return finding.level, where, finding.code, finding.text


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = [[plain(cell) for cell in row] for row in rows]
    more = [f"\nand {len(cells) - MOST_ROWS} more"] if len(cells) > MOST_ROWS else []
    lines = [_row(heads), _row(["---"] * len(heads)), *map(_row, cells[:MOST_ROWS])]
    return "\n".join(lines + more)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
