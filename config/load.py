"""Typed, frozen, cached readers of everything in this folder.

Nothing here imports the rest of Rolecall. A file that cannot be believed raises :class:`ConfigError`, which
names the file, the place in it and the remedy.
"""

from __future__ import annotations

import csv
import functools
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from pydantic import ValidationError

from config.cards import Card
from config.problems import EnvironmentProblem


class ConfigError(EnvironmentProblem):
    """A file in config/ that cannot be used; the text says which, where and what to do."""

    def __init__(self, message: str, remedy: str = "Mend the file and run again") -> None:
        super().__init__(message, remedy)


class Tenant(NamedTuple):
    """One company's board on a platform."""

    platform: str
    board: str
    company: str


def folder() -> Traversable:
    """The installed config folder."""
    return files("config")


def read_toml(path: Traversable) -> dict[str, object]:
    """A TOML file as a dictionary. Raises ConfigError naming the file and the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"config/{path.name}: {error}") from error


@functools.cache
def cards() -> dict[str, Card]:
    """All cards by source slug, in alphabetical order."""
    found = sorted((f for f in (folder() / "sources").iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {card.source: card for card in map(_card, found)}


def _card(path: Traversable) -> Card:
    try:
        return Card.model_validate({**read_toml(path), "source": path.name.removesuffix(".toml")})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"config/sources/{path.name}: {wrong}") from error


@functools.cache
def tenants() -> dict[str, tuple[Tenant, ...]]:
    """The boards of each platform, from tenants.csv, in the file's order."""
    with (folder() / "tenants.csv").open(encoding="utf-8") as lines:
        rows = [Tenant(r["platform"], r["board"], r["company"]) for r in csv.DictReader(lines)]
    return {p: tuple(t for t in rows if t.platform == p) for p in dict.fromkeys(r.platform for r in rows)}
