"""Which roles an advertisement names, where its title is the header of a hiring thread or says nothing.

'Company | Place | Full-time' names no role; the roles then stand in the lines of the text ('- Senior Backend Engineer')
or after 'we are looking for'.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flows.classify.titles import BACKEND, NONE, OUTSIDE, Cue, TitleReading, read_title
from flows.clean.pattern import linear

# What a sentence that seeks a role adds to it where the header is general.
SOUGHT = 3.0
_HEAD = 60
_LINES = 60
_LONGEST_LINE = 220
# Words; what is longer is a sentence, not a title.
_LONGEST_TITLE = 18
# A sentence that names so many roles is a list of them.
_SEVERAL = 3
# Lines that ask or praise rather than name an opening.
_ASKS = re.compile(
    r"\b(?:experience|knowledge|proficien\w+|familiar\w*|passion\w*|bonus|if you|apply|we(?:'ve|’ve|'re|’re| are| have)"
    r"|please|no (?:recruiters|agencies))\b",
    re.I,
)
_BULLET = re.compile(r"^[\s>*•●▪·\-–—/]*(?:\[\d{1,2}\]|\(?\d{1,2}[.)])?[\s*]*")
_REST = re.compile(
    r"(?i)https?://|\s[-–—]{1,2}\s|—|(?<![sj]r)\.\s|:\s?$|:\s|\bwith\b(?!(?: an?)? (?:back|front|full))"
    r"|\bto\b|\bwho\b|\bthat\b|\bfor our\b|\bat\b"
)
# Programmers' threads: an ad in them that names no role mostly seeks programmers.
_SOME_PROGRAMMER = (
    Cue("software-engineer", 0.5, "an ad in a hiring thread", "generic"),
    Cue(NONE, 2.0, "no role named", "hint"),
)
_ADDRESS = re.compile(r"\s?\b(?:https?:|www\.)", re.I)
# Who seeks work may answer in a thread that hires: 'SEEKING WORK | Remote'.
_OF_A_SEEKER = re.compile(r"\W{0,4}seeking (?:work|freelance work)\b", re.I)
# So may who writes a letter.
_LETTER_OF_A_SEEKER = linear(
    r"\bI(?:[’']m| am)(?: currently| actively)? (?:looking|searching) for (?:an? |my )?(?:new |next |remote |full[- ]time )*"
    r"(?:job|work|opportunit\w{1,3})\b"
)
_LETTER = 600
# Or who answers the sister thread's questions: 'Location: ... Willing to relocate: ... Technologies: ...'
_OFFERS_ITSELF = ("willing to relocate:", "technologies:")
_SEEKER = TitleReading(cues=(Cue(NONE, OUTSIDE["noun"], "seeks work"),))
# 'Backend: Go, PostgreSQL' tells what the ad's stack is made of.
_SIDE = re.compile(
    r"(?:the |our )?(?:back.?end|front.?end|full.?stack|devops|data|infra\w*)(?: (?:tech )?stack)?", re.I
)
_PLURAL = re.compile(r"(?:engineer|developer|role|position|opening)s\b|\b(?:multiple|various|several)\b", re.I)
_SEEKS = re.compile(
    r"\b(?:looking for|hiring(?: for)?|seeking|searching for|in need of|we need|recruiting|wir suchen"
    r"|looking to (?:add|hire|bring on|recruit|expand with)|(?:positions|roles|openings|vacancies) for|openings in"
    r"|(?:(?:open|current) )?(?:role|position|opening)(?=:))\b"
    r"(?:\s(?:an?|our|some|several|multiple|one|two|more|talented|experienced|the|great|strong"
    r"|first)\b)*:?\s+([^\n.]{4,140})",
    re.I,
)
_NOUN = re.compile(
    r"engineer|developer|\bdev\b|\bdevs\b|programmer|architect|\bswe\b|analyst|scientist|designer"
    r"|administrator|\bsre\b|devops"
    r"|manager|lead\b|researcher|director|head of|technical staff|entwickler|\bsde\b|full.?stack|back.?end|front.?end",
    re.I,
)


def reading_of(title: str, title_raw: str, text: str) -> TitleReading:
    """The reading of a title; of a thread's header the part that names a role; else what the text says it seeks.

    Args:
        title: the title as cleaned.
        title_raw: as printed; a bar in it marks the header of a hiring thread.
        text: the readable text of the ad.
    """
    if _OF_A_SEEKER.match(title_raw) or _is_letter_of_a_seeker(text):
        return _SEEKER
    reading = _reading_of(title, title_raw, text)
    return reading if reading.seniority or title_raw.count("|") < 2 else _with_level(reading, title_raw)


def _is_letter_of_a_seeker(text: str) -> bool:
    if text.find("ing for", 0, _LETTER) >= 0 and _LETTER_OF_A_SEEKER.search(text, 0, _LETTER) is not None:
        return True
    return text[:9].casefold() == "location:" and all(asked in text[:_LETTER].casefold() for asked in _OFFERS_ITSELF)


def _with_level(reading: TitleReading, header: str) -> TitleReading:
    """A role that a list names without its level has that of its header, where this names one role in one part."""
    roles = [part for part in header.split("|")[1:] if _is_role_part(part.strip(), first=False)]
    if len(roles) != 1 or _SEVERAL_ROLES.search(roles[0]):
        return reading
    level = read_title(roles[0].strip())
    return dataclasses.replace(reading, level=level.level, seniority=level.seniority, because=level.because)


_SEVERAL_ROLES = re.compile(r",|;|\band\b|&|\+|\bmultiple\b|\bvarious\b", re.I)


def _reading_of(title: str, title_raw: str, text: str) -> TitleReading:
    """As :func:`reading_of`, of who hires."""
    in_thread = title_raw.count("|") > 1 or "http" in title_raw or _opens(text, title_raw)
    if len(title.split()) > _LONGEST_TITLE:
        whole = TitleReading()
    else:
        whole = _of_header(title) if in_thread and "|" in title else read_title(title)
    if not in_thread and (whole.cues or len(title.split()) <= _LONGEST_TITLE // 2):
        return whole
    if whole.cues and "|" not in title_raw and not _names_role(whole):
        # 'Growth Marketing', repeated above its text
        return whole
    plainly = _names_role(whole) and not whole.generic
    if plainly and (_NOUN.search(title) or not whole.roles):
        return whole
    found = [one for one in openings(text, whole.cues == ()) if _names_role(one.reading)]
    if plainly and not any(one.listed for one in found):
        # 'Security, Machine Learning' above a list of offices is the employer's field, else that of the office
        return whole
    listed = [one.reading for one in found if one.listed or len(one.reading.roles) >= _SEVERAL]
    if whole.generic and not _is_list(title, listed):
        return _leaning(whole, (one.reading for one in found if not one.listed))
    if not found:
        return whole if whole.cues else dataclasses.replace(whole, cues=_SOME_PROGRAMMER)
    return _joined(whole, listed if whole.generic else [one.reading for one in found])


def _opens(text: str, title: str) -> bool:
    """Whether the title is but the first line of the text, as in a thread."""
    # addresses are blanked in the text
    head = _ADDRESS.split(title[:_HEAD], maxsplit=1)[0].rstrip(" .…")
    return len(head) > 8 and text[: _HEAD + 8].lstrip().startswith(head)


def _leaning(header: TitleReading, sought: Iterable[TitleReading]) -> TitleReading:
    """A general header with what the sentences seek: 'Software Engineer ... we look for backend developers'."""
    cues = {
        cue.role: Cue(cue.role, SOUGHT, cue.words, "hint")
        for reading in sought
        for cue in reading.cues
        if cue.strength == "own" and cue.role != NONE
    }
    return dataclasses.replace(header, cues=(*header.cues, *cues.values())) if cues else header


def _is_list(title: str, found: list[TitleReading]) -> bool:
    """Whether openings under a general title are its roles: several of them, or one under 'Engineers', 'Roles'."""
    return any(not one.generic for one in found) and (len(found) > 1 or _PLURAL.search(title) is not None)


def _joined(header: TitleReading, found: list[TitleReading]) -> TitleReading:
    """Of the openings found the back-end one, else the first; the header's level holds for it."""
    chosen = next((reading for reading in found if BACKEND & set(reading.roles)), found[0])
    roles = dict.fromkeys(role for reading in found for role in reading.roles)
    return dataclasses.replace(
        chosen,
        core=header.core or chosen.core,
        level=header.level or chosen.level,
        roles=tuple(roles),
        seniority=header.seniority or chosen.seniority,
        because=header.because or chosen.because,
    )


def _of_header(title: str) -> TitleReading:
    """The parts that name a role; a level may stand in a part of its own ('Platform Engineer | Lead')."""
    reading = read_title(_without_company(title))
    if reading.level or not reading.core:
        return reading
    whole = read_title(title)
    return dataclasses.replace(reading, level=whole.level, seniority=whole.seniority, because=whole.because)


def _names_role(reading: TitleReading) -> bool:
    return any(cue.strength != "hint" for cue in reading.cues)


def _without_company(title: str) -> str:
    """The parts of 'Company | Role | Place' that name a role; the first only if it names one plainly."""
    parts = [part.strip() for part in title.split("|")]
    return " | ".join(part for at, part in enumerate(parts) if _is_role_part(part, first=at == 0))


def _is_role_part(part: str, first: bool) -> bool:
    reading = read_title(part)
    if not reading.cues or len(part) > 120 or _NOUN.search(part) is None:
        return False
    return not first or any(cue.strength == "own" for cue in reading.cues)


class Opening(NamedTuple):
    """What one line of a text names, and whether the line stands in a list rather than in a sentence."""

    reading: TitleReading
    listed: bool


def openings(text: str, from_first: bool = False) -> Iterator[Opening]:
    """The openings that lines and sentences of a text name, in its order; the first line is its header."""
    for at, line in enumerate(text[:8000].split("\n")[: _LINES + 1]):
        if 3 < len(line) <= 600 and (at or from_first) and _NOUN.search(line):
            # addresses are blanked in the text: what they leave is no part of the line
            yield from _openings_of(" ".join(line.split()), listed=at > 0)


def _openings_of(line: str, listed: bool) -> Iterator[Opening]:
    sought = _SEEKS.search(line)
    if sought:
        end = _REST.search(sought[1])
        yield Opening(read_title(sought[1][: end.start() if end else 120]), listed=False)
        return
    marked = _BULLET.match(line)
    if not listed or (len(line) > _LONGEST_LINE and "|" not in line and not (marked and marked[0])):
        return
    for piece in line.split("|"):
        bare = _BULLET.sub("", piece, count=1)
        end = _REST.search(bare)
        head = bare[: end.start()] if end else bare
        if end and end[0] == " - " and not _NOUN.search(head):
            # 'Acme - Founding Engineer - Remote'
            head = bare[end.end() :].partition(" - ")[0]
        if end and end[0].startswith(":") and _SIDE.fullmatch(head.strip(" *")):
            continue
        if end and end[0] == ": " and (side := _SIDE.fullmatch(bare[end.end() :].strip(" *"))):
            # the field behind a colon
            head = f"{head}, {side[0]}"
        if 3 < len(head) <= 90 and not _ASKS.search(head) and _NOUN.search(head) and len(head.split()) <= 12:
            yield Opening(read_title(head.strip()), listed=True)
