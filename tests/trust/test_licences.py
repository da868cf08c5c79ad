"""What Rolecall needs to run is listed with its licence, and an audit that was not done does not look like one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
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


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], 0, "pypi knows no vulnerability in 1 locked packages"),
        ([{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}], 1, "a 1: CVE-1"),
        ([{"name": "a", "skip_reason": "not found"}, {"name": "b", "version": "1", "vulns": []}], 0, "AUDIT NOT DONE"),
        (None, 0, "AUDIT NOT DONE"),
    ],
    ids=["sound", "vulnerable", "skipped", "unreachable"],
)
def test_an_audit_that_looked_nothing_up_is_not_done(tmp_path: Path, answer: object, code: int, words: str) -> None:
    tool = tmp_path / "uvx"
    said = json.dumps({"dependencies": answer}) if answer else "no route to host"
    tool.write_text(f"#!{sys.executable}\nprint({said!r})\n")
    tool.chmod(0o755)
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = [sys.executable, str(ROOT / ".ci" / "audit")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert words in done.stdout
