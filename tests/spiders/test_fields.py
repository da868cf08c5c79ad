"""Expressions over records: tables of (record, declaration, found), and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.bases.fields import (
    All,
    Always,
    Context,
    Joined,
    Places,
    Plain,
    Sections,
    Template,
    Where,
    expression,
    says_something,
)

RECORD = {
    "id": 7,
    "none": None,
    "blank": "  ",
    "zero": 0,
    "company": {"name": "Larkspur Ledger"},
    "offices": [{"name": "Leeds"}, {"name": None}, {"name": "Bristol"}],
    "places": [{"city": "Leeds", "country": "GB"}, {"city": "", "country": "IE"}, "Remote"],
    "meta": [{"name": "Level", "value": "II"}, {"name": "Type", "value": ["a", "b"]}],
    "lists": [{"text": "Duties", "content": "<li>a</li>"}, {"text": "", "content": "b"}, {"text": "Empty"}],
    "one": {"name": "alone"},
    "dc:creator": "Somebody",
}


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("id", 7),
        ("company.name", "Larkspur Ledger"),
        ("company.name.first", None),
        ("missing.at.all", None),
        ("offices[].name", ["Leeds", "Bristol"]),
        ("one[].name", ["alone"]),  # a list of one that XML cannot tell from a value
        ("missing[].name", None),
        ("dc:creator", "Somebody"),
        (("none", "blank", "company.name"), "Larkspur Ledger"),
        (("zero", "id"), 0),
        ("/total", 3),
        ("@board", "acme"),
        (Always("true"), "true"),
        ("https://example.com/{@board}/{id}", "https://example.com/acme/7"),
        ("https://example.com/{missing}", None),
        ("https://example.com/{company}", None),
        ("{id|base64}", "Nw=="),
        (Joined("company.name", "none", ("More", "dc:creator")), "Larkspur Ledger\n<h3>More</h3>\nSomebody"),
        (Joined("none"), None),
        (Places("places[]", "city", "country"), ["Leeds, GB", "IE", "Remote"]),
        (Places("missing[]", "city"), None),
        (Where("meta[]", "name", "Level", "value"), "II"),
        (Where("meta[]", "name", ("Type",), "value"), ["a", "b"]),
        (Where("meta[]", "name", "Nothing", "value"), None),
        (Sections("lists", "text", "content"), "<h3>Duties</h3>\n<li>a</li>\nb"),
        (All("company.name", "offices[].name", "company.name"), ["Larkspur Ledger", "Leeds", "Bristol"]),
        (Plain("company"), None),
        (Plain("id"), 7),
    ],
)
def test_finds(declared, found):
    assert expression(declared)(Context(RECORD, {"total": 3}, {"board": "acme"})) == found


@pytest.mark.parametrize("wrong", ["", "a..b", ".a", 7, None, (), ["a"], "{id|rot13}"])
def test_refuses_what_is_no_expression(wrong):
    with pytest.raises((TypeError, ValueError)):
        expression(wrong)


@pytest.mark.parametrize(
    ("declared", "keys"),
    [
        ("a.b[].c", {"a"}),
        (("a", "b.c"), {"a", "b"}),
        ("/root.a", set()),
        ("@board", set()),
        ("x/{a.b}/{c}", {"a", "c"}),
        (Joined("a", ("{h}", "b")), {"a", "h", "b"}),
        (All("a", Where("m[]", "k", "v", "w")), {"a", "m"}),
        (Sections("s[]", "t", "u"), {"s"}),
        (Always(1), set()),
    ],
)
def test_says_which_keys_it_reads(declared, keys):
    assert set(expression(declared).reads()) == keys


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.sampled_from("abcxyz"), inside, max_size=4),
    max_leaves=12,
)
DECLARED = st.sampled_from(
    [
        "a",
        "a.b",
        "a[].b",
        "a[].b[].c",
        ("a", "b.c", "x"),
        "t/{a}/{b.c}",
        Places("a[]", "b", "c"),
        Joined("a", ("h", "b"), "c[]"),
        Where("a[]", "b", "x", "c"),
        Sections("a", "b", "c"),
        All("a", "b[].c", Plain("x")),
        Template("{a}"),
    ]
)


@given(JSON, DECLARED)
def test_never_raises_whatever_the_record(record, declared):
    expression(declared)(Context(record, record, {"board": "b"}))


@given(JSON)
def test_first_alternative_that_says_something_wins(record):
    found = expression(("a", "b"))(Context(record))
    a, b = (expression(k)(Context(record)) for k in "ab")
    assert found == (a if says_something(a) else b if says_something(b) else None)
