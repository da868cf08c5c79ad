"""``rolecall status``"""

from __future__ import annotations

import sys
from typing import Any

import orjson
from rich import box
from rich.console import Console
from rich.table import Table

from config.settings import settings
from storage import read
from storage.engine import open_database, reading


def run(database: str | None, as_json: bool) -> int:
    """Print how each board stands."""
    engine = open_database(settings().database_url(database), create=False, read_only=True)
    with reading(engine) as conn:
        rows, counts = read.status(conn), read.counts(conn)
    if as_json:
        said = {"boards": rows, "counts": counts}
        sys.stdout.write(orjson.dumps(said, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")
        return 0
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("board", "state", "last complete", "found", "usual", "open", "unconfirmed", "findings"):
        table.add_column(name, justify="left" if name in ("board", "state", "last complete", "findings") else "right")
    for row in rows:
        table.add_row(*_cells(row))
    console = Console(highlight=False)
    console.print(table)
    console.print(
        f"{counts['postings']} postings ({counts['postings_open']} open), "
        f"{counts['jobs']} jobs ({counts['jobs_open']} open)"
    )
    return 0


def _cells(row: dict[str, Any]) -> list[str]:
    complete = row["last_complete_at"]
    findings = ", ".join(f"{n} {level}" for level, n in (row["findings"] or {}).items())
    return [
        "/".join(part for part in (row["source"], row["board"]) if part),
        "paused" if row["paused"] else row["state"] or "",
        f"{complete:%Y-%m-%d %H:%M}" if complete else "never",
        str(row["found"] if row["found"] is not None else ""),
        f"{row['expected']:g}" if row["expected"] is not None else "",
        str(row["open"]),
        str(row["unconfirmed"] or ""),
        findings,
    ]
