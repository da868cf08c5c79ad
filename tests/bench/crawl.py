"""What does Rolecall's crawl cost beside a bare Scrapy spider?

Usage: python -m tests.bench.crawl [--short 20] [--long 120] [--ads 70] [--rounds 3]

Both fetch the same pages of one board from the same loopback server, one after the other, with the same settings. The
bare spider parses each page with ``response.json()`` and yields its records to Scrapy's own JSON-lines export;
Rolecall's reads RawPostings, keeps the books of the board and lands segments. Each run is a process of its own; the
figure is ads a second of the processor between a short crawl and a long one, so that starting and stopping count for
neither, nor what else the machine does: a crawl without politeness keeps one core busy.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from spiders.replay import Exchange, Recording, ReplayServer, recordings
from tests.bench.row import Row, run

LIST = "https://api.lever.co/v0/postings/acme?mode=json&limit=100"


def board(folder: Path, pages: int, ads: int) -> Recording:
    """A board of ``pages`` full pages of ``ads`` ads each, with the texts of the recorded ones, and an empty one."""
    answers = [e.answer() for e in recordings()["lever"].exchanges]
    sample = [ad for answer in answers for ad in json.loads(answer)]
    exchanges = []
    for page in range(pages + 1):
        rows = [{**sample[n % len(sample)], "id": f"{page}-{n}"} for n in range(ads if page < pages else 0)]
        file = folder / f"{page}.json"
        file.write_text(json.dumps(rows), encoding="utf-8")
        exchanges.append(Exchange(LIST if page == 0 else f"{LIST}&skip={page * ads}", file))
    return Recording("lever", ("acme",), tuple(exchanges), folder)


def run_bare(order: dict[str, Any]) -> None:
    """The bare spider, in this process."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    from spiders.bases.board import replay_settings

    class Bare(Spider):
        name = "bare"
        listed = 0

        async def start(self) -> AsyncIterator[Any]:
            yield Request(LIST)

        def parse(self, response: Any) -> Iterator[Any]:
            records = response.json()
            for record in records:
                yield {
                    "external_id": record["id"],
                    "url": record["hostedUrl"],
                    "title": record["text"],
                    "location": record["categories"]["location"],
                    "remote": record["workplaceType"],
                    "description": record["description"],
                    "posted": record["createdAt"],
                    "payload": record,
                }
            self.listed += len(records)
            if records:
                yield Request(f"{LIST}&skip={self.listed}")

    settings = get_project_settings()
    settings.setdict({**order["settings"], **replay_settings(order["settings"]["ROLECALL_REPLAY"])}, priority="cmdline")
    settings.set("FEEDS", {f"{order['spool']}/out.jsonl": {"format": "jsonlines"}}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(Bare)
    process.start()


def seconds(system: str, recorded: Recording, ads: int) -> float:
    """Processor time of one crawl in a process of its own. Raises AssertionError where ads were lost."""
    with TemporaryDirectory() as folder, ReplayServer({"lever": recorded}) as address:
        order = {
            "spool": folder,
            "sources": [{"source": "lever", "boards": ["acme"]}],
            "settings": {"ROLECALL_REPLAY": address, "LOG_LEVEL": "WARNING"},
        }
        path = Path(folder) / "order.json"
        path.write_text(json.dumps(order), encoding="utf-8")
        module = ["spiders.crawl", str(path)] if system == "rolecall" else ["tests.bench.crawl", "--bare", str(path)]
        taken = run(["-m", *module], watched=False).cpu
        lines = sum(f.read_bytes().count(b"\n") for f in Path(folder).glob("*.jsonl") if f.name != "outcomes.jsonl")
        assert lines == ads, f"{system}: {lines} of {ads} ads"
    return taken


def figures(short: int, long: int, ads: int, rounds: int) -> dict[str, Any]:
    """Ads a second of each, their ratio, and the seconds of every run."""
    taken: dict[str, dict[str, list[float]]] = {s: {"short": [], "long": []} for s in ("rolecall", "bare")}
    with TemporaryDirectory() as folder:
        recorded = {}
        for size, pages in (("short", short), ("long", long)):
            (inside := Path(folder) / size).mkdir()
            recorded[size] = board(inside, pages, ads)
        for _ in range(rounds):
            for system, times in taken.items():
                for size, pages in (("short", short), ("long", long)):
                    times[size].append(seconds(system, recorded[size], pages * ads))
    between = (long - short) * ads
    rate = {s: between / (median(t["long"]) - median(t["short"])) for s, t in taken.items()}
    return {
        "ads": long * ads,
        "ads_per_second": {s: round(r) for s, r in rate.items()},
        "ratio": round(rate["rolecall"] / rate["bare"], 2),
        "seconds": {s: {size: [round(x, 2) for x in xs] for size, xs in t.items()} for s, t in taken.items()},
    }


def rows() -> Iterator[Row]:
    """Two hundred JSON pages of 70 ads beside the bare spider."""
    found = figures(20, 200, 70, 3)
    yield Row(
        "crawl 200 JSON pages of 70 ads, landing included",
        cpu=median(found["seconds"]["rolecall"]["long"]),
        rate=found["ads_per_second"]["rolecall"],
        yardstick="bare Scrapy spider, feed export",
        ratio=found["ratio"],
        goal=">= 0.8",
        met=found["ratio"] >= 0.8,
    )


def main(arguments: list[str]) -> int:
    """Prints one JSON object: ads a second of each, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", type=int, default=20, help="pages of the short crawl")
    parser.add_argument("--long", type=int, default=120, help="pages of the long crawl")
    parser.add_argument("--ads", type=int, default=70, help="ads a page")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    said = parser.parse_args(arguments)
    if said.bare:
        run_bare(json.loads(said.bare.read_text(encoding="utf-8")))
        return 0
    sys.stdout.write(json.dumps(figures(said.short, said.long, said.ads, said.rounds), indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
