"""What the verbs share: the database they were told of, JSON for scripts, tables for people."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine

from config.settings import settings
from flows.findings import one_line
from storage.engine import open_database

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
    headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = (), none: str = "nothing"
) -> None:
    """A table on stdout; the first column is cut where the terminal is narrow, the others are not. Without rows it is
    left out, and ``none`` is said instead."""
    rows = list(rows)
    if not rows:
        say(none)
        return
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(headers):
        side: Any = "right" if name in right else "left"
        made.add_column(name, justify=side, overflow="ellipsis" if number == 0 else "fold", no_wrap=number == 0)
    for row in rows:
        made.add_row(*("" if cell is None else words(cell) for cell in row))
    console().print(made)


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
