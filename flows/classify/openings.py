"""Which roles an advertisement names, where its title is the header of a hiring thread or says nothing.

'Company | Place | Full-time' names no role; the roles then stand in the lines of the text ('- Senior Backend Engineer')
or after 'we are looking for'.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from flows.classify.titles import BACKEND, TitleReading, read_title

_LINES = 60
_LONGEST_LINE = 220
# Words; what is longer is a sentence, not a title.
_LONGEST_TITLE = 18
# Lines that ask or praise rather than name an opening.
_ASKS = re.compile(
    r"\b(?:experience|knowledge|proficien\w+|familiar\w*|passion\w*|bonus|if you|apply|we(?:'ve|’ve|'re|’re| are| have))\b",
    re.I,
)
_BULLET = re.compile(r"^[\s>*•●▪·\-–—/]*(?:\[\d{1,2}\]|\(?\d{1,2}[.)])?[\s*]*")
_REST = re.compile(r"https?://|\s[-–—]{1,2}\s|—|\.\s|:\s?$|:\s|\bwith\b|\bto\b|\bwho\b|\bthat\b|\bfor our\b|\bat\b")
_SEEKS = re.compile(
    r"\b(?:looking for|hiring(?: for)?|seeking|searching for|in need of|we need|recruiting|wir suchen)\b"
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
    if len(title.split()) > _LONGEST_TITLE:
        whole = TitleReading()
    else:
        whole = _of_header(title) if "|" in title else read_title(title)
    if _names_role(whole) or not _may_be_header(title_raw, whole):
        return whole
    found = [reading for reading in openings(text) if _names_role(reading)]
    if not found:
        return whole
    chosen = next((reading for reading in found if BACKEND & set(reading.roles)), found[0])
    roles = dict.fromkeys(role for reading in found for role in reading.roles)
    return dataclasses.replace(
        chosen,
        core=whole.core or chosen.core,
        level=whole.level or chosen.level,
        roles=tuple(roles),
        seniority=whole.seniority or chosen.seniority,
        because=whole.because or chosen.because,
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


def _may_be_header(title: str, reading: TitleReading) -> bool:
    """A header of a hiring thread, or a sentence in which nothing is a known noun."""
    return "|" in title or "http" in title or (not reading.cues and len(title.split()) > _LONGEST_TITLE // 2)


def _without_company(title: str) -> str:
    """The parts of 'Company | Role | Place' that name a role; the first only if it names one plainly."""
    parts = [part.strip() for part in title.split("|")]
    return " | ".join(part for at, part in enumerate(parts) if _is_role_part(part, first=at == 0))


def _is_role_part(part: str, first: bool) -> bool:
    reading = read_title(part)
    if not reading.cues or len(part) > 120 or _NOUN.search(part) is None:
        return False
    return not first or any(cue.strength == "own" for cue in reading.cues)


def openings(text: str) -> Iterator[TitleReading]:
    """Readings of the lines and sentences of a text that name an opening, in its order."""
    for line in text[:8000].split("\n")[1 : _LINES + 1]:
        if 3 < len(line) <= 600 and _NOUN.search(line):
            yield from _openings_of(line)


def _openings_of(line: str) -> Iterator[TitleReading]:
    sought = _SEEKS.search(line)
    if sought:
        yield read_title(sought[1][:120])
        return
    marked = _BULLET.match(line)
    if len(line) > _LONGEST_LINE and "|" not in line and not (marked and marked[0]):
        return
    for piece in line.split("|"):
        bare = _BULLET.sub("", piece, count=1)
        end = _REST.search(bare)
        head = bare[: end.start()] if end else bare
        if 3 < len(head) <= 90 and not _ASKS.search(head) and _NOUN.search(head) and len(head.split()) <= 12:
            yield read_title(head.strip())
