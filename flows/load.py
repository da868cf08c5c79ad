"""RawPosting lines from files: the same stages, a chunk at a time, however long the file is.

A file is somebody's selection: what it leaves out says nothing, so nothing closes; checks only warn; a source without
a card counts as a window.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from sqlalchemy import Connection

from config.load import cards
from flows.believe import Batch, as_read
from flows.findings import Finding, finding
from flows.land import Line, read_segment
from flows.report.run import BoardReport
from flows.run import Run
from flows.settle import distinct
from storage import store
from storage.engine import in_transaction
from storage.models import Rejection, RunState

CHUNK = 2_000
"""Records that one transaction stores: twice as many cost as much each, and the processes beside would wait for us."""

MOST_REASONS = 3
"""Reasons that a finding tells, the most frequent; `rolecall rejections list` tells all."""
LONGEST_DETAIL = 70
"""Characters of a detail that a finding tells."""
FIGURES = ("found", "new", "changed", "unchanged", "rejected")
Board = tuple[str, str]


@dataclass
class Refusals:
    """How many records of a board were refused for one reason, and the first of them."""

    first: Rejection
    times: int = 0

    def example(self, file: Path) -> str:
        """Where the first one stands; of a line that could not be read, what is wrong with it too."""
        if not self.first.place:
            # what is wrong with an ad may be a text of it, which could name somebody who was to be forgotten
            return f"{file.name}: {self.first.external_id}"
        return f"{self.first.place}: {textwrap.shorten(self.first.detail, LONGEST_DETAIL, placeholder=' …')}"


def load(run: Run, file: Path) -> list[BoardReport]:
    """Ingest one file; one report a board that it names, and one for lines that name none."""
    refused: dict[Board, dict[str, Refusals]] = {}
    reports = take_in(run, read_segment(file), refused)
    run.report.findings += [
        _rejections(report, file, refused[report.source, report.board])
        for report in reports
        if report.rejected > report.found // 100
    ]
    return reports


def take_in(
    run: Run, lines: Iterable[Line], refused: dict[Board, dict[str, Refusals]] | None = None
) -> list[BoardReport]:
    """Clean, classify and store lines of any boards, a chunk a transaction; one report a board.

    ``refused`` is filled with what was refused of each board, by reason.
    """
    refused = {} if refused is None else refused
    figures: defaultdict[Board, Counter[str]] = defaultdict(Counter)
    for batch in _chunks(run, lines):
        counted, rejections = in_transaction(run.engine, partial(_store, run=run, batch=batch, now=run.clock()))
        for board, counts in counted.items():
            figures[board].update(counts)
        for one in rejections:
            reasons = refused.setdefault((one.source, one.board), {})
            reasons.setdefault(one.reason, Refusals(one)).times += 1
    reports = [_report(*board, counts) for board, counts in sorted(figures.items())]
    in_transaction(run.engine, partial(_finish, run=run, reports=reports))
    run.report.boards += reports
    run.opened += sum(report.new for report in reports)
    return reports


def _chunks(run: Run, lines: Iterable[Line]) -> Iterator[Batch]:
    chunk = Batch()
    for batch in run.believers.batches(lines, cards(), run.clock()):
        chunk.add(batch)
        if len(chunk.captures) + len(chunk.rejections) >= CHUNK:
            yield chunk
            chunk = Batch()
    if chunk.captures or chunk.rejections or chunk.seen:
        yield chunk


def _store(
    conn: Connection, *, run: Run, batch: Batch, now: dt.datetime
) -> tuple[dict[Board, Counter[str]], list[Rejection]]:
    """One chunk in one transaction; figures by board, and what was refused."""
    postings = distinct(as_read(batch, now))
    saved = store.save_postings(conn, postings, run_id=run.run_id, now=now, live=False, anew=run.order.replay)
    rejections = [*batch.rejections, *saved.rejections]
    counted: defaultdict[Board, Counter[str]] = defaultdict(Counter)
    for (source, board, what), n in saved.boards.items():
        counted[source, board].update({what: n, "found": n})
    for refused in saved.rejections:
        counted[refused.source, refused.board]["found"] += 1
    for refused in rejections:
        counted[refused.source, refused.board]["rejected"] += 1
    store.save_captures(conn, batch.captures, run_id=run.run_id, now=now)
    store.save_rejections(conn, rejections, run_id=run.run_id, now=now)
    return counted, rejections


def _report(source: str, board: str, counts: Counter[str]) -> BoardReport:
    state, because = ("complete", "") if counts["found"] else ("failed", "no line of it could be believed")
    return BoardReport(
        source,
        board,
        cast(RunState, state),
        because,
        found=counts["found"],
        new=counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        rejected=counts["rejected"],
    )


def _rejections(report: BoardReport, file: Path, refused: dict[str, Refusals]) -> Finding:
    tried = report.found + report.rejected
    most = sorted(refused.items(), key=lambda one: (-one[1].times, one[0]))[:MOST_REASONS]
    said = ", ".join(f"{reason} {refusals.times} times ({refusals.example(file)})" for reason, refusals in most)
    return finding("rejections", report.source, report.board, rejected=report.rejected, of=tried, reason=said)


def _finish(conn: Connection, *, run: Run, reports: list[BoardReport]) -> None:
    ends = [
        {"source": report.source, "board": report.board, "state": report.state, "because": report.because}
        | {"complete": False, **{name: getattr(report, name) for name in FIGURES}}
        for report in reports
        if report.source
    ]
    store.finish_board_runs(conn, run.run_id, ends, now=run.clock(), tried=not run.order.replay)
