"""The life of a posting: first seen, open, unconfirmed, closed with a reason, reopened.

Pure: no Prefect, no Scrapy, no database. :func:`settle` is the only function that decides a posting's state.
"""

from flows.life.page import plan_checks, read_page
from flows.life.rules import settle
from flows.life.values import (
    Because,
    BoardHistory,
    BoardSighting,
    CompleteRun,
    Held,
    Life,
    Settlement,
    Transition,
    raw_id,
)

__all__ = [
    "Because",
    "BoardHistory",
    "BoardSighting",
    "CompleteRun",
    "Held",
    "Life",
    "Settlement",
    "Transition",
    "plan_checks",
    "raw_id",
    "read_page",
    "settle",
]
