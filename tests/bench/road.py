"""The whole road: landing files to a published database, and a day's lines on what is stored.

Usage: python -m tests.bench.road [--scale 100000] [--day 10000] [--url postgresql://...] [--keep FOLDER]

The lines are those of the generated market (about 3 kB of text, as HTML), written to files before the clock starts.
Then ``rolecall ingest --from`` without Prefect reads them into an empty database (SQLite unless told otherwise), matches
and publishes, in a process of its own with its workers. A day's lines are drawn from the first ads of the market
whatever the scale, half of them new, four in ten read again as they were, one in ten changed: so they meet the same
stored ads however many others are stored. It publishes no files: those hold the whole store and cost what it holds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import html
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import orjson

from tests.bench.row import Finished, Row, run
from tests.generate import Made, market

T = TypeVar("T")

DAY = 10_000
SEGMENT = 50_000
"""Lines of one landing file."""
LATER = "2026-11-21T06:00:00+00:00"


def line(ad: Made, fetched_at: str = "2026-11-20T06:00:00+00:00") -> bytes:
    """A landing line as a spider leaves it: the site's own words, the text as HTML."""
    said: dict[str, Any] = {
        "source": ad.source,
        "board": ad.board,
        "external_id": ad.external_id,
        "url": ad.url,
        "apply_url": ad.apply_url,
        "fetched_at": fetched_at,
        "title": ad.title_raw,
        "company": ad.company,
        "location": ad.location_raw,
        "remote": ad.remote_mode,
        "posted": ad.posted_at.isoformat(),
        "employment_type": "Full-time",
        "description": as_html(ad.description_text),
    }
    if ad.salary_min:
        said |= {"salary_min": ad.salary_min, "salary_max": ad.salary_max, "salary_currency": ad.salary_currency}
        said["salary_period"] = ad.salary_period
    return orjson.dumps({name: value for name, value in said.items() if value}) + b"\n"


def as_html(text: str) -> str:
    """Lines as paragraphs, those that begin with a dash as a list."""
    parts: list[str] = []
    inside = False
    for one in text.split("\n"):
        item = one.startswith("- ")
        if item != inside:
            parts.append("<ul>" if item else "</ul>")
            inside = item
        parts.append(f"<li>{html.escape(one[2:])}</li>" if item else f"<p>{html.escape(one)}</p>")
    return "".join(parts) + ("</ul>" if inside else "")


def stored_lines(scale: int, day: int = DAY) -> Iterator[bytes]:
    """The lines that are stored before the day: ``scale`` of them, without those held back as the day's new ones."""
    left = scale
    for number, ad in enumerate(market(scale + day // 2)):
        if left and not _is_new(number, day):
            left -= 1
            yield line(ad)


def day_lines(day: int = DAY) -> Iterator[bytes]:
    """The day's lines: half new, four in ten as stored, one in ten with another title."""
    for number, ad in enumerate(market(10 * day)):
        if _is_new(number, day) or number % 25 == 1:
            yield line(ad, LATER)
        elif number % 100 == 2:
            ad.title_raw += " (remote)"
            yield line(ad, LATER)


def _is_new(number: int, day: int) -> bool:
    return number % 20 == 0 and number < 10 * day


def write(lines: Iterable[bytes], folder: Path, name: str) -> list[Path]:
    """Files of at most SEGMENT lines."""
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    file: Any = None
    for number, one in enumerate(lines):
        if number % SEGMENT == 0:
            if file:
                file.close()
            files.append(folder / f"{name}~{number // SEGMENT:04}.jsonl")
            file = files[-1].open("wb")
        file.write(one)
    if file:
        file.close()
    return files


def travel(
    files: list[Path], folder: Path, url: str, *, publish: bool, day: int = 0
) -> tuple[Finished, dict[str, float]]:
    """One run of the main job over these files in a process of its own, so many days from now; also the seconds of each
    stage.
    """
    env = os.environ | {
        "ROLECALL_DATA": str(folder / "data"),
        "ROLECALL_DATABASE": url or f"sqlite:///{folder / 'road.db'}",
    }
    env.pop("ROLECALL_PUBLISH", None)
    if publish:
        env["ROLECALL_PUBLISH"] = str(folder / "published")
    done = run(["-m", "tests.bench.road", "--in", str(day), "--run", *map(str, files)], env=env)
    return done, json.loads(done.stdout)


def run_here(files: list[Path], day: int = 0) -> dict[str, float]:
    """The main job in this process, so many days from now, by stage: seconds of the clock, and of this process's processor
    in ``cpu.STAGE``.
    """
    from flows.ingest import ingest
    from flows.order import Order
    from flows.run import utc_now

    taken: dict[str, float] = {}

    def stage(work: Callable[..., T], /, *args: object, about: str = "") -> T:
        begun, cpu = time.perf_counter(), time.process_time()
        try:
            return work(*args)
        finally:
            name = work.__name__
            taken[name] = taken.get(name, 0.0) + time.perf_counter() - begun
            taken[f"cpu.{name}"] = taken.get(f"cpu.{name}", 0.0) + time.process_time() - cpu
            sys.stderr.write(f"{name} {time.perf_counter() - begun:.1f} s\n")

    report = ingest(Order(files=tuple(files)), stage=stage, clock=lambda: utc_now() + dt.timedelta(days=day))
    taken["postings"] = report.totals["postings"]
    taken["jobs"] = report.totals["jobs"]
    return taken


def rows(
    scales: Iterable[int], day: int = DAY, folder: Path | None = None, url: str = "", *, publish: bool = True
) -> Iterator[Row]:
    """The whole road at each scale, with the published files or without, and then the day on what it stored."""
    days: dict[int, float] = {}
    with TemporaryDirectory(prefix="rolecall-bench-") as beside:
        for scale in scales:
            place = (folder or Path(beside)) / str(scale)
            files = write(stored_lines(scale, day), place / "landed", "road")
            done, stages = travel(files, place, url, publish=publish)
            for file in files:
                file.unlink()
            most = 1200 * scale / 1_000_000
            yield Row(
                f"whole road, {scale:,} landing lines to {'published files' if publish else 'a database'}",
                done.seconds,
                done.cpu,
                done.peak_mb,
                scale / done.cpu,
                goal="1,000,000 in 20 min and 2 GB",
                met=done.seconds <= most and done.peak_mb <= 2048,
            )
            yield from _stages(stages)
            files = write(day_lines(day), place / "landed", "day")
            os.sync()  # by then the disk has long written what was stored
            # on the same day all that is stored would be counted among the ads of that day
            done, stages = travel(files, place, url, publish=False, day=1)
            days[scale] = done.cpu
            least = min(days)
            yield Row(
                f"the {day:,} of a day on {scale:,} stored, no files published",
                done.seconds,
                done.cpu,
                done.peak_mb,
                day / done.cpu,
                yardstick=f"its time on {least:,}" if least < scale else "",
                ratio=done.cpu / days[least] if least < scale else None,
                goal="<= 1.3 of the same on 100,000",
                met=done.cpu <= 1.3 * days[least] if least < scale else None,
            )
            yield from _stages(stages)


def _stages(taken: dict[str, float]) -> Iterator[Row]:
    """Each stage that took more than a hundredth of a second; ``cpu`` is that of the main process alone."""
    for name, cpu in taken.items():
        if name.startswith("cpu.") and cpu > 0.01:
            stage = name.removeprefix("cpu.")
            yield Row(f"  of that: {stage}, main process", taken[stage], cpu)


def main() -> None:
    """The command line: JSON lines on stdout, the stages on stderr."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--scale", default="100000")
    asked.add_argument("--day", type=int, default=DAY)
    asked.add_argument("--url", default="", help="a database instead of SQLite; emptied by nobody")
    asked.add_argument("--keep", type=Path, help="where the files and databases stay")
    asked.add_argument("--unpublished", action="store_true", help="without the published files")
    asked.add_argument("--in", dest="day_from_now", type=int, default=0, help=argparse.SUPPRESS)
    asked.add_argument("--run", nargs="+", type=Path, help=argparse.SUPPRESS)
    args = asked.parse_args()
    if args.run:
        print(json.dumps(run_here(args.run, args.day_from_now)))
        return
    for row in rows(map(int, args.scale.split(",")), args.day, args.keep, args.url, publish=not args.unpublished):
        print(row)


if __name__ == "__main__":
    main()
