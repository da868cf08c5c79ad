"""``rolecall rejections list`` and ``rolecall rejections replay``"""

from __future__ import annotations

import datetime as dt
import textwrap
from typing import Any, get_args

from config.load import cards
from config.problems import UsageProblem
from flows.believe import as_read, believe_lines
from flows.commands import show
from flows.land import read_line
from flows.order import check_source
from storage import read, store
from storage.engine import reading, writing
from storage.tables import RejectionState

LONGEST = 120
"""Characters of a detail that are shown; --json has it whole."""


def listed(url: str | None, source: str | None, state: str, limit: int, as_json: bool) -> int:
    """Records that could not be believed, newest first. Raises UsageProblem for a state that there is not."""
    states = (*get_args(RejectionState), "all")
    if state not in states:
        raise UsageProblem(f"there is no state {state!r}", f"Say one of {', '.join(states)}")
    with show.database(url) as engine, reading(engine) as conn:
        rows = read.rejections(conn, source=source, state=None if state == "all" else state, limit=limit)
    if source and not rows:
        check_source(source)
    if as_json:
        return show.as_json(rows)
    show.table(
        ("record", "reason", "times", "last", "where", "detail"),
        ((_name(r), r["reason"], r["times"], show.moment(r["last_at"]), r["place"], _detail(r)) for r in rows),
        right=("times",),
        none=f"no rejections{f' of {source}' if source else ''}{f' that are {state}' if state != 'all' else ''}",
    )
    return 0


def replay(url: str | None, source: str | None, dry_run: bool, as_json: bool) -> int:
    """Judge open rejections by today's rules; what can be believed now is stored by the next run of its board.

    A rejection whose record reads well now is marked replayed and its posting is stored.
    """
    if source:
        check_source(source)
    now = dt.datetime.now(dt.UTC)
    with show.database(url, write=True) as engine:
        with reading(engine) as conn:
            rows = read.rejections(conn, source=source, state="open", limit=None)
        lines = {r["rejection_id"]: read_line(r["raw"].encode(), r["place"], r["source"], r["board"]) for r in rows}
        believed = {key: believe_lines([line], cards(), now) for key, line in lines.items()}
        good = {key: batch for key, batch in believed.items() if batch.postings}
        if good and not dry_run:
            with writing(engine) as conn:
                run_id = store.start_run(conn, kind="replay", now=now)
                postings = [posting for batch in good.values() for posting in as_read(batch, now)]
                store.ensure_boards(conn, sorted({(p.source, p.board) for p in postings}), run_id)
                store.save_postings(conn, postings, run_id=run_id, now=now, live=False)
                store.settle_rejections(conn, good, "replayed")
                store.finish_run(conn, run_id, state="complete", now=now, counts={"new": len(postings)})
    said = {"open": len(rows), "believed": len(good), "dry_run": dry_run}
    if as_json:
        return show.as_json(said)
    show.say(f"{said['believed']} of {said['open']} open rejections can be believed now" + (" (dry run)" * dry_run))
    return 0


def _detail(row: dict[str, Any]) -> str:
    """As much as a line holds; of a trace of our own code its end, which says what failed."""
    said = row["detail"]
    return said[-LONGEST:] if row["reason"] == "our_fault" else textwrap.shorten(said, LONGEST, placeholder=" …")


def _name(row: dict[str, Any]) -> str:
    return "/".join(part for part in (row["source"], row["board"], row["external_id"]) if part) or row["place"]
