"""``rolecall export``"""

from __future__ import annotations

import sys
from pathlib import Path

from flows.commands import show
from storage.export import export


def run(what: str, format: str, out: Path | None, by_month: bool, database: str | None, as_json: bool) -> int:
    """Write the export; says on stderr how many entries it holds, or with --json on stdout."""
    with show.database(database) as engine:
        rows = export(engine, what, format, out, by_month=by_month)
    if as_json and out:
        return show.as_json({"what": what, "format": format, "out": str(out), "entries": rows})
    sys.stderr.write(f"rolecall: {rows} {what}" + (f" in {out}\n" if out else "\n"))
    return 0
