"""Storing postings: idempotent, order-free, older never over newer, one bad row harms nobody (S-04, C-07 to C-09)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, text

from storage import read
from storage.ads import POSTING, SIGHTING, ads
from storage.engine import open_database, reading, writing
from storage.models import Posting
from storage.store import Saved, apply_transitions, assign_jobs, save_postings, start_run, touch_seen
from tests.storage.ads import DAY, HOUR, NOON, ad


def run(engine: Engine, now: Any = NOON) -> str:
    with writing(engine) as conn:
        return start_run(conn, kind="crawl", now=now)


def save(engine: Engine, postings: Sequence[Posting], run_id: str, *, live: bool = True) -> Saved:
    with writing(engine) as conn:
        return save_postings(conn, postings, run_id=run_id, now=NOON, live=live)


def stored(engine: Engine, *names: str) -> list[dict[str, Any]]:
    every = dict.fromkeys([*POSTING.c.keys(), *SIGHTING.c.keys()])
    with reading(engine) as conn:
        return [dict(row._mapping) for row in conn.execute(ads(*(names or every)).order_by(POSTING.c.posting_key))]


def test_what_is_believed_comes_back_as_it_was(engine: Engine) -> None:
    posting = ad(1)
    save(engine, [posting], run(engine))
    believed = {name: value for name, value in posting.__dict__.items() if name != "first_seen"}
    assert {name: stored(engine)[0][name] for name in believed} == believed
    assert stored(engine, "first_seen") == [{"first_seen": NOON}]


def test_s04_the_same_batch_twice_changes_only_when_it_was_seen(engine: Engine) -> None:
    first, second = run(engine), run(engine, NOON + DAY)
    assert (save(engine, [ad(1), ad(2)], first).new) == 2
    before = stored(engine)
    again = save(engine, [ad(2, at=NOON + DAY), ad(1, at=NOON + DAY)], second)
    assert (again.new, again.changed, again.unchanged, again.touched) == (0, 0, 2, [])
    seen = {"last_seen": NOON + DAY, "read_at": NOON + DAY, "last_run": second, "read_run": second}
    assert stored(engine) == [row | seen for row in before]
    with reading(engine) as conn:
        assert conn.scalar(text("SELECT count(*) FROM posting_change")) == 0
        assert conn.scalar(text("SELECT count(*) FROM posting_skill")) == 4


def test_an_ad_that_is_as_it_was_is_not_written_anew(sqlite: str) -> None:
    """Whatever only says when it was seen leaves the row with its texts alone."""
    engine = open_database(sqlite)
    save(engine, [ad(1)], run(engine))
    with writing(engine) as conn:
        conn.exec_driver_sql("CREATE TRIGGER kept BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'written'); END")
    second = run(engine)
    assert save(engine, [ad(1, at=NOON + DAY, content_hash="b")], second).unchanged == 1
    assert save(engine, [ad(1, at=NOON + HOUR)], second).older == 1
    with writing(engine) as conn:
        assert touch_seen(conn, "example", "acme", ["1"], run_id=second, now=NOON + 2 * DAY) == 1
        life = {"posting_key": ad(1).posting_key, "last_seen": NOON + 3 * DAY, "state": "open", "misses": 0}
        apply_transitions(conn, [life], run_id=second, now=NOON + 3 * DAY)
    assert stored(engine, "last_seen", "read_at", "content_hash") == [
        {"last_seen": NOON + 3 * DAY, "read_at": NOON + DAY, "content_hash": "b"}
    ]
    engine.dispose()


def test_p09_a_change_leaves_history_and_new_skills(engine: Engine) -> None:
    first, second = run(engine), run(engine)
    save(engine, [ad(1)], first)
    changed = ad(1, at=NOON + DAY, title="Senior Backend Developer", skills=["Go", "Rust"], content_hash="b")
    saved = save(engine, [changed], second)
    assert (saved.changed, saved.touched) == (1, [changed.posting_key])
    with reading(engine) as conn:
        found = {row["field"]: row for row in read.history(conn, changed.posting_key)}
        skills = list(conn.scalars(text("SELECT skill FROM posting_skill ORDER BY skill")))
    assert set(found) == {"title", "skills"}
    assert (found["title"]["before"], found["title"]["after"]) == ("Backend Developer", "Senior Backend Developer")
    assert found["skills"]["before"] == ["Go", "PostgreSQL"]
    assert (found["title"]["reason"], found["title"]["run_id"], found["title"]["at"]) == ("site", second, NOON + DAY)
    assert skills == ["Go", "Rust"]


def test_a_rule_that_changes_is_told_apart_from_a_site_that_changes(engine: Engine) -> None:
    save(engine, [ad(1)], run(engine))
    save(engine, [ad(1, seniority="senior")], run(engine))
    with reading(engine) as conn:
        assert [row["reason"] for row in read.history(conn, ad(1).posting_key)] == ["rules"]


def test_what_the_site_said_otherwise_but_we_believe_alike_is_no_change(engine: Engine) -> None:
    save(engine, [ad(1)], run(engine))
    saved = save(engine, [ad(1, content_hash="b")], run(engine))
    assert (saved.unchanged, stored(engine, "content_hash")) == (1, [{"content_hash": "b"}])


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_s04_batches_in_any_order_come_to_the_same(engine: Engine, order: tuple[int, ...], live: bool) -> None:
    runs = [run(engine, NOON + n * DAY) for n in range(3)]
    titles = ["Backend Developer", "Backend Engineer", "Backend Developer II"]
    for n in order:
        save(engine, [ad(1, at=NOON + n * DAY, title=titles[n], skills=[titles[n]])], runs[n], live=live)
    assert stored(engine, "title", "first_seen", "last_seen", "last_run") == [
        {"title": titles[2], "first_seen": NOON, "last_seen": NOON + 2 * DAY, "last_run": runs[2]}
    ]
    with reading(engine) as conn:
        assert list(conn.scalars(text("SELECT skill FROM posting_skill"))) == [titles[2]]


def test_c07_a_clock_that_went_back_does_not_make_a_later_run_an_older_one(engine: Engine) -> None:
    first, second = run(engine, NOON), run(engine, NOON - HOUR)
    assert second > first
    save(engine, [ad(1, title="before")], first)
    save(engine, [ad(1, at=NOON - HOUR, title="after")], second)
    assert stored(engine, "title", "last_seen") == [{"title": "after", "last_seen": NOON}]


def test_s04_an_old_file_never_overwrites_what_a_crawl_read_later(engine: Engine) -> None:
    crawl, file = run(engine), run(engine)
    save(engine, [ad(1, title="crawled")], crawl)
    saved = save(engine, [ad(1, at=NOON - DAY, title="from a file")], file, live=False)
    assert saved.older == 1
    assert stored(engine, "title", "first_seen", "last_seen") == [
        {"title": "crawled", "first_seen": NOON - DAY, "last_seen": NOON}
    ]


def test_what_is_believed_anew_is_no_later_sight(engine: Engine) -> None:
    crawl, replay = run(engine), run(engine, NOON + DAY)
    save(engine, [ad(1, title="read so"), ad(2)], crawl)
    sight = stored(engine, *SIGHTING.c.keys(), "first_seen")
    with writing(engine) as conn:
        # the record says when it was read, which is before its crawl ended
        postings = [ad(1, at=NOON - HOUR, title="believed otherwise"), ad(2, at=NOON - HOUR), ad(3, at=NOON - HOUR)]
        saved = save_postings(conn, postings, run_id=replay, now=NOON + DAY, live=False, anew=True)
    assert (saved.new, saved.changed, saved.unchanged) == (1, 1, 1)
    after = {row["posting_key"]: row for row in stored(engine, *SIGHTING.c.keys(), "first_seen", "title")}
    assert after[ad(1).posting_key]["title"] == "believed otherwise"
    for row in sight:
        row["believed_hash"] = after[row["posting_key"]]["believed_hash"]
        assert after[row["posting_key"]].items() >= row.items()
    assert after[ad(3).posting_key]["last_seen"] == NOON - HOUR
    with reading(engine) as conn:
        (changed,) = read.history(conn, ad(1).posting_key)
        assert (changed["field"], changed["at"], changed["reason"]) == ("title", NOON + DAY, "rules")


def test_p09_of_one_ad_twice_in_a_batch_the_later_author_wins_in_any_order(engine: Engine) -> None:
    twice = [ad(1, title="late", updated_at=NOON), ad(1, title="early", updated_at=NOON - DAY)]
    save(engine, twice, run(engine))
    assert stored(engine, "title") == [{"title": "late"}]
    save(engine, twice[::-1], run(engine))
    assert stored(engine, "title") == [{"title": "late"}]


@pytest.mark.parametrize(
    ("name", "value"),
    [("years_min", 2**63), ("salary_min", float("nan")), ("salary_max", float("inf")), ("years_max", -(2**40))],
)
def test_c08_c09_one_row_that_no_database_can_hold_is_rejected_alone(engine: Engine, name: str, value: Any) -> None:
    bad = ad("bad")
    setattr(bad, name, value)
    saved = save(engine, [ad(n) for n in range(9)] + [bad], run(engine))
    assert (saved.new, len(saved.rejections)) == (9, 1)
    assert (saved.rejections[0].reason, saved.rejections[0].external_id) == ("unstorable", "bad")
    assert name in saved.rejections[0].detail


def test_c02_text_that_databases_refuse_is_stored_without_it(engine: Engine) -> None:
    hostile = ad(1, title="Go\x00lang \ud800dev", tags=["a\x00", "\udfff"], skills_because={"\x00Go": "\ud800"})
    save(engine, [hostile, ad(2, title=r"a literal \u0000 stays")], run(engine))
    assert {row["title"] for row in stored(engine, "title")} == {"Golang dev", r"a literal \u0000 stays"}


def test_life_and_matching_survive_a_new_reading(engine: Engine) -> None:
    first, second = run(engine), run(engine)
    save(engine, [ad(1)], first)
    key = ad(1).posting_key
    with writing(engine) as conn:
        assign_jobs(conn, [{"posting_key": key, "job_id": key, "family_id": "f"}])
        closing = {
            "posting_key": key,
            "state": "closed",
            "because": "gone",
            "closed_because": "gone",
            "closed_at": NOON,
        }
        assert apply_transitions(conn, [closing], run_id=first, now=NOON) == 1
    save(engine, [ad(1, at=NOON + DAY, title="Backend Engineer")], second)
    [row] = stored(engine, "title", "job_id", "family_id", "state", "closed_because", "to_match")
    assert row == {
        "title": "Backend Engineer", "job_id": key, "family_id": "f", "state": "closed", "closed_because": "gone",
        "to_match": True,
    }  # fmt: skip


def test_f09_reopening_forgets_the_closing_and_history_shows_both(engine: Engine) -> None:
    run_id = run(engine)
    save(engine, [ad(1)], run_id)
    key = ad(1).posting_key
    with writing(engine) as conn:
        apply_transitions(conn, [{"posting_key": key, "state": "closed", "because": "missed"}], run_id=run_id, now=NOON)
        later = NOON + DAY
        apply_transitions(conn, [{"posting_key": key, "state": "open", "because": "back"}], run_id=run_id, now=later)
        assert apply_transitions(conn, [{"posting_key": key, "state": "open"}], run_id=run_id, now=later) == 0
    assert stored(engine, "state", "closed_at", "closed_because") == [
        {"state": "open", "closed_at": None, "closed_because": None}
    ]
    with reading(engine) as conn:
        changes = [(row["before"], row["after"], row["because"]) for row in read.history(conn, key)]
    assert changes == [("open", "closed", "missed"), ("closed", "open", "back")]


def test_life_never_moves_sightings_apart(engine: Engine) -> None:
    run_id = run(engine)
    save(engine, [ad(1)], run_id)
    said = {"posting_key": ad(1).posting_key, "first_seen": NOON + HOUR, "last_seen": NOON - HOUR, "misses": 2}
    with writing(engine) as conn:
        apply_transitions(conn, [said], run_id=run_id, now=NOON)
    assert stored(engine, "first_seen", "last_seen", "misses") == [{"first_seen": NOON, "last_seen": NOON, "misses": 2}]


def test_listed_again_reaches_the_parts_of_a_split_ad_and_no_other(engine: Engine) -> None:
    first, second = run(engine), run(engine)
    save(engine, [ad("1"), ad("2#backend-developer"), ad("2#data-engineer"), ad("22"), ad("3")], first)
    with writing(engine) as conn:
        assert touch_seen(conn, "example", "acme", ["1", "2", "9"], run_id=second, now=NOON + DAY) == 3
        assert touch_seen(conn, "example", "other", ["3"], run_id=second, now=NOON + DAY) == 0
        # an older sighting changes nothing
        touch_seen(conn, "example", "acme", ["1"], run_id=first, now=NOON - DAY)
    seen = {row["external_id"] for row in stored(engine, "external_id", "last_seen") if row["last_seen"] == NOON + DAY}
    assert seen == {"1", "2#backend-developer", "2#data-engineer"}


def test_an_unchanged_board_refreshes_all_that_is_not_closed(engine: Engine) -> None:
    first, second = run(engine), run(engine)
    save(engine, [ad(1), ad(2)], first)
    with writing(engine) as conn:
        apply_transitions(conn, [{"posting_key": ad(2).posting_key, "state": "closed"}], run_id=first, now=NOON)
        assert touch_seen(conn, "example", "acme", None, run_id=second, now=NOON + DAY) == 1


def test_times_are_written_in_one_form(sqlite: str) -> None:
    """A posting that is only seen again keeps the form of time that sorts as text."""
    engine = open_database(sqlite)
    save(engine, [ad(1), ad(2)], run(engine))
    save(engine, [ad(1, at=NOON + DAY)], run(engine))
    with reading(engine) as conn:
        said = conn.exec_driver_sql("SELECT first_seen, last_seen FROM v_postings").all()
    engine.dispose()
    assert {len(time) for row in said for time in row} == {len("2026-11-01 12:00:00.000000")}
