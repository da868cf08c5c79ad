"""One address for one page: http(s) only, lower-case host, no tracking parameters, no fragment."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from flows.clean.text import storable

LONGEST_URL = 2_000

_TRACKING = re.compile(
    r"utm_\w{1,40}|(?:g|fb|ms|yc|dc|tw|li_fat_|ttc|wbra|gbra|i)clid|gclsrc|_ga|_gl|mc_[ce]id|mkt_tok|trk|trkinfo|"
    r"trackingid|"
    r"refid|_hs(?:enc|mi)|hsctatracking|igshid|oly_(?:anon|enc)_id|vero_id|wickedid|gh_src|lever-(?:source|origin|via)|"
    r"ashby_(?:prefill_)?source|utm|ref|referrer|referer|src|source|jobboard|job_board|spref|cmpid|iis|iisn|"
    r"rx_\w{1,40}|"
    r"partnerid|jobpipeline|recruited_by|at_medium|at_campaign",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"https?://[a-z0-9.-]{3,250}(?:/[\w.~!$&'()*+,;=:@%/-]{0,1500})?", re.ASCII)
# a query of nothing but tracking, whose values need no decoding
_ONLY_TRACKED = re.compile(
    rf"(?:(?:{_TRACKING.pattern})=[\w.~-]{{0,200}}(?:&(?=\w)|$)){{1,20}}", re.ASCII | re.IGNORECASE
)
_BEFORE_QUERY = re.compile(r"^[^?#]+")
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,10}|localhost|\[[0-9a-f:.]{2,60}\]")


def canonical(said: str | None) -> str | None:
    """The canonical form of an http(s) address; None where ``said`` is none. Never raises.

    >>> canonical("HTTPS://Jobs.Example.com:443/a/1?utm_source=x&id=7#apply")
    'https://jobs.example.com/a/1?id=7'
    """
    if not said or len(said) > 4 * LONGEST_URL:
        return None
    said = said.strip()
    page, _, query = said.partition("?")
    if _PLAIN.fullmatch(page) and "/../" not in page and (page == said or _is_untracked(page, query)):
        return page if page.count("/") > 2 else page + "/"
    try:
        return _canonical(storable(said))
    except (ValueError, UnicodeError):
        return None


def _is_untracked(page: str, query: str) -> bool:
    """Whether a plain page is all that an address means: its host is one and its query is tracking."""
    return _ONLY_TRACKED.fullmatch(query) is not None and _HOST.fullmatch(page.split("/", 3)[2]) is not None


def _canonical(said: str) -> str | None:
    # as browsers read it: of "https://a.example\@b.example" they ask a.example
    said = _BEFORE_QUERY.sub(lambda found: found[0].replace("\\", "/"), said, count=1)
    if said.startswith("//"):
        said = "https:" + said
    parts = urlsplit(said if said.isascii() and " " not in said else safe_url_string(said))
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in {"http", "https"}:
        return None
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    bracketed = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(bracketed):
        return None
    standard = parts.port is None or (parts.scheme, parts.port) in {("http", 80), ("https", 443)}
    place = bracketed if standard else f"{bracketed}:{parts.port}"
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k)]
    # a fragment that is a path of its own ("#/jobs/7", "#!jobs") is where some career sites keep the ad
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) and len(parts.fragment) > 1 else ""
    found = urlunsplit((parts.scheme, place, parts.path or "/", urlencode(sorted(kept)), fragment))
    return found if len(found) <= LONGEST_URL else None
