"""What docs/run-it.md and the files beside it promise: settings, verbs and files exist."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from config.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "run-it.md", DOCS / "runbook.md"]
SERVICES = sorted((DOCS / "service").iterdir())


def words(pattern: str) -> Iterator[tuple[str, str]]:
    for page in (*PAGES, *SERVICES):
        for word in re.findall(pattern, page.read_text(encoding="utf-8")):
            yield page.name, word


def test_every_setting_that_is_named_exists() -> None:
    known = {f"ROLECALL_{name.upper()}" for name in Settings.model_fields}
    assert {word for _, word in words(r"\bROLECALL_[A-Z_]+\b")} <= known


def test_every_setting_of_prefect_that_is_named_exists() -> None:
    import prefect.settings

    ours = {"PREFECT_AUTH"}  # a variable of the compose file
    named = {word for _, word in words(r"\bPREFECT_[A-Z_]+\b")} - ours
    assert named
    assert not {name for name in named if getattr(prefect.settings, name, None) is None}


def test_every_verb_that_is_named_exists() -> None:
    from flows.cli import app

    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    names |= {group.name for group in app.registered_groups if group.name}
    missing = sorted({(page, verb) for page, verb in words(r"`rolecall ([a-z]+)") if verb not in names})
    assert not missing


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("unit", [p for p in SERVICES if p.suffix == ".service"], ids=lambda p: p.name)
def test_units_are_whole_and_guarded(unit: Path) -> None:
    said = configparser.ConfigParser(strict=False, interpolation=None)
    said.optionxform = str  # type: ignore[assignment, method-assign]
    said.read_string(unit.read_text(encoding="utf-8"))
    service = dict(said["Service"])
    assert service["NoNewPrivileges"] == "true"
    assert service["User"] != "root"
    assert service["Restart"] == "always"
    assert "EnvironmentFile" in service
    assert said["Install"]["WantedBy"] == "multi-user.target"
    assert not re.search(r"://[^ ]*:[^ ]*@", unit.read_text(encoding="utf-8"))


def test_compose_is_whole() -> None:
    said = yaml.safe_load((DOCS / "service" / "compose.yaml").read_text(encoding="utf-8"))
    services = said["services"]
    assert set(services) == {"postgres", "server", "deploy", "worker-1", "worker-2"}
    for name, service in services.items():
        for other in service.get("depends_on", {}):
            assert other in services, name
    volumes = [volume.split(":")[0] for s in services.values() for volume in s.get("volumes", [])]
    assert sorted(volumes) == sorted(said["volumes"])
    assert services["server"]["ports"] == ["127.0.0.1:4200:4200"]


def test_compose_holds_no_secret() -> None:
    text = (DOCS / "service" / "compose.yaml").read_text(encoding="utf-8")
    for secret in ("POSTGRES_PASSWORD", "PREFECT_AUTH"):
        assert all(":?" in use for use in re.findall(rf"\$\{{{secret}[^}}]*\}}", text))
