"""The one doorway to Scrapy: child processes that crawl and leave whole segments behind.

The parent never imports Scrapy and never trusts a child's exit status: what a board came to stands in the
child's ``outcomes.jsonl``, written as each board ends. Waiting happens in the main thread, so SIGTERM and
Ctrl-C reach it; whatever ends :func:`crawl` early stops the children first, and no crawl is orphaned.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

GRACE = 10.0
"""Seconds a child has to finish what it is reading, cut its segments and write its outcomes; what it had cut is kept."""
POLL = 0.1
"""Seconds between two looks at the children."""


@dataclass(frozen=True)
class Page:
    """The own page of one ad: the ad's key, the page's address, and by what its last answer is known."""

    key: str
    url: str
    validators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """One source to crawl: its boards, or every board it knows of; or, where it has ``pages``, these alone."""

    source: str
    boards: tuple[str, ...] | None = None
    pages: tuple[Page, ...] = ()
    begin: dt.datetime | None = None
    """Nothing is sent before this moment."""

    @property
    def size(self) -> int:
        """How much there is to ask for, roughly."""
        return len(self.pages or self.boards or ("",))

    def as_json(self) -> dict[str, Any]:
        """As it stands in the order of a child."""
        return {
            "source": self.source,
            "boards": list(self.boards) if self.boards is not None else None,
            "pages": [asdict(page) for page in self.pages],
        }


@dataclass
class Child:
    """One running crawl process and how far its outcomes were read."""

    tasks: tuple[Task, ...]
    folder: Path
    process: subprocess.Popen[bytes]
    log: BinaryIO
    attempt: int = 1
    read: int = 0
    finished: set[tuple[str, str]] = field(default_factory=set)

    def outcomes(self) -> Iterator[dict[str, Any]]:
        """Outcome lines that were completed since the last look."""
        path = self.folder / "outcomes.jsonl"
        if not path.exists():
            return
        with path.open("rb") as lines:
            lines.seek(self.read)
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                self.read += len(line)
                outcome = json.loads(line)
                self.finished.add((outcome["source"], outcome["board"]))
                yield outcome | {"folder": str(self.folder)}


def crawl(
    groups: Sequence[Sequence[Task]],
    *,
    run_id: str,
    spool: Path,
    known: Path | None = None,
    now: str | None = None,
    settings: Mapping[str, object] | None = None,
    children: int = 2,
    attempts: int = 2,
) -> Iterator[dict[str, Any]]:
    """Crawl groups of sources, one child process each, at most ``children`` at a time; a group begins when the last of
    its tasks may.

    Yields one outcome a board as it ends: ``source, board, state, because, found, seen, rejected, pages,
    declared_total, http, unknown_keys, errors, started, finished, folder``; ``folder`` holds its segments. A child
    that dies is started again for its unfinished boards only; boards still without an outcome are yielded as
    ``crashed``.
    """
    waiting = [(tuple(group), 1) for group in groups if group]
    running: list[Child] = []
    order = {"run": run_id, "known": str(known) if known else None, "now": now, "settings": dict(settings or {})}
    try:
        while waiting or running:
            while waiting and len(running) < children:
                tasks, attempt = waiting.pop(0)
                running.append(_start(tasks, spool, order, attempt))
            for child in list(running):
                ended = child.process.poll() is not None
                yield from child.outcomes()
                if not ended:
                    continue
                running.remove(child)
                child.log.close()
                left = _unfinished(child)
                if left and child.attempt < attempts:
                    waiting.append((left, child.attempt + 1))
                else:
                    yield from (_crashed(child, task, board) for task in left for board in task.boards or ("",))
            if running:
                time.sleep(POLL)
    except BaseException:
        stop(running)
        for child in running:
            with contextlib.suppress(OSError, ValueError):
                child.log.close()
        raise


def stop(children: Sequence[Child], grace: float = GRACE) -> None:
    """End children: SIGTERM, then SIGKILL for those that do not end within ``grace`` seconds."""
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.process.send_signal(signal.SIGTERM)
    until = time.monotonic() + grace
    for child in children:
        try:
            child.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def _start(tasks: tuple[Task, ...], spool: Path, order: dict[str, Any], attempt: int) -> Child:
    folder = spool / f"{'+'.join(t.source for t in tasks)[:80]}.{attempt}"
    folder.mkdir(parents=True, exist_ok=True)
    begins = [task.begin for task in tasks if task.begin]
    said = order | {
        "spool": str(folder),
        "begin": max(begins).isoformat() if begins else None,
        "sources": [task.as_json() for task in tasks],
    }
    path = folder / "order.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    log = (folder / "crawl.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "spiders.crawl", str(path)],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        # its own group: a Ctrl-C at the terminal reaches the parent alone, which then stops the child in order
        start_new_session=True,
    )
    return Child(tasks, folder, process, log, attempt)


def _unfinished(child: Child) -> tuple[Task, ...]:
    """What a child left without an outcome, board by board."""
    left = []
    for task in child.tasks:
        boards = tuple(b for b in (task.boards or ("",)) if (task.source, b) not in child.finished)
        if boards:
            left.append(replace(task, boards=boards if task.boards is not None else None))
    return tuple(left)


def _crashed(child: Child, task: Task, board: str) -> dict[str, Any]:
    log = child.folder / "crawl.log"
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:] or [""]
    return {
        "source": task.source,
        "board": board,
        "state": "crashed",
        "because": f"the crawl process ended with status {child.process.returncode}: {last[0][:200]}",
        "folder": str(child.folder),
    }
