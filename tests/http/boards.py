"""Boards that exist only in tests, crawled by ``spiders.crawl`` as every board is: order in, segments and outcomes out.

Each case is a source of its own on a host of its own (``h03.test``), a catalogue with a card, in one of a few shapes.
Run as a module, this file is the child process: ``python -m tests.http.boards ORDER.json``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.cards import Card
from spiders import crawl as child
from spiders.bases import ByLink, ByNumber, ByOffset, Feed, HtmlBoard, JsonApi, PageObject
from spiders.bases.board import BoardSpider
from tests.http.server import Answer, Hit, Server, page

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "ROLECALL_BACKOFF": 0,
    "ROLECALL_PATIENCE": 5,
    "DOWNLOAD_TIMEOUT": 2,
    "RETRY_TIMES": 1,
    "LOG_LEVEL": "WARNING",
    "TWISTED_DNS_RESOLVER": "tests.http.child.TableResolver",
}


def ads(*numbers: int, **more: Any) -> dict[str, Any]:
    """A list of ads as the boards of these tests answer."""
    return {
        "jobs": [{"id": n, "title": f"Backend Developer {n}", "url": f"https://x.test/{n}"} for n in numbers],
        **more,
    }


def listed(*numbers: int, **more: Any) -> bytes:
    """The same, on the wire."""
    return page(json.dumps(ads(*numbers, **more)))


@dataclass
class Case:
    """What one board's host says by path, the list being ``/jobs``, and its shape."""

    says: Mapping[str, Answer | list[Answer]]
    shape: str = "json"
    """json, numbered or offset (paged so), details (with a page for each ad), few (three requests at most), feed, html,
    or json of a spider that raises at ad 7."""
    known: bool = True
    """The host's name resolves."""


@dataclass
class Came:
    """What a board came to: its outcome line, the ads and notes in its segments, the requests it was asked."""

    outcome: dict[str, Any]
    postings: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    @property
    def state(self) -> str:
        """The board's state."""
        return str(self.outcome["state"])

    @property
    def because(self) -> str:
        """Why."""
        return str(self.outcome["because"])

    def ids(self) -> list[str]:
        """The ids of the ads that landed, in order."""
        return sorted(str(raw["external_id"]) for raw in self.postings)

    def noted(self, kind: str) -> list[Any]:
        """The notes of a kind: seen, removed, rejected."""
        return [note[kind] for note in self.notes if kind in note]


@dataclass
class Crawled:
    """All boards of one child process, its exit status and its log."""

    boards: dict[str, Came]
    status: int
    log: str
    canary: Server


def run_boards(cases: Mapping[str, Case], folder: Path, **settings: Any) -> Crawled:
    """Serve the cases and crawl them in one child process, with Scrapy settings of the test's own.

    ``PORT`` in answers is the server's port.
    """
    with Server() as server, Server(address="127.0.0.2", port=server.port) as canary:
        server.table = {_host(name): dict(case.says) for name, case in cases.items()}
        order = {
            "spool": str(folder / "spool"),
            "sources": [{"source": name} for name in cases],
            "settings": SETTINGS | settings | {"ROLECALL_ALLOW_PRIVATE": [f"127.0.0.1:{server.port}"]},
        }
        (folder / "order.json").write_text(json.dumps(order))
        made = {
            "port": server.port,
            "shapes": {n: c.shape for n, c in cases.items()},
            "names": {_host(name): ["127.0.0.1"] for name, case in cases.items() if case.known},
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.http.boards", str(folder / "order.json")],
            cwd=ROOT,
            env=os.environ | {"BOARDS_OF_TESTS": json.dumps(made), "ROLECALL_OFFLINE": "0"},
            capture_output=True,
            text=True,
            timeout=600,  # against a hang, whatever else the machine does
        )
        boards = {
            name: Came(outcome, hits=server.of(_host(name))) for name, outcome in _outcomes(folder / "spool").items()
        }
        for segment in (folder / "spool").glob("*.jsonl*"):
            if segment.name != "outcomes.jsonl":
                _sort(segment, boards[segment.name.partition("~")[0]])
        return Crawled(boards, done.returncode, done.stderr, canary)


def _host(name: str) -> str:
    return f"{name}.test"


def _outcomes(spool: Path) -> dict[str, dict[str, Any]]:
    lines = (spool / "outcomes.jsonl").read_text().splitlines()
    return {outcome["source"]: outcome for outcome in map(json.loads, lines)}


def _sort(segment: Path, came: Came) -> None:
    for line in map(json.loads, segment.read_text().splitlines()):
        (came.postings if "external_id" in line else came.notes).append(line)


def card_of(name: str) -> Card:
    """The card of one case: a catalogue."""
    return Card.model_validate(
        {
            "source": name,
            "name": name,
            "kind": "board",
            "home": f"http://{_host(name)}",
            "terms": "not stated",
            "terms_read": "2026-11-01",
            "attribution": name,
            "every": "1d",
            "coverage": "catalogue",
            "stale_after": "10d",
            "hosts": [_host(name)],
            "delay": 0,
            "words": {"employment_type": ("full", "part")},
            "expect": {"min_postings": 1, "max_postings": 10, "filled": {}},
        }
    )


def spider(name: str, shape: str, port: int) -> type[BoardSpider]:
    """The class of one case."""
    card = card_of(name)
    said: dict[str, Any] = {
        "__module__": f"spiders.boards.{name}",
        "listing": f"http://{_host(name)}:{port}/jobs",
        "card": classmethod(lambda cls: card),
        "external_id": "id",
        "url": "url",
        "title": "title",
        "description": "text",
    }
    if shape == "feed":
        said |= {"external_id": ("guid", "id"), "url": "link", "description": "description"}
        return type(name.capitalize(), (Feed,), said)
    if shape == "html":
        html = {k: v for k, v in said.items() if k in ("__module__", "listing", "card")}
        return type(name.capitalize(), (HtmlBoard,), html | {"row": Row})
    said |= {"records": "jobs", "paging": ByLink("next", most=20), "total": "total"}
    said |= {"employment_type": "kind"}
    if shape == "details":
        said |= {"detail": f"http://{_host(name)}:{port}/job/{{id}}"}
    if shape == "few":
        said |= {"most": 3}
    if shape == "numbered":
        said |= {"paging": ByNumber("page", pages="pages")}
    if shape == "offset":
        said |= {"paging": ByOffset("offset")}
    if shape == "raises":
        said |= {"read_one": _fails_at_seven}
    return type(name.capitalize(), (JsonApi,), said)


def _fails_at_seven(self: BoardSpider, said: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    if record["id"] == 7:
        raise KeyError("a fault of the spider")
    return said


class Row(PageObject):
    """One ad of an HTML board."""

    root = "li.job"

    @property
    def external_id(self) -> str | None:
        """The element's id."""
        return str(self.tag.get("id") or "") or None

    @property
    def title(self) -> str | None:
        """The link's text."""
        return self.text("a")

    @property
    def url(self) -> str | None:
        """The link."""
        return self.attribute("a", "href")


if __name__ == "__main__":
    made = json.loads(os.environ["BOARDS_OF_TESTS"])
    # the module that Scrapy imports by its path, not this __main__
    from tests.http.child import NAMES

    NAMES.update(made["names"])
    spiders = {name: spider(name, shape, made["port"]) for name, shape in made["shapes"].items()}
    vars(child)["spider_class"] = spiders.__getitem__
    sys.exit(child.main(sys.argv[1:]))
