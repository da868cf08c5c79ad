"""Rule C-05: no regular expression of this project takes long over a hostile text.

Every compiled pattern that a module of ours holds, alone or in a tuple, list or dict, is run over strings of
10,000 characters which make careless patterns back-track. This is the one test with a bound of time in it.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

import config
import flows
import spiders
import storage
from flows.clean.pattern import Linear

LENGTH = 10_000
BOUND = 0.05
"""Seconds, of the processor, for one pattern over one whole text."""

YARDSTICK = re.compile(r"(?:a|b)*c")
STRETCH = 30
"""The bound in times of what the yardstick takes, a pattern that back-tracks over 2,000 characters. Where that takes 1.7
milliseconds the bound is as it stands above; a slower machine has more time."""

SHORT = 1_000
"""Characters of the first look: a pattern that is quick and linear there needs no look at the whole text."""

_UNITS = (
    "a", " ", "0", "9,", "1 000 ", ".-(", "<a ", "a@b.", "http://a/", "$1 ", " | ", "Aa, ", "é", "+1 (2) ", "m/f/", "remote in ",
    "3 days in the ", "must be located in US, ", "per year up to $", "years of 5+ ", "- a:\n",
)  # fmt: skip


@functools.cache
def hostile() -> tuple[str, ...]:
    """Texts of one repeated unit, with an end that keeps them from matching as a whole."""
    return tuple((unit * (LENGTH // len(unit) + 1))[: LENGTH - 1] + "\x00" for unit in _UNITS)


def _modules() -> Iterator[str]:
    for package in (config, flows, spiders, storage):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".recordings" not in found.name and ".migrations" not in found.name:
                yield found.name


def _inside(value: Any, depth: int = 0) -> Iterator[Any]:
    if isinstance(value, (re.Pattern, Linear)):
        yield value
    elif depth < 4 and isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from _inside(one, depth + 1)
    elif depth < 4 and isinstance(value, (tuple, list, set, frozenset)) and len(value) < 5_000:
        for one in value:
            yield from _inside(one, depth + 1)


def _from_tables() -> Iterator[tuple[str, Any]]:
    """Patterns that are compiled from the tables in config/lookups/ when first asked for."""
    from config.lookups import board_lines
    from flows.clean import sections

    yield from ((f"board_lines.tsv: {row.gate}", row.pattern) for row in board_lines())
    yield from (
        (f"headers.tsv: {how}, {kind}", one) for how in ("whole", "opening") for kind, one in sections._patterns(how)
    )


@functools.cache
def patterns() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _modules():
        try:
            module = importlib.import_module(name)
        except ImportError:  # a module that can't be imported fails the tests that need it, not every pattern's
            continue
        for attribute, value in vars(module).items():
            for number, pattern in enumerate(_inside(value)):
                found.setdefault(f"{name}.{attribute}[{number}]", pattern)
        for owner in [value for value in vars(module).values() if isinstance(value, type) and value.__module__ == name]:
            for attribute, value in vars(owner).items():
                for number, pattern in enumerate(_inside(value)):
                    found.setdefault(f"{name}.{owner.__name__}.{attribute}[{number}]", pattern)
    found.update(_from_tables())
    return {key: pattern for key, pattern in found.items() if isinstance(pattern.pattern, str)}


def _seconds(pattern: Any, text: str) -> float:
    start = time.process_time()
    for _ in pattern.finditer(text):
        if time.process_time() - start > 4 * BOUND:
            break
    return time.process_time() - start


def _bound() -> float:
    """Seconds that a pattern may take on this machine at this moment."""
    return max(BOUND, STRETCH * min(_seconds(YARDSTICK, "ab" * SHORT) for _ in range(5)))


def _is_quick(pattern: Any, text: str) -> bool:
    """Whether a first look shows a linear pattern that is far from the bound."""
    end = text[-1]
    quarter, whole = (_seconds(pattern, text[: length - 1] + end) for length in (SHORT // 4, SHORT))
    return whole <= BOUND / 25 and (whole <= 7 * quarter or whole <= BOUND / 1_000)


def test_the_patterns_are_found() -> None:
    names = set(patterns())
    assert len(names) > 150
    assert {"flows.clean.salary._AMOUNT[0]", "flows.clean.remote._REMOTE[0]"} <= names


@pytest.mark.parametrize("name", sorted(patterns()))
def test_c05_no_pattern_takes_long(name: str) -> None:
    pattern = patterns()[name]
    for text in hostile():
        if _is_quick(pattern, text):
            continue
        if _seconds(pattern, text) > BOUND:  # a slow machine is asked again, a slow pattern stays slow
            again, bound = min(_seconds(pattern, text) for _ in range(3)), _bound()
            assert again <= bound, f"{name}: {again:.3f} s over {text[:20]!r}..., {bound:.3f} s allowed"
