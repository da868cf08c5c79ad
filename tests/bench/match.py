"""How good and how fast is matching, beside the usual ways, on the same generated postings?

Usage: python -m tests.bench.match [--size 20000] [--seed 1] [--only rolecall,title,...] [--splink-size 20000]
       python -m tests.bench.match --scale 200000,1000000
       python -m tests.bench.match --incremental 10000 --stored 100000,1000000

Each system runs in a process of its own over the same market, which it makes as a stream; seconds are those spent in
the system, not in making the market; memory is the peak of the process, the market's own share printed beside.
Precision and recall are over pairs of ads, against the openings they were made for.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import multiprocessing
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Engine

from storage import store
from storage.engine import writing
from storage.rows import batches, execute_many, full_row
from storage.tables import MatchKey, PostingRow, Sighting, table_of
from tests.generate import Made, market

if TYPE_CHECKING:
    from flows.match import Ad

Homes = Iterable[tuple[str, object]]
"""(posting key of an ad, the job the system says it belongs to)."""


class Figures(NamedTuple):
    """What one system did."""

    system: str
    ads: int
    seconds: float
    cpu: float
    mb: float
    precision: float
    recall: float
    note: str = ""


class Watch:
    """Adds up the seconds spent inside of it: by the clock, and by the processor, which other work does not touch."""

    def __init__(self) -> None:
        self.seconds = self.cpu = 0.0

    def __enter__(self) -> None:
        self.begin = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self.begin[0]
        self.cpu += time.process_time() - self.begin[1]


def rolecall(ads: Iterator[Made], watch: Watch, notes: list[str]) -> Homes:
    """Signature, slim ad and partition: everything from the cleaned posting to the job."""
    from flows.match import Ad, clusters, signature

    slim = []
    signing = Watch()
    for made in ads:
        with watch, signing:
            made.signature = signature(made)
            slim.append(Ad.of(made))
    notes.append(f"signing {signing.cpu:.1f} s of cpu")
    with watch:
        return [(link.posting_key, job.job_id) for job in clusters(slim) for link in job.links]


def company_and_title(ads: Iterator[Made], watch: Watch, _: list[str]) -> Homes:
    """The rule of thumb: the same company and the same printed title."""
    homes = []
    for made in ads:
        with watch:
            homes.append((made.posting_key, (made.company_key, " ".join(made.title.lower().split()))))
    return homes


def company_title_place(ads: Iterator[Made], watch: Watch, _: list[str]) -> Homes:
    """The same with the printed place."""
    homes = []
    for made in ads:
        with watch:
            homes.append(
                (made.posting_key, (made.company_key, " ".join(made.title.lower().split()), made.location_raw.lower()))
            )
    return homes


_WORD = re.compile(r"\w+")


def _shingles(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    return [" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))]


def with_datasketch(ads: Iterator[Made], watch: Watch, _: list[str]) -> Homes:
    """MinHash of three-word shingles, 128 permutations, LSH at Jaccard 0.8, connected components."""
    from datasketch import MinHash, MinHashLSH

    with watch:
        index = MinHashLSH(threshold=0.8, num_perm=128)
    parent: list[int] = []
    names = []
    for number, made in enumerate(ads):
        with watch:
            found = MinHash(num_perm=128)
            found.update_batch([shingle.encode() for shingle in _shingles(made.description_text)])
            parent.append(number)
            names.append(made.posting_key)
            for other in index.query(found):
                _join(parent, number, other)
            index.insert(number, found)
    return [(name, _root(parent, number)) for number, name in enumerate(names)]


def with_rensa(ads: Iterator[Made], watch: Watch, _: list[str]) -> Homes:
    """The same with rensa's R-MinHash and LSH, 16 bands."""
    from rensa import RMinHash, RMinHashLSH

    with watch:
        index = RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    parent: list[int] = []
    names = []
    kept = []
    for number, made in enumerate(ads):
        with watch:
            found = RMinHash(num_perm=128, seed=42)
            found.update(_shingles(made.description_text))
            parent.append(number)
            names.append(made.posting_key)
            for other in index.query(found):
                if found.jaccard(kept[other]) >= 0.8:
                    _join(parent, number, other)
            index.insert(number, found)
            kept.append(found)
    return [(name, _root(parent, number)) for number, name in enumerate(names)]


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _join(parent: list[int], i: int, j: int) -> None:
    i, j = _root(parent, i), _root(parent, j)
    parent[max(i, j)] = min(i, j)


def with_splink(ads: Iterator[Made], watch: Watch, _: list[str]) -> Homes:
    """Splink on DuckDB: title, company, place, level and the text's beginning; trained by EM; clusters at 0.95."""
    import logging

    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.CRITICAL)
    frame = pd.DataFrame(
        {
            "unique_id": made.posting_key,
            "company": made.company_key or "",
            "title": made.title.lower(),
            "core": made.title_core,
            "level": made.level,
            "place": made.location_raw,
            "text": made.description_text[:200],
        }
        for made in ads
    )
    with watch:
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[
                cl.JaroWinklerAtThresholds("title", [0.95, 0.88]),
                cl.JaroWinklerAtThresholds("company", [0.95, 0.88]),
                cl.ExactMatch("place"),
                cl.ExactMatch("level"),
                cl.JaroWinklerAtThresholds("text", [0.9, 0.7]),
            ],
            blocking_rules_to_generate_predictions=[block_on("company", "core"), block_on("title", "place", "text")],
        )
        linker = Linker(DuckDBAPI().register(frame), settings, log_level=logging.CRITICAL)
        linker.training.estimate_probability_two_random_records_match(
            [block_on("company", "title", "place")], recall=0.6
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("company", "core"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("title", "place"))
        pairs = linker.inference.predict(threshold_match_probability=0.9)
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
        rows = found.as_pandas_dataframe()
    return list(zip(rows["unique_id"].tolist(), rows["cluster_id"].tolist(), strict=True))


SYSTEMS: dict[str, Callable[[Iterator[Made], Watch, list[str]], Homes]] = {
    "rolecall": rolecall,
    "title": company_and_title,
    "place": company_title_place,
    "datasketch": with_datasketch,
    "rensa": with_rensa,
    "splink": with_splink,
}


def measure(system: str, size: int, seed: int) -> Figures:
    """One system in this process."""
    truths: dict[str, int] = {}

    def ads() -> Iterator[Made]:
        for made in market(size, seed):
            truths[made.posting_key] = int(made.truth, 16)
            yield made

    watch = Watch()
    notes: list[str] = []
    homes = SYSTEMS[system](ads(), watch, notes)
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    precision, recall = pairs((home, truths[key]) for key, home in homes)
    return Figures(system, size, watch.seconds, watch.cpu, mb, precision, recall, "; ".join(notes))


def pairs(found: Iterable[tuple[object, object]]) -> tuple[float, float]:
    """Precision and recall over pairs, from (job said, job true) of every ad."""
    both, said, true = Counter(found), Counter[object](), Counter[object]()
    for (home, truth), count in both.items():
        said[home] += count
        true[truth] += count
    hits, joined, same = (sum(math.comb(n, 2) for n in counts.values()) for counts in (both, said, true))
    return hits / joined if joined else 0.0, hits / same if same else 0.0


def in_process(work: Callable[..., Any], *args: Any) -> Any:
    """Run in a fresh process, so that the peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, args)


def incremental(new: int, stored: int, seed: int) -> dict[str, float]:
    """Seconds to match ``new`` ads against ``stored`` ones: the flow's own step, on the project's own SQLite store,
    with all that it reads and writes.

    The new ones are always taken from the first ``10 * new`` ads of the market, one in ten, so they meet as many stored
    ads of their own employers however many others are stored.
    """
    from flows import rematch
    from storage.engine import open_database, reading

    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'stored.db'}")
        _fill(engine, new, stored, seed)
        spool = Path(folder) / "spool"
        run = SimpleNamespace(engine=engine, run_id=_RUNS[1], clock=lambda: _NOW, report=SimpleNamespace(), spool=spool)
        watch = Watch()
        with watch:
            done = rematch.rematch(run)  # type: ignore[arg-type]
        with reading(engine) as conn:
            links = conn.exec_driver_sql("select count(*) from match_link").scalar_one()
        engine.dispose()
    return {
        "new": new,
        "stored": stored,
        "jobs": done["changed"],
        "ads": links,
        "seconds": watch.seconds,
        "cpu": watch.cpu,
    }


_RUNS = ("20260901T000000.000", "20260902T000000.000")
_NOW = dt.datetime(2026, 9, 2, tzinfo=dt.UTC)


def _fill(engine: Engine, new: int, stored: int, seed: int) -> None:
    """Postings with their texts, keys and jobs, as a first run leaves them; the new ones wait to be matched.

    Written without validation, and the indexes last; jobs and links of what nobody touches are left out.
    """
    from flows.match import Ad, clusters, signature

    slim = []
    for made in market(stored + new, seed):
        made.signature = signature(made)
        slim.append(Ad.of(made))
    fresh = {ad.posting_key for ad in slim[: 10 * new : 10]}
    known = [ad for ad in slim if ad.posting_key not in fresh]
    homes = {link.posting_key: (job.job_id, job.family_id) for job in clusters(known) for link in job.links}
    posting = table_of(PostingRow)
    with writing(engine) as conn:
        conn.exec_driver_sql("pragma cache_size=-1000000")
        later = [index for index in posting.indexes if index.name != "ix_posting_posting_key"]
        for index in later:
            index.drop(conn)
        for batch in batches(zip(market(stored + new, seed), slim, strict=True), 100_000):
            _add(conn, batch, homes)
        for index in later:
            index.create(conn)
    with writing(engine) as conn:
        conn.exec_driver_sql("pragma cache_size=-65536")


def _add(conn: Connection, batch: Sequence[tuple[Made, Ad]], homes: Mapping[str, tuple[str, str]]) -> None:
    from flows.match import block_keys

    rows, sights, keys = [], [], []
    for made, ad in batch:
        job, family = homes.get(ad.posting_key, (None, None))
        run = _RUNS[0 if job else 1]
        said = {name: getattr(made, name) for name in made.__slots__ if name != "truth"}
        said |= {"signature": ad.stored, "job_id": job, "family_id": family, "to_match": job is None}
        said |= {
            "read_at": _NOW,
            "first_run": run,
            "last_run": run,
            "changed_run": run,
            "believed_hash": ad.posting_key,
        }
        rows.append(full_row(PostingRow, said))
        sights.append(full_row(Sighting, said))
        if job:
            keys += [{"key": key, "posting_key": ad.posting_key} for key in block_keys(ad)]
    store.ensure_boards(conn, {(row["source"], row["board"]) for row in rows}, _RUNS[0])
    execute_many(conn, table_of(PostingRow).insert(), rows)
    execute_many(conn, table_of(Sighting).insert(), sorted(sights, key=itemgetter("posting_key")))
    keys.sort(key=itemgetter("key"))
    execute_many(conn, table_of(MatchKey).insert(), keys)


def show(rows: Iterable[Mapping[str, object]]) -> None:
    """A table on stdout."""
    for n, row in enumerate(rows):
        if n == 0:
            print("  ".join(f"{name:>10}" for name in row))
        print("  ".join(f"{value:>10.3f}" if isinstance(value, float) else f"{value!s:>10}" for value in row.values()))


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--size", type=int, default=20_000)
    asked.add_argument("--splink-size", type=int, default=20_000, help="Splink is asked about so many at most")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default=",".join(SYSTEMS))
    asked.add_argument("--scale", default="", help="sizes at which Rolecall alone is measured")
    asked.add_argument("--incremental", type=int, default=0, help="so many new ads against those stored")
    asked.add_argument("--stored", default="100000,1000000")
    args = asked.parse_args()
    if args.incremental:
        show(in_process(incremental, args.incremental, int(n), args.seed) for n in args.stored.split(","))
        return
    if args.scale:
        show(in_process(measure, "rolecall", int(n), args.seed)._asdict() for n in args.scale.split(","))
        return
    sizes = {"splink": min(args.size, args.splink_size)}
    names = args.only.split(",")
    show(in_process(measure, name, sizes.get(name, args.size), args.seed)._asdict() for name in names)


if __name__ == "__main__":
    main()
