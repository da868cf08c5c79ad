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
import json
import math
import multiprocessing
import re
import resource
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.generate import Made, market

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

    watch, notes = Watch(), []
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
    """Seconds to match ``new`` ads against ``stored`` ones that lie in a database with their keys.

    The new ones are always taken from the first ``10 * new`` ads of the market, one in ten, so they meet as many stored
    ads of their own employers however many others are stored.
    """
    from flows.match import NO_VERDICTS, Ad, closure, rematch, signature

    with TemporaryDirectory() as folder:
        store = _Store(Path(folder) / "stored.db")
        batch: list[Ad] = []
        fresh: list[Ad] = []
        for number, made in enumerate(market(stored + new, seed)):
            made.signature = signature(made)
            ad = Ad.of(made)
            if len(fresh) < new and number % 10 == 0:
                fresh.append(ad)
                continue
            batch.append(ad)
            if len(batch) == 50_000:
                store.add(batch)
                batch = []
        store.add(batch)
        store.finish()
        watch = Watch()
        with watch:
            touched = closure(fresh, NO_VERDICTS, store.ads_of_keys, lambda _: [])
            changes = rematch(touched, {}, NO_VERDICTS)
        assert sum(len(job.links) for job in changes.jobs) == len(touched)
        return {
            "new": len(fresh),
            "stored": stored,
            "touched": len(touched),
            "seconds": watch.seconds,
            "cpu": watch.cpu,
        }


class _Store:
    """Ads and their keys in SQLite, as the project's own store has them."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path)
        self.db.executescript(
            "pragma journal_mode=off; pragma synchronous=off;"
            "create table ad(posting_key text primary key, ad blob) without rowid;"
            "create table match_key(key integer, posting_key text, primary key(key, posting_key)) without rowid;"
        )

    def add(self, ads: Iterable[Any]) -> None:
        import pickle

        from flows.match import block_keys

        ads = list(ads)
        self.db.executemany("insert into ad values(?, ?)", ((ad.posting_key, pickle.dumps(tuple(ad))) for ad in ads))
        self.db.executemany(
            "insert or ignore into match_key values(?, ?)",
            ((key, ad.posting_key) for ad in ads for key in block_keys(ad)),
        )

    def finish(self) -> None:
        self.db.commit()

    def ads_of_keys(self, keys: Iterable[int]) -> list[Any]:
        import pickle

        from flows.match import Ad

        found = self.db.execute(
            "select ad from ad where posting_key in (select distinct posting_key from match_key "
            "where key in (select value from json_each(?)))",
            (json.dumps(list(keys)),),
        )
        return [Ad(*pickle.loads(blob)) for (blob,) in found]


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
