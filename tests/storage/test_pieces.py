"""Exports have the pieces of one ad in the ad's own order, whatever way the rows are read."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from storage import columnar, export, read, store
from storage.arrow_files import batches_in_order
from storage.engine import json_text, open_database, reading, writing
from storage.models import Received
from storage.pieces import Key, in_order, raw_id
from storage.upkeep import forget
from tests.storage.ads import DAY, NOON, ad, save

ROLES = ["software-engineer", "none", "backend-developer"]
_ids = st.builds(
    lambda name, role: f"{name}#{role}" if role else name,
    st.sampled_from(["1", "2", "2-3", "4#5", ""]),
    st.sampled_from(["", *ROLES, "unheard-of"]),
)
_keys = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["", "x"]), _ids), unique=True).map(sorted)


@settings(deadline=None)  # the first one imports Arrow's functions
@given(keys=_keys, roles=st.permutations(ROLES), cuts=st.lists(st.integers(0, 30)))
def test_batches_are_ordered_as_rows_are_however_they_are_cut(
    keys: list[tuple[str, str, str]], roles: list[str], cuts: list[int]
) -> None:
    rows: list[Key] = [(*key, json_text(roles)) for key in keys]
    ordered = list(in_order(rows, lambda row: row))
    assert sorted(ordered) == rows
    names = ("source", "board", "external_id", "roles")
    whole = pa.record_batch({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})
    ends = sorted({min(cut, len(rows)) for cut in (0, *cuts, len(rows))})
    batches = [whole.slice(begin, end - begin) for begin, end in pairwise(ends)]
    read = [tuple(row.values()) for batch in batches_in_order(batches) for row in batch.to_pylist()]
    assert read == ordered


@pytest.mark.parametrize("name", ["jsonl", "csv", "parquet"])
def test_the_role_that_an_ad_names_first_comes_first(
    sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    engine = open_database(sqlite)
    save(
        engine,
        *(ad(0, external_id=f"7#{role}", roles=ROLES) for role in sorted(ROLES)),
        ad(1, external_id="7#b"),
        ad(2),
    )
    said = []
    for large in (columnar.LARGE, 0):
        monkeypatch.setattr(columnar, "LARGE", large)
        monkeypatch.setattr(columnar, "ROWS", 2)
        export.export(engine, "postings", name, out := tmp_path / f"{large}.{name}")
        said.append(_ids_in(out))
    assert said[0] == said[1]
    # one of the ids is the board's own
    assert [one.partition("#")[2] for one in said[0] if one.startswith("7#")] == ["b", *ROLES]


@pytest.mark.parametrize(
    ("external_id", "ad_id"),
    [
        ("7#data-engineer", "7"), ("7#none", "7"), ("jobs#7#backend-developer", "jobs#7"), ("7", "7"),
        # a board's own, which no ad was split into
        ("jobs#7", "jobs#7"), ("https://example.com/#/jobs/7", "https://example.com/#/jobs/7"), ("#", "#"), ("7#", "7#"),
        ("#data-engineer", "#data-engineer"), ("C#", "C#"),
    ],
)  # fmt: skip
def test_a_piece_is_told_by_its_role(external_id: str, ad_id: str) -> None:
    assert raw_id(external_id) == ad_id


def test_ids_of_a_board_s_own_are_ads_of_their_own(engine: Engine) -> None:
    """One seen, closed or forgotten takes nothing from another that has the same words before its mark."""
    ads = [ad(0, external_id=one) for one in ("jobs", "jobs#1", "jobs#2", "7#data-engineer", "7#none")]
    save(engine, *ads)
    lines = [Received("example", "acme", one, f'{{"id": "{one}"}}'.encode()) for one in ("jobs", "jobs#1", "7")]
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON + DAY)
        store.save_captures(conn, lines, run_id=run_id, now=NOON)
        assert store.touch_seen(conn, "example", "acme", ["jobs", "7"], run_id=run_id, now=NOON + DAY) == 3
    with reading(engine) as conn:
        known = read.known(conn, "example", "acme")["ids"]
    assert {*known} == {"7", *(one.external_id for one in ads)}
    for one in ("jobs#1", "7#none"):
        (key,) = (posting.posting_key for posting in ads if posting.external_id == one)
        forget(engine, "posting", key, now=NOON + DAY)
    with reading(engine) as conn:
        assert [json.loads(line)["id"] for _, line in read.captures(conn)] == ["jobs"]


def _ids_in(out: Path) -> list[str]:
    if out.suffix == ".parquet":
        ids: list[str] = pq.read_table(out)["external_id"].to_pylist()
        return ids
    if out.suffix == ".jsonl":
        return [json.loads(line)["external_id"] for line in out.read_text().splitlines()]
    with out.open(newline="", encoding="utf-8-sig") as file:
        return [row["external_id"] for row in csv.DictReader(file)]
