"""What boards say cannot forge a line of the log, and no key of an address is written into it."""

from __future__ import annotations

import logging

from scrapy.crawler import Crawler

from spiders.errors import printable

LONGEST = 2000
"""Characters of one message; a title of a megabyte is cut."""

MOST_LINES = 200
"""Lines of one trace; the outermost and the innermost calls."""

_ESCAPED = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {
    code: f"\\u{code:04x}" for code in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def one_line(message: str) -> str:
    """A message as one printable line: control characters, line and direction marks escaped, secrets masked.

    >>> one_line("got Dev\\n[INFO] run ok")
    'got Dev\\\\x0a[INFO] run ok'
    """
    cut = message if len(message) <= LONGEST else f"{message[:LONGEST]}... ({len(message)} characters)"
    return printable(cut.translate(_ESCAPED))


def _marked(trace: str) -> str:
    """A trace whose lines cannot be taken for lines of the log: what an exception repeats may break where it likes."""
    lines = trace.splitlines()
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES // 2], "...", *lines[-MOST_LINES // 2 :]]
    return "\n".join(f"  | {one_line(line)}" for line in lines)


class _OneLine(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if not getattr(record, "one_line", False):
            if not record.name.startswith("scrapy.crawler"):  # prints its settings on several lines, all our own
                record.msg, record.args = one_line(record.getMessage()), ()
            if record.exc_info and record.exc_info[0]:
                record.exc_text = _marked(logging.Formatter().formatException(record.exc_info))
            record.one_line = True
        return True


class LogLines:
    """A Scrapy extension that puts every handler of the process behind :func:`one_line`."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LogLines:  # noqa: ARG003 (Scrapy's signature)
        for handler in logging.root.handlers:
            if not any(isinstance(one, _OneLine) for one in handler.filters):
                handler.addFilter(_OneLine())
        return cls()
