"""Where a crawl leaves what it read: whole segments of JSON lines, and one outcome line a board.

A segment is written as ``<source>~<board>~<number>.jsonl.part`` and renamed when it is on disk, so whoever reads the
folder finds only whole files. A killed process loses at most what was not yet flushed of its open segments.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import orjson

from spiders.items import RawPosting

CUT_LINES = 500
"""Lines after which a segment is cut."""
CUT_SECONDS = 10.0
"""Seconds after which a line cuts its segment, so that slow boards land too."""

LOOKS = "looks.jsonl"
"""The file of a child that looked at the own pages of ads: one line a page, beside the outcomes."""


@dataclass(slots=True)
class _Open:
    path: Path
    file: BinaryIO
    since: float
    lines: int = 0


@dataclass(slots=True)
class Spool:
    """The folder of one child process. ``lines`` of a board go to its open segment, one process writes them."""

    folder: Path
    talk: bool = False
    cut_lines: int = CUT_LINES
    states: Counter[str] = field(default_factory=Counter)
    _open: dict[tuple[str, str], _Open] = field(default_factory=dict)
    _number: dict[tuple[str, str], int] = field(default_factory=dict)

    def posting(self, raw: RawPosting) -> None:
        """One ad. Raises TypeError where it can't be written as JSON (a lone surrogate, nested beyond bounds)."""
        self._write(raw.source, raw.board, raw.model_dump(exclude_none=True))

    def note(self, source: str, board: str, line: dict[str, Any]) -> None:
        """A short line: seen, unchanged, removed, rejected. Half a surrogate pair in it is written as its escape."""
        self._write(source, board, sound(line))

    def outcome(self, outcome: dict[str, Any]) -> None:
        """Cut the board's segment, then say what it came to: the line is on disk when this returns."""
        self.cut(outcome["source"], outcome["board"])
        self._append("outcomes.jsonl", outcome)
        self.states[outcome["state"]] += 1
        if self.talk:
            said = {k: outcome[k] for k in ("source", "board", "state", "because", "found", "seen", "rejected")}
            sys.stdout.write(orjson.dumps(sound(said)).decode() + "\n")
            sys.stdout.flush()

    def look(self, look: dict[str, Any]) -> None:
        """What the own page of one ad answered: a line of ``looks.jsonl``, on disk when this returns."""
        self._append(LOOKS, look)

    def cut(self, source: str, board: str) -> None:
        """Rename the board's open segment, if any, when its bytes are on disk."""
        if (segment := self._open.pop((source, board), None)) is None:
            return
        segment.file.flush()
        os.fsync(segment.file.fileno())
        segment.file.close()
        segment.path.replace(segment.path.with_suffix(""))

    def close(self) -> None:
        """Cut everything that is still open."""
        for source, board in list(self._open):
            self.cut(source, board)

    def _append(self, name: str, said: dict[str, Any]) -> None:
        with (self.folder / name).open("ab") as file:
            file.write(orjson.dumps(sound(said)) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _write(self, source: str, board: str, line: dict[str, Any]) -> None:
        said = orjson.dumps(line) + b"\n"
        key = (source, board)
        segment = self._open.get(key) or self._begin(key)
        segment.file.write(said)
        segment.lines += 1
        if segment.lines >= self.cut_lines or time.monotonic() - segment.since > CUT_SECONDS:
            self.cut(source, board)

    def _begin(self, key: tuple[str, str]) -> _Open:
        number = self._number[key] = self._number.get(key, 0) + 1
        path = self.folder / f"{file_name(*key, number)}.part"
        self._open[key] = opened = _Open(path, path.open("wb"), time.monotonic())
        return opened


def sound(said: Any) -> Any:
    """The same value without half surrogate pairs, which are no text: they become the words of their escape.

    >>> sound({"seen": "\\ud800"})
    {'seen': '\\\\ud800'}
    """
    if isinstance(said, str):
        return said.encode("utf-8", "backslashreplace").decode()
    if isinstance(said, dict):
        return {sound(key): sound(one) for key, one in said.items()}
    return [sound(one) for one in said] if isinstance(said, (list, tuple)) else said


def file_name(source: str, board: str, number: int) -> str:
    """``source~board~000001.jsonl``, the board percent-encoded so that any text is one safe name."""
    safe = quote(board, safe="").replace("~", "%7E").replace(".", "%2E")
    if len(safe) > 150:
        safe = safe[:130] + hashlib.blake2b(board.encode(), digest_size=8).hexdigest()
    return f"{source}~{safe}~{number:06d}.jsonl"
