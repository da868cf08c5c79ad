"""What a crawl met is what the monitors see: from a real crawl through the table of runs to the finding."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import cast

import pytest

from flows import settle
from flows.believe import Believers
from flows.check import BoardFacts
from flows.monitor import watch
from flows.order import Order
from flows.report.run import Report
from flows.run import Run
from flows.settle import BoardCatch
from storage import read, store
from storage.engine import open_database, reading, writing
from tests.http.boards import Came, Case, card_of, listed, run_boards
from tests.http.server import Answer, page, redirect

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def pages(most: int, *totals: int) -> dict[str, Answer | list[Answer]]:
    """A list on several pages with one ad each, each page saying its own total."""
    said: dict[str, Answer | list[Answer]] = {}
    for number in range(1, most + 1):
        more = {"next": f"/{number + 1}"} if number < most else {}
        total = totals[number - 1] if totals else most
        said["/jobs" if number == 1 else f"/{number}"] = listed(number, total=total, **more)
    return said


CALM = pages(6)
CASES = {
    "calm": Case(CALM),
    "busy": Case(CALM | {"/3": [page(b"", 503), cast(Answer, CALM["/3"])]}),
    "moved": Case({"/jobs": redirect("http://elsewhere.test/jobs")}),
    "forbidden": Case({"/robots.txt": page("User-agent: *\nDisallow: /jobs"), "/jobs": listed(1)}),
    "grown": Case(pages(6, 6, 6, 6, 6, 6, 7)),
    "raised": Case({"/jobs": listed(1, 7, total=2)}, "raises"),
    "down": Case({"/jobs": page(b"", 500)}),
}
CUT = {"cut": Case(pages(12))}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Came]:
    """All boards of this file; ``cut`` in a crawl of its own that ends after three answers."""
    whole = run_boards(CASES, tmp_path_factory.mktemp("whole"))
    return whole.boards | run_boards(CUT, tmp_path_factory.mktemp("cut"), CLOSESPIDER_PAGECOUNT=3).boards


def monitored(came: Came, name: str, folder: Path, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Settle a board into a database of its own; the text of each monitor that fails on the row it left."""
    card = card_of(name)
    patch.setattr(settle, "cards", lambda: {name: card})
    engine = open_database(f"sqlite:///{folder / 'm.db'}")
    with writing(engine) as conn:
        store.save_sources(conn, [card])
        run_id = store.start_run(conn, kind="crawl", now=NOW)
    report = Report(run_id, "crawl", NOW)
    run = Run(Order(), engine, run_id, 1, lambda: NOW, folder, cast(Believers, None), report)
    caught = BoardCatch(name, "", came.outcome["state"], came.because, came.outcome)
    settle.settle(run, caught)
    with reading(engine) as conn:
        runs = [BoardFacts.of(row) for row in read.board_runs(conn, name, "")]
    engine.dispose()
    return {one.monitor: one.finding.text for one in watch(card, runs, NOW) if one.finding}


@pytest.mark.parametrize(
    ("name", "monitor", "says"),
    [
        ("busy", "retries", "1 of 6 requests were repeated"),
        ("moved", "offsite", "1 requests led to hosts that the card does not name"),
        ("forbidden", "robots", "robots.txt forbids 1 of the requests"),
        ("cut", "finish_reason", "the crawl ended early: closespider_pagecount"),
        ("grown", "growing", "the board grew while it was read: 6 then 7"),
        ("raised", "exceptions", "1 errors in the spider"),
    ],
)
def test_a_monitor_sees_what_the_crawl_met(
    crawled: dict[str, Came], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, monitor: str, says: str
) -> None:
    assert says in monitored(crawled[name], name, tmp_path, monkeypatch)[monitor]


def test_a_site_that_fails_is_no_error_of_the_spider(
    crawled: dict[str, Came], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert monitored(crawled["down"], "down", tmp_path, monkeypatch).keys() == {"state"}


def test_a_calm_crawl_raises_none_of_them(
    crawled: dict[str, Came], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert monitored(crawled["calm"], "calm", tmp_path, monkeypatch).keys() <= {"state", "fresh"}
