"""Copies while writing, going back, tidying up, forgetting (S-12, S-13, X-08)."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
import threading
import unicodedata
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from storage import derive, export, read, search, store
from storage.engine import DatabaseProblem, open_database, reading, writing
from storage.forgotten import Memory, hash_of
from storage.models import Job, Posting, Received, Rejection
from storage.upkeep import backup, compact, forget, prune, restore, row_counts, verify
from tests.storage.ads import DAY, NOON, ad
from tests.storage.test_parity import content
from tests.storage.world import fill

SECOND = dt.timedelta(seconds=1)
LINE = '{"source":"example","external_id":"1","url":"u","title":"t","company":"Acme Lanterns","description":"%s"}'


def all_rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with reading(engine) as conn:
        names = sorted(row_counts(conn))
    return {name: content(engine, name) for name in names}


def test_s13_a_backup_restored_is_the_same_database(engine: Engine, other_database: str, tmp_path: Path) -> None:
    fill(engine)
    counted = backup(engine, tmp_path / "copy.db")
    assert counted["posting"] == 6
    assert restore(other_database, tmp_path / "copy.db") == counted
    restored = open_database(other_database, create=False)
    assert all_rows(restored) == all_rows(engine)
    with reading(restored) as conn:
        assert conn.scalar(text("SELECT COUNT(*) FROM v_jobs_open")) == 2
    restored.dispose()
    assert sorted(f.name for f in tmp_path.iterdir() if "copy" in f.name) == ["copy.db"]


def test_a_backup_of_one_engine_restores_to_the_other(sqlite: str, postgresql: str, tmp_path: Path) -> None:
    first = open_database(sqlite)
    fill(first)
    backup(first, tmp_path / "a.db")
    restore(postgresql, tmp_path / "a.db")
    second = open_database(postgresql)
    backup(second, tmp_path / "b.db")
    restore(f"sqlite:///{tmp_path / 'third.db'}", tmp_path / "b.db")
    third = open_database(f"sqlite:///{tmp_path / 'third.db'}")
    assert all_rows(first) == all_rows(second) == all_rows(third)
    for engine in (first, second, third):
        engine.dispose()


def test_s13_a_backup_while_four_threads_write_is_consistent(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
    stop = threading.Event()

    def write(name: int) -> None:
        n = 0
        while not stop.is_set():
            with writing(engine) as conn:
                store.save_postings(conn, [ad(f"{name}-{n}-{part}") for part in range(10)], run_id=run_id, now=NOON)
            n += 1

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    try:
        counts = [backup(engine, tmp_path / f"{n}.db")["posting"] for n in range(3)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    # ten postings a transaction: a copy never holds part of one
    assert all(count % 10 == 0 for count in counts)
    assert counts == sorted(counts)


def test_restoring_over_data_needs_a_word(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    url = engine.url.render_as_string(hide_password=False)
    backup(engine, tmp_path / "copy.db")
    with writing(engine) as conn:
        conn.execute(text("DELETE FROM finding"))
    before = all_rows(engine)
    with pytest.raises(DatabaseProblem, match="holds data") as caught:
        restore(url, tmp_path / "copy.db")
    assert "--overwrite" in caught.value.remedy
    assert restore(url, tmp_path / "copy.db", overwrite=True, dry_run=True)["finding"] == 1
    assert all_rows(engine) == before
    restore(url, tmp_path / "copy.db", overwrite=True)
    assert len(all_rows(engine)["finding"]) == 1


def test_s13_a_damaged_backup_restores_nothing(engine: Engine, other_database: str, tmp_path: Path) -> None:
    fill(engine)
    copy = tmp_path / "copy.db"
    backup(engine, copy)
    content = bytearray(copy.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 30_000] = b"\x00" * 30_000
    copy.write_bytes(content)
    with pytest.raises(DatabaseProblem, match="damaged"):
        verify(copy)
    with pytest.raises(DatabaseProblem):
        restore(other_database, copy)
    with pytest.raises(DatabaseProblem):
        open_database(other_database, create=False)


ORPHANS = "DELETE FROM posting"
MISLED = """UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema AS other
    WHERE other.type = 'index' AND other.tbl_name = 'finding' LIMIT 1) WHERE type = 'index' AND tbl_name = 'posting_skill'"""


@pytest.mark.parametrize("damage", [ORPHANS, MISLED], ids=["rows without their ad", "an index of another table"])
def test_s13_a_backup_that_can_be_read_and_is_not_whole_is_damaged(engine: Engine, tmp_path: Path, damage: str) -> None:
    fill(engine)
    file = tmp_path / "b.db"
    backup(engine, file)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(damage)
        connection.commit()
    with pytest.raises(DatabaseProblem, match="damaged"):
        verify(file)
    with pytest.raises(DatabaseProblem):
        restore(f"sqlite:///{tmp_path / 'new.db'}", file)


def test_s13_what_a_killed_backup_left_is_in_no_ones_way(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    (tmp_path / ".copy.db.part").write_bytes(b"half")
    assert backup(engine, tmp_path / "copy.db")["posting"] == 6
    assert not (tmp_path / ".copy.db.part").exists()


def test_s13_a_backup_that_fails_leaves_nothing(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    fill(engine)
    with contextlib.closing(sqlite3.connect(tmp_path / "rolecall.db")) as connection:
        connection.execute(ORPHANS)
        connection.commit()
    (tmp_path / "out").mkdir()
    with pytest.raises(DatabaseProblem, match="damaged"):
        backup(engine, tmp_path / "out" / "copy.db")
    assert list((tmp_path / "out").iterdir()) == []
    engine.dispose()


def test_a_backup_never_overwrites(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(FileExistsError):
        backup(engine, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_s12_pruning_takes_the_old_and_leaves_what_an_open_rejection_needs(engine: Engine) -> None:
    fill(engine)
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        needed = Rejection(source="example", board="acme", external_id="1", reason="bad_url")
        store.save_rejections(conn, [needed], run_id=run_id, now=NOON)
        old = [("example", "acme", "old", (LINE % "old").encode())]
        store.save_captures(conn, old, run_id=run_id, now=NOON - 100 * DAY)
    dry = prune(engine, now=NOON + 50 * DAY, captures_days=30, dry_run=True)
    assert dry == {"capture": 1, "rejection": 0, "lease": 1}
    assert prune(engine, now=NOON + 50 * DAY, captures_days=30) == dry
    with writing(engine) as conn:
        # records that do not say when they were read, or by a clock that is ahead: as old as the run that kept them
        for n, said in enumerate((None, NOON + 8 * DAY, NOON + 170 * 366 * DAY)):
            odd = Received("example", "acme", f"odd {n}", f'{{"title": "Dev {n}"}}'.encode(), said)
            store.save_captures(conn, [odd], run_id=run_id, now=NOON)
    assert prune(engine, now=NOON + 50 * DAY, captures_days=30, dry_run=True)["capture"] == 3
    assert prune(engine, now=NOON + 50 * DAY, captures_days=60, dry_run=True)["capture"] == 0
    assert prune(engine, now=NOON + 50 * DAY, captures_days=30)["capture"] == 3
    with reading(engine) as conn:
        [rejection] = [row for row in read.rejections(conn) if row["external_id"] == "1"]
        assert [line for _, line in read.captures(conn, external_id="1")]
    with writing(engine) as conn:
        store.settle_rejections(conn, [rejection["rejection_id"]], "dismissed")
    assert prune(engine, now=NOON + 50 * DAY, captures_days=30, rejections_days=30) == {
        "capture": 1, "rejection": 1, "lease": 0,
    }  # fmt: skip
    compact(engine)


def test_s12_pruning_knows_the_day_the_last_reading_and_the_board(engine: Engine) -> None:
    """What is just as old as may be stays; a record is as old as its last reading; a case of one board keeps no other's."""

    def kept(name: str, at: dt.datetime, board: str = "acme") -> None:
        line = (LINE % name).encode()
        with writing(engine) as conn:
            store.save_captures(conn, [("example", board, name, line)], run_id=run_id, now=at)

    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        cases = [Rejection(source="example", board="acme", external_id=name, reason="bad_url") for name in "12"]
        store.save_rejections(conn, cases[:1], run_id=run_id, now=NOON)
        store.save_rejections(conn, cases[1:], run_id=run_id, now=NOON - SECOND)
        open_case = Rejection(source="example", board="other", external_id="older", reason="bad_url")
        store.save_rejections(conn, [open_case], run_id=run_id, now=NOON)
        settled = [row["rejection_id"] for row in read.rejections(conn) if row["board"] == "acme"]
        store.settle_rejections(conn, settled, "dismissed")
    kept("just", NOON)
    kept("older", NOON - SECOND)
    kept("read again", NOON - 90 * DAY)
    kept("read again", NOON + DAY)
    gone = prune(engine, now=NOON + 30 * DAY, captures_days=30, rejections_days=30)
    assert (gone["capture"], gone["rejection"]) == (1, 1)
    with reading(engine) as conn:
        said = [json.loads(line)["description"] for _, line in read.captures(conn)]
        assert sorted(said) == ["just", "read again"]
        assert {row["external_id"] for row in read.rejections(conn, state=None)} == {"1", "older"}


NAME = "Jürgen Nachtigall-Öz"
APART = unicodedata.normalize("NFD", NAME)
"""The same name, each accent a character of its own: as some boards, and macOS, write it."""


def whole(engine: Engine, tmp_path: Path) -> str:
    """Everything a person could find: all rows, all exports, and the bytes of the database's files."""
    text_of = repr(all_rows(engine))
    for what in ("postings", "jobs"):
        for name in ("jsonl", "csv"):
            export.export(engine, what, name, tmp_path / "out")
            text_of += (tmp_path / "out").read_text(encoding="utf-8")
    with reading(engine) as conn:
        text_of += "".join(line.decode() for _, line in read.captures(conn))
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        for one in file.parent.glob(f"{file.name}*"):
            text_of += one.read_bytes().decode("utf-8", "replace")
    return text_of


def left_hanging(engine: Engine) -> list[str]:
    """Tables with rows of ads or jobs that are no more (PostgreSQL would not have it)."""
    with reading(engine) as conn:
        return [row[0] for row in conn.execute(text("PRAGMA foreign_key_check"))] if _is_sqlite(conn) else []


def _is_sqlite(conn: Connection) -> bool:
    return conn.dialect.name == "sqlite"


@pytest.fixture
def told(engine: Engine) -> Engine:
    """A database in which a person and two companies are named wherever they can be."""
    body = f"Ask {NAME} or jürgen\nNACHTIGALL-öz. " + "We light harbours. " * 500
    ads = [
        ad(1, description_text=body, description_html=f"<p>{body}</p>", role_because=f"said {NAME}", tags=[NAME]),
        ad(2, company="Nightjar Works", company_key="nightjar works", title="Nightjar Works: Developer"),
        ad(3, company="Nightjar Works GmbH", company_key="nightjar works"),
        ad(4),
    ]
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        store.save_postings(conn, ads, run_id=run_id, now=NOON)
        store.save_postings(conn, [ad(1, at=NOON + DAY, description_text=f"{body}!", tags=[])], run_id=run_id, now=NOON)
        jobs = [Job(job_id=ads[n].posting_key, title="t", description_text=ads[n].description_text) for n in (0, 1)]
        store.save_jobs(conn, jobs, run_id=run_id)
        links = {0: 0, 1: 1, 2: 1, 3: 1}
        keyed = [(ads[a].posting_key, ads[j].posting_key) for a, j in links.items()]
        store.assign_jobs(conn, [{"posting_key": a, "job_id": j, "family_id": None} for a, j in keyed])
        nightjar = LINE.replace("Acme Lanterns", "Nightjar Works")
        captures = [
            ("example", "acme", "1", (LINE % NAME).encode()),
            ("example", "acme", "2", (nightjar % "x").encode()),
        ]
        store.save_captures(
            conn, [*captures, ("example", "acme", "8", (nightjar % "y").encode())], run_id=run_id, now=NOON
        )
        rejected = [Rejection(source="example", board="acme", external_id="7", reason="x", raw=f'"{NAME}"')]
        rejected += [Rejection(source="example", board="acme", external_id="8", reason="x", raw=nightjar % "y")]
        store.save_rejections(conn, rejected, run_id=run_id, now=NOON)
        if engine.dialect.name == "sqlite":
            search.index_jobs(conn)
    return engine


def test_x08_a_person_is_masked_wherever_a_name_can_stand(told: Engine, tmp_path: Path) -> None:
    assert "nachtigall" in whole(told, tmp_path).casefold()
    dry = forget(told, "person", NAME, now=NOON, dry_run=True)
    assert "nachtigall" in whole(told, tmp_path).casefold()
    assert forget(told, "person", NAME, now=NOON) == dry == (1, 1, 1)
    assert "nachtigall" not in whole(told, tmp_path).casefold()
    with reading(told) as conn:
        if told.dialect.name == "sqlite":
            assert search.search_jobs(conn, "Nachtigall") == []
            assert len(search.search_jobs(conn, "light harbours")) == 2
        assert read.counts(conn)["postings"] == 4


def test_x08_a_company_is_gone_with_its_evidence_and_does_not_return(told: Engine, tmp_path: Path) -> None:
    assert forget(told, "company", "nightjar WORKS", now=NOON) == (2, 2, 1)
    assert "nightjar" not in whole(told, tmp_path).casefold()
    assert left_hanging(told) == []
    with reading(told) as conn:
        assert read.counts(conn) == {"postings": 2, "postings_open": 2, "jobs": 1, "jobs_open": 1}
        # the ad that shared a job with the company's is matched anew
        waiting = read.ads_of_postings(conn, read.keys_to_match(conn), ["external_id", "job_id"])
        assert {row.external_id for row in waiting if row.job_id is None} == {"4"}
    back = ad(9, company="Nightjar Works", company_key="nightjar works")
    with writing(told) as conn:
        saved = store.save_postings(conn, [back, ad(10)], run_id="20261102T000000.000", now=NOON)
    assert (saved.new, [(one.external_id, one.reason) for one in saved.rejections]) == (1, [("9", "forgotten")])


def test_x08_a_posting_is_gone_and_does_not_return(told: Engine, tmp_path: Path) -> None:
    with reading(told) as conn:
        assert read.history(conn, ad(1).posting_key) != []
    assert forget(told, "posting", ad(1).url, now=NOON) == (1, 1, 0)
    assert left_hanging(told) == []
    with reading(told) as conn:
        assert read.history(conn, ad(1).posting_key) == []
    with writing(told) as conn:
        assert store.save_postings(conn, [ad(1)], run_id="20261102T000000.000", now=NOON).new == 0
    with reading(told) as conn:
        [row] = [tuple(row) for row in conn.execute(text("SELECT DISTINCT kind, postings FROM forgotten"))]
    assert row == ("posting", 1)
    assert ad(1).url not in whole(told, tmp_path)


def test_x08_an_ad_of_several_roles_goes_with_the_record_they_were_read_from(engine: Engine) -> None:
    both = [ad("7#backend-developer"), ad("7#data-engineer")]
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        store.save_postings(conn, [*both, ad("70")], run_id=run_id, now=NOON)
        records = [("example", "acme", name, (LINE % name).encode()) for name in ("7", "70")]
        store.save_captures(conn, records, run_id=run_id, now=NOON)
    assert forget(engine, "posting", both[0].posting_key, now=NOON) == (1, 1, 0)
    with reading(engine) as conn:
        assert [json.loads(line)["description"] for _, line in read.captures(conn)] == ["70"]


def test_x08_evidence_is_known_by_each_spelling_of_its_company(engine: Engine) -> None:
    key = {"company_key": "nightjar works"}
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        spelled = [ad(1, company="Nightjar Works", **key), ad(2, company="Nightjar-Works GmbH", **key)]
        store.save_postings(conn, spelled, run_id=run_id, now=NOON)
        other = (LINE.replace("Acme Lanterns", "Nightjar-Works GmbH") % "x").encode()
        store.save_captures(conn, [("example", "elsewhere", "9", other)], run_id=run_id, now=NOON)
    assert forget(engine, "company", "Nightjar Works", now=NOON) == (2, 1, 0)


def test_x08_a_board_is_not_named_after_a_company_that_was_forgotten(engine: Engine) -> None:
    with writing(engine) as conn:
        store.save_postings(conn, [ad(1)], run_id=store.start_run(conn, kind="crawl", now=NOON), now=NOON)
        conn.execute(text("UPDATE board SET company = 'Acme Lanterns'"))
    forget(engine, "company", "ACME lanterns", now=NOON)
    with reading(engine) as conn:
        assert [row["company"] for row in read.boards(conn)] == [None]


@pytest.mark.parametrize(
    "said",
    [NAME, NAME.upper(), "Jürgen\n  Nachtigall-Öz", "by <b>Jürgen Nachtigall-Öz</b>.", "Jürgen Nachtigall-Özs desk"],
)
def test_x08_a_person_does_not_return(told: Engine, tmp_path: Path, said: str) -> None:
    forget(told, "person", NAME, now=NOON)
    with writing(told) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON + DAY)
        back = ad(9, at=NOON + DAY, description_text=f"Ask {said} about it", tags=[said], skills_because={"Go": said})
        assert store.save_postings(conn, [back], run_id=run_id, now=NOON + DAY).new == 1
        lines = [("example", "acme", "9", (LINE % said).replace("\n", "\\n").encode())]
        assert store.save_captures(conn, lines, run_id=run_id, now=NOON) == 0
        refused = Rejection(source="example", board="acme", external_id="9", reason="x", detail=said, raw=f'"{said}"')
        store.save_rejections(conn, [refused], run_id=run_id, now=NOON)
        assert conn.scalar(text("SELECT description_text FROM posting WHERE external_id = '9'")).startswith("Ask ")
    assert "nachtigall" not in whole(told, tmp_path).casefold()


def test_x08_other_people_of_that_name_in_part_stay(told: Engine) -> None:
    forget(told, "person", NAME, now=NOON)
    with writing(told) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON + DAY)
        said = "Jürgen Meier and Ada Nachtigall-Öz; Jürgen, Nachtigall-Öz"
        store.save_postings(conn, [ad(9, at=NOON + DAY, description_text=said)], run_id=run_id, now=NOON + DAY)
        assert conn.scalar(text("SELECT description_text FROM posting WHERE external_id = '9'")) == said


@pytest.mark.parametrize(
    ("name", "said", "left"),
    [
        ("Ann Lee", "Ann Lee leads us. Write to A. Lee or A.Lee; A. Lee's team", "[removed] leads us. Write to [removed] or [removed]; [removed] team"),
        ("Ann Lee", "ANN LEE, A. Lee", "[removed], [removed]"),
        ("Ann Marie Lee", "Ann Marie Lee: A. M. Lee, A.M. Lee, A.\nLee", "[removed]: [removed], [removed], [removed]"),
        ("Ann Jones", "Ann Jones, or A. Jones", "[removed], or [removed]"),
        # somebody else's, or nobody's
        ("Ann Lee", "Write to A. Lee", "Write to A. Lee"),
        ("Ann Lee", "Ann Lee, B. Lee, Amy Lee, A. Leeds, AA. Lee, A Lee County", "[removed], B. Lee, Amy Lee, A. Leeds, AA. Lee, A Lee County"),
        ("Ann Marie Lee", "Ann Marie Lee, M. Lee", "[removed], M. Lee"),
        ("Lee", "Lee, L. Lee", "[removed], L. [removed]"),
    ],
)  # fmt: skip
def test_x08_initials_are_a_persons_beside_the_whole_name(name: str, said: str, left: str) -> None:
    memory = Memory.holding({hash_of("person", name)})
    assert memory.masked(said) == left
    assert memory.masked(left) == left


@pytest.mark.parametrize(
    ("name", "said", "left"),
    [
        ("Ann Lee", "Contact: Lee, Ann (people)", "Contact: [removed] (people)"),
        ("Ann Lee", "LEE, ANN; Lee,Ann; Lee , Ann's desk", "[removed]; [removed]; [removed] desk"),
        ("Ann Lee", "<b>Lee</b>, Ann or Lee,&nbsp;<i>Ann</i>", "<b>[removed] or [removed]</i>"),
        ("Ann Lee", "Lee,\n Ann", "[removed]"),
        ("Ann Marie Lee", "Lee, Ann Marie", "[removed]"),
        ("Ann Marie Lee", "Lee, Ann", "Lee, Ann"),
        ("Ann van der Lee", "van der Lee, Ann", "[removed]"),
        (NAME, f"Ask {APART.split()[1].upper()}, {APART.split()[0].upper()}", "Ask [removed]"),
        # initials, where the text names the person in full
        ("Ann Lee", "Lee, Ann: write to A. Lee or to Lee, A.", "[removed]: write to [removed] or to [removed]"),
        ("Ann Marie Lee", "Ann Marie Lee, i. e. Lee, A. M.", "[removed], i. e. [removed]"),
        ("Ann Lee", "Lee, A.", "Lee, A."),
        # somebody else's, or nobody's
        ("Ann Lee", "Ann, Lee; Lee Ann; Lee: Ann; Lee, and Ann; Lee,, Ann", "Ann, Lee; Lee Ann; Lee: Ann; Lee, and Ann; Lee,, Ann"),
        ("Ann Lee", "Ann Lee, Bo Lee, A. Leeds", "[removed], Bo Lee, A. Leeds"),
        ("Lee", "Lee, Ann", "[removed], Ann"),
    ],
)  # fmt: skip
def test_x08_a_name_is_known_with_the_surname_first(name: str, said: str, left: str) -> None:
    memory = Memory.holding({hash_of("person", name)})
    assert memory.masked(said) == left
    assert memory.says(said) is (said != left)
    assert memory.masked(left) == left


@pytest.mark.parametrize(
    ("name", "said", "left"),
    [
        (NAME, f"Ask {APART} soon", "Ask [removed] soon"),
        (APART, f"Ask {NAME} soon", "Ask [removed] soon"),
        (NAME, "Ask Jürgen&nbsp;Nachtigall-Öz", "Ask [removed]"),
        (NAME, "Ask Jürgen <b>Nachtigall-Öz</b>", "Ask [removed]</b>"),
        (
            NAME,
            "Ask <b>Jürgen</b>&#160;<i class='x'>Nachtigall-Öz</i> or J. Nachtigall-Öz",
            "Ask <b>[removed]</i> or [removed]",
        ),
        (NAME, "<p title='Jürgen Nachtigall-Öz'>Ask</p>", "<p title='[removed]'>Ask</p>"),
        (NAME, "Ask Jürgen\u200b Nachtigall‑Öz", "Ask [removed]"),
        ("Ann O'Neil", "Ann O’Neil, Ann O'Neil’s", "[removed], [removed]"),
        ("Ann O’Neil", "Ann O'Neil", "[removed]"),
        (
            NAME,
            "Jürgen <b>and</b> Nachtigall-Öz; Jürgen, Nachtigall-Öz",
            "Jürgen <b>and</b> Nachtigall-Öz; Jürgen, Nachtigall-Öz",
        ),
        (NAME, unicodedata.normalize("NFD", "Ask Günther"), unicodedata.normalize("NFD", "Ask Günther")),
    ],
)
def test_x08_a_name_is_known_in_markup_and_in_either_form_of_its_letters(name: str, said: str, left: str) -> None:
    memory = Memory.holding({hash_of("person", name)})
    assert memory.masked(said) == left
    assert memory.says(said) is (said != left)


@pytest.mark.parametrize(
    "said", [APART, "J&uuml;rgen Nachtigall-&Ouml;z", "J&amp;uuml;rgen&amp;nbsp;Nachtigall-&amp;Ouml;z"]
)
def test_x08_evidence_is_known_as_it_is_read(told: Engine, said: str) -> None:
    with writing(told) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        lines = [("example", "acme", "9", json.dumps({"description": f"<p>Ask {said}</p>"}).encode())]
        assert store.save_captures(conn, lines, run_id=run_id, now=NOON) == 1
    assert forget(told, "person", NAME, now=NOON).captures == 2
    with writing(told) as conn:
        assert store.save_captures(conn, lines, run_id=run_id, now=NOON) == 0


def test_x08_a_company_is_known_in_either_form_of_its_letters(told: Engine) -> None:
    name = unicodedata.normalize("NFD", "Café Ötzi")
    with writing(told) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        store.save_postings(conn, [ad(9, company="Café Ötzi", company_key="café ötzi")], run_id=run_id, now=NOON)
    assert forget(told, "company", name, now=NOON).postings == 1
    with writing(told) as conn:
        line = json.dumps({"company": name}).encode()
        assert store.save_captures(conn, [("example", "acme", "9", line)], run_id=run_id, now=NOON) == 0


def test_x08_a_name_is_not_found_within_a_longer_one(engine: Engine) -> None:
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        store.save_postings(conn, [ad(1, description_text="Joann Leeds, Ann\tLee")], run_id=run_id, now=NOON)
        lines = [
            ("example", "acme", str(n), (LINE % said).encode()) for n, said in enumerate(("Joann Leeds", "Ann\\tLee"))
        ]
        store.save_captures(conn, lines, run_id=run_id, now=NOON)
    assert forget(engine, "person", "Ann Lee", now=NOON) == (1, 1, 0)
    with reading(engine) as conn:
        assert conn.scalar(text("SELECT description_text FROM posting")) == "Joann Leeds, [removed]"
        assert [b"Joann" in line for _, line in read.captures(conn)] == [True]


IN_ADDRESSES = [
    "https://example.com/team/juergen-nachtigall-oez",
    "https://example.com/team/jurgen_nachtigall_oz?tab=1",
    "https://example.com/J%C3%BCrgen.Nachtigall-%C3%96z",
    "https://example.com/search?by=J%C3%BCrgen+Nachtigall-%C3%96z",
    "https://juergennachtigalloez.example.com/cv",
    "mailto:juergen.nachtigall-oez@example.com",
    "JurgenNachtigallOz@example.com",
]


@pytest.mark.parametrize("address", IN_ADDRESSES)
def test_x08_a_person_is_forgotten_in_addresses_too(engine: Engine, tmp_path: Path, address: str) -> None:
    """Where a name is written as one word, without its marks or with German ones, and a longer name stays."""
    link = f'<p>See <a href="{address}">them</a>, or {address}.</p>'
    facts = {
        "description_html": link,
        "description_text": f"See {address}, or write.",
        "skills_because": {"Go": address},
    }

    def stored(conn: Connection, run_id: str, at: dt.datetime, *ads: Posting) -> None:
        store.save_postings(conn, ads, run_id=run_id, now=at)
        store.save_captures(
            conn, [("example", "acme", "1", (LINE % address.replace('"', "")).encode())], run_id=run_id, now=at
        )

    with writing(engine) as conn:
        apply = {"apply_url": address, "company_url": address} if address.startswith("http") else {}
        stored(conn, store.start_run(conn, kind="crawl", now=NOON), NOON, ad(1, **facts, **apply))
    assert forget(engine, "person", NAME, now=NOON).postings == 1
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON + DAY)
        stored(conn, run_id, NOON + DAY, ad(2, at=NOON + DAY, **facts, **apply))
        kept = "https://example.com/team/juergen-nachtigall-oezdemir"
        stored(conn, run_id, NOON + DAY, ad(3, at=NOON + DAY, description_text=kept))
        assert conn.scalar(text("SELECT description_text FROM posting WHERE external_id = '3'")) == kept
        html = str(conn.scalar(text("SELECT description_html FROM posting WHERE external_id = '2'")))
        conn.execute(text("DELETE FROM posting WHERE external_id = '3'"))
    assert "them</a>" in html
    plain = whole(engine, tmp_path).casefold()
    assert [word for word in ("nachtigall", "juergennacht", "jurgennacht") if word in plain] == []


@pytest.mark.parametrize(
    "borne",
    [
        {"url": "https://example.com/freelance/juergen-nachtigall-oez"},
        {"external_id": "jurgen-nachtigall-oz-17"},
        {"company": NAME, "company_key": "jurgennachtigalloz"},
    ],
)
def test_x08_an_ad_that_bears_a_persons_name_is_deleted_and_does_not_return(
    engine: Engine, tmp_path: Path, borne: dict[str, str]
) -> None:
    """Its own address, its id, its employer: it is known by them, so they cannot be written otherwise."""
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        store.save_postings(conn, [ad(1, **borne), ad(2)], run_id=run_id, now=NOON)
        derive.save_companies(conn, ["jurgennachtigalloz", "acme lanterns"])
    assert forget(engine, "person", NAME, now=NOON, dry_run=True) == forget(engine, "person", NAME, now=NOON)
    with writing(engine) as conn:
        assert read.counts(conn)["postings"] == 1
        run_id = store.start_run(conn, kind="crawl", now=NOON + DAY)
        saved = store.save_postings(conn, [ad(1, at=NOON + DAY, **borne)], run_id=run_id, now=NOON + DAY)
        assert [one.reason for one in saved.rejections] == ["forgotten"]
        store.save_rejections(conn, saved.rejections, run_id=run_id, now=NOON + DAY)
        assert read.counts(conn)["postings"] == 1
    assert "nachtigall" not in whole(engine, tmp_path).casefold()


def test_x08_the_record_of_a_forgotten_ad_is_not_kept_again(told: Engine, tmp_path: Path) -> None:
    """As a run writes it: postings, records as received, rejections."""
    forget(told, "company", "Nightjar Works", now=NOON)
    ads = [ad(2, company="Nightjar Works", company_key="nightjar works"), ad(11, company="Acme Lanterns")]
    lines = [("example", "acme", "2", (LINE % "a").replace("Acme Lanterns", "NIGHTJAR Works Ltd").encode())]
    lines += [("example", "acme", "11", (LINE % "b").encode())]
    with writing(told) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON + DAY)
        saved = store.save_postings(conn, ads, run_id=run_id, now=NOON + DAY)
        store.save_captures(conn, lines, run_id=run_id, now=NOON + DAY)
        store.save_rejections(conn, saved.rejections, run_id=run_id, now=NOON + DAY)
    assert "nightjar" not in whole(told, tmp_path).casefold()
    with reading(told) as conn:
        assert [line for _, line in read.captures(conn, external_id="11")]


def test_an_empty_name_forgets_nothing(told: Engine) -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        forget(told, "person", "  ", now=dt.datetime.now(dt.UTC))
