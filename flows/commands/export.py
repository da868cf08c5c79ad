"""``rolecall export``"""

from __future__ import annotations

import sys
from pathlib import Path

from config.settings import settings
from storage.engine import open_database
from storage.export import export


def run(what: str, format: str, out: Path | None, database: str | None) -> int:
    """Write the export; says on stderr how many rows it holds."""
    engine = open_database(settings().database_url(database), create=False, read_only=True)
    rows = export(engine, what, format, out)
    sys.stderr.write(f"rolecall: {rows} {what}" + (f" in {out}\n" if out else "\n"))
    return 0
