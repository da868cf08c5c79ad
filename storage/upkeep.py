"""Keeping a database: copies, going back, tidying up, and forgetting on request."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Engine, Table, delete, event, func, insert, inspect, or_, select, text, update

from storage import schema, search, tally
from storage import tables as t
from storage.ads import POSTING, SIGHTING
from storage.engine import DatabaseProblem, connect, in_transaction, open_database, reading, shown, translated, writing
from storage.forgotten import NOT_PROSE, Memory, address_hashes, hash_of
from storage.migrations import HEAD
from storage.pieces import raw_id
from storage.rows import batches, hash16, insert_into
from storage.tables import METADATA, table_of

JOB, CAPTURE = table_of(t.JobRow), table_of(t.Capture)
REJECTION, COMPANY, LEASE, BOARD = (table_of(one) for one in (t.RejectionRow, t.Company, t.Lease, t.Board))
TALLY = table_of(t.Tally)

Kind = Literal["company", "person", "posting"]


# --- copies ---------------------------------------------------------------------------------------------------------


def backup(engine: Engine, out: Path) -> dict[str, int]:
    """A consistent copy of a database that may be written to meanwhile, as one SQLite file; rows by table.

    The same for both engines: a copy of a PostgreSQL database is a SQLite file too, and may be restored to either.
    ``engine`` may be of an earlier schema (:func:`storage.engine.connect`), and so is the copy then.
    Raises FileExistsError where ``out`` exists, DatabaseProblem where copying fails; no half file is left.
    """
    if os.path.lexists(out):
        raise FileExistsError(f"{out} exists already")
    with translated(engine.url):
        version = schema.known_version(engine)
    part = out.with_name(f".{out.name}.part")
    part.unlink(missing_ok=True)
    try:
        if engine.dialect.name == "sqlite":
            with translated(engine.url), contextlib.closing(engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM INTO ?", (str(part),))
            with contextlib.closing(sqlite3.connect(part)) as copy:
                copy.execute(f"DROP TABLE IF EXISTS {search.INDEX}")
        else:
            _copy_into_new_file(engine, part, version)
        counted = _sound(connect(f"sqlite:///{part}", read_only=True), part)
        part.replace(out)
    finally:
        for leftover in (part, part.with_name(f"{part.name}-wal"), part.with_name(f"{part.name}-shm")):
            leftover.unlink(missing_ok=True)
    return counted


def verify(file: Path) -> dict[str, int]:
    """Rows by table of a backup. Raises DatabaseProblem where it is damaged, incomplete or of another version."""
    return _sound(open_database(f"sqlite:///{file}", create=False, read_only=True), file)


def _sound(copy: Engine, file: Path) -> dict[str, int]:
    """Rows by table of a copy that is whole, whatever its schema; the engine is disposed of."""
    try:
        with reading(copy) as conn:
            said = list(conn.scalars(text("PRAGMA integrity_check")))
            broken = conn.execute(text("PRAGMA foreign_key_check")).first()
            if said != ["ok"] or broken:
                raise DatabaseProblem(f"the backup {file} is damaged", "Use another backup")
            return row_counts(conn)
    finally:
        copy.dispose()


def restore(url: str, file: Path, *, overwrite: bool = False, dry_run: bool = False) -> dict[str, int]:
    """Put a backup in place of a database; rows by table. Nothing changes where anything fails.

    Raises DatabaseProblem where the backup is damaged, or the database holds rows and ``overwrite`` is false.
    """
    counted = verify(file)
    if dry_run:
        return counted
    target = connect(url, create=True)
    try:
        _refuse_to_overwrite(target, overwrite)
        if target.dialect.name == "sqlite":
            _restore_sqlite(target, file)
        else:
            schema.migrate(target)
            source = open_database(f"sqlite:///{file}", create=False, read_only=True)
            in_transaction(target, lambda conn: _replace_all(source, conn))
            source.dispose()
    finally:
        target.dispose()
    return counted


def row_counts(conn: Connection) -> dict[str, int]:
    """Rows by table, of those that stand in this schema."""
    present = set(inspect(conn).get_table_names())
    return {
        name: conn.scalar(select(func.count()).select_from(table)) or 0
        for name, table in sorted(METADATA.tables.items())
        if name in present
    }


# --- tidying up -----------------------------------------------------------------------------------------------------


def prune(
    engine: Engine, *, now: dt.datetime, captures_days: int, rejections_days: int = 180, dry_run: bool = False
) -> dict[str, int]:
    """Delete captures not read for ``captures_days``, settled rejections older than ``rejections_days``, dead leases.

    Captures of ads with an open rejection stay: they are what it will be judged by. Returns what was (or would be)
    deleted, by table.
    """
    age = dt.timedelta(days=captures_days)
    same_ad = [REJECTION.c[name] == CAPTURE.c[name] for name in ("source", "board", "external_id")]
    open_case = select(REJECTION.c.rejection_id).where(*same_ad, REJECTION.c.state == "open").exists()
    doomed: dict[Table, Any] = {
        CAPTURE: (CAPTURE.c.fetched_at < now - age) & ~open_case,
        REJECTION: (REJECTION.c.state != "open") & (REJECTION.c.last_at < now - dt.timedelta(days=rejections_days)),
        LEASE: LEASE.c.expires_at < now,
    }

    def work(conn: Connection) -> dict[str, int]:
        if dry_run:
            counted = (
                (table, conn.scalar(select(func.count()).select_from(table).where(w))) for table, w in doomed.items()
            )
        else:
            counted = ((table, conn.execute(delete(table).where(w)).rowcount) for table, w in doomed.items())
        return {table.name: n or 0 for table, n in counted}

    return in_transaction(engine, work)


def compact(engine: Engine) -> None:
    """Give freed space back to the disk (SQLite; PostgreSQL does so by itself) and refresh the planner's figures."""
    with translated(engine.url), contextlib.closing(engine.raw_connection()) as connection:
        if engine.dialect.name == "sqlite":
            # a search index refers to rows by numbers that VACUUM changes; serving makes it anew
            connection.cursor().execute(f"DROP TABLE IF EXISTS {search.INDEX}")
            for statement in ("VACUUM", "PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(statement)


# --- forgetting -----------------------------------------------------------------------------------------------------


class Forgot(NamedTuple):
    """How many rows were deleted, or masked, by a request."""

    postings: int
    captures: int
    rejections: int


def forget(engine: Engine, kind: Kind, name: str, *, now: dt.datetime, dry_run: bool = False) -> Forgot:
    """Delete a posting (by posting_key or url) or a company (by company_key or name) with everything kept of it, or
    mask a person's name wherever it stands (an ad that bears it in its own address, id or employer is deleted). What was asked for is remembered as a hash only.

    Jobs that lose an ad are dissolved; their other ads are matched anew by the next run. What was forgotten is not
    stored again: storage.forgotten. Files made before (exports, snapshots, backups) are not looked for. Raises ValueError for an empty name.
    """
    if not name.strip():
        raise ValueError("a name to forget must not be empty")
    asked = name.strip()
    with _overwriting(engine) as careful, translated(engine.url), careful.connect() as conn:
        forgot, names = _FORGET[kind](conn, asked)
        hashes = {hash_of(kind, one) for one in (asked, *names)} | (
            address_hashes(asked) if kind == "person" else set()
        )
        rows = [_remembered(kind, one, now, forgot) for one in sorted(hashes)]
        conn.execute(insert_into(conn, t.Forgotten).on_conflict_do_nothing(), rows)
        if search.has_index(conn):
            search.index_jobs(conn)
        if dry_run:
            conn.rollback()
        else:
            conn.commit()
    return forgot


def _remembered(kind: str, said: str, now: dt.datetime, forgot: Forgot) -> dict[str, Any]:
    return {"forgotten_id": hash16(said, now), "kind": kind, "name_hash": said, "at": now, **forgot._asdict()}


def _forget_posting(conn: Connection, name: str) -> tuple[Forgot, set[str]]:
    these = or_(POSTING.c.posting_key == name, POSTING.c.url == name)
    names = {one for row in conn.execute(select(POSTING.c.posting_key, POSTING.c.url).where(these)) for one in row}
    return _delete_ads(conn, these), names


def _forget_company(conn: Connection, name: str) -> tuple[Forgot, set[str]]:
    name = unicodedata.normalize("NFC", name)
    said, key, company = name.casefold(), POSTING.c.company_key, POSTING.c.company
    spelled = {c for c in conn.scalars(select(company).distinct()) if c and c.casefold() == said}
    keys = {k for k in conn.scalars(select(key).where(or_(company.in_(spelled), key == said)).distinct()) if k}
    these = or_(key.in_(keys), company.in_(spelled))
    spelled |= {c for c in conn.scalars(select(company).where(these).distinct()) if c}
    forgot = _delete_ads(conn, these)
    conn.execute(delete(COMPANY).where(COMPANY.c.company_key.in_(keys)))
    tally.forget_companies(conn, keys)
    conn.execute(update(BOARD).where(BOARD.c.company.in_(spelled | {name})).values(company=None))
    employer = Memory.holding(hash_of("company", one) for one in (*spelled, *keys, name))
    captures = _delete_matching(conn, CAPTURE, "sha256", "body", lambda body: employer.about(zlib.decompress(body)))
    rejections = _delete_matching(conn, REJECTION, "rejection_id", "raw", employer.about)
    return Forgot(forgot.postings, forgot.captures + captures, forgot.rejections + rejections), {*spelled, *keys}


def _forget_person(conn: Connection, name: str) -> tuple[Forgot, set[str]]:
    return _masked_everywhere(conn, name), set()


_FORGET: dict[str, Callable[[Connection, str], tuple[Forgot, set[str]]]] = {
    "posting": _forget_posting,
    "company": _forget_company,
    "person": _forget_person,
}


def _delete_ads(conn: Connection, these: Any) -> Forgot:
    """Delete postings with everything that hangs on them, their evidence and the jobs they were part of."""
    columns = [POSTING.c[name] for name in ("posting_key", "source", "board", "external_id", "job_id")]
    ads = list(conn.execute(select(*columns).where(these)))
    gone = {CAPTURE: 0, REJECTION: 0}
    for ad in ads:
        ids = {ad.external_id, raw_id(ad.external_id)}
        for table in gone:
            same = (table.c.source == ad.source) & (table.c.board == ad.board) & table.c.external_id.in_(ids)
            gone[table] += conn.execute(delete(table).where(same)).rowcount
    for batch in batches(sorted({ad.job_id for ad in ads if ad.job_id})):
        conn.execute(update(POSTING).where(POSTING.c.job_id.in_(batch)).values(job_id=None, to_match=True))
        conn.execute(delete(JOB).where(JOB.c.job_id.in_(batch)))
    for batch in batches(sorted(ad.posting_key for ad in ads)):
        conn.execute(delete(POSTING).where(POSTING.c.posting_key.in_(batch)))
    return Forgot(len(ads), gone[CAPTURE], gone[REJECTION])


def _masked_everywhere(conn: Connection, name: str) -> Forgot:
    """Delete the ads that bear a name, mask it in every text that is kept, and delete the evidence that holds it."""
    person = Memory.holding({hash_of("person", name), *address_hashes(name)})
    known_by = [POSTING.c[one] for one in ("posting_key", "url", "external_id", "company_key")]
    borne = [row[0] for row in _streamed(conn, known_by) if person.bears(*row[1:])]
    gone = [_delete_ads(conn, POSTING.c.posting_key.in_(batch)) for batch in batches(borne)]
    reminders = select(TALLY.c.key).where(TALLY.c.what == "company")
    employers = {key for key in conn.scalars(select(COMPANY.c.company_key).union(reminders)) if person.bears(key)}
    conn.execute(delete(COMPANY).where(COMPANY.c.company_key.in_(employers)))
    tally.forget_companies(conn, employers)
    captures = _delete_matching(conn, CAPTURE, "sha256", "body", lambda body: person.in_record(zlib.decompress(body)))
    rejections = _delete_matching(conn, REJECTION, "rejection_id", "raw", lambda raw: person.in_record(raw.encode()))
    masked = {
        name: _mask(conn, table, person) for name, table in METADATA.tables.items() if table not in (CAPTURE, TALLY)
    }
    found = Forgot(masked[POSTING.name], captures, rejections)
    return Forgot(*(sum(counts) for counts in zip(found, *gone, strict=True)))


def _delete_matching(conn: Connection, table: Table, key: str, column: str, matches: Callable[[Any], bool]) -> int:
    doomed = [row[0] for row in _streamed(conn, [table.c[key], table.c[column]]) if matches(row[1])]
    for batch in batches(doomed):
        conn.execute(delete(table).where(table.c[key].in_(batch)))
    return len(doomed)


def _mask(conn: Connection, table: Table, person: Memory) -> int:
    """Replace a name in the text and JSON columns of a table; returns the rows that held it."""
    keys = list(table.primary_key.columns)
    wanted = [c for c in table.columns if c not in keys and c.name not in NOT_PROSE and _holds_text(c)]
    wanted = [c for c in wanted if not c.foreign_keys]
    if not wanted:
        return 0
    masked = []
    for row in _streamed(conn, [*keys, *wanted]):
        values = {c.name: person.masked(row[len(keys) + n]) for n, c in enumerate(wanted)}
        changed = {c.name: values[c.name] for n, c in enumerate(wanted) if values[c.name] != row[len(keys) + n]}
        if changed:
            masked.append((row[: len(keys)], changed))
    for key, changed in masked:
        # what is believed differs now from what its hash was taken of: the next reading must be compared in full
        extra = {"derived_hash": ""} if table is JOB else {}
        same = [column == value for column, value in zip(keys, key, strict=True)]
        conn.execute(update(table).where(*same).values(**changed, **extra))
        if table is POSTING:
            this = select(POSTING.c.posting_key).where(*same).scalar_subquery()
            conn.execute(update(SIGHTING).where(SIGHTING.c.posting_key == this).values(believed_hash=""))
    return len(masked)


def _holds_text(column: Any) -> bool:
    return column.type.__class__.__name__ in ("String", "AutoString", "Text", "JSON")


@contextlib.contextmanager
def _overwriting(engine: Engine) -> Iterator[Engine]:
    """An engine whose SQLite overwrites what is deleted, in the file and in its log: it is gone from the disk too."""
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        yield engine
        return
    careful = connect(f"sqlite:///{engine.url.database}")
    event.listen(careful, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete=ON"))
    try:
        yield careful
        with contextlib.closing(careful.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        careful.dispose()


# --- below: how ------------------------------------------------------------------------------------------------------


def _copy_into_new_file(engine: Engine, file: Path, version: str) -> None:
    copy = connect(f"sqlite:///{file}", create=True)
    schema.make(copy, version)
    with writing(copy) as conn:
        _replace_all(engine, conn)
    with contextlib.closing(copy.raw_connection()) as connection:
        # one file is easier to carry than three
        connection.cursor().execute("PRAGMA journal_mode=DELETE")
    copy.dispose()


def _replace_all(source: Engine, conn: Connection) -> None:
    """Empty every table of ``conn`` and fill it from another database, in one transaction."""
    # counts last, in place of what triggers counted meanwhile; the numbers of their rows are each database's own
    ordered = sorted(schema.tables_of(conn), key=lambda table: table.name == TALLY.name)
    for table in reversed(ordered):
        conn.execute(delete(table))
    with reading(source) as origin:
        for table in ordered:
            columns = [column for column in table.columns if column.name != TALLY.c.tally_id.name]
            if table.name == TALLY.name:
                conn.execute(delete(table))
            for batch in batches(_streamed(origin, columns)):
                conn.execute(insert(table), [dict(row._mapping) for row in batch])


def _restore_sqlite(target: Engine, file: Path) -> None:
    with translated(target.url), contextlib.closing(target.raw_connection()) as connection:
        driver: Any = connection.dbapi_connection
        with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as origin:
            origin.backup(driver)
        driver.execute("PRAGMA journal_mode=WAL")


def _refuse_to_overwrite(target: Engine, overwrite: bool) -> None:
    if overwrite or schema.version_of(target) is None:
        return
    if schema.version_of(target) == HEAD:
        with reading(target) as conn:
            if not any(row_counts(conn).values()):
                return
    raise DatabaseProblem(f"{shown(target.url)} holds data", "Say --overwrite to replace it; back it up before")


def _streamed(conn: Connection, columns: Iterable[Any]) -> Iterator[Any]:
    yield from conn.execute(select(*columns).execution_options(yield_per=1000))
