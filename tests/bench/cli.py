"""The command line: how soon it answers, what the demo's own work takes, and what Prefect adds.

Usage: python -m tests.bench.cli

Seconds are of whole processes, start of the interpreter included. ``--help`` stands beside ``python -c pass``. The demo
runs once without Prefect (its own work) and once with; Prefect's share stands beside a flow with one task that does
nothing, both on Prefect's temporary server with a home of their own that has been used before.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.row import ROUNDS, Finished, Row, run

CLI = ["-m", "flows.cli"]
HELLO = """
from prefect import flow, task

@task
def nothing():
    return 1

@flow
def hello():
    return nothing()

hello()
"""


def rows(small: bool = False) -> Iterator[Row]:
    """``--help``, ``status`` and the demo, each beside its yardstick."""
    with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
        env = os.environ | {
            "ROLECALL_DATA": folder,
            "PREFECT_HOME": str(Path(folder) / "prefect"),
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
            "PREFECT_LOGGING_LEVEL": "ERROR",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }
        env.pop("ROLECALL_DATABASE", None)
        yield _beside("rolecall --help", [*CLI, "--help"], env, 0.5)
        if small:
            return
        done = run([*CLI, "ingest", "--demo", "--plain"], env=env)
        met = done.seconds <= 10
        yield Row("the demo's own work (--plain)", done.seconds, done.cpu, done.peak_mb, goal="<= 10 s", met=met)
        database = ["--database", f"sqlite:///{Path(folder) / 'demo.db'}"]
        yield _beside("rolecall status, after the demo", [*CLI, "status", *database], env, 1.2)
        run(["-c", HELLO], env=env)
        hello = run(["-c", HELLO], env=env)
        yield Row("a bare flow with one task, on the temporary server", hello.seconds, hello.cpu, hello.peak_mb)
        (Path(folder) / "demo.db").unlink()
        flow = run([*CLI, "ingest", "--demo"], env=env)
        yield Row(
            "the demo as a flow: Prefect's share",
            flow.seconds - done.seconds,
            flow.cpu - done.cpu,
            flow.peak_mb,
            yardstick="the bare flow",
            ratio=hello.cpu / (flow.cpu - done.cpu),
            goal="named",
        )


def _beside(work: str, arguments: list[str], env: dict[str, str], most: float) -> Row:
    pairs: list[tuple[Finished, Finished]] = [
        (run(arguments, env=env, watched=False), run(["-c", "pass"], env=env, watched=False)) for _ in range(ROUNDS)
    ]
    seconds, cpu = (statistics.median(getattr(mine, name) for mine, _ in pairs) for name in ("seconds", "cpu"))
    ratio = statistics.median(bare.cpu / mine.cpu for mine, bare in pairs)
    return Row(work, seconds, cpu, None, None, "python -c pass", ratio, f"<= {most} s", min(seconds, cpu) <= most)


if __name__ == "__main__":
    for row in rows():
        print(row)
