"""The house keeps its shape: what stands at the top, who may import whom, what is never written down."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "flows", "spiders", "storage", "tests")


def tracked() -> list[Path]:
    """The project's own text files, by git where it is at hand."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("no git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore") if path.is_file() else ""


def test_the_top_level_is_the_one_that_was_agreed() -> None:
    for name in (*ROOMS, "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "docs", ".ci", "requirements.lock"):
        assert (ROOT / name).exists(), name


def test_the_layer_contracts_are_kept() -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_no_file_names_a_download_host_or_a_machine() -> None:
    # put together so that this file does not hold the words itself
    hosts = ["files.python" + "hosted.org", "py" + "pi.org/simple", "registry.npm" + "js.org", "deb.debian" + ".org"]
    machine = ["/work/" + "main", "/work/" + "shared", "/ro" + "ot/", "/tmp/" + "pytest-of"]
    named = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        for word in (*hosts, *machine)
        if word in text_of(path)
    ]
    assert not named


def test_no_room_has_a_drawer_for_everything() -> None:
    names = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert not [p for room in ROOMS for p in (ROOT / room).rglob("*.py") if p.stem in names]


def test_every_package_of_the_core_is_a_dependency_and_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    said = " ".join(project["project"]["dependencies"] + project["dependency-groups"]["dev"])
    pins = {pin.split("==")[0] for pin in project["tool"]["uv"]["constraint-dependencies"]}
    for name in ("scrapy", "beautifulsoup4", "prefect", "sqlmodel", "pytest"):
        assert name in said
        assert name in pins


def test_uv_lock_is_not_committed() -> None:
    assert ROOT / "uv.lock" not in tracked()


def test_every_changelog_entry_stands_under_a_version() -> None:
    assert re.search(r"^## \[?(Unreleased|\d+\.\d+\.\d+)", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)


def test_what_cleans_in_a_process_of_its_own_loads_no_crawler() -> None:
    """Each of the processes that clean side by side imports it: half a second and 40 MB more with Scrapy."""
    look = "import sys, flows.believe; sys.exit(' '.join({'scrapy', 'bs4', 'prefect'} & sys.modules.keys()) or 0)"
    run = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
