"""Selectors answered by plain tests give what soupsieve gives."""

from __future__ import annotations

import pytest
import soupsieve
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from spiders.bases.select import _test, every, first
from spiders.bases.soup import page_of
from tests.spiders.test_soup import PARTS, pages

PLAIN = (
    *(".a", ".b", ".B", ".late", "#x", "#X", "[class]", "[ID]", "[href]", "[href^='/1']", "[rel~=me]", "[alt='']"),
    *("[class='a b a']", "[headers*=y i]", "[viewbox]", "[lang|=de]", "[class!=a]", "[type=a]", "[content*=utf]"),
)
ODD = (
    *(":first-child", ":last-of-type", ":nth-child(2n)", ":empty", ":root", ":link", ":scope", ":focus", ":is()"),
    *(":lang(de)", ':-soup-contains("a")', ":only-child", ":checked", ":disabled"),
)
names = st.sampled_from(
    ["p", "li", "ul", "b", "A", "td", "div", "DIV", "*", "o\\:p", "body", "html", "pre", "svg|a", "*|b"]
)
full = st.lists(st.sampled_from(PARTS), min_size=12, max_size=40).map("".join)


def compounds(ends: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """``li``, ``.a``, ``li.a[href]``."""
    return names | ends | st.builds(lambda *said: "".join(said), names, ends, ends | st.just(""))


def chains(compound: st.SearchStrategy[str], by: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """``ul.a li > b``."""
    return compound | st.builds(lambda *said: "".join(said), compound, by, compound)


def selectors(ends: st.SearchStrategy[str], by: st.SearchStrategy[str], kinds: list[str]) -> st.SearchStrategy[str]:
    """With others in brackets: ``li:has(> b):not(.a, ul li)``; and lists of them."""
    inner = st.lists(chains(compounds(ends), by), min_size=1, max_size=2).map(", ".join)
    within = st.builds(str.format, st.sampled_from(kinds), inner)
    return st.lists(chains(compounds(ends | within), by), min_size=1, max_size=2).map(", ".join)


PLAIN_ONES = selectors(
    st.sampled_from(PLAIN), st.sampled_from([" ", " > "]), [":has({})", ":not({})", ":is({})", ":where({})"]
)
ALL = selectors(
    st.sampled_from(PLAIN + ODD),
    st.sampled_from([" ", " > ", " + ", " ~ "]),
    [":has({})", ":has(> {})", ":has(+ {})", ":has(~ {})", ":not({})", ":is({})"],
)


@given(pages | full, PLAIN_ONES | ALL, st.data())
def test_a_selector_means_what_soupsieve_takes_it_for(page: str, css: str, data: st.DataObject) -> None:
    tree = page_of(page.encode())
    tag = data.draw(st.sampled_from([tree, *tree.find_all(True)]))
    expected = tag.select(css)
    assert [id(one) for one in every(tag, css)] == [id(one) for one in expected]
    assert first(tag, css) is (expected[0] if expected else None)


PAGE = b"""<!doctype html><html lang=de><body class="late a"><ul class="jobs list"><li class=job ID=one><h2><a
 href=/jobs/1 class="link a" REL="nofollow me">One</a></h2><td>x<td title="">y</li><li class="job closed"><p lang=en>
 <a name=here>Two</a></p> <b></b></li></ul><div class=a><svg viewBox=0><a href=#></a></svg><ul><ul class=JOBS>
 <li data-x="1 2">three</li></ul></ul><p class="">last</p><input type=RADIO checked></div></body></html>"""


@pytest.mark.parametrize(
    ("css", "plain"),
    [
        ("a", True),
        ("LI", True),
        ("*", True),
        ("li.job.closed", True),
        (".JOBS", True),
        ("#one, .closed", True),
        ("#ONE", True),
        ("ul.jobs > li:has(h2)", True),
        ("body > li", True),
        ("body li", True),
        ("* > html", True),
        (".a .a", True),
        ("li > a", True),
        (".job a:not(.link)", True),
        (":not(li)", True),
        (":not(.a, ul li)", True),
        ("li:is(.closed, #one) a", True),
        ("ul:has(> li)", True),
        ("ul:has(.link)", True),
        ("a[HREF]", True),
        ("[viewbox]", True),
        ("[svg|viewbox]", True),
        ("a[href^='/jobs/']", True),
        ("[rel~=me]", True),
        ("[class='link a']", True),
        ("[type=radio]", True),
        ("[title='']", True),
        ("[class!=a]", True),
        ("td:last-of-type", False),
        ("h2 + td", False),
        ("p ~ b", False),
        ("ul:has(+ div)", False),
        ("a:link", False),
        ("input:checked", False),
        ("svg|a", False),
        ("*|a", False),
        (":is()", False),
        ("p:-soup-contains('a')", False),
        ("li:has(td:first-child)", False),
        (":root", False),
        (":scope > li", False),
        (":empty", False),
        ("p:lang(en)", False),
    ],
)
def test_what_is_plain_is_not_left_to_soupsieve_and_means_the_same(css: str, plain: bool) -> None:
    assert (_test(css) is not None) == plain
    tree = page_of(PAGE)
    found = {tag.name: (every(tag, css), tag.select(css)) for tag in [tree, *tree.find_all(True)]}
    assert all(list(map(id, ours)) == list(map(id, theirs)) for ours, theirs in found.values())


def test_a_tree_of_beautifulsoup_itself_can_be_asked() -> None:
    tree = BeautifulSoup("<ul><li class=a>one<li>two</ul>", "lxml")
    assert every(tree, "li") == tree.select("li")
    assert first(tree, "li:not(.a)") is tree.select_one("li:not(.a)") is not None
    assert first(BeautifulSoup("", "lxml"), "li") is None


def test_what_a_property_changes_in_the_page_is_seen() -> None:
    tree = page_of(b"<ul><li>one<li>two</ul>")
    tree.li.decompose()
    assert [one.get_text() for one in every(tree, "li")] == ["two"]


@pytest.mark.parametrize("css", ["li >", "", "..a", ":nope", "[a"])
def test_what_is_no_selector_is_said_so(css: str) -> None:
    with pytest.raises(soupsieve.SelectorSyntaxError):
        first(page_of(b"<p>"), css)


def test_tags_below_many_levels_are_found_as_soupsieve_finds_them() -> None:
    page = BeautifulSoup("<div class=a>" * 200 + "<p class=b>x<i></i></p><p></p>" + "</div>" * 200 + "<p></p>", "lxml")
    outer = page.select(".a")
    for tag in (outer[0], outer[70], outer[-1], page.select_one(".b")):
        assert tag is not None
        assert every(tag, "p, i") == tag.select("p, i")
        assert first(tag, "i") is tag.select_one("i")
