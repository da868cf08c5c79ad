"""What stands in a cell: stored text made into words, times and text that no spreadsheet takes for a formula, one value at
a time and a column at once. Nothing here knows a database.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

LIST = pa.list_(pa.string())
"""A list of words."""
_BETWEEN = '","'
"""What parts two words of a JSON list; within a word a quotation mark has a backslash before it."""

_FORMULA = "=+-@\t\r\n|%＝＋－＠"
_BEFORE = " \"'\u00a0\u200b\ufeff"
_FORMULAS = f"^[{_BEFORE}]*[{_FORMULA.replace('-', '')}-]"
"""RE2, for whole columns: the same as :func:`safe_cell` says."""
_LEADS = np.zeros(256, dtype=bool)
_LEADS[[sign.encode()[0] for sign in _FORMULA + _BEFORE]] = True


def safe_cell(value: Any) -> Any:
    """A CSV cell: text that a spreadsheet takes for a formula gets a leading apostrophe; numbers stay numbers.

    Rule: OWASP, CSV Injection, with the full-width forms; blanks and quotes before the sign do not hide it.
    """
    if isinstance(value, (list, dict)):
        value = flat(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if not isinstance(value, str):
        return value
    start = value.lstrip(_BEFORE)[:1]
    return f"'{value}" if start and start in _FORMULA else value


def flat(value: list[Any] | dict[str, Any]) -> str:
    """A list of words joined by ', '; anything deeper as JSON."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return orjson.dumps(_in_order(value)).decode()


def safe_column(column: pa.Array) -> pa.Array:
    """The same for a column of text."""
    if not _may_be_marked(column):
        return column
    marked = pc.match_substring_regex(column, _FORMULAS)
    if not pc.any(marked).as_py():
        return column
    return pc.if_else(marked, pc.binary_join_element_wise("'", column, ""), column)


def each_once(column: pa.Array, change: Callable[[list[str]], list[Any]], kind: pa.DataType | None = None) -> pa.Array:
    """A text column with every different text changed once; null stays null."""
    encoded = column.dictionary_encode()
    changed = pa.array(change(encoded.dictionary.to_pylist()), type=kind or pa.string())
    return changed.take(encoded.indices)


def words(column: pa.Array) -> pa.Array:
    """A column of JSON lists of words as lists."""
    if _escaped(column):
        return each_once(column, parsed, LIST)
    return pc.if_else(pc.equal(column, "[]"), _no_words(), pc.split_pattern(_inner(column), _BETWEEN))


def joined_words(column: pa.Array) -> pa.Array:
    """The same as text, the words joined by ', '."""
    if _escaped(column):
        return pc.binary_join(words(column), ", ")
    return pc.replace_substring(_inner(column), _BETWEEN, ", ")


def iso(column: pa.Array) -> pa.Array:
    """Stored times as RFC 3339 in UTC: ``2026-11-01T12:00:00Z``, with a fraction where there is one."""
    parted = pc.binary_replace_slice(column, 10, 11, "T")
    if pc.all(pc.ends_with(parted, ".000000")).as_py():
        # a quarter of the time of what follows
        return pc.binary_replace_slice(parted, 19, 26, "Z")
    return pc.binary_join_element_wise(pc.replace_substring(parted, ".000000", ""), "Z", "")


def parsed(texts: list[str]) -> list[Any]:
    """All texts in one parse, which costs less than one each."""
    said: list[Any] = orjson.loads(f"[{','.join(texts)}]")
    return said


# --- below: how ------------------------------------------------------------------------------------------------------


def _in_order(value: Any) -> Any:
    """PostgreSQL keeps objects in its own order of keys: sort them, so that both engines export the same bytes."""
    if isinstance(value, dict):
        return {name: _in_order(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_in_order(one) for one in value]
    return value


def _may_be_marked(column: pa.Array) -> bool:
    """Whether any text begins with a byte that one :func:`safe_cell` changes could begin with.

    Looks at one byte a text, which costs a sixth of the pattern; few columns of a batch have such a text.
    """
    _, offsets, held = column.buffers()
    if held is None:
        return False
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    first = np.frombuffer(held, np.uint8)[bounds[:-1][bounds[1:] > bounds[:-1]]]
    return bool(_LEADS[first].any())


@functools.cache
def _no_words() -> pa.Scalar:
    # not made on import: pyarrow imports pandas for its first value, where that is installed
    return pa.scalar([], LIST)


def _escaped(column: pa.Array) -> bool:
    """Whether any JSON text holds a backslash: without one, what stands between quotation marks is the word itself."""
    held = column.buffers()[2]
    return held is not None and b"\\" in held.to_pybytes()


def _inner(column: pa.Array) -> pa.Array:
    """JSON lists of words from the first word to the last, without brackets and outer quotation marks."""
    return pc.utf8_slice_codeunits(column, 2, -2)
