"""``rolecall export``"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

from flows.commands import show
from storage.engine import reading
from storage.export import export

PUBLIC = ("jsonld", "atom")
"""Formats of open ads for others to show: only what each source's card lets go out."""


def run(what: str, format: str, out: Path | None, by_month: bool, database: str | None, as_json: bool) -> int:
    """Write the export; says on stderr how many entries it holds and why there are none, or with --json on stdout."""
    with show.database(database) as engine:
        rows = export(engine, what, format, out, by_month=by_month)
        why = "" if rows else why_empty(engine, what, format)
    if as_json and out:
        said = {"what": what, "format": format, "out": str(out), "entries": rows}
        return show.as_json(said | ({"because": why} if why else {}))
    named = what.removesuffix("s") if rows == 1 else what
    show.note(f"{rows} {named}" + (f" in {out}" if out else "") + (f": {why}" if why else ""))
    return 0


def why_empty(engine: Engine, what: str, format: str) -> str:
    """Why an export holds no entry, in words."""
    stored = {"jobs": "SELECT 1 FROM job", "postings": "SELECT 1 FROM posting"}[what]
    with reading(engine) as conn:
        if conn.scalar(text(f"{stored} LIMIT 1")) is None:
            return "nothing is stored yet; rolecall ingest fills the database"
        if format in PUBLIC and conn.scalar(text("SELECT 1 FROM posting WHERE state = 'open' LIMIT 1")) is None:
            return "none of those that are stored is open"
    return f"no source of the open ones lets its ads go into {format} (redistribution in its card), or all are past their end"
