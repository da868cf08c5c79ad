"""Time zones that an ad asks for, as ranges ``UTC-5..UTC+1`` of standard time."""

from __future__ import annotations

import re

from flows.clean import gates
from flows.clean.pattern import Found, Together, linear

_OFFSETS: dict[str, float] = {
    "utc": 0, "gmt": 0, "wet": 0, "bst": 0, "uk time": 0, "cet": 1, "cest": 1, "cet/cest": 1, "wat": 1, "central european": 1,
    "eet": 2, "eest": 2, "sast": 2, "cat": 2, "ist": 5.5, "msk": 3, "trt": 3, "gst": 4, "sgt": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9,
    "aest": 10, "aedt": 10, "nzst": 12, "nzdt": 12, "est": -5, "edt": -5, "et": -5, "eastern": -5, "us eastern": -5, "us east coast": -5,
    "east coast": -5, "cst": -6, "cdt": -6, "ct": -6, "central": -6, "us central": -6, "mst": -7, "mdt": -7, "mt": -7, "mountain": -7,
    "us mountain": -7, "pst": -8, "pdt": -8, "pt": -8, "pacific": -8, "us pacific": -8, "west coast": -8, "us west coast": -8,
    "brt": -3, "art": -3, "clt": -4, "cot": -5, "pet": -5,
}  # fmt: skip
_AREAS: dict[str, tuple[float, float]] = {
    "us": (-8, -5), "usa": (-8, -5), "u.s.": (-8, -5), "american": (-8, -5), "north american": (-8, -5), "north america": (-8, -5),
    "eu": (0, 2), "europe": (0, 2), "european": (0, 2),
}  # fmt: skip

_WORDS = "|".join(re.escape(name) for name in sorted(_OFFSETS, key=len, reverse=True) if name not in {"utc", "gmt"})
_ZONE = rf"(?:(?:UTC|GMT)(?:\s?[+\-–−]\s?\d{{1,2}}(?::?[03]0)?)?|(?:{_WORDS})\b)"
CITIES: dict[str, float] = {
    "london": 0, "dublin": 0, "lisbon": 0, "berlin": 1, "paris": 1, "amsterdam": 1, "madrid": 1, "stockholm": 1, "warsaw": 1,
    "new york": -5, "nyc": -5, "toronto": -5, "boston": -5, "chicago": -6, "denver": -7, "san francisco": -8, "los angeles": -8,
    "seattle": -8, "vancouver": -8, "singapore": 8, "sydney": 10,
}  # fmt: skip
"""Cities that stand for their zone where somebody is so many hours from them; a place is no zone of its own.

A closed list although the gazetteer knows every town's zone: "within two hours of Leeds" is a journey, and a search in
one scan of the text needs its words beforehand. A test holds the hours to the gazetteer's zones.
"""
_PLACE = rf"(?:{_ZONE}|(?:{'|'.join(CITIES)})\b)"
_KIND = r"\s?(?:standard )?(?:time ?zones?|times?\b|tz\b|hours)?"
_MORE_OR_LESS = r"(?:\+\s?/\s?[-–−]|±|\+[-–−]|[-–−]\s?/\s?\+)"
_AROUND = linear(rf"\b(?P<zone>{_ZONE})(?:{_KIND})?[\s,(]{{0,3}}{_MORE_OR_LESS}\s?(?P<hours>\d{{1,2}})")
_HOURS_OF = linear(
    rf"(?:{_MORE_OR_LESS}\s?|within (?:about |{_MORE_OR_LESS} ?)?|max(?:imum)? |"
    rf"no more than )(?P<hours>\d{{1,2}})[\s-]?(?:h\b|hrs?\b|hours?\b)?"
    rf"(?: (?:time )?(?:difference|offset))?\s(?:of |from |with |to |around |the |eu |us ){{0,3}}(?P<zone>{_PLACE})"
)
_OVERLAP = linear(
    rf"(?P<hours>[3-7])\+?[\s-]?(?:h|hrs?|hours?)\b(?: of)?(?: \w{{2,12}}){{0,2}} overlap (?:with |to |the |"
    rf"in ){{1,2}}(?P<zone>{_ZONE})"
)
_OVERLAP_BY = linear(
    rf"\boverlap (?:of |by |for )?(?:at least |a minimum of )?(?P<hours>[3-7])\+?[\s-]?(?:h|hrs?|hours?) (?:with |to |of |the |in ){{1,2}}(?P<zone>{_ZONE})"
)
_SPAN = linear(
    rf"\b(?P<low>{_ZONE}){_KIND}(?:\s?\([^()\n]{{1,30}}\))?\s?(?:to|through|-|–|—|and|until)\s?(?P<high>{_ZONE}|[+\-–−]\s?\d{{1,2}}\b){_KIND}"
)
_LISTED = linear(
    rf"\b(?P<zones>{_ZONE}{_KIND}(?:(?:,|/|\sor|\sand|,\sor|,\sand)\s?{_ZONE}{_KIND}){{0,4}})(?:\s?(?:time ?zones?|"
    rf"tz|hours))"
)
_OFFSETS_LISTED = linear(
    r"\b(?P<low>(?:UTC|GMT)\s?[+\-–−]\s?\d{1,2}(?::?[03]0)?)\s?(?:or|/|,)\s?(?P<high>(?:UTC|GMT)\s?[+\-–−]\s?\d{1,2}(?::?[03]0)?)"
)
_ASKED = linear(
    rf"\b(?:(?P<area>us|usa|u\.s\.|north american?|american|eu|europe(?:an)?)|(?P<zone>{_ZONE}))[\s-](?:time ?zones?|hours|tz)"
    r"(?: overlap)?(?: is| are)? (?:only|required|mandatory|a must)\b"
)
_AN_AREA = r"(?P<area>us|usa|u\.s\.|north america|europe|eu)\b"
_HOURS_OF_AREA = linear(
    rf"\bwithin (?P<hours>[1-4])[\s-]?(?:h|hrs?|hours?) (?:of |from ){{1,2}}(?:the )?{_AN_AREA}[\s-](?:time ?zones?|hours)"
)
_OVERLAP_OF_AREA = linear(
    rf"\b(?:full|complete) (?:time ?zone |working[- ]hours? )?overlap with (?:the )?(?:continental |mainland )?{_AN_AREA}"
)
_RANGED = Together(
    _AROUND, _HOURS_OF, _OVERLAP, _OVERLAP_BY, _SPAN, _OFFSETS_LISTED, _ASKED, _LISTED, _HOURS_OF_AREA, _OVERLAP_OF_AREA
)
"""What states more than a zone's name, in one scan: few of the texts that speak of zones do."""
_OF_AN_AREA = (
    r"\b(?P<area>us|usa|u\.s\.|north american?|american|eu|europe(?:an)?)[\s-](?:time ?zones?|hours|overlap)\b"
)
_AREA_HOURS, _AREA_WORDS = linear(_OF_AN_AREA), re.compile(_OF_AN_AREA, re.IGNORECASE)
_ONE = linear(_ZONE)
SHORT = 200
"""Characters; only in a field or a heading do "US hours" limit where one lives."""


def without_areas(said: str) -> str:
    """Words without "US hours", "EU time zone": these limit when one works rather than where one lives."""
    return said if _AREA_HOURS.search(said) is None else _AREA_WORDS.sub(" ", said)


def offset(said: str) -> float | None:
    """Hours from UTC of a zone's name, standard time; None where it is none."""
    word = " ".join(said.lower().split())
    if found := re.fullmatch(r"(?:utc|gmt)?\s?([+\-–−])\s?(\d{1,2})(?::?([03]0))?", word):
        hours = int(found[2]) + (0.5 if found[3] == "30" else 0)
        return (hours if found[1] == "+" else -hours) if hours <= 16 else None
    return _OFFSETS.get(word, CITIES.get(word))


def _range(low: float, high: float) -> str:
    return f"{_shown(low)}..{_shown(high)}"


def _shown(hours: float) -> str:
    whole = int(abs(hours))
    return f"UTC{'-' if hours < 0 else '+'}{whole}" + (":30" if abs(hours) != whole else "")


def in_words(said: str, *, bare: bool = False) -> str | None:
    """The range that words state, in the widest of the forms they use; None where they state none.

    Args:
        bare: whether a zone's name alone counts, as in "REMOTE (CET)".
    """
    if gates.ZONE not in gates.open_to(said):
        return None
    ranged = bool(_RANGED.numbers(said))
    if ranged and (found := _of_ranges(said)) is not None:
        return found
    several = _LISTED.search(said) if ranged and not bare else None
    listed = said if bare else several["zones"] if several else ""
    zones = [hours for one in _ONE.findall(listed) if (hours := offset(one)) is not None]
    if zones and (bare or len(zones) > 1):
        return _range(min(zones), max(zones))
    if len(said) <= SHORT and (area := _AREA_HOURS.search(said)) and _limits(said, area):
        return _range(*_AREAS[area["area"].lower()])
    return None


_WISHED = re.compile(r"\s?(?:is |are )?(?:strongly )?(?:preferred|preferable|ideal|a plus|desirable)", re.IGNORECASE)


def _limits(said: str, area: Found) -> bool:
    """Whether the hours of an area bind: "any US hours" and "US overlap preferred" do not."""
    return not said[: area.start()].lower().endswith("any ") and not _WISHED.match(said, area.end())


def _of_ranges(said: str) -> str | None:
    for pattern in (_AROUND, _HOURS_OF):
        if (found := pattern.search(said)) and (zone := offset(found["zone"])) is not None and int(found["hours"]) <= 8:
            return _range(zone - int(found["hours"]), zone + int(found["hours"]))
    if (found := _OVERLAP.search(said) or _OVERLAP_BY.search(said)) and (zone := offset(found["zone"])) is not None:
        return _range(zone - (8 - int(found["hours"])), zone + (8 - int(found["hours"])))
    if found := _SPAN.search(said) or _OFFSETS_LISTED.search(said):
        low, high = offset(found["low"]), offset(found["high"])
        if low is not None and high is not None and low != high:
            return _range(min(low, high), max(low, high))
    return _of_asked(said)


def _of_asked(said: str) -> str | None:
    """The hours of an area or of one zone, where the words insist on them: "EST timezone only", "within 2 hours of US time zones"."""
    if found := _HOURS_OF_AREA.search(said):
        low, high = _AREAS[found["area"].lower()]
        return _range(low - int(found["hours"]), high + int(found["hours"]))
    if found := _OVERLAP_OF_AREA.search(said):
        return _range(*_AREAS[found["area"].lower()])
    found = _ASKED.search(said)
    if found is None:
        return None
    if found["area"]:
        return _range(*_AREAS[found["area"].lower()])
    zone = offset(found["zone"])
    return _range(zone, zone) if zone is not None else None
