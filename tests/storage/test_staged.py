"""PostgreSQL takes many postings by COPY and one merge: the same rows, and the same words where it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage import store
from storage.engine import in_transaction, is_transient, open_database, reading, writing
from storage.models import Posting
from storage.rows import copy_into
from storage.tables import PostingRow, table_of
from tests.storage.ads import DAY, NOON, ad

pytestmark = pytest.mark.postgresql


def stored(url: str, runs: list[list[Posting]]) -> list[Any]:
    engine = open_database(url)
    for number, postings in enumerate(runs):
        with writing(engine) as conn:
            # two batches of one transaction
            for half in (postings[::2], postings[1::2]):
                store.save_postings(conn, half, run_id=f"2026110{number + 1}T000000.000", now=NOON + number * DAY)
    with reading(engine) as conn:
        rows = conn.execute(table_of(PostingRow).select().order_by(table_of(PostingRow).c.posting_key)).all()
    engine.dispose()
    return list(rows)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_same_rows_by_copy_and_one_by_one(
    database: str, other_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [ad(n) for n in range(6)]
    again = [one.model_copy(update={"title": "Architect"} if n % 2 else {}) for n, one in enumerate(first)]
    monkeypatch.setattr(store, "STAGED", 10_000)
    one_by_one = stored(other_database, [first, again])
    monkeypatch.setattr(store, "STAGED", 1)
    assert stored(database, [first, again]) == one_by_one
    assert {row.title for row in one_by_one} == {first[0].title, "Architect"}


def test_a_refusal_is_told_as_of_any_statement(postgresql: str) -> None:
    engine = open_database(postgresql)
    [row] = store._posting_rows([ad(1)], "1", NOON, True, [])
    with pytest.raises(DBAPIError) as caught, writing(engine) as conn:
        copy_into(conn, PostingRow, "staged_posting", [row | {"title": "a\x00b"}])
    assert not is_transient(caught.value)
    with writing(engine) as conn:
        assert store.save_postings(conn, [ad(1)], run_id="1", now=NOON).new == 1
    engine.dispose()


def test_a_connection_that_is_lost_meanwhile_is_tried_again(postgresql: str) -> None:
    engine, other = open_database(postgresql), open_database(postgresql)
    [row] = store._posting_rows([ad(1)], "1", NOON, True, [])
    tries: list[int] = []

    def rows(pid: int) -> Iterator[dict[str, Any]]:
        yield row
        if len(tries) == 1:
            with writing(other) as conn:
                conn.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        yield row | {"external_id": "2"}

    def work(conn: Connection) -> None:
        tries.append(conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        copy_into(conn, PostingRow, "staged_posting", rows(tries[-1]))

    in_transaction(engine, work)
    assert len(tries) == len(set(tries)) == 2
    engine.dispose()
    other.dispose()
