"""Datasette over a copy of the database: read-only, on loopback, with the data dictionary, facets, search, questions.

Datasette reads SQLite; so what it opens is always a copy for readers (of PostgreSQL too), with a full-text index that
the database itself does not have to carry. The copy lives as long as the server.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import sqlite3
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from flows.report.market.ask import report_day, statement
from flows.report.market.figures import FIGURES
from flows.snapshot import copy_for_readers
from storage.dictionary import datasette_tables
from storage.engine import reading

NAME = "rolecall"
"""The database's name in Datasette's addresses."""
SECONDS = 5
"""Time limit of one statement."""
ROWS = 1000
"""Rows of one answer; the CSV link streams all of them."""
_SEARCHED = ("title", "company", "description_text")
_FACETS = ["role", "server_side", "seniority", "remote_mode", "state", "salary_source"]
_LABELS = {"job": "title", "posting": "title", "company": "name", "source": "name"}

SEARCH = """
SELECT job.job_id, job.title, job.company, job.role, job.seniority, job.remote_mode, job.first_seen, job.state,
    snippet(job_fts, -1, '[', ']', ' ... ', 12) AS found
FROM job_fts
JOIN job ON job.rowid = job_fts.rowid
WHERE job_fts MATCH :words
ORDER BY job_fts.rank
LIMIT 100
"""
JOB = """
SELECT p.title, p.company, p.source, p.url, p.state, p.first_seen, p.last_seen, l.rule, l.kind, l.score, l.because
FROM v_postings AS p
LEFT JOIN match_link AS l ON l.posting_key = p.posting_key
WHERE p.job_id = :job_id
ORDER BY p.first_seen
"""


def make_copy(engine: Engine, folder: Path) -> Path:
    """A copy for readers with a full-text index over title, company and description of jobs and ads."""
    file = folder / f"{NAME}.db"
    copy_for_readers(engine, file)
    with contextlib.closing(sqlite3.connect(file)) as copy:
        for table in ("job", "posting"):
            columns = ", ".join(_SEARCHED)
            copy.execute(
                f"CREATE VIRTUAL TABLE {table}_fts USING fts5({columns}, content='{table}', "
                "tokenize='unicode61 remove_diacritics 2')"
            )
            copy.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")  # noqa: S608 - names of ours
        copy.commit()
        copy.execute("ANALYZE")
        copy.commit()
    return file


def application(copy: Path, day: dt.date) -> Any:
    """Datasette as an ASGI application over a copy that :func:`make_copy` made; ``day`` dates its questions."""
    from datasette.app import Datasette

    # with rich at hand it would print every refused statement with all local variables
    import_module("datasette.handle_exception").rich = None  # type: ignore[attr-defined]
    return Datasette(
        immutables=[str(copy)],
        metadata=metadata(day),
        static_mounts=[("look", str(files("flows") / "browse_look"))],
        settings={
            "sql_time_limit_ms": SECONDS * 1000,
            "max_returned_rows": ROWS,
            "default_page_size": 50,
            "suggest_facets": False,
            "allow_signed_tokens": False,
        },
    )


def day_of(engine: Engine) -> dt.date:
    """The UTC day that the data stand at; today where nothing ever ran. Raises DatabaseProblem."""
    with reading(engine) as conn:
        return report_day(conn) or dt.datetime.now(dt.UTC).date()


def serve(copy: Path, day: dt.date, listening: socket.socket) -> None:
    """Serve a copy on a bound socket until Ctrl-C or SIGTERM; both end it in order."""
    import asyncio
    import signal

    import uvicorn

    datasette = application(copy, day)
    asyncio.run(datasette.invoke_startup())
    host = str(listening.getsockname()[0])
    server = uvicorn.Server(uvicorn.Config(guarded(datasette.app(), host), log_level="warning"))
    # the server gives the signal back when it has ended; the default would end the process before the copy is deleted
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


def guarded(app: Any, host: str) -> Any:
    """On loopback, answer only to names of this machine: a page elsewhere could else point its own name here."""
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    if not is_loopback(host):
        return app
    return TrustedHostMiddleware(app, allowed_hosts=["127.0.0.1", "localhost", "[::1]", host])


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def metadata(day: dt.date) -> dict[str, Any]:
    """Datasette's metadata: the dictionary of every table and view, facets, search, and the questions of the report."""
    tables: dict[str, dict[str, Any]] = {name: dict(about) for name, about in datasette_tables().items()}
    for name in ("job", "posting", "v_jobs_open", "v_backend_jobs", "v_postings"):
        facets = [f for f in _FACETS if f in tables[name]["columns"] and not (name == "v_jobs_open" and f == "state")]
        tables[name] |= {"facets": facets, "sort_desc": "first_seen"}
    for name, label in _LABELS.items():
        tables[name]["label_column"] = label
    for name in ("job", "posting"):
        tables[name] |= {"fts_table": f"{name}_fts", "fts_pk": "rowid"}
        tables |= {f"{name}_fts{part}": {"hidden": True} for part in ("", "_data", "_idx", "_docsize", "_config")}
    return {
        "title": "Rolecall",
        "description": f"Remote jobs as of {day}: a read-only copy. Begin with v_jobs_open, or search jobs by word.",
        "extra_css_urls": ["/look/look.css"],
        "extra_js_urls": ["/look/look.js"],
        "databases": {NAME: {"tables": tables, "queries": questions(day)}},
    }


def questions(day: dt.date) -> dict[str, dict[str, str]]:
    """Canned queries: search, a job with its ads, and every question of the market report."""
    asked = {
        "search": {
            "title": "Search jobs by words in title, company and description",
            "description": "Words as they stand; quotes keep a phrase together: \"event sourcing\" kafka",
            "sql": SEARCH.strip(),
        },
        "job_and_its_ads": {"title": "A job with its ads, and why each belongs to it", "sql": JOB.strip()},
    }  # fmt: skip
    for figure in FIGURES:
        said = {"title": figure.title, "description": figure.about, "sql": statement(figure.name, day, "sqlite")}
        asked[f"report_{figure.name}"] = said
    return asked
