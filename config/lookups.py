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
