"""The table of contents of a run: crawl, land, clean, classify, check, store, look, match, check of the whole,
watch, tell.

Read it from top to bottom; every stage is a plain function. With Prefect each call of a stage is a task
(:mod:`flows.orchestrate`), without it a call.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol, TypeVar

from flows.believe import Believers
from flows.derive import derive
from flows.errors import Cancelled
from flows.gather import gather, left_over, plan
from flows.load import load
from flows.look import look
from flows.notify import tell
from flows.order import Order
from flows.progress import shown
from flows.publish import publish
from flows.rematch import rematch
from flows.replay import replay
from flows.report.run import Report
from flows.run import Clock, opened, utc_now
from flows.settle import settle
from flows.watch import watch_boards
from flows.whole import check_whole

T = TypeVar("T")


class Stage(Protocol):
    """How a stage is called: straight, or as a task of an orchestrator. ``about`` names what it works on."""

    def __call__(self, stage: Callable[..., T], /, *args: object, about: str = "") -> T: ...


def straight(stage: Callable[..., T], /, *args: object, about: str = "") -> T:  # noqa: ARG001
    """A stage as a plain call."""
    return stage(*args)


def ingest(
    order: Order, *, stage: Stage = straight, clock: Clock | None = None, believers: Believers | None = None
) -> Report:
    """Do what the order says and report it. ``believers`` clean and classify; by default processes of this machine.

    Raises:
        UsageProblem, EnvironmentProblem, DatabaseProblem: before anything was written.
    """
    order.check()
    with opened(order, clock or _clock(order), believers) as run, _stoppable(), shown(stage) as stage:
        todo = plan(run)
        run.report.skipped += todo.skipped
        for board in left_over(run):
            stage(settle, run, board, about=board.name)
        for board in gather(run, todo.tasks):
            stage(settle, run, board, about=board.name)
        stage(look, run)
        for file in order.files:
            stage(load, run, file, about=file.name)
        if order.replay:
            stage(replay, run)
        stage(rematch, run)
        stage(derive, run)
        stage(check_whole, run)
        stage(publish, run)
        stage(watch_boards, run)
        stage(tell, run)
        return run.report


def _clock(order: Order) -> Clock:
    """The machine's clock; for the demo the fixed instant of the recordings."""
    if not order.demo:
        return utc_now
    import datetime as dt

    from spiders.replay import CLOCK

    instant = dt.datetime.fromisoformat(CLOCK)
    return lambda: instant


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM ends the run in order, as Ctrl-C does. Only where nobody else (Prefect) listens, in the main thread."""
    mine = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if not mine:
        yield
        return
    signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Cancelled("SIGTERM")
