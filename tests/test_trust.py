"""docs/trust.md is complete: each catalogued fault with a promise and a test, each test of a fault in the list."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CATALOGUE = {"H": 20, "P": 12, "C": 12, "S": 13, "F": 14, "X": 10}
"""Cases by letter: the wire, parsing, cleaning, storage, flows, exports."""
_ROW = re.compile(r"^\| ([HPCSFX])-(\d\d) \|(.+)\|(.+)\|(.+)\|$", re.MULTILINE)
_NAMED = re.compile(r"(?<=_)([hpcsfx]\d\d)(?=_|$)")


def listed() -> dict[str, list[str]]:
    """The files with tests of each id, as docs/trust.md has it."""
    page = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    return {f"{letter}-{number}": re.findall(r"`([^`]+)`", tests) for letter, number, _, _, tests in _ROW.findall(page)}


def ids_in(path: Path) -> set[str]:
    """The ids that names of tests in a file begin with: ``test_h04_h05_gone`` is H-04 and H-05."""
    names = [n.name for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)]
    found: set[str] = set()
    for name in names:
        head = re.match(r"test((?:_[hpcsfx]\d\d|_to)+)(?:_|$)", name)
        named = _NAMED.findall(f"_{head[1]}") if head else []
        found.update(named)
        if head and "_to_" in f"{head[1]}_":
            first, last = int(named[0][1:]), int(named[-1][1:])
            found.update(f"{named[0][0]}{n:02d}" for n in range(first, last + 1))
    return {f"{one[0].upper()}-{one[1:]}" for one in found}


def proved() -> dict[str, set[str]]:
    """The ids that tests are named by, with the files they stand in."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for one in ids_in(path):
            found.setdefault(one, set()).add(path.relative_to(ROOT).as_posix())
    return found


@pytest.mark.parametrize("letter", sorted(CATALOGUE))
def test_a_section_lists_every_case_of_its_letter(letter: str) -> None:
    wanted = {f"{letter}-{number:02d}" for number in range(1, CATALOGUE[letter] + 1)}
    assert {one for one in listed() if one[0] == letter} == wanted


def test_every_case_names_files_with_tests_that_bear_its_id() -> None:
    proving = proved()
    unproved = [
        f"{one}: {file}" for one, files in listed().items() for file in files if file not in proving.get(one, ())
    ]
    assert not unproved
    assert not [one for one, files in listed().items() if not files]


def test_every_test_of_a_case_stands_in_the_list() -> None:
    assert not {one: files for one, files in proved().items() if not files & set(listed().get(one, ()))}


def test_every_promise_is_made_in_words() -> None:
    page = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    assert not [
        f"{letter}-{number}"
        for letter, number, fault, promise, _ in _ROW.findall(page)
        if not (fault.strip() and promise.strip())
    ]
