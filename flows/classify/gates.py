"""What stands in whatever a dearer pattern of classification matches: one scan of a text tells which of those can match.

As flows.clean.gates does for cleaning.
"""

from __future__ import annotations

import functools
import re

from flows.clean.pattern import Linear, Together, linear

FULL_TIME = linear(
    r"\bfull[\s-]?time\b|\bvollzeit\b|\bperm(?:anent)? (?:role|position|hiring|job)"
    r"|\b(?:tiempo completo|jornada completa|tempo (?:integral|pieno|indeterminato)|temps plein|clt|festanstellung|contrato (?:a t[ée]rmino )?indefinido"
    r"|contrat (?:de travail )?(?:\w{1,10} )?(?:en |: ?)?cdi|en cdi|umow[ayęą] o prac|pełnym wymiarze|pełen etat|heltid|tillsvidareanst|fuldtid|kokoaikainen|voltijd"
    r"|plný úvazek|hlavní pracovní poměr|teljes munkaid)|полная занятость|полный рабочий день|фул[- ]?тайм"
)
"""Full-time work: the pattern itself."""
CONTRACT = linear(
    r"contract|freelance|1099|c2[ch]|corp[- ]to[- ]corp|(?:kontrakt|umow.{1,2}) b2b|\spj\b|freiberuflich|freier? mitarbeit|continuativa|partita iva"
)
PART_TIME = linear(r"part[\s-]?time|teilzeit|media jornada|temps partiel|osa-aikai|deltids|etat|up to \d\d hours")
LEVEL = linear(r"\s(?:senior|staff|principal|junior)")
GRADE = linear(r"level\s(?:i|1|2)|(?:engineer|developer|analyst|scientist)\si{1,2}\b")
INTERNS = linear(r"\sinterns\b")
MID = linear(r"\b(?:mid|intermediate)[- ]")
FIXED_TERM = linear(r"\bcdd\b|\sbefristet|tidsbegr|vikariat|czas określony")
FOCUS = linear(
    r"(?:(?:primary|main|core) (?:focus|responsib)|is focused on|primarily|mainly|mostly|predominantly)"
    r"[^.\n]*(?:back.?end|server|front.?end|client.?side|interface|visual|full.?stack)"
)
"""What a text calls the main work, before one of its sides."""
CHOICE = linear(r"\b(?:one or more|one or several|at least one|(?:one|any) of the following)\b")
"""Before what is offered for choice."""

_ALL = Together(FULL_TIME, CONTRACT, PART_TIME, LEVEL, GRADE, INTERNS, MID, FIXED_TERM, FOCUS, CHOICE)


@functools.lru_cache(maxsize=8)
def open_to(text: str) -> frozenset[Linear | re.Pattern[str]]:
    """The gates that a text opens. The labels of one ad ask of the same text, one after another."""
    return _ALL.matching(text)
