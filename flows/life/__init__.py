"""The life of a posting: first seen, open, unconfirmed, closed with a reason, reopened.

Pure: no Prefect, no Scrapy, no database. :func:`settle` (what a run saw of a board) and :func:`settle_looks` (what the
own pages of ads said) are the only functions that decide a posting's state.
"""

from flows.life.page import AGAIN, PageRead, plan_checks, read_page
from flows.life.rules import settle, settle_looks
from flows.life.values import (
    Because,
    BoardHistory,
    BoardSighting,
    CompleteRun,
    Held,
    Life,
    Look,
    Settlement,
    Transition,
)

__all__ = [
    "AGAIN",
    "Because",
    "BoardHistory",
    "BoardSighting",
    "CompleteRun",
    "Held",
    "Life",
    "Look",
    "PageRead",
    "Settlement",
    "Transition",
    "plan_checks",
    "read_page",
    "settle",
    "settle_looks",
]
