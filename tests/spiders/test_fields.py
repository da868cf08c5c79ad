"""Expressions over records: tables of (record, declaration, found), and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.bases.fields import (
    All,
    Always,
    Cents,
    Coded,
    Context,
    Flag,
    Joined,
    Keys,
    Named,
    Part,
    Pay,
    Place,
    Places,
    Plain,
    Sections,
    Tail,
    Template,
    Unless,
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
    "url": "https://example.com/at/acme-labs/back-end-4711?utm=1#top",
    "hybrid": False,
    "remote": True,
    "way": "2",
    "cents": 1_234_500,
    "tiers": [{"cents": 100, "parts": [{"is": "Salary", "low": 1}, {"is": "Bonus", "low": 2}]}],
    "skills_header": "You bring",
    "skills": "Go",
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
        ("https://{@tenant|www}.example.com/{id}", "https://www.example.com/7"),
        ("https://{@board|www}.example.com/{id}", "https://acme.example.com/7"),
        (Joined("company.name", "skills", headed="{}_header"), "Larkspur Ledger\n<h3>You bring</h3>\nGo"),
        (Part("url", r"/at/([^/]{1,100})/"), "acme-labs"),
        (Part("url", r"/jobs/(\d+)"), None),
        (Part("company", r"(.)"), None),
        (Part("id", r"(\d)"), "7"),
        (Named("url", r"/at/([^/]{1,100})/"), "Acme Labs"),
        (Tail("url"), "back-end-4711"),
        (Tail("url", after="-"), "4711"),
        (Tail("dc:creator", after="-"), "Somebody"),
        (Tail("company"), None),
        (Flag("remote", "remote"), "remote"),
        (Flag("hybrid", "hybrid"), None),
        (Flag("none", "hybrid"), None),
        (Flag("way", "hybrid"), "2"),  # what is no flag is given as it stands, and so reported
        (Coded("way", {"0": None, "2": "hybrid"}), "hybrid"),
        (Coded("id", {"0": None, "2": "hybrid"}), 7),
        (Unless("dc:creator", "Somebody", "name"), None),
        (Unless("company.name", "name"), "Larkspur Ledger"),
        (Cents("cents"), 12345.0),
        (Cents("tiers[].cents"), [1.0]),
        (Cents("dc:creator"), "Somebody"),
        (Keys("company"), ["name"]),
        (Keys("id"), None),
        (Place("company.name", ("none", "one"), "one.name", "blank"), "Larkspur Ledger, alone"),
        (Place("missing"), None),
        (Places(("missing[]", "places[]"), "city"), ["Leeds", "Remote"]),
        (Where("tiers[].parts[]", "is", "Salary", "low"), 1),
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
        (Part(("a.b", "c"), "(.)"), {"a", "c"}),
        (Tail("a.b"), {"a"}),
        (Flag("a.b", "c"), {"a"}),
        (Unless("a.b", "c"), {"a"}),
        (Cents("a[].b"), {"a"}),
        (Keys("a.b"), {"a"}),
        (Place("a.b", ("c", "d")), {"a", "c", "d"}),
        (Joined("a", headed="{}_h"), {"a", "a_h"}),
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
        Part("a", "(.)"),
        Named("a.b", "(.)"),
        Tail(("a", "b[].c"), after="-"),
        Flag("a", "b"),
        Coded("a.b", {"0": None}),
        Unless("a", "b"),
        Cents("a[].b"),
        Keys("a"),
        Place("a", "b.c", ("x", "y")),
        Places(("a[]", "b"), "c"),
        Where("a[].b[]", "c", "x", "y"),
        Joined("a", "b", headed="{}_x"),
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


def test_pay_is_four_declarations_in_one():
    record = {"low": 1, "high": 2, "parts": [{"is": "Bonus", "a": 9}, {"is": "Salary", "a": 3, "c": "EUR"}]}
    assert {name: find(Context(record)) for name, find in Pay("low", ("none", "high")).fields.items()} == {
        "salary_min": 1,
        "salary_max": 2,
    }
    said = Pay.where("parts[]", "is", "Salary", "a", "b", "c", "d").fields
    assert {name: find(Context(record)) for name, find in said.items()} == {
        "salary_min": 3,
        "salary_max": None,
        "salary_currency": "EUR",
        "salary_period": None,
    }
