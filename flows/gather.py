"""What is to be crawled, and what the crawls bring home, board by board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson

from config.cards import Card
from config.load import cards
from config.settings import settings
from flows.crawl import Task, crawl
from flows.due import DAY, Due, LastRun, due
from flows.land import salvage
from flows.order import task_of
from flows.report.run import Skipped
from flows.run import Run, clear
from flows.settle import BoardCatch, run_of, segment_prefix
from storage import read, store
from storage.engine import reading, writing

LEASE = dt.timedelta(hours=2)
"""How long a source stays taken by a run that gives no further sign of life."""


def no_tenant(source: str) -> str:
    """Why a platform is left out that is on while nobody has named a company on it, and what to do about it."""
    return f"no tenant: add a line to config/tenants.csv, like {source},{cards()[source].tenant},Acme"


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
        paused, rows = read.paused(conn), read.last_board_runs(conn, since=now - DAY)
    runs = last_runs(rows)
    for task in wanted:
        _decide(made, task, runs.get(task.source, {}), task.source in paused, now, order.force and bool(order.sources))
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
            beat(run)
            yield caught(outcome)


def caught(outcome: Mapping[str, Any]) -> BoardCatch:
    """One outcome with the segments that its child left for the board."""
    folder, source, board = Path(outcome["folder"]), outcome["source"], outcome["board"]
    for part in folder.glob(f"{segment_prefix(source, board)}~*.part"):
        salvage(part)
    segments = tuple(sorted(folder.glob(f"{segment_prefix(source, board)}~*.jsonl")))
    return BoardCatch(source, board, outcome["state"], outcome.get("because", ""), outcome, segments)


def left_over(run: Run) -> Iterator[BoardCatch]:
    """Segments that earlier runs crawled and did not store: they are evidence, but say nothing of absences.

    Run by run, the oldest first. Folders that are empty by that are removed.
    """
    found: dict[tuple[str, str, str], list[Path]] = {}
    for folder in (child for one in ended_runs(run) for child in sorted(one.glob("*/"))):
        for part in folder.glob("*.jsonl.part"):
            salvage(part)
        for segment in sorted(folder.glob("*~*.jsonl")):
            source, board, _ = segment.name.split("~", 2)
            found.setdefault((run_of(segment), source, unquote(board)), []).append(segment)
    for (crawled_by, source, board), segments in sorted(found.items()):
        if source in cards():
            because = "segments of an earlier run that did not come to its end"
            yield BoardCatch(source, board, "partial", because, {}, tuple(segments), crawled_by)
    for folder in {segment.parent.parent for segments in found.values() for segment in segments}:
        clear(folder)


def ended_runs(run: Run) -> list[Path]:
    """Folders in the spool of runs that are over, and of what is held (see :func:`flows.settle.hold`), by name."""
    with reading(run.engine) as conn:
        alive = {row["run_id"] for row in read.runs(conn, limit=100) if row["finished_at"] is None}
    return [folder for folder in sorted(run.spool.glob("*/")) if folder.name not in {run.run_id, *alive}]


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
    waiting = [same for _, same in together if any(task.begin for task in same)]
    ready = [same for _, same in together if not any(task.begin for task in same)]
    spread: list[list[Task]] = [[] for _ in range(min(children, len(ready)))]
    for same in sorted(ready, key=lambda same: (-_size(same), same[0].source)):
        min(spread, key=_size).extend(same)
    # those that must wait a little hold up no other, and come when the others have begun
    return spread + waiting


def _size(tasks: Sequence[Task]) -> int:
    return sum(task.size for task in tasks)


def _decide(
    made: Plan, task: Task, runs: Mapping[str | None, Sequence[LastRun]], paused: bool, now: dt.datetime, force: bool
) -> None:
    """Add a task's due boards to the plan, or the reason why it is left out."""
    card = cards()[task.source]
    missing = card.missing()
    if missing:
        made.skipped.append(Skipped(task.source, f"needs {' and '.join(missing)}"))
        return
    if card.kind == "ats" and not task.boards:
        made.skipped.append(Skipped(task.source, no_tenant(task.source)))
        return
    verdicts = {b: due(card, runs.get(b, ()), now, paused=paused) for b in task.boards or (None,)}
    ready = tuple(b for b, said in verdicts.items() if said.now or (force and _may_be_forced(card, said)))
    if ready:
        begins = [said.begin for b, said in verdicts.items() if b in ready and said.begin]
        boards = task.boards and tuple(b for b in ready if b is not None)
        made.tasks.append(Task(task.source, boards, begin=max(begins, default=None)))
    else:
        soonest = min(verdicts.values(), key=lambda d: d.next_at or dt.datetime.max.replace(tzinfo=dt.UTC))
        made.skipped.append(Skipped(task.source, soonest.why, soonest.next_at))


def last_runs(
    rows: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]],
) -> dict[str, dict[str | None, list[LastRun]]]:
    """Earlier attempts by source and board, newest first; under None those of the source as a whole, which is what a
    task without boards, and a limit of calls a day, are judged by. Rows as of ``read.last_board_runs``."""
    found: dict[str, dict[str | None, list[LastRun]]] = {}
    together: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for (source, board), said in rows.items():
        found.setdefault(source, {})[board] = [_last_run([row]) for row in said]
        for row in said:
            together.setdefault((source, row["run_id"]), []).append(row)
    for (source, _), said in sorted(together.items(), reverse=True):
        found[source].setdefault(None, []).append(_last_run(said))
    return found


def _last_run(rows: Sequence[Mapping[str, Any]]) -> LastRun:
    """Boards of one source in one run as one attempt; it was skipped only if all were."""
    skipped = all(row["state"] == "skipped" for row in rows)
    return LastRun(
        min(row["started_at"] for row in rows),
        "skipped" if skipped else next(row["state"] for row in rows if row["state"] != "skipped"),
        sum(max(row["pages"], sum((row["http"] or {}).values())) for row in rows),
    )


def _may_be_forced(card: Card, said: Due) -> bool:
    """--force overrules the cadence, never a limit of the site's own nor a source that is off."""
    return card.on and card.calls_per_day is None and said.next_at is not None


def _recorded_tasks(named: Sequence[Task]) -> list[Task]:
    from spiders.replay import recordings

    wanted = {task.source for task in named}
    return [
        Task(source, tuple(one.boards) if one.boards != ("",) else None)
        for source, one in recordings().items()
        if source in cards() and (not wanted or source in wanted)
    ]


def lease(run: Run, source: str, held: ExitStack) -> bool:
    """Take a source and its hosts for this run until ``held`` is left; False where another run has one of them."""
    now = run.clock()
    names = [f"source:{source}", *(f"host:{host}" for host in cards()[source].hosts)]
    with writing(run.engine) as conn:
        taken = [name for name in names if store.take_lease(conn, name, run.run_id, now=now, ttl=LEASE)]
    held.callback(_release, run, taken)
    return len(taken) == len(names)


def _leased(run: Run, task: Task, held: ExitStack) -> bool:
    taken = lease(run, task.source, held)
    if not taken:
        run.report.skipped.append(Skipped(task.source, "another run is crawling it"))
    return taken


def _release(run: Run, names: Sequence[str]) -> None:
    with writing(run.engine) as conn:
        for name in names:
            store.release_lease(conn, name, run.run_id)


def beat(run: Run) -> None:
    """A sign of life."""
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
