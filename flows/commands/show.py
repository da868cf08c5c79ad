"""What the verbs share: the database they were told of, JSON for scripts, tables for people."""

from __future__ import annotations

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
from storage.engine import open_database


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
    sys.stdout.write(
        orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str).decode() + "\n"
    )
    return 0


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
        made.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    console().print(made)


def say(line: str) -> None:
    """One line for a person on stdout, whatever characters it holds."""
    console().print(escape(line))


def console() -> Console:
    """Stdout; in a pipe as wide as its lines are, so that each row is one line."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 1000)


def moment(at: Any) -> str:
    """A time to the minute, or nothing."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
