"""The gates before a board is stored and before files are switched."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.check import (
    Baseline,
    BoardFacts,
    Fill,
    WholeFacts,
    check_batch,
    check_card,
    check_file,
    check_whole,
    passes,
)
from flows.findings import finding
from spiders.items import RawPosting
from tests.life.world import card

FULL = {"title": 1.0, "url": 1.0, "company": 1.0}


def facts(**said: Any) -> BoardFacts:
    given = {"source": "acme", "board": "b", "state": "complete", "found": 100, "read": 100, "filled": FULL}
    return BoardFacts(**{**given, **said})


def usual(runs: int = 5, **said: Any) -> Baseline:
    return Baseline.of([facts(complete=True, **said) for _ in range(runs)])


def codes(said: BoardFacts, before: Baseline | None = None, **of_card: Any) -> list[str]:
    expect = {"min_postings": 10, "max_postings": 500, "filled": {"company": 0.9}, "change": 0.5}
    return [f.code for f in check_batch(card(expect=expect, **of_card), said, before or Baseline()).findings]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, None),
        ({"found": 10, "read": 10}, None),
        ({"found": 9, "read": 9}, "too_few"),
        ({"found": 0, "read": 0, "state": "empty"}, "too_few"),
        ({"found": 9, "read": 9, "state": "partial"}, None),
        ({"found": 0, "read": 0, "same_list": True}, None),
        ({"found": 500}, None),
        ({"found": 501}, "too_many"),
        ({"filled": {**FULL, "company": 0.9}}, None),
        ({"filled": {**FULL, "company": 0.89}}, "unfilled"),
        ({"filled": {"title": 1.0, "company": 1.0}}, "unfilled"),
        ({"filled": {**FULL, "title": 0.99}}, "unfilled"),
        ({"rejected": 1, "read": 10}, None),
        ({"rejected": 2, "reasons": {"no_title": 2}}, "rejections"),
        ({"rejected": 101, "reasons": {"no_title": 101}}, "rejections_most"),
        ({"duplicates": 1}, None),
        ({"duplicates": 2}, "duplicates"),
        ({"unknown_keys": {"gig": 4}}, "unknown_key"),
        ({"unknown_values": {"remote: moon": 1}}, "unknown_value"),
    ],
)
def test_one_odd_thing_one_finding(said: dict[str, Any], code: str | None) -> None:
    assert codes(facts(**said)) == ([code] if code else [])


def test_small_boards_may_lack_one_optional_field_but_no_title() -> None:
    assert codes(facts(found=3, read=3, filled={**FULL, "company": 0.67}, state="partial")) == []
    assert codes(facts(found=3, read=3, filled={**FULL, "url": 0.67}, state="partial")) == ["unfilled"]


def test_too_few_and_unfilled_keep_a_board_from_complete() -> None:
    rules = card(expect={"min_postings": 10, "max_postings": 500, "filled": {"company": 0.9}})
    few = check_batch(rules, facts(found=3), Baseline())
    assert (few.complete, few.trusted, few.below_min) == (False, True, True)
    bare = check_batch(rules, facts(filled={**FULL, "company": 0.1}), Baseline())
    assert (bare.complete, bare.trusted, bare.below_min) == (False, False, False)
    assert check_batch(rules, facts(found=900), Baseline()).complete


@pytest.mark.parametrize(
    ("now", "runs", "code"),
    [
        (0.80, 5, None),
        (0.79, 5, "fill_fell"),
        (0.59, 5, "fill_lost"),
        (0.0, 2, None),
    ],
)
def test_fill_against_the_boards_own_past(now: float, runs: int, code: str | None) -> None:
    """TRUST 7, field coverage: pass, fail, not enough history."""
    before = usual(runs, filled={**FULL, "salary": 0.9})
    assert codes(facts(filled={**FULL, "salary": now}), before) == ([code] if code else [])


@pytest.mark.parametrize(
    ("new", "runs", "code"), [(50, 5, None), (51, 5, "changed_much"), (100, 2, None), (100, 0, None)]
)
def test_change(new: int, runs: int, code: str | None) -> None:
    assert codes(facts(new=new), usual(runs)) == ([code] if code else [])


def test_a_board_in_the_habit_of_repeating_itself_is_left_alone() -> None:
    habit = usual(duplicates=20)
    assert codes(facts(duplicates=30), habit) == []
    assert codes(facts(duplicates=50), habit) == ["duplicates"]


def test_many_unknown_values() -> None:
    said = facts(unknown_values={"employment_type: gig": 8, "employment_type: vibe": 5})
    assert codes(said) == ["unknown_value", "unknown_value", "unknown_values_many"]


def test_notes_name_only_the_most_frequent() -> None:
    said = facts(unknown_keys={f"key{n}": n for n in range(1, 40)})
    assert len(codes(said)) == 10


def test_a_card_without_thresholds_is_an_error() -> None:
    bare = card(expect={"min_postings": 0, "max_postings": 10, "filled": {}})
    assert [f.code for f in check_card(bare)] == ["no_expectations"]
    assert check_card(card()) == []


def test_facts_survive_their_row() -> None:
    said = facts(
        unknown_keys={"a": 1},
        exceptions=("KeyError",),
        declared_total=7,
        started_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    columns = {name: getattr(said, name) for name in BoardFacts.__slots__ if name not in said.further()}
    assert BoardFacts.of({**columns, "facts": said.further(), "kind": "crawl"}) == said


def test_fill_counts_what_is_said() -> None:
    fill = Fill()
    assert fill.shares() == {}
    fill.add(RawPosting(source="acme", external_id="1", url="https://example.com/1", title="Dev", tags=["a"]))
    fill.add(RawPosting(source="acme", external_id="2", url="https://example.com/2", title="Dev", company="", tags=[]))
    assert fill.records == 2
    shares = fill.shares()
    assert (shares["title"], shares["tags"]) == (1.0, 0.5)
    assert "company" not in shares
    assert "payload" not in shares


@given(
    st.builds(
        BoardFacts,
        source=st.just("acme"),
        state=st.sampled_from(["complete", "partial", "empty", "failed", None]),
        found=st.integers(0, 10**6),
        read=st.integers(0, 10**6),
        new=st.integers(0, 10**6),
        rejected=st.integers(0, 10**6),
        duplicates=st.integers(0, 10**6),
        filled=st.dictionaries(st.text(max_size=5), st.floats(0, 1)),
        unknown_values=st.dictionaries(st.text(max_size=20), st.integers(0, 1000)),
        unknown_keys=st.dictionaries(st.text(max_size=20), st.integers(0, 1000)),
    )
)
def test_any_figures_get_a_verdict(said: BoardFacts) -> None:
    verdict = check_batch(card(), said, usual())
    assert all(f.text.isprintable() for f in verdict.findings)


# ── the whole ───────────────────────────────────────────────────────────────────────────────────────────────────


def whole(**said: int | float) -> WholeFacts:
    given: dict[str, Any] = {
        "open_before": 1000, "opened": 50, "left": 20, "open_after": 1030, "records": 900, "jobs_open": 900,
    }  # fmt: skip
    return WholeFacts(**{**given, **said})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, None),
        ({"open_after": 1029}, "whole_books"),
        ({"open_after": 1031}, "whole_books"),
        ({"rejected": 450}, None),
        ({"rejected": 451}, "whole_rejected"),
        ({"rejected": 9, "records": 9}, None),
        ({"new": 100, "new_without_role": 80, "share_without_role": 0.5}, None),
        ({"new": 100, "new_without_role": 81, "share_without_role": 0.5}, "whole_unclassified"),
        ({"new": 40, "new_without_role": 40, "share_without_role": 0.5}, None),
        ({"unmatched": 1}, "whole_unmatched"),
        ({"jobs_open": 1031}, "whole_jobs"),
    ],
)
def test_whole(said: dict[str, Any], code: str | None) -> None:
    findings = check_whole(whole(**said))
    assert [f.code for f in findings] == ([code] if code else [])
    assert passes(findings) == (code is None)


def test_a_gate_lets_warnings_through() -> None:
    assert passes([finding("late_run", number=1, last=2), finding("run_crashed", run_id="x")])
    assert not passes([finding("run_crashed", run_id="x"), finding("whole_unmatched", loose=1)])


def test_files_hold_what_the_database_says() -> None:
    assert check_file("jobs.csv", 10, 10) == ()
    assert [f.code for f in check_file("jobs.csv", 9, 10)] == ["export_differs"]
