"""Laws of cleaning: it never raises, it gives what both databases can store, and it repeats itself."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.clean import clean, dates, language, personal, place, region, remote, salary, sections, text, title, url
from flows.clean.company import company, key
from spiders.items import RawPosting
from storage.models import Posting, Rejection

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)

NASTY = (
    "", " ", "\x00", "\ud800", "\udfff\ud800", "\u202eevil\u202c", "\ufeff", "NaN", "inf", "-inf", "1e400", "1" + "0" * 400, "-5", "0", "٣٤٥", "½",
    "<script>alert(1)</script>", "&lt;script&gt;", "b'\\xff\\xfe'", "b'abc", "9999-12-31", "0000-00-00", "2026-02-30", "253402300800000", "$", "€€€",
    "$1" + "0" * 400, "k", "1k-2k", "0-0", "a@b", "+1", "http://", "http://[::1", "//", "javascript:alert(1)", "Remote (", "((((", ")))", "||||", "a|b|c|d",
    "UTC+99", "CET +/- 3", "US, CA, UK", "Ãƒ", "\U0001f600" * 50, "e\u0301" * 30, "日本", "مرحبا", "\n" * 50, "<" * 500, "&" * 500, "- " * 300,
)  # fmt: skip
words = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=60),
    st.lists(
        st.sampled_from(
            [*NASTY, "Remote", "Berlin", "Germany", "$100k - $120k per year", "Engineer", "|", ", ", " - "]
        ),
        max_size=6,
    ).map(" ".join),
)
many = st.one_of(st.none(), words, st.lists(words, max_size=3))


@st.composite
def records(draw: st.DrawFn) -> RawPosting:
    """A RawPosting whose every field is hostile."""
    said: dict[str, Any] = {
        name: draw(many if "list" in str(field.annotation) else st.one_of(st.none(), words))
        for name, field in RawPosting.model_fields.items()
        if name not in {"source", "external_id", "url", "title", "board", "payload", "tags"}
    }
    addresses = [
        "https://example.com/1",
        "http://example.com/?utm_source=x&a=1",
        "ftp://x",
        "nonsense",
        "https://exa mple.com/ü",
    ]
    said |= {
        "source": "board",
        "board": draw(words),
        "external_id": draw(words.filter(bool)),
        "title": draw(words.filter(bool)),
        "url": draw(st.sampled_from(addresses)),
        "tags": draw(st.one_of(st.none(), st.lists(words, max_size=3))),
    }
    return RawPosting.model_construct(**said)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [one for pair in value.items() for item in pair for one in _texts(item)]
    if isinstance(value, list):
        return [one for item in value for one in _texts(item)]
    return []


def _assert_storable(row: Posting | Rejection) -> None:
    for said in _texts(row.model_dump(mode="python")):
        said.encode("utf-8")  # a lone surrogate raises
        assert "\x00" not in said
    for value in row.model_dump().values():
        assert not isinstance(value, float) or math.isfinite(value)
        assert not isinstance(value, dt.datetime) or value.tzinfo is not None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_c02_any_record_becomes_storable_postings_or_a_rejection(raw: RawPosting) -> None:
    found = clean(raw, now=NOW)
    rows = found if isinstance(found, list) else [found]
    assert rows
    for row in rows:
        _assert_storable(row)
    assert clean(raw, now=NOW) == found


@settings(max_examples=60, deadline=None)
@given(words)
def test_every_reader_takes_any_text(said: str) -> None:
    plain = text.readable(said)
    assert text.readable(plain.text).text == text.readable(text.readable(plain.text).text).text
    assert not [c for c in plain.text if unicodedata.category(c) in {"Cs", "Cc"} and c not in "\n\t"]
    safe = text.storable(said)
    title.title(said)
    company(said, text=safe)
    dates.moment(said, now=NOW)
    place.read(safe)
    place.is_place(safe)
    remote.flag(safe)
    remote.remote(remote.Said(text=safe))
    region.in_text(safe)
    salary.number(said)
    salary.pay(salary.Fields(safe, safe, safe, safe, safe, safe), safe, salary.Context())
    language.identify(safe)
    language.stated(said)
    personal.masked(safe, "DE")
    covered = sections.sections(safe)
    assert all(0 <= part.start <= part.end <= len(safe) for part in covered)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_a_canonical_address_is_canonical(tail: str) -> None:
    once = url.canonical("https://Example.com/jobs/" + tail)
    assert once is None or url.canonical(once) == once


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    once = key(name)
    assert once is None or " " not in once


@given(st.floats(1, 1e6), st.floats(1, 1e6))
@settings(max_examples=60, deadline=None)
def test_pay_is_ordered_and_positive(one: float, other: float) -> None:
    low, high = sorted((round(one), round(other)))
    found = salary.pay(
        salary.Fields(least=str(low), most=str(high), currency="EUR", period="year"), "", salary.Context()
    )
    if found.least is not None and found.most is not None:
        assert 0 < found.least <= found.most


@pytest.mark.parametrize("field", ["title", "description", "location", "salary", "company", "posted", "external_id"])
def test_c02_a_megabyte_in_a_field_is_borne(field: str) -> None:
    said = {"source": "s", "external_id": "1", "url": "https://example.com/1", "title": "Engineer"} | {
        field: "lorem <b>x</b> 1 " * 65_000
    }
    found = clean(RawPosting(**said), now=NOW)
    rows = found if isinstance(found, list) else [found]
    for row in rows:
        _assert_storable(row)
        assert len(row.model_dump_json()) < 1_000_000


@pytest.mark.parametrize("field", ["title", "company"])
def test_c02_what_a_name_had_to_lose_is_said(field: str) -> None:
    def doubts(value: str) -> list[str]:
        said = {"source": "s", "external_id": "1", "url": "https://example.com/1", "title": "Engineer", field: value}
        found = clean(RawPosting(**said), now=NOW)
        assert isinstance(found, list)
        assert len(str(getattr(found[0], field))) <= 300
        return [doubt for doubt in found[0].doubts if doubt.startswith(field)]

    assert doubts("Engineer " * 400) == [f"{field}: cut at 300 of 3600 characters"]
    assert doubts("Engi\u202eneer\x00") == [f"{field}: NUL or direction overrides taken out"]
    assert doubts("<b>" * 200 + "Engineer é😀") == []
    assert doubts("Engi\u200bneer Acme") == []


def test_the_order_of_records_changes_nothing() -> None:
    raws = [
        RawPosting(
            source="s",
            external_id=str(n),
            url=f"https://example.com/{n}",
            title="Engineer",
            location=where,
            description="Pay: $50 per hour",
        )
        for n, where in enumerate(["Georgia", "Atlanta, Georgia", "Tbilisi, Georgia", "CA", "US, CA", "Cambridge"])
    ]
    forward = [clean(raw, now=NOW) for raw in raws]
    assert forward == [clean(raw, now=NOW) for raw in reversed(raws)][::-1]


def test_when_a_page_was_read_does_not_change_its_hash() -> None:
    def hashed(**said: str) -> str:
        raw = RawPosting(
            source="s", external_id="1", url="https://example.com/1", title="Engineer", description="Text", **said
        )
        found = clean(raw, now=NOW)
        assert isinstance(found, list)
        return found[0].content_hash

    assert hashed(fetched_at="2026-01-01T00:00:00Z", posted="3 days ago") == hashed(
        fetched_at="2026-02-01T00:00:00Z", posted="5 days ago"
    )
    assert hashed(salary="$1k") != hashed(salary="$2k")
