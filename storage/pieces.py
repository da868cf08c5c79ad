"""The pieces of one ad in the ad's own order.

A thread's comment that seeks several roles is stored as one posting a role (``id#role``), each of which names all of them
in the comment's order (``roles``). Keys sort by the alphabet; a reader wants the role first that the ad names first.
A board's own ids may hold a ``#`` too: a piece is told by the role behind it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

import orjson

from config.load_taxonomy import roles

PIECE = "#"
"""Between the board's own id of an ad and the role of one of its pieces (``7#data-engineer``)."""
Key = tuple[str, str, str, list[str] | str]
"""Source, board, external id and all roles, these as a list or as JSON."""
T = TypeVar("T")


def raw_id(external_id: str) -> str:
    """The board's own id of a posting, without the role of one that was split from a multi-role ad.

    >>> raw_id("7#data-engineer"), raw_id("7#none"), raw_id("jobs#7")
    ('7', '7', 'jobs#7')
    """
    ad, _, role = external_id.rpartition(PIECE)
    return ad if ad and role in _slugs() else external_id


@functools.cache
def _slugs() -> frozenset[str]:
    """What stands behind the mark of a piece: a role of the taxonomy, or none of them."""
    return frozenset({*roles(), "none"})


def ad_of(key: Key) -> tuple[str, str, str] | None:
    """Which ad a piece is of; None for a posting that is an ad of its own."""
    source, board, external_id, _ = key
    ad = raw_id(external_id)
    return (source, board, ad) if ad != external_id else None


def in_order(rows: Iterable[T], key: Callable[[T], Key]) -> Iterator[T]:
    """Rows sorted by their keys, with the pieces of each ad in its order."""

    def place(row: T) -> int:
        return _place(*key(row)[2:])

    for ad, those in groupby(rows, key=lambda row: ad_of(key(row))):
        if ad is None:
            yield from those
        else:
            yield from sorted(those, key=place)


def _place(external_id: str, all_roles: list[str] | str) -> int:
    named = orjson.loads(all_roles) if isinstance(all_roles, str) else all_roles
    role = external_id.rpartition(PIECE)[2]
    return named.index(role) if role in named else sys.maxsize
