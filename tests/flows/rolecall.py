"""The command as a person runs it: a process of its own, an empty data folder, what it prints and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.flows.warm import COLD, PATIENCE, WARM


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
    *arguments: str | Path,
    data: Path,
    extra: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    cold: bool = False,
) -> Said:
    """Run ``rolecall ARGUMENTS`` with its data in a folder; ``cold``: in an interpreter started for it alone."""
    cold = cold or any(name.startswith(COLD) for name in extra or ())
    return _said([*map(str, arguments)], environment(data, extra), cwd, None, cold)


def script(text: str, *arguments: str, data: Path) -> Said:
    """Run ``python -c TEXT ARGUMENTS``: the command after something was changed in its process."""
    return _said(arguments, environment(data), None, text, cold=False)


def _said(arguments: Sequence[str], env: Mapping[str, str], cwd: Path | None, script: str | None, cold: bool) -> Said:
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        if cold or sys.platform != "linux":
            command = [sys.executable, *(["-m", "flows.cli"] if script is None else ["-c", script]), *arguments]
            code = subprocess.run(
                command, stdout=out, stderr=err, env=env, cwd=cwd, timeout=PATIENCE, check=False
            ).returncode
        else:
            code = WARM.call(arguments, env, cwd, out, err, script)
        return Said(code, *(Path(file.name).read_text(encoding="utf-8") for file in (out, err)))
