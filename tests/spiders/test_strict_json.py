"""JSON by the standard: what is not is marked in its own record (P-04, P-05)."""

from __future__ import annotations

import contextlib
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.bases.reading import Unreadable
from spiders.bases.strict_json import loads, unbroken, why_broken
from spiders.reading import read_answer

AD = '{"id": 1, "url": "https://remotive.com/remote-jobs/x-1", "title": "Backend Engineer", %s"description": "x"}'
GOOD = AD % ""


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('"salary": NaN, ', "bad_number"),
        ('"salary": Infinity, ', "bad_number"),
        ('"salary": 1e999, ', "bad_number"),
        (f'"salary": {10**400}, ', "bad_number"),
        ('"title": "Another", ', "duplicate_key"),
        ('"x": {"y": [{"z": -Infinity}]}, ', "bad_number"),
        (f'"x": {"[" * 100}{"]" * 100}, ', "too_deep"),
    ],
)
def test_p05_rejects_the_one_record_and_reads_the_others(bad, reason):
    body = f'{{"jobs": [{AD % bad}, {GOOD}]}}'.encode()
    reading = read_answer("remotive", body)
    assert [u.reason for u in reading.unread] == [reason]
    assert [p.title for p in reading.postings] == ["Backend Engineer"]
    assert json.loads(reading.unread[0].raw)["id"] == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"jobs": [1,]}', "not_json"),
        (b'{"jobs": [', "not_json"),
        (b"<!doctype html><html></html>", "not_json"),
        (b'{"jobs": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "too_deep"),
        (b'{"error": "maintenance"}', "no_records"),
        (b'"jobs"', "no_records"),
    ],
)
def test_p04_p05_an_answer_that_cannot_be_read_says_why(body, reason):
    with pytest.raises(Unreadable) as caught:
        read_answer("remotive", body)
    assert caught.value.reason == reason


@pytest.mark.parametrize("body", [b"", b"  \n", b"[]", b'{"jobs": []}', b'{"jobs": null}'])
def test_p01_an_empty_list_is_no_error(body):
    assert read_answer("remotive", body).records == 0


@pytest.mark.parametrize("encoded", [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.encode("utf-16")])
def test_p05_a_byte_order_mark_is_tolerated(encoded):
    assert loads(encoded)["id"] == 1


def test_p06_bytes_that_are_not_utf8_are_read_as_windows_text():
    assert loads('{"a": "Café – naïve"}'.encode("cp1252")) == {"a": "Café – naïve"}


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**15), 10**15)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(codec="utf-8")),
        lambda inside: st.lists(inside) | st.dictionaries(st.text(st.characters(codec="utf-8")), inside),
    )
)
def test_reads_what_another_reader_reads(value):
    said = orjson.dumps(value)
    assert loads(said) == orjson.loads(said)
    assert why_broken(loads(said)) == ""
    assert unbroken(loads(said)) == orjson.loads(said)


@given(st.binary(max_size=200))
def test_never_raises_anything_else(body):
    with contextlib.suppress(Unreadable):
        loads(body)
