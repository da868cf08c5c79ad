"""Headings of hiring threads taken apart, and advertisements of several roles split into one a role.

A comment in a thread opens with one line: "Acme | Senior Backend Engineer | Berlin or REMOTE (EU) | $120k-150k".
Its segments stand in any order, so each is judged by what it says.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from flows.clean import listing, place, remote
from flows.clean.listing import GENERAL, OUTSIDE, Opening
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
    """The lines of the ad that name this role, without addresses."""
    text: str
    """What the ad says of this role and of all: its text without what describes the others."""


_BAR = re.compile(r"\s{0,3}[|｜]\s{0,3}|\s\[\s?|\s?\]\s?(?=$|\|)")
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]{1,40}\.){1,3}[a-z]{2,12}(?:/\S{0,200})?", re.IGNORECASE)
_LABEL = re.compile(r"^(?:open )?(?:roles?|positions?|hiring)\s?:\s{0,3}", re.IGNORECASE)
_HELP = re.compile(r"\b(?:relocation|visa|sponsor)", re.IGNORECASE)
_LINK = re.compile(r"https?://\S{1,2000}")
_EMPLOYMENT = re.compile(
    r"(?:full|part)[- ]?time|\bft\b|\bpt\b|contract\w{0,4}|freelance|intern(?:ship)?s?\b|permanent|\bperm\b|"
    r"consulting|temporary|1099|\bw2\b",
    re.IGNORECASE,
)
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
    r"chief|administrators?|swes?|sres?|sdes?|devs?|programmers?)\b",
    re.IGNORECASE,
)
_SEVERAL_BUILD = re.compile(
    r"(?:engineer|developer|programmer|architect|analyst|scientist|designer|dev|swe|sde)s", re.IGNORECASE
)
_IS_HIRING = re.compile(r"\s{0,3}\b(?:is|are)(?: \w{2,10})? hiring\b.{0,80}$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,120}[)\]]")
_BETWEEN_ROLES = re.compile(r"\s?[,/&+;]\s?|\s(?:and|or)\s", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:multiple|various|several|many|two|three|four|\d{1,2}) (?:\w{2,20} ){0,2}(?:roles?|positions?|openings?|"
    r"jobs)|"
    r"\b(?:roles|positions|openings)\b|\bvarious\b|\+ (?:many )?(?:others|more)",
    re.IGNORECASE,
)
MOST_ROLES = 12


def heading(said: str, *, opens: bool = False) -> Heading | None:
    """The heading of a thread comment; None where a title is none: fewer than two bars (one where it ``opens`` the text)."""
    segments = [_LABEL.sub("", one.strip(" *[]")) for one in _BAR.split(said[:600])]
    segments = [one for one in segments if one]
    least = 1 if opens else 2
    if said.count("|") < least or len(segments) <= least:
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
            # a role with its pay in brackets, as in: Junior SWE (from 150k), Senior SWE (200k)
            named = _IN_BRACKETS.sub("", segment).replace(" ,", ",").strip()
            if named != segment and "://" not in named and _roles_in(named):
                roles.append(named)
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
    if listing.PAY.search(segment) and any(map(str.isdigit, segment)) and len(segment) < 120:
        return "pay"
    if _HELP.search(segment) and not _roles_in(segment):
        return "other"
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
    """The roles of an ad, in its order: one piece for an ordinary ad, several for a thread's comment with several roles.

    Offices outside the taxonomy are one piece together (slug ``none``).

    Args:
        title: the cleaned title, which one piece keeps where nothing is to be split.
        found: the thread heading, if the title is one.
        text: the description.
    """
    if found is None:
        return [Piece("", title, (), text)]
    shown = ", ".join(found.roles) or title
    lines = text.split("\n")
    headed, openings = _meant(found, listing.openings(lines))
    listed = list(dict.fromkeys(one.slug for one in openings))
    # a heading that names some of them does so in brief: then the list has the order
    brief = set(headed) <= set(listed) or len(set(headed) & set(listed)) > 1
    slugs = list(dict.fromkeys([*listed, *headed] if brief else [*headed, *listed]))
    if openings and (slugs == [OUTSIDE] or not found.roles):
        shown = openings[0].name
    if not 2 <= len(slugs) <= MOST_ROLES:
        return [Piece("", shown, (), text)]
    return [_piece(slug, openings, shown, lines) for slug in slugs]


def _meant(found: Heading, openings: list[Opening]) -> tuple[list[str], list[Opening]]:
    """The roles that a heading names, and the openings below it that are sought: each overrules the other at times."""
    headed = list(dict.fromkeys(slug for segment in found.roles for slug in _roles_beside(segment)))
    offered = len({one.name for one in openings if one.offered}) > 1
    general = set(headed) <= {GENERAL} and any(one.slug != OUTSIDE for one in openings)
    if not found.roles or _SEVERAL.search(" ".join(found.roles)) or (offered and general):
        # 'Various Engineering Roles', 'Software Engineers': the list says which
        headed = [] if len(openings) > 1 else headed
    elif not offered:
        # lines that name other offices may speak of colleagues
        heads = " ".join(found.roles).lower()
        openings = [one for one in openings if one.slug in headed or one.name.lower() in heads]
    return headed, openings


def _piece(slug: str, listed: list[Opening], shown: str, lines: list[str]) -> Piece:
    own = [one for one in listed if one.slug == slug]
    of_others = {at for one in listed for at in range(one.at, one.end)} - {
        at for one in own for at in range(one.at, one.end)
    }
    said = {one.at: " | ".join(other.said for other in own if other.at == one.at) for one in own}
    kept = [said.get(at, line) for at, line in enumerate(lines) if at not in of_others]
    title = own[0].name if own else _headed_title(slug, shown)
    if not own and kept and title != shown:
        kept[0] = kept[0].replace(shown, title, 1)
    return Piece(slug, title, tuple(_LINK.sub(" ", one.said) for one in own), "\n".join(kept))


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
        slug = listing.slug_of(segment) or GENERAL
        # 'Software Engineer, Quality Assurance, Sales': so many fields are offices of their own
        return [GENERAL, OUTSIDE] if slug == OUTSIDE and len(others) > 1 else [slug]
    return [slug for one in _named_apart(segment) for slug in _roles_in(one)[:1]]


def _headed_title(slug: str, shown: str) -> str:
    """The heading's words for a role."""
    for one in _named_apart(shown):
        if _roles_in(one)[:1] == (slug,):
            return one
    return shown


def _named_apart(segment: str) -> list[str]:
    """The roles side by side in a segment, each with the noun of several and the level that it shares with its neighbours.

    >>> _named_apart("Senior Backend and Frontend Engineers")
    ['Senior Backend Engineers', 'Senior Frontend Engineers']
    """
    named: list[str] = []
    level = ""
    parts = [one.strip() for one in _BETWEEN_ROLES.split(_IN_BRACKETS.sub(" ", segment))]
    for at, one in enumerate(parts):
        own = _level_in(one)
        if _OFFICE_HELD.search(one):
            named.append(one if own else f"{level} {one}".lstrip())
            level = ""
            continue
        following = next(filter(None, map(_OFFICE_HELD.search, parts[at:])), None)
        noun = following[0] if following and _SEVERAL_BUILD.fullmatch(following[0]) else ""
        level = (own or level) if noun else ""
        named.append(" ".join(filter(None, ("" if own else level, one, noun if _roles_in(one) else ""))))
    return named


def _level_in(said: str) -> str:
    from flows.classify.titles import read_title

    return read_title(said).level
