"""Typed, frozen, cached readers of everything in this folder.

Nothing here imports the rest of Rolecall. A file that cannot be believed raises :class:`ConfigError`, which
names the file, the place in it and the remedy.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from pydantic import ValidationError

from config.cards import Card
from config.problems import EnvironmentProblem

LONGEST = 200
"""Characters of a board's or a company's name in tenants.csv."""
_PART = re.compile(r"\w(?:[\w. -]|%20)*")


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
    return read_tenants(folder() / "tenants.csv")


def read_tenants(path: Traversable) -> dict[str, tuple[Tenant, ...]]:
    """The rows of a file like tenants.csv by platform, in the file's order.

    Raises ConfigError naming the file and the line: for no UTF-8, other columns, a row that says nothing or too much,
    a platform that is none, a board that cannot be one (see :func:`no_board`), and a row that stands there twice.
    """
    found: dict[tuple[str, str], Tenant] = {}
    for number, row in _rows(path):
        wrong = _no_tenant(row)
        if not wrong and (row[0], row[1]) in found:
            wrong = f"{row[0]},{row[1]} stands there twice"
        if wrong:
            raise ConfigError(f"config/{path.name}, line {number}: {wrong}")
        found[row[0], row[1]] = Tenant(*row)
    platforms = dict.fromkeys(platform for platform, _ in found)
    return {platform: tuple(t for t in found.values() if t.platform == platform) for platform in platforms}


def no_board(source: str, board: str) -> str:
    """Why a text cannot be a board of a platform, in words; empty where it can.

    It becomes a part of addresses: so it is made of letters, digits, ``.``, ``-``, ``_`` and blanks (``%20``), in parts that
    begin with a letter or digit, and has slashes between them only where the card's example has one.
    """
    example = cards()[source].tenant
    parts = board.split("/")
    if len(board) > LONGEST or not all(_PART.fullmatch(part) for part in parts) or (parts[1:] and "/" not in example):
        return f"{_shown(board)} is no board of {source}; one looks like this: {example}"
    return ""


def _rows(path: Traversable) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, each with the line that it ends on; blank lines are passed over."""
    said = path.read_bytes()
    try:
        text = said.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = said.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"config/{path.name}, line {line}: this is no UTF-8") from error
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if next(rows, None) != list(Tenant._fields):
            raise ConfigError(f"config/{path.name}, line 1: the columns must be {','.join(Tenant._fields)}")
        yield from ((rows.line_num, row) for row in rows if row)
    except csv.Error as error:
        raise ConfigError(f"config/{path.name}, line {rows.line_num}: {error}") from error


def _no_tenant(row: list[str]) -> str:
    """What is wrong with a row of tenants.csv, in words; empty where nothing is."""
    if len(row) != len(Tenant._fields):
        return f"{len(row)} cells instead of {len(Tenant._fields)}"
    platform, board, company = row
    if odd := next((cell for cell in row if not cell.isprintable() or cell != cell.strip()), None):
        return f"{_shown(odd)} has characters that do not print, or blanks around it"
    if platform not in cards() or cards()[platform].kind != "ats":
        return f"{_shown(platform)} is no platform; `rolecall sources` lists them"
    if not company or len(company) > LONGEST or company.startswith("="):
        return f"{_shown(company)} is no company's name"
    return no_board(platform, board)


def _shown(cell: str) -> str:
    """A cell for a message: printable, and cut."""
    return ascii(cell if len(cell) <= 60 else f"{cell[:59]}...")
