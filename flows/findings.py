"""Findings: what a person should know about a run, one value and one line each.

A code is stable: the runbook (``docs/runbook.md``) explains each one, and a test keeps the two together. The text of
a finding is always one printable line, whatever a board put into the facts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Level = Literal["note", "warning", "error"]

MAX_TEXT = 400
"""Characters of a finding's line."""
MAX_FACT = 120
"""Characters of one fact inside it."""


class Kind(NamedTuple):
    """One kind of finding: how loud it is and what it says."""

    level: Level
    says: str


KINDS: dict[str, Kind] = {
    # the life of postings
    "empty_doubted": Kind("error", "the board answered with no posting while {open} are open; not believed yet"),
    "drop_doubted": Kind("error", "{found} postings found, the median is {median}; nothing is closed yet"),
    "closing_doubted": Kind("error", "{closing} of {open} open postings would close; nothing is closed yet"),
    "doubt_released": Kind("warning", "the same picture for {runs} runs since {since}; believed, {closed} closed"),
    "board_gone_pending": Kind("warning", "the board's address answers 404 or 410; a second look is needed"),
    "board_gone": Kind("error", "the board's address is gone since {since}; its {closed} open postings are closed"),
    "fewer_than_declared": Kind("warning", "the board declares {declared} postings, {found} were found"),
    "clock_back": Kind("warning", "the clock stood at {at}, before the last run's {last}"),
    "late_run": Kind("note", "run {number} was settled after run {last}; it only adds sightings"),
    # the batch of one board
    "too_few": Kind("error", "{found} postings, at least {expected} are expected; not complete today"),
    "too_many": Kind("warning", "{found} postings, at most {expected} are expected"),
    "unfilled": Kind("error", "field {field} is filled in {filled} of {of} records, {expected} are expected"),
    "fill_fell": Kind("warning", "field {field} is filled in {now}, it was {before}"),
    "fill_lost": Kind("error", "field {field} is filled in {now}, it was {before}"),
    "changed_much": Kind("warning", "{share} of the postings are new or changed, {expected} is usual"),
    "rejections": Kind("warning", "{rejected} of {of} records were rejected, most often: {reason}"),
    "rejections_most": Kind("error", "{rejected} of {of} records were rejected, most often: {reason}"),
    "duplicates": Kind("warning", "{duplicates} of {of} records carry an id that was read before in this run"),
    "unknown_key": Kind("note", "a field never seen before: {key}, in {times} records"),
    "unknown_value": Kind("note", "field {field} has an unknown value: {value}, in {times} records"),
    "unknown_values_many": Kind("warning", "field {field} has unknown values in {share} of the records"),
    "no_expectations": Kind("error", "the card has no expectations that could fail: {why}"),
    # the crawl of one board
    "blocked": Kind("error", "the board refuses us: {because}"),
    "rate_limited": Kind("warning", "the board asks us to wait: {because}"),
    "failed": Kind("error", "the board could not be read: {because}"),
    "crashed": Kind("error", "the crawl ended without an answer for this board: {because}"),
    "partial": Kind("warning", "only a part of the board was read: {because}"),
    "item_drop": Kind("warning", "{found} postings, the median of the last complete runs is {median}"),
    "http_errors": Kind("warning", "{errors} of {of} answers were errors: {classes}"),
    "retries": Kind("warning", "{retries} of {requests} requests were repeated"),
    "finish_reason": Kind("error", "the crawl ended early: {reason}"),
    "exceptions": Kind("error", "{exceptions} errors in the spider: {names}"),
    "offsite": Kind("error", "{dropped} requests led to hosts that the card does not name"),
    "robots": Kind("error", "robots.txt forbids {dropped} of the requests"),
    "growing": Kind("warning", "the board grew while it was read: {before} then {after}"),
    "stale": Kind("error", "last complete run {hours} hours ago, due every {every}"),
    "never_complete": Kind("error", "no complete run in {runs} runs"),
    "failing": Kind("error", "{runs} runs in a row without a complete one; the last: {state}"),
    # the whole
    "whole_books": Kind("error", "{open} open postings after the run, {expected} by its books; files are kept"),
    "whole_unclassified": Kind("error", "{share} of new postings have no role, {before} is usual"),
    "whole_rejected": Kind("error", "{rejected} of {of} records of all boards were rejected; nothing is published"),
    "whole_unmatched": Kind("error", "{loose} open postings belong to no job"),
    "whole_jobs": Kind("error", "{jobs} open jobs for {open} open postings: more jobs than postings"),
    "export_differs": Kind("error", "{file} holds {rows} rows, the database {expected}; the last good file is kept"),
    "publish_kept": Kind("error", "{folder} keeps its last good files: {because}"),
    "run_crashed": Kind("warning", "run {run_id} was left open and is marked crashed"),
    "segments_held": Kind(
        "warning", "{segments} segments of {runs} runs wait in {folder}: our own code failed on them"
    ),
    "notify_failed": Kind("note", "a notification could not be sent to {where}: {because}"),
}
"""Every kind of finding by its code."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know. Made by :func:`finding`."""

    code: str
    level: Level
    source: str
    board: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        """As a dictionary of plain values, the columns of the finding table and of a line of the log."""
        return {
            "code": self.code,
            "level": self.level,
            "source": self.source,
            "board": self.board,
            "text": self.text,
            "facts": dict(self.facts),
        }


def finding(code: str, source: str = "", board: str = "", *, level: Level | None = None, **facts: Any) -> Finding:
    """A finding of a known kind, its text filled in from ``facts``.

    Raises:
        KeyError: the code is unknown, or a fact that its text names is missing.
    """
    kind = KINDS[code]
    text = kind.says.format_map({name: one_line(value, MAX_FACT) for name, value in facts.items()})
    # a database takes neither NUL nor half a surrogate pair
    plain = {name: one_line(value) if isinstance(value, str) else value for name, value in facts.items()}
    return Finding(code, level or kind.level, source, board, one_line(text, MAX_TEXT), plain)


def one_line(value: object, most: int = MAX_TEXT) -> str:
    """Any value as one printable line: control and format characters escaped, cut at ``most`` characters.

    Numbers between 0 and 1 that are floats read as per cent.
    """
    if isinstance(value, float):
        value = f"{value:.0%}" if 0 <= value <= 1 else f"{value:g}"
    shown = "".join(map(_shown, str(value)[: most + 1]))
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return " " if unicodedata.category(character) == "Zs" else character.encode("unicode_escape").decode()
