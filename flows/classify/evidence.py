"""What a text says of the kind of work: phrases and skills that speak for back end, front end, data, security ...

A phrase counts once a text, by the part of the ad in which it weighs most. Parts on benefits and applying are silent.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from config.load_taxonomy import axes, both_sides, phrases_abroad, server_only
from flows.classify.text import Ad, Part, plain

# What a part of the ad is worth as evidence of the work itself.
PART_WORTH = {
    "duties": 1.0,
    "requirements": 1.0,
    "stack": 1.0,
    "about": 0.6,
    "nice": 0.5,
    "other": 0.2,
    "benefits": 0.0,
}
# Without parts about duties and requirements the whole text is one part.
UNDIVIDED = 0.9

# 'One or more of: web applications, distributed systems, infrastructure': each says little of the work.
ONE_OF_MANY = 0.3
_BEFORE_MANY = ("one or more", "one or several", "at least one", "one of the following", "any of the following")
_MANY = re.compile(rf"\b(?:{'|'.join(_BEFORE_MANY)})\b[^\n.;]{{0,200}}", re.IGNORECASE)

_Worths = tuple[tuple[str, float], ...]
_NEVER = (0.0,)
_SPELLINGS = (
    ("backend", "back end"),
    ("frontend", "front end"),
    ("fullstack", "full stack"),
    ("microservice", "micro service"),
    ("multithread", "multi thread"),
)
# 'One of Java, Go, Python, Ruby or C++': of so many languages none tells of devices.
_MANY_LANGUAGES = 5
_GENERAL_LANGUAGES = frozenset(
    {
        "C",
        "C#",
        "C++",
        "Go",
        "Java",
        "JavaScript",
        "Kotlin",
        "Perl",
        "PHP",
        "Python",
        "Ruby",
        "Rust",
        "Scala",
        "TypeScript",
    }
)
_OF_DEVICES = frozenset({"C", "C++"})


@dataclass(slots=True)
class WorkEvidence:
    """Sums by kind of work (0 and more) and the words that made them, strongest first.

    servers: the languages and frameworks of servers, where the ad names no others.
    sides: the frameworks of servers and of pages, where the ad names both.
    """

    sums: dict[str, float] = field(default_factory=dict)
    words: dict[str, tuple[tuple[float, str], ...]] = field(default_factory=dict)
    servers: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()

    def of(self, axis: str) -> float:
        """The sum of one kind of work."""
        return self.sums.get(axis, 0.0)

    def because(self, axis: str, most: int = 4) -> str:
        """The strongest words for one kind of work."""
        strongest = sorted(self.words.get(axis, ()), key=lambda pair: (-pair[0], pair[1]))
        return ", ".join(dict.fromkeys(words for _, words in strongest[:most]))


@functools.cache
def _phrases() -> tuple[AhoCorasick, tuple[tuple[str, tuple[tuple[str, float], ...]], ...]]:
    """An automaton of all phrases in every spelling; by pattern number the phrase and its (axis, worth)."""
    table: dict[str, tuple[str, list[tuple[str, float]]]] = {}
    for name, axis in axes().items():
        for phrase, worth in axis.phrases.items():
            for said in (*_spelled(phrase), *phrases_abroad().get(phrase, ())):
                table.setdefault(" " + plain(said).strip(), (phrase, []))[1].append((name, worth))
    rows = tuple((phrase, tuple(worths)) for phrase, worths in table.values())
    return AhoCorasick(list(table), matchkind=MatchKind.Standard, implementation=Implementation.DFA), rows


def _spelled(phrase: str) -> list[str]:
    said = [phrase]
    for joined, apart in _SPELLINGS:
        said += [one.replace(joined, apart) for one in said if joined in one]
    return said


@functools.cache
def _skill_worths() -> dict[str, tuple[tuple[str, float], ...]]:
    found: dict[str, list[tuple[str, float]]] = {}
    for name, axis in axes().items():
        for skill, worth in axis.skills.items():
            found.setdefault(skill, []).append((name, worth))
    return {skill: tuple(worths) for skill, worths in found.items()}


def work_in(ad: Ad, skills: Collection[tuple[str, str]]) -> WorkEvidence:
    """Evidence of the kinds of work.

    Args:
        ad: the text, made ready.
        skills: (skill, kind of part) of the technologies found.
    """
    worth_of = _part_worths(ad.parts)
    best: dict[str, tuple[float, _Worths]] = {}
    automaton, rows = _phrases()
    ends = [(part.end, worth_of.get(part.kind, 0.0)) for part in ad.parts] or [(len(ad.plain), UNDIVIDED)]
    at, offered = 0, _offered(ad)
    for number, start, end in automaton.find_matches_as_indexes(ad.plain, overlapping=True):
        if ad.plain[end].isalnum():
            continue
        while at < len(ends) - 1 and ends[at][0] <= start:
            at += 1
        phrase, worths = rows[number]
        share = ends[at][1]
        if offered and any(first <= start < last for first, last in offered):
            share *= ONE_OF_MANY
        if share > best.get(phrase, _NEVER)[0]:
            best[phrase] = (share, worths)
    names = {skill for skill, _ in skills}
    silent = _OF_DEVICES if len(names & _GENERAL_LANGUAGES) >= _MANY_LANGUAGES else frozenset()
    found = _summed(best, ((skill, worth_of.get(kind, UNDIVIDED)) for skill, kind in skills if skill not in silent))
    found.servers = _only_of_servers(names)
    found.sides = _of_both_sides(names)
    return found


def _offered(ad: Ad) -> list[tuple[int, int]]:
    """(start, end) of what the text offers for choice: any of it will do."""
    if not any(words in ad.plain for words in _BEFORE_MANY):
        return []
    return [found.span() for found in _MANY.finditer(ad.text)]


def _only_of_servers(skills: set[str]) -> tuple[str, ...]:
    only = server_only()
    elsewhere = skills & only.elsewhere
    if elsewhere and not elsewhere <= {language for name, language in only.written_in.items() if name in skills}:
        return ()
    return tuple(sorted(skills & only.technologies))


def _of_both_sides(skills: set[str]) -> tuple[str, ...]:
    sides = both_sides()
    if (servers := skills & sides.servers) and (pages := skills & sides.pages):
        return tuple(sorted(servers | pages))
    return ()


def _part_worths(parts: Sequence[Part]) -> dict[str, float]:
    kinds = {part.kind for part in parts}
    if kinds & {"duties", "requirements"}:
        return PART_WORTH
    return {**PART_WORTH, "about": UNDIVIDED}


def _summed(phrases: dict[str, tuple[float, _Worths]], skills: Iterable[tuple[str, float]]) -> WorkEvidence:
    said: dict[str, list[tuple[float, str]]] = {}
    used: dict[str, list[tuple[float, str]]] = {}
    for phrase, (share, worths) in phrases.items():
        for axis, worth in worths:
            said.setdefault(axis, []).append((worth * share, phrase))
    for skill, share in skills:
        for axis, worth in _skill_worths().get(skill, ()):
            used.setdefault(axis, []).append((worth * share, skill))
    found = WorkEvidence()
    for name in {**said, **used}:
        first, second = said.get(name, []), used.get(name, [])
        most = axes()[name].most
        found.sums[name] = min(most, sum(w for w, _ in first)) + min(most / 2, sum(w for w, _ in second))
        found.words[name] = (*first, *second)
    return found
