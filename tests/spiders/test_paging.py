"""How lists go on, and where they end."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from spiders.bases import ByCursor, ByLink, ByNumber, ByOffset, ByPath, InFinder
from spiders.bases.paging import Page, with_query
from spiders.bases.reading import Next

URL = "https://board.example.com/jobs?q=a&page=1"


def page(url=URL, number=1, records=10, listed=None, **more):
    return Page(url, number, records, records * number if listed is None else listed, **more)


@pytest.mark.parametrize(
    ("paging", "said", "following"),
    [
        (ByNumber(), page(), "https://board.example.com/jobs?q=a&page=2"),
        (ByNumber(), page(records=3), "https://board.example.com/jobs?q=a&page=2"),  # a short page is not the last
        (ByNumber(), page(records=0), None),
        (ByNumber(), page(total=10), None),
        (ByNumber(), page(total=11), "https://board.example.com/jobs?q=a&page=2"),
        (ByNumber(first=0, last=1), page(number=2), None),
        (ByNumber(more="more"), page(root={"more": False}), None),
        (ByNumber(more="more"), page(root={"more": True}), "https://board.example.com/jobs?q=a&page=2"),
        (ByNumber(pages="pages"), page(number=2, root={"pages": 2}), None),
        (ByOffset(), page(), "https://board.example.com/jobs?q=a&page=1&offset=10"),
        (ByOffset(), page(records=40, total=90), "https://board.example.com/jobs?q=a&page=1&offset=40"),
        (ByCursor("c", "next"), page(root={"next": "x=/"}), "https://board.example.com/jobs?q=a&page=1&c=x%3D%2F"),
        (ByCursor("c", "next"), page(root={"next": None}), None),
        (ByCursor("c", "next"), page(root={"next": "x"}, records=0), None),
        (ByLink("links.next"), page(root={"links": {"next": "/jobs?p=2"}}), "https://board.example.com/jobs?p=2"),
        (ByLink("links.next"), page(root={"links": {"next": None}}), None),
        (ByLink("links.next"), page(root={"links": {"next": {"href": "/x"}}}), None),
        (
            ByLink(css=".next a:not(.disabled)"),
            page(root=BeautifulSoup('<p class="next"><a href="?page=2">more</a></p>', "lxml")),
            "https://board.example.com/jobs?page=2",
        ),
        (
            ByLink(css=".next a:not(.disabled)"),
            page(root=BeautifulSoup('<p class="next"><a class="disabled" href="">more</a></p>', "lxml")),
            None,
        ),
        (ByPath(), page(url="https://api.example.com/search/1?k=v"), "https://api.example.com/search/2?k=v"),
        (
            InFinder(),
            page(url="https://o.example.com/r?finder=f;limit=10,offset=0"),
            "https://o.example.com/r?finder=f;limit=10,offset=10",
        ),
    ],
)
def test_goes_on(paging, said, following):
    found = paging.after(said)
    assert (found and found.url) == following


def test_a_post_is_paged_in_its_body():
    said = page(url="https://board.example.com/search", body={"limit": 20, "offset": 0}, records=20)
    assert ByOffset().after(said) == Next("https://board.example.com/search", {"limit": 20, "offset": 20})


@given(st.integers(0, 500), st.integers(1, 60), st.booleans())
def test_an_offset_lists_every_record_once_whatever_the_page_size(total, size, stated):
    """A board of ``total`` records that gives at most ``size`` a page, whatever it is asked for."""
    listed, number, at = 0, 0, 0
    while True:
        got = min(size, max(0, total - at))
        listed, number = listed + got, number + 1
        more = ByOffset().after(page(number=number, records=got, listed=listed, total=total if stated else None))
        if more is None:
            break
        at = int(more.url.rpartition("=")[2])
        assert at == listed
    assert listed == total


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text(max_size=5), max_size=4), st.integers())
def test_a_set_parameter_stands_once(query, value):
    url = with_query("https://example.com/x", **query)
    assert with_query(with_query(url, page=1), page=value) == with_query(url, page=value)
