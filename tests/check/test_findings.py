"""Findings: one printable line each, whatever a board put into the facts; the runbook explains every one."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.findings import KINDS, MAX_TEXT, finding, one_line

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"


def facts_of(code: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(KINDS[code].says) if name}


@pytest.mark.parametrize(
    "hostile",
    [
        "a\n[INFO] run ok",
        "\x1b[31mred\x1b[0m",
        "{} %s {name}",
        "\u202egnp.exe",
        "\r\n\t\x00",
        "\ud800",
        "x" * 1_000_000,
        "\u2028\u2029\ufeff",
    ],
)
def test_f10_hostile_facts_make_one_line(hostile: str) -> None:
    """F-10."""
    said = finding("blocked", "acme", "b", because=hostile)
    assert said.text.isprintable()
    assert len(said.text) <= MAX_TEXT


@given(st.sampled_from(sorted(KINDS)), st.text() | st.integers() | st.floats())
def test_every_kind_says_something(code: str, value: object) -> None:
    said = finding(code, "acme", **dict.fromkeys(facts_of(code), value))
    assert said.text
    assert said.text.isprintable()
    assert said.level == KINDS[code].level


def test_unknown_codes_and_missing_facts_are_errors() -> None:
    with pytest.raises(KeyError):
        finding("no_such_code")
    with pytest.raises(KeyError):
        finding("blocked")


@pytest.mark.parametrize(
    ("value", "said"), [(0.7, "70%"), (1.0, "100%"), (2.5, "2.5"), (3, "3"), (None, "None"), ("é", "é")]
)
def test_figures_read_well(value: object, said: str) -> None:
    assert one_line(value) == said


def test_the_runbook_has_an_entry_for_each_code_and_no_other() -> None:
    entries = re.findall(r"^### `(\w+)`", RUNBOOK.read_text(encoding="utf-8"), re.M)
    assert sorted(entries) == sorted(KINDS)
    assert len(entries) == len(set(entries))


@pytest.mark.parametrize("code", sorted(KINDS))
def test_each_entry_says_level_text_meaning_and_remedy(code: str) -> None:
    entry = RUNBOOK.read_text(encoding="utf-8").split(f"### `{code}`", 1)[1].split("\n### ", 1)[0].split("\n## ")[0]
    assert entry.strip().splitlines()[0] == f"({KINDS[code].level})"
    assert f"> {KINDS[code].says}" in entry
    for part in ("**Means.**", "**Do.**"):
        after = entry.partition(part)[2].strip()
        assert len(after) > 20, f"{code}: {part} is empty"
