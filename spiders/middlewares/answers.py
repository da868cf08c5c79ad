"""What an answer means before anything reads it: a block, a reservation, a page that is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import re2
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from spiders.errors import Blocked, Gone, SiteError, TdmReserved, Unreachable
from spiders.middlewares import count, is_robots
from spiders.middlewares.hosts import host_of

HEAD = 64 * 1024
"""Bytes of a page in which its kind is looked for."""

_HEADERS = {
    "cloudflare": ("cf-mitigated", rb"challenge"),
    "aws waf": ("x-amzn-waf-action", rb"challenge|captcha"),
    "datadome": ("x-dd-b", rb"."),
}
# Marks that only a challenge page carries. cdn-cgi/challenge-platform alone is no mark: ordinary pages load it.
_PAGES = {
    "cloudflare": rb"_cf_chl_opt|cf-browser-verification|<title>\s{0,9}Attention Required! \| Cloudflare",
    "datadome": rb"(?:geo|interstitial)\.captcha-delivery\.com",
    "perimeterx": rb"id=[\"']px-captcha[\"']|window\._pxAppId",
    "imperva": rb"_Incapsula_Resource[^\n]{0,200}(?:incident|SWUDNSAI)|Incapsula incident ID",
    "akamai": rb"errors\.edgesuite\.net|sec-if-cpt-container",
    "aws waf": rb"AwsWafIntegration\.|gokuProps",
    "sucuri": rb"Sucuri WebSite Firewall|sucuri_cloudproxy_js",
    "kasada": rb"window\.KPSDK|ips\.js\?KP_UIDz",
    "challenge page": rb"<title>\s{0,9}(?:Just a moment\.\.\.|Access Denied|Are you (?:a )?(?:human|robot)\??|"
    rb"Pardon Our Interruption|Security check|Verifying you are human)\s{0,9}</title>",
}
_TDM = re.compile(rb"<meta\s[^>]{0,200}tdm-reservation[^>]{0,200}>", re.IGNORECASE)
_ONE = re.compile(rb"content\s{0,9}=\s{0,9}[\"']?\s{0,9}1(?![0-9])", re.IGNORECASE)


def challenge(response: Response) -> str:
    """Whose challenge or block page an answer is; empty if it is none. JSON and feeds are never one by their text."""
    for name, (header, value) in _HEADERS.items():
        if re.search(value, response.headers.get(header) or b"", re.IGNORECASE):
            return name
    if not _is_page(response):
        return ""
    found = _marks().Match(response.body[:HEAD])
    return [*_PAGES][min(found)] if found else ""


@cache
def _marks() -> re2.Set:
    """All marks at once: one by one they took longer than reading the page."""
    options = re2.Options()
    options.log_errors = False
    options.encoding = re2.Options.Encoding.LATIN1  # a byte is a character, whatever the page's encoding
    options.case_sensitive = False
    marks = re2.Set.SearchSet(options)
    for one in _PAGES.values():
        marks.Add(one)
    marks.Compile()
    return marks


def reserved(response: Response) -> bool:
    """Whether text and data mining is reserved, by header or by meta element (TDMRep, 3.2 and 3.3)."""
    if (response.headers.get("tdm-reservation") or b"").strip() == b"1":
        return True
    if not _is_page(response):
        return False
    return any(_ONE.search(found[0]) for found in _TDM.finditer(response.body[:HEAD]))


def _is_page(response: Response) -> bool:
    said = (response.headers.get("Content-Type") or b"").lower()
    start = response.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return b"html" in said or (isinstance(response, TextResponse) and start.startswith((b"<!doctype html", b"<html")))


class Answers:
    """Raises what the status or the page says; what is left reaches the callback: 2xx, and 304 where it was asked for.

    A spider that wants a status as an answer says so in ``handle_httpstatus_list``. A reservation closes the host for
    this run, and so do several blocks in a row: asking on would be rude.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._retried = {int(code) for code in crawler.settings.getlist("RETRY_HTTP_CODES")}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Answers:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if is_robots(request):
            return response
        if error := next(self._errors(request, response), None):
            raise count(self._crawler, request, error)
        if response.status not in self._retried:
            host_of(request).answered()
        return response

    def _errors(self, request: Request, response: Response) -> Iterator[SiteError]:
        host = host_of(request)
        if name := challenge(response):
            yield self._blocked(request, name)
        if reserved(response):
            host.closed = TdmReserved("tdm-reservation", request.url)
            yield host.closed
        status = response.status
        if 200 <= status < 300 or status in self._expected(request) or status in self._retried:
            return
        if status in {404, 410}:
            host.answered()
            yield Gone(f"http {status}", request.url)
        if status in {401, 403, 407, 451}:
            yield self._blocked(request, f"http {status}")
        yield Unreachable(f"http {status}", request.url)

    def _blocked(self, request: Request, because: str) -> Blocked:
        error = Blocked(because, request.url)
        host_of(request).failed(error)
        return error

    def _expected(self, request: Request) -> set[int]:
        of_spider = getattr(self._crawler.spider, "handle_httpstatus_list", ())
        return {*request.meta.get("handle_httpstatus_list", ()), *of_spider}
