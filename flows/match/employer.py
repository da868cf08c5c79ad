"""Who the employer of an ad is: keys that join spellings, tenants of hosting systems, names in the text."""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
import unicodedata
from collections import Counter
from typing import NamedTuple

_LONG_NAME = 8
"""Letters from which a name is found by chance no more, without regard to the words it is made of."""
_NAME_PARTS = re.compile(r"[A-Z]?[^\W_A-Z]+|[A-Z]+")
_NOT_ALNUM = re.compile(r"[\W_]+")
_MENTION = re.compile(
    r"\b(?:[Aa]t|[Aa]bout|[Jj]oin|[Jj]oining|[Ww]hy)\s([A-Z][\w&.+-]{1,30}(?:[ ][A-Z][\w&]{1,20}){0,2})"
    r"|\b([A-Z][\w&.+-]{1,30}(?:[ ][A-Z][\w&]{1,20}){0,1})"
    r"(?:[’']s\b|\s(?:is|was)\s(?:an?|the|one|seeking|looking|hiring)\b)"
)
_COMMON_WORDS = """
    the this that it we our you your us about role job company team position location remote what why who how
    here there they experience work full time part headquarters description responsibilities requirements master
    bachelor senior engineer developer manager software product design data europe germany india canada brazil
    london berlin america united states today children women men world one
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@functools.lru_cache(maxsize=65_536)
def employer_key(name: str | None) -> str:
    """Letters and digits only, '&' as 'and': ``CI&T`` and the tenant ``ciandt`` meet. '' without a name."""
    if not name:
        return ""
    plain = unicodedata.normalize("NFKD", name[:200].replace("&", "and")).casefold()
    return _NOT_ALNUM.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


_ENDS = """
    technologies technology tech labs lab software systems solutions services studios studio digital global
    international holdings group consulting careers career jobs hq ai app team
"""
_BEGINS = "join get try team the hello"
_LAST = tuple(sorted(_ENDS.split(), key=lambda word: (-len(word), word)))
_FIRST = tuple(_BEGINS.split())
_STEM = 4
"""Letters of a name that must be left when a word that many names have is taken off."""


@functools.lru_cache(maxsize=65_536)
def stem(key: str) -> str:
    """The name without a word that one board prints and another leaves away.

    >>> stem("velmoratechnologies"), stem("joinvelmora"), stem("fintech")
    ('velmora', 'velmora', 'fintech')
    """
    last = next((word for word in _LAST if key.endswith(word) and len(key) - len(word) >= _STEM), "")
    key = key.removesuffix(last)
    first = next((word for word in _FIRST if key.startswith(word) and len(key) - len(word) >= _STEM), "")
    return key.removeprefix(first)


def without_names(words: list[str], names: tuple[str, ...]) -> list[str]:
    """A title's words without the employer's own name, which some boards print in it; all of them if no other is left.

    ``names`` are keys; a name may be written as up to four words.
    """
    squeezed = "".join(words)
    for name in names:
        if len(name) < 3 or name not in squeezed:
            continue
        for begin, long in itertools.product(range(len(words)), range(1, 5)):
            if employer_key("".join(words[begin : begin + long])) == name and len(words) > long:
                words = words[:begin] + words[begin + long :]
                break
    return words


def names_employer(text: str, squeezed: bytes, name: str | None) -> bool:
    """Whether the text names this employer as a word of its own; the first word of a long name will do.

    Addresses do not count: an aggregator's own site stands in many a text that is about somebody else. A slug
    (``gecko-robotics``) is looked for in ``squeezed``, the letters and digits of the text.
    """
    said = (name or "").strip()[:80]
    if len(said) < 2:
        return False
    lower = text.lower()
    if _as_word(said.lower(), lower):
        return True
    if len(key := employer_key(said)) >= _LONG_NAME and key.encode() in squeezed:
        return True
    first = _NAME_PARTS.findall(said)[:1]
    return bool(first) and len(first[0]) > 3 and first[0] != said and _as_word(first[0].lower(), lower)


def _as_word(word: str, text: str) -> bool:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        alone = not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum()
        if alone and not _in_address(text, at, end):
            return True
        at = text.find(word, end)
    return False


def _in_address(text: str, at: int, end: int) -> bool:
    """Whether what stands around these characters, up to the next spaces, is an address."""
    before = text[max(0, at - 80) : at].rpartition(" ")[2]
    after = text[end : end + 20].partition(" ")[0]
    return "//" in before or "www." in before or before.endswith("@") or "@" in after


def named_employers(text: str) -> tuple[str, ...]:
    """Keys of up to three names that the text uses as an employer's, most frequent first.

    'At X' and 'join X' name one; 'X is a' and "X's" do if X is said more than once, since 'Diversity is a duty' is not.
    """
    keys: Counter[str] = Counter()
    for after_word, before_word in _MENTION.findall(text):
        key = employer_key(after_word or before_word)
        if len(key) > 2 and key not in _COMMON and (after_word or text.count(before_word) > 1):
            keys[key] += 1
    return tuple(key for key, _ in sorted(keys.items(), key=lambda pair: (-pair[1], pair[0]))[:3])


class Page(NamedTuple):
    """An ad's page on a hosting system: the same page is the same ad, whoever links to it."""

    platform: str
    tenant: str
    number: str


_SLUG = r"[\w%.~-]{1,80}"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PAGES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (gate, platform, re.compile(pattern, re.IGNORECASE))
    for gate, platform, pattern in (
        ("greenhouse.io/", "greenhouse", rf"greenhouse\.io/(?:embed/)?(?P<tenant>{_SLUG})/jobs/(?P<number>\d{{5,12}})"),
        ("greenhouse.io/", "greenhouse", r"greenhouse\.io/embed/job_app\?[^#]{0,200}?token=(?P<number>\d{5,12})"),
        ("gh_jid=", "greenhouse", r"[?&]gh_jid=(?P<number>\d{5,12})"),
        ("lever.co/", "lever", rf"lever\.co/(?P<tenant>{_SLUG})/(?P<number>{_UUID})"),
        ("ashbyhq.com/", "ashby", rf"ashbyhq\.com/(?P<tenant>{_SLUG})/(?P<number>{_UUID})"),
        ("ashby_jid=", "ashby", rf"[?&]ashby_jid=(?P<number>{_UUID})"),
        ("workable.com/", "workable", rf"apply\.workable\.com/(?:(?P<tenant>{_SLUG})/)?j/(?P<number>[0-9A-F]{{8,12}})"),
        (
            "smartrecruiters.com/",
            "smartrecruiters",
            rf"smartrecruiters\.com/(?P<tenant>{_SLUG})/(?P<number>\d{{8,20}})",
        ),
        (".recruitee.com/", "recruitee", rf"//(?P<tenant>{_SLUG})\.recruitee\.com/o/(?P<number>{_SLUG})"),
        (
            ".teamtailor.com/",
            "teamtailor",
            r"//(?P<tenant>[\w-]{1,80})(?:\.\w{2})?\.teamtailor\.com/jobs/(?P<number>\d{4,12})",
        ),
        (
            ".jobs.personio.",
            "personio",
            r"//(?P<tenant>[\w-]{1,80})\.jobs\.personio\.(?:de|com)/job/(?P<number>\d{3,12})",
        ),
        (
            ".bamboohr.com/",
            "bamboohr",
            r"//(?P<tenant>[\w-]{1,80})\.bamboohr\.com/(?:careers|jobs)/(?P<number>\d{1,10})",
        ),
        (".breezy.hr/", "breezy", r"//(?P<tenant>[\w-]{1,80})\.breezy\.hr/p/(?P<number>[0-9a-f]{8,16})"),
        (
            "ats.rippling.com/",
            "rippling",
            rf"ats\.rippling\.com/(?:[\w-]{{2,6}}/)?(?P<tenant>{_SLUG})/jobs/(?P<number>{_UUID})",
        ),
        (
            ".pinpointhq.com/",
            "pinpoint",
            rf"//(?P<tenant>[\w-]{{1,80}})\.pinpointhq\.com/(?:\w{{2}}/)?postings/(?P<number>{_UUID})",
        ),
        (
            "myworkdayjobs.com/",
            "workday",
            r"//(?P<tenant>[\w-]{1,80})\.(?:wd\d{1,3}\.)?myworkdayjobs\.com/\S{1,200}_(?P<number>[\w-]{3,30})$",
        ),
        (".applytojob.com/", "jazzhr", r"//(?P<tenant>[\w-]{1,80})\.applytojob\.com/apply/(?P<number>\w{6,16})"),
        (".icims.com/", "icims", r"//(?:careers-)?(?P<tenant>[\w-]{1,80})\.icims\.com/jobs/(?P<number>\d{2,10})"),
        (
            "comeet.co",
            "comeet",
            rf"comeet\.(?:com|co)/jobs/(?P<tenant>{_SLUG})/(?:{_SLUG}/){{1,2}}(?P<number>[0-9A-F]{{2}}\.[0-9A-F]{{3}})",
        ),
    )
)
_SHARED_NUMBERS = frozenset({"greenhouse", "lever", "ashby", "workable", "smartrecruiters", "rippling", "pinpoint"})
"""Platforms that number ads across all tenants; elsewhere a number means something within its tenant only."""


def page(url: str | None) -> Page | None:
    """The hosting system's page behind an address, or None where no known system hosts it."""
    if not url:
        return None
    lower = url[:2000].lower()
    for gate, platform, pattern in _PAGES:
        if gate in lower and (found := pattern.search(url[:2000])):
            parts = found.groupdict()
            return Page(platform, employer_key(parts.get("tenant")), parts["number"].lower())
    return None


def page_key(found: Page) -> str:
    """One text for a page, whichever of its addresses led there."""
    tenant = "" if found.platform in _SHARED_NUMBERS else found.tenant
    return f"{found.platform}/{tenant}/{found.number}"


_SPECIFIC = re.compile(r"//[^/]{1,250}/\S{0,1500}\d")


def address_key(url: str | None) -> int | None:
    """A 64-bit hash of an address that seems to be one ad's own: it has a digit after the host; else None."""
    if not url or not _SPECIFIC.search(url[:2000]):
        return None
    said = url.partition("//")[2].removeprefix("www.").rstrip("/")
    return int.from_bytes(hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)
