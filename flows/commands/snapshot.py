"""``rolecall snapshot``"""

from __future__ import annotations

import sys
from pathlib import Path

from flows.commands.show import as_json, database, note
from flows.snapshot import release


def run(out: Path, url: str | None, machine: bool) -> int:
    """Take a snapshot; stdout names its folder, stderr what it holds."""
    with database(url) as engine:
        made = release(engine, out)
    if machine:
        return as_json({"folder": str(made.folder), "day": made.day, "files": made.files})
    sys.stdout.write(f"{made.folder}\n")
    note(f"{', '.join(made.files)} as of {made.day}; checksums in SHA256SUMS")
    return 0
