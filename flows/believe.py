"""From landed lines to believed postings: clean, then classify, a batch at a time.

The same lines give the same batch, in one process or in many: nothing here looks at a clock or a database.
"""

from __future__ import annotations

import datetime as dt
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TypeVar

from config.cards import Card
from config.garbage import search_seldom
from flows.check import Fill
from flows.classify import classify
from flows.clean import clean, dates
from flows.clean.posting import ad_id
from flows.land import Landed, Line, Removed, Seen, Unchanged
from flows.match import signature
from spiders.items import RawPosting
from storage.models import Posting, Received, Rejection
from storage.pieces import raw_id

A = TypeVar("A")
B = TypeVar("B")
_EVER = dt.datetime.min.replace(tzinfo=dt.UTC)

CHUNK = 400
"""Lines that one process takes at a time: large enough to hide the hand-over (about 1 ms a chunk)."""
IN_PLACE = 15
"""Chunks that are done in place before processes are started, which takes about five seconds."""
AHEAD = 3
"""Pieces of work that wait for a process or for us, for each process: memory stays flat however much there is."""


@dataclass
class Batch:
    """What the lines of one board came to."""

    postings: list[Posting] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    captures: list[Received] = field(default_factory=list)
    """The records as received."""
    seen: list[str] = field(default_factory=list)
    """Ids that were listed, their details known and not fetched again."""
    removed: list[str] = field(default_factory=list)
    """Ids that the board itself says are closed."""
    unchanged: bool = False
    """The board said that its whole list is as it was."""
    fill: Fill = field(default_factory=Fill)
    """In how many records each field is filled."""
    failures: int = 0
    """Records on which our own code failed: each is a rejection, many of them end the board's run."""

    def add(self, other: Batch) -> None:
        """Append another batch of the same board."""
        self.postings += other.postings
        self.rejections += other.rejections
        self.captures += other.captures
        self.seen += other.seen
        self.removed += other.removed
        self.unchanged = self.unchanged or other.unchanged
        self.fill.merge(other.fill)
        self.failures += other.failures


def believe(raw: RawPosting, card: Card | None, now: dt.datetime) -> list[Posting] | Rejection:
    """One record cleaned, classified and signed; a fault of our own code becomes a rejection with its trace."""
    try:
        cleaned = clean(raw, card, now=now)
        return cleaned if isinstance(cleaned, Rejection) else [_signed(classify(one)) for one in cleaned]
    except Exception:
        return Rejection(
            source=raw.source,
            board=raw.board,
            external_id=ad_id(raw.external_id),
            reason="our_fault",
            detail=traceback.format_exc(limit=-4)[-2000:],
            raw=raw.model_dump_json(exclude_none=True)[: 64 * 1024],
        )


def as_read(batch: Batch, now: dt.datetime) -> list[Posting]:
    """The batch's postings, each last seen when its record was read (``fetched_at``, never later than ``now``), as far
    as the record says: an old file is no news."""
    read: dict[tuple[str, str, str], dt.datetime] = {}
    for one in batch.captures:
        if one.read_at:
            key = (one.source, one.board, one.external_id)
            read[key] = max(min(one.read_at, now), read.get(key, _EVER))
    for posting in batch.postings:
        ids = (posting.external_id, raw_id(posting.external_id))
        whole, piece_of = ((posting.source, posting.board, id) for id in ids)
        posting.last_seen = read.get(whole) or read.get(piece_of)
    return batch.postings


def believe_lines(lines: Iterable[Line], cards: dict[str, Card], now: dt.datetime) -> Batch:
    """A board's lines as one batch, in their order."""
    batch = Batch()
    for line in lines:
        if isinstance(line, Landed):
            _take(batch, line, cards.get(line.raw.source), now)
        elif isinstance(line, Seen):
            batch.seen.append(ad_id(line.external_id))
        elif isinstance(line, Removed):
            batch.removed.append(ad_id(line.external_id))
        elif isinstance(line, Unchanged):
            batch.unchanged = True
        else:
            known_as = ad_id(line.external_id) if line.external_id else ""
            batch.rejections.append(line.model_copy(update={"external_id": known_as}))
    return batch


class Believers:
    """Processes that clean and classify side by side; a short batch is done in place.

    Use as a context manager. Order is kept, so that the result does not depend on the number of processes.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Believers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def batches(self, lines: Iterable[Line], cards: dict[str, Card], now: dt.datetime) -> Iterator[Batch]:
        """The lines' batches, chunk by chunk and in order."""
        chunks = _chunks(lines)
        # where processes were started before, none is waited for
        in_place = 0 if self._pool else IN_PLACE
        for chunk in islice(chunks, None if self.workers < 2 else in_place):
            yield believe_lines(chunk, cards, now)
        yield from self.each(partial(believe_lines, cards=cards, now=now), chunks)

    def each(self, work: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """The work on each item, in their order: side by side where there is more than one process."""
        if self.workers < 2:
            yield from map(work, items)
            return
        waiting: deque[Future[B]] = deque()
        for item in items:
            self._pool = self._pool or _pool(self.workers)
            waiting.append(self._pool.submit(work, item))
            if len(waiting) > AHEAD * self.workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _signed(posting: Posting) -> Posting:
    """With what matching needs of its text, while the text is at hand."""
    posting.signature = signature(posting)
    return posting


def _take(batch: Batch, line: Landed, card: Card | None, now: dt.datetime) -> None:
    raw = line.raw
    batch.fill.add(raw)
    believed = believe(raw, card, now)
    if isinstance(believed, Rejection):
        batch.failures += believed.reason == "our_fault"
        batch.rejections.append(believed)
        return
    batch.postings += believed
    # a number is the moment that its digits are in text: RawPosting makes text of both
    read_at = dates.read_at(raw.fetched_at, now) if raw.fetched_at else None
    batch.captures.append(Received(raw.source, raw.board, ad_id(raw.external_id), line.line, read_at))


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _pool(workers: int) -> ProcessPoolExecutor:
    from multiprocessing import get_context

    # spawned: a fork of a process that runs Prefect's threads may hang
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin_work)


def _begin_work() -> None:
    """A Ctrl-C at the terminal reaches the whole group; the parent alone decides what it ends, and ends it by dying."""
    import signal
    import threading

    search_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Without it a killed run would leave its workers waiting for ever: they hold both ends of their queue."""
    import os
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)
