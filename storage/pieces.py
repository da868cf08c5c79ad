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
import pyarrow as pa
import pyarrow.compute as pc

from storage.models import PIECE

Key = tuple[str, str, str, list[str] | str]
"""Source, board, external id and all roles, these as a list or as JSON."""


T = TypeVar("T")


def in_order(rows: Iterable[T], key: Callable[[T], Key]) -> Iterator[T]:
    """Rows sorted by their keys, with the pieces of each ad in its order."""

    def place(row: T) -> int:
        return _place(*key(row)[2:])

    for ad, those in groupby(rows, key=lambda row: _ad(key(row))):
        if ad is None:
            yield from those
        else:
            yield from sorted(those, key=place)


def batches_in_order(found: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same of Arrow batches with the columns of :data:`Key`; a batch may end where its last ad begins."""
    left: pa.RecordBatch | None = None
    for batch in found:
        whole = batch if left is None else pa.concat_batches([left, batch])
        if not pc.any(pc.match_substring(whole["external_id"].cast(pa.string()), PIECE)).as_py():
            yield whole
            left = None
            continue
        keys = _keys(whole)
        end = _start_of_last(keys)
        left = whole.slice(end)
        yield whole.take(pa.array(in_order(range(end), keys.__getitem__), pa.int64()))
    if left is not None:
        yield left.take(pa.array(in_order(range(left.num_rows), _keys(left).__getitem__), pa.int64()))


def _ad(key: Key) -> tuple[str, str, str] | None:
    """Which ad a piece is of; None for a posting that is an ad of its own."""
    source, board, external_id, _ = key
    ad, mark, _ = external_id.rpartition(PIECE)
    return (source, board, ad) if mark else None


def _place(external_id: str, roles: list[str] | str) -> int:
    named = orjson.loads(roles) if isinstance(roles, str) else roles
    role = external_id.rpartition(PIECE)[2]
    return named.index(role) if role in named else sys.maxsize


def _keys(batch: pa.RecordBatch) -> list[Key]:
    columns = (batch[name].cast(pa.string()).to_pylist() for name in ("source", "board", "external_id", "roles"))
    return list(zip(*columns, strict=True))


def _start_of_last(keys: list[Key]) -> int:
    """Where the pieces of the last ad begin; the end where the last posting is no piece."""
    last = _ad(keys[-1])
    end = len(keys)
    while last is not None and end and _ad(keys[end - 1]) == last:
        end -= 1
    return end
