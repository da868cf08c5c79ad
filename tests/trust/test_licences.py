"""What Rolecall needs to run is listed with its licence."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def listed() -> dict[str, str]:
    """Licence by package, as docs/licences.md has it."""
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| \**([a-z0-9.-]+)\** \| (.+) \|$", page, re.MULTILINE))


def test_every_direct_dependency_is_listed_with_its_licence() -> None:
    """Run ``.ci/licences`` where this fails."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = {canonicalize_name(Requirement(said).name) for said in project["dependencies"]}
    assert direct <= set(listed())
    assert not [name for name in direct if listed()[name].startswith("not ")]


def test_no_licence_asks_for_more_than_ours_gives() -> None:
    """Strong copyleft would reach our own code; the weak kinds (LGPL, MPL) do not, nor where another licence may be chosen."""
    strong = re.compile(r"(?<!L)(?<!Lesser )(?:\bA?GPL|General Public License)")
    assert not {name: said for name, said in listed().items() if strong.search(said) and " or " not in said.lower()}
