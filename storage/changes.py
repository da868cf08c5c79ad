"""What one run changed: the question asked after it, by the stages that count and by people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, func, select

from storage import tables as t
from storage import tally
from storage.rows import among, batches
from storage.tables import table_of

POSTING, CHANGE, KEY = (table_of(one) for one in (t.PostingRow, t.PostingChange, t.MatchKey))

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


def without_role(conn: Connection, run_id: str) -> list[RoleCount]:
    """How many postings have no role, in each source of which a run stored new ones."""
    c = POSTING.c
    none = func.sum(case((c.role == "none", 1), else_=0))
    query = select(c.source, func.count(), none).where(c.first_run == run_id).group_by(c.source)
    new = {source: (int(n), int(without)) for source, n, without in conn.execute(query.order_by(c.source))}
    whole: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for ads, n in tally.ads(conn).items() if new else ():
        whole[ads.source][0] += n
        whole[ads.source][1] += n if "role" not in ads.filled else 0
    return [
        RoleCount(source, n, without, whole[source][0] - n, whole[source][1] - without)
        for source, (n, without) in new.items()
    ]


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
