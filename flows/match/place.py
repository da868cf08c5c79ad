"""Where an ad says the work is, and how two ads' places relate."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, NamedTuple

from flows.clean import place
from storage.models import Place

Relation = Literal["equal", "overlap", "cover", "stated", "loose", "elsewhere", "other"]
"""equal: the same places; overlap: some the same; cover: one names the country the other's places are in;
stated: one lists no place, but its text prints the one the other lists; elsewhere: its text prints another, which may
be the employer's seat; loose: one does not say; other: no place in common."""

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


def places_of(locations: Iterable[Place], regions: Iterable[str], printed: str | None) -> Places:
    """The places of an ad from its believed locations and remote regions, and as printed."""
    exact, areas = set(), {str(region) for region in regions}
    for one in locations:
        country, region, city = (one["country"] or "", one["region"] or "", one["city"] or "")
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
        return _loosely(a, b, a_says, b_says)
    if a.exact == b.exact and (a.areas == b.areas or a.exact):
        return "equal"
    return _of_exact(a, b) if a.exact and b.exact else _of_areas(a, b)


def _loosely(a: Places, b: Places, a_says: str, b_says: str) -> Relation:
    """One of the two does not say: what its text prints with a label may."""
    said = [_stated(label, listed) for label, listed in ((a_says, b), (b_says, a)) if label and not listed.loose]
    if said:
        return "stated" if "stated" in said else said[0]
    return "equal" if a.loose and b.loose and a.words == b.words else "loose"


def _stated(label: str, listed: Places) -> Relation:
    """Whether a printed place is the one that the other ad lists: word for word, or as places go."""
    words = set(listed.words.split())
    if words - _SAYS_NOTHING and words <= set(_WORD.findall(_plain(label))):
        return "stated"
    meant = _read_label(label)
    if meant.loose:
        return "loose"
    found = relation(meant, listed)
    return "stated" if found in ("equal", "overlap", "cover") else "elsewhere" if found == "other" else "loose"


@functools.lru_cache(maxsize=4096)
def _read_label(label: str) -> Places:
    named = place.read(label)
    areas = [code for one in named if one.place() is None or not one.city for code in one.codes]
    return places_of([found for one in named if one.city and (found := one.place())], areas, None)


def _of_exact(a: Places, b: Places) -> Relation:
    if set(a.exact) & set(b.exact):
        return "overlap"
    if any(_within(x, y) or _within(y, x) for x in a.exact for y in b.exact):
        return "cover"
    unknown = [one for one in a.exact + b.exact if one.startswith("?/")]
    ours, theirs = _telling(a.words), _telling(b.words)
    if unknown and ours and theirs and (ours <= theirs or theirs <= ours):
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
