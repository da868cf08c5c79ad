"""A process that has imported what the command imports, and forks for each call: a call costs what it does, no start.

A call is still a process of its own, with its own environment, folder and output, and ends as any Python program does.
What it shares with the others is how the interpreter was started (see ``COLD``) and the seed of its hashes.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
COLD = ("PYTHON", "LC_", "LANG", "TZ")
"""Variables, by their beginning, that are read when an interpreter starts: such a call needs one of its own."""
PATIENCE = 300
"""Seconds for one call."""
_MODULES = (
    "alembic.command",
    "flows.commands.check",
    "flows.commands.doctor",
    "flows.commands.export",
    "flows.commands.ingest",
    "flows.commands.keep",
    "flows.commands.query",
    "flows.commands.rejections",
    "flows.commands.replay",
    "flows.commands.runs",
    "flows.commands.schedule",
    "flows.commands.sources",
    "flows.commands.status",
    "flows.commands.why",
    "flows.ingest",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "storage.export",
    "storage.query",
)
"""What most verbs import. Nothing that starts threads, which would not survive a fork, or reads settings once."""


class Warm:
    """The process that is forked, started when first asked for."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def call(
        self, arguments: Sequence[str], env: Mapping[str, str], cwd: Path | None, out: IO[Any], err: IO[Any]
    ) -> int:
        """The exit code of one call, as subprocess would give it; what it prints goes into the files."""
        if self._process is None:
            self._process = self._start()
        process = self._process
        assert process.stdin
        assert process.stdout
        order = {"arguments": list(arguments), "env": dict(env), "cwd": str(cwd or Path.cwd())}
        process.stdin.write(json.dumps(order | {"out": out.name, "err": err.name}) + "\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], PATIENCE)[0] or not (said := process.stdout.readline()):
            self.stop()
            raise TimeoutError(f"no end of {arguments}")
        return int(said)

    def _start(self) -> subprocess.Popen[str]:
        atexit.register(self.stop)
        return subprocess.Popen(
            [sys.executable, "-m", "tests.flows.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
        )

    def stop(self) -> None:
        """Ends the process, and a call that it may be waiting for."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.communicate()


WARM = Warm()


def serve() -> dict[str, Any]:
    """Answers each order with the exit code of a fork; comes back in the fork, with its order."""
    for name in _MODULES:
        importlib.import_module(name)
    threads = {one.read_text().strip() for one in Path("/proc/self/task").glob("*/comm")}
    # jemalloc, which comes with Arrow, provides for forks
    assert threads - {Path("/proc/self/comm").read_text().strip()} <= {"jemalloc_bg_thd"}, threads
    gc.freeze()
    for line in iter(sys.stdin.readline, ""):
        if not (child := os.fork()):
            return dict(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    sys.exit(0)


def become(order: Mapping[str, Any]) -> None:
    """This process as ``python -m flows.cli`` would find it."""
    for number, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, order["out"], os.O_WRONLY),
        (2, order["err"], os.O_WRONLY),
    ):
        opened = os.open(name, flags)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    sys.path[0] = order["cwd"]
    sys.argv[1:] = order["arguments"]


if __name__ == "__main__":
    become(serve())
    sys.modules.pop("flows.cli", None)
    runpy.run_module("flows.cli", run_name="__main__", alter_sys=True)
