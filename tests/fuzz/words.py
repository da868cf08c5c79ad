"""Words that boards print where pay, places, dates and texts belong, broken in every way; and what a parser may make of them."""

from __future__ import annotations

import datetime as dt
import json
import math
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

from hypothesis import strategies as st

from flows.clean import dates, language, personal, place, region, salary, sections, text, timezone, title, url
from flows.clean.company import company, key
from storage.models import Period

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
CORPUS = Path(__file__).parent / "corpus"
"""``<parser>.jsonl``: one invented string a line; what once failed is added by the long run."""
ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Europe/London")

ANYWHERE = (
    " ", ",", ", ", ".", "-", "–", "/", "|", ";", ":", "(", ")", "[", "]", "+", "&", "\n", "\t", "\r\n", "\x00", "\x85", "\u2028",
    "\u202e", "\u200b", "\u00a0", "\ufeff", "\ud800", "İ", "ß", "ﬁ", "é", "e\u0301", "日本", "٣", "１２", "½", "²", "😀", "&amp;", "&lt;", "&#0;",
    "<b>", "</b>", "<script>", "'", '"', "\\", "%s", "{}", "a" * 300, "0" * 300, "9" * 25, "(" * 200,
)  # fmt: skip
PIECES = {
    "salary": (
        "$", "€", "£", "¥", "₹", "kr", "zł", "R$", "USD", "CAD", "eur", "PLN", "CHF", "k", "K", "M", "m", "lakh", "crore", "LPA", " to ",
        " per ", "hour", "/hr", "year", " p.a.", "month", "day", "annum", "up to ", "from ", "OTE", "equity", "bonus", "Salary:", "pay ",
        "gross", "B2B", "0", "1", "45", "99", "100", "120", "120,000", "45.000,50", "8'500", "12,00,000", "1e9", "999999999999", "401(k)",
        "0.1%", "2026", "-5", "NaN", "inf",
    ),
    "place": (
        "Remote", "Hybrid", "Berlin", "Ghent", "Georgia", "CA", "Paris, TX", "US", "USA", "EU", "EMEA", "LATAM", "worldwide", "anywhere",
        " except ", " or ", " and ", " only", "based in ", "Germany", "Côte d'Ivoire", "New York", "São Paulo", "UTC", "UTC+2", "CET", "+/-3",
        "UTC+25", "hours", "time zones", "Bath", "Reading", "Nice", "Ontario", "DE", "IN", "ME", "OR", "Springfield", "St. Gallen", "Köln",
        "東京", "Москва", "Unknownville",
    ),
    "date": (
        "2026", "2026-02-30", "2026-11-01", "31/12/2025", "01/02/2026", "10.11.2026", "T25:61:61Z", "T12:00:00Z", "+14:00", "-99:99", "Z",
        "yesterday", "today", "3 days ago", "30+ days ago", "999999999999 years ago", "a month ago", "vor 2 Tagen", "hace 3 días", "Nov",
        "November ", "1st", "32", "Sun, 01 Nov 2026 12:00:30 GMT", "1793534400", "1793534400000", "-1", "0", "9999-12-31", "1970-01-01",
        "1e400", "NaN", "in 3 days", "last week", "2026-W45", "12:30 PM",
    ),
    "text": (
        "<p>", "</p>", "<ul><li>", "</li></ul>", "<br/>", "<a href='https://example.com/?a=1&b=2'>", "<a href=javascript:alert(1)>", "</a>",
        "<img src=x onerror=y>", "<svg onload=x>", "<noscript><p title='", "</noscript>", "<style>", "</style>", "<!--", "-->", "<![CDATA[",
        "&lt;script&gt;", "&amp;lt;b&amp;gt;", "&#xD800;", "&nbsp;", "b'", "{'rendered': '", "Ã©", "â€™", "Requirements:", "What you do",
        "Senior", "II", "(m/f/d)", "Back-end Developer", "C++", "C#", ".NET", "jane.doe", "@", "example.com", " [at] ", " dot ", "tel:", "+49 30 901820",
        "(415) 555-2671", "GmbH", "Inc.", "https://", "http://[::1", "mailto:", "utm_source=x", "%zz", "//",
    ),
}  # fmt: skip


def seeds(parser: str) -> list[str]:
    """The strings of a parser's corpus."""
    lines = (CORPUS / f"{parser}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def keep(parser: str, said: str) -> None:
    """Add a string to a parser's corpus."""
    with (CORPUS / f"{parser}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(said) + "\n")


def words(parser: str) -> st.SearchStrategy[str]:
    """Strings for a parser: pieces in any order, a string of the corpus with a few wounds, anything at all."""
    pieces = st.sampled_from(PIECES[parser]) | st.sampled_from(ANYWHERE)
    return st.one_of(
        st.lists(pieces, max_size=14).map("".join),
        st.lists(pieces, max_size=9).map(" ".join),
        _wounded(seeds(parser), pieces),
        st.text(max_size=80),
        st.builds(lambda piece, times: piece * times, pieces, st.integers(1, 500)),
    )


@st.composite
def _wounded(draw: st.DrawFn, known: list[str], pieces: st.SearchStrategy[str]) -> str:
    said = draw(st.sampled_from(known))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(said)))
        end = min(len(said), start + draw(st.integers(0, 12)))
        said = said[:start] + draw(st.one_of(st.just(""), pieces, st.just(said[start:end] * 2))) + said[end:]
    return said


# --- laws -------------------------------------------------------------------------------------------------------------


def _salary(said: str) -> None:
    said = text.storable(said)
    for fields, prose in (
        (salary.Fields(words=said), ""),
        (salary.Fields(), f"Salary: {said}"),
        (salary.Fields(least=said, most="90000", currency=said, period=said, predicted=said), said),
    ):
        found = salary.pay(fields, prose, salary.Context(countries=("US", "DE")))
        amounts = [one for one in (found.least, found.most) if one is not None]
        assert all(math.isfinite(one) and 0 < one < 1e9 for one in amounts), found
        assert amounts == sorted(amounts), found
        assert bool(amounts) == (found.currency is not None), found
        assert found.period is None or found.period in get_args(Period), found
        digits = "".join(str(unicodedata.digit(c)) for c in _printed(said + "90000") if c.isdigit())
        for one in amounts:
            # amounts are rounded to cents, which may carry over
            assert any(_significant(near) in digits for near in (math.floor(one), math.ceil(one) - 1)), (
                f"{one} was never said"
            )


def _printed(said: str) -> str:
    return unicodedata.normalize("NFKC", text.unescaped(said))


def _significant(amount: int) -> str:
    """The digits of an amount without zeros at its ends: what it shares with any spelling of it."""
    return "".join(map(str, Decimal(amount).as_tuple().digits)).strip("0")


def _place(said: str) -> None:
    said = text.storable(said)
    named = place.read(said)
    for one in named:
        assert _bare(one.said) in _bare(said), f"{one.said!r} was never said"
        assert one.country is None or (len(one.country) == 2 and one.country.isupper()), one
    for where in place.locations(named):
        assert any(where.values()), "a place without a name"
    place.is_place(said)
    for code in (*region.in_text(said)[0], *region.in_text(said)[1]):
        assert code.isascii()
        assert code == code.upper(), code
    hours = timezone.offset(said)
    assert hours is None or -16.5 <= hours <= 16.5
    spread = timezone.in_words(said, bare=True)
    assert spread is None or spread.startswith("UTC"), spread


def _bare(said: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", said).casefold() if c.isalnum())


def _date(said: str) -> None:
    zone, day_first = ZONES[len(said) % len(ZONES)], (None, True, False)[len(said) % 3]
    found = dates.moment(said, now=NOW, zone=zone, day_first=day_first)
    if found.at is None:
        return
    assert found.at.utcoffset() == dt.timedelta(0), "not UTC"
    again = dates.moment(found.at.isoformat(), now=NOW, zone=zone).at
    assert again == found.at, f"{found.at} reads as {again}"
    past, end = dates.past(found, NOW, "posted").at, dates.end(found, NOW, zone).at
    assert past is None or dates.FIRST <= past <= NOW + dates.FUTURE
    assert end is None or dates.FIRST <= end <= NOW + dates.LONGEST_RUN + dt.timedelta(days=2)


class _Tags(HTMLParser):
    """Tags and addresses of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


_NEVER = {
    "script",
    "style",
    "img",
    "svg",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "meta",
    "base",
    "link",
    "math",
    "noscript",
    "template",
}


def _text(said: str) -> None:
    found = text.readable(said)
    for tag, attributes in _Tags(found.html).found:
        assert tag not in _NEVER, tag
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        assert (attributes.get("href") or "https:").lower().startswith(("http:", "https:")), attributes
    for plain in (found.text, text.line(said) or "", text.line(said, 20) or "", title.title(said).text):
        plain.encode()
        assert not set("\x00\x1b\u202e") & set(plain), plain
    assert len(text.line(said, 20) or "") <= 20
    assert "\n" not in (text.line(said) or "")
    masked = personal.masked(found.text, "DE")
    rest = iter(found.text)
    for part in masked.replace(personal.E_MAIL, "\0").replace(personal.PHONE, "\0").replace("tel:", "\0").split("\0"):
        assert all(c in rest for c in part), "masking made words up"
    sections.sections(found.text)
    language.believe(found.text, said)
    named = company(said, text=found.text)
    assert named.name is None or named.name.strip()
    key(said)
    address = url.canonical(said)
    assert address is None or (address.startswith(("http://", "https://")) and url.canonical(address) == address), (
        address
    )


LAWS: dict[str, Callable[[str], None]] = {"salary": _salary, "place": _place, "date": _date, "text": _text}
"""By parser: raises where a string is not borne, or something is made of it that it does not say."""


def all_seeds() -> Iterator[tuple[str, str]]:
    """Each string of each corpus, with its parser."""
    for parser in LAWS:
        for said in seeds(parser):
            yield parser, said
