"""Headings of hiring threads taken apart, and advertisements of several roles split into one a role.

A comment in a thread opens with one line: "Acme | Senior Backend Engineer | Berlin or REMOTE (EU) | $120k-150k".
Its segments stand in any order, so each is judged by what it says.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from flows.clean import place, remote
from flows.clean.url import canonical


class Heading(NamedTuple):
    """The segments of a thread comment's first line, by what they say."""

    company: str | None
    roles: tuple[str, ...]
    places: tuple[str, ...]
    """Segments that name places or a way of working."""
    pay: str | None
    employment: str | None
    address: str | None


class Piece(NamedTuple):
    """One role of an ad."""

    slug: str
    title: str
    lines: tuple[str, ...]
    """The lines of the ad that name this role."""


_BAR = re.compile(r"\s{0,3}[|｜]\s{0,3}|\s\[\s?|\s?\]\s?(?=$|\|)")
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]{1,40}\.){1,3}[a-z]{2,12}(?:/\S{0,200})?", re.IGNORECASE)
_EMPLOYMENT = re.compile(
    r"(?:full|part)[- ]?time|\bft\b|\bpt\b|contract\w{0,4}|freelance|intern(?:ship)?s?\b|permanent|\bperm\b|"
    r"consulting|temporary|1099|\bw2\b",
    re.IGNORECASE,
)
_PAY = re.compile(r"[$€£¥₹]\s?\d|\d\s?k\b|\b(?:USD|EUR|GBP|CAD|AUD|CHF)\b", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:engineer\w{0,5}|developers?|devs?|designers?|managers?|leads?|scientists?|analysts?|architects?|head of|"
    r"cto|vp|sre|swe|devops|"
    r"intern|researchers?|roles?|positions?|openings?|founding|programmers?|administrators?|technician|product|"
    r"full-?\s?stack|back-?\s?end|"
    r"front-?\s?end|infra\w{0,11}|sales|support|marketing|advocates?|consultants?|director|specialists?|recruiters?|"
    r"various|multiple)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\s{0,3}[(\[]\s?(?:https?://[^)\]]{1,200}|[\w.-]{1,60}\.(?:com|ai|io|co|dev|org|net|app)[^)\]]{0,60}|"
    r"YC [A-Z]{1,2}\d{2}[^)\]]{0,40}|FKA [^)\]]{1,60})[)\]]"
)
_OFFICE_HELD = re.compile(
    r"\b(?:engineers?|developers?|designers?|managers?|scientists?|analysts?|architects?|head of|director|vp of|"
    r"chief|administrators?)\b",
    re.IGNORECASE,
)
_IS_HIRING = re.compile(r"\s{0,3}\b(?:is|are)(?: \w{2,10})? hiring\b.{0,80}$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,120}[)\]]")
_BETWEEN_ROLES = re.compile(r"\s?[,/&+;]\s?|\s(?:and|or)\s", re.IGNORECASE)
_NO_ROLE_LINE = re.compile(
    r"\b(?:experience|years?|you|your|we|our|comfort\w{0,5}|looking|join|team of|ability|knowledge|strong|"
    r"proficien\w{0,3})\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:multiple|various|several|many|two|three|four|\d{1,2}) (?:\w{2,20} ){0,2}(?:roles?|positions?|openings?|"
    r"jobs)|"
    r"\b(?:roles|positions|openings)\b|\bvarious\b|\+ (?:many )?(?:others|more)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^(?:[-*•·–—▪]|\d{1,2}[.)])\s{0,3}(?=\S)")
MOST_ROLES = 12
# The role that a title names which does not say what is built.
GENERAL = "software-engineer"
LONGEST_ROLE_LINE = 160


def heading(said: str) -> Heading | None:
    """The heading of a thread comment; None where a title is none: fewer than two bars."""
    segments = [one.strip(" *[]") for one in _BAR.split(said[:600])]
    segments = [one for one in segments if one]
    if said.count("|") < 2 or len(segments) < 3:
        return None
    company: str | None = None
    roles: list[str] = []
    places: list[str] = []
    pay = employment = address = None
    for at, segment in enumerate(segments):
        kind = _kind(segment, first=at == 0, others=segments[at + 1 :])
        if kind == "address":
            address = address or canonical(segment if "://" in segment else f"https://{segment}")
        elif kind == "pay":
            pay = pay or segment
        elif kind == "employment":
            employment = employment or segment
        elif kind == "place":
            places.append(segment)
        elif kind == "role":
            roles.append(segment)
        elif company is None and at == 0:
            company = _IS_HIRING.sub("", _ASIDE.sub("", segment)).strip() or segment
    return Heading(company, tuple(roles), tuple(places), pay, employment, address)


def _kind(segment: str, *, first: bool, others: list[str]) -> str:
    if _ADDRESS.fullmatch(segment) and not (first and "://" not in segment):
        return "address"
    if first:
        alone = _OFFICE_HELD.search(segment) and not any(_names_work(other) for other in others)
        return "role" if alone and not _IS_HIRING.search(segment) else "company"
    if _PAY.search(segment) and any(map(str.isdigit, segment)) and len(segment) < 120:
        return "pay"
    if _names_work(segment) and not _only_a_way(segment):
        return "role"
    if remote.word(segment) is not None or _is_place(segment):
        return "place"
    if _EMPLOYMENT.search(segment):
        return "employment"
    return "role" if _ROLE.search(segment) else "other"


def _names_work(segment: str) -> bool:
    return bool(_roles_in(segment)) or bool(_ROLE.search(segment))


def _only_a_way(segment: str) -> bool:
    """ "Remote (product team in Berlin)" is a place; "Remote Backend Engineer" is a role."""
    return remote.word(segment) is not None and not _roles_in(segment)


def _is_place(segment: str) -> bool:
    return any(one.kind != "unknown" for one in place.read(segment)) and len(segment) < 120


def _roles_in(said: str) -> tuple[str, ...]:
    from flows.classify.titles import roles_in

    return roles_in(said)


def pieces(title: str, found: Heading | None, text: str) -> list[Piece]:
    """The roles of an ad: one piece for an ordinary ad, several for a thread's comment with several roles.

    Args:
        title: the cleaned title, which one piece keeps where nothing is to be split.
        found: the thread heading, if the title is one.
        text: the description.
    """
    if found is None:
        return [Piece("", title, ())]
    shown = ", ".join(found.roles) or title
    by_role: dict[str, list[str]] = {}
    for segment in found.roles:
        for slug in _roles_beside(segment):
            by_role.setdefault(slug, [])
    lines = _role_lines(text)
    listed = sum("|" in said or _PAY.search(said) is not None for said in lines) > 1
    several = listed or not found.roles or _SEVERAL.search(" ".join(found.roles)) is not None
    for said in lines:
        for slug in _roles_in(said)[:1]:
            if slug in by_role or several:
                by_role.setdefault(slug, []).append(said)
    if not 2 <= len(by_role) <= MOST_ROLES:
        return [Piece("", shown, ())]
    return [Piece(slug, _title_of(slug, lines, shown), tuple(lines)) for slug, lines in by_role.items()]


def _roles_beside(segment: str) -> list[str]:
    """The roles side by side in a heading's segment; 'Software Engineer, Full Stack' is one with its field."""
    first, *others = _BETWEEN_ROLES.split(_IN_BRACKETS.sub(" ", segment))
    held = _OFFICE_HELD.search(first)
    if (
        held
        and not held[0].endswith("s")
        and _roles_in(first) == (GENERAL,)
        and not any(map(_OFFICE_HELD.search, others))
    ):
        return [GENERAL]
    return [slug for one in (first, *others) for slug in _roles_in(one)[:1]]


def _role_lines(text: str) -> list[str]:
    """The lines that list a role: short items and lines after the first, without the ad's own sentences.

    Of a long item what stands before its colon: "Designer ($120-180k): hybrid design and research ..."
    """
    lines = [_ITEM.sub("", said.strip()) for said in text.split("\n")[1:]]
    lines = [said if len(said) <= LONGEST_ROLE_LINE else said.partition(": ")[0] for said in lines]
    return [
        said
        for said in lines
        if 4 < len(said) <= LONGEST_ROLE_LINE
        and _OFFICE_HELD.search(said[:80])
        and not said.endswith(".")
        and not _NO_ROLE_LINE.search(said)
    ]


def _title_of(slug: str, lines: list[str], shown: str) -> str:
    """The first line that names this role, without its pay and address; else the heading's words for it."""
    for said in lines:
        plain = re.split(r"\s[-–—|:→]\s?|[:(]|https?://|\s[$€£]", said)[0].strip(" -–—|:,*→")
        if _roles_in(plain)[:1] == (slug,):
            return plain
    for segment in _BETWEEN_ROLES.split(_IN_BRACKETS.sub(" ", shown)):
        if _roles_in(segment)[:1] == (slug,):
            return segment.strip()
    return shown
