"""Every export of a large store, beside pyarrow and DuckDB writing the same columns from memory.

Usage: python -m tests.bench.export --url sqlite:///FILE [--what jobs,postings] [--only parquet,csv,...] [--sample 200000]
       python -m tests.bench.export --jobs 20000       (makes a store of that size first, see tests.bench.stored)

Each export runs in a process of its own; processor time and memory are of that process and of the one beside that reads
a large SQLite file, the peaks of both added. The yardsticks write ``--sample`` rows that
lie in memory as Arrow, in the same run; ``ratio`` is their processor time a row over ours, so 1 is as fast as writing
alone, though ours also reads the database. Goal: 0.5 or more for Parquet and CSV, 1 GB at most.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from tests.bench.match import Watch, in_process

Row = dict[str, Any]


def exported(url: str, what: str, format: str, folder: str) -> Row:
    """One export, in this process."""
    import pyarrow as pa

    from storage.engine import open_database
    from storage.export import export

    engine = open_database(url, create=False, read_only=True)
    out = Path(folder) / f"{what}.{format}"
    # pyarrow imports pandas at its first array where pandas is installed: half a second that is not of the export
    pa.array([""])
    watch = Watch()
    with watch:
        n = export(engine, what, format, out)
    engine.dispose()
    beside = resource.getrusage(resource.RUSAGE_CHILDREN)
    watch.cpu += beside.ru_utime + beside.ru_stime
    files = [out] if out.is_file() else list(out.iterdir())
    size = sum(file.stat().st_size for file in files) / 1e6
    return {
        "system": "rolecall",
        "what": what,
        "format": format,
        "rows": n,
        **_figures(watch, n),
        "mb": peak_mb() + beside.ru_maxrss / 1024,
        "file_mb": size,
    }


def from_memory(url: str, what: str, sample: int, folder: str) -> list[Row]:
    """The same columns of ``sample`` rows, from memory, by pyarrow and by DuckDB."""
    import duckdb
    import pyarrow as pa
    from pyarrow import csv, parquet

    from storage import arrow_files, columnar
    from storage.engine import open_database

    engine = open_database(url, create=False, read_only=True)
    held = list(islice(columnar.stored_columns(engine, what), sample // columnar.ROWS))
    typed = pa.Table.from_batches(arrow_files.record_batches(columnar.shape(what), held))
    flat = pa.Table.from_batches(map(pa.record_batch, held))
    del held
    engine.dispose()
    out = Path(folder) / "memory"
    duck = duckdb.connect()
    duck.register("typed", typed)
    duck.register("flat", flat)
    works: dict[tuple[str, str], Callable[[], Any]] = {
        ("pyarrow", "parquet"): lambda: parquet.write_table(typed, out, compression="zstd", row_group_size=5000),
        ("pyarrow", "csv"): lambda: csv.write_csv(flat, out),
        ("duckdb", "parquet"): lambda: duck.execute(f"COPY typed TO '{out}' (FORMAT parquet, COMPRESSION zstd)"),
        ("duckdb", "csv"): lambda: duck.execute(f"COPY flat TO '{out}' (FORMAT csv, HEADER)"),
    }
    made = []
    for (system, format), work in works.items():
        runs = []
        for _ in range(3):
            watch = Watch()
            with watch:
                work()
            runs.append(watch)
        middle = sorted(runs, key=lambda one: one.cpu)[1]
        n = typed.num_rows
        made.append({"system": system, "what": what, "format": format, "rows": n, **_figures(middle, n)})
    return made


def figures(
    url: str, *, whats: tuple[str, ...] = ("jobs", "postings"), only: tuple[str, ...] = (), sample: int = 200_000
) -> Iterator[Row]:
    """All figures as rows, each as soon as it is known; those of Rolecall with their ratio to each yardstick."""
    from storage.export import formats

    for what in whats:
        with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
            beside = {}
            if not only or {"parquet", "csv"} & set(only):
                for row in in_process(from_memory, url, what, sample, folder):
                    beside[row["system"], row["format"]] = row["cpu"] / max(row["rows"], 1)
                    yield row
            for format in formats():
                if only and format not in only:
                    continue
                row = in_process(exported, url, what, format, folder)
                for name in ("pyarrow", "duckdb"):
                    if (name, format) in beside and row["rows"]:
                        row[f"ratio_{name}"] = beside[name, format] * row["rows"] / row["cpu"]
                yield row
                for file in Path(folder).glob(f"{what}.*"):
                    if file.is_file():
                        file.unlink()


def peak_mb() -> float:
    """The peak of this process's memory, MB; unlike ru_maxrss not that of the process it was started from."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return float(said.partition("VmHWM:")[2].split()[0]) / 1024


def _figures(watch: Watch, rows: int) -> Row:
    return {"seconds": watch.seconds, "cpu": watch.cpu, "rate": rows / watch.cpu if watch.cpu else 0.0}


def machine() -> Row:
    """What the figures were taken on."""
    import duckdb
    import pyarrow

    said = {"python": platform.python_version(), "pyarrow": pyarrow.__version__, "duckdb": duckdb.__version__}
    return said | {"machine": platform.machine(), "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime())}


def main() -> None:
    """The command line: a table on stderr, JSON on stdout."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--url", default="")
    asked.add_argument("--jobs", type=int, default=20_000)
    asked.add_argument("--what", default="jobs,postings")
    asked.add_argument("--only", default="")
    asked.add_argument("--sample", type=int, default=200_000)
    args = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
        url = args.url or made(folder, args.jobs)
        only = tuple(filter(None, args.only.split(",")))
        rows = []
        for row in figures(url, whats=tuple(args.what.split(",")), only=only, sample=args.sample):
            rows.append(row)
            print(
                "  ".join(f"{k} {v:.2f}" if isinstance(v, float) else str(v) for k, v in row.items()), file=sys.stderr
            )
    print(json.dumps({"export": rows, "on": machine()}, indent=1))


def made(folder: str, jobs: int) -> str:
    from storage.engine import open_database
    from tests.bench.stored import fill

    url = f"sqlite:///{folder}/stored.db"
    engine = open_database(url)
    fill(engine, jobs)
    engine.dispose()
    return url


if __name__ == "__main__":
    main()
