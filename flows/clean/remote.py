"""Where the work is done, and where a remote worker may live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from storage.models import RemoteMode


class Remote(NamedTuple):
    mode: RemoteMode
    because: str
    regions: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def remote(**_: object) -> Remote:
    return Remote("unknown", "", ())


_ = Sequence
