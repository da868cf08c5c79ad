"""Moments as boards print them, as aware UTC; what can't be true is doubted, never stored as true."""

from __future__ import annotations

import calendar
import datetime as dt
import email.utils
import functools
import re
import zoneinfo
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

Precision = Literal["second", "day", "month", "at-most"]
Shape = Literal["day", "ago"]

FUTURE = dt.timedelta(days=2)
"""A publication may lie so far ahead of our clock: zones, and boards that date the next working day."""
FIRST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""No advertisement that is still shown is older; the epoch's zero and its like fall below it."""
LAST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
"""No record was read later than that, by whatever clock."""
LONGEST_RUN = dt.timedelta(days=3 * 366)
"""An advertisement is not valid for longer than that; beyond it the date is a placeholder."""
LONGEST_IN_WORDS = 40
"""Characters of a date in words of another language."""
MOST_WORDS = 6
"""Words of such a date: "il y a environ 3 jours"."""
LANGUAGES = [
    "en", "de", "fr", "es", "pt", "it", "nl", "pl", "cs", "sk", "hu", "ro", "bg", "hr", "sl", "sr", "el", "sv",
    "da", "nb", "fi", "et", "lv", "lt", "tr", "ru", "uk", "ja", "zh", "ko", "id", "vi", "he", "ar",
]  # fmt: skip
"""Of the boards that are read and their neighbours; to try all of two hundred takes a second."""
_BASE = dt.datetime(2020, 1, 15, 12)  # noqa: DTZ001 - the library wants it without a zone
_DIGITS = re.compile(r"\d{1,20}")
_LETTERS = re.compile(r"[^\W\d_]{1,80}")


class Moment(NamedTuple):
    """A moment that is believed, or the reason why what was said is not."""

    at: dt.datetime | None
    precision: Precision | None = None
    doubt: str | None = None


_NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,9})?")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[ ,T]{1,2}(\d{1,2}):(\d{2})(?::\d{2})?\s?([ap]m)?)?", re.I
)
_MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_abbr[number].lower(), calendar.month_name[number].lower())
} | {"sept": 9}
_WORDED = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s{1,3})?"
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?[\s-]{1,3}(?:of\s)?(?P<m1>[a-z]{3,9})\.?,?[\s-]{1,3}(?P<y1>\d{4})"
    r"|(?P<m2>[a-z]{3,9})\.?\s{1,3}(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}(?P<y2>\d{4}))",
    re.I,
)
_AGO = re.compile(
    r"(?:posted|published|updated|active|listed|reposted)?:?\s{0,3}(?:about|over|more than|almost|~)?\s{0,3}"
    r"(?P<n>\d{1,4}|an?|one|two|three)\s{0,2}(?P<plus>\+)?\s{0,2}"
    r"(?P<unit>s|sec|second|m|min|minute|h|hr|hour|d|day|w|wk|week|mo|mon|month|y|yr|year)s?\.?\s{1,3}ago",
    re.I,
)
_TODAY = re.compile(
    r"(?:posted|published|updated)?:?\s{0,3}"
    r"(?:(?P<now>just now|now|just posted|moments ago)|(?P<today>today)|(?P<yesterday>yesterday))",
    re.I,
)
_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "y": "year"}
_NAMED_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}


@functools.lru_cache(maxsize=64)
def _zone(name: str) -> dt.tzinfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return dt.UTC


def moment(said: str | None, *, now: dt.datetime, zone: str = "UTC", day_first: bool | None = None) -> Moment:
    """What a printed date means, whatever it is the date of.

    Args:
        said: epoch seconds or milliseconds, RFC 822, RFC 3339, a day, words ("3 November 2026"), "2 days ago".
        now: when the page was read: what "ago" counts from.
        zone: IANA zone of dates without one.
        day_first: how ``01/02/2026`` is meant; None: it can't be known, so it is doubted.
    """
    if said is None or not (said := said.strip()):
        return Moment(None)
    if len(said) > 80:
        return Moment(None, None, "no date")
    try:
        return _read(said, now, _zone(zone), day_first)
    except (ValueError, OverflowError, OSError):
        return Moment(None, None, f"no date: {said[:60]}")


def _read(said: str, now: dt.datetime, zone: dt.tzinfo, day_first: bool | None) -> Moment:
    if _NUMBER.fullmatch(said) and not _COMPACT.fullmatch(said):
        return _epoch(float(said))
    if said[:4].isdigit():
        return _iso(said, zone)
    if found := _AGO.fullmatch(said):
        return _ago(found, now)
    if found := _TODAY.fullmatch(said):
        if found["now"]:
            return Moment(now, "second")
        return Moment(
            _midnight((now - dt.timedelta(days=bool(found["yesterday"]))).astimezone(zone).date(), zone), "day"
        )
    if found := _NUMERIC.fullmatch(said):
        return _numeric(found, zone, day_first)
    if found := _WORDED.fullmatch(said):
        month = _MONTHS.get((found["m1"] or found["m2"]).lower())
        if month:
            day = dt.date(int(found["y1"] or found["y2"]), month, int(found["d1"] or found["d2"]))
            return Moment(_midnight(day, zone), "day")
    return _rfc822(said, zone) or _other_language(said, now, zone)


def _epoch(number: float) -> Moment:
    for divisor in (1, 1_000, 1_000_000, 1_000_000_000):
        if abs(number) / divisor < 1e11:
            return Moment(dt.datetime.fromtimestamp(number / divisor, dt.UTC), "second")
    raise ValueError("no epoch")


def _iso(said: str, zone: dt.tzinfo) -> Moment:
    if (found := _DAY.fullmatch(said)) or (found := _COMPACT.fullmatch(said)):
        return Moment(_midnight(dt.date(int(found[1]), int(found[2]), int(found[3])), zone), "day")
    text = said.replace(" UTC", "Z").replace(" GMT", "Z").replace("/", "-")
    at = dt.datetime.fromisoformat(text.replace(" +", "+") if " +" in text else text)
    return Moment(_utc(at, zone), "second")


def _ago(found: re.Match[str], now: dt.datetime) -> Moment:
    word = found["n"].lower()
    number = int(word) if word.isdigit() else _NAMED_NUMBERS[word]
    said = found["unit"].lower()
    unit = "month" if said.startswith("mo") else _UNITS[said[0]]
    seconds = {
        "second": 1,
        "minute": 60,
        "hour": 3600,
        "day": 86_400,
        "week": 604_800,
        "month": 2_629_746,
        "year": 31_556_952,
    }
    at = now - dt.timedelta(seconds=number * seconds[unit])
    if found["plus"]:
        return Moment(at, "at-most")
    precision: dict[str, Precision] = {"second": "second", "minute": "second", "hour": "second", "day": "day"}
    return Moment(at, precision.get(unit, "month"))


def _numeric(found: re.Match[str], zone: dt.tzinfo, day_first: bool | None) -> Moment:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    year += 2000 if year < 100 else 0
    if found[2] == ".":
        day_first = True  # dots are written between day, month and year where the day comes first
    if first > 12:
        day_first = True
    elif second > 12:
        day_first = False
    if day_first is None and first != second:
        return Moment(None, None, f"day and month can't be told apart: {found[0]}")
    day, month = (first, second) if day_first else (second, first)
    date = dt.date(year, month, day)
    if found[5] is None:
        return Moment(_midnight(date, zone), "day")
    hour = int(found[5]) % 12 + (12 if found[7].lower() == "pm" else 0) if found[7] else int(found[5])
    return Moment(_utc(dt.datetime.combine(date, dt.time(hour, int(found[6]))), zone), "second")


# NEOGOV's feeds write a fraction of a second behind a third colon
_FRACTION = re.compile(r"(\b\d\d:\d\d:\d\d):\d{1,3}(?=\s|$)")


def _rfc822(said: str, zone: dt.tzinfo) -> Moment | None:
    try:
        at = email.utils.parsedate_to_datetime(_FRACTION.sub(r"\1", said))
    except (ValueError, TypeError, IndexError):
        return None
    return Moment(_utc(at, zone), "second")


def shape(said: str) -> Shape | None:
    """What a date in words can be by its form alone: a day with its year, so long ago, or (None) neither.

    The library that knows the words of other languages takes tens of milliseconds for what is no date, so it is given
    short texts of these two forms only.

    >>> shape("3 novembre 2026"), shape("hace 3 días"), shape("1 von 2 bis 3 und 4 mit 5 oder 6")
    ('day', 'ago', None)
    """
    if len(said) > LONGEST_IN_WORDS:
        return None
    numbers, words = _DIGITS.findall(said), _LETTERS.findall(said)
    if not 1 <= len(words) <= MOST_WORDS:
        return None
    if len(numbers) == 1:
        return "ago" if len(numbers[0]) <= 3 and (len(words) > 1 or not said.isascii()) else None
    years = [one for one in numbers if len(one) == 4]
    return "day" if len(numbers) <= 5 and len(years) == 1 and any(len(one) <= 2 for one in numbers) else None


def _other_language(said: str, now: dt.datetime, zone: dt.tzinfo) -> Moment:
    """Dates in words of other languages; the dear way, so it comes last."""
    form = shape(said)
    at = _in_words(form).get_date_data(said).date_obj if form else None
    if at is None:
        raise ValueError("no date")
    if form == "day":
        return Moment(_midnight(at.date(), zone), "day")
    ago = _BASE - at
    return Moment(now - ago, "day" if abs(ago) >= dt.timedelta(days=1) else "second")


@functools.cache
def _in_words(form: Shape) -> DateDataParser:
    """The library, of one mind whatever it was asked before: it would try the last language first."""
    from dateparser.date import DateDataParser

    settings: dict[str, object] = {"TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": False}
    if form == "day":
        settings |= {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]}
    else:
        # what is ago is counted from a day that stands still, so that no clock but that of the reading counts
        settings |= {"PARSERS": ["relative-time"], "RELATIVE_BASE": _BASE}
    return DateDataParser(languages=LANGUAGES, try_previous_locales=False, settings=settings)


def _utc(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(dt.UTC)


def _midnight(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def read_at(said: str | None, now: dt.datetime) -> dt.datetime:
    """When a record was read as it says itself; ``now`` where it does not, or where that can be of no clock."""
    at = moment(said, now=now).at
    return at if at is not None and FIRST <= at < LAST else now


def past(found: Moment, now: dt.datetime, name: str) -> Moment:
    """A publication or a change, believed only where it may have happened."""
    if found.at is None:
        return found._replace(doubt=f"{name}: {found.doubt}") if found.doubt else found
    if found.at < FIRST:
        return Moment(None, None, f"{name}: absurd, {found.at:%Y-%m-%d}")
    if found.at > now + FUTURE:
        return Moment(None, None, f"{name}: in the future, {found.at:%Y-%m-%d}")
    return found


def end(found: Moment, now: dt.datetime, zone: str = "UTC") -> Moment:
    """The last moment of an advertisement: a bare day counts to its end."""
    if found.at is None:
        return found._replace(doubt=f"valid_through: {found.doubt}") if found.doubt else found
    if not FIRST <= found.at <= now + LONGEST_RUN:
        return Moment(None, None, f"valid_through: absurd, {found.at:%Y-%m-%d}")
    if found.precision == "day":
        last = found.at.astimezone(_zone(zone)).date()
        return found._replace(at=dt.datetime.combine(last, dt.time(23, 59, 59), _zone(zone)).astimezone(dt.UTC))
    return found
