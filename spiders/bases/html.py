"""A board that is a web page, read by a page object: small properties over BeautifulSoup, no network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from bs4 import Tag
from bs4.element import NavigableString

from spiders.bases.board import BoardSpider
from spiders.bases.fields import Context
from spiders.bases.reading import Unreadable
from spiders.bases.select import every, first
from spiders.bases.soup import html_in, html_of, page_of, words_of
from spiders.bases.source import FIELDS, Answer
from spiders.errors import WriterError


class _Said:
    """A field of an HTML record: the page object has read it already."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, context: Context) -> Any:
        return context.record.get(self.name)

    def reads(self) -> Iterator[str]:
        yield self.name


class Text(property):
    """The text of the first match of a selector: ``title = Text("h2")``."""

    def __init__(self, css: str) -> None:
        super().__init__(lambda page: page.text(css))


class Texts(property):
    """The texts of all matches."""

    def __init__(self, css: str) -> None:
        super().__init__(lambda page: page.texts(css))


class Own(property):
    """The text of the first match itself, without that of the elements in it; or one of its lines, counted from 0."""

    def __init__(self, css: str, line: int | None = None) -> None:
        super().__init__(lambda page: page.own(css, line))


class Attribute(property):
    """An attribute of the first match: ``url = Attribute("a", "href")``."""

    def __init__(self, css: str, name: str) -> None:
        super().__init__(lambda page: page.attribute(css, name))


class Inside(property):
    """The HTML inside the first match; of the piece itself without a selector."""

    def __init__(self, css: str = "") -> None:
        super().__init__(lambda page: page.inside(css))


class Slug(property):
    """The last segment of the address that the first match links to; without a selector, of the page's own address."""

    def __init__(self, css: str = "") -> None:
        super().__init__(lambda page: last_segment(page.attribute(css, "href") if css else page.at))


class Segment(property):
    """The segment that follows a word in the address that the first match links to: ``Segment("a", after="jobs")``."""

    def __init__(self, css: str, after: str) -> None:
        super().__init__(lambda page: segment_after(page.attribute(css, "href"), after))


class PageObject:
    """A piece of a page. Its properties are named like the fields of RawPosting; None where nothing stands.

    Most are one of the forms above (``title = Text("h2")``); any other is a property with a body of its own.
    ``root``: CSS selector of the piece in its page; empty for the whole page.
    """

    root: ClassVar[str] = ""
    fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        said = [n for n, v in vars(cls).items() if isinstance(v, property)]
        for name in said:
            if name not in FIELDS:
                raise WriterError(f"{cls.__name__}.{name}: no field of RawPosting")
        cls.fields = (*cls.fields, *said)

    def __init__(self, tag: Tag, url: str = "") -> None:
        self.tag = tag
        self.at = url

    def text(self, css: str) -> str | None:
        """The text of the first match, blanks joined."""
        found = first(self.tag, css)
        return words_of(found) or None if found else None

    def texts(self, css: str) -> list[str]:
        """The texts of all matches."""
        return [said for one in every(self.tag, css) if (said := words_of(one))]

    def attribute(self, css: str, name: str) -> str | None:
        """An attribute of the first match."""
        found = first(self.tag, css)
        value = found.get(name) if found else None
        return str(value) if value else None

    def own(self, css: str, line: int | None = None) -> str | None:
        """The text that stands in the first match itself, not in an element of it; or one of its lines, from 0."""
        found = first(self.tag, css)
        said = [" ".join(one.split()) for one in found.contents if isinstance(one, NavigableString)] if found else []
        lines = [one for one in said if one]
        return (" ".join(lines) if line is None else "".join(lines[line : line + 1])) or None

    def inside(self, css: str = "") -> str | None:
        """The HTML inside the first match, or inside the piece itself."""
        found = first(self.tag, css) if css else self.tag
        return html_in(found).strip() or None if found else None

    def said(self) -> dict[str, Any]:
        """All properties that say something."""
        return {name: value for name in self.fields if (value := getattr(self, name))}

    @classmethod
    def read_page(cls, body: bytes, url: str) -> tuple[dict[str, Any], Any] | None:
        """As a DetailPage: the first piece that ``root`` selects."""
        soup = page_of(body)
        tag = first(soup, cls.root) if cls.root else soup
        if tag is None:
            return None
        page = cls(tag, url)
        return page.said(), {"html": html_of(tag)}


def last_segment(url: str | None) -> str | None:
    """The last segment of an address's path."""
    return _path(url).rstrip("/").rpartition("/")[2] or None


def segment_after(url: str | None, word: str) -> str | None:
    """The segment of an address's path that follows another one."""
    parts = _path(url).split("/")
    return parts[parts.index(word) + 1] or None if word in parts[:-1] else None


def _path(url: str | None) -> str:
    try:
        return urlsplit(url or "").path
    except ValueError:
        return ""  # brackets around what is no address: that ad has no id, the others have


class HtmlBoard(BoardSpider, abstract=True):
    """Declare ``row``, the page object of one row of the list, and ``page``, that of an ad's own page."""

    row: ClassVar[type[PageObject]]
    empty: ClassVar[str] = ""
    """CSS selector of what the page shows when it lists nothing; without a row and without it, the page changed."""

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        row = vars(cls).get("row")
        if row is not None:
            for name in row.fields:
                setattr(cls, name, _Said(name))
        cls.known = "html"
        super().__init_subclass__(abstract=abstract, **kwargs)

    def decode(self, body: bytes, url: str) -> Answer:
        soup = page_of(body)
        tags = every(soup, self.row.root)
        if not tags and not (self.empty and first(soup, self.empty)):
            raise Unreadable("no_records", f"nothing matches {self.row.root}")
        rows = [self.row(tag, url) for tag in _apart(tags)]
        return Answer(soup, [{**row.said(), "html": html_of(row.tag)} for row in rows])


def _apart(rows: list[Tag]) -> list[Tag]:
    """The rows of a page, none inside another: where a page never closes them each would say what all behind it say."""
    known = set(map(id, rows))
    inner = [row for row in rows if any(id(parent) in known for parent in row.parents)]
    for row in reversed(inner):
        row.extract()
    return rows
