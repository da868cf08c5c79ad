"""Where an ad says the work is, and how two ads' places relate."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

Relation = Literal["equal", "overlap", "cover", "stated", "loose", "other"]
"""equal: the same places; overlap: some the same; cover: one names the country the other's places are in;
stated: one ad's text prints the place the other lists; loose: one does not say; other: no place in common."""

_WORD = re.compile(r"[^\W_]+")
_EMPTY_WORDS = """
    remote anywhere worldwide world global globally distributed the in or and of only within from to first
    friendly fully hybrid onsite office offices home based unspecified unknown various flexible multiple
    locations location select all any country countries work wfh virtual telecommute eligible us-based n a
"""
_SAYS_NOTHING = frozenset(_EMPTY_WORDS.split())
_MACRO = frozenset(
    {
        "EU",
        "EMEA",
        "EUROPE",
        "LATAM",
        "APAC",
        "AMER",
        "NORTH-AMERICA",
        "WORLDWIDE",
        "ASIA",
        "AFRICA",
        "OCEANIA",
        "MENA",
        "DACH",
    }
)
MANY = 25
"""An ad that lists more countries than this says no place: boards expand 'worldwide' or 'EMEA' into such lists."""


class Places(NamedTuple):
    """The places of one ad.

    exact: ``country/region/city`` of each listed place that is narrower than a country, sorted.
    areas: countries and regions named as a whole, sorted.
    words: what was printed, as sorted words: the last resort for places no gazetteer knows, and the employer's own
        distinction between 'select locations' and 'all locations'.
    """

    exact: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    words: str = ""

    @property
    def loose(self) -> bool:
        """The ad names no place that could tell it from a sister opening elsewhere."""
        return not self.exact and (not self.areas or len(self.areas) > MANY or _everywhere(self.areas))


def _everywhere(areas: Iterable[str]) -> bool:
    return "WORLDWIDE" in areas


def places_of(locations: Iterable[Mapping[str, str | None]], regions: Iterable[str], printed: str | None) -> Places:
    """The places of an ad from its believed locations and remote regions, and as printed."""
    exact, areas = set(), {str(region) for region in regions}
    for place in locations:
        country, region, city = (place.get(part) or "" for part in ("country", "region", "city"))
        if city or region:
            exact.add("/".join((country, _plain(region), _plain(city))))
        elif country:
            areas.add(country)
    words = " ".join(sorted(set(_WORD.findall(_plain(printed or "")[:2000]))))
    if not exact and not areas and (unknown := _telling(words)):
        exact.add("?/" + " ".join(sorted(unknown)))
    return Places(tuple(sorted(exact)), tuple(sorted(areas)), words)


def _plain(said: str) -> str:
    if said.isascii():
        return said.lower()
    decomposed = unicodedata.normalize("NFKD", said)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _telling(words: str) -> set[str]:
    return set(words.split()) - _SAYS_NOTHING


def relation(a: Places, b: Places, a_says: str = "", b_says: str = "") -> Relation:
    """How the places of two ads relate; ``a_says``, ``b_says`` are places printed with a label in their texts."""
    if a.loose or b.loose:
        if _states(a_says, b) or _states(b_says, a):
            return "stated"
        return "equal" if a.loose and b.loose and a.words == b.words else "loose"
    if a.exact == b.exact and (a.areas == b.areas or a.exact):
        return "equal"
    return _of_exact(a, b) if a.exact and b.exact else _of_areas(a, b)


def _states(said: str, listed: Places) -> bool:
    """The printed place holds every telling word of the listed one, and the listed one has any."""
    telling = _telling(listed.words)
    return bool(said and telling) and set(listed.words.split()) <= set(_WORD.findall(_plain(said)))


def _of_exact(a: Places, b: Places) -> Relation:
    if set(a.exact) & set(b.exact):
        return "overlap"
    if any(_within(x, y) or _within(y, x) for x in a.exact for y in b.exact):
        return "cover"
    unknown = [one for one in a.exact + b.exact if one.startswith("?/")]
    if unknown and _telling(a.words) & _telling(b.words):
        return "overlap"
    return "other"


def _within(narrow: str, wide: str) -> bool:
    """A region without a city holds the cities of that region; a city without a region is the city anywhere in it."""
    if narrow.startswith("?") or wide.startswith("?"):
        return False
    a, b = narrow.split("/"), wide.split("/")
    return all(not theirs or not ours or ours == theirs for ours, theirs in zip(a, b, strict=True)) and a[0] == b[0]


def _of_areas(a: Places, b: Places) -> Relation:
    ours, theirs = _countries(a), _countries(b)
    if not a.exact and not b.exact and a.areas == b.areas:
        return "equal"
    if ours & theirs:
        return "cover" if a.exact or b.exact else "overlap"
    if (ours | theirs) & _MACRO or "?" in ours | theirs or "" in ours | theirs:
        return "loose"
    return "other"


def _countries(places: Places) -> set[str]:
    """Countries of the places, macro regions as they are; '' for an area that is a range of time zones."""
    areas = {area if area in _MACRO else "" if area.startswith("UTC") else area.split("-")[0] for area in places.areas}
    return areas | {one.split("/")[0] for one in places.exact}
