"""The functions that write what was read and decided, each inside a transaction (:func:`storage.engine.writing`).

What follows by counting is written by storage.derive; storage.upkeep copies, prunes and forgets. Nothing else writes.

The same input twice changes nothing but ``last_seen``; the same inputs in another order come to the same rows; what was
read earlier never overwrites what was read later. Rows go in sorted by key, so that two writers cannot deadlock.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import os
import platform
import sys
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    case,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    table,
    tuple_,
    type_coerce,
    update,
)
from sqlmodel import SQLModel

from config.cards import Card
from config.load_taxonomy import Role, Skill
from storage import tables as t
from storage.ads import ads
from storage.believed import BELIEVED, believed_alike, believed_hash
from storage.forgotten import NOT_PROSE, Memory
from storage.models import Job, Posting, Received, Rejection, RunState
from storage.pieces import PIECE, raw_id
from storage.rows import (
    among,
    as_dict,
    batches,
    copy_into,
    earlier,
    execute_many,
    full_row,
    hash16,
    insert_for,
    insert_into,
    insert_new,
    later,
    only_columns,
    pairs,
    replace_children,
    storable,
    stored_time,
    update_many,
    upsert,
    upsert_many,
)
from storage.tables import table_of

STAGED = 50
"""Rows from which PostgreSQL takes them by COPY and one merge: a temporary table costs as much as some twenty rows."""
CUT = 400
"""Characters of a long text that the history of changes keeps."""
AHEAD = dt.timedelta(days=7)
"""So far another clock may be ahead; a record that says it was read later would be kept for ever."""
SILENT = dt.timedelta(minutes=15)
"""A run on another machine that gave no sign of life for so long is crashed."""

SOURCE, BOARD, RUN, BOARD_RUN = (table_of(one) for one in (t.Source, t.Board, t.Run, t.BoardRun))
CAPTURE, POSTING, SIGHTING, JOB = (table_of(one) for one in (t.Capture, t.PostingRow, t.Sighting, t.JobRow))
REJECTION, LEASE = table_of(t.RejectionRow), table_of(t.Lease)


@dataclass
class Saved:
    """What storing a batch of postings came to."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    """Postings of which something newer was stored already."""
    rejections: list[Rejection] = field(default_factory=list)
    """Postings that no database can hold, each with the reason; the rest of the batch is stored."""
    touched: list[str] = field(default_factory=list)
    """posting_keys of the new and changed ones, sorted."""
    boards: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """How many by (source, board, ``new``, ``changed`` or ``unchanged``); older ones count as unchanged."""

    def __iadd__(self, other: Saved) -> Saved:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self


_NUMBERING = 7_240_116
"""Advisory lock of PostgreSQL under which runs get their numbers; see storage.schema for the other one."""
_STAMP = "%Y%m%dT%H%M%S.%f"
"""The form of a run's name, a moment in UTC."""


# --- runs -----------------------------------------------------------------------------------------------------------


def start_run(
    conn: Connection,
    *,
    kind: t.RunKind,
    now: dt.datetime,
    sources: Sequence[str] = (),
    taxonomy_version: str = "",
    version: str = "",
) -> str:
    """A new run; returns its run_id, greater than every earlier one even if the clock went back."""
    if conn.dialect.name == "postgresql":
        # two that begin at once would take the same number; SQLite has one writer at a time
        conn.execute(select(func.pg_advisory_xact_lock(_NUMBERING)))
    last, number = conn.execute(select(func.max(RUN.c.run_id), func.max(RUN.c.number))).one()
    run_id = _next_run_id(last, now)
    row = t.Run(
        run_id=run_id,
        number=(number or 0) + 1,
        kind=kind,
        started_at=now,
        beat_at=_machine_clock(),
        host=platform.node(),
        pid=os.getpid(),
        version=version,
        taxonomy_version=taxonomy_version,
        sources=sorted(sources),
    )
    conn.execute(insert(RUN), row.model_dump())
    return run_id


def began(run_id: str) -> dt.datetime | None:
    """When a run began, as its name says; None for what is no run's name."""
    try:
        return dt.datetime.strptime(run_id, _STAMP).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def beat(conn: Connection, run_id: str) -> None:
    """A sign of life of a run; give one at least every few minutes."""
    conn.execute(update(RUN).where(RUN.c.run_id == run_id).values(beat_at=_machine_clock()))


def finish_run(
    conn: Connection,
    run_id: str,
    *,
    state: RunState,
    now: dt.datetime,
    counts: Mapping[str, Any] | None = None,
    because: str = "",
) -> None:
    """The end of a run; its leases are given back."""
    conn.execute(
        update(RUN)
        .where(RUN.c.run_id == run_id)
        .values(state=state, finished_at=now, counts=dict(counts or {}), because=because, beat_at=_machine_clock())
    )
    conn.execute(delete(LEASE).where(LEASE.c.holder == run_id))


def mark_crashed_runs(conn: Connection, *, now: dt.datetime, silent: dt.timedelta = SILENT) -> list[str]:
    """Mark runs and their boards that were left open by a process that is gone; their leases are given back.

    Gone is a process of this machine that does not exist any more, or one of another machine without a sign of life
    for ``silent``. Returns the run_ids.
    """
    rows = conn.execute(select(RUN.c.run_id, RUN.c.host, RUN.c.pid, RUN.c.beat_at).where(RUN.c.state.is_(None))).all()
    crashed = sorted(r.run_id for r in rows if _is_gone(r.host, r.pid, r.beat_at, silent))
    because = "the process ended without a word"
    for run_id in crashed:
        values = {"state": "crashed", "finished_at": now, "because": because}
        conn.execute(update(RUN).where(RUN.c.run_id == run_id).values(**values))
        conn.execute(
            update(BOARD_RUN)
            .where(BOARD_RUN.c.run_id == run_id, BOARD_RUN.c.state.is_(None))
            .values(**values, complete=False)
        )
        conn.execute(delete(LEASE).where(LEASE.c.holder == run_id))
    return crashed


def save_board_run(conn: Connection, run_id: str, source: str, board: str = "", **values: Any) -> None:
    """Begin or amend the row of one board in one run; ``values`` are columns of ``board_run``."""
    _save_board_runs(conn, run_id, [{"source": source, "board": board} | values])


def finish_board_run(
    conn: Connection,
    run_id: str,
    source: str,
    board: str = "",
    *,
    state: RunState,
    now: dt.datetime,
    complete: bool = False,
    validators: Mapping[str, Any] | None = None,
    **values: Any,
) -> None:
    """The end of one board in one run; the board remembers the run, and its validators when they are given."""
    end = {"source": source, "board": board, "state": state, "complete": complete} | values
    finish_board_runs(conn, run_id, [end], now=now)
    if validators is not None:
        this = [BOARD.c.source == source, BOARD.c.board == board, BOARD.c.last_run == run_id]
        conn.execute(update(BOARD).where(*this).values(validators=dict(validators)))


def finish_board_runs(
    conn: Connection, run_id: str, ends: Iterable[Mapping[str, Any]], *, now: dt.datetime, tried: bool = True
) -> None:
    """The ends of many boards in one run: columns of ``board_run`` with source, board, state and complete, the same
    ones for every board; the boards remember the run, unless it did not try them (a replay)."""
    for batch in batches(ends):
        _save_board_runs(conn, run_id, [{**end, "finished_at": now} for end in batch])
        for complete in (True, False) if tried else ():
            which = [end for end in batch if end["complete"] is complete]
            at = {"new_run": run_id, "new_at": now}
            execute_many(
                conn,
                _remembering(complete),
                [{"this_source": one["source"], "this_board": one["board"]} | at for one in which],
            )


def _save_board_runs(conn: Connection, run_id: str, said: Sequence[Mapping[str, Any]]) -> None:
    ensure_boards(conn, [(one["source"], one["board"]) for one in said], run_id)
    names = tuple(sorted(set(said[0]) - {"source", "board"}))
    rows = [full_row(t.BoardRun, {"run_id": run_id, **one}) for one in said]
    execute_many(conn, _board_run_upsert(conn.dialect.name, names), rows)


@functools.cache
def _board_run_upsert(dialect: str, names: tuple[str, ...]) -> Any:
    statement = insert_for(dialect, t.BoardRun)
    if not names:
        return statement.on_conflict_do_nothing()
    new = statement.excluded
    key = ["run_id", "source", "board"]
    return statement.on_conflict_do_update(index_elements=key, set_={name: new[name] for name in names})


@functools.cache
def _remembering(complete: bool) -> Any:
    c = BOARD.c
    run_id, at = bindparam("new_run", type_=c.last_run.type), bindparam("new_at", type_=c.last_run_at.type)
    values = {"last_run": run_id, "last_run_at": at}
    if complete:
        values |= {"last_complete_run": run_id, "last_complete_at": at}
    # a run that ends late does not hide what a newer one found
    newest = or_(c.last_run.is_(None), c.last_run <= run_id)
    this = (c.source == bindparam("this_source"), c.board == bindparam("this_board"))
    return update(BOARD).where(*this, newest).values(**values)


def save_board_life(conn: Connection, source: str, board: str, life: Mapping[str, Any]) -> None:
    """What the rules of life remember of a board."""
    ensure_boards(conn, [(source, board)])
    conn.execute(update(BOARD).where(BOARD.c.source == source, BOARD.c.board == board).values(life=dict(life)))


def save_sources(conn: Connection, cards: Iterable[Card]) -> None:
    """The facts of cards; what the operator decided (a pause) stays."""
    rows = [
        {
            "source": card.source,
            "name": card.name,
            "kind": card.kind,
            "home": card.home,
            "terms": card.terms,
            "attribution": card.attribution,
            "coverage": card.coverage,
            "every_seconds": int(card.every.total_seconds()),
        }
        for card in cards
    ]
    upsert(conn, t.Source, rows, keep=("paused_at", "paused_because"))


def pause_source(conn: Connection, source: str, *, now: dt.datetime, because: str = "") -> None:
    """Pause a source; it stays so until :func:`resume_source`."""
    _ensure_sources(conn, {source})
    values = {"paused_at": now, "paused_because": because}
    conn.execute(update(SOURCE).where(SOURCE.c.source == source).values(**values))


def resume_source(conn: Connection, source: str) -> None:
    """End a pause."""
    conn.execute(update(SOURCE).where(SOURCE.c.source == source).values(paused_at=None, paused_because=""))


def ensure_boards(conn: Connection, boards: Iterable[tuple[str, str]], run_id: str | None = None) -> None:
    """Rows of ``source`` and ``board`` for these (source, board), where they are missing."""
    wanted = sorted(set(boards))
    _ensure_sources(conn, {source for source, _ in wanted})
    insert_new(conn, t.Board, [full_row(t.Board, {"source": s, "board": b, "first_run": run_id}) for s, b in wanted])


# --- leases ---------------------------------------------------------------------------------------------------------


def take_lease(conn: Connection, name: str, holder: str, *, now: dt.datetime, ttl: dt.timedelta) -> bool:
    """Take a lease, or renew one's own. False where another holder has it and it has not expired."""
    statement = insert_into(conn, t.Lease).values(name=name, holder=holder, taken_at=now, expires_at=now + ttl)
    free = or_(LEASE.c.expires_at <= now, LEASE.c.holder == holder)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={name: statement.excluded[name] for name in ("holder", "taken_at", "expires_at")},
            where=free,
        )
    )
    held = conn.execute(select(LEASE.c.holder).where(LEASE.c.name == name)).scalar()
    return held == holder


def release_lease(conn: Connection, name: str, holder: str) -> bool:
    """Give a lease back. False where this holder did not have it."""
    result = conn.execute(delete(LEASE).where(LEASE.c.name == name, LEASE.c.holder == holder))
    return result.rowcount > 0


# --- what was read --------------------------------------------------------------------------------------------------


def save_segment(
    conn: Connection,
    *,
    sha256: str,
    name: str,
    run_id: str,
    now: dt.datetime,
    source: str = "",
    board: str = "",
    lines: int = 0,
) -> bool:
    """Enter a landing segment in the ledger. False where it was loaded before: then do not load it again."""
    row = t.Segment(
        sha256=sha256, name=name, run_id=run_id, source=source, board=board, lines=lines, loaded_at=now
    ).model_dump()
    statement = insert_into(conn, t.Segment).values(row).on_conflict_do_nothing()
    return conn.execute(statement.returning(table_of(t.Segment).c.sha256)).first() is not None


def save_captures(
    conn: Connection,
    records: Iterable[Received | tuple[str, str, str, bytes]],
    *,
    run_id: str,
    now: dt.datetime,
) -> int:
    """Keep records as received; one that does not say when it was read was read ``now``. Returns how many were not known.

    A record is known by what it says without its ``fetched_at``; read again it only grows younger. One that names a
    person who was to be forgotten is not kept.
    """
    rows: dict[str, dict[str, Any]] = {}
    memory = Memory.of(conn)
    for one in (Received(*record) for record in records):
        if memory.about(one.line) or memory.in_record(one.line):
            continue
        row = _capture(one, run_id, now)
        before = rows.get(row["sha256"])
        if before is None or before["fetched_at"] < row["fetched_at"]:
            rows[row["sha256"]] = row
    added = 0
    for batch in batches(sorted(rows.values(), key=lambda row: str(row["sha256"]))):
        digests = [row["sha256"] for row in batch]
        known = set(conn.scalars(select(CAPTURE.c.sha256).where(among(conn, CAPTURE.c.sha256, digests))))
        execute_many(conn, _capture_upsert(conn.dialect.name), batch)
        added += len(batch) - len(known)
    return added


def save_rejections(conn: Connection, rejections: Iterable[Rejection], *, run_id: str, now: dt.datetime) -> int:
    """Keep records that could not be believed. The same record with the same reason is one row, counted by runs.

    Of what was to be forgotten no more is kept than its id, also where its record was just kept as received.
    """
    rows: dict[str, dict[str, Any]] = {}
    memory = Memory.of(conn)
    for one in rejections:
        said = {name: storable(memory.masked(value)) for name, value in one.model_dump().items()}
        if memory.about(one.raw):
            said["raw"] = said["detail"] = ""
        if one.reason == "forgotten":
            _drop_captures(conn, one)
        key = hash16(said["source"], said["board"], said["external_id"], said["reason"], said["raw"])
        rows[key] = said | {
            "rejection_id": key, "state": "open", "times": 1,
            "first_run": run_id, "last_run": run_id, "first_at": now, "last_at": now,
        }  # fmt: skip
    statement = insert_into(conn, t.RejectionRow)
    row, new = REJECTION.c, statement.excluded
    met_again = case((row.last_run == new.last_run, 0), else_=1)
    statement = statement.on_conflict_do_update(
        index_elements=["rejection_id"],
        set_={
            "times": row.times + met_again,
            "last_run": new.last_run,
            "last_at": later(row.last_at, new.last_at),
            "place": new.place,
            "detail": new.detail,
            # what was mended and returns is open again
            "state": case((row.state == "replayed", "open"), else_=row.state),
        },
    )
    for batch in batches([rows[key] for key in sorted(rows)]):
        conn.execute(statement, batch)
    return len(rows)


def _drop_captures(conn: Connection, one: Rejection) -> None:
    """Delete the records of an ad as received; that of one among several roles of a comment is the comment's."""
    ids = {one.external_id, raw_id(one.external_id)}
    same = (CAPTURE.c.source == one.source) & (CAPTURE.c.board == one.board) & CAPTURE.c.external_id.in_(ids)
    conn.execute(delete(CAPTURE).where(same))


def settle_rejections(conn: Connection, rejection_ids: Iterable[str], state: str) -> int:
    """Mark rejections ``replayed``, ``dismissed`` or ``open`` again. Returns how many there were."""
    done = 0
    for batch in batches(sorted(set(rejection_ids))):
        this = REJECTION.c.rejection_id.in_(batch)
        done += conn.execute(update(REJECTION).where(this).values(state=state)).rowcount
    return done


# --- postings -------------------------------------------------------------------------------------------------------

# what follows from other fields, or is evidence and not fact, would only repeat the change
_NO_HISTORY = {
    "description_html", "signature", "taxonomy_version", "role_score", "role_because", "seniority_because",
    "years_because", "degree_because", "remote_because", "skills_because", "salary_year_usd_min",
    "salary_year_usd_max", "fx_date",
}  # fmt: skip
_HISTORY = tuple(name for name in BELIEVED if name not in _NO_HISTORY)
_FLOATS = tuple(n for n, f in Posting.model_fields.items() if f.annotation in (float | None, float))
_INTS = tuple(n for n, f in Posting.model_fields.items() if f.annotation in (int | None, int))
# what each sight of an ad writes, and what the reading writes that is believed now
_SIGHT, _READ = ("last_seen", "last_run"), ("read_at", "read_run", "content_hash", "believed_hash")
_key_of = itemgetter("source", "board", "external_id")


def save_postings(
    conn: Connection,
    postings: Iterable[Posting],
    *,
    run_id: str,
    now: dt.datetime,
    live: bool = True,
    anew: bool = False,
) -> Saved:
    """Store postings with their skills and what changed in them.

    ``last_seen`` of a posting is when it was read (``now`` where it is None). ``live`` says that this run read them
    from the board: between two live runs the greater run_id is the later one, whatever their clocks said; otherwise
    the time of reading decides. ``anew`` says that nothing was read: what is stored is only believed anew, and keeps
    when it was seen and read. State, job and family of a stored posting are left alone: they belong to life and to
    matching. A posting that no database can hold, or that was to be forgotten, comes back as a rejection.
    """
    saved = Saved()
    rows = _posting_rows(_not_forgotten(conn, postings, saved.rejections), run_id, now, live, saved.rejections)
    boards = {(row["source"], row["board"]) for row in rows}
    ensure_boards(conn, boards, run_id)
    _hold_boards(conn, boards)
    for batch in batches(rows):
        saved += _save_batch(conn, batch, run_id, live, now if anew else None)
    saved.touched.sort()
    return saved


def _hold_boards(conn: Connection, boards: Collection[tuple[str, str]]) -> None:
    """PostgreSQL: until the transaction ends, nobody else stores postings of these boards (SQLite has one writer)."""
    if conn.dialect.name == "postgresql":
        for batch in batches(sorted(boards)):
            these = select(BOARD.c.source).where(tuple_(BOARD.c.source, BOARD.c.board).in_(batch))
            conn.execute(these.order_by(BOARD.c.source, BOARD.c.board).with_for_update(key_share=True))


def touch_seen(
    conn: Connection, source: str, board: str, external_ids: Iterable[str] | None, *, run_id: str, now: dt.datetime
) -> int:
    """Ads that were listed again without being read: refresh ``last_seen``. None: every ad of the board not closed.

    An id stands also for the ads it was split into (``id#role``). Returns the number of postings.
    """
    posting, seen = POSTING.c, SIGHTING.c
    values = {"last_seen": later(seen.last_seen, now), "last_run": later(seen.last_run, run_id)}
    this = select(posting.posting_key).where(posting.source == source, posting.board == board)

    def touch(*which: ColumnElement[bool]) -> int:
        return conn.execute(update(SIGHTING).where(seen.posting_key.in_(this.where(*which))).values(**values)).rowcount

    if external_ids is None:
        return touch(posting.state != "closed")
    wanted = set(external_ids)
    split = this.with_only_columns(posting.external_id).where(posting.external_id.contains(PIECE, autoescape=True))
    parts = {one for one in conn.scalars(split) if raw_id(one) in wanted}
    return sum(touch(posting.external_id.in_(batch)) for batch in batches(sorted(wanted | parts)))


_LIVED = ("first_seen", "state", "misses", "missed_since", "checked_at", "closed_at", "closed_because")
_LIFE = ("last_seen", *_LIVED)


def apply_transitions(conn: Connection, transitions: Iterable[object], *, run_id: str, now: dt.datetime) -> int:
    """Write what life decided. A transition has ``posting_key`` and any of the life columns, as attributes or keys.

    Life columns: first_seen, last_seen, state, misses, missed_since, checked_at, closed_at, closed_because; ``because``
    and ``at`` are understood for the reason and time of a change of state. first_seen never grows, last_seen never
    shrinks. A changed state leaves a row in ``posting_change``. Returns how many postings changed state.
    """
    wanted = {str(said["posting_key"]): said for said in map(as_dict, transitions)}
    changed = 0
    for keys in batches(sorted(wanted)):
        changed += _apply_batch(conn, [wanted[key] for key in keys], run_id, now)
    return changed


def save_looks(conn: Connection, looks: Iterable[object]) -> list[str]:
    """Keep looks at the own pages of ads (attributes or keys named as the columns of ``look``).

    Returns the posting_keys of those that were not known yet, sorted; an ad that is stored no more is left out.
    """
    rows = {}
    for said in map(as_dict, looks):
        row = {name: storable(value) for name, value in only_columns(t.Look, said).items()}
        rows[row["posting_key"], row["at"]] = full_row(t.Look, row)
    wanted = [rows[key] for key in sorted(rows)]
    there = {key for some in batches(wanted) for key in conn.scalars(_keys_among(r["posting_key"] for r in some))}
    fresh: list[str] = []
    for row in wanted:
        if row["posting_key"] in there:
            statement = insert_into(conn, t.Look).values(row).on_conflict_do_nothing()
            fresh += conn.scalars(statement.returning(table_of(t.Look).c.posting_key))
    return sorted(set(fresh))


def _keys_among(posting_keys: Iterable[str]) -> Select[Any]:
    return select(POSTING.c.posting_key).where(POSTING.c.posting_key.in_(list(posting_keys)))


# --- jobs -----------------------------------------------------------------------------------------------------------


def save_jobs(conn: Connection, jobs: Iterable[Job], *, run_id: str) -> int:
    """Store jobs and their skills; returns how many were new or differ from what was stored."""
    return save_job_rows(conn, (job_row(job, run_id) for job in sorted(jobs, key=lambda job: job.job_id)))


def job_row(job: Job, run_id: str) -> dict[str, Any]:
    """A job as it is stored, with the hash of all that it says."""
    row = {name: job.__dict__[name] for name in Job.model_fields}
    said = orjson.dumps([row[name] for name in sorted(row)], option=orjson.OPT_SORT_KEYS)
    derived = hashlib.blake2b(said, digest_size=12).hexdigest()
    return row | {"first_run": run_id, "last_run": run_id, "derived_hash": derived}


def save_job_rows(conn: Connection, rows: Iterable[dict[str, Any]]) -> int:
    """The same for rows of :func:`job_row`, sorted by job_id, which may have been made in another process."""
    written = 0
    for batch in batches(rows):
        known = pairs(conn, t.JobRow, "job_id", "derived_hash", [row["job_id"] for row in batch])
        fresh = [row for row in batch if known.get(row["job_id"]) != row["derived_hash"]]
        upsert(conn, t.JobRow, fresh, keep=("first_run",))
        replace_children(
            conn,
            t.JobSkill,
            "job_id",
            [row["job_id"] for row in fresh if row["job_id"] in known],
            [{"job_id": row["job_id"], "skill": skill} for row in fresh for skill in sorted(set(row["skills"]))],
        )
        written += len(fresh)
    return written


def remove_jobs(conn: Connection, job_ids: Iterable[str]) -> int:
    """Delete jobs that matching dissolved; their ads must have gone to other jobs."""
    return sum(
        conn.execute(delete(JOB).where(JOB.c.job_id.in_(batch))).rowcount for batch in batches(sorted(set(job_ids)))
    )


def assign_jobs(conn: Connection, assignments: Iterable[object]) -> int:
    """Write job_id and family_id of ads (attributes or keys: posting_key, job_id, family_id); they are matched now."""
    rows = sorted(
        ({"key": a["posting_key"], "job": a["job_id"], "family": a["family_id"]} for a in map(as_dict, assignments)),
        key=lambda row: str(row["key"]),
    )
    for batch in batches(rows):
        execute_many(conn, _assigning(), batch)
    return len(rows)


@functools.cache
def _assigning() -> Any:
    c = POSTING.c
    values = {"job_id": bindparam("job"), "family_id": bindparam("family"), "to_match": False}
    return update(POSTING).where(c.posting_key == bindparam("key")).values(**values)


def mark_matched(conn: Connection, posting_keys: Iterable[str]) -> None:
    """These ads need no matching until they change."""
    for batch in batches(sorted(set(posting_keys))):
        this = among(conn, POSTING.c.posting_key, batch)
        conn.execute(update(POSTING).where(this).values(to_match=False))


def save_match_keys(conn: Connection, keys: Mapping[str, Iterable[int]]) -> None:
    """Replace the blocking keys of ads: posting_key to its keys (signed 64-bit integers)."""
    for batch in batches(sorted(keys)):
        rows = [{"key": key, "posting_key": one} for one in batch for key in sorted(set(keys[one]))]
        replace_children(conn, t.MatchKey, "posting_key", batch, rows)


def save_links(conn: Connection, links: Iterable[object], *, run_id: str | None = None, now: dt.datetime) -> None:
    """Store why ads belong to their jobs (attributes or keys named as the columns of ``match_link``)."""
    rows = [{"decided_at": now} | only_columns(t.MatchLink, as_dict(link)) | {"run_id": run_id} for link in links]
    upsert(conn, t.MatchLink, rows)


def save_events(conn: Connection, events: Iterable[object], *, run_id: str | None = None, now: dt.datetime) -> None:
    """Store merges and splits (attributes or keys named as the columns of ``match_event``)."""
    rows = {}
    for said in map(as_dict, events):
        row = {"happened_at": now} | only_columns(t.MatchEvent, said) | {"run_id": run_id}
        row["postings"] = sorted(row.get("postings") or ())
        key = hash16(run_id or "", row["event"], row["job_id"], row.get("other_job_id") or "", *row["postings"])
        rows[key] = row | {"event_id": key}
    for batch in batches([rows[key] for key in sorted(rows)]):
        full = [t.MatchEvent(**row).model_dump() for row in batch]
        conn.execute(insert_into(conn, t.MatchEvent).on_conflict_do_nothing(), full)


# --- what was concluded ---------------------------------------------------------------------------------------------


def save_findings(conn: Connection, findings: Iterable[object], *, run_id: str, now: dt.datetime) -> None:
    """Store what checks found (attributes or keys: code, level, source, board, text, facts, at)."""
    rows = {}
    for said in map(as_dict, findings):
        row = {"at": now, "source": "", "board": "", "facts": {}} | only_columns(t.Finding, said) | {"run_id": run_id}
        row["text"] = storable(row["text"])
        key = hash16(run_id, row["source"], row["board"], row["code"], row["text"])
        rows[key] = row | {"finding_id": key}
    upsert(conn, t.Finding, [rows[key] for key in sorted(rows)])


def save_claim_checks(conn: Connection, checks: Iterable[object]) -> None:
    """Store claims of the documents beside collected figures (attributes or keys named as the columns)."""
    upsert(conn, t.ClaimCheck, [full_row(t.ClaimCheck, as_dict(check)) for check in checks])


def save_taxonomy(conn: Connection, roles: Iterable[Role], skills: Iterable[Skill], *, version: str) -> None:
    """The roles and skills of one version of the taxonomy; versions that were stored before stay."""
    stamp = {"taxonomy_version": version}
    role_rows = [
        {"role": role.slug, "name": role.name, "family": role.family, "aliases": sorted({*role.synonyms, *role.names})}
        | {"named_in": list(role.documents), "definition": role.definition}
        | stamp
        for role in roles
    ]
    skill_rows = [
        {"skill": skill.name, "category": skill.kind, "named_in": list(skill.documents)}
        | {"aliases": sorted({*skill.aliases, *skill.exact, *skill.named, *skill.context} - {skill.name})}
        | stamp
        for skill in skills
        if skill.counted
    ]
    upsert(conn, t.Role, role_rows)
    upsert(conn, t.Skill, skill_rows)


# --- below: how ------------------------------------------------------------------------------------------------------


def _not_forgotten(conn: Connection, postings: Iterable[Posting], rejections: list[Rejection]) -> Iterable[Posting]:
    """Without ads, ads of companies and names of persons that were to be forgotten (see storage.upkeep.forget)."""
    memory = Memory.of(conn)
    if not memory.hashes:
        return postings
    kept = []
    for one in postings:
        names = [("company", one.company), ("company", one.company_key)]
        names += [("posting", one.posting_key), ("posting", one.url)]
        borne = memory.bears(one.url, one.external_id, one.company_key)
        if borne or any(memory.knows(kind, name) for kind, name in names):
            # the reason alone: a rejection keeps no more of it than its id, where that says nothing
            known_as = "" if memory.bears(one.external_id) else one.external_id
            where = {"source": one.source, "board": one.board, "external_id": known_as}
            rejections.append(Rejection(**where, reason="forgotten"))
        else:
            said = {name: value for name, value in one.__dict__.items() if name not in NOT_PROSE}
            masked = {name: shown for name, value in said.items() if (shown := memory.masked(value)) != value}
            kept.append(one.model_copy(update=masked) if masked else one)
    return kept


def _posting_rows(
    postings: Iterable[Posting], run_id: str, now: dt.datetime, live: bool, rejections: list[Rejection]
) -> list[dict[str, Any]]:
    """Storable rows in the order of their keys; of two readings of one ad the later one."""
    rows: dict[str, dict[str, Any]] = {}
    for posting in postings:
        row = _posting_row(posting, run_id, now, live)
        if isinstance(row, Rejection):
            rejections.append(row)
            continue
        before = rows.get(row["posting_key"])
        if before is None or _order(before) < _order(row):
            rows[row["posting_key"]] = row
    return sorted(rows.values(), key=_key_of)


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    """Which of two readings in one batch is the later: by the clock, then by the author's date, then by content."""
    written = row["updated_at"]
    return row["read_at"], written is not None, written or row["read_at"], row["content_hash"], row["believed_hash"]


def _posting_row(posting: Posting, run_id: str, now: dt.datetime, live: bool) -> dict[str, Any] | Rejection:
    row = dict(posting.__dict__)
    reason = _unstorable(row)
    if reason:
        return Rejection(
            source=posting.source,
            board=posting.board,
            external_id=posting.external_id,
            reason="unstorable",
            detail=reason,
        )
    believed = believed_hash(row)
    if believed is None:
        row = {name: storable(value) for name, value in row.items()}
        believed = believed_hash(row)
    seen = row["last_seen"] or now
    row["first_seen"] = row["first_seen"] or seen
    row["last_seen"] = seen
    row.update(
        misses=0, missed_since=None, checked_at=None, read_at=seen, read_run=run_id if live else None, to_match=True,
        first_run=run_id, last_run=run_id, changed_run=run_id, believed_hash=believed,
    )  # fmt: skip
    return row


def _unstorable(row: dict[str, Any]) -> str:
    """Why no database could hold the row; empty where it can."""
    for name in _FLOATS:
        value = row[name]
        if value is not None and not (-1e300 < value < 1e300):
            return f"{name} is {value}"
    for name in _INTS:
        value = row[name]
        if value is not None and not (-(2**31) <= value < 2**31):
            return f"{name} is out of range"
    return ""


def _save_batch(
    conn: Connection, rows: list[dict[str, Any]], run_id: str, live: bool, anew_at: dt.datetime | None
) -> Saved:
    c = SIGHTING.c
    # as SQLite stores them: most times of a batch are the same few
    last_seen, read_at = (type_coerce(c[name], Text).label(name) for name in ("last_seen", "read_at"))
    wanted = (c.posting_key, c.believed_hash, c.content_hash, read_at, c.read_run, last_seen)
    these = among(conn, c.posting_key, [row["posting_key"] for row in rows])
    stored = {row.posting_key: row for row in conn.execute(select(*wanted).where(these)).all()}
    saved = Saved()
    fresh, changed, same, older = [], [], [], []
    for row in rows:
        before = stored.get(row["posting_key"])
        if before is None:
            fresh.append(row)
        elif not (anew_at or _is_later(row, before, run_id, live)):
            older.append(row)
        elif believed_alike(row, before.believed_hash):
            same.append(row)
        else:
            changed.append(row)
    history = _history(conn, changed, {key: stored[key].content_hash for key in stored}, anew_at)
    if anew_at:
        for row in changed + same:
            _keep_sight(row, stored[row["posting_key"]])
    _write_postings(conn, fresh + changed)
    upsert_many(conn, t.Sighting, _merged, fresh)
    sight = () if anew_at else _SIGHT
    update_many(conn, t.Sighting, "posting_key", (*sight, *_READ), _merged, changed + same)
    update_many(conn, t.Sighting, "posting_key", _SIGHT, _merged, older)
    _begin_sooner(conn, [row for row in same + older if _is_sooner(row, stored[row["posting_key"]].last_seen)])
    insert_new(conn, t.PostingChange, history)
    skills = [
        {"posting_key": row["posting_key"], "skill": skill, "because": row["skills_because"].get(skill, "")}
        for row in fresh + changed
        for skill in sorted(set(row["skills"]))
    ]
    replace_children(conn, t.PostingSkill, "posting_key", [row["posting_key"] for row in changed], skills)
    for what, those in (("new", fresh), ("changed", changed), ("unchanged", same), ("unchanged", older)):
        saved.boards.update((row["source"], row["board"], what) for row in those)
    saved.new, saved.changed, saved.unchanged, saved.older = len(fresh), len(changed), len(same), len(older)
    saved.touched = sorted(row["posting_key"] for row in fresh + changed)
    return saved


def _keep_sight(row: dict[str, Any], before: Any) -> None:
    """Of a posting that is only believed anew: seen and read when it was."""
    row["first_seen"] = row["last_seen"] = stored_time(before.last_seen)
    row["read_at"], row["read_run"] = stored_time(before.read_at), before.read_run


def _is_later(row: dict[str, Any], before: Any, run_id: str, live: bool) -> bool:
    """Whether this reading is at least as late as the stored one."""
    if live and before.read_run and before.read_run != run_id:
        return bool(run_id > before.read_run)
    return bool(row["read_at"] >= stored_time(before.read_at))


def _write_postings(conn: Connection, rows: list[dict[str, Any]]) -> None:
    if conn.dialect.name == "postgresql" and len(rows) >= STAGED:
        copy_into(conn, t.PostingRow, "staged_posting", rows)
        conn.execute(_posting_merge("staged_posting"))
    else:
        execute_many(conn, _posting_upsert(conn.dialect.name), rows, POSTING.columns.keys())


@functools.cache
def _posting_upsert(dialect: str) -> Any:
    return _newer_wins(insert_for(dialect, t.PostingRow))


@functools.cache
def _posting_merge(staged: str) -> Any:
    names = [one.name for one in POSTING.columns]
    rows: Any = select(*(column(name) for name in names)).select_from(table(staged))
    # in the order of their keys, as everywhere: two writers cannot deadlock
    rows = rows.order_by(*(column(name) for name in ("source", "board", "external_id")))
    return _newer_wins(insert_for("postgresql", t.PostingRow).from_select(names, rows))


def _newer_wins(statement: Any) -> Any:
    names = [*BELIEVED, "first_seen", "changed_run", "to_match"]
    values = {name: _merged(name, POSTING.c[name], statement.excluded[name]) for name in names}
    return statement.on_conflict_do_update(index_elements=["source", "board", "external_id"], set_=values)


def _merged(name: str, stored: Any, new: Any) -> Any:
    """What a column becomes by a later reading, whatever the order in which readings come."""
    if name == "first_seen":
        return earlier(stored, new)
    return later(stored, new) if name in _SIGHT else new


def _is_sooner(row: dict[str, Any], last_seen: Any) -> bool:
    """Whether an ad may have been seen before it was first seen: it was, at least, before it was last."""
    return bool(row["first_seen"] < stored_time(last_seen))


def _begin_sooner(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Of postings believed as before, those that were seen earlier than was known until now."""
    first = pairs(conn, t.PostingRow, "posting_key", "first_seen", [row["posting_key"] for row in rows]) if rows else {}
    sooner = [row for row in rows if (known := first[row["posting_key"]]) is None or row["first_seen"] < known]
    update_many(conn, t.PostingRow, "posting_key", ("first_seen",), _merged, sooner)


def _history(
    conn: Connection, rows: list[dict[str, Any]], said: dict[str, str], at: dt.datetime | None
) -> list[dict[str, Any]]:
    """Rows of posting_change: each field of these postings that differs from what is stored; None for ``at``: since they
    were read."""
    if not rows:
        return []
    table = POSTING
    columns = [table.c[name] for name in ("posting_key", *_HISTORY)]
    keys = [row["posting_key"] for row in rows]
    stored = {
        row.posting_key: row for row in conn.execute(select(*columns).where(among(conn, table.c.posting_key, keys)))
    }
    found = []
    for row in rows:
        before = stored[row["posting_key"]]._mapping
        reason = "site" if said.get(row["posting_key"]) != row["content_hash"] else "rules"
        found += [
            {
                "posting_key": row["posting_key"], "run_id": row["changed_run"], "field": name, "at": at or row["read_at"],
                "before": _short(before[name]), "after": _short(row[name]), "reason": reason, "because": "",
            }
            for name in _HISTORY
            if before[name] != row[name]
        ]  # fmt: skip
    return found


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= CUT else value[: CUT - 1] + "…"
    return value.isoformat() if isinstance(value, dt.date) else value


def _lived(before: Any, after: Mapping[str, Any], run_id: str) -> dict[str, Any]:
    """The columns that a change of life writes: its own, and what follows for the run and for the job."""
    return {
        **{name: after[name] for name in _LIFE},
        "posting_key": before["posting_key"],
        "last_run": run_id,
        # the job of an ad that closes, fades or returns is derived anew
        "to_match": before["to_match"] or before["state"] != after["state"],
    }


def _apply_batch(conn: Connection, wanted: list[dict[str, Any]], run_id: str, now: dt.datetime) -> int:
    these = among(conn, POSTING.c.posting_key, [said["posting_key"] for said in wanted])
    stored = {
        row.posting_key: row._mapping for row in conn.execute(ads("posting_key", "to_match", *_LIFE).where(these))
    }
    rows, seen, changes = [], [], []
    for said in wanted:
        before = stored.get(said["posting_key"])
        if before is None:
            continue
        after = _life_after(before, said, now)
        row = _lived(before, after, run_id)
        if any(before[name] != after[name] for name in _LIVED):
            rows.append(row)
        if before["last_seen"] != after["last_seen"]:
            seen.append(row)
        if before["state"] != after["state"]:
            changes.append(
                {
                    "posting_key": said["posting_key"], "run_id": run_id, "field": "state", "at": said.get("at") or now,
                    "before": before["state"], "after": after["state"], "reason": "life",
                    "because": said.get("because") or after["closed_because"] or "",
                }
            )  # fmt: skip
    _set_each(conn, t.PostingRow, ("to_match", *_LIVED), rows)
    _set_each(conn, t.Sighting, _SIGHT, seen)
    insert_new(conn, t.PostingChange, changes)
    return len(changes)


def _set_each(conn: Connection, model: type[SQLModel], names: Sequence[str], rows: list[dict[str, Any]]) -> None:
    """Write these columns of stored ads."""
    if rows:
        table = table_of(model)
        statement = update(table).where(table.c.posting_key == bindparam("new_posting_key"))
        statement = statement.values(**{name: bindparam(f"new_{name}") for name in names})
        conn.execute(statement, [{f"new_{name}": row[name] for name in ("posting_key", *names)} for row in rows])


def _life_after(before: Any, said: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    after = {name: said.get(name, before[name]) for name in _LIFE}
    if after["state"] == "closed":
        if "closed_at" not in said and before["state"] != "closed":
            after["closed_at"] = said.get("at") or now
        if "closed_because" not in said and said.get("because"):
            after["closed_because"] = said["because"]
    elif "closed_at" not in said:
        after["closed_at"] = after["closed_because"] = None
    firsts = [one for one in (before["first_seen"], after["first_seen"]) if one]
    lasts = [one for one in (before["last_seen"], after["last_seen"]) if one]
    return after | {"first_seen": min(firsts, default=None), "last_seen": max(lasts, default=None)}


@functools.cache
def _capture_upsert(dialect: str) -> Any:
    statement = insert_for(dialect, t.Capture)
    c, new = CAPTURE.c, statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["sha256"],
        set_={
            "fetched_at": later(c.fetched_at, new.fetched_at),
            "first_fetched_at": earlier(c.first_fetched_at, new.first_fetched_at),
        },
    )


def _capture(one: Received, run_id: str, now: dt.datetime) -> dict[str, Any]:
    record = orjson.loads(one.line)
    record.pop("fetched_at", None)
    fetched = one.read_at if one.read_at and one.read_at <= now + AHEAD else now
    body = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    return {
        "sha256": hashlib.sha256(body).hexdigest(), "source": one.source, "board": one.board,
        "external_id": one.external_id, "run_id": run_id, "first_fetched_at": fetched, "fetched_at": fetched,
        "size": len(body), "body": zlib.compress(body),
    }  # fmt: skip


def _next_run_id(last: str | None, now: dt.datetime) -> str:
    """The stamp of ``now`` in UTC, or one millisecond after the last one where that is later."""
    stamp = _run_id(now)
    if last is None or stamp > last:
        return stamp
    after = dt.datetime.strptime(last, _STAMP).replace(tzinfo=dt.UTC) + dt.timedelta(milliseconds=1)
    return _run_id(after)


def _run_id(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime(_STAMP)[:-3]


def _machine_clock() -> dt.datetime:
    """Not the run's clock: the demo's stands still, and signs of life are about processes."""
    return dt.datetime.now(dt.UTC)


def _is_gone(host: str, pid: int | None, beat_at: dt.datetime, silent: dt.timedelta) -> bool:
    if host != platform.node() or pid is None or sys.platform == "win32":
        return _machine_clock() - beat_at > silent
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _ensure_sources(conn: Connection, sources: set[str]) -> None:
    insert_new(conn, t.Source, [full_row(t.Source, {"source": one, "name": one}) for one in sorted(sources)])
