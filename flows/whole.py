"""The check of the whole: what must hold after matching, before files that people read are switched."""

from __future__ import annotations

from flows import check
from flows.run import Run
from storage import read
from storage.engine import reading


def check_whole(run: Run) -> None:
    """Hold the store against its own books; a failed gate is in the report and keeps the last good files."""
    with reading(run.engine) as conn:
        counts = read.counts(conn)
        facts = check.WholeFacts(
            open_before=run.before["postings_open"],
            open_after=counts["postings_open"],
            opened=run.opened,
            left=run.left,
            records=sum(b.found + b.rejected for b in run.report.boards),
            rejected=run.report.sum("rejected"),
            new=run.report.sum("new"),
            jobs_open=counts["jobs_open"],
            unmatched=read.unmatched(conn),
        )
    findings = check.check_whole(facts)
    run.report.totals = counts
    run.report.findings += findings
    run.report.gate_failed = not check.passes(findings)
