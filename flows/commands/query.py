"""``rolecall query``"""

from __future__ import annotations

import csv
import sys
from io import StringIO
from typing import Any

from config.problems import UsageProblem
from flows.commands.show import as_json, data, database, note, say, table
from storage.cells import safe_cell
from storage.query import Answer, QueryProblem, query

FORMATS = ("table", "csv", "json")


def run(sql: str, values: list[str], rows: int, seconds: float, format: str, url: str | None) -> int:
    """Ask one question and print its answer; ``-`` reads it from stdin. It can read only, and not for ever."""
    if format not in FORMATS:
        raise UsageProblem(f"there is no format {format!r}", f"Ask for one of {', '.join(FORMATS)}")
    asked = sys.stdin.read() if sql == "-" else sql
    with database(url) as engine:
        try:
            answer = query(engine, asked.strip().rstrip(";"), _values(values), rows=rows, seconds=seconds)
        except QueryProblem as problem:
            raise UsageProblem(
                f"the query was not answered: {problem}", "docs/data-dictionary.md names the columns"
            ) from None
    _show(answer, format)
    if answer.more:
        note(f"only the first {rows} rows; --rows N asks for more")
    return 0


def _values(said: list[str]) -> dict[str, Any]:
    """``name=value`` pairs; what reads as a number is one."""
    found: dict[str, Any] = {}
    for one in said:
        name, sign, value = one.partition("=")
        if not sign or not name.isidentifier():
            raise UsageProblem(f"{one!r} is no NAME=VALUE", "Say --value day=2026-11-01")
        try:
            found[name] = int(value)
        except ValueError:
            found[name] = value
    return found


def _show(answer: Answer, format: str) -> None:
    if format == "json":
        as_json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows])
    elif format == "csv":
        written = StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([safe_cell(cell) for cell in row] for row in answer.rows)
        data(written.getvalue())
    elif answer.rows:
        table(answer.columns, answer.rows)
    else:
        say("no row")
