"""Boards are reached through Scrapy alone, where the guard stands: who else opens connections is named, with the reason."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPENS = {"urllib.request", "urllib3", "requests", "httpx", "aiohttp", "http.client", "socket", "ftplib", "apprise"}
"""Modules that can reach a network."""
NAMED = {
    "flows/deploy.py": "the Prefect server that the operator runs",
    "flows/commands/doctor.py": "the Prefect server, and the status of robots.txt at hosts of the operator's cards",
    "flows/browse.py": "nobody: the port on which Datasette is asked",
    "flows/commands/serve.py": "nobody: it binds that port",
    "flows/notify.py": "the address that the operator wants to be told at",
}


def imported(path: Path) -> set[str]:
    """The modules that a file imports anywhere."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return found


def openers() -> dict[str, set[str]]:
    """Files of the four rooms that import a module of OPENS."""
    files = [p for room in ("config", "spiders", "storage", "flows") for p in (ROOT / room).rglob("*.py")]
    found = {p.relative_to(ROOT).as_posix(): imported(p) & OPENS for p in files}
    return {name: modules for name, modules in found.items() if modules}


def test_no_board_is_reached_past_the_guard() -> None:
    assert set(openers()) - set(NAMED) == set()
    assert not [name for name in NAMED if name.startswith(("spiders/", "storage/", "config/"))]


def test_feedparser_is_given_bytes() -> None:
    """Given text it would open files and addresses; one place calls it, with what the crawl has fetched."""
    calls = [
        f"{path.name}: {ast.unparse(node.args[0])}"
        for path in (ROOT / "spiders").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "feedparser.parse"
    ]
    assert calls == ["feed.py: _NUMBERED.sub(_possible, body)"]
