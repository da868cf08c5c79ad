"""Which role of the taxonomy an advertisement describes: the title first, the text where the title leaves it open."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from config.load_taxonomy import both_sides, server_only, text_worths
from flows.classify.evidence import WorkEvidence
from flows.classify.titles import FULL_STACK, GENERAL, NONE, Cue, TitleReading
from storage.models import ServerSide

# The more plainly the title names a role, the less the text has to say.
TEXT_SHARE = {"own": 0.4, "technology": 0.7, "hint": 1.0, "generic": 1.0}
# What a text alone has to bring for a role that the title does not name.
_UNTITLED = 3.5
# Below this no evidence speaks for any role.
_LEAST = 1.0
_SERVER_ROLE = "backend-developer"
# Interns and graduates under a general title are sought for any work: what their text names is what there is to choose from.
_BEGINNERS = frozenset({"Intern", "Graduate"})
_OF_BEGINNERS = 3.0
_ARCHITECTS = frozenset({"backend-architect", "software-architect"})
_OF_ARCHITECTS = _ARCHITECTS | {NONE}
_SEVERAL = re.compile(r"(?:engineer|developer|programmer|dev|swe|sde)s\b")


class RoleDecision(NamedTuple):
    """The role, how clearly the evidence favours it (0 to 1) and the words that decided."""

    role: str
    score: float
    because: str


def decide(title: TitleReading, work: WorkEvidence) -> RoleDecision:
    """Add up what title and text say for each role; the highest sum wins, ``none`` where nothing speaks."""
    said = _title_sums(title.cues)
    if _is_of_servers(title, work):
        said[_SERVER_ROLE] = said.get(_SERVER_ROLE, 0.0) + server_only().worth
    if worth := _worth_of_both_sides(title, work):
        said[FULL_STACK] = said.get(FULL_STACK, 0.0) + worth
    if title.generic and not _BEGINNERS.isdisjoint(title.level.split()):
        said[GENERAL] = said.get(GENERAL, 0.0) + _OF_BEGINNERS
    share = min((TEXT_SHARE[cue.strength] for cue in title.cues), default=1.0)
    sums = {role: said.get(role, 0.0) + share * value for role, value in _of_text(work).items()}
    sums.update({role: weight for role, weight in said.items() if role not in sums})
    if _ARCHITECTS & said.keys():
        # an architect's text speaks of what others build
        sums = {role: value for role, value in sums.items() if role in said or role in _OF_ARCHITECTS}
    if not said:
        sums = {role: value - (_UNTITLED if role != NONE else 0.0) for role, value in sums.items()}
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    role, best = ranked[0]
    if best < _LEAST and NONE not in said and not said:
        return RoleDecision(NONE, 0.5, "nothing in title or text names a role")
    return RoleDecision(role, _clearness(best, ranked[1][1] if len(ranked) > 1 else 0.0), _because(role, title, work))


def _is_of_servers(title: TitleReading, work: WorkEvidence) -> bool:
    """Whether a general title stands above technologies of servers alone."""
    return title.generic and bool(work.servers)


def _worth_of_both_sides(title: TitleReading, work: WorkEvidence) -> float:
    """What frameworks of servers and of pages are worth for one engineer of both; 0 where the title names more than these.

    A '.NET Developer' is of both only if the text calls the work full-stack too.
    """
    if not work.sides or any(_SEVERAL.search(cue.words) for cue in title.cues):
        return 0.0
    if title.generic:
        return both_sides().worth
    of_technology = {cue.strength for cue in title.cues} == {"technology"}
    return both_sides().called if of_technology and work.of("fullstack") >= both_sides().full_stack else 0.0


def _title_sums(cues: Iterable[Cue]) -> dict[str, float]:
    """What the title says for each role: its strongest cue."""
    sums: dict[str, float] = {}
    for cue in cues:
        sums[cue.role] = max(cue.weight, sums.get(cue.role, 0.0))
    return sums


def _of_text(work: WorkEvidence) -> dict[str, float]:
    """What the text adds to each role."""
    found = {**work.sums, "both": min(work.of("backend"), work.of("frontend"))}
    sums = {}
    for role, base, worths in _worths():
        value = base
        for axis, weight in worths:
            if axis in found:
                value += weight * found[axis]
        sums[role] = value
    return sums


@functools.cache
def _worths() -> tuple[tuple[str, float, tuple[tuple[str, float], ...]], ...]:
    return tuple((role, worth.base, tuple(worth.axis.items())) for role, worth in text_worths().items())


def _clearness(best: float, second: float) -> float:
    """0.5 where two roles are level, towards 1 with the distance between them."""
    return round(1 / (1 + math.exp(-(best - second))), 3)


def _because(role: str, title: TitleReading, work: WorkEvidence) -> str:
    said = [f"title: {cue.words}" for cue in title.cues if cue.role == role]
    worth = text_worths().get(role)
    speaking = [axis for axis, weight in worth.axis.items() if weight > 0] if worth else []
    words = [found for axis in speaking if (found := work.because(axis))]
    if role == _SERVER_ROLE and _is_of_servers(title, work):
        said.append(f"only of servers: {', '.join(work.servers)}")
    if role == FULL_STACK and _worth_of_both_sides(title, work):
        said.append(f"of both sides: {', '.join(work.sides)}")
    if words:
        said.append(f"text: {'; '.join(words)}")
    return " | ".join(dict.fromkeys(said)) or "no evidence for a role of the taxonomy"


# Roles that are server-side work by definition, in part, or not at all; the others by what the text says.
_CORE = frozenset({"backend-developer", "backend-architect"})
_PART = frozenset({"full-stack-developer", "data-engineer", "site-reliability-engineer", "database-administrator"})
_NEVER = frozenset(
    {
        NONE,
        "data-analyst",
        "data-scientist",
        "ux-ui-designer",
        "ux-researcher",
        "network-engineer",
        "front-end-developer",
    }
)
# Back-end evidence from which the other roles count as partly server-side.
_PART_FROM = {
    "ai-developer": 0.3,
    "software-engineer": 1.2,
    "software-architect": 0.5,
    "devops-engineer": 3.0,
    "cloud-engineer": 1.0,
    "systems-engineer": 2.5,
    "machine-learning-engineer": 2.0,
    "cybersecurity-analyst": 4.5,
    "virtual-reality-developer": 3.0,
}


def server_side(role: str, work: WorkEvidence) -> ServerSide:
    """How much of the work is server-side: core, part or none."""
    if role in _CORE:
        return "core"
    if role in _PART:
        return "part"
    if role in _NEVER:
        return "none"
    found = work.of("backend") + 0.5 * work.of("fullstack")
    return "part" if found >= _PART_FROM.get(role, 2.5) else "none"
