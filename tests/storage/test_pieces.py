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

from storage import columnar, export
from storage.arrow_files import batches_in_order
from storage.engine import json_text, open_database
from storage.pieces import Key, in_order
from tests.storage.ads import ad, save

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
    assert [one.partition("#")[2] for one in said[0] if one.startswith("7#")] == [*ROLES, "b"]


def _ids_in(out: Path) -> list[str]:
    if out.suffix == ".parquet":
        ids: list[str] = pq.read_table(out)["external_id"].to_pylist()
        return ids
    if out.suffix == ".jsonl":
        return [json.loads(line)["external_id"] for line in out.read_text().splitlines()]
    with out.open(newline="", encoding="utf-8-sig") as file:
        return [row["external_id"] for row in csv.DictReader(file)]
