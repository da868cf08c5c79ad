"""What the README shows is what a reader gets: its commands exist, its figures are those of the demo, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.demos import Demo

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def test_the_demo_prints_what_the_readme_shows(plain_demo: Demo) -> None:
    shown = re.search(r"<!-- demo output.*?-->\n```text\n(.*?)```", README, re.DOTALL)
    assert shown
    said = plain_demo.said
    assert said.code == 0, said.err
    printed = [_steady(line) for line in said.out.splitlines()]
    for line in shown[1].splitlines():
        if line.strip() and line.strip() != "...":
            assert _steady(line) in printed, line


def _steady(line: str) -> str:
    """A line without what differs from run to run: seconds, folders, the widths of columns and rules."""
    line = re.sub(r"\(\d+\.\d s of work\)", "(N s of work)", line)
    line = re.sub(r"database \S+", "database D", line)
    return re.sub(r"[\s─]+", " ", line).strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    broken = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_exists(page: Path, verbs: dict[str, str]) -> None:
    shown = re.findall(r"(?:^|[`$ ])rolecall ([a-z]+)((?: --?[a-z-]+| [^`\n|#&]+?)*)", page.read_text(encoding="utf-8"))
    for verb, rest in shown:
        assert verb in verbs, f"{page.name}: rolecall {verb}"
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in verbs[verb], f"{page.name}: rolecall {verb} {option}"


@pytest.fixture(scope="module")
def verbs() -> dict[str, str]:
    """Each verb with the text of its help."""
    import typer
    from typer.testing import CliRunner

    from flows.cli import app

    names = list(typer.main.get_group(app).commands)
    runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})
    return {name: _help(runner, app, name) for name in names}


def _help(runner: object, app: object, verb: str) -> str:
    said: str = runner.invoke(app, [verb, "--help"]).output  # type: ignore[attr-defined]
    for sub in re.findall(r"^\W{0,4}(list|replay)\b", said, re.MULTILINE):
        said += runner.invoke(app, [verb, sub, "--help"]).output  # type: ignore[attr-defined]
    return said
