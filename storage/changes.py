"""What one run changed: the question asked after it, by the stages that count and by people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, func, select

from storage import tables as t
from storage.rows import among, batches
from storage.tables import table_of

POSTING, CHANGE, KEY, RUN = (table_of(one) for one in (t.PostingRow, t.PostingChange, t.MatchKey, t.Run))

LONG = frozenset({"description_text", "description_html", "skills_because", "role_because"})
"""Fields whose values are too long to count changes by."""
CUT = 80
"""Characters of a value that changes are counted by."""


class RoleCount(NamedTuple):
    """Postings of one source, those that a run stored first and those stored before, and how many have no role."""

    source: str
    new: int
    new_without: int
    before: int
    before_without: int


SIDE_BY_SIDE = 5
"""How many runs that ended well may have begun after one that was torn apart and not have known of it."""


def uncounted(conn: Connection, run_id: str) -> list[str]:
    """This run, and those before it that stored postings but were torn apart before anything was counted."""
    torn = RUN.c.state.in_(("crashed", "cancelled"))
    well = select(RUN.c.run_id).where(RUN.c.state.is_not(None), ~torn).order_by(RUN.c.run_id.desc())
    since = conn.scalar(well.offset(SIDE_BY_SIDE - 1).limit(1)) or ""
    query = select(RUN.c.run_id).where(torn, RUN.c.run_id > since, RUN.c.run_id != run_id)
    return [*conn.scalars(query.order_by(RUN.c.run_id)), run_id]


def companies(conn: Connection, run_id: str) -> list[str]:
    """Employers of the postings that a run stored new or changed."""
    key = POSTING.c.company_key
    query = select(key).where(POSTING.c.changed_run == run_id, key.is_not(None)).distinct()
    return list(conn.scalars(query.order_by(key)))


def without_role(conn: Connection, run_id: str) -> list[RoleCount]:
    """How many postings have no role, in each source of which a run stored new ones; in one reading of the table."""
    new, none = POSTING.c.first_run == run_id, POSTING.c.role == "none"
    counts = [func.sum(case((which, 1), else_=0)) for which in (new, new & none, ~new, ~new & none)]
    query = select(POSTING.c.source, *counts).group_by(POSTING.c.source).having(counts[0] > 0)
    rows = conn.execute(query.order_by(POSTING.c.source))
    return [RoleCount(source, *map(int, figures)) for source, *figures in rows]


def keys_until_now(conn: Connection, posting_keys: Iterable[str]) -> dict[str, set[int]]:
    """The blocking keys that are stored for these ads: what they met by before they changed."""
    keys: defaultdict[str, set[int]] = defaultdict(set)
    for some in batches(sorted(set(posting_keys))):
        query = select(KEY.c.posting_key, KEY.c.key).where(among(conn, KEY.c.posting_key, some))
        for posting_key, key in conn.execute(query):
            keys[posting_key].add(key)
    return dict(keys)


def fields(conn: Connection, run_id: str, *, limit: int = 200) -> list[dict[str, Any]]:
    """What a run changed in stored postings: field, before, after, postings; the most frequent changes first.

    Long texts are not told apart: they count as changed, whatever they say.
    """
    c = CHANGE.c
    rows = conn.execute(select(c.field, c.before, c.after).where(c.run_id == run_id))
    counted = Counter((row.field, *_values(row)) for row in rows)
    return [
        {"field": field, "before": before, "after": after, "postings": n}
        for (field, before, after), n in sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:limit]
    ]


def _values(row: Any) -> tuple[str, str]:
    return ("", "") if row.field in LONG else (_short(row.before), _short(row.after))


def _short(value: object) -> str:
    return "" if value is None else str(value)[:CUT]
