"""Files that people read: built beside the last good ones and switched by rename, only when the whole is right."""

from __future__ import annotations

import shutil
from pathlib import Path

from config.settings import settings
from flows.check import check_file
from flows.findings import Finding, finding
from flows.run import Run
from storage import read
from storage.engine import reading
from storage.export import export

FILES = (("postings", "parquet"), ("jobs", "parquet"), ("jobs", "csv"))
"""What ROLECALL_PUBLISH receives after each run."""


def publish(run: Run) -> None:
    """Write the files of ROLECALL_PUBLISH anew; where a gate has failed, the last good ones stay and it is said."""
    folder = settings().publish
    if folder is None:
        return
    if run.report.gate_failed:
        run.report.findings.append(finding("publish_kept", folder=folder.name, because="the check of the whole failed"))
        return
    findings = switch(run, folder)
    run.report.findings += findings
    run.report.gate_failed = bool(findings)


def switch(run: Run, folder: Path) -> list[Finding]:
    """Build every file beside the folder, count its rows, then rename all of them; none where one is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(run, folder)
    beside = folder / f".{run.run_id}"
    beside.mkdir(exist_ok=True)
    try:
        findings: list[Finding] = []
        with reading(run.engine) as conn:
            counts = read.counts(conn)
        for what, format in FILES:
            file = beside / f"{what}.{format}"
            findings += check_file(file.name, export(run.engine, what, format, file), counts[what])
        if not findings:
            for file in sorted(beside.iterdir()):
                file.replace(folder / file.name)
        return findings
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _sweep(run: Run, folder: Path) -> None:
    """Remove what runs that were killed left half built beside the files."""
    with reading(run.engine) as conn:
        for left in folder.glob(".*"):
            row = read.run(conn, left.name.removeprefix("."))
            if row and row["state"] is not None and left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
