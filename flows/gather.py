"""What is to be crawled, and what the crawls bring home, board by board."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
from sqlalchemy import Connection

from config.cards import Card
from config.load import cards
from config.settings import settings
from flows.crawl import Task, crawl
from flows.due import Due, LastRun, due
from flows.land import salvage
from flows.order import task_of
from flows.report.run import Skipped
from flows.run import Run
from flows.settle import BoardCatch
from spiders.spool import file_name
from storage import read, store
from storage.engine import reading, writing

LEASE = dt.timedelta(hours=2)
"""How long a source stays taken by a run that gives no further sign of life."""

NO_TENANT = "no board of it in config/tenants.csv"
"""Why a platform is left out: it is on, but nobody has named a company on it."""


@dataclass
class Plan:
    """Sources to crawl in this run, and those that are left out with the reason."""

    tasks: list[Task] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def plan(run: Run) -> Plan:
    """What of the order is due, on, and not taken by another run."""
    order = run.order
    if order.demo:
        return Plan(_recorded_tasks(order.tasks()))
    if order.files or order.replay:
        return Plan()
    if order.site:
        return Plan([Task("site", (order.site,))])
    wanted = order.tasks() or [task_of(source) for source in cards() if source != "site"]
    made = Plan()
    now = run.clock()
    with reading(run.engine) as conn:
        paused = read.paused(conn)
        for task in wanted:
            runs = {board: _last_runs(conn, task.source, board) for board in task.boards or ("",)}
            _decide(made, task, runs, task.source in paused, now, order.force and bool(order.sources))
    return made


def gather(run: Run, tasks: Sequence[Task]) -> Iterator[BoardCatch]:
    """Crawl the tasks in child processes and yield each board as it ends.

    A source (and with it its host) is leased in the database while it is crawled; one that another run holds is
    reported as skipped.
    """
    with ExitStack() as held:
        mine = [task for task in tasks if _leased(run, task, held)]
        if not mine:
            return
        extra = held.enter_context(_replayed()) if run.order.demo else {}
        outcomes = crawl(
            groups(mine, settings().children),
            run_id=run.run_id,
            spool=run.folder,
            known=_write_known(run, mine),
            now=run.clock().isoformat() if run.order.demo else None,
            settings=extra,
            children=settings().children,
        )
        for outcome in outcomes:
            _beat(run)
            yield caught(outcome)


def caught(outcome: Mapping[str, Any]) -> BoardCatch:
    """One outcome with the segments that its child left for the board."""
    folder, source, board = Path(outcome["folder"]), outcome["source"], outcome["board"]
    for part in folder.glob(f"{_prefix(source, board)}~*.part"):
        salvage(part)
    segments = tuple(sorted(folder.glob(f"{_prefix(source, board)}~*.jsonl")))
    return BoardCatch(source, board, outcome["state"], outcome.get("because", ""), outcome, segments)


def left_over(run: Run) -> Iterator[BoardCatch]:
    """Segments that an earlier run crawled and did not store: they are evidence, but say nothing of absences."""
    found: dict[tuple[str, str], list[Path]] = {}
    with reading(run.engine) as conn:
        alive = {row["run_id"] for row in read.runs(conn, limit=100) if row["finished_at"] is None}
    for folder in sorted(run.spool.glob("*/*/")):
        if folder.parent.name == run.run_id or folder.parent.name in alive:
            continue
        for part in folder.glob("*.jsonl.part"):
            salvage(part)
        for segment in sorted(folder.glob("*~*.jsonl")):
            source, board, _ = segment.name.split("~", 2)
            found.setdefault((source, unquote(board)), []).append(segment)
    for (source, board), segments in found.items():
        if source in cards():
            because = "segments of an earlier run that did not come to its end"
            yield BoardCatch(source, board, "partial", because, {}, tuple(segments))


def groups(tasks: Sequence[Task], children: int) -> list[list[Task]]:
    """Tasks spread over child processes so that no host is called from two of them.

    Sources that share a host stay together; the longest lists of boards are spread first.
    """
    together: list[tuple[set[str], list[Task]]] = []
    for task in tasks:
        hosts, same = set(cards()[task.source].hosts), [task]
        apart = []
        for other_hosts, others in together:
            if hosts & other_hosts:
                hosts, same = hosts | other_hosts, others + same
            else:
                apart.append((other_hosts, others))
        together = [*apart, (hosts, same)]
    spread: list[list[Task]] = [[] for _ in range(min(children, len(together)))]
    for _, same in sorted(together, key=lambda one: (-_size(one[1]), one[1][0].source)):
        min(spread, key=_size).extend(same)
    return spread


def _size(tasks: Sequence[Task]) -> int:
    return sum(len(task.boards or ("",)) for task in tasks)


def _decide(
    made: Plan, task: Task, runs: Mapping[str, Sequence[LastRun]], paused: bool, now: dt.datetime, force: bool
) -> None:
    """Add a task's due boards to the plan, or the reason why it is left out."""
    card = cards()[task.source]
    missing = [name for name in card.needs if not os.environ.get(name)]
    if missing:
        made.skipped.append(Skipped(task.source, f"needs {' and '.join(missing)}"))
        return
    if card.kind == "ats" and not task.boards:
        made.skipped.append(Skipped(task.source, NO_TENANT))
        return
    verdicts = {b: due(card, runs.get(b, ()), now, paused=paused) for b in task.boards or ("",)}
    ready = tuple(b for b, said in verdicts.items() if said.now or (force and _may_be_forced(card, said)))
    if ready:
        made.tasks.append(Task(task.source, ready if task.boards is not None else None))
    else:
        soonest = min(verdicts.values(), key=lambda d: d.next_at or dt.datetime.max.replace(tzinfo=dt.UTC))
        made.skipped.append(Skipped(task.source, soonest.why, soonest.next_at))


def _last_runs(conn: Connection, source: str, board: str) -> list[LastRun]:
    return [
        LastRun(row["started_at"], row["state"], row["pages"])
        for row in read.board_runs(conn, source, board)
        if row["started_at"] and row["kind"] == "crawl"
    ]


def _may_be_forced(card: Card, said: Due) -> bool:
    """--force overrules the cadence, never a limit of the site's own nor a source that is off."""
    return card.enabled and card.verified and card.calls_per_day is None and said.next_at is not None


def _recorded_tasks(named: Sequence[Task]) -> list[Task]:
    from spiders.replay import recordings

    wanted = {task.source for task in named}
    return [
        Task(source, tuple(one.boards) if one.boards != ("",) else None)
        for source, one in recordings().items()
        if source in cards() and (not wanted or source in wanted)
    ]


def _leased(run: Run, task: Task, held: ExitStack) -> bool:
    holder, now = run.run_id, run.clock()
    names = [f"source:{task.source}", *(f"host:{host}" for host in cards()[task.source].hosts)]
    with writing(run.engine) as conn:
        taken = [name for name in names if store.take_lease(conn, name, holder, now=now, ttl=LEASE)]
    held.callback(_release, run, taken)
    if len(taken) == len(names):
        return True
    run.report.skipped.append(Skipped(task.source, "another run is crawling it"))
    return False


def _release(run: Run, names: Sequence[str]) -> None:
    with writing(run.engine) as conn:
        for name in names:
            store.release_lease(conn, name, run.run_id)


def _beat(run: Run) -> None:
    with writing(run.engine) as conn:
        store.beat(conn, run.run_id)


def _write_known(run: Run, tasks: Sequence[Task]) -> Path:
    """What earlier crawls left, for the children: they never meet the database."""
    run.folder.mkdir(parents=True, exist_ok=True)
    path = run.folder / "known.jsonl"
    with reading(run.engine) as conn, path.open("wb") as file:
        for row in (board for task in tasks for board in read.boards(conn, task.source)):
            said = row["validators"]
            line = {"source": row["source"], "board": row["board"]}
            line |= {"validators": said.get("urls", {}), "ids": said.get("ids", {})}
            file.write(orjson.dumps(line) + b"\n")
    return path


@contextmanager
def _replayed() -> Iterator[dict[str, Any]]:
    """The packaged recordings on loopback; gives the crawl settings that send every request there."""
    from spiders.replay import ReplayServer

    with ReplayServer() as address:
        yield {"ROLECALL_REPLAY": address}


def _prefix(source: str, board: str) -> str:
    """What the names of a board's segments begin with."""
    return file_name(source, board, 0).rpartition("~")[0]
