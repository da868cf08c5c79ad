"""Saved answers, read without a crawl: what ``rolecall read`` prints and what the recordings are checked with."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from spiders.bases.board import BoardSpider
from spiders.bases.reading import Reading, Unread, Unreadable
from spiders.items import RawPosting

ROOMS = ("spiders.boards", "spiders.platforms")


class UnknownSource(LookupError):
    """No spider has this name; ``close`` are names like it."""

    def __init__(self, source: str) -> None:
        import difflib

        self.close = difflib.get_close_matches(source, sources(), n=3)
        hint = f"; did you mean {' or '.join(self.close)}?" if self.close else ""
        super().__init__(f"no spider is named {source!r}{hint}")


@functools.cache
def sources() -> tuple[str, ...]:
    """The slugs of all sources that have a spider, in alphabetical order. Imports none of them."""
    found = (file.name for room in ROOMS for file in files(room).iterdir())
    return tuple(sorted(n.removesuffix(".py") for n in found if n.endswith(".py") and not n.startswith("_")))


@functools.cache
def spider_class(source: str) -> type[BoardSpider]:
    """The spider of a source. Raises UnknownSource."""
    if source not in sources():
        raise UnknownSource(source)
    room = next(room for room in ROOMS if (files(room) / f"{source}.py").is_file())
    module = importlib.import_module(f"{room}.{source}")
    return next(
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, BoardSpider) and one.__module__ == module.__name__ and one.name
    )


def read_answer(source: str, body: bytes, url: str = "", board: str = "") -> Reading:
    """One answer of a source. Raises UnknownSource; Unreadable where it is no answer of this source."""
    return spider_class(source)(boards=[board]).read(body, url, board)


def read_saved(source: str, path: Path, board: str = "") -> Iterator[RawPosting | Unread]:
    """The ads in one saved answer, list or page of one ad, and the records that could not be read.

    Raises UnknownSource and OSError; an answer that can't be read at all is one Unread.
    """
    body = path.read_bytes()
    try:
        reading = read_answer(source, body, "", board)
    except Unreadable as error:
        yield Unread(
            source, board, error.reason, error.detail, place=path.name, raw=body[:2000].decode("utf-8", "replace")
        )
        return
    yield from reading.postings
    yield from reading.unread
