"""Facts of ads, whichever of two tables they stand in: ``posting``, or ``sighting`` for what every sight of an ad writes.

The view ``v_postings`` is the same for people.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, FromClause, Select, select

from storage.tables import PostingRow, Sighting, table_of

POSTING, SIGHTING = table_of(PostingRow), table_of(Sighting)
# an outer join is left out where nothing of it is asked, and lets no engine begin with the wrong table
SEEN: FromClause = POSTING.outerjoin(SIGHTING, SIGHTING.c.posting_key == POSTING.c.posting_key)
"""Every ad beside its sighting."""


def fact(name: str) -> Column[Any]:
    """The column that a fact of an ad stands in. Raises KeyError where there is none."""
    return POSTING.c[name] if name in POSTING.c else SIGHTING.c[name]


def ads(*names: str) -> Select[Any]:
    """These facts of every ad; the caller says which ads, by conditions on ``posting``."""
    return select(*map(fact, names)).select_from(SEEN)
