"""The report of a run on a terminal: a table of boards, what changed, what is wrong. Silent colours in pipes."""

from __future__ import annotations

from rich import box
from rich.table import Table

from flows.commands.show import console as show_console
from flows.commands.show import words
from flows.report.run import BAD, BoardReport, Report

MOST_BOARDS = 80
"""Boards shown one by one; beyond that only those that changed or are not as they should be."""
MOST_FINDINGS = 20


def show(report: Report) -> None:
    """Print the report on stdout."""
    console = show_console()
    boards = _shown(report)
    if boards:
        console.print(_table(boards))
    if len(boards) < len(report.boards):
        console.print(f"... and {len(report.boards) - len(boards)} boards more: rolecall run {report.run_id}")
    if report.looks:
        console.print(report.looked())
    for one in report.skipped[:MOST_FINDINGS]:
        when = f", next {one.next_at:%Y-%m-%d %H:%M} UTC" if one.next_at else ""
        console.print(words(f"skipped {one.source}: {one.why}{when}"))
    for finding in _loudest(report):
        where = "/".join(part for part in (finding.source, finding.board) if part)
        console.print(words(f"{finding.level} {where or 'run'}: {finding.text} ({finding.code})"))
    for board in _unexplained(report, boards):
        console.print(words(f"{board.state} {board.name}: {board.because}"))
    totals = report.totals
    console.print(
        f"{report.state}: {report.sum('new')} new, {report.sum('changed')} changed, {report.sum('closed')} closed, "
        f"{report.sum('rejected')} rejected; {totals.get('postings', 0)} postings are {totals.get('jobs', 0)} jobs "
        f"({report.work_seconds:.1f} s of work)"
    )
    console.print(words(f"database {report.database}"))


def _shown(report: Report) -> list[BoardReport]:
    boards = sorted(report.boards, key=lambda b: (b.source, b.board))
    if len(boards) <= MOST_BOARDS:
        return boards
    return [b for b in boards if b.state in BAD or b.new or b.changed or b.closed or b.reopened][:MOST_BOARDS]


def _loudest(report: Report) -> list:  # type: ignore[type-arg]
    order = {"error": 0, "warning": 1, "note": 2}
    loud = sorted((f for f in report.findings if f.level != "note"), key=lambda f: order[f.level])
    return loud[:MOST_FINDINGS]


def _unexplained(report: Report, boards: list[BoardReport]) -> list[BoardReport]:
    """Boards that ended badly while no finding says why: nobody watches over sites, files and the demo."""
    told = {(finding.source, finding.board) for finding in report.findings}
    return [b for b in boards if b.state in BAD and b.because and (b.source, b.board) not in told][:MOST_FINDINGS]


def _table(boards: list[BoardReport]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("board", overflow="ellipsis", no_wrap=True)
    for name in ("state", "found", "new", "changed", "closed", "rejected"):
        table.add_column(name, justify="left" if name == "state" else "right", no_wrap=True, min_width=len(name))
    for board in boards:
        figures = (board.found, board.new, board.changed, board.closed, board.rejected)
        state = f"[red]{board.state}[/red]" if board.state in BAD else board.state
        table.add_row(words(board.name), state, *map(str, figures))
    return table
