"""The command as a person runs it: a process of its own, an empty data folder, what it prints and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Said(NamedTuple):
    """What one call came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def environment(data: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a call: nobody's settings but these."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("ROLECALL_", "PREFECT_"))}
    return (
        ours
        | {"ROLECALL_DATA": str(data), "HOME": str(data), "NO_COLOR": "1", "ROLECALL_OFFLINE": "1"}
        | dict(extra or {})
    )


def rolecall(
    *arguments: str | Path, data: Path, extra: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Said:
    """Run ``rolecall ARGUMENTS`` with its data in a folder."""
    command = [sys.executable, "-m", "flows.cli", *map(str, arguments)]
    run = subprocess.run(
        command, capture_output=True, text=True, env=environment(data, extra), cwd=cwd, timeout=300, check=False
    )
    return Said(run.returncode, run.stdout, run.stderr)
