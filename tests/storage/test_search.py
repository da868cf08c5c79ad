"""Searching jobs by words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import store
from storage.engine import open_database, writing
from storage.models import Job
from storage.search import drop_index, has_index, index_jobs, search_jobs
from storage.upkeep import backup, compact
from tests.storage.ads import NOON


@pytest.fixture
def indexed(sqlite: str) -> Engine:
    engine = open_database(sqlite)
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON)
        jobs = [
            Job(job_id="a", title="Backend Developer", company="Acme", description_text="Go and Kafka. NEAR the sea."),
            Job(job_id="b", title="Kafka Engineer", company="Brück", description_text="Streams AND more."),
            Job(job_id="c", title="Designer"),
        ]
        store.save_jobs(conn, jobs, run_id=run_id)
        assert index_jobs(conn) == index_jobs(conn) == 3
    return engine


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kafka", ["b", "a"]),
        ("brück", ["b"]),
        ("go kafka", ["a"]),
        ("NEAR", ["a"]),
        ("AND", ["b", "a"]),
        ("title:", []),
        ("near(", ["a"]),
        ('"', []),
        ("", []),
        ("nothing", []),
    ],
)
def test_s11_words_are_words(indexed: Engine, words: str, found: list[str]) -> None:
    with writing(indexed) as conn:
        assert sorted(row["job_id"] for row in search_jobs(conn, words)) == sorted(found)
        if words == "kafka":
            # a word in the title weighs more than one in the text
            assert [row["job_id"] for row in search_jobs(conn, words)] == found


def test_tidying_up_drops_the_index_and_serving_makes_it_anew(indexed: Engine) -> None:
    compact(indexed)
    with writing(indexed) as conn:
        assert not has_index(conn)
        index_jobs(conn)
        assert has_index(conn)
        drop_index(conn)
        assert not has_index(conn)


def test_a_backup_carries_no_index(indexed: Engine, tmp_path: Path) -> None:
    assert "job_search" not in backup(indexed, tmp_path / "copy.db")
    copy = open_database(f"sqlite:///{tmp_path / 'copy.db'}")
    with writing(copy) as conn:
        assert not has_index(conn)
        index_jobs(conn)
        assert [row["job_id"] for row in search_jobs(conn, "sea")] == ["a"]


@pytest.mark.postgresql
def test_postgresql_is_searched_in_a_snapshot(postgresql: str) -> None:
    engine = open_database(postgresql)
    with writing(engine) as conn, pytest.raises(ValueError, match="snapshot"):
        index_jobs(conn)
    engine.dispose()
