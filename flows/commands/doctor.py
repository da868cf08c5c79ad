"""``rolecall doctor``: what must be right on this machine, each with a remedy where it is not."""

from __future__ import annotations

import datetime as dt
import os
import pyexpat
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from config.load import ConfigError, cards
from config.settings import settings
from flows.commands import show
from flows.commands.sources import describe
from flows.prefect_home import api_configured
from storage import tally
from storage.engine import DatabaseProblem, connect, open_database, reading, shown, translated
from storage.migrations import HEAD
from storage.schema import version_of

Level = Literal["ok", "warning", "error"]

EXPAT = (2, 6, 0)
"""Older ones take quadratic time for large attributes (CVE-2023-52425)."""
SQLITE = (3, 35, 0)
"""RETURNING and upserts as they are used here."""
FREE = 2 * 2**30
"""Bytes that should be free for segments, database and exports."""


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    level: Level
    found: str
    remedy: str = ""


def run(url: str | None, robots: bool, as_json: bool) -> int:
    """Look at everything; gives 3 where something stands in the way, 0 otherwise."""
    checks = [*_machine(), *_database(url), *_config(), _prefect()]
    if robots:
        checks += _robots()
    if as_json:
        show.as_json([asdict(check) for check in checks])
    else:
        show.table(("what", "is", "found", "remedy"), ((c.name, c.level, c.found, c.remedy) for c in checks))
    return 3 if any(check.level == "error" for check in checks) else 0


def _machine() -> Iterator[Check]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", "ok" if sys.version_info >= (3, 11) else "error", python, "Python 3.11 or newer")
    yield _at_least("expat", pyexpat.version_info, EXPAT, "A newer Python build; feeds are capped at 8 MiB until then")
    yield _at_least("sqlite", sqlite3.sqlite_version_info, SQLITE, "A newer Python build, or PostgreSQL")
    for name in ("scrapy", "prefect", "sqlmodel", "sqlalchemy", "fastapi", "psycopg"):
        yield _package(name)
    data = settings().data
    free = shutil.disk_usage(_existing(data)).free
    level: Level = "ok" if free >= FREE else "warning"
    yield Check("disk", level, f"{free / 2**30:.1f} GiB free for {data}", "Free some space, or set ROLECALL_DATA")
    writable = os.access(_existing(data), os.W_OK)
    yield Check("data folder", "ok" if writable else "error", str(data), "" if writable else "Set ROLECALL_DATA")
    yield _clock()


def _at_least(name: str, has: tuple[int, ...], wants: tuple[int, ...], remedy: str) -> Check:
    said = ".".join(map(str, has[:3]))
    return Check(name, "ok", said) if tuple(has) >= wants else Check(name, "warning", said, remedy)


def _package(name: str) -> Check:
    try:
        return Check(name, "ok", version(name))
    except PackageNotFoundError:
        return Check(name, "error", "not installed", "uv sync")


def _clock() -> Check:
    """The newest file of this installation cannot be younger than now."""
    newest = max(path.stat().st_mtime for path in Path(__file__).parent.glob("*.py"))
    now = dt.datetime.now(dt.UTC)
    wrong = now.timestamp() < newest - 86_400
    return Check("clock", "error" if wrong else "ok", f"{now:%Y-%m-%d %H:%M} UTC", "Set the clock" if wrong else "")


def _database(url: str | None) -> Iterator[Check]:
    said = settings().database_url(url)
    try:
        engine = connect(said, create=False)
        with translated(engine.url):
            found = version_of(engine)
        name = shown(engine.url)
        engine.dispose()
        drift = _drift(said) if found == HEAD else {}
    except DatabaseProblem as problem:
        yield Check("database", "warning" if "no database" in str(problem) else "error", str(problem), problem.remedy)
        return
    yield Check("database", "ok", name)
    current = found == HEAD
    yield Check("schema", "ok" if current else "error", found or "none", "" if current else "rolecall migrate")
    if current:
        wrong = ", ".join(f"{n} of {what}s" for what, n in drift.items())
        yield Check(
            "counts", "error" if wrong else "ok", wrong or "as the rows say", "rolecall migrate" if wrong else ""
        )


def _drift(url: str) -> dict[str, int]:
    """Counts that are not what the rows say; it takes some seconds a million jobs."""
    engine = open_database(url, create=False, read_only=True)
    try:
        with reading(engine) as conn:
            return tally.drift(conn)
    finally:
        engine.dispose()


def _config() -> Iterator[Check]:
    try:
        on = sum(describe(card)["enabled"] for card in cards().values())
        yield Check("cards", "ok", f"{len(cards())} sources, {on} on; `rolecall sources` says why the others are not")
    except ConfigError as error:
        yield Check("cards", "error", str(error), "Mend the file")
    contact = settings().contact
    yield Check(
        "contact",
        "ok" if contact else "warning",
        contact or "none: boards cannot write to you",
        "" if contact else "Set ROLECALL_CONTACT to a URL or an e-mail address",
    )


def _prefect() -> Check:
    where = api_configured()
    if where is None:
        return Check(
            "prefect", "ok", "its temporary server", "PREFECT_API_URL saves 10 to 30 s a run; needed for schedules"
        )
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return Check("prefect", "ok", f"API of {where}")
    return _asked("prefect", lambda: _status(f"{url}/health"), "Start it: prefect server start")


def _robots() -> Iterator[Check]:
    """robots.txt of each host of the sources that are on: reached or not. Rules are applied by the crawl itself."""
    hosts = sorted({host for card in cards().values() if card.on for host in card.hosts})
    for host in hosts:
        yield _asked(f"robots {host}", lambda host=host: _status(f"https://{host}/robots.txt"), "Look at the site")  # type: ignore[misc]


def _asked(name: str, ask: Callable[[], int], remedy: str) -> Check:
    try:
        status = ask()
    except OSError as error:
        return Check(name, "error", f"not reached: {error}"[:200], remedy)
    return Check(name, "ok" if status < 500 else "error", f"answers {status}", "" if status < 500 else remedy)


def _status(url: str) -> int:
    import http.client

    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", parts.path or "/", headers={"User-Agent": "rolecall doctor"})
        return connection.getresponse().status
    finally:
        connection.close()


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)
