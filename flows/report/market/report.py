"""One page and the data beside it, from one view of the database.

``DIR/index.html`` holds everything it shows. The SQL and the CSV of each figure stand in a folder named after their
content, written before the page that links to it: whoever reads meanwhile sees the old report or the new one, whole.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from flows.report.market.ask import Answer, ask, record, report_day
from flows.report.market.figures import FIGURES, Figure, Told
from flows.report.market.ink import draw
from flows.report.market.label import printable
from flows.report.market.page import Drawn, Page, render
from flows.report.market.plots import NARROW, WIDE
from storage.cells import safe_cell
from storage.engine import reading
from storage.files import written

BESIDE = ("headline", "sources")
"""Questions of the page that are told in words and tables, without a plot."""


class Made(NamedTuple):
    """What was written: the page, the day its data stand at, its figures, and why some of them are empty."""

    page: Path
    day: dt.date
    drawn: int
    empty: dict[str, str]


def write_report(engine: Engine, out: Path, *, today: dt.date) -> Made:
    """Write the market report into the folder ``out``, which is made. ``today`` dates a report on no data at all.

    Raises DatabaseProblem where the database fails, OSError where the folder cannot be written.
    """
    with reading(engine) as conn:
        day = report_day(conn) or today
        made_of = record(conn)
        answers = {name: ask(conn, name, day) for name in (*BESIDE, *(figure.name for figure in FIGURES))}
    out.mkdir(parents=True, exist_ok=True)
    folder = _write_data(out, answers)
    drawn = [_drawn(figure, answers[figure.name], day) for figure in FIGURES]
    page = Page(
        day=day,
        record=made_of,
        headline=answers["headline"].rows,
        sources=answers["sources"].rows,
        claims=answers["claim_check"].rows,
        drawn=drawn,
        folder=folder,
    )
    with written(out / "index.html") as file:
        file.write(render(page).encode())
    for old in out.glob("figures-*"):
        if old.name != folder and old.is_dir():
            shutil.rmtree(old)
    empty = {one.figure.name: one.told.empty for one in drawn if one.told.empty}
    return Made(out / "index.html", day, len(drawn) - len(empty), empty)


def _drawn(figure: Figure, answer: Answer, day: dt.date) -> Drawn:
    told = _finished(figure.tell(answer.rows, day), day)
    if told.empty:
        return Drawn(figure, told, answer, ())
    label = f"{figure.title}. {told.says}"
    plots = tuple(
        draw(figure.draw(answer.rows, frame), key=f"{figure.name}-{size}", label=label)
        for size, frame in (("wide", WIDE), ("narrow", NARROW))
    )
    return Drawn(figure, told, answer, plots)


def _finished(told: Told, day: dt.date) -> Told:
    """The sentence fit for a page, whatever name stands in it; dated by the report where it has no dates of its own."""
    return Told(printable(told.says), told.n, told.dates or f"as of {day}", told.empty)


def _write_data(out: Path, answers: Mapping[str, Answer]) -> str:
    """The SQL and CSV files in a folder named after what they hold; its name."""
    files = {f"{name}.sql": answer.sql.encode() + b"\n" for name, answer in answers.items()}
    files |= {f"{name}.csv": _csv(answer.columns, answer.rows) for name, answer in answers.items()}
    digest = hashlib.blake2b(digest_size=6)
    for name, held in sorted(files.items()):
        digest.update(name.encode() + b"\0" + held + b"\0")
    folder = f"figures-{digest.hexdigest()}"
    if (out / folder).is_dir():
        return folder
    part = Path(tempfile.mkdtemp(prefix=".figures-", suffix=".part", dir=out))
    try:
        part.chmod(0o755)
        for name, held in files.items():
            (part / name).write_bytes(held)
        part.rename(out / folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(row[name]) for name in columns])
    return file.getvalue().encode()
