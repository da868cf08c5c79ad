"""A board that publishes RSS, Atom or plain XML.

The strict parser comes first: it is 20 times faster and says when a feed is broken. A feed that only uses HTML's named
entities is mended and is whole; one that is cut or badly nested is read by feedparser, always from bytes, and the board
is then known to be partial.
"""

from __future__ import annotations

import html.entities
import re
from typing import Any, ClassVar

import feedparser
from lxml import etree

from spiders.bases.board import BoardSpider
from spiders.bases.json_api import listed_in
from spiders.bases.reading import Unreadable
from spiders.bases.source import Answer
from spiders.bases.strict_json import loads

_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "recover": False}
_XML_NAMED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTITY = re.compile(rb"&(?!#)([A-Za-z][A-Za-z0-9]{1,31});|&(?![A-Za-z#][A-Za-z0-9]{0,31};)")
_NUMBERED = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,20})|([0-9]{1,20}));")
_NAMES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/rss/1.0/": "",
}
_MAX_DEPTH = 12
# what feedparser calls the elements that it normalises
_NORMALISED = {"id": "guid", "published": "pubDate", "summary": "description", "author": "dc:creator"}


class Feed(BoardSpider, abstract=True):
    """Declare the address and what differs from a plain RSS item."""

    item: ClassVar[str] = ""
    """Local name of the element of one ad; by default ``item`` and ``entry``."""

    json_records: ClassVar[str] = ""
    """Where the list stands in an answer that is JSON, for boards that publish their feed as JSON as well."""

    external_id: Any = ("guid", "id", "link")
    url: Any = ("link", "guid", "id")
    title: Any = "title"
    description: Any = ("content:encoded", "content", "description", "summary")
    posted: Any = ("pubDate", "published", "dc:date", "updated")
    known = "atom:link comments author media:content updated guid link category source"

    def decode(self, body: bytes, url: str) -> Answer:
        if self.json_records and body.lstrip()[:1] == b"{" and (api := listed_in(loads(body), (self.json_records,))):
            return api
        names = (self.item,) if self.item else ("item", "entry")
        if (root := strict(body)) is None and (root := strict(mended(body))) is None:
            return self._tolerant(body, names)
        items = records_in(root, names)
        if not items and not _is_feed(root, names):
            raise Unreadable("not_a_feed", f"the document is <{_local(root)}>")
        return Answer(root, items)

    def _tolerant(self, body: bytes, names: tuple[str, ...]) -> Answer:
        try:
            # bytes: given text, it would open files and addresses
            read = feedparser.parse(_NUMBERED.sub(_possible, body))
        except Exception as error:  # it promises to raise nothing, and does
            raise Unreadable("not_a_feed", f"{type(error).__name__}: {error}"[:200]) from error
        if not read.get("version"):
            raise Unreadable("not_a_feed", str(read.get("bozo_exception") or "no feed in it")[:200])
        # an element that was opened and never filled is no ad
        records = [record for entry in read.entries if len(record := _of_feedparser(entry)) > 1]
        return Answer(None, records, mended=f"the feed is not well-formed: {read.get('bozo_exception')}")


def records_in(root: Any, names: tuple[str, ...]) -> list[Any]:
    """The elements of a document with one of these local names, as records."""
    items = [
        _record(one, 0, etree.QName(one).namespace)
        for one in root.iter()
        if isinstance(one.tag, str) and _local(one) in names
    ]
    return [one if isinstance(one, dict) else {"": one} for one in items]


def mended(body: bytes) -> bytes:
    """Named entities of HTML and bare ampersands as XML writes them."""

    def _mend(found: re.Match[bytes]) -> bytes:
        name = (found[1] or b"").decode("ascii")
        if not name:
            return b"&amp;"
        if name in _XML_NAMED:
            return found[0]
        said = html.entities.html5.get(f"{name};")
        return "".join(f"&#{ord(c)};" for c in said).encode() if said else b"&amp;" + found[0][1:]

    return _ENTITY.sub(_mend, body)


def _possible(found: re.Match[bytes]) -> bytes:
    """A numbered character that Unicode has, or nothing: feedparser raises on surrogates and beyond the last plane."""
    number = int(found[1], 16) if found[1] else int(found[2])
    return found[0] if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else b""


def strict(body: bytes) -> Any:
    """The root of a well-formed document, or None. Entities are not resolved, nothing is loaded."""
    try:
        return etree.fromstring(body.strip(), etree.XMLParser(**_PARSER))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _is_feed(root: Any, names: tuple[str, ...]) -> bool:
    return _local(root) in ("rss", "feed", "RDF", "channel") or names not in (("item", "entry"),)


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _name(element: Any, own: str | None) -> str:
    """The element's name as people know it: ``content:encoded``, ``tt:city``; without a prefix in the ad's own space."""
    found = etree.QName(element)
    prefix = "" if found.namespace == own else _NAMES.get(found.namespace or "", element.prefix or "")
    return f"{prefix}:{found.localname}" if prefix else str(found.localname)


def _record(element: Any, depth: int, own: str | None) -> Any:
    """An element as text, or as a dictionary of its children; repeated children become a list."""
    if depth > _MAX_DEPTH:
        return None
    children = [one for one in element if isinstance(one.tag, str)]
    if not children:
        text = "".join(element.itertext())
        return text if text.strip() else element.get("href") or element.get("url") or element.get("term") or text
    if all(etree.QName(one).namespace == "http://www.w3.org/1999/xhtml" for one in children):
        return "".join(etree.tostring(one, encoding="unicode") for one in children)
    record: dict[str, Any] = {}
    for child in children:
        name, value = _name(child, own), _record(child, depth + 1, own)
        if name not in record:
            record[name] = value
        elif isinstance(record[name], list):
            record[name].append(value)
        else:
            record[name] = [record[name], value]
    return record


def _of_feedparser(entry: Any) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for key, value in entry.items():
        if key == "tags":
            record["category"] = [tag.get("term") for tag in value]
        elif key == "content":
            record["content:encoded"] = value[0].get("value")
        elif isinstance(value, str) and value and not key.endswith("_parsed"):
            record[_NORMALISED.get(key, key)] = value
    return record
