"""The tree of a page is BeautifulSoup's own: each function gives what it stands for."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement
from hypothesis import example, given
from hypothesis import strategies as st

from spiders.bases.soup import html_in, html_of, page_of, words_of
from spiders.replay import recordings

PARTS = (
    *("<p>", "</p>", "<li>", "</li>", "<ul>", "</ul>", "<b>", "</b>", "<i>", "</i>", "<a href='/1?a=1&amp;b=\"2\"'>"),
    *("<td>", "<table>", "</table>", "<tr>", "<html lang=de>", "<body class=late>", "</body>", "</html>", "<head>"),
    *("<pre> \n</pre>", "<textarea>", "</textarea>", "<script>a < b && c</script>", "<style>a > b</style>"),
    *("<template>", "</template>", "<ruby>k<rp>(</rp><rt>か</rt><rp>)</rp></ruby>", "<rt>", "</rt>", "<rp>"),
    *("<br>", "<br/>", "<img src=a.png alt>", "</br>", "<input disabled>", "<hr>text</hr>", "<o:p>", "</o:p>"),
    *("<div class='a  b\ta' ID=x>", "<DIV CLASS=B>", "</div>", "<a rel='nofollow me' class=''>", "<td headers='x y'>"),
    *("<meta charset=latin-1>", "<meta http-equiv=Content-Type content='text/html; charset=utf-8'>", "<title>"),
    *("<!-- a -- b -->", "<?php echo 1 ?>", "<!doctype html>", "<![CDATA[x]]>", "<svg viewBox='0'><path/></svg>"),
    *(" ", "\n", "\t \n", " ", "text", "a & b", "&amp;", "&nbsp;", "&lt;p>", "5 > 3", "Zoë", "日本", '"', "<", "</"),
)
pages = st.lists(st.sampled_from(PARTS), max_size=30).map("".join) | st.text("<>/ab !-='\" \n&;é", max_size=60)


def links(element: PageElement, place: dict[int, int]) -> dict[str, Any]:
    """Everything that BeautifulSoup stores of an element, with the elements that it knows by their places."""
    said = {}
    for name in (*vars(element), "next_element", "previous_element", "next_sibling", "previous_sibling", "parent"):
        value = getattr(element, name)
        if name == "contents":
            value = [place[id(one)] for one in value]
        elif isinstance(value, PageElement):
            value = place[id(value)]
        said[name] = value
    return said


def elements(tree: BeautifulSoup) -> list[PageElement]:
    return [tree, *tree.descendants]


def compared(page: bytes) -> tuple[BeautifulSoup, BeautifulSoup]:
    """BeautifulSoup's tree and ours, which are the same in all that the first one stores."""
    theirs, ours = BeautifulSoup(page, "lxml"), page_of(page)
    places = [{id(one): n for n, one in enumerate(elements(tree))} for tree in (theirs, ours)]
    assert len(places[0]) == len(places[1])
    assert (ours.next_element, ours._most_recent_element) == (theirs.next_element, theirs._most_recent_element)
    for mine, said in zip(elements(ours)[1:], elements(theirs)[1:], strict=True):
        assert isinstance(mine, type(said))
        expected = links(said, places[0])
        found = links(mine, places[1])
        assert {name: found.get(name, getattr(mine, name)) for name in expected} == expected
        assert mine == said
        if isinstance(said, Tag):
            assert {n: type(v) for n, v in mine.attrs.items()} == {n: type(v) for n, v in said.attrs.items()}
    return theirs, ours


@given(pages)
@example("<pre> \t</pre> \t<p> \n </p>")
@example("<pre><textarea> \t</textarea> \t</pre> \t")
@example("<rt>a<!-- b --><i>c</i></rt>d<template><script>e</script>f</template>g")
def test_the_tree_is_that_of_beautifulsoup(page: str) -> None:
    theirs, ours = compared(page.encode())
    assert str(ours) == str(theirs)
    for tag in theirs.find_all(True):
        assert html_of(tag) == str(tag)
        assert html_in(tag) == tag.decode_contents()
        assert words_of(tag) == " ".join(tag.get_text(" ").split())
    assert html_of(ours) == str(theirs)
    assert html_in(ours) == theirs.decode_contents()
    assert words_of(ours) == " ".join(theirs.get_text(" ").split())


def test_the_recorded_pages_are_those_of_beautifulsoup() -> None:
    pages = [e.answer() for r in recordings().values() for e in r.exchanges if e.file.suffix == ".html"]
    assert len(pages) > 20
    for page in pages:
        theirs, ours = compared(page)
        assert html_of(ours) == str(theirs)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>Zoë, Köln".encode(), "Zoë, Köln"),
        ("\N{BOM}<p>Zoë".encode(), "Zoë"),
        ("<meta charset=utf-8><p>Zoë".encode(), "Zoë"),
        ("<meta charset=iso-8859-1><p>Zoë".encode("latin-1"), "Zoë"),
        ("<meta charset=windows-1252><p>€ 90.000".encode("cp1252"), "€ 90.000"),
        ("<meta charset=no-such-thing><p>Zoë".encode(), "Zoë"),
        ("\N{BOM}<p>Zoë".encode("utf-16-le"), "Zoë"),
        ("\N{BOM}<p>Zoë".encode("utf-16-be"), "Zoë"),
    ],
)
def test_a_page_is_read_in_its_encoding(page: bytes, said: str) -> None:
    assert words_of(page_of(page)) == said == " ".join(BeautifulSoup(page, "lxml").get_text(" ").split())


def test_utf_8_that_names_no_encoding_is_not_guessed_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bs4.dammit._chardet_dammit", lambda said: "windows-1252")
    assert words_of(page_of("<p>Zoë".encode())) == "Zoë"


def test_the_tree_can_be_changed_copied_and_written_like_any_other() -> None:
    page = b"<ul><li class='a b'>one<br>two</li><li><p>three</p></li></ul>"
    said = []
    for tree in (BeautifulSoup(page, "lxml"), page_of(page)):
        first, second = tree.find_all("li")
        second.p.decompose()
        second.append(copy.copy(first))
        first.br.replace_with(" & ")
        first["class"], first["title"], first["hidden"] = "a c", 5, None
        first.insert_after(tree.new_tag("li", string="<new>"))
        tree.ul.unwrap()
        said.append((str(tree), html_of(tree), words_of(tree), tree.prettify()))
    assert said[0] == said[1]
    assert said[0][0] == said[0][1]


def test_a_page_as_deep_or_as_long_as_can_be_is_read() -> None:
    for page in ("<div>" * 5000 + "x", "<b></i>" * 5000, "<p>x" * 5000, "&lt;" * 5000, "<a " + "x=1 " * 2500):
        assert html_of(page_of(page.encode())) == str(BeautifulSoup(page.encode(), "lxml"))
