"""``rolecall status``"""

from __future__ import annotations

import datetime as dt
from typing import Any

from config.load import cards
from flows.commands import show
from flows.due import DAY
from storage import read
from storage.engine import reading

HEADERS = ("board", "state", "last complete", "found", "usual", "open", "unconfirmed", "next due", "findings")


def run(url: str | None, as_json: bool) -> int:
    """Print how each board stands."""
    with show.database(url) as engine, reading(engine) as conn:
        rows, counts = [_with_next(row) for row in read.status(conn)], read.counts(conn)
        looks = read.looks_since(conn, dt.datetime.now(dt.UTC) - DAY)
    if as_json:
        return show.as_json({"boards": rows, "counts": counts, "looks": looks})
    show.table(HEADERS, map(_cells, rows), right=("found", "usual", "open", "unconfirmed"), none="no board yet")
    show.say(
        f"{counts['postings']} postings ({counts['postings_open']} open), "
        f"{counts['jobs']} jobs ({counts['jobs_open']} open)"
    )
    if looks:
        show.say(
            f"own pages looked at in the last day: {', '.join(f'{n} of {one}' for one, n in sorted(looks.items()))}"
        )
    return 0


def _with_next(row: dict[str, Any]) -> dict[str, Any]:
    """The row with ``next_due``: when its card lets it be crawled again; None where it is off or paused."""
    card, last = cards().get(row["source"]), row["last_run_at"]
    on = card is not None and card.on and not row["paused"]
    return {**row, "next_due": last + card.every if card and on and last else None}


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    findings = ", ".join(f"{n} {level}" for level, n in (row["findings"] or {}).items())
    return (
        "/".join(part for part in (row["source"], row["board"]) if part),
        "paused" if row["paused"] else row["state"],
        show.moment(row["last_complete_at"]) or "never",
        row["found"],
        f"{row['expected']:g}" if row["expected"] is not None else None,
        row["open"],
        row["unconfirmed"] or None,
        show.moment(row["next_due"]),
        findings,
    )
