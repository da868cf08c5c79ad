"""Whether what is believed is what is stored: one hash tells, and a hash of the former kind is still understood."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from storage import read, store
from storage.ads import POSTING, ads
from storage.believed import BELIEVED, believed_hash
from storage.engine import DatabaseProblem, open_database, reading, writing
from storage.models import Posting
from storage.rows import storable
from tests.storage.ads import DAY, HOUR, NOON, ad, save

OTHERWISE: dict[type, Any] = {
    str: "something else", type(None): "something", bool: True, list: ["something else"], dict: {"Go": "else"},
    float: 41.5, bytes: b"\x00\xff", dt.datetime: NOON - 9 * DAY,
}  # fmt: skip


def row(posting: Posting, **facts: Any) -> dict[str, Any]:
    return posting.__dict__ | facts


@pytest.mark.parametrize("name", BELIEVED)
def test_each_field_that_is_believed_tells(name: str) -> None:
    otherwise = OTHERWISE[type(ad().__dict__[name])]
    assert believed_hash(row(ad(), **{name: otherwise})) not in (None, believed_hash(row(ad())))


@pytest.mark.parametrize("name", sorted(set(Posting.model_fields) - set(BELIEVED)))
def test_what_life_and_matching_write_does_not_tell(name: str) -> None:
    assert believed_hash(row(ad(), **{name: "x"})) == believed_hash(row(ad()))


def test_what_stands_in_one_text_is_not_taken_for_the_same_in_another() -> None:
    split = [row(ad(), description_text="harbour" * a, description_html="harbour" * (3 - a)) for a in range(4)]
    assert len({believed_hash(one) for one in split}) == 4


PLACES: list[tuple[str, Any]] = [
    ("external_id", "{}"), ("title", "a{}b"), ("company", "{}"), ("description_text", "a{}"), ("description_html", "{}b"),
    ("tags", ["a", "{}"]), ("skills_because", {"{}": "title"}), ("skills_because", {"Go": "{}"}),
    ("locations", [{"city": "{}", "region": None, "country": "NL"}]),
]  # fmt: skip


def filled(shape: Any, said: str) -> Any:
    if isinstance(shape, dict):
        return {filled(key, said): filled(value, said) for key, value in shape.items()}
    if isinstance(shape, list):
        return [filled(one, said) for one in shape]
    return shape.format(said) if isinstance(shape, str) else shape


@pytest.mark.parametrize(("name", "shape"), PLACES)
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("\x00", False), ("\ud800", False), ("é\x00", False),
        (r"\u0000", True), ("\\\\u0000", True), ("\x01", True), ("é", True), ("日本", True), ("😀", True), ("\xff", True),
    ],
)  # fmt: skip
def test_c02_text_that_databases_refuse_is_found_wherever_it_stands(
    name: str, shape: Any, said: str, kept: bool
) -> None:
    assert (believed_hash(row(ad(), **{name: filled(shape, said)})) is not None) is kept


ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("\x00\ud800\\u0"), max_size=20)


@given(ANY_TEXT, st.lists(ANY_TEXT, max_size=3), st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3), ANY_TEXT)
def test_a_row_has_a_hash_where_nothing_must_be_taken_out_of_it_and_always_afterwards(
    title: str, tags: list[str], because: dict[str, str], description: str
) -> None:
    said = row(ad(), title=title, tags=tags, skills_because=because, description_text=description)
    clean = {name: storable(value) for name, value in said.items()}
    assert (believed_hash(said) is not None) is (clean == said)
    assert believed_hash(clean) == believed_hash(dict(reversed(clean.items())))
    assert believed_hash(clean) is not None


def as_formerly(posting: Posting) -> str:
    """The hash that stood in ``believed_hash`` before: 96 bits of BLAKE2b over JSON of all that is believed."""
    said = [posting.__dict__[name] for name in BELIEVED]
    values = [value.hex() if isinstance(value, bytes) else value for value in said]
    return hashlib.blake2b(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()


def test_ads_stored_with_a_hash_of_the_former_kind_have_not_changed(engine: Engine) -> None:
    """After an upgrade the first run says of each ad whether it changed, and leaves a hash of today's kind."""
    before = [ad(1), ad(2, tags=["é", "日本"], signature=b"\x00\xff"), ad(3)]
    save(engine, *before)
    with writing(engine) as conn:
        for one in before:
            said = {"was": as_formerly(one), "key": one.posting_key}
            conn.execute(text("UPDATE sighting SET believed_hash = :was WHERE posting_key = :key"), said)
        conn.execute(text("UPDATE posting SET to_match = FALSE"))
    again = [one.model_copy(update={"last_seen": NOON + DAY}) for one in before]
    again[2] = again[2].model_copy(update={"title": "Architect"})
    for expected in ((2, 1), (3, 0)):
        with writing(engine) as conn:
            run_id = store.start_run(conn, kind="crawl", now=NOON + DAY)
            saved = store.save_postings(conn, again, run_id=run_id, now=NOON + DAY)
        assert (saved.unchanged, saved.changed) == expected
    with reading(engine) as conn:
        stored = conn.execute(ads("posting_key", "believed_hash", "to_match")).all()
        changed = read.history(conn, again[2].posting_key)
    assert {one.posting_key: (one.believed_hash, bool(one.to_match)) for one in stored} == {
        one.posting_key: (believed_hash(one.__dict__), one is again[2]) for one in again
    }
    assert [one["field"] for one in changed] == ["title"]


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_s04_unchanged_readings_in_any_order_come_to_the_same_sights(
    engine: Engine, order: tuple[int, ...], live: bool
) -> None:
    for n in order:
        with writing(engine) as conn:
            run_id = f"2026110{n + 1}T000000.000"
            store.save_postings(conn, [ad(1, at=NOON + n * HOUR), ad(2)], run_id=run_id, now=NOON, live=live)
    with reading(engine) as conn:
        wanted = ads("first_seen", "last_seen", "read_at", "last_run")
        seen = conn.execute(wanted.where(POSTING.c.external_id == "1")).one()
    assert (seen.first_seen, seen.last_seen, seen.read_at) == (NOON, NOON + 2 * HOUR, NOON + 2 * HOUR)
    assert seen.last_run == "20261103T000000.000"


@pytest.mark.postgresql
def test_one_writer_at_a_time_stores_ads_of_a_board(postgresql: str) -> None:
    """Two that came to the same ads in another order would wait for each other for ever."""
    served = open_database(postgresql)
    save(served, ad(1), ad(2), ad(1, board="other"))

    def seen_again(which: Posting) -> None:
        with writing(served) as conn:
            conn.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            store.save_postings(conn, [which], run_id="2", now=NOON + DAY)

    with writing(served) as conn:
        store.save_postings(conn, [ad(1, at=NOON + DAY)], run_id="2", now=NOON + DAY)
        with pytest.raises(DatabaseProblem):
            seen_again(ad(2, at=NOON + DAY))
        seen_again(ad(1, board="other", at=NOON + DAY))
    seen_again(ad(2, at=NOON + DAY))
    with reading(served) as conn:
        assert set(conn.scalars(ads("last_seen"))) == {NOON + DAY}
    served.dispose()
