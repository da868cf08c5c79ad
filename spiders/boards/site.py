"""Any site that describes its ads as schema.org JobPosting: found by its sitemap and by the links of the page given.

Its boards are addresses, with or without ``https://``. No code and no card of its own is needed for a site.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree
from scrapy.utils.gz import gunzip

from spiders.bases import SchemaOrg
from spiders.bases.board import Ask
from spiders.bases.reading import Next, Reading, Unreadable
from spiders.bases.schema_org import links_of

_JOB = re.compile(r"job|career|position|vacanc|opening|opportunit|stelle|karriere|emploi|empleo|vaga|lavor", re.I)
_GZIP = b"\x1f\x8b\x08"
MAX_SITEMAP = 32 * 2**20
"""Bytes of an unpacked sitemap (50 MB is the protocol's own limit)."""


class Site(SchemaOrg):
    listing = "{@board}"
    one_list = False
    most = 2000

    @classmethod
    def all_boards(cls) -> list[str]:
        return []

    def first(self, board: str) -> Iterator[Ask]:
        start = address(board)
        yield Ask(board, "list", Next(start))
        yield Ask(board, "guess", Next(urljoin(start, "/robots.txt")))
        yield Ask(board, "guess", Next(urljoin(start, "/sitemap.xml")))

    def _conditional(self, ask: Ask) -> bool:
        """Never: a page that is as it was links to pages that may not be."""
        return False

    def _read(self, body: bytes, url: str, board: str, *, entries: bool) -> Reading:
        if body[:3] == _GZIP:
            body = _unpacked(body)
        if urlsplit(url).path == "/robots.txt":
            return Reading(more=[Next(page) for found in _sitemaps(body) if (page := _joined(url, found))])
        if (pages := in_sitemap(body)) is not None:
            return Reading(more=[Next(page) for page in pages])
        reading = super()._read(body, url, board, entries=entries)
        links = (_joined(url, link) for link in links_of(body, "a[href]"))
        host = urlsplit(url).hostname
        reading.more = [Next(u) for u in dict.fromkeys(links) if urlsplit(u).hostname == host and is_about_jobs(u)]
        return reading


def _unpacked(body: bytes) -> bytes:
    try:
        return gunzip(body, max_size=MAX_SITEMAP)
    except (EOFError, OSError, ValueError, zlib.error) as error:
        raise Unreadable("not_gzip", f"{type(error).__name__}: {error}"[:200]) from error


def address(board: str) -> str:
    """The page that a board of this source starts from."""
    return board if "://" in board else f"https://{board}"


def _joined(url: str, link: str) -> str:
    try:
        return urljoin(url, link).partition("#")[0]
    except ValueError:
        return ""


def is_about_jobs(url: str) -> bool:
    """The words of the path say that an ad, or a list of them, may stand there."""
    try:
        return bool(_JOB.search(urlsplit(url).path[:500]))
    except ValueError:
        return False


def in_sitemap(body: bytes) -> list[str] | None:
    """The sitemaps and pages about jobs that a sitemap lists; None where it is none. Raises Unreadable if broken."""
    if b"<urlset" not in body[:2000] and b"<sitemapindex" not in body[:2000]:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(body, parser)
        if root is None:
            raise Unreadable("not_a_sitemap", "nothing in it can be read")
        index = etree.QName(root).localname == "sitemapindex"
        found = [text.strip() for loc in root.iter("{*}loc") if (text := loc.text)]
    except (etree.XMLSyntaxError, UnicodeDecodeError) as error:
        # lxml lets half a surrogate pair into a name, then cannot say it
        raise Unreadable("not_a_sitemap", str(error)[:200]) from error
    return found if index else [url for url in found if is_about_jobs(url)]


def _sitemaps(robots: bytes) -> list[str]:
    return [m.decode("latin-1").strip() for m in re.findall(rb"(?im)^sitemap:[ \t]{0,9}(\S{1,2000})", robots)]
