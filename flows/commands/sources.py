"""``rolecall sources``"""

from __future__ import annotations

from typing import Any

from config.cards import Card
from config.load import cards, tenants
from flows.commands import show
from flows.gather import no_tenant
from storage import read
from storage.engine import DatabaseProblem, reading


def run(database: str | None, as_json: bool) -> int:
    """Print every source with what an operator must know of it."""
    paused = _paused(database)
    rows = [describe(card, paused.get(card.source)) for card in cards().values()]
    if as_json:
        return show.as_json(rows)
    show.table(
        ("source", "kind", "coverage", "every", "boards", "on"),
        (
            (row["source"], row["kind"], row["coverage"], row["every"], row["boards"] or "", row["why_not"] or "yes")
            for row in rows
        ),
        right=("boards",),
    )
    on = sum(row["enabled"] for row in rows)
    show.say(f"{len(rows)} sources, {on} on")
    return 0


def describe(card: Card, paused: str | None = None) -> dict[str, Any]:
    """One source as plain values; ``enabled`` says whether a run without names would crawl it, else ``why_not``."""
    why_not = _why_not(card, paused)
    return {
        "source": card.source,
        "name": card.name,
        "kind": card.kind,
        "home": card.home,
        "coverage": card.coverage,
        "every": card.cadence,
        "every_seconds": int(card.every.total_seconds()),
        "calls_per_day": card.calls_per_day,
        "boards": len(tenants().get(card.source, ())),
        "terms": card.terms,
        "terms_read": card.terms_read.isoformat(),
        "terms_say": card.terms_say,
        "attribution": card.attribution,
        "redistribution": card.redistribution.model_dump(),
        "remote_only": card.remote_only,
        "asks_for": card.asks_for,
        "verified": card.verified,
        "needs": list(card.needs),
        "enabled": not why_not,
        "why_not": why_not,
    }


def _why_not(card: Card, paused: str | None) -> str:
    missing = card.missing()
    if not card.enabled:
        return card.why_not
    if not card.verified:
        return "unverified: the shape of its answers is only guessed at"
    if missing:
        return f"needs {' and '.join(missing)}"
    if card.kind == "ats" and card.source not in tenants():
        return no_tenant(card.source)
    return f"paused: {paused or 'by the operator'}" if paused is not None else ""


def _paused(url: str | None) -> dict[str, str]:
    """What the operator has paused; nothing where there is no database yet."""
    try:
        with show.database(url) as engine, reading(engine) as conn:
            return read.paused(conn)
    except DatabaseProblem:
        if url:
            raise
        return {}
