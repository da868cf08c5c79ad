"""What a run is asked to do."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.load import cards, no_board, tenants
from config.problems import UsageProblem
from flows.crawl import Task
from storage.tables import RunKind


@dataclass(frozen=True)
class Order:
    """One call of ``ingest``.

    ``sources`` are slugs, or ``slug/board`` for one tenant of a platform; none means every source that is due.
    ``files`` are RawPosting lines, ``site`` any site with schema.org JobPosting. ``force`` crawls the named sources
    though they are not due. ``replay`` crawls nothing and believes anew what is kept of these sources as it was
    received.
    """

    sources: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    demo: bool = False
    site: str | None = None
    force: bool = False
    replay: bool = False

    @property
    def kind(self) -> RunKind:
        """crawl, demo, file, site or replay: the run's kind in the database."""
        if self.replay:
            return "replay"
        if self.demo:
            return "demo"
        return "file" if self.files else "site" if self.site else "crawl"

    def check(self) -> None:
        """Raise UsageProblem where it contradicts itself or names what does not exist."""
        ways = [bool(self.files) and "--from", self.demo and "--demo", bool(self.site) and "--site"]
        said = [way for way in ways if way]
        if len(said) > 1 or (self.files and self.sources):
            named = said + ["sources"] * bool(self.sources)
            raise UsageProblem(f"{' and '.join(named)} do not go together", "Give one of them")
        for file in self.files:
            if not file.is_file():
                raise UsageProblem(f"no such file: {file}", "Check the path")
        if self.site and not _is_address(self.site):
            raise UsageProblem(f"{self.site!r} is no address of a site", "Say --site https://careers.example.com/jobs")
        self.tasks()

    def tasks(self) -> list[Task]:
        """The sources it names, each with its boards. Raises UsageProblem for an unknown name."""
        named: dict[str, list[str]] = {}
        for name in self.sources:
            source, _, board = name.partition("/")
            check_source(source)
            named.setdefault(source, []).extend([board] if board else [])
        return [task_of(source, tuple(dict.fromkeys(boards))) for source, boards in named.items()]


def task_of(source: str, boards: tuple[str, ...] = ()) -> Task:
    """A source with these boards, or with all its tenants. Raises UsageProblem for a board that it cannot have."""
    known = tuple(t.board for t in tenants().get(source, ()))
    if not boards:
        return Task(source, known or None)
    kind = cards()[source].kind
    if kind == "ats" and (wrong := next(filter(None, (no_board(source, b) for b in boards)), "")):
        raise UsageProblem(wrong, "Name a board as it stands in config/tenants.csv")
    if kind == "board" and (unknown := [b for b in boards if b not in _catalogues(source)]):
        named = ", ".join(f"{source}/{one}" for one in _catalogues(source) if one)
        raise UsageProblem(f"{source} has no board {unknown[0]!r}", f"Say {named or source}")
    return Task(source, boards)


def _catalogues(source: str) -> tuple[str, ...]:
    # Scrapy is imported with it, which is not needed where nobody names such a board
    from spiders.reading import spider_class

    return spider_class(source).catalogues


def _is_address(site: str) -> bool:
    """Whether it can be the address of a site; ``https://`` may be left out.

    One with a backslash is none: a browser reads another host from it than we would.
    """
    if "\\" in site:
        return False
    try:
        split = urlsplit(site if "://" in site else f"https://{site}")
    except ValueError:
        return False
    host = split.hostname or ""
    return split.scheme in ("http", "https") and ("." in host or ":" in host)


def check_source(source: str) -> None:
    if source in cards():
        return
    near = difflib.get_close_matches(source, cards(), n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise UsageProblem(f"no source is called {source!r}", f"{hint}`rolecall sources` lists them")
