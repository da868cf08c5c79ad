"""P-09: an ad is stored under the id that its board lists it by, whatever stands in that id."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.believe import believe_lines
from flows.clean.posting import LONGEST_SHORT, ad_id
from flows.land import Landed, Removed, Seen, read_line
from spiders.items import RawPosting

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
ODD = (
    "https://jobs.example.com/?id=1&region=eu&copy=2", "https://jobs.example.com/?id=1&amp;region=eu", "<b>7</b>", "7",
    "re\u0301sume\u0301-7", "r\u00e9sum\u00e9-7", "CafÃ©", "  blanks  within ", "nul\x00id", "\u202eturned", "\x00", "   ", "#", "a#b", "ABC", "abc",
    "x" * 2_000 + "1", "x" * 2_000 + "2", "é" * 501,
)  # fmt: skip


def landed(external_id: str) -> Landed:
    raw = RawPosting(source="example", external_id=external_id, url="https://example.com/7", title="Backend Developer")
    return Landed(raw, raw.model_dump_json(exclude_none=True).encode())


@pytest.mark.parametrize("said", ODD)
def test_p09_what_is_listed_read_removed_and_kept_bears_one_id(said: str) -> None:
    believed = believe_lines([landed(said), Seen(said), Removed(said)], {}, NOW)
    [stored] = [posting.external_id for posting in believed.postings]
    assert [stored] == believed.seen == believed.removed == [one.external_id for one in believed.captures]
    refused = believe_lines([landed(said), read_line(b'{"rejected": {"external_id": "7<b>&lt;"}}', "x:1")], {}, NOW)
    assert [one.external_id for one in refused.rejections] == ["7<b>&lt;"]


def test_p09_ids_that_differ_are_ads_that_differ() -> None:
    known_by = {said: ad_id(said) for said in ODD}
    assert len({*known_by.values()}) == len(ODD)
    assert known_by["ABC"] == "ABC"
    assert known_by["https://jobs.example.com/?id=1&region=eu&copy=2"].endswith("&region=eu&copy=2")


@given(st.text(st.characters(), min_size=1, max_size=700))
def test_an_id_is_storable_bounded_and_its_own(said: str) -> None:
    once = ad_id(said)
    assert 0 < len(once) <= LONGEST_SHORT
    assert "\x00" not in once
    assert once.encode()
    assert ad_id(once) == once
