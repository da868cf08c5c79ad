"""The one door for exports: which formats there are, what each writes, and that no file is left half written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine

from config.problems import UsageProblem
from storage import arrow_files, columnar, public, tabular
from storage.columnar import MODELS, columns, rows
from storage.files import written, written_folder

__all__ = ["ExportProblem", "columns", "export", "formats", "rows", "written"]

_FILES: dict[str, Callable[[Engine, str, IO[bytes]], int]] = {
    "jsonl": tabular.write_jsonl,
    "csv": partial(columnar.written, write=arrow_files.write_csv),
    "parquet": partial(columnar.written, write=arrow_files.write_parquet),
    "xlsx": tabular.write_xlsx,
    "jsonld": public.write_jsonld,
    "atom": public.write_atom,
}
_FOLDERS: dict[str, Callable[[Engine, str, Path], int]] = {"datapackage": tabular.write_package}
_BY_MONTH = partial(columnar.written, write=arrow_files.write_parquet_by_month)
_BINARY = ("parquet", "xlsx", "datapackage")


class ExportProblem(UsageProblem):
    """An export that cannot be made as asked; ``remedy`` says what to do."""


def formats() -> tuple[str, ...]:
    """The names of the formats."""
    return (*_FILES, *_FOLDERS)


def export(engine: Engine, what: str, format: str, out: Path | None = None, *, by_month: bool = False) -> int:
    """Write ``postings`` or ``jobs`` in a format to a file (``datapackage``: a folder), or to stdout where the format
    is text. ``by_month`` makes a folder of Parquet files, one a month of first_seen. Returns the number of entries.

    Raises ExportProblem for what cannot be made as asked, DatabaseProblem where the database fails, OSError where the
    place cannot be written; nothing is left half written.
    """
    _check(what, format, out, by_month)
    folder: Callable[[Engine, str, Path], int] | None
    folder = _BY_MONTH if by_month else _FOLDERS.get(format)
    if folder and out is not None:
        with written_folder(out) as place:
            return folder(engine, what, place)
    with written(out) as file:
        return _FILES[format](engine, what, file)


def _check(what: str, format: str, out: Path | None, by_month: bool) -> None:
    wrong: list[tuple[Any, str, str]] = [
        (what not in MODELS, f"there is no export of {what!r}", f"Ask for {' or '.join(MODELS)}"),
        (format not in formats(), f"there is no format {format!r}", f"Ask for one of {', '.join(formats())}"),
        (by_month and format != "parquet", f"{format} is not written by month", "Say --format parquet"),
        (out is None and format in _BINARY, f"{format} cannot be written to the terminal", "Say where to: --out PATH"),
        (out is not None and not out.parent.is_dir(), f"the folder of {out} does not exist", "Make it, or say another"),
        (
            out is not None and out.is_dir() and format != "datapackage" and not by_month,
            f"{out} is a folder",
            "Say the path of a file",
        ),
    ]
    for is_wrong, message, remedy in wrong:
        if is_wrong:
            raise ExportProblem(message, remedy)
