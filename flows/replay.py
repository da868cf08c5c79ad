"""Believing anew: the records as received go through today's rules, without a crawl, and what moved is said."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from flows.land import Landed, Line, read_line
from flows.load import take_in
from flows.report.run import BoardReport
from flows.run import Run
from storage import changes, read
from storage.engine import reading


def replay(run: Run) -> list[BoardReport]:
    """Clean and classify the newest capture of every ad of the order's sources, or of all sources."""
    reports = take_in(run, _newest(run))
    with reading(run.engine) as conn:
        run.report.moved = changes.fields(conn, run.run_id)
    return reports


def _newest(run: Run) -> Iterator[Line]:
    """The last record received of each ad."""
    with reading(run.engine) as conn:
        for name in run.order.sources or ("",):
            source, _, board = name.partition("/")
            received = read.captures(conn, source=source or None, board=board or None)
            kept = (read_line(line, sha256, source) for sha256, line in received)
            for _, same in groupby(kept, key=_ad):
                yield list(same)[-1]


def _ad(line: Line) -> tuple[str, str, str] | int:
    return (line.raw.source, line.raw.board, line.raw.external_id) if isinstance(line, Landed) else id(line)
