"""The watch over the boards after a run: what their own history says about what just came, and who was not heard of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from config.load import cards
from flows.check import BoardFacts
from flows.findings import Finding
from flows.monitor import Look, findings, fresh, watch
from flows.run import Run
from storage import read
from storage.engine import reading

ENOUGH_RUNS = 10
"""Runs of a board that the monitors look back on."""
_ECHOES = frozenset({"partial", "item_drop"})
"""What only repeats an error that a gate or a guard has raised for the same board."""


def watch_boards(run: Run) -> None:
    """Add the monitors' findings to the report: all of them over the boards of this run, freshness over the others."""
    if run.order.kind != "crawl":
        return
    now = run.clock()
    read_now = {(board.source, board.board) for board in run.report.boards}
    with reading(run.engine) as conn:
        found: list[Finding] = []
        for source, board in sorted(read_now):
            runs = [BoardFacts.of(row) for row in read.board_runs(conn, source, board, limit=ENOUGH_RUNS)]
            found += findings(watch(cards()[source], runs, now))
        found += findings([fresh(Look(cards()[b.source], [b], now)) for b in _unheard(conn, read_now)])
    run.report.findings += _without_echoes(found, run.report.findings)


def _unheard(conn: Connection, read_now: set[tuple[str, str]]) -> Iterator[BoardFacts]:
    """Boards that are on, were read before, and were not tried in this run: their last complete run."""
    paused = read.paused(conn)
    for row in read.boards(conn):
        card = cards().get(row["source"])
        off = card is None or not card.on or row["source"] in paused
        if not off and row["last_complete_at"] and (row["source"], row["board"]) not in read_now:
            yield _last_complete(row)


def _last_complete(row: dict[str, Any]) -> BoardFacts:
    return BoardFacts(row["source"], row["board"], state="complete", complete=True, finished_at=row["last_complete_at"])


def _without_echoes(found: list[Finding], said: list[Finding]) -> list[Finding]:
    """The findings that tell something new."""
    errors = {(f.source, f.board) for f in said if f.level == "error"}
    known = {(f.code, f.source, f.board) for f in said}
    return [
        f
        for f in found
        if (f.code, f.source, f.board) not in known and not (f.code in _ECHOES and (f.source, f.board) in errors)
    ]
