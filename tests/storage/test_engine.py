"""Databases that misbehave: a problem is one line with a remedy, nothing stored is lost (S-02, S-05 to S-08, S-10)."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import read, schema, store
from storage.engine import (
    DatabaseProblem,
    connect,
    in_transaction,
    is_transient,
    open_database,
    parse_url,
    reading,
    shown,
    writing,
)
from storage.models import Posting
from tests.storage.ads import HOUR, NOON, ad
from tests.storage.world import fill

CANARY = "hunter2-canary"


# --- problems are one line with a remedy ------------------------------------------------------------------------------


def trouble(make: Any, path: Path) -> str:
    """Prepares a path so that opening must fail; the URL to open."""
    make(path)
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p.write_bytes(b"not a database" * 100), "is not a SQLite database"),
        (lambda p: p.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000), "damaged|not a SQLite|cannot be opened"),
        (lambda p: p.mkdir(), "is a folder"),
        (lambda p: sqlite3.connect(p).execute("CREATE TABLE job (x)").connection.commit(), "did not make"),
    ],
)
def test_s08_a_file_that_is_no_database_of_ours(tmp_path: Path, make: Any, words: str) -> None:
    with pytest.raises(DatabaseProblem, match=words) as caught:
        open_database(trouble(make, tmp_path / "x.db"))
    assert caught.value.remedy
    assert "\n" not in f"{caught.value}{caught.value.remedy}"


@pytest.mark.parametrize(
    ("url", "options", "words"),
    [
        ("sqlite:////nowhere/at/all/x.db", {}, "folder .* does not exist"),
        ("sqlite:///{tmp}/absent.db", {"create": False}, "there is no database"),
        ("sqlite:///{tmp}/absent.db", {"read_only": True}, "there is no database"),
        ("oracle://scott:hunter2-canary@h/x", {}, "not supported"),
        ("hunter2-canary", {}, "no database URL"),
        ("postgresql://u:hunter2-canary@h:port/x", {}, "no database URL"),
        ("postgresql://u:hunter2-canary@127.0.0.1:1/x", {}, "cannot be reached"),
        ("postgres://127.0.0.1:1/x?user=u&password=hunter2-canary", {}, "cannot be reached"),
    ],
)
def test_s08_what_cannot_be_opened_says_why_and_never_the_password(
    tmp_path: Path, url: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(DatabaseProblem, match=words) as caught:
        open_database(url.format(tmp=tmp_path), **options)
    said = f"{caught.value} {caught.value.remedy} {caught.value.__cause__!r} {caught.value.args}"
    assert CANARY not in said
    assert "\n" not in said


def test_an_empty_database_that_may_not_be_made_is_refused(database: str) -> None:
    connect(database, create=True).connect().close()
    with pytest.raises(DatabaseProblem, match=r"holds no Rolecall database|there is no database"):
        open_database(database, create=False)


def test_a_missing_postgresql_database_and_a_refused_login(postgresql: str) -> None:
    with pytest.raises(DatabaseProblem, match="does not exist"):
        open_database(str(parse_url(postgresql).set(database="absent").render_as_string(hide_password=False)))
    nobody = parse_url(postgresql).set(username="nobody", password=CANARY).render_as_string(hide_password=False)
    with pytest.raises(DatabaseProblem, match="refuses the login") as caught:
        open_database(nobody)
    assert CANARY not in str(caught.value)


READ_ONLY = """
from storage.engine import DatabaseProblem, open_database
open_database({0!r}, read_only=True).dispose()
try:
    open_database({0!r})
except DatabaseProblem as problem:
    print(problem, "|", problem.remedy)
"""


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write everything")
def test_s08_a_read_only_file(sqlite: str, tmp_path: Path) -> None:
    open_database(sqlite).dispose()
    file = tmp_path / "rolecall.db"
    file.chmod(0o444)
    before = file.read_bytes()
    done = subprocess.run(
        humbly(sys.executable, "-c", READ_ONLY.format(sqlite)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "is read-only | Make it writable" in done.stdout
    assert done.stdout.count("\n") == 1
    assert file.read_bytes() == before


def humbly(*command: str) -> list[str]:
    """A command that obeys the rights of files: root does so only without this capability."""
    return ["setpriv", "--bounding-set", "-dac_override", "--", *command] if os.geteuid() == 0 else [*command]


WRITES = """
import os, sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("PRAGMA wal_autocheckpoint=0")
conn.execute("UPDATE posting SET title = 'as the log has it'")
os._exit(0)
"""


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write everything")
@pytest.mark.parametrize("folder", [0o755, 0o555])
@pytest.mark.parametrize(
    ("left", "name"),
    [((), "Backend Developer"), (("-shm", "-wal"), "as the log has it"), (("-wal",), None)],
    ids=["closed", "killed", "copied"],
)
def test_s08_s13_what_may_not_be_written_is_backed_up(
    tmp_path: Path, folder: int, left: tuple[str, ...], name: str
) -> None:
    """With all that it holds: what a killed writer left in the log beside the file is part of it."""
    home, out = tmp_path / "home", tmp_path / "copy.db"
    home.mkdir()
    file = home / "rolecall.db"
    engine = open_database(f"sqlite:///{file}")
    with writing(engine) as conn:
        store.save_postings(conn, [ad(1)], run_id=store.start_run(conn, kind="crawl", now=NOON), now=NOON)
    engine.dispose()
    if left:
        subprocess.run([sys.executable, "-c", WRITES, str(file)], check=True)
    for one in home.iterdir():
        if one == file or one.name.removeprefix(file.name) in left:
            one.chmod(0o444)
        else:
            one.unlink()
    home.chmod(folder)
    done = subprocess.run(
        humbly(sys.executable, "-m", "flows.cli", "backup", str(out), "--database", f"sqlite:///{file}"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    home.chmod(0o755)
    if name is None and folder == 0o555:
        assert (done.returncode, done.stdout) == (3, "")
        assert "cannot be opened. Check that its folder exists and may be read and written" in done.stderr
        assert not out.exists()
        return
    assert done.returncode == 0, done.stderr
    with contextlib.closing(sqlite3.connect(out)) as copy:
        assert copy.execute("SELECT title FROM posting").fetchone() == (name or "as the log has it",)


def test_what_is_opened_to_read_cannot_be_written(engine: Engine, database: str) -> None:
    reader = open_database(database, read_only=True)
    with pytest.raises(DatabaseProblem, match="read-only"), writing(reader) as conn:
        conn.execute(text("DELETE FROM run"))
    reader.dispose()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://u:hunter2-canary@h/x", "postgresql+psycopg://u:***@h/x"),
        ("postgresql://h/x?user=u&password=hunter2-canary", "postgresql+psycopg://h/x?user=u"),
        ("sqlite:////a/b.db", "sqlite:////a/b.db"),
    ],
)
def test_a_shown_url_has_no_password(url: str, words: str) -> None:
    assert words in shown(parse_url(url))
    assert CANARY not in shown(parse_url(url))


def test_a_failed_statement_does_not_print_what_was_stored(engine: Engine) -> None:
    with pytest.raises(Exception) as caught, writing(engine) as conn:
        conn.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": CANARY})
    assert CANARY not in str(caught.value)


# --- readers beside a writer ------------------------------------------------------------------------------------------


def test_what_is_read_in_one_go_is_of_one_moment_and_keeps_no_writer_waiting(engine: Engine) -> None:
    fill(engine)
    with reading(engine) as conn:
        before = read.counts(conn), [row["run_id"] for row in read.runs(conn)]
        with writing(engine) as other:
            run_id = store.start_run(other, kind="crawl", now=NOON)
            store.save_postings(other, [ad("one more")], run_id=run_id, now=NOON)
        assert (read.counts(conn), [row["run_id"] for row in read.runs(conn)]) == before
    with reading(engine) as conn:
        assert read.counts(conn)["postings"] == before[0]["postings"] + 1


def test_what_reads_on_postgresql_cannot_write(postgresql: str) -> None:
    engine = open_database(postgresql)
    with pytest.raises(DatabaseProblem, match="read-only"), reading(engine) as conn:
        conn.execute(text("DELETE FROM run"))
    engine.dispose()


def test_what_hangs_on_an_ad_goes_with_it_and_what_hangs_on_none_is_refused(engine: Engine) -> None:
    fill(engine)
    with writing(engine) as conn:
        conn.execute(text("DELETE FROM posting"))
        assert conn.scalar(text("SELECT count(*) FROM posting_skill")) == 0
    with pytest.raises(IntegrityError), writing(engine) as conn:
        conn.execute(text("INSERT INTO posting_skill VALUES ('nobody', 'Go', '')"))


# --- writers side by side ---------------------------------------------------------------------------------------------


def add_one(conn: Connection) -> None:
    """Read, then write: the pattern that loses updates where the lock is taken at the first write."""
    [number] = conn.execute(text("SELECT number FROM run WHERE kind = 'replay'")).one()
    conn.execute(text("UPDATE run SET number = :n WHERE kind = 'replay'"), {"n": number + 1})


@pytest.fixture
def counter(engine: Engine) -> Engine:
    with writing(engine) as conn:
        store.start_run(conn, kind="replay", now=NOON)
        conn.execute(text("UPDATE run SET number = 1000"))
    return engine


def four_writers(engine: Engine, times: int) -> list[BaseException]:
    errors: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(times):
                in_transaction(engine, add_one)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def value(engine: Engine) -> int:
    with reading(engine) as conn:
        return int(conn.scalar(text("SELECT number FROM run WHERE kind = 'replay'")) or 0)


def test_s06_a_writer_waits_for_its_turn_before_it_reads(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it read before another one wrote, SQLite would not let it write upon, however long it waited."""
    monkeypatch.setattr("storage.engine.BUSY_SECONDS", 0.01)
    engine = open_database(sqlite)
    reached = False
    with writing(engine), pytest.raises(DatabaseProblem, match="in use by another writer"), writing(engine):
        reached = True
    assert not reached
    engine.dispose()


def test_s06_four_writers_lose_nothing_on_sqlite(sqlite: str) -> None:
    engine = open_database(sqlite)
    with writing(engine) as conn:
        store.start_run(conn, kind="replay", now=NOON)
    assert four_writers(engine, 40) == []
    assert value(engine) == 161
    engine.dispose()


def write_ads(database: str, name: str, seconds: float) -> int:
    """Batches of the writer's own ads and of one that all writers touch, for so long; how many batches."""
    engine, until, n = open_database(database), time.monotonic() + seconds, 0
    while time.monotonic() < until:
        ads = [ad(f"{name}-{n}-{part}") for part in range(5)] + [ad("shared", at=NOON + dt.timedelta(seconds=n))]

        def work(conn: Connection, ads: list[Posting] = ads) -> None:
            run_id = store.start_run(conn, kind="crawl", now=NOON)
            store.save_postings(conn, ads, run_id=run_id, now=NOON)
            store.finish_run(conn, run_id, state="complete", now=NOON)

        in_transaction(engine, work)
        n += 1
    engine.dispose()
    return n


@pytest.mark.long
def test_s06_four_processes_write_for_a_minute_and_lose_nothing(engine: Engine, database: str) -> None:
    """Every batch is stored whole, under a run number of its own; the ad that all write was last seen as last said."""
    code = "from tests.storage.test_engine import write_ads; print(write_ads({!r}, {!r}, 60))"
    children = [child(code.format(database, str(number))) for number in range(4)]
    written = [int(one.communicate()[0]) for one in children]
    print(written, "batches")
    with reading(engine) as conn:
        assert read.counts(conn)["postings"] == 5 * sum(written) + 1
        assert conn.scalar(text("SELECT count(DISTINCT number) FROM run WHERE state = 'complete'")) == sum(written)
        [last] = conn.execute(text("SELECT last_seen FROM v_postings WHERE external_id = 'shared'")).one()
    assert str(last)[:19] == str(NOON + dt.timedelta(seconds=max(written) - 1))[:19]
    assert min(written) > 0


def test_s06_runs_that_begin_at_once_have_numbers_of_their_own(engine: Engine) -> None:
    ready = threading.Barrier(4)

    def begin() -> None:
        ready.wait()
        for _ in range(5):
            in_transaction(engine, lambda conn: store.start_run(conn, kind="crawl", now=NOON))

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as conn:
        assert conn.scalar(text("SELECT count(DISTINCT number) FROM run")) == 20


def test_s05_two_runs_take_one_lease_once(engine: Engine) -> None:
    taken: list[str] = []
    ready = threading.Barrier(4)

    def take(name: str) -> None:
        ready.wait()
        if in_transaction(engine, lambda conn: store.take_lease(conn, "board", name, now=NOON, ttl=HOUR)):
            taken.append(name)

    threads = [threading.Thread(target=take, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1
    other = "other"
    with writing(engine) as conn:
        assert not store.take_lease(conn, "board", other, now=NOON + HOUR - dt.timedelta(seconds=1), ttl=HOUR)
        assert not store.release_lease(conn, "board", other)
        assert store.take_lease(conn, "board", taken[0], now=NOON + HOUR / 2, ttl=HOUR)
        assert not store.take_lease(conn, "board", other, now=NOON + HOUR, ttl=HOUR)
        assert store.take_lease(conn, "board", other, now=NOON + 2 * HOUR, ttl=HOUR)
        assert store.release_lease(conn, "board", other)
        assert store.take_lease(conn, "board", "third", now=NOON + 2 * HOUR, ttl=HOUR)


def test_two_processes_may_make_the_same_database(database: str) -> None:
    code = f"from storage.engine import open_database; open_database({database!r}); print('made')"
    children = [child(code) for _ in range(4)]
    assert [one.communicate()[0].strip() for one in children] == ["made"] * 4


def test_many_may_turn_on_the_same_file_s_log_at_once(tmp_path: Path) -> None:
    """SQLite sends one of two away at once where each waits for the other; so one in four rounds ended before."""
    for number in range(30):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        with ThreadPoolExecutor(4) as pool:
            ready = threading.Barrier(4)

            def turn_on(url: str, ready: threading.Barrier) -> None:
                engine = connect(url, create=True)
                engine.connect().close()
                ready.wait()
                schema._use_wal(engine)
                engine.dispose()

            for done in [pool.submit(turn_on, url, ready) for _ in range(4)]:
                done.result()


def test_what_is_committed_on_sqlite_outlasts_a_fall_of_the_machine(sqlite: str) -> None:
    """As far as SQLite promises it for a log that is synced at checkpoints: https://sqlite.org/pragma.html#pragma_synchronous"""
    engine = open_database(sqlite)
    with reading(engine) as conn:
        assert conn.scalar(text("PRAGMA journal_mode")) == "wal"
        assert conn.scalar(text("PRAGMA synchronous")) >= 1
    engine.dispose()


# --- what is in the middle of a transaction ---------------------------------------------------------------------------


def child(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)


def test_s02_a_kill_inside_a_transaction_leaves_the_database_whole_and_the_run_crashed(
    engine: Engine, database: str
) -> None:
    fill(engine)
    with reading(engine) as conn:
        before = read.counts(conn)
    killed = child(
        f"""
        import sys
        from storage import store
        from storage.engine import open_database, writing
        from tests.storage.ads import NOON, ad
        engine = open_database({database!r})
        with writing(engine) as conn:
            run = store.start_run(conn, kind="crawl", now=NOON)
            store.save_board_run(conn, run, "example", "acme", started_at=NOON)
            store.take_lease(conn, "board", run, now=NOON, ttl=NOON - NOON.replace(year=2000))
        with writing(engine) as conn:
            store.save_postings(conn, [ad(f"k{{n}}") for n in range(3000)], run_id=run, now=NOON)
            print("inside", run, flush=True)
            sys.stdin.read()
            import time; time.sleep(60)
        """
    )
    assert killed.stdout is not None
    word, run_id = killed.stdout.readline().split()
    assert word == "inside"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    again = open_database(database)
    with writing(again) as conn:
        assert store.mark_crashed_runs(conn, now=NOON + HOUR) == [run_id]
        assert store.take_lease(conn, "board", "next", now=NOON, ttl=HOUR)
        assert store.mark_crashed_runs(conn, now=NOON + HOUR) == []
    with reading(again) as conn:
        assert read.counts(conn) == before
        found = read.run(conn, run_id)
        assert found is not None
        assert (found["state"], [b["state"] for b in found["boards"]]) == ("crashed", ["crashed"])
        if again.dialect.name == "sqlite":
            assert conn.scalar(text("PRAGMA integrity_check")) == "ok"
    again.dispose()


def test_a_run_that_lives_is_not_marked(engine: Engine) -> None:
    with writing(engine) as conn:
        mine = store.start_run(conn, kind="crawl", now=NOON)
        elsewhere = store.start_run(conn, kind="crawl", now=NOON)
        conn.execute(text("UPDATE run SET host = 'far-away' WHERE run_id = :r"), {"r": elsewhere})
        assert store.mark_crashed_runs(conn, now=NOON) == []
        # without a sign of life from elsewhere for longer than allowed
        assert store.mark_crashed_runs(conn, now=NOON, silent=dt.timedelta(seconds=-1)) == [elsewhere]
        store.finish_run(conn, mine, state="complete", now=NOON)


def test_s07_a_full_disk_says_so_and_keeps_what_was_stored(sqlite: str) -> None:
    """A limit on the size of files stands for a full disk: SQLite sees the same failed write."""
    engine = open_database(sqlite)
    fill(engine)
    engine.dispose()
    full = child(
        f"""
        import resource, signal
        from storage import store
        from storage.engine import DatabaseProblem, open_database, writing
        from tests.storage.ads import NOON, ad
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        engine = open_database({sqlite!r})
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
        try:
            with writing(engine) as conn:
                run = store.start_run(conn, kind="crawl", now=NOON)
                store.save_postings(
                    conn, [ad(n, description_text="x" * 9000) for n in range(5000)], run_id=run, now=NOON
                )
        except DatabaseProblem as problem:
            print(problem, "|", problem.remedy)
        """
    )
    said = full.communicate()[0]
    assert full.returncode == 0
    assert "disk" in said
    assert "|" in said
    again = open_database(sqlite)
    with reading(again) as conn:
        assert conn.scalar(text("PRAGMA integrity_check")) == "ok"
        assert read.counts(conn)["postings"] == 6
    again.dispose()


# --- PostgreSQL: connections and locks that are lost ------------------------------------------------------------------


@pytest.fixture
def served(postgresql: str) -> Iterator[Engine]:
    engine = open_database(postgresql)
    yield engine
    engine.dispose()


def kill_others(conn: Connection) -> None:
    conn.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


def test_s10_a_lost_connection_repeats_the_whole_transaction(served: Engine, postgresql: str) -> None:
    killer = connect(postgresql)
    tries: list[int] = []

    def work(conn: Connection) -> str:
        tries.append(1)
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        if len(tries) == 1:
            with killer.connect() as other:
                kill_others(other)
        store.save_postings(conn, [ad(n) for n in range(50)], run_id=run_id, now=NOON)
        return run_id

    in_transaction(served, work)
    assert len(tries) == 2
    with reading(served) as conn:
        assert (read.counts(conn)["postings"], len(read.runs(conn))) == (50, 1)
    killer.dispose()


def test_a_server_stops_what_a_killed_process_asked(postgresql: str) -> None:
    engine = open_database(postgresql)
    with reading(engine) as conn:
        assert conn.exec_driver_sql("SHOW client_connection_check_interval").scalar() == "5s"
    engine.dispose()


def test_s10_an_idle_connection_that_was_dropped_is_replaced(served: Engine, postgresql: str) -> None:
    killer = connect(postgresql)
    with reading(served) as conn:
        read.counts(conn)
    with killer.connect() as other:
        kill_others(other)
    with reading(served) as conn:
        assert read.counts(conn)["postings"] == 0
    killer.dispose()


def test_s10_a_deadlock_is_tried_again_and_both_come_through(served: Engine) -> None:
    with writing(served) as conn:
        for name in ("a", "b"):
            store.take_lease(conn, name, "0", now=NOON, ttl=HOUR)
    meet = threading.Barrier(2)
    tries = {"a": 0, "b": 0}

    def work(conn: Connection, first: str, second: str) -> None:
        tries[first] += 1
        conn.execute(text("UPDATE lease SET holder = holder || :f WHERE name = :n"), {"n": first, "f": first})
        if tries[first] == 1:
            meet.wait(timeout=20)
        conn.execute(text("UPDATE lease SET holder = holder || :f WHERE name = :n"), {"n": second, "f": first})

    threads = [
        threading.Thread(target=in_transaction, args=(served, lambda conn, f=f, s=s: work(conn, f, s)))
        for f, s in (("a", "b"), ("b", "a"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tries.values()) == [1, 2]
    with reading(served) as conn:
        assert {"".join(sorted(row["holder"])) for row in read.leases(conn)} == {"0ab"}


def test_s10_a_serialization_failure_is_tried_again(served: Engine) -> None:
    with writing(served) as conn:
        store.take_lease(conn, "a", "0", now=NOON, ttl=HOUR)
    strict = served.execution_options(isolation_level="SERIALIZABLE")
    tries: list[int] = []

    def work(conn: Connection) -> None:
        tries.append(1)
        conn.execute(text("SELECT holder FROM lease")).all()
        if len(tries) == 1:
            with writing(served) as other:
                other.execute(text("UPDATE lease SET holder = 'other'"))
        conn.execute(text("UPDATE lease SET holder = holder || '+'"))

    in_transaction(strict, work)
    with reading(served) as conn:
        assert (len(tries), read.leases(conn)[0]["holder"]) == (2, "other+")


def of_state(state: str) -> psycopg.Error:
    """What psycopg raises for an SQLSTATE."""
    return psycopg.errors.lookup(state)(f"as of {state}")


@pytest.mark.parametrize(
    ("said", "again"),
    [
        *(
            (of_state(state), True)
            for state in ("40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03", "08006")
        ),
        *((of_state(state), False) for state in ("23505", "25006", "42501", "42P01", "53100", "57014")),
        (psycopg.OperationalError("consuming input failed: server closed the connection unexpectedly"), True),
        (psycopg.OperationalError("connection failed: FATAL:  the database system is starting up"), True),
        (psycopg.errors.ConnectionTimeout("connection timeout expired"), True),
        (psycopg.OperationalError('connection failed: FATAL:  password authentication failed for user "x"'), False),
        (psycopg.OperationalError('connection failed: FATAL:  database "x" does not exist'), False),
        (sqlite3.OperationalError("database is locked"), True),
        (sqlite3.OperationalError("database table is locked: posting"), True),
        (sqlite3.OperationalError("database or disk is full"), False),
        (sqlite3.DatabaseError("database disk image is malformed"), False),
    ],
    ids=str,
)
def test_s10_what_may_pass_is_tried_again_and_what_stays_so_is_not(said: Exception, again: bool) -> None:
    assert is_transient(DBAPIError("SELECT 1", {}, said)) is again


def test_s06_a_file_that_is_locked_is_tried_again(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.BUSY_SECONDS", 0.01)
    engine = open_database(sqlite)
    with ExitStack() as other:
        other.enter_context(writing(engine))
        event.listen(engine, "handle_error", lambda _: other.close())
        in_transaction(engine, lambda conn: store.start_run(conn, kind="crawl", now=NOON))
    with reading(engine) as conn:
        assert len(read.runs(conn)) == 1
    engine.dispose()


def test_s10_a_refused_login_is_asked_once(postgresql: str) -> None:
    engine = connect(parse_url(postgresql).set(database="absent").render_as_string(hide_password=False))
    asked: list[Any] = []
    event.listen(engine, "do_connect", lambda _dialect, _record, _arguments, how: asked.append(how))
    with pytest.raises(DatabaseProblem, match="does not exist"):
        in_transaction(engine, read.counts)
    # and a server that does not answer is not waited for for ever
    assert [how["connect_timeout"] for how in asked] == [10]
    engine.dispose()


def test_a_session_of_postgresql_is_in_utc_whatever_the_server_is_in(postgresql: str) -> None:
    engine = open_database(postgresql)
    fill(engine)
    with writing(engine) as conn:
        name = conn.scalar(text("SELECT current_database()"))
        conn.execute(text(f"ALTER DATABASE {name} SET timezone = 'Pacific/Kiritimati'"))
    engine.dispose()
    elsewhere = open_database(postgresql)
    with reading(elsewhere) as conn:
        assert conn.scalar(text("SHOW TIME ZONE")) == "UTC"
        assert conn.scalar(text("SELECT count(*) FROM posting WHERE CAST(first_seen AS date) = DATE '2026-11-01'")) > 0
    elsewhere.dispose()


def test_a_fault_of_ours_is_not_tried_again(engine: Engine) -> None:
    tries: list[int] = []

    def work(conn: Connection) -> None:
        tries.append(1)
        conn.execute(text("SELECT nowhere FROM lease"))

    with pytest.raises(Exception, match="nowhere"):
        in_transaction(engine, work)
    assert tries == [1]


def test_a_lock_that_is_never_given_up_is_a_problem_with_a_remedy(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.BUSY_SECONDS", 0.01)
    engine = open_database(sqlite)
    with writing(engine), pytest.raises(DatabaseProblem, match="in use by another writer"):
        in_transaction(engine, lambda conn: store.start_run(conn, kind="crawl", now=NOON), attempts=2)
    engine.dispose()
