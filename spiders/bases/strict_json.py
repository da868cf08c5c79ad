"""JSON as the standard says it: what no other reader would understand is marked, never guessed.

``json`` accepts NaN, Infinity, 1e999 and duplicate keys. Here the object that holds one becomes :class:`Broken`, so a
single bad record is rejected with its reason and the others of its page are read.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

from spiders.bases.reading import Unreadable
from spiders.items import MAX_DEPTH

MAX_DIGITS = 19
"""Digits of a whole number; a longer one fits no database column."""


class Broken(dict[str, Any]):
    """An object that JSON forbids: what was read of it, and why it is not believed."""

    reason: str = ""


class _BadNumber:
    def __init__(self, text: str) -> None:
        self.reason = f"number out of range: {text[:40]}"


def loads(body: bytes) -> Any:
    """A JSON document. Raises Unreadable (not_json, too_deep) where it is none."""
    text = _text(body)
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_constant=_BadNumber, parse_float=_float, parse_int=_int
        )
    except RecursionError:
        raise Unreadable("too_deep", "nested beyond what any reader follows") from None
    except ValueError as error:
        raise Unreadable("not_json", str(error)[:200]) from None


def why_broken(value: Any, depth: int = 0) -> str:
    """Why a record can't be believed, or an empty text. Looks into everything below it."""
    if depth > MAX_DEPTH:
        return f"too_deep: nested more than {MAX_DEPTH} levels"
    if isinstance(value, _BadNumber):
        return f"bad_number: {value.reason}"
    if isinstance(value, Broken) and value.reason:
        return value.reason
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((why for one in inside if type(one) not in _PLAIN and (why := why_broken(one, depth + 1))), "")


def unbroken(value: Any, depth: int = 0) -> Any:
    """The same value with what JSON forbids as text, so that it can be kept as evidence."""
    if depth > MAX_DEPTH:
        return "..."
    if isinstance(value, _BadNumber):
        return value.reason
    if isinstance(value, dict):
        return {key: unbroken(one, depth + 1) for key, one in value.items()}
    return [unbroken(one, depth + 1) for one in value] if isinstance(value, list) else value


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _text(body: bytes) -> str:
    for encoding in ("utf-16",) if body[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            pass
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable("not_text", "neither UTF-8 nor Windows-1252") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) == len(pairs):
        return said
    broken, times = Broken(said), Counter(name for name, _ in pairs)
    broken.reason = f"duplicate_key: {next(name for name, n in times.items() if n > 1)}"
    return broken


def _float(text: str) -> float | _BadNumber:
    value = float(text)
    return value if math.isfinite(value) else _BadNumber(text)


def _int(text: str) -> int | _BadNumber:
    return int(text) if len(text) <= MAX_DIGITS else _BadNumber(text)
