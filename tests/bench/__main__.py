"""All benchmarks as one suite: a table on stdout, JSON where asked.

Usage: uv run --group bench python -m tests.bench [NAME ...] [--scale 100000,1000000] [--json FILE]
       uv run python -m tests.bench --small       (ratios only, within a minute: what .ci/run asks)

Names: read, believe, match, systems, storage, crawl, road, export, queries, cli; all of them without a name. Figures are
medians; ``ratio`` is that to a yardstick measured in the same run. ``--small`` holds every ratio against a bound that a
stretch passes easily and fails where it has become three times slower; it looks at processor time alone, pair by pair
in one process, so that what else the machine does matters little. Exit code 4 where a bound is not kept.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench.row import Row, machine, paired

SMALL = {
    "read an HTML list of 40 jobs": 0.17,
    "read the HTML page of an ad": 0.22,
    "read a JSON page of 70 ads into RawPostings": 0.038,
    "clean and classify 3 kB of HTML": 0.036,
    "of that: clean": 0.055,
    "of that: classify": 0.12,
    "sign and match 1,500 ads": 0.28,
    "store 1,500 new, sqlite": 0.26,
    "store 1,500 unchanged, sqlite": 0.8,
    "store 1,500 10 % changed, sqlite": 0.6,
    "rolecall --help": 0.05,
}
"""The least ratio of each stretch: two fifths of what it has, so that a third of it is noticed."""


def read(scales: Sequence[int], small: bool) -> Iterator[Row]:
    from tests.bench import html

    return html.rows(small)


def believe(scales: Sequence[int], small: bool) -> Iterator[Row]:
    from tests.bench import believe

    return believe.rows(small)


def match(scales: Sequence[int], small: bool) -> Iterator[Row]:
    """Signing and partition, from cleaned ads to jobs; the whole set in one process."""
    from flows.match import Ad, clusters, signature
    from tests.bench.match import in_process, incremental, measure
    from tests.generate import Made, market

    if small:
        word = re.compile(r"\w+")

        def ours(ads: list[Made]) -> None:
            for one in ads:
                one.signature = signature(one)
            list(clusters(map(Ad.of, ads)))

        def words(ads: list[Made]) -> None:
            for one in ads:
                sorted(set(map(hash, word.findall(one.description_text.lower()))))

        sets = (list(market(1500, seed)) for seed in range(2, 100))
        cpu, _, ratio = paired(ours, words, 3, sets)
        yield Row("sign and match 1,500 ads", cpu=cpu, rate=1500 / cpu, yardstick="hash every word once", ratio=ratio)
        yield _day_matched(in_process(incremental, 100, 2_000, 1))
        return
    before: tuple[int, float] | None = None
    for scale in scales:
        found = in_process(measure, "rolecall", scale, 1)
        most, held = (30, 1024) if scale <= 200_000 else (150, 2048)
        grown = found.cpu / before[1] if before and scale == 10 * before[0] else None
        yield Row(
            f"sign and match {scale:,} ads (precision {found.precision:.3f}, recall {found.recall:.3f})",
            found.seconds,
            found.cpu,
            found.mb,
            scale / found.cpu,
            yardstick="" if grown is None else "time of a tenth",
            ratio=grown,
            goal="200 k in 30 s, 1 GB; 1 M in 150 s, 2 GB; x10 costs <= x12",
            met=found.cpu <= most and found.mb <= held and (grown or 0) <= 12,
        )
        before = scale, found.cpu
    for scale in scales:
        yield _day_matched(in_process(incremental, 10_000, scale, 1))


def _day_matched(day: Mapping[str, float]) -> Row:
    said = f"match {day['new']:,.0f} new ads with {day['stored']:,.0f} stored"
    return Row(said, day["seconds"], day["cpu"], rate=day["new"] / day["cpu"])


def systems(scales: Sequence[int], small: bool) -> Iterator[Row]:
    """The usual ways of matching beside ours, on 20,000 ads: ``ratio`` is their processor time over ours."""
    from tests.bench.match import SYSTEMS, in_process, measure

    ours = 0.0
    for system in SYSTEMS:
        found = in_process(measure, system, 20_000, 1)
        ours = ours or found.cpu
        said = f"match 20,000 ads: {system} (precision {found.precision:.3f}, recall {found.recall:.3f})"
        yield Row(said, found.seconds, found.cpu, found.mb, 20_000 / found.cpu, "rolecall", found.cpu / ours)


def storage(scales: Sequence[int], small: bool) -> Iterator[Row]:
    from tests.bench import storage

    return storage.rows(small)


def crawl(scales: Sequence[int], small: bool) -> Iterator[Row]:
    from tests.bench import crawl

    return crawl.rows()


def road(scales: Sequence[int], small: bool) -> Iterator[Row]:
    from tests.bench import road

    return road.rows(scales)


def export(scales: Sequence[int], small: bool) -> Iterator[Row]:
    """Parquet and CSV of a store of so many jobs."""
    from tests.bench.export import figures, made

    for scale in scales:
        with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
            for one in figures(made(folder, scale), only=("parquet", "csv")):
                if one["system"] != "rolecall":
                    continue
                ratios = {name: one[f"ratio_{name}"] for name in ("pyarrow", "duckdb") if f"ratio_{name}" in one}
                best = min(ratios, key=lambda name: ratios[name], default="")
                yield Row(
                    f"export {one['rows']:,} {one['what']} as {one['format']}",
                    one["seconds"],
                    one["cpu"],
                    one["mb"],
                    one["rate"],
                    f"{best} from memory",
                    ratios.get(best),
                    ">= 0.5 and <= 1 GB",
                    ratios.get(best, 0) >= 0.5 and one["mb"] <= 1024,
                )


def queries(scales: Sequence[int], small: bool) -> Iterator[Row]:
    """Each question of the guide and the plain use of each view."""
    from tests.bench.export import made
    from tests.bench.queries import figures

    for scale in scales:
        with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
            for one in figures(made(folder, scale)):
                work = f"{one['question']} ({scale:,} jobs, {one['engine']})"
                yield Row(work, one["seconds"], one["cpu"], goal="<= 1 s", met=one["ok"])


def cli(scales: Sequence[int], small: bool) -> Iterator[Row]:
    from tests.bench import cli

    return cli.rows(small)


ENTRIES: dict[str, Callable[[Sequence[int], bool], Iterator[Row]]] = {
    one.__name__: one for one in (read, believe, match, systems, storage, crawl, road, export, queries, cli)
}
IN_SMALL = ("read", "believe", "match", "storage", "cli")


def too_slow(rows: Sequence[Row]) -> list[str]:
    """The stretches whose ratio is below their bound, and those that have no ratio any more, one line each."""
    ratios = {row.work: row.ratio for row in rows}
    return [
        f"{work}: ratio {ratios.get(work)}, at least {least} expected"
        for work, least in SMALL.items()
        if (ratio := ratios.get(work)) is None or ratio < least
    ]


def show(row: Row) -> None:
    """One line of the table."""
    figures = ((row.seconds, "9.3f"), (row.cpu, "9.4f"), (row.peak_mb, "7.0f"), (row.rate, "11,.0f"))
    columns = "  ".join(_column(value, form) for value, form in figures)
    ratio = f"{row.ratio:6.3f} of {row.yardstick}" if row.ratio is not None else ""
    met = {True: "met", False: "NOT met", None: ""}[row.met]
    print(f"{row.work:62} {columns}  {ratio}  {f'[{row.goal}: {met}]' if row.goal else ''}", flush=True)


def _column(value: float | None, form: str) -> str:
    return " " * int(re.match(r"\d+", form)[0]) if value is None else format(value, form)  # type: ignore[index]


def main() -> int:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ENTRIES)}")
    asked.add_argument("--scale", default="20000", help="sizes of match, road, export and queries, by commas")
    asked.add_argument("--small", action="store_true", help="ratios only, held against bounds")
    asked.add_argument("--json", type=Path, metavar="FILE", help="the figures with machine and versions")
    args = asked.parse_args()
    if unknown := set(args.names) - ENTRIES.keys():
        asked.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    names = args.names or (IN_SMALL if args.small else ENTRIES)
    on, rows = machine(), []
    print(" ".join(f"{name} {said}" for name, said in on.items()))
    print(f"{'work':62} {'seconds':>9}  {'cpu':>9}  {'peak MB':>7}  {'a cpu-s':>11}  ratio to a yardstick")
    begun = time.perf_counter()
    for name in names:
        for row in ENTRIES[name]([int(n) for n in args.scale.split(",")], args.small):
            rows.append(row)
            show(row)
    print(f"{time.perf_counter() - begun:.0f} s")
    if args.json:
        args.json.write_text(json.dumps({"on": on, "rows": [asdict(row) for row in rows]}, indent=1) + "\n")
    slow = too_slow(rows) if args.small and not args.names else []
    for one in slow:
        sys.stderr.write(f"too slow: {one}\n")
    return 4 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
