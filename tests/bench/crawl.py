"""What does Rolecall's crawl cost beside a bare Scrapy spider?

Usage: python -m tests.bench.crawl [--short 20] [--long 120] [--ads 70] [--rounds 3] [--html]

Both fetch the same pages of one board from the same loopback server, one after the other, with the same settings. The
bare spider parses each page with ``response.json()``, or takes the same fields by Scrapy's own selectors, and yields
its records to Scrapy's own JSON-lines export; Rolecall's reads RawPostings, keeps the books of the board and lands
segments. Each run is a process of its own; the figure is ads a second of the processor between a short crawl and a long
one, so that starting and stopping count for neither, nor what else the machine does: a crawl without politeness keeps
one core busy.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from spiders.replay import Exchange, Recording, ReplayServer, recordings
from tests.bench.html import PAGE, ROW, page_of_ad
from tests.bench.row import Row, run

Board = Callable[[Path, int, int], Recording]

JOBS = "https://www.python.org/jobs/"
HTML = {"Content-Type": "text/html; charset=utf-8"}
LIST = "https://api.lever.co/v0/postings/acme?mode=json&limit=100"


def json_board(folder: Path, pages: int, ads: int) -> Recording:
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


def html_board(folder: Path, pages: int, ads: int) -> Recording:
    """A board of web pages: lists of ``ads`` rows, and a page with 3 kB of text for each of ``pages * ads`` ads."""
    answer = folder / "ad.html"
    answer.write_bytes(page_of_ad())
    exchanges = [Exchange(f"{JOBS}{n}/", answer, headers=HTML) for n in range(pages * ads)]
    for page in range(pages):
        following = f'<ul class="pagination"><li class="next"><a href="?page={page + 2}">Next</a></li></ul>'
        file = folder / f"{page}.html"
        rows = "".join(ROW.format(n) for n in range(page * ads, (page + 1) * ads))
        listed = f'<ol class="list-recent-jobs">{rows}</ol>' + (following if page + 1 < pages else "")
        file.write_text(PAGE.format(listed), encoding="utf-8")
        exchanges.append(Exchange(JOBS if page == 0 else f"{JOBS}?page={page + 1}", file, headers=HTML))
    return Recording("pythonorg", ("",), tuple(exchanges), folder)


def run_bare(order: dict[str, Any]) -> None:
    """The bare spider, in this process."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    from spiders.bases.board import replay_settings

    class OfJson(Spider):
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

    class OfHtml(Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[Any]:
            yield Request(JOBS)

        def parse(self, response: Any) -> Iterator[Any]:
            for row in response.css("ol.list-recent-jobs > li"):
                link = row.css(".listing-company-name a")
                listed = {
                    "url": link.attrib["href"],
                    "title": link.css("::text").get(),
                    "company": row.css(".listing-company-name::text").getall()[-1],
                    "html": row.get(),
                }
                yield response.follow(link.attrib["href"], self.parse_ad, cb_kwargs={"listed": listed})
            if following := response.css(".pagination .next a::attr(href)").get():
                yield response.follow(following)

        def parse_ad(self, response: Any, listed: dict[str, Any]) -> Iterator[Any]:
            page = response.css("article.text")
            yield {
                **listed,
                "external_id": response.url.rstrip("/").rpartition("/")[2],
                "location": page.css(".listing-location a::text").get(),
                "posted": page.css(".listing-posted time::attr(datetime)").get(),
                "tags": page.css(".listing-job-type a::text").getall(),
                "department": page.css(".listing-company-category a::text").get(),
                "company_url": page.css(".company-link a::attr(href)").get(),
                "description": page.css(".job-description").get(),
                "remote": next((li for li in page.css(".job-description li::text").getall() if "telecomm" in li), None),
                "payload": page.get(),
            }

    settings = get_project_settings()
    settings.setdict({**order["settings"], **replay_settings(order["settings"]["ROLECALL_REPLAY"])}, priority="cmdline")
    settings.set("FEEDS", {f"{order['spool']}/out.jsonl": {"format": "jsonlines"}}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(OfHtml if order["sources"][0]["source"] == "pythonorg" else OfJson)
    process.start()


def seconds(system: str, recorded: Recording, ads: int) -> float:
    """Processor time of one crawl in a process of its own. Raises AssertionError where ads were lost."""
    with TemporaryDirectory() as folder, ReplayServer({recorded.source: recorded}) as address:
        order = {
            "spool": folder,
            "sources": [{"source": recorded.source, "boards": list(recorded.boards)}],
            "settings": {"ROLECALL_REPLAY": address, "LOG_LEVEL": "WARNING"},
        }
        path = Path(folder) / "order.json"
        path.write_text(json.dumps(order), encoding="utf-8")
        module = ["spiders.crawl", str(path)] if system == "rolecall" else ["tests.bench.crawl", "--bare", str(path)]
        taken = run(["-m", *module], watched=False).cpu
        lines = sum(f.read_bytes().count(b"\n") for f in Path(folder).glob("*.jsonl") if f.name != "outcomes.jsonl")
        assert lines == ads, f"{system}: {lines} of {ads} ads"
    return taken


def figures(short: int, long: int, ads: int, rounds: int, board: Board = json_board) -> dict[str, Any]:
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
    """Two hundred JSON pages of 70 ads, and six hundred web pages of an ad each, beside the bare spider."""
    for work, found in (
        ("crawl 200 JSON pages of 70 ads, landing included", lambda: figures(20, 200, 70, 3)),
        ("crawl 600 HTML pages of an ad, landing included", lambda: figures(1, 10, 60, 3, html_board)),
    ):
        yield _row(work, found())


def _row(work: str, found: dict[str, Any]) -> Row:
    return Row(
        work,
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
    parser.add_argument("--html", action="store_true", help="lists of web pages and a page for each ad")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    said = parser.parse_args(arguments)
    if said.bare:
        run_bare(json.loads(said.bare.read_text(encoding="utf-8")))
        return 0
    found = figures(said.short, said.long, said.ads, said.rounds, html_board if said.html else json_board)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
