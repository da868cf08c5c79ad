"""What the department that a board names says of the work: those who sell, support and advertise build no software."""

from __future__ import annotations

import functools
import re

from config.load_taxonomy import titles
from flows.classify.titles import NONE, Cue, plain_title

# More than an own word of a title ('Infrastructure Engineer'), less than an outside word before its noun.
_WORTH = 7.0
_WORD = re.compile(r"[^\W_]+")
# A title that says so builds software or reads data in any department.
_BUILDS = re.compile(
    r"softw|develop|program|entwick|data|analy|scien|back.?end|front.?end|full.?stack|\bweb\b", re.IGNORECASE
)


def outside_by_department(title: str, department: str | None) -> tuple[Cue, ...]:
    """Evidence that a job is outside the taxonomy: an 'Integration Engineer' of 'Post-Sales'; () where there is none.

    >>> outside_by_department("Integration Engineer", "Post-Sales")[0].words
    'Post-Sales'
    """
    if not department or not _sells(department) or _BUILDS.search(title):
        return ()
    return (Cue(NONE, _WORTH, department, "hint", "department"),)


@functools.lru_cache(maxsize=4_096)
def _sells(department: str) -> bool:
    """Whether a department's name begins with a word of titles.toml's 'departments' and holds none of 'building'."""
    outside = titles().outside
    words = _WORD.findall(plain_title(department))
    if not set(words).isdisjoint(outside.building):
        return False
    parts = (" ".join(_WORD.findall(plain_title(part))) + " " for part in re.split(r"[|/>]", department))
    return any(part.startswith(f"{name} ") for part in parts for name in outside.departments)
