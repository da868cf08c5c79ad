"""What people and stages ask. Nothing here writes; each function takes a connection of :func:`storage.engine.reading`.

Rows come back as plain dictionaries (or SQLAlchemy rows with attributes, where a stage reads many), times aware, UTC.
"""

from __future__ import annotations

import datetime as dt
import statistics
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import orjson
from sqlalchemy import CompoundSelect, Connection, Row, Select, func, or_, select

from storage import tables as t
from storage.ads import POSTING, ads
from storage.models import Posting
from storage.pieces import PIECE, raw_id
from storage.rows import among
from storage.tables import table_of

T = TypeVar("T")

SOURCE, BOARD, RUN, BOARD_RUN = (table_of(one) for one in (t.Source, t.Board, t.Run, t.BoardRun))
CAPTURE, JOB, LINK = (table_of(one) for one in (t.Capture, t.JobRow, t.MatchLink))
REJECTION, FINDING, LEASE = table_of(t.RejectionRow), table_of(t.Finding), table_of(t.Lease)
CHANGE, EVENT, KEY = table_of(t.PostingChange), table_of(t.MatchEvent), table_of(t.MatchKey)
LOOK = table_of(t.Look)

CHUNK = 5000
"""Values of one IN (...): SQLite takes 32,766 parameters, PostgreSQL 65,535."""
LIFE_COLUMNS = (
    "posting_key", "external_id", "url", "first_seen", "last_seen", "valid_through", "state", "misses", "missed_since",
    "checked_at", "closed_at", "closed_because",
)  # fmt: skip


# --- operators ------------------------------------------------------------------------------------------------------


def sources(conn: Connection) -> list[dict[str, Any]]:
    """All sources that were ever used, by slug."""
    return _all(conn, select(SOURCE).order_by(SOURCE.c.source))


def paused(conn: Connection) -> dict[str, str]:
    """Paused sources with the operator's reason."""
    rows = conn.execute(select(SOURCE.c.source, SOURCE.c.paused_because).where(SOURCE.c.paused_at.is_not(None)))
    return {row[0]: row[1] for row in rows}


def boards(conn: Connection, source: str | None = None) -> list[dict[str, Any]]:
    """Boards with their last run, last complete run, validators and life, by (source, board)."""
    query = select(BOARD).order_by(BOARD.c.source, BOARD.c.board)
    return _all(conn, _within(query, BOARD.c.source, source))


def status(conn: Connection, source: str | None = None) -> list[dict[str, Any]]:
    """One row a board, of one source or of all: source, board, paused, state, because, found, expected, open,
    unconfirmed, last_run, last_run_at, last_crawl_at, last_complete_at, filled, findings (of its last run, by level).

    ``expected`` is as in :func:`usually_found`, None before the first complete run.
    """
    kind = (POSTING.c.source, POSTING.c.board, POSTING.c.state)
    counted = _within(select(*kind, func.count().label("n")).group_by(*kind), POSTING.c.source, source)
    counts = {(r.source, r.board, r.state): r.n for r in conn.execute(counted)}
    stopped = paused(conn)
    last = {(r["source"], r["board"]): r for r in _last_board_runs(conn, source)}
    found, usual, crawled = _findings_by_level(conn, source), usually_found(conn, source), _last_crawls(conn, source)
    rows = []
    for board in boards(conn, source):
        key = (board["source"], board["board"])
        run = last.get(key, {})
        rows.append(
            {
                "source": key[0],
                "board": key[1],
                "paused": stopped.get(key[0]) if key[0] in stopped else None,
                "state": run.get("state"),
                "because": run.get("because", ""),
                "found": run.get("found"),
                "expected": usual.get(key),
                "open": counts.get((*key, "open"), 0),
                "unconfirmed": counts.get((*key, "unconfirmed"), 0),
                "last_run": board["last_run"],
                "last_run_at": board["last_run_at"],
                "last_crawl_at": crawled.get(key),
                "last_complete_at": board["last_complete_at"],
                "filled": run.get("filled", {}),
                "findings": found.get((board["last_run"], *key), {}),
            }
        )
    return rows


def runs(conn: Connection, limit: int = 20) -> list[dict[str, Any]]:
    """The last runs, newest first."""
    return _all(conn, select(RUN).order_by(RUN.c.run_id.desc()).limit(limit))


def run(conn: Connection, run_id: str) -> dict[str, Any] | None:
    """One run with its ``boards``, ``looks`` and ``findings``; ``"last"`` is the newest. None where there is none."""
    query = select(RUN).order_by(RUN.c.run_id.desc()).limit(1)
    found = _first(conn, query if run_id == "last" else query.where(RUN.c.run_id == run_id))
    if found is None:
        return None
    this = BOARD_RUN.c.run_id == found["run_id"]
    found["boards"] = _all(conn, select(BOARD_RUN).where(this).order_by(BOARD_RUN.c.source, BOARD_RUN.c.board))
    found["looks"] = looks(conn, found["run_id"])
    found["findings"] = findings(conn, found["run_id"])
    return found


def findings(
    conn: Connection, run_id: str | None = None, *, source: str | None = None, limit: int = 1000
) -> list[dict[str, Any]]:
    """Findings of one run, or the newest of all runs; errors first within a run."""
    level = FINDING.c.level
    query = select(FINDING).order_by(FINDING.c.run_id.desc(), level, FINDING.c.source, FINDING.c.board, FINDING.c.code)
    if run_id is not None:
        query = query.where(FINDING.c.run_id == run_id)
    if source is not None:
        query = query.where(FINDING.c.source == source)
    return _all(conn, query.limit(limit))


def rejections(
    conn: Connection, *, source: str | None = None, state: str | None = "open", limit: int | None = 100
) -> list[dict[str, Any]]:
    """Records that could not be believed, newest first."""
    query = select(REJECTION).order_by(REJECTION.c.last_at.desc(), REJECTION.c.rejection_id)
    if source is not None:
        query = query.where(REJECTION.c.source == source)
    if state is not None:
        query = query.where(REJECTION.c.state == state)
    return _all(conn, query.limit(limit))


def leases(conn: Connection) -> list[dict[str, Any]]:
    """Who holds what, by name."""
    return _all(conn, select(LEASE).order_by(LEASE.c.name))


def holds_real_runs(conn: Connection) -> bool:
    """Whether any run but the demo's, and replays of what it left, has written here."""
    return conn.execute(select(RUN.c.run_id).where(RUN.c.kind.not_in(("demo", "replay"))).limit(1)).first() is not None


def known(conn: Connection, source: str, board: str = "") -> dict[str, Any]:
    """What the crawler may know: ``{"validators": {...}, "ids": {external_id: {"hash": ..., "updated": ...}}}``.

    ``ids`` are those of ads that are not closed; an ad that was split stands under its own id too. ``hash`` is of what
    the site said, ``updated`` the ad's own date of change as RFC 3339 or None.
    """
    this = [POSTING.c.source == source, POSTING.c.board == board, POSTING.c.state != "closed"]
    ids = {}
    for row in conn.execute(
        ads("external_id", "content_hash", "updated_at").where(*this).order_by(POSTING.c.external_id)
    ):
        said = {"hash": row.content_hash, "updated": row.updated_at.isoformat() if row.updated_at else None}
        ids[row.external_id] = said
        ids.setdefault(raw_id(row.external_id), said)
    return {"validators": _board_column(conn, source, board, "validators"), "ids": ids}


def board_life(conn: Connection, source: str, board: str = "") -> dict[str, Any]:
    """What the rules of life remember of a board; empty at first."""
    return _board_column(conn, source, board, "life")


def board_runs(conn: Connection, source: str, board: str = "", *, limit: int = 10) -> list[dict[str, Any]]:
    """The last finished runs that tried one board, newest first, with ``number`` and ``kind`` of the run; a replay tries
    none."""
    query = (
        select(BOARD_RUN, RUN.c.number, RUN.c.kind)
        .join(RUN, RUN.c.run_id == BOARD_RUN.c.run_id)
        .where(BOARD_RUN.c.source == source, BOARD_RUN.c.board == board, BOARD_RUN.c.state.is_not(None))
        .where(RUN.c.kind != "replay")
        .order_by(BOARD_RUN.c.run_id.desc())
    )
    return _all(conn, query.limit(limit))


def last_board_runs(
    conn: Connection, *, since: dt.datetime, kind: str = "crawl"
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """By (source, board) what its runs of a kind came to, newest first: the last of each board however old it is, and
    all that began after ``since``. Rows of run_id, source, board, started_at, state, pages, http."""
    c, other = BOARD_RUN.c, BOARD_RUN.alias()
    rows = (
        select(c.run_id, c.source, c.board, c.started_at, c.state, c.pages, c.http)
        .join(RUN, RUN.c.run_id == c.run_id)
        .where(c.state.is_not(None), c.started_at.is_not(None), RUN.c.kind == kind)
    )
    # a run longer than a day is cut by its own limits: what began after `since` is of a run of the day before at most
    lately = rows.where(RUN.c.started_at > since - dt.timedelta(days=1), c.started_at > since)
    newest = (
        select(other.c.run_id)
        .join(RUN, RUN.c.run_id == other.c.run_id)
        .where(other.c.source == BOARD.c.source, other.c.board == BOARD.c.board, RUN.c.kind == kind)
        .where(other.c.state != "skipped", other.c.started_at.is_not(None))
        .order_by(other.c.run_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    last = rows.join(BOARD, (BOARD.c.source == c.source) & (BOARD.c.board == c.board)).where(c.run_id == newest)
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in sorted(_all(conn, lately.union(last)), key=_by_run, reverse=True):
        found.setdefault((row["source"], row["board"]), []).append(row)
    return found


def _by_run(row: dict[str, Any]) -> str:
    return str(row["run_id"])


def usually_found(conn: Connection, source: str | None = None, *, last: int = 5) -> dict[tuple[str, str], float]:
    """Median number of ads found over the last complete runs, by source and board; of boards that have had one."""
    c = BOARD_RUN.c
    turn = func.row_number().over(partition_by=(c.source, c.board), order_by=c.run_id.desc()).label("turn")
    these = select(c.source, c.board, c.found, turn).where(c.complete)
    newest = _within(these, c.source, source).subquery()
    query = select(newest.c.source, newest.c.board, newest.c.found).where(newest.c.turn <= last)
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for *key, n in conn.execute(query):
        found[key[0], key[1]].append(n)
    return {key: float(statistics.median(each)) for key, each in found.items()}


def lives(conn: Connection, source: str, board: str, ids_seen: Collection[str] = ()) -> list[Row[Any]]:
    """Postings of a board that are not closed, and closed ones whose id (or, of a piece, the ad's) is among
    ``ids_seen``; rows with the columns of :data:`LIFE_COLUMNS`, by external_id."""
    query = ads(*LIFE_COLUMNS).where(POSTING.c.source == source, POSTING.c.board == board)
    seen = set(ids_seen)
    return [
        row
        for row in conn.execute(query.order_by(POSTING.c.external_id))
        if row.state != "closed" or row.external_id in seen or raw_id(row.external_id) in seen
    ]


def to_check(conn: Connection, *, before: dt.datetime) -> Iterator[Row[Any]]:
    """Unconfirmed postings whose own page was not looked at since ``before``, with source, board and the columns of
    :data:`LIFE_COLUMNS`, streamed by posting_key within a source."""
    looked = POSTING.c.checked_at
    these = (POSTING.c.state == "unconfirmed", or_(looked.is_(None), looked <= before))
    query = ads("source", "board", *LIFE_COLUMNS).where(*these)
    yield from _streamed(conn, query.order_by(POSTING.c.source, POSTING.c.posting_key))


def lives_of(conn: Connection, posting_keys: Iterable[str]) -> list[Row[Any]]:
    """These postings with source, board, title and the columns of :data:`LIFE_COLUMNS`, by posting_key."""
    return ads_of_postings(conn, posting_keys, ("source", "board", "title", *LIFE_COLUMNS))


def looks_since(conn: Connection, since: dt.datetime, source: str | None = None) -> dict[str, int]:
    """How many ads had their own page looked at after ``since``, by source."""
    query = select(LOOK.c.source, func.count()).where(LOOK.c.at > since).group_by(LOOK.c.source)
    return {row[0]: row[1] for row in conn.execute(_within(query, LOOK.c.source, source))}


def looks(conn: Connection, run_id: str) -> list[dict[str, Any]]:
    """The looks of one run by source and board: ``looked``, and of these ``gone``, ``alive`` and ``nothing``."""
    said: dict[tuple[str, str], dict[str, Any]] = {}
    query = select(LOOK.c.source, LOOK.c.board, LOOK.c.says, func.count()).where(LOOK.c.run_id == run_id)
    for source, board, says, n in conn.execute(query.group_by(LOOK.c.source, LOOK.c.board, LOOK.c.says)):
        none = {"source": source, "board": board, "looked": 0, "gone": 0, "alive": 0, "nothing": 0}
        row = said.setdefault((source, board), none)
        row[says] = n
        row["looked"] += n
    return [said[key] for key in sorted(said)]


def page_validators(conn: Connection, posting_keys: Iterable[str]) -> dict[str, dict[str, str]]:
    """``etag`` and ``last_modified`` of the page that last bore each of these ads, where it had any."""
    found: dict[str, dict[str, str]] = {}
    names = ("etag", "last_modified")
    for chunk in _chunks(sorted(set(posting_keys))):
        query = select(LOOK.c.posting_key, LOOK.c.etag, LOOK.c.last_modified)
        these = LOOK.c.posting_key.in_(chunk), LOOK.c.says == "alive"
        for row in conn.execute(query.where(*these).order_by(LOOK.c.at)):
            found[row.posting_key] = {name: said for name in names if (said := getattr(row, name))}
    return {key: said for key, said in found.items() if said}


def captures(
    conn: Connection, *, source: str | None = None, board: str | None = None, external_id: str | None = None
) -> Iterator[tuple[str, bytes]]:
    """Kept records as (sha256, RawPosting line with its ``fetched_at``), by ad and time; streamed."""
    query = select(CAPTURE.c.sha256, CAPTURE.c.fetched_at, CAPTURE.c.body)
    for column, value in ((CAPTURE.c.source, source), (CAPTURE.c.board, board), (CAPTURE.c.external_id, external_id)):
        if value is not None:
            query = query.where(column == value)
    order = (CAPTURE.c.source, CAPTURE.c.board, CAPTURE.c.external_id, CAPTURE.c.fetched_at, CAPTURE.c.sha256)
    for row in _streamed(conn, query.order_by(*order)):
        yield row.sha256, _line(row)


# --- matching -------------------------------------------------------------------------------------------------------


def keys_to_match(conn: Connection) -> list[str]:
    """The posting keys of ads that are new or changed since they were last matched, employer after employer."""
    order = (POSTING.c.company_key, POSTING.c.title_core, POSTING.c.posting_key)
    return list(conn.scalars(select(POSTING.c.posting_key).where(POSTING.c.to_match).order_by(*order)))


def waiting_of_jobs(conn: Connection, job_ids: Iterable[str]) -> set[str]:
    """The posting keys of the ads of these jobs that are new or changed since they were last matched."""
    found: set[str] = set()
    for chunk in _chunks(sorted(set(job_ids))):
        query = select(POSTING.c.posting_key).where(among(conn, POSTING.c.job_id, chunk), POSTING.c.to_match)
        found.update(conn.scalars(query))
    return found


def postings_of_keys(conn: Connection, keys: Iterable[int]) -> set[str]:
    """The posting keys of the ads that have any of the blocking keys."""
    found: set[str] = set()
    for chunk in _chunks(sorted(set(keys))):
        found.update(conn.scalars(select(KEY.c.posting_key).where(among(conn, KEY.c.key, chunk))))
    return found


def ads_of_postings(conn: Connection, posting_keys: Iterable[str], columns: Sequence[str]) -> list[Row[Any]]:
    """These ads with these columns, by posting_key."""
    rows: list[Row[Any]] = []
    for chunk in _chunks(sorted(set(posting_keys))):
        query = ads(*columns).where(among(conn, POSTING.c.posting_key, chunk))
        rows += conn.execute(query.order_by(POSTING.c.posting_key)).all()
    return rows


def ads_of_jobs(conn: Connection, job_ids: Iterable[str], columns: Sequence[str]) -> list[Row[Any]]:
    """The ads of these jobs with these columns, by job and posting_key."""
    rows: list[Row[Any]] = []
    for chunk in _chunks(sorted(set(job_ids))):
        query = ads(*columns).where(among(conn, POSTING.c.job_id, chunk))
        rows += conn.execute(query.order_by(POSTING.c.job_id, POSTING.c.posting_key)).all()
    return rows


def sizes_of_jobs(conn: Connection, job_ids: Iterable[str]) -> dict[str, int]:
    """How many ads belong to each of these jobs."""
    sizes: dict[str, int] = {}
    for chunk in _chunks(sorted(set(job_ids))):
        these = among(conn, POSTING.c.job_id, chunk)
        query = select(POSTING.c.job_id, func.count()).where(these).group_by(POSTING.c.job_id)
        sizes.update((row[0], row[1]) for row in conn.execute(query))
    return sizes


def all_ads(conn: Connection, columns: Sequence[str]) -> Iterator[Row[Any]]:
    """Every ad with these columns, streamed by posting_key."""
    yield from _streamed(conn, ads(*columns).order_by(POSTING.c.posting_key))


def why(conn: Connection, key: str) -> dict[str, Any] | None:
    """A job by its id or by the posting_key of one of its ads: its columns, and ``ads`` (each with its ``link`` and the
    ``looks`` at its own page), ``events`` and ``sisters`` (job_ids of the family). None where there is none."""
    job_id = conn.scalar(select(POSTING.c.job_id).where(POSTING.c.posting_key == key)) or key
    job = _first(conn, select(JOB).where(JOB.c.job_id == job_id))
    if job is None:
        return None
    columns = [name for name in Posting.model_fields if name not in ("description_html", "signature")]
    order = (POSTING.c.first_seen, POSTING.c.posting_key)
    found = _all(conn, ads(*columns).where(POSTING.c.job_id == job_id).order_by(*order))
    links = {row["posting_key"]: row for row in _all(conn, select(LINK).where(LINK.c.job_id == job_id))}
    keys = [ad["posting_key"] for ad in found]
    looked = _all(conn, select(LOOK).where(LOOK.c.posting_key.in_(keys)).order_by(LOOK.c.at))
    for ad in found:
        ad["link"] = links.get(ad["posting_key"])
        ad["looks"] = [row for row in looked if row["posting_key"] == ad["posting_key"]]
    touches = or_(EVENT.c.job_id == job_id, EVENT.c.other_job_id == job_id)
    job["ads"] = found
    job["events"] = _all(conn, select(EVENT).where(touches).order_by(EVENT.c.happened_at, EVENT.c.event_id))
    job["sisters"] = []
    if job["family_id"]:
        family = select(JOB.c.job_id).where(JOB.c.family_id == job["family_id"], JOB.c.job_id != job_id)
        job["sisters"] = list(conn.scalars(family.order_by(JOB.c.job_id)))
    return job


def named(conn: Connection, name: str) -> list[Row[Any]]:
    """The ads that ``source/board/external_id`` names: as they stand there, else without their board, else the pieces of
    an ad that was split. Each with its posting_key, key and job_id; none where nothing is called so."""
    source, _, rest = name.partition("/")
    columns = [POSTING.c[one] for one in ("posting_key", "source", "board", "external_id", "job_id")]
    whole = POSTING.c.board + "/" + POSTING.c.external_id
    said = (POSTING.c.external_id, whole)
    likely = [one for id in said for one in (id == rest, id.startswith(f"{rest}{PIECE}", autoescape=True))]
    order = (POSTING.c.board, POSTING.c.external_id)
    found = conn.execute(select(*columns).where(POSTING.c.source == source, or_(*likely)).order_by(*order)).all()
    ways: tuple[Callable[[Row[Any]], bool], ...] = (
        lambda ad: rest == (f"{ad.board}/{ad.external_id}" if ad.board else ad.external_id),
        lambda ad: rest == ad.external_id,
        lambda ad: rest in {raw_id(ad.external_id), f"{ad.board}/{raw_id(ad.external_id)}"},
    )
    return next((those for way in ways if (those := [ad for ad in found if way(ad)])), [])


def history(conn: Connection, posting_key: str) -> list[dict[str, Any]]:
    """What changed in one posting, oldest first."""
    this = CHANGE.c.posting_key == posting_key
    return _all(conn, select(CHANGE).where(this).order_by(CHANGE.c.at, CHANGE.c.run_id, CHANGE.c.field))


def counts(conn: Connection) -> dict[str, int]:
    """Postings and jobs, in all and open."""
    return {
        f"{name}{suffix}": conn.scalar(query) or 0
        for name, table in (("postings", POSTING), ("jobs", JOB))
        for suffix, query in (
            ("", select(func.count()).select_from(table)),
            ("_open", select(func.count()).select_from(table).where(table.c.state == "open")),
        )
    }


def unmatched(conn: Connection) -> int:
    """Open postings that belong to no job."""
    query = select(func.count()).select_from(POSTING).where(POSTING.c.state == "open", POSTING.c.job_id.is_(None))
    return conn.scalar(query) or 0


# --- below: how ------------------------------------------------------------------------------------------------------


def _all(conn: Connection, query: Select[Any] | CompoundSelect[Any]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in conn.execute(query)]


def _first(conn: Connection, query: Select[Any]) -> dict[str, Any] | None:
    row = conn.execute(query).first()
    return dict(row._mapping) if row else None


def _streamed(conn: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    yield from conn.execute(query.execution_options(yield_per=1000))


def _board_column(conn: Connection, source: str, board: str, name: str) -> dict[str, Any]:
    query = select(BOARD.c[name]).where(BOARD.c.source == source, BOARD.c.board == board)
    return conn.scalar(query) or {}


def _within(query: Select[Any], column: Any, source: str | None) -> Select[Any]:
    """Only of one source, where one is named."""
    return query if source is None else query.where(column == source)


def _last_crawls(conn: Connection, source: str | None) -> dict[tuple[str, str], dt.datetime]:
    """When each board was last asked, by source and board: what the next time counts from."""
    c = BOARD_RUN.c
    newest = (
        select(c.started_at)
        .join(RUN, RUN.c.run_id == c.run_id)
        .where(c.source == BOARD.c.source, c.board == BOARD.c.board, RUN.c.kind.not_in(("file", "replay")))
        .where(c.state != "skipped", c.started_at.is_not(None))
        .order_by(c.run_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = _within(select(BOARD.c.source, BOARD.c.board, newest.label("at")), BOARD.c.source, source)
    return {(row.source, row.board): row.at for row in conn.execute(query) if row.at}


def _last_board_runs(conn: Connection, source: str | None) -> list[dict[str, Any]]:
    same = [BOARD.c.source == BOARD_RUN.c.source, BOARD.c.board == BOARD_RUN.c.board]
    last = select(BOARD_RUN).join(BOARD, (BOARD.c.last_run == BOARD_RUN.c.run_id) & same[0] & same[1])
    return _all(conn, _within(last, BOARD.c.source, source))


def _findings_by_level(conn: Connection, source: str | None) -> dict[tuple[str, str, str], dict[str, int]]:
    c = FINDING.c
    by: dict[tuple[str, str, str], dict[str, int]] = {}
    query = select(c.run_id, c.source, c.board, c.level, func.count()).group_by(c.run_id, c.source, c.board, c.level)
    for run_id, of, board, level, n in conn.execute(_within(query, c.source, source)):
        by.setdefault((run_id, of, board), {})[level] = n
    return by


def _line(row: Any) -> bytes:
    record = orjson.loads(zlib.decompress(row.body))
    return orjson.dumps(record | {"fetched_at": row.fetched_at.isoformat()})


def _chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
