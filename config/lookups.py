"""'This odd value means that': typed, cached readers of the tables in ``config/lookups/``.

The tables are for people who do not write Python. A row that cannot be believed raises ConfigError with the
file, the line and the remedy.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

from config.load import ConfigError, folder

HeaderKind = Literal["about", "duties", "requirements", "nice", "stack", "benefits", "other"]


class Header(NamedTuple):
    """Words of a header line and the kind of section that they open."""

    kind: HeaderKind
    how: Literal["whole", "opening"]
    """whole: the line is just this; opening: the line begins so and may go on for a few words."""
    pattern: str
    """A regular expression in lower case, without nested unbounded repetition."""


def rows(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) of a table in ``config/lookups/``; lines that begin with # are remarks."""
    text = (folder() / "lookups" / name).read_text(encoding="utf-8")
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#")]
    lines = (line for _, line in numbered)
    reader = (
        csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if name.endswith(".tsv")
        else csv.DictReader(lines)
    )
    for (number, _), row in zip(numbered[1:], reader, strict=False):
        if None in row or None in row.values():
            raise ConfigError(f"config/lookups/{name}, line {number}: not as many columns as the first line names")
        yield number, row


@functools.cache
def headers() -> tuple[Header, ...]:
    """The header words of advertisements, from headers.tsv, in the order in which they are asked."""
    return tuple(_header(number, row) for number, row in rows("headers.tsv"))


def _header(number: int, row: dict[str, str]) -> Header:
    where = f"config/lookups/headers.tsv, line {number}"
    if row["kind"] not in get_args(HeaderKind):
        raise ConfigError(f"{where}: kind {row['kind']!r} is none of {', '.join(get_args(HeaderKind))}")
    if row["how"] not in {"whole", "opening"}:
        raise ConfigError(f"{where}: how is 'whole' or 'opening', not {row['how']!r}")
    try:
        re.compile(row["pattern"])
    except re.error as error:
        raise ConfigError(f"{where}: no regular expression: {error}") from error
    return Header(row["kind"], row["how"], row["pattern"])  # type: ignore[arg-type]


class BoardLine(NamedTuple):
    """A line that a board puts into the advertisements it carries."""

    gate: str
    """Plain words in lower case without which the pattern is not tried."""
    pattern: re.Pattern[str]


@functools.cache
def board_lines() -> tuple[BoardLine, ...]:
    """What boards add to the descriptions they carry, from board_lines.tsv."""
    return tuple(
        BoardLine(row["gate"], _pattern("board_lines.tsv", number, row["pattern"]))
        for number, row in rows("board_lines.tsv")
    )


def _pattern(name: str, number: int, said: str) -> re.Pattern[str]:
    try:
        return re.compile(said, re.IGNORECASE)
    except re.error as error:
        raise ConfigError(f"config/lookups/{name}, line {number}: no regular expression: {error}") from error


class Employer(NamedTuple):
    """What is to be known of an advertiser beyond what any rule sees."""

    name: str
    agency: bool


@functools.cache
def employers() -> dict[str, Employer]:
    """Employers by a spelling in lower case, from companies.csv."""
    return {row["said"].lower(): Employer(row["name"], row["agency"] == "yes") for _, row in rows("companies.csv")}


@functools.cache
def no_companies() -> frozenset[str]:
    """Placeholders in lower case that stand where a company should, from no_companies.csv."""
    return frozenset(row["said"].lower() for _, row in rows("no_companies.csv"))


@functools.cache
def regions() -> dict[str, tuple[str, ...]]:
    """What a region's name means: region codes or ISO 3166 codes, by the name in lower case, from regions.csv."""
    return {row["said"].lower(): tuple(row["means"].split()) for _, row in rows("regions.csv")}


class Alias(NamedTuple):
    """A place as people print it, where no gazetteer says it."""

    city: str | None
    region: str | None
    country: str
    strict: bool
    """Only a field for places counts: in a sentence the word means something else."""


@functools.cache
def place_aliases() -> dict[str, Alias]:
    """Places by their printed name in lower case, from places.csv."""
    return {
        row["said"].lower(): Alias(row["city"] or None, row["region"] or None, row["country"], row["strict"] == "yes")
        for _, row in rows("places.csv")
    }


class Verdict(NamedTuple):
    """A person's decision about two ads, by their posting keys."""

    said: Literal["same", "different"]
    a: str
    b: str
    why: str


@functools.cache
def verdicts() -> tuple[Verdict, ...]:
    """The decisions about pairs of ads, from verdicts.csv, in the file's order; the last about a pair counts."""
    return tuple(_verdict(number, row) for number, row in rows("verdicts.csv"))


def _verdict(number: int, row: dict[str, str]) -> Verdict:
    where = f"config/lookups/verdicts.csv, line {number}"
    said, a, b = (row[column].strip().lower() for column in ("verdict", "a", "b"))
    if said not in {"same", "different"}:
        raise ConfigError(f"{where}: verdict is 'same' or 'different', not {row['verdict']!r}")
    for key in (a, b):
        if not re.fullmatch(r"[0-9a-f]{16}", key):
            raise ConfigError(f"{where}: {key!r} is no posting key (16 hex digits, as `rolecall why JOB` shows them)")
    if a == b:
        raise ConfigError(f"{where}: an ad cannot be decided against itself")
    return Verdict(said, a, b, row["why"])  # type: ignore[arg-type]
