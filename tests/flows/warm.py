"""A process that has imported what the command imports, and forks for each call: a call costs what it does, no start.

A call is still a process of its own, with its own environment, folder and output, and ends as any Python program does.
What it shares with the others is how the interpreter was started (see ``COLD``) and the seed of its hashes.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import gc
import importlib
import json
import os
import runpy
import select
import subprocess
import sys
import types
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
_AD = {
    "source": "parcelboard",
    "external_id": "1",
    "url": "https://example.com/jobs/1",
    "title": "Senior Back-end Developer (m/f/d)",
    "company": "Locker Works",
    "location": "Ghent, Belgium",
    "description": "<p>Services in Python and PostgreSQL. 3+ years. EUR 60,000 to 70,000 a year. Remote in the EU.</p>",
    "posted": "2026-10-30",
}
"""An invented ad that has something for each reader of a table."""


class Warm:
    """The process that is forked, started when first asked for."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def call(
        self,
        arguments: Sequence[str],
        env: Mapping[str, str],
        cwd: Path | None,
        out: IO[Any],
        err: IO[Any],
        script: str | None = None,
    ) -> int:
        """The exit code of one call, as subprocess would give it; what it prints goes into the files.

        With a script that runs in place of the command, as ``python -c`` does it.
        """
        if self._process is None:
            self._process = self._start()
        process = self._process
        assert process.stdin
        assert process.stdout
        order = {"arguments": list(arguments), "env": dict(env), "cwd": str(cwd or Path.cwd()), "script": script}
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


def warm_up() -> None:
    """Import what most verbs import, and read the tables of cleaning and classifying by believing an ad."""
    from config.settings import settings
    from flows.believe import believe
    from spiders.items import RawPosting

    for name in _MODULES:
        importlib.import_module(name)
    assert believe(RawPosting.model_validate(_AD), None, dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert not settings.cache_info().currsize, "settings are those of a call"


def serve() -> dict[str, Any]:
    """Answers each order with the exit code of a fork; comes back in the fork, with its order."""
    warm_up()
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
    """This process as a new interpreter would find it."""
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


def run(script: str | None) -> None:
    """``python -m flows.cli``, or ``python -c SCRIPT``."""
    if script is None:
        sys.modules.pop("flows.cli", None)
        runpy.run_module("flows.cli", run_name="__main__", alter_sys=True)
    else:
        sys.argv[0] = "-c"
        sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(script, "<string>", "exec"), vars(sys.modules["__main__"]))


if __name__ == "__main__":
    asked = serve()
    become(asked)
    run(asked["script"])
