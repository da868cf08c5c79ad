"""``rolecall status``"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from config.load import cards
from flows.commands import show
from flows.due import DAY
from flows.order import check_source
from storage import read
from storage.engine import reading

HEADERS = ("board", "state", "last complete", "found", "usual", "open", "unconfirmed", "filled", "next due", "findings")
SPARE = ("next due", "unconfirmed", "usual", "filled", "last complete", "found")
"""What a narrow terminal goes without, in this order."""
OF_SOURCES = ("source", "boards", *HEADERS[1:])
MANY = 100
"""Boards from which on a line stands for a source: thousands of lines tell a person nothing."""


def run(url: str | None, as_json: bool, source: str | None = None) -> int:
    """Print how each board stands, of one source or of all; of very many how each source does."""
    with show.database(url) as engine, reading(engine) as conn:
        rows, counts = [_with_next(row) for row in read.status(conn, source)], read.counts(conn)
        looks = read.looks_since(conn, dt.datetime.now(dt.UTC) - DAY, source)
    if source is not None and not rows:
        check_source(source)
    if as_json:
        return show.as_json({"boards": rows, "counts": counts, "looks": looks})
    right = ("boards", "found", "usual", "open", "unconfirmed", "filled")
    if source is None and len(rows) > MANY:
        show.table(OF_SOURCES, _by_source(rows), right=right, spare=SPARE)
        show.say(f"{len(rows)} boards; `rolecall status SOURCE` lists those of one source")
    else:
        show.table(HEADERS, map(_cells, rows), right=right, spare=SPARE, none="no board yet")
    show.say(
        f"{'all sources: ' if source else ''}{counts['postings']} postings ({counts['postings_open']} open), "
        f"{counts['jobs']} jobs ({counts['jobs_open']} open)"
    )
    if looks:
        show.say(
            f"own pages looked at in the last day: {', '.join(f'{n} of {one}' for one, n in sorted(looks.items()))}"
        )
    return 0


def _with_next(row: dict[str, Any]) -> dict[str, Any]:
    """The row with ``next_due``: when its card lets it be crawled again; None where it is off or paused."""
    card, last = cards().get(row["source"]), row["last_crawl_at"]
    on = card is not None and card.on and not row["paused"]
    return {**row, "next_due": last + card.every if card and on and last else None}


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    return (
        "/".join(part for part in (row["source"], row["board"]) if part),
        _state(row),
        show.moment(row["last_complete_at"]) or "never",
        row["found"],
        f"{row['expected']:g}" if row["expected"] is not None else None,
        row["open"],
        row["unconfirmed"] or None,
        _share(_filled(row)),
        show.moment(row["next_due"]),
        _listed(row["findings"]),
    )


def _by_source(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[object, ...]]:
    for source, those in groupby(rows, itemgetter("source")):
        yield (source, *_together(list(those)))


def _together(rows: Sequence[dict[str, Any]]) -> tuple[object, ...]:
    """The boards of one source: how many are in which state, the newest and next of their times, the sums of the rest."""
    sums = {name: sum(row[name] or 0 for row in rows) for name in ("found", "expected", "open", "unconfirmed")}
    findings: Counter[str] = Counter()
    for row in rows:
        findings.update(row["findings"])
    return (
        len(rows),
        _listed(dict(Counter(map(_state, rows)).most_common())),
        show.moment(max((row["last_complete_at"] for row in rows if row["last_complete_at"]), default=None)) or "never",
        sums["found"],
        f"{sums['expected']:g}",
        sums["open"],
        sums["unconfirmed"] or None,
        _share(min((share for row in rows if (share := _filled(row)) is not None), default=None)),
        show.moment(min((row["next_due"] for row in rows if row["next_due"]), default=None)),
        _listed(findings),
    )


def _filled(row: dict[str, Any]) -> float | None:
    """How much the last run filled of that field which it filled least, of those that the card expects."""
    card = cards().get(row["source"])
    if card is None or not row["filled"]:
        return None
    return min((row["filled"].get(name, 0.0) for name in card.expect.filled), default=None)


def _share(share: float | None) -> str | None:
    return None if share is None else f"{share:.0%}"


def _state(row: dict[str, Any]) -> str:
    return "paused" if row["paused"] else row["state"] or "not read yet"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items())
