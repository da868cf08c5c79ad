"""What a board came to, by what happened: states, reasons, and what is written of them."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.items import RawPosting
from spiders.spool import Spool, file_name
from spiders.tally import Tally

NOW = dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC)


def tally(troubles=(), **counts):
    one = Tally("source", "board", NOW)
    for name, value in counts.items():
        setattr(one, name, value)
    for kind in troubles:
        one.trouble(kind, f"{kind} happened")
    return one


@pytest.mark.parametrize(
    ("one", "state", "because"),
    [
        (tally(found=3), "complete", ""),
        (tally(seen=3), "complete", ""),
        (tally(unchanged=True), "complete", ""),
        (tally(), "empty", "the board lists nothing"),
        (tally(["site"], found=3), "partial", "site: site happened"),
        (tally(["blocked"], seen=3), "partial", "blocked: blocked happened"),
        (tally(["blocked"]), "blocked", "blocked: blocked happened"),
        (tally(["rate_limited", "site"]), "rate_limited", "rate_limited: rate_limited happened"),
        (tally(["gone"]), "failed", "gone"),
        (tally(["gone"], found=1), "partial", "gone: gone happened"),
        (tally(["skipped"]), "skipped", "skipped: skipped happened"),
        (tally(["short"]), "failed", "short: short happened"),
        (tally(["spider"], found=1), "partial", "spider: spider happened"),
        (tally(rejected=4, listed=4), "failed", "4 of 4 records could not be read"),
        (tally(rejected=1, found=9, listed=10), "complete", ""),
        (
            tally(rejected=1, unnamed=1, found=9, listed=10, catalogue=True),
            "partial",
            "1 of 10 records could not be read",
        ),
        (tally(rejected=1, unnamed=1, found=9, listed=10, catalogue=False), "complete", ""),
    ],
)
def test_state_and_reason(one, state, because):
    assert (one.state(), one.because()) == (state, because)


@given(
    st.lists(st.sampled_from(["blocked", "rate_limited", "gone", "skipped", "site", "unreadable", "short", "spider"])),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_trouble_never_looks_green(troubles, found, seen):
    one = tally(troubles, found=found, seen=seen)
    assert (one.state() in {"complete", "empty"}) == (not troubles)
    assert bool(one.because()) == (one.state() != "complete")


def test_validators_are_forgotten_unless_the_list_was_read_whole():
    kept = {"https://example.com": {"etag": "x"}}
    assert tally(found=1, validators=kept).outcome(NOW)["validators"] == kept
    assert tally(["site"], found=1, validators=kept).outcome(NOW)["validators"] == {}


def test_the_first_twenty_reasons_are_kept_in_words_and_all_are_counted():
    one = tally()
    for n in range(50):
        one.trouble("site", f"page {n}: http 503")
    assert len(one.errors) == 20
    assert one.outcome(NOW)["troubles"] == {"site": 50}


def test_segments_are_renamed_when_whole_and_before_the_outcome(tmp_path):
    spool = Spool(tmp_path, cut_lines=2)
    for n in range(5):
        spool.posting(
            RawPosting(source="s", external_id=str(n), url="https://example.com", title="Cook", board="a/b~c")
        )
    assert sorted(f.name for f in tmp_path.iterdir()) == [
        "s~a%2Fb%7Ec~000001.jsonl",
        "s~a%2Fb%7Ec~000002.jsonl",
        "s~a%2Fb%7Ec~000003.jsonl.part",
    ]
    spool.outcome(Tally("s", "a/b~c", NOW, found=5).outcome(NOW))
    assert not list(tmp_path.glob("*.part"))
    lines = [s for f in sorted(tmp_path.glob("s~*.jsonl")) for s in f.read_text().splitlines()]
    assert [json.loads(s)["external_id"] for s in lines] == list("01234")
    assert json.loads((tmp_path / "outcomes.jsonl").read_text())["found"] == 5


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_board_has_a_file_name_of_its_own_inside_the_folder(one, other):
    name = file_name("s", one, 1)
    assert "/" not in name
    assert name.count("~") == 2
    assert len(name.encode()) < 255
    assert (name == file_name("s", other, 1)) == (one == other)
