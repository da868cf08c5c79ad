"""What one run changed, asked after it."""

from __future__ import annotations

from sqlalchemy import Engine

from storage import changes, store
from storage.changes import RoleCount
from storage.engine import reading, writing
from tests.storage.ads import DAY, NOON, ad


def test_postings_without_a_role_by_source(engine: Engine) -> None:
    first = [ad(n, role="none" if n < 2 else "backend-developer") for n in range(5)]
    later = [ad(9, role="none"), ad(1, at=NOON + DAY), ad(1, source="other", role="none")]
    quiet = [ad(1, source="quiet", role="none")]
    runs = []
    for number, postings in enumerate([first + quiet, later]):
        with writing(engine) as conn:
            runs.append(store.start_run(conn, kind="crawl", now=NOON + number * DAY))
            store.ensure_boards(conn, [(p.source, p.board) for p in postings], runs[-1])
            store.save_postings(conn, postings, run_id=runs[-1], now=NOON + number * DAY)
    with reading(engine) as conn:
        # ad 1 was stored before, and has a role since
        assert changes.without_role(conn, runs[1]) == [RoleCount("example", 1, 1, 5, 1), RoleCount("other", 1, 1, 0, 0)]
        assert changes.without_role(conn, "no such run") == []
