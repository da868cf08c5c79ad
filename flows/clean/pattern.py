"""Regular expressions that take linear time whatever the text: RE2, for patterns that go over whole texts.

RE2 has no look-around and no back references, its ``\\b`` and ``\\w`` are ASCII, and it is 10 to 50 times as
fast as ``re`` on the long alternations here. Short strings are left to ``re``, which has no cost per call.
"""

from __future__ import annotations

import re
from typing import cast

import re2

MOST_MEMORY = 32 << 20
"""Bytes that a pattern's states may take: with RE2's own 8 MB the longest pattern forgets and finds them anew, at an
eighth of the speed. Most patterns take far less."""


def linear(pattern: str, *, ignore_case: bool = True, multiline: bool = False) -> re.Pattern[str]:
    """A pattern in RE2, with the methods of ``re.Pattern``. Raises re2.error where RE2 can't read it."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    flags = "".join(("i" if ignore_case else "", "m" if multiline else ""))
    return cast("re.Pattern[str]", re2.compile(f"(?{flags}){pattern}" if flags else pattern, options))


class Together:
    """Several patterns asked at once: one scan of a text tells which of them match somewhere in it."""

    def __init__(self, *patterns: re.Pattern[str]) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = MOST_MEMORY
        self._patterns = patterns
        self._set = re2.Set.SearchSet(options)
        for pattern in patterns:
            self._set.Add(pattern.pattern)
        self._set.Compile()

    def matching(self, text: str) -> frozenset[re.Pattern[str]]:
        """Those of the patterns whose ``search`` finds something in ``text``."""
        return frozenset([self._patterns[number] for number in self._set.Match(text) or ()])
