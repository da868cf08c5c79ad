"""The tree of a page as BeautifulSoup with lxml makes, reads and writes it, in less time.

What takes long there is that each tag may be of any kind of document. Here it is HTML: no namespaces, and what all tags
have in common is said once. The tree is an ordinary one, for everything that BeautifulSoup can do, and each of these
functions is held against what it stands for (``tests/spiders/test_soup.py``).
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from bs4 import BeautifulSoup, Comment, ProcessingInstruction, Tag
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.dammit import EncodingDetector
from bs4.element import AttributeValueList, AttributeValueWithCharsetSubstitution, Doctype, NavigableString, PageElement
from bs4.formatter import HTMLFormatter

_VOID = LXMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or set()
_HOLDERS = LXMLTreeBuilder.DEFAULT_STRING_CONTAINERS
_KEEPERS = LXMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
_LISTS = LXMLTreeBuilder.DEFAULT_CDATA_LIST_ATTRIBUTES
_LISTED = {name: _LISTS["*"] | own for name, own in _LISTS.items()}
_MINIMAL = HTMLFormatter.REGISTRY["minimal"]


def page_of(body: bytes) -> BeautifulSoup:
    """The tree of a page: ``BeautifulSoup(body, "lxml")``; but UTF-8 that names no encoding is not guessed at, and a brace
    in an attribute's name is no namespace.

    Raises:
        bs4.exceptions.ParserRejectedMarkup: lxml takes it for no page.
    """
    return BeautifulSoup(body, builder=_Builder, from_encoding=_encoding(body))


def _encoding(body: bytes) -> str | None:
    """UTF-8 where a page is that and names no other; else None, and BeautifulSoup looks for it.

    It would guess: half of the time that reading an ad's page takes, and by whatever library is installed for that.
    """
    if EncodingDetector.find_declared_encoding(body, is_html=True):
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def words_of(tag: Tag) -> str:
    """The text in a tag, blanks joined: the words of ``tag.get_text(" ")``."""
    kinds: Container[type] = tag.interesting_string_types or Tag.MAIN_CONTENT_STRING_TYPES
    said: list[str] = []
    todo: list[PageElement] = [tag]
    while todo:
        one = todo.pop()
        if isinstance(one, Tag):
            todo += one.contents[::-1]
        elif isinstance(one, NavigableString) and type(one) in kinds:
            said.append(one)
    return " ".join(" ".join(said).split())


def html_of(tag: Tag) -> str:
    """The HTML of a tag, or of a whole page: ``str(tag)``."""
    return html_in(tag) if tag.hidden else _written([tag])


def html_in(tag: Tag) -> str:
    """The HTML in a tag: ``tag.decode_contents()``."""
    return _written(tag.contents[::-1])


def _written(todo: list[Any]) -> str:
    """The HTML of elements, the last one first; a plain text among them is HTML already."""
    written: list[str] = []
    while todo:
        one = todo.pop()
        if isinstance(one, Tag):
            start = f"<{one.name}{_attributes(one)}" if one.attrs else f"<{one.name}"
            if one.contents or not one.can_be_empty_element:
                written.append(start + ">")
                todo.append(f"</{one.name}>")
                todo += one.contents[::-1]
            else:
                written.append(start + "/>")
        elif type(one) is str or (type(one) is NavigableString and not ("&" in one or "<" in one or ">" in one)):
            written.append(one)
        else:
            written.append(one.output_ready(_MINIMAL))
    return "".join(written)


def _attributes(tag: Tag) -> str:
    return "".join([_attribute(name, value) for name, value in sorted(tag.attrs.items())])


def _attribute(name: str, value: Any) -> str:
    if value is None:
        return f" {name}"
    if isinstance(value, (list, tuple)):
        value = " ".join(value)
    elif isinstance(value, AttributeValueWithCharsetSubstitution):
        value = value.substitute_encoding("utf-8")
    elif not isinstance(value, str):
        value = str(value)
    if "&" in value or "<" in value or ">" in value or '"' in value:
        return f" {name}={_MINIMAL.quoted_attribute_value(_MINIMAL.attribute_value(value))}"
    return f' {name}="{value}"'


class _Element(Tag):
    """A tag of a page: what all of them have in common, where BeautifulSoup stores it in each."""

    parser_class = BeautifulSoup
    namespace = None
    _namespaces = dict(LXMLTreeBuilder.DEFAULT_NSMAPS)
    prefix = None
    sourceline = None
    sourcepos = None
    attribute_value_list_class = AttributeValueList
    known_xml = False
    can_be_empty_element = False
    cdata_list_attributes = _LISTS
    preserve_whitespace_tags = _KEEPERS
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    next_element = None
    next_sibling = None
    previous_sibling = None


class _Builder(LXMLTreeBuilder):
    """Makes the tree from what lxml tells: tags that begin and end, and the text between them."""

    def feed(self, markup: Any) -> None:
        assert self.soup is not None
        self.within: list[Tag] = [self.soup]
        self.last: PageElement | None = None
        self.said: list[str] = []
        self.holders: list[Tag] = []
        self.keepers: list[Tag] = []
        super().feed(markup)
        self._text()
        self.soup._most_recent_element = self.last

    def start(self, tag: Any, attrib: Any, nsmap: Any = None) -> None:
        if self.said:
            self._text()
        new = _Element.__new__(_Element)
        new.name = tag
        new.contents = []
        lists = _LISTED.get(tag) or _LISTS["*"]
        new.attrs = self.attribute_dict_class(
            {name: AttributeValueList(value.split()) if name in lists else value for name, value in attrib.items()}
        )
        self._append(new)
        self.within.append(new)
        if tag in _VOID:
            new.can_be_empty_element = True
            self.set_up_substitutions(new)
        if tag in _HOLDERS:
            new.interesting_string_types = {_HOLDERS[tag]}
            self.holders.append(new)
        if tag in _KEEPERS:
            self.keepers.append(new)

    def end(self, tag: Any) -> None:
        if self.said:
            self._text()
        ended = self.within.pop()  # lxml ends what it began, the last one first, whatever the page does
        if self.holders and self.holders[-1] is ended:
            self.holders.pop()
        if self.keepers and self.keepers[-1] is ended:
            self.keepers.pop()

    def data(self, data: Any) -> None:
        self.said.append(data)

    def comment(self, text: Any) -> None:
        self._special(Comment, text)

    def pi(self, target: str, data: str) -> None:
        self._special(ProcessingInstruction, f"{target} {data}")

    def doctype(self, name: str, pubid: str, system: str) -> None:
        self._special(Doctype, Doctype.for_name_and_ids(name, pubid, system))

    def _special(self, kind: type[NavigableString], text: str) -> None:
        self._text()
        self.said.append(text)
        self._text(kind)

    def _text(self, kind: type[NavigableString] = NavigableString) -> None:
        """What was said since the last tag. Blanks alone are one, where the page does not lay them out."""
        if not self.said:
            return
        said = "".join(self.said)
        self.said.clear()
        if not self.keepers and not said.strip(BeautifulSoup.ASCII_SPACES):
            said = "\n" if "\n" in said else " "
        if self.holders and kind is NavigableString:
            kind = _HOLDERS[self.holders[-1].name]
        new = str.__new__(kind, said)
        new.next_element = new.next_sibling = new.previous_sibling = None
        self._append(new)

    def _append(self, new: PageElement) -> None:
        parent = self.within[-1]
        new.parent = parent
        new.previous_element = self.last
        if self.last is not None:
            self.last.next_element = new
        self.last = new
        if parent.contents:
            before = parent.contents[-1]
            new.previous_sibling = before
            before.next_sibling = new
        parent.contents.append(new)
