"""How often a process looks for circles of garbage among its objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

CYCLES = 20_000
"""Objects made since the last search. By Python's own 700 the ten thousands of rows that a run holds, the tables of places
and words, and pages of thousands of objects that know each other are looked through all the time: a fifth of storing,
matching and reading pages, a tenth of cleaning. Rows make no circles; a page that is done is let go by its reader."""


def search_seldom() -> None:
    """From now on, for a process of our own."""
    before = gc.get_threshold()
    # 0: somebody has turned it off
    gc.set_threshold(before[0] and max(CYCLES, before[0]), *before[1:])


@contextmanager
def seldom_searched() -> Iterator[None]:
    """For a time, in a process that may be somebody else's."""
    before = gc.get_threshold()
    search_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
