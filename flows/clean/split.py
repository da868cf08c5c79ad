"""Advertisements that carry several roles, as comments of a hiring thread do, told apart."""

from __future__ import annotations

from typing import NamedTuple


class Piece(NamedTuple):
    slug: str
    title: str


def pieces(title: str, text: str) -> list[Piece]:
    del text
    return [Piece("", title)]
