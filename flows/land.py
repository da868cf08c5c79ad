"""Landing segments: the lines that a crawl left behind, read back one by one.

A segment is a JSON-lines file, plain or gzip. Its lines are RawPostings and short kinds: ``{"seen": id}`` (listed,
details not fetched because they are known and unchanged), ``{"removed": id}`` (the stream says it closed),
``{"unchanged": board}`` (the whole list is as it was) and ``{"rejected": {...}}`` (a record the spider could not
read). A line that is none of these becomes a Rejection that names file and line; the rest is read all the same.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from pydantic import ValidationError

from spiders.items import MAX_DEPTH, RawPosting
from storage.models import Rejection

MAX_LINE = 16 * 2**20
"""Bytes of one line; what is longer is rejected unread (the largest real record seen has 0.6 MB)."""
UNPACKED = 128 * 1024
"""Bytes that are unpacked at a time."""
MAX_KEPT = 64 * 1024
"""Characters of a rejected record that are kept as evidence."""


@dataclass(frozen=True, slots=True)
class Landed:
    """One RawPosting and the line it came from, which is kept as its capture."""

    raw: RawPosting
    line: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """An ad that is still listed; its details were not fetched again."""

    external_id: str


@dataclass(frozen=True, slots=True)
class Removed:
    """An ad that the board itself says is closed."""

    external_id: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A board whose whole list is as it was."""

    board: str


Line = Landed | Seen | Removed | Unchanged | Rejection


def read_segment(path: Path, source: str = "", board: str = "") -> Iterator[Line]:
    """The lines of one segment in order; a gzip file that is none, or is cut, is a rejection at its end.

    Raises OSError where the file cannot be read.
    """
    number = 0
    try:
        with _opened(path) as lines:
            while line := lines.readline(MAX_LINE + 1):
                number += 1
                place = f"{path.name}:{number}"
                if len(line) > MAX_LINE:
                    yield _reject(source, board, "too_long", f"a line of more than {MAX_LINE} bytes", place, line)
                    _skip_line(lines, line)
                elif stripped := line.strip():
                    yield read_line(stripped, place, source, board)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        # what came before it stands
        yield _reject(source, board, "not_gzip", str(error), f"{path.name}:{number + 1}", b"")


def read_line(line: bytes, place: str, source: str = "", board: str = "") -> Line:
    """One line as what it says; never raises."""
    line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _reject(source, board, "not_json", str(error), place, line)
    if not isinstance(said, dict):
        return _reject(source, board, "not_an_object", f"a JSON {type(said).__name__}", place, line)
    if _is_too_deep(said, line):
        why = f"nested more than {MAX_DEPTH} levels"
        return _reject(*_named(said, source, board), "too_deep", why, place, line, _text(said.get("external_id")))
    if len(said) == 1 and (short := _short_kind(said, place, source, board)):
        return short
    try:
        return Landed(RawPosting.model_validate(said), line)
    except ValidationError as error:
        why = _what_is_wrong(error)
        return _reject(*_named(said, source, board), "no_raw_posting", why, place, line, _text(said.get("external_id")))


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex: the name under which the ledger knows a segment."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def salvage(part: Path) -> Path | None:
    """Rename a ``.part`` that a killed crawl left behind to a segment, without a last line that was cut.

    Returns the segment, or None where no whole line stood in it (the part is then removed).
    """
    content = part.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if not whole:
        part.unlink()
        return None
    target = part.with_suffix("")
    if len(whole) != len(content):
        part.write_bytes(whole)
    return part.rename(target)


def _short_kind(said: dict[str, Any], place: str, source: str, board: str) -> Line | None:
    if isinstance(one := said.get("seen"), (str, int)):
        return Seen(str(one))
    if isinstance(one := said.get("removed"), (str, int)):
        return Removed(str(one))
    if isinstance(one := said.get("unchanged"), str):
        return Unchanged(one)
    if isinstance(one := said.get("rejected"), dict):
        kept = one.get("raw", one)
        return _reject(
            *_named(one, source, board),
            _text(one.get("reason")) or "unread",
            _text(one.get("detail")),
            _text(one.get("place")) or place,
            kept.encode() if isinstance(kept, str) else orjson.dumps(kept),
            _text(one.get("external_id")),
        )
    return None


def _named(said: dict[str, Any], source: str, board: str) -> tuple[str, str]:
    """Source and board as a line names them, otherwise those of its segment."""
    return _text(said.get("source")) or source, _text(said.get("board")) or board


def _is_too_deep(said: object, line: bytes) -> bool:
    """Nested beyond what a spider lets through, and what writing it out again could follow."""
    if line.count(b"[") + line.count(b"{") <= MAX_DEPTH:
        return False
    level = [said]
    for _ in range(MAX_DEPTH + 1):
        inside = (v.values() if isinstance(v, dict) else v if isinstance(v, list) else () for v in level)
        level = [one for these in inside for one in these if isinstance(one, (dict, list))]
    return bool(level)


def _what_is_wrong(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg']}" for e in error.errors()[:5])[:500]


def _reject(
    source: str, board: str, reason: str, detail: str, place: str, line: bytes, external_id: str = ""
) -> Rejection:
    kept = line[:MAX_KEPT].decode("utf-8", "replace").replace("\x00", "\\u0000")
    return Rejection(
        source=source, board=board, external_id=external_id, reason=reason, detail=detail, place=place, raw=kept
    )


def _text(value: object) -> str:
    return str(value)[:500] if isinstance(value, (str, int)) else ""


def _opened(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return io.BufferedReader(_Unpacked(path), UNPACKED)
    return path.open("rb")


class _Unpacked(io.RawIOBase):
    """A gzip file, one step at a time: what was unpacked before a fault is not lost with it."""

    def __init__(self, path: Path) -> None:
        self._file = gzip.GzipFile(path, "rb")

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        said = self._file.read1(len(into))
        into[: len(said)] = said
        return len(said)

    def close(self) -> None:
        self._file.close()
        super().close()


def _skip_line(lines: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = lines.readline(MAX_LINE)
