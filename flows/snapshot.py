"""Copies for readers: what a paper can cite, and what Datasette opens.

Both begin with a consistent copy of the database, of either engine, as one SQLite file. What is evidence or machinery
and no fact of the market (records as received, rejections, leases, matching keys) is not part of it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Engine

from config.load_taxonomy import taxonomy_version
from config.problems import UsageProblem
from flows.report.market.ask import report_day
from storage import upkeep
from storage.engine import open_database, reading
from storage.export import export
from storage.package import LICENCE, credits, table_schema

LEFT_OUT = ("capture", "rejection", "segment", "lease", "forgotten", "match_key")
"""Tables that are empty in a copy for readers."""
_PRIVATE = {"run": ("host", "pid")}
"""Columns that tell of the machine, not of the market."""


class Release(NamedTuple):
    """What was released: the folder, the day its data stand at, its files with their SHA-256."""

    folder: Path
    day: dt.date
    files: dict[str, str]


def copy_for_readers(engine: Engine, out: Path) -> None:
    """A consistent copy of the facts as one SQLite file without a journal, smaller than the database.

    Raises FileExistsError where ``out`` exists, DatabaseProblem where copying fails.
    """
    if os.path.lexists(out):
        raise FileExistsError(f"{out} exists already")
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=out.parent) as folder:
        whole = Path(folder) / "whole.db"
        upkeep.backup(engine, whole)
        with contextlib.closing(sqlite3.connect(whole, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute("PRAGMA foreign_keys=OFF")
            for table in LEFT_OUT:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this module
            for table, columns in _PRIVATE.items():
                emptied = ", ".join(f"{column} = {'NULL' if column == 'pid' else repr('')}" for column in columns)
                copy.execute(f"UPDATE {table} SET {emptied}")  # noqa: S608 - names of this module
            copy.execute("VACUUM INTO ?", (str(Path(folder) / "small.db"),))
        (Path(folder) / "small.db").rename(out)


def release(engine: Engine, out: Path) -> Release:
    """A dated, checksummed copy of the facts in the folder ``out``: SQLite, Parquet, data package, SHA256SUMS.

    It is never replaced: what was cited stays as it was. The same database gives the same Parquet.

    Raises:
        UsageProblem: nothing is stored yet, or the snapshot of this day is there already.
        DatabaseProblem, OSError: the copy cannot be made; no half snapshot is left.
    """
    with reading(engine) as conn:
        day = report_day(conn)
    if day is None:
        raise UsageProblem("there is nothing to take a snapshot of: no run is on record", "rolecall ingest")
    folder = out / f"rolecall-{day}"
    if os.path.lexists(folder):
        raise UsageProblem(f"{folder} is there already and a snapshot is never replaced", "Give another --out DIR")
    out.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".rolecall-{day}.", suffix=".part", dir=out))
    try:
        files = _fill(engine, part, day)
        part.chmod(0o755)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Release(folder, day, files)


def verify(folder: Path) -> list[str]:
    """The files of a snapshot that are missing or not as they were, by its SHA256SUMS."""
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    told = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    return sorted(n for n, said in told.items() if not (folder / n).is_file() or _sha256(folder / n) != said)


def _fill(engine: Engine, folder: Path, day: dt.date) -> dict[str, str]:
    copy_for_readers(engine, folder / "rolecall.db")
    copy = open_database(f"sqlite:///{folder / 'rolecall.db'}", create=False, read_only=True)
    try:
        # from the copy, so that all files tell of the same moment
        rows = {what: export(copy, what, "parquet", folder / f"{what}.parquet") for what in ("jobs", "postings")}
        with reading(copy) as conn:
            sources = credits(conn)
    finally:
        copy.dispose()
    for journal in folder.glob("rolecall.db-*"):
        journal.unlink()
    _write_json(folder / "datapackage.json", _package(folder, day, rows, sources))
    (folder / "CITATION.cff").write_text(_citation(day), encoding="utf-8")
    files = {file.name: _sha256(file) for file in sorted(folder.iterdir())}
    sums = "".join(f"{digest}  {name}\n" for name, digest in files.items())
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    for file in folder.iterdir():
        file.chmod(0o444)
    return files


def _package(folder: Path, day: dt.date, rows: dict[str, int], sources: list[dict[str, str]]) -> dict[str, Any]:
    """datapackage.json by https://specs.frictionlessdata.io/data-package/ with the meaning of every column."""
    resources: list[dict[str, Any]] = []
    for what in ("jobs", "postings"):
        file = _resource(folder / f"{what}.parquet", what, "parquet")
        typed = {"profile": "tabular-data-resource", "schema": table_schema(what)}
        resources.append(file | {"rowcount": rows[what], **typed})
    resources.append(_resource(folder / "rolecall.db", "database", "sqlite"))
    return {
        "name": f"rolecall-{day}",
        "title": f"Remote jobs collected by Rolecall, as of {day}",
        "version": str(day),
        "created": f"{day}T00:00:00Z",
        "taxonomy_version": taxonomy_version(),
        "licenses": [LICENCE],
        "sources": sources,
        "resources": resources,
    }  # fmt: skip


def _resource(file: Path, name: str, format: str) -> dict[str, Any]:
    said = {"name": name, "path": file.name, "format": format, "bytes": file.stat().st_size}
    return said | {"hash": f"sha256:{_sha256(file)}"}


def _citation(day: dt.date) -> str:
    """CITATION.cff 1.2.0: how a paper names this snapshot."""
    return (
        "cff-version: 1.2.0\n"
        "message: Please name the snapshot's day and the SHA-256 of the file you used.\n"
        f'title: "Rolecall, remote jobs as of {day}"\n'
        "type: dataset\n"
        f"version: {day}\n"
        f"date-released: {day}\n"
        "authors:\n"
        "  - name: Rolecall\n"
    )


def _write_json(file: Path, said: Any) -> None:
    file.write_bytes(orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
