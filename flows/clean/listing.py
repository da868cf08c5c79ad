"""The openings that a thread's comment lists under its heading, and which lines of the text belong to which.

An opening is a line (or a part of a line between bars) that begins with the name of an office: "Senior Backend Engineer
($150k): https://...". What follows up to the next opening describes it; what stands before the first, and after the
last, is said of all.
"""

from __future__ import annotations

import re
import statistics
from itertools import pairwise
from typing import NamedTuple

OUTSIDE = "none"
"""The slug of an opening that is no role of the taxonomy."""
GENERAL = "software-engineer"
"""The role that a title names which does not say what is built."""
LONGEST_LINE = 160
"""Characters of a line that is an opening as a whole; of a longer one only what stands before its separator."""
LONGEST_NAME = 90
MOST_WORDS = 10
MOST_OF_A_FIELD = 3
"""Words of a field that stands for its office: "Full Stack", "Back End"."""
LONGEST_BLOCK = 12
"""Lines that one opening may have; what is longer is the ad's own text between two lists."""

_ITEM = re.compile(r"^(?:[-*•·–—▪➡→+/]{1,3}|\d{1,2}[.)]|\d{1,2}\s?[xX](?=\s)|\[\d{1,2}\])\s{0,3}(?=\S)")
_DASH = re.compile(r"\s[-–—]{1,2}\s?|[–—]\s")
_END = re.compile(r"→|➡|[:([]|https?://|\s[$€£]")
_BRACKET = re.compile(r"\s?[(\[]")
_LABEL = re.compile(r"^(?:role|position|job|title|opening)\s?(?:\d{1,2}\s?)?:\s{1,3}", re.IGNORECASE)
# what ends before a list of offices in one line
_OFFERS = re.compile(
    r"^[^.:|]{0,80}\b(?:roles|positions|openings|jobs|hiring|looking for|seeking|hear from|recruiting)\b[^.:|]{0,40}:\s{1,3}",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s\b")
# the field behind an office's name, in brackets or behind a colon
_ASIDE = re.compile(r"\([^()]{2,45}\)|:\s[\w/+-]{2,20}(?: [\w/&+-]{1,20}){0,2}(?=\s?(?:$|[(\[→]|https?://))")
PAY = re.compile(r"[$€£¥₹]\s?\d|\d\s?k\b|\b(?:USD|EUR|GBP|CAD|AUD|CHF)\b", re.IGNORECASE)
_LINK = re.compile(r"https?://", re.IGNORECASE)
# a field that tells by itself that a list is one of openings; any other may head a list of anything
_SIDE = re.compile(r"(?:full|back|front)[- ]?(?:stack|end)", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:engineer|developer|programmer|designer|manager|scientist|analyst|architect|administrator|researcher|director|"
    r"officer|recruiter|marketer|writer|consultant|specialist|strategist|associate|coordinator|technician|executive|"
    r"advocate)s?\b|\b(?:head of|chief|vp|lead|leads|devs?|sre|swe|sde|mle|devops|dev ops|devrel|technical staff|"
    r"product management|business development)\b",
    re.IGNORECASE,
)
# What a sentence holds and the name of an office does not.
_SENTENCE = re.compile(
    r"\b(?:experience[ds]?|years?|you|your|we|our|us|i|they|is|are|who|that|the|to|with|across|looking|join|team of|"
    r"ability|knowledge|strong|solid|proficien\w{0,3}|reach out|contact|apply|(?<!full )(?<!full-)stack|openings?|challenge|please|no (?:recruiters|agencies))\b|\?|"
    r",\s(?:ceo|cto|(?:co-?)?founder)\b|^for\b|^hiring\b|^(?:architect|build|collaborat|partner|work|own|design|creat|develop|help|lead design|"
    r"manage|support|hiring manager|chat)\w{0,5}\s(?!engineer|developer|manager|designer|lead)(?-i:[a-z])",
    re.IGNORECASE,
)


class Opening(NamedTuple):
    """One listed opening."""

    slug: str
    name: str
    """Its words, without pay, place and address."""
    said: str
    """The whole line, or its part between bars."""
    at: int
    """Number of the line."""
    end: int
    """Number of the first line after those that describe it."""
    offered: bool
    """Pay or an address stands with it, or bars part it from others: it is not merely spoken of."""


def openings(lines: list[str]) -> list[Opening]:
    """The openings that the lines of a comment list, in their order; the first line is its heading.

    Each is described by what follows up to the next; the last is taken to be described as long as the others are.
    """
    by_line = {at: named for at, line in enumerate(lines) if at and (named := _named_in(line))}
    alone = {at: [f] for at, line in enumerate(lines) if at and at not in by_line and (f := _field_alone(line))}
    if any(_SIDE.fullmatch(field[0][2]) for field in alone.values()) or any(_LINK.search(lines[at]) for at in by_line):
        by_line = dict(sorted((by_line | alone).items()))
    starts = list(by_line)
    sizes = [after - at for at, after in pairwise(starts)]
    sizes = [size if size <= LONGEST_BLOCK else 1 for size in sizes]
    sizes.append(statistics.median_low(sizes) if sizes else 1)
    found = []
    for at, size in zip(starts, sizes, strict=False):
        block = lines[at : at + size]
        offered = len(by_line[at]) > 1 or any(_LINK.search(line) or PAY.search(line) for line in block)
        found += [Opening(slug, name, part, at, at + len(block), offered) for part, slug, name in by_line[at]]
    return found


def slug_of(name: str) -> str:
    """The role of the taxonomy that a title-like text names most plainly; OUTSIDE for another one; empty for none."""
    # on first use: the titles' lexicon is the classification's, which reads cleaned text
    from flows.classify.titles import read_title

    cues = read_title(_POSSESSIVE.sub("s", name)).cues
    return max(cues, key=lambda cue: cue.weight).role if cues else ""


def _named_in(line: str) -> list[tuple[str, str, str]]:
    """(part, slug, words) of the offices that a line names: of its beginning, or of the parts of a list in one line."""
    bare = _LABEL.sub("", _ITEM.sub("", line.strip()))
    if behind := _OFFERS.match(bare):
        listed = _in_brief(bare[behind.end() :])
        if len(listed) > 1:
            return listed
    parts = [part.strip() for part in bare.split("|")]
    named = [(part, *office) for part in parts if (office := _office(part))]
    if len(named) == 1:
        return [(bare, *named[0][1:])] if named[0][0] == parts[0] else []
    return named


def _field_alone(line: str) -> tuple[str, str, str] | None:
    """(part, slug, words) of an item with its address that names its office by the field: '* Backend - https://...'."""
    item = _ITEM.match(line.strip())
    if item is None or not _LINK.search(line):
        return None
    bare = _LABEL.sub("", line.strip()[item.end() :])
    head = _DASH.split(_END.split(bare, maxsplit=1)[0], maxsplit=1)[0].strip(" -–—,*|")
    slug = slug_of(head) if len(head) > 2 and len(head.split()) <= MOST_OF_A_FIELD else ""
    return (bare, slug, head) if slug not in {"", OUTSIDE} else None


def _in_brief(said: str) -> list[tuple[str, str, str]]:
    """The offices of 'Open roles: Data Engineer * SRE' or 'hiring: firmware engineers (C), backend (Python), designers'.

    One of them at least is called an office; the others may be named by their field alone.
    """
    mark = next((mark for mark in "*•·|;" if f" {mark} " in said or f"{mark} " in said), ",")
    parts = [part.strip(" .&") for part in said.split(mark)]
    heads = [_BRACKET.split(part, maxsplit=1)[0].removeprefix("and ").strip() for part in parts]
    if not any(map(_is_name, heads)) or not all(len(head.split()) <= MOST_WORDS for head in heads):
        return []
    named = [(part, slug_of(head), head) for part, head in zip(parts, heads, strict=True)]
    return [(part, slug or OUTSIDE, head) for part, slug, head in named if slug or _is_name(head)]


def _office(said: str) -> tuple[str, str] | None:
    """(slug, words) of the office that a line begins with; None where it is a sentence or something else."""
    end = _END.search(said)
    head, *field = (part.strip(" -–—,*") for part in _DASH.split(said[: end.start()] if end else said, maxsplit=2))
    if field and _is_name(field[0]) and not _is_name(head) and len(head.split()) <= MOST_OF_A_FIELD:
        # 'Engineering - Senior Software Engineer': the department first
        head, *field = field
    if not _is_name(head) or (len(said) > LONGEST_LINE and end is None and not field):
        return None
    slug = slug_of(head)
    aside = _ASIDE.match(said, end.start()) if end and not field else None
    # 'Software Engineer - Data Platform', 'Software Engineer (back end)': the field, where it is none of places or pay
    for more in (
        f"{head} - {field[0]}" if field else "",
        f"{head}{'' if aside[0][0] == ':' else ' '}{aside[0]}" if aside else "",
    ):
        telling = slug_of(more) if more and _is_field(more[len(head) :]) else ""
        if telling not in {"", OUTSIDE, GENERAL, slug}:
            return telling, more
    # an office that the lexicon does not know; but 'Lead by example' is none
    return (slug or OUTSIDE, head) if slug or not head.lower().startswith("lead ") else None


def _is_name(said: str) -> bool:
    return (
        2 < len(said) <= LONGEST_NAME
        and len(said.split()) <= MOST_WORDS
        and not said.endswith(".")
        and _OFFICE.search(said) is not None
        and _SENTENCE.search(said) is None
    )


def _is_field(said: str) -> bool:
    return len(said) <= LONGEST_NAME // 2 and _SENTENCE.search(said) is None
