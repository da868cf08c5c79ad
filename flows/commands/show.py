"""What the verbs share: the database they were told of, JSON for scripts, tables for people."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine

from config.settings import settings
from flows.findings import one_line
from storage.engine import open_database

NAME = 20
"""Characters of a row's name that are shown however narrow the terminal: an id of a run has 19."""
GAP = 3
"""Blanks between two columns."""
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


@contextmanager
def database(url: str | None, *, write: bool = False, create: bool = False) -> Iterator[Engine]:
    """The database in use; for reading only unless ``write``. Raises DatabaseProblem, also where there is none unless
    ``create``."""
    if create:
        settings().data.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings().database_url(url), create=create, read_only=not write)
    try:
        yield engine
    finally:
        engine.dispose()


def as_json(said: Any) -> int:
    """One JSON value on stdout, indented; gives 0."""
    written = orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str).decode()
    # within JSON every character may be written as its escape, and outside of texts it holds none of these
    data(_UNSEEN.sub(_escaped, written) + "\n")
    return 0


def data(written: str) -> None:
    """What a program reads, on stdout: UTF-8, whatever the terminal or its locale can show."""
    sys.stdout.flush()
    sys.stdout.buffer.write(written.encode())


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Sequence[str] = (),
    spare: Sequence[str] = (),
    none: str = "nothing",
) -> None:
    """A table on stdout; without rows it is left out, and ``none`` is said instead.

    Where the terminal is narrow the first column is cut, though not below :data:`NAME`, ``spare`` columns are left out,
    those that hold nothing and then the first of them first, and the others are folded between their words.
    """
    cells = [["" if cell is None else words(cell) for cell in row] for row in rows]
    if not cells:
        say(none)
        return
    out = console()
    fitting = _that_fit([headers, *cells], spare, out.width)
    left_out = [name for name in headers if name not in fitting and any(row[headers.index(name)] for row in cells)]
    numbers = [number for number, name in enumerate(headers) if name in fitting]
    _print(out, fitting, [[row[number] for number in numbers] for row in cells], right)
    if left_out:
        say(f"for want of room without: {', '.join(left_out)} (a wider terminal and --json have them)")


def _that_fit(rows: Sequence[Sequence[str]], spare: Sequence[str], width: int) -> list[str]:
    """The headers, in the first row, of the columns for which a terminal is wide enough."""
    columns = {name: column for name, *column in zip(*rows, strict=True)}
    least = {
        name: max(map(cell_len if name in spare else _longest_word, (name, *column))) + GAP
        for name, column in columns.items()
    }
    least[rows[0][0]] = min(NAME + GAP, max(map(cell_len, (row[0] for row in rows))) + GAP)
    for name in sorted(spare, key=lambda name: any(columns[name])):
        if sum(least.values()) > width:
            least.pop(name)
    return list(least)


def _longest_word(said: str) -> int:
    return max(map(cell_len, said.split()), default=0)


def _print(out: Console, headers: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[str]) -> None:
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    columns = list(zip(headers, *cells, strict=True))
    widths = [max(map(cell_len, column)) + GAP for column in columns]
    # what the others leave of a narrow terminal, and enough to know the row by
    named = max(min(NAME + GAP, widths[0]), min(widths[0], out.width - sum(widths[1:]))) - GAP
    longest = [max(map(_longest_word, column)) for column in columns]
    whole = named + GAP + sum(longest[1:]) + GAP * len(longest[1:]) <= out.width
    for number, name in enumerate(headers):
        side: Any = "right" if name in right else "left"
        first: dict[str, Any] = {"width": named, "no_wrap": True, "overflow": "ellipsis"}
        other: dict[str, Any] = {"overflow": "fold", "min_width": longest[number] if whole else None}
        made.add_column(name, justify=side, **(other if number else first))
    for row in cells:
        made.add_row(*row)
    out.print(made)


def say(line: str) -> None:
    """One line for a person on stdout, whatever characters it holds."""
    console().print(words(line))


def note(line: str) -> None:
    """One line for a person on stderr, beside what a script reads on stdout; only characters that are seen."""
    sys.stderr.write(f"rolecall: {printable(line)}\n")
    sys.stderr.flush()


def words(said: object) -> str:
    """Anything as words of one line for :func:`console`: what would move a terminal's cursor, colour it, break the line
    or turn its writing round is shown as an escape, and square brackets are text."""
    return escape(printable(said))


def printable(said: object) -> str:
    """Anything as one line of characters that are seen."""
    text = str(said)
    return text if text.isprintable() else one_line(text, len(text) * len("\\U0010ffff"))


def console() -> Console:
    """Stdout; in a pipe as wide as its lines are, so that each row is one line."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 1000)


def moment(at: Any) -> str:
    """A time to the minute, or nothing."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
