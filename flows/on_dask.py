"""Believing anew on an existing Dask cluster, through Prefect's task runner: for many millions of captures.

Lines are partitioned by their employer, so that one employer's ads meet on one worker. The pure functions are the
same, and so are the rows: only where they are computed differs.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect_dask.task_runners import DaskTaskRunner

from config.cards import Card
from flows.believe import CHUNK, Batch, Believers, believe_lines
from flows.clean import company
from flows.ingest import ingest
from flows.land import Landed, Line
from flows.order import Order
from flows.report.run import Report

PARTITIONS = 64
"""Buckets that employers are spread over; each hands over its lines when it holds a chunk."""
AHEAD = 64
"""Chunks that are handed to the cluster before the first is waited for: memory here stays flat."""


@task(name="believe", cache_policy=NO_CACHE, persist_result=False)
def _believe(chunk: list[Line], cards: dict[str, Card], now: dt.datetime) -> Batch:
    return believe_lines(chunk, cards, now)


class DaskBelievers(Believers):
    """Cleans and classifies on the cluster of the flow that it is used in."""

    def batches(self, lines: Iterable[Line], cards: dict[str, Card], now: dt.datetime) -> Iterator[Batch]:
        """The lines' batches, a chunk of one partition each."""
        waiting: deque[Any] = deque()
        for chunk in partitioned(lines):
            waiting.append(_believe.submit(chunk, cards, now))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def partitioned(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines in chunks, the ads of one employer always in the same partition."""
    buckets: list[list[Line]] = [[] for _ in range(PARTITIONS)]
    for line in lines:
        bucket = buckets[_partition(line)]
        bucket.append(line)
        if len(bucket) == CHUNK:
            yield list(bucket)
            bucket.clear()
    yield from (bucket for bucket in buckets if bucket)


def run(order: Order, address: str) -> Report:
    """The order on the cluster whose scheduler listens at ``address`` (``tcp://host:8786``)."""
    reports: list[Report] = []

    cluster: Any = DaskTaskRunner(address=address)

    @flow(name="replay", task_runner=cluster, validate_parameters=False)
    def replay_flow() -> None:
        reports.append(ingest(order, believers=DaskBelievers(workers=1)))

    replay_flow()
    return reports[0]


def _partition(line: Line) -> int:
    key = company.key(line.raw.company) if isinstance(line, Landed) and line.raw.company else None
    return zlib.crc32((key or "").encode()) % PARTITIONS
