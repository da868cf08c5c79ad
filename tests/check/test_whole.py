"""The check of the whole after a run: a taxonomy that fails is seen, another mix of boards is not taken for one."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from flows.believe import Believers
from flows.order import Order
from flows.report.run import BoardReport, Report
from flows.run import Run
from flows.whole import check_whole, role_shares
from storage import read, store
from storage.changes import RoleCount
from storage.engine import open_database, reading, writing
from storage.models import Posting
from tests.storage.ads import DAY, NOON, ad


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([], (0, 0, 0.0)),
        ([RoleCount("a", 60, 50, 100, 40)], (60, 50, 0.4)),
        # a source that is new has no usual share
        ([RoleCount("a", 60, 50, 100, 40), RoleCount("b", 500, 500, 0, 0)], (60, 50, 0.4)),
        # what is usual follows the mix of what is new
        ([RoleCount("a", 10, 0, 100, 0), RoleCount("b", 30, 30, 1000, 1000)], (40, 30, 0.75)),
    ],
)
def test_what_is_usual(counts: list[RoleCount], said: tuple[int, int, float]) -> None:
    assert role_shares(counts) == said


def batch(source: str, start: int, with_role: int, without: int) -> list[Posting]:
    roles = ["backend-developer"] * with_role + ["none"] * without
    return [ad(start + n, source=source, role=role) for n, role in enumerate(roles)]


@pytest.mark.parametrize(
    ("source", "new", "found"),
    [
        ("example", (10, 50), {"whole_unclassified"}),
        ("example", (50, 10), set()),
        ("other", (0, 60), set()),
    ],
)
def test_f13_a_run_whose_new_postings_lose_their_role_is_no_good_run(
    tmp_path: Path, source: str, new: tuple[int, int], found: set[str]
) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'w.db'}")
    runs = []
    for number, postings in enumerate([batch("example", 0, 80, 20), batch(source, 500, *new)]):
        with writing(engine) as conn:
            before = read.counts(conn)
            runs.append(store.start_run(conn, kind="crawl", now=NOON + number * DAY))
            store.ensure_boards(conn, [(postings[0].source, "acme")], runs[-1])
            saved = store.save_postings(conn, postings, run_id=runs[-1], now=NOON + number * DAY)
    report = Report(runs[1], "crawl", NOON, boards=[BoardReport(source, "acme", "complete", found=60, new=saved.new)])
    run = Run(Order(), engine, runs[1], 2, lambda: NOON, tmp_path, cast(Believers, None), report, before)
    run.opened = saved.new
    check_whole(run)
    with reading(engine) as conn:
        assert read.counts(conn)["postings"] == 160
    engine.dispose()
    # no stage has matched these postings, which is a finding of its own
    assert {finding.code for finding in report.findings} - {"whole_unmatched"} == found
