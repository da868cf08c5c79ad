"""``rolecall export``"""

from __future__ import annotations

import sys
from pathlib import Path

from flows.commands import show
from storage.export import export


def run(what: str, format: str, out: Path | None, database: str | None) -> int:
    """Write the export; says on stderr how many rows it holds."""
    with show.database(database) as engine:
        rows = export(engine, what, format, out)
    sys.stderr.write(f"rolecall: {rows} {what}" + (f" in {out}\n" if out else "\n"))
    return 0
