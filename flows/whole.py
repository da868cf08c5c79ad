"""The check of the whole: what must hold after matching, before files that people read are switched."""

from __future__ import annotations

from collections.abc import Iterable

from flows import check
from flows.run import Run
from storage import changes, read
from storage.changes import RoleCount
from storage.engine import reading


def check_whole(run: Run) -> None:
    """Hold the store against its own books; a failed gate is in the report and keeps the last good files."""
    with reading(run.engine) as conn:
        counts = read.counts(conn)
        new, without, usual = role_shares(changes.without_role(conn, run.run_id) if run.report.sum("new") else ())
        facts = check.WholeFacts(
            open_before=run.before["postings_open"],
            open_after=counts["postings_open"],
            opened=run.opened,
            left=run.left,
            records=sum(b.found + b.rejected for b in run.report.boards),
            rejected=run.report.sum("rejected"),
            new=new,
            new_without_role=without,
            share_without_role=usual,
            jobs_open=counts["jobs_open"],
            unmatched=read.unmatched(conn),
        )
    findings = check.check_whole(facts)
    run.report.totals = counts
    run.report.findings += findings
    run.report.gate_failed = not check.passes(findings)


def role_shares(counts: Iterable[RoleCount]) -> tuple[int, int, float]:
    """New postings, those of them without a role, and the share that is usual for these sources.

    Only of sources with enough postings from before: a board of another trade that is read for the first time has no
    usual share, and says nothing of the taxonomy.
    """
    known = [one for one in counts if one.before >= check.ENOUGH_RECORDS]
    new = sum(one.new for one in known)
    usual = sum(one.new * one.before_without / one.before for one in known)
    return new, sum(one.new_without for one in known), usual / new if new else 0.0
