"""SQLite and PostgreSQL behind one door: open, read, write, try again.

SQLite: WAL, foreign keys on, writers begin with BEGIN IMMEDIATE (a transaction that reads first and writes later loses
the race for the lock however long it waits). PostgreSQL: psycopg 3, sessions in UTC, connections tested before use.
Whatever stands in the way is a :class:`DatabaseProblem`: one line and a remedy, never with a password in it.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import QueuePool, StaticPool
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from config.problems import EnvironmentProblem

T = TypeVar("T")

BUSY_SECONDS = 30
"""How long a SQLite writer waits for another one."""
ATTEMPTS = 8
"""How often a whole transaction is tried; with the waits between them about ten seconds, enough for a restart."""

# https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization failure, deadlock, lock not available,
# too many connections, admin shutdown, crash shutdown, cannot connect now; class 08 is connection loss
_TRANSIENT_STATES = {"40001", "40P01", "55P03", "53300", "57P01", "57P02", "57P03"}


class DatabaseProblem(EnvironmentProblem):
    """A database that cannot be used. ``str()`` is one line for a person, ``remedy`` what to do."""


def open_database(url: str, *, create: bool = True, read_only: bool = False) -> Engine:
    """The engine of a database that is ready to use.

    ``url`` is ``sqlite:///FILE`` or ``postgresql://...``. An empty database is filled with tables and views when
    ``create`` is true. ``read_only`` opens SQLite so that no statement can write.

    Raises:
        DatabaseProblem: the URL makes no sense, the place cannot be reached, read or written, it holds something
            else, or its schema is older or newer than this Rolecall.
    """
    from storage import schema

    engine = connect(url, create=create and not read_only, read_only=read_only)
    try:
        with translated(engine.url):
            schema.prepare(engine, create=create and not read_only)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connect(url: str, *, create: bool = False, read_only: bool = False) -> Engine:
    """An engine without a look at the schema. Raises DatabaseProblem as :func:`open_database` does."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, create=create, read_only=read_only)
    return _postgresql(parsed, read_only=read_only)


def parse_url(url: str) -> URL:
    """The URL with the driver that Rolecall uses. Raises DatabaseProblem, which does not repeat the URL."""
    remedy = "Give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # the text may hold a password: it is not repeated, and the cause neither
        raise DatabaseProblem("this is no database URL", remedy) from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return parsed.set(drivername="sqlite")
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise DatabaseProblem(f"{parsed.drivername} is not supported", remedy)


def reading_uri(url: URL) -> str | None:
    """What a process of its own opens a SQLite file by, read-only; None where the database is no file."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    path = Path(str(url.database)).absolute()
    return f"{path.as_uri()}?mode={_mode(path, create=False, read_only=True)}"


def shown(url: URL) -> str:
    """The URL for people and logs: the password masked, or left out where it is a parameter."""
    query = {name: value for name, value in url.query.items() if "password" not in name.lower()}
    return url.set(query=query).render_as_string(hide_password=True)


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One writing transaction: committed at the end, rolled back on any exception.

    Raises DatabaseProblem where the database refuses (locked for too long, disk full, read-only, gone).
    """
    with translated(engine.url), _transaction(engine) as connection:
        yield connection


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database, however long it is read. Raises DatabaseProblem."""
    options: dict[str, Any] = {"rolecall_reading": True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with translated(engine.url), engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def in_transaction(engine: Engine, work: Callable[[Connection], T], *, attempts: int = ATTEMPTS) -> T:
    """Do ``work`` in one writing transaction; all of it again after a deadlock, a lost connection or a locked file.

    ``work`` must not have effects outside its connection. Raises DatabaseProblem when every attempt failed.
    """

    def once() -> T:
        with _transaction(engine) as connection:
            return work(connection)

    with translated(engine.url):
        return patiently(once, attempts=attempts)


def patiently(work: Callable[[], T], *, attempts: int = ATTEMPTS) -> T:
    """Do it again, a little later each time, while :func:`is_transient` says so of how it fails."""
    retrying = Retrying(
        retry=retry_if_exception(is_transient),
        stop=stop_after_attempt(attempts),
        wait=wait_random_exponential(multiplier=0.1, max=3.0),
        reraise=True,
    )
    return retrying(work)


def is_transient(error: BaseException) -> bool:
    """Whether the same transaction may succeed a little later."""
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlite3.Error):
        return "locked" in str(said) or "busy" in str(said)
    if not isinstance(error, DBAPIError):
        return False
    if _refusal(error):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    lost = error.connection_invalidated or type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout")
    return state in _TRANSIENT_STATES or state.startswith("08") or (lost and not state)


@contextlib.contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn what the driver says about the database itself into a DatabaseProblem; faults of ours pass through."""
    try:
        yield
    except SQLAlchemyError as error:
        problem = _problem(error, url)
        if problem is None:
            raise
        raise problem from None


@contextlib.contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection, connection.begin():
        yield connection


def _problem(error: SQLAlchemyError, url: URL) -> DatabaseProblem | None:
    if isinstance(error, NoSuchModuleError):
        return DatabaseProblem(f"no driver for {url.drivername}", "Give sqlite:///FILE or postgresql://...")
    if not isinstance(error, DBAPIError):
        return None
    where = shown(url)
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_problem(str(error.orig), where)
    return _postgresql_problem(error, where)


_SQLITE_SAYS = {
    "locked": ("is in use by another writer", "Wait until the other run ends and try again"),
    "disk is full": ("cannot grow: the disk is full", "Make room and run again; what was stored is intact"),
    "disk I/O error": ("cannot be read or written: disk error", "Check the disk, its quota and the file's rights"),
    "readonly database": ("is read-only", "Make the file and its folder writable, or give another --database"),
    "not a database": ("is not a SQLite database", "Give another file, or restore a backup: rolecall restore FILE"),
    "malformed": ("is damaged", "Restore a backup: rolecall restore FILE"),
    "unable to open": ("cannot be opened", "Check that its folder exists and may be read and written"),
    "file is encrypted": ("is not a SQLite database", "Give another file, or restore a backup: rolecall restore FILE"),
}


def _sqlite_problem(said: str, where: str) -> DatabaseProblem | None:
    for words, (what, remedy) in _SQLITE_SAYS.items():
        if words in said:
            return DatabaseProblem(f"the database {where} {what}", remedy)
    return None


def _postgresql_problem(error: DBAPIError, where: str) -> DatabaseProblem | None:
    if refusal := _refusal(error):
        return DatabaseProblem(f"the database {where} {refusal[0]}", refusal[1])
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == "42501":
        return DatabaseProblem(f"the user of {where} lacks rights", "Grant it CREATE and USAGE on the schema")
    if state == "25006":
        return DatabaseProblem(f"the database {where} is read-only", "Give the URL of the primary server")
    if state in ("53100", "53200"):
        return DatabaseProblem(f"the server of {where} is out of disk or memory", "Make room on the server, run again")
    if is_transient(error):
        reason = _reason(error.orig)
        return DatabaseProblem(
            f"the database {where} cannot be reached{reason}", "Check that the server runs and the URL is right"
        )
    return None


def _refusal(error: DBAPIError) -> tuple[str, str] | None:
    """Why the server will never let this URL in, and the remedy. While connecting, psycopg gives words but no state."""
    said = str(error.orig)
    if re.search(r'FATAL: +database "[^"]{0,200}" does not exist', said):
        return "does not exist", "Create it: createdb NAME"
    if re.search(r"FATAL: +(password authentication failed|role |no pg_hba|Peer auth|Ident auth)", said):
        return "refuses the login", "Check user and password in the URL"
    return None


def _reason(said: object) -> str:
    """The driver's reason without what might repeat the connection string."""
    text = str(said).strip().splitlines()
    known = ("refused", "timeout expired", "could not translate", "Name or service", "starting up", "terminating")
    return next((f" ({words})" for words in known if text and any(words in line for line in text)), "")


def json_text(value: object) -> str:
    """JSON with sorted keys, as it is stored."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def _sqlite(url: URL, *, create: bool, read_only: bool) -> Engine:
    memory = url.database in (None, "", ":memory:")
    path = None if memory else Path(str(url.database)).absolute()
    if path is not None:
        _check_file(path, shown(url), create=create, read_only=read_only)

    def opened() -> sqlite3.Connection:
        where = ":memory:" if path is None else f"{path.as_uri()}?mode={_mode(path, create, read_only)}"
        # no isolation level: the transactions are ours (see _begin_sqlite), the module's own would begin too late
        return sqlite3.connect(
            where, uri=path is not None, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )

    engine = create_engine(
        url,
        creator=opened,
        poolclass=StaticPool if memory else QueuePool,
        json_serializer=json_text,
        json_deserializer=orjson.loads,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _how_to_have_one(path: Path) -> str:
    """The demo has a database of its own: whoever has run it is told where that lies."""
    demo = path.with_name("demo.db")
    if demo.exists():
        return f"Make it: rolecall ingest; or look at the demo's: add --database sqlite:///{demo}"
    return "Make it: rolecall ingest; or begin with the demo: rolecall ingest --demo"


def _check_file(path: Path, where: str, *, create: bool, read_only: bool) -> None:
    if not path.parent.is_dir():
        # who only asks is helped by a database, not by an empty folder
        remedy = f"mkdir -p {path.parent}" if create else _how_to_have_one(path)
        raise DatabaseProblem(f"the folder of {where} does not exist", remedy)
    if path.is_dir():
        raise DatabaseProblem(f"{where} is a folder", "Give the path of a file")
    if not path.exists():
        if not create:
            raise DatabaseProblem(f"there is no database {where}", _how_to_have_one(path))
        if not os.access(path.parent, os.W_OK):
            raise DatabaseProblem(f"the folder of {where} is read-only", "Make it writable, or give another --database")
        return
    if not os.access(path, os.R_OK):
        raise DatabaseProblem(f"the database {where} may not be read", "Change the file's rights or the user")
    if not read_only and not os.access(path, os.W_OK):
        raise DatabaseProblem(f"the database {where} is read-only", "Make it writable, or give another --database")
    with path.open("rb") as file:
        head = file.read(16)
    if head and head != b"SQLite format 3\0":
        raise DatabaseProblem(
            f"{where} is not a SQLite database", "Give another file, or restore a backup: rolecall restore FILE"
        )


def _mode(path: Path, create: bool, read_only: bool) -> str:
    if not read_only:
        return "rwc" if create else "rw"
    # a WAL database needs its -shm file even to be read; where none can be made, it is read as a file that nobody writes
    return "ro" if os.access(path.parent, os.W_OK) or _is_written(path) else "ro&immutable=1"


def _is_written(path: Path) -> bool:
    """Whether somebody may be writing to a SQLite file, or has left in its -wal what does not stand in the file."""
    index, log = (path.with_name(f"{path.name}-{one}") for one in ("shm", "wal"))
    return index.exists() or (log.exists() and log.stat().st_size > 0)


def _set_up_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("rolecall_reading")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(url: URL, *, read_only: bool) -> Engine:
    import psycopg  # a tenth of a second that SQLite need not wait for

    engine = create_engine(
        url,
        json_serializer=json_text,
        json_deserializer=orjson.loads,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={} if "connect_timeout" in url.query else {"connect_timeout": 10},
    )

    def set_up(connection: Any, _record: object) -> None:
        connection.execute("SET TIME ZONE 'UTC'")
        if read_only:
            connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        connection.commit()
        try:
            # what a killed process asked is not worked at to its end, with all others waiting for its locks
            connection.execute("SET client_connection_check_interval = '5s'")
            connection.commit()
        except psycopg.Error:  # before PostgreSQL 14, or a system that cannot tell
            connection.rollback()

    event.listen(engine, "connect", set_up)
    return engine
