"""One line of the benchmark's table, and how its figures are taken."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

ROUNDS = 3
"""How often everything is measured at least: figures are medians."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one piece of work came to. Every figure is a median; None where it makes no sense.

    seconds: by the clock; cpu: of the processor, all processes; peak_mb: of all its processes together, 2**20 bytes;
    rate: things a second of ``cpu``; ratio: to the yardstick measured in the same run; goal: in words; met: None where
    there is no goal, or not at this scale.
    """

    work: str
    seconds: float | None = None
    cpu: float | None = None
    peak_mb: float | None = None
    rate: float | None = None
    yardstick: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None


def cpu_seconds(work: Callable[..., object], *given: Any) -> float:
    """Processor time of one call in this process."""
    begun = time.process_time()
    work(*given)
    return time.process_time() - begun


def paired(
    ours: Callable[..., object], yardstick: Callable[..., object], rounds: int = 2 * ROUNDS - 1, given: Any = None
) -> tuple[float, float, float]:
    """Medians of processor seconds of both, run by turns in this process, and of their quotients (yardstick / ours).

    What else the machine does slows both of a pair alike; the median of the quotients forgives the pair that it hit.
    ``given``: an iterator of what both are called with, made outside of the time taken; each round takes the next.
    """
    pairs = []
    for turn in range(rounds + 1):
        arguments = () if given is None else (next(given),)
        pairs.append((cpu_seconds(ours, *arguments), cpu_seconds(yardstick, *arguments)))
        if turn == 0:
            pairs.clear()  # the first one warms up
    mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return mine, theirs, statistics.median(b / a for a, b in pairs if a)


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended: its output, and what it took with all its children."""

    stdout: str
    seconds: float
    cpu: float
    peak_mb: float


def run(arguments: Sequence[str], *, env: dict[str, str] | None = None, watched: bool = True) -> Finished:
    """Run ``python ARGUMENTS`` to its end and watch it: seconds, processor seconds, peak memory of all its processes.

    Memory is the sum of what its processes hold (shared pages counted in each), looked at five times a second; 0 where
    it is not watched. Raises subprocess.CalledProcessError.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )
    peak = [0.0]
    watch = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    if watched:
        watch.start()
    stdout, stderr = process.communicate()
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if watched:
        watch.join()
    if process.returncode:
        sys.stderr.write(stderr[-4000:])
        raise subprocess.CalledProcessError(process.returncode, arguments, stdout, stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Finished(stdout, seconds, cpu, peak[0])


def _watch(process: subprocess.Popen[str], peak: list[float]) -> None:
    import psutil  # type: ignore[import-untyped]

    try:
        top = psutil.Process(process.pid)
        while process.poll() is None:
            held = 0
            for one in (top, *top.children(recursive=True)):
                try:
                    held += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            peak[0] = max(peak[0], held / 2**20)
            time.sleep(0.2)
    except psutil.NoSuchProcess:
        return


def machine() -> dict[str, Any]:
    """What figures were taken on: the machine, its load, and the versions that matter."""
    import platform
    import sqlite3
    from importlib.metadata import version

    names = ("scrapy", "prefect", "sqlmodel", "sqlalchemy", "pydantic", "lxml", "beautifulsoup4", "nh3", "orjson")
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": [round(one, 1) for one in os.getloadavg()],
        "at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in names},
    }
