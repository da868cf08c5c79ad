"""JSON lines that every reader takes for lines."""

from __future__ import annotations

_BREAKS = tuple((chr(code).encode(), f"\\u{code:04x}".encode()) for code in (0x85, 0x2028, 0x2029))


def one_line(said: bytes) -> bytes:
    r"""A JSON text in UTF-8 with Unicode's own line breaks (U+0085, U+2028, U+2029) escaped.

    JSON allows them within texts, and many readers of lines (Python's ``str.splitlines`` among them) break there.

    >>> one_line('{"a": "b\u2028c"}'.encode())
    b'{"a": "b\\u2028c"}'
    """
    for mark, escaped in _BREAKS:
        if mark in said:
            said = said.replace(mark, escaped)
    return said
