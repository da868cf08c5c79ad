"""What stays of a run for whoever looks for the reason: its findings, and the logs of crawls that went wrong.

Findings are one JSON line each, always appended to ``log/findings.jsonl`` in the data folder, and written to stderr
where ``ROLECALL_LOG=json``. A line is pure ASCII: whatever a board put into a fact, it can neither begin a line of its
own nor steer a terminal. The logs of crawls are Scrapy's own (``log/crawl-RUN-SOURCES.log``).
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from config.settings import Settings, settings
from flows.report.run import BAD, Report

logger = logging.getLogger("rolecall")

MOST_BYTES = 8 * 2**20
"""Size at which the file is put aside as ``findings.1.jsonl``, so the two together stay below about twice this."""

MOST_LOG = 2**20
"""Bytes of one crawl's log that are kept, its end."""
MOST_LOGS = 30
"""Logs of crawls that are kept, the newest."""


def keep_crawl_logs(report: Report, folder: Path, said: Settings | None = None) -> None:
    """Keep the logs of the crawls whose sources ended badly or raised an error: the run's folder goes with the run.

    Never raises. Those of the demo are not kept.
    """
    if report.kind == "demo":
        return
    wrong = {board.source for board in report.boards if board.state in BAD}
    wrong |= {finding.source for finding in report.findings if finding.level == "error"}
    kept = (said or settings()).data / "log"
    try:
        for log in sorted(folder.glob("*/crawl.log")):
            sources = log.parent.name.partition(".")[0]
            if wrong.intersection(sources.split("+")):
                kept.mkdir(parents=True, exist_ok=True)
                (kept / f"crawl-{report.run_id}-{log.parent.name}.log").write_bytes(_end_of(log))
        for old in sorted(kept.glob("crawl-*.log"))[:-MOST_LOGS]:
            old.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("the log of a crawl could not be kept: %s", type(error).__name__)


def _end_of(log: Path) -> bytes:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - MOST_LOG))
        return file.read(MOST_LOG)


def write_findings(report: Report, said: Settings | None = None) -> None:
    """Write the findings of one run. Never raises: a full disk costs the log, not the run. The demo's go nowhere.

    Args:
        report: the run, at its end.
        said: the settings; by default those of the process.
    """
    said = said or settings()
    text = "".join(f"{line}\n" for line in lines(report))
    if report.kind == "demo" or not text:
        return
    if said.log == "json":
        with suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
    try:
        _append(said.data / "log" / "findings.jsonl", text.encode("ascii"))
    except OSError as error:
        logger.warning("the findings could not be written to the log: %s", type(error).__name__)


def lines(report: Report) -> Iterator[str]:
    """Each finding as one JSON object: at, run, kind (of the run), level, code, source, board, text, facts."""
    at = report.finished_at or report.started_at
    for finding in report.findings:
        row = {"at": at.isoformat(), "run": report.run_id, "kind": report.kind, **finding.as_row()}
        # JSON leaves DEL as it is
        yield json.dumps(row, default=str).replace("\x7f", "\\u007f")


def _append(path: Path, data: bytes) -> None:
    """One write at the end of the file, so that runs side by side do not cut into each other's lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size + len(data) > MOST_BYTES:
        path.replace(path.with_name(f"{path.stem}.1{path.suffix}"))
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        while data:
            data = data[os.write(file, data) :]
    finally:
        os.close(file)
