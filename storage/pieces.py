"""The pieces of one ad in the ad's own order.

A thread's comment that seeks several roles is stored as one posting a role (``id#role``), each of which names all of them
in the comment's order (``roles``). Keys sort by the alphabet; a reader wants the role first that the ad names first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

import orjson

PIECE = "#"
"""Between the board's own id of an ad and the role of one of its pieces (``7#data-engineer``)."""
Key = tuple[str, str, str, list[str] | str]
"""Source, board, external id and all roles, these as a list or as JSON."""
T = TypeVar("T")


def raw_id(external_id: str) -> str:
    """The board's own id of a posting, without the role of one that was split from a multi-role ad."""
    return external_id.rpartition(PIECE)[0] or external_id


def ad_of(key: Key) -> tuple[str, str, str] | None:
    """Which ad a piece is of; None for a posting that is an ad of its own."""
    source, board, external_id, _ = key
    ad, mark, _ = external_id.rpartition(PIECE)
    return (source, board, ad) if mark else None


def in_order(rows: Iterable[T], key: Callable[[T], Key]) -> Iterator[T]:
    """Rows sorted by their keys, with the pieces of each ad in its order."""

    def place(row: T) -> int:
        return _place(*key(row)[2:])

    for ad, those in groupby(rows, key=lambda row: ad_of(key(row))):
        if ad is None:
            yield from those
        else:
            yield from sorted(those, key=place)


def _place(external_id: str, roles: list[str] | str) -> int:
    named = orjson.loads(roles) if isinstance(roles, str) else roles
    role = external_id.rpartition(PIECE)[2]
    return named.index(role) if role in named else sys.maxsize
