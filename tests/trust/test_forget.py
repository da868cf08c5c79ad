"""A company and a person forgotten, from the first run to the next release: nothing of them is anywhere (X-08)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from flows.snapshot import release
from storage import search
from storage.engine import open_database, reading, writing
from storage.export import export
from storage.upkeep import forget
from tests.trust import runs

PERSON, COMPANY = "Ottilie Nachtigall", "Nightjar Works"


def spoken_of(*folders: Path) -> list[str]:
    """Files below the folders in which one of the two is named; the input of a run is the board's, not ours."""
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and path.name != "some.jsonl":
                said = path.read_bytes().lower()
                found += [path.name for name in (PERSON, COMPANY) if name.lower().encode() in said]
    return found


def input_of(data: Path, day: int) -> Path:
    """A file in which both are named, and in every field that may name them; changed each day, so that it is read."""
    text = f"<p>We light harbours in Python, day {day}. Ask {PERSON} about it, or <b>{PERSON}</b>s desk.</p>"
    ads = [runs.said(n, description=text, department=PERSON) for n in range(6)]
    ads += [runs.said(n, company=COMPANY, title=f"Back-end Developer at {COMPANY}") for n in range(6, 9)]
    ads += [{"source": "parcelboard", "company": COMPANY, "description": PERSON}]
    return runs.write_lines(data / "some.jsonl", ads)


def test_x08_forgotten_everywhere_and_for_good(database: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    runs.run(data, database, input_of(data, 1))
    left = runs.leave_segment(data, range(3))
    ad = json.loads(left.read_bytes().splitlines()[0])
    left.write_text(json.dumps(ad | {"company": COMPANY, "description": f"<p>{PERSON}</p>"}) + "\n")
    engine = open_database(database)
    if engine.dialect.name == "sqlite":
        with writing(engine) as conn:
            search.index_jobs(conn)
    now = runs.CLOCK + dt.timedelta(hours=1)
    assert forget(engine, "company", COMPANY, now=now).postings == 3
    assert forget(engine, "person", PERSON, now=now).postings == 6
    with reading(engine) as conn:
        if engine.dialect.name == "sqlite":
            assert search.search_jobs(conn, "Nachtigall") == search.search_jobs(conn, "Nightjar") == []
            assert search.search_jobs(conn, "harbours")
        assert conn.exec_driver_sql("SELECT kind, postings FROM forgotten WHERE postings > 0").all()
    engine.dispose()

    report = runs.run(data, database, input_of(data, 2))
    assert report.sum("rejected") >= 3
    engine = open_database(database)
    released = release(engine, tmp_path / "releases")
    engine.dispose()
    assert {"jobs.parquet", "rolecall.db"} <= set(released.files)
    said = json.dumps(runs.believed(database))
    assert [name for name in (PERSON, COMPANY, "nightjar works") if name in said] == []
    assert "day 2" in said
    (tmp_path / "exports").mkdir()
    for what in ("postings", "jobs"):
        engine = open_database(database, create=False)
        export(engine, what, "jsonl", tmp_path / "exports" / what)
        engine.dispose()
    assert spoken_of(data, tmp_path / "exports", tmp_path / "releases") == []


@pytest.mark.parametrize("kind", ["company", "person"])
def test_x08_a_request_is_on_record_without_the_name(sqlite: str, tmp_path: Path, kind: str) -> None:
    runs.run(tmp_path, sqlite, input_of(tmp_path, 1))
    engine = open_database(sqlite)
    name = {"company": COMPANY, "person": PERSON}[kind]
    forget(engine, kind, name, now=runs.CLOCK)  # type: ignore[arg-type]
    with reading(engine) as conn:
        rows = conn.exec_driver_sql("SELECT * FROM forgotten").all()
    engine.dispose()
    assert rows
    assert name.split()[0].lower() not in repr(rows).lower()
