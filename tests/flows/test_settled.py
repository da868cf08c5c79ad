"""One board from its segments to its rows, crawl after crawl, in a real database: what is listed stands, believed or not."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from flows import settle
from flows.believe import Believers
from flows.order import Order
from flows.report.run import BoardReport, Report
from flows.run import Run
from flows.settle import BoardCatch
from spiders.spool import file_name
from storage import store
from storage.engine import open_database, reading, writing
from storage.upkeep import forget
from tests.http.boards import card_of

NAME = "board"
CARD = card_of(NAME).model_copy(update={"misses": 1})
FIRST = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def ad(number: int, **more: Any) -> dict[str, Any]:
    """An invented advertisement as its board says it."""
    said = {"source": NAME, "external_id": str(number), "url": f"https://board.test/{number}"}
    return said | {"title": f"Backend Developer {number}", "company": f"Locker Works {number}"} | more


class Board:
    """A catalogue in a database of its own, crawled once a day."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder, self.engine, self.day = folder, engine, -1

    def crawled(self, *lines: dict[str, Any], **outcome: Any) -> BoardReport:
        """One complete crawl that left these lines."""
        self.day += 1
        now = FIRST + self.day * dt.timedelta(days=1)
        with writing(self.engine) as conn:
            store.save_sources(conn, [CARD])
            run_id = store.start_run(conn, kind="crawl", now=now)
        segment = self.folder / file_name(NAME, "", self.day)
        segment.write_text("".join(json.dumps(line) + "\n" for line in lines))
        report = Report(run_id, "crawl", now)
        with Believers(1) as believers:
            run = Run(Order(), self.engine, run_id, self.day + 1, lambda: now, self.folder, believers, report)
            said = {"finished": now.isoformat(), "validators": {"https://board.test/": {"etag": '"1"'}}, **outcome}
            caught = BoardCatch(NAME, "", said.pop("state", "complete"), said.pop("because", ""), said, (segment,))
            settled = settle.settle(run, caught)
        assert not report.broken
        self.found = {finding.code for finding in report.findings}
        return settled

    def states(self) -> dict[str, str]:
        """The state of each ad by its id."""
        with reading(self.engine) as conn:
            return {row[0]: row[1] for row in conn.execute(text("SELECT external_id, state FROM posting"))}

    def one(self, statement: str) -> Any:
        """One value of the database."""
        with reading(self.engine) as conn:
            return conn.scalar(text(statement))


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    monkeypatch.setattr(settle, "cards", lambda: {NAME: CARD})
    engine = open_database(f"sqlite:///{tmp_path / 'b.db'}")
    yield Board(tmp_path, engine)
    engine.dispose()


@pytest.mark.parametrize("wrong", [{"title": "!!!"}, {"url": "javascript:alert(1)"}])
def test_f08_an_ad_that_cannot_be_believed_today_is_listed_and_one_that_is_absent_is_missing(
    board: Board, wrong: dict[str, str]
) -> None:
    board.crawled(*map(ad, range(9)))
    settled = board.crawled(ad(0, **wrong), *map(ad, range(2, 9)))
    assert (settled.closed, settled.rejected) == (1, 1)
    assert board.states() == {str(n): "closed" if n == 1 else "open" for n in range(9)}


def test_f08_what_a_spider_could_not_read_but_name_is_listed(board: Board) -> None:
    board.crawled(*map(ad, range(9)))
    rejected = {"rejected": {"source": NAME, "reason": "no_title", "external_id": "0", "raw": "{}"}}
    board.crawled(rejected, {"seen": "1"}, *map(ad, range(2, 8)))
    assert board.states() == {str(n): "closed" if n == 8 else "open" for n in range(9)}


def test_x08_what_was_forgotten_is_listed_and_makes_no_drop(board: Board) -> None:
    ads = [ad(n, **({"company": "Nightjar"} if n < 10 else {})) for n in range(24)]
    for _ in range(3):
        board.crawled(*ads)
    assert forget(board.engine, "company", "Nightjar", now=FIRST).postings == 10
    settled = board.crawled(*ads[:-1])
    assert "drop_doubted" not in board.found
    assert (settled.new, settled.closed, settled.rejected) == (0, 1, 10)
    assert board.states() == {str(n): "closed" if n == 23 else "open" for n in range(10, 24)}


def test_p09_of_one_ad_twice_what_its_author_wrote_last_is_stored_whatever_was_read_last(board: Board) -> None:
    old, new = ad(1, title="Old", updated="2026-10-01"), ad(1, title="New", updated="2026-10-20")
    for lines in ((new, old), (old, new)):
        assert board.crawled(*lines).rejected == 0
        assert board.one("SELECT title FROM posting") == "New"
    board.crawled(ad(1, title="First"), ad(1, title="Second"))
    assert board.one("SELECT title FROM posting") == "Second"


def test_f08_an_ad_listed_by_an_odd_id_is_not_missing(board: Board) -> None:
    odd = "https://board.test/?id=1&region=eu"
    board.crawled(ad(1, external_id=odd), ad(2))
    settled = board.crawled({"seen": odd})
    assert settled.closed == 1
    assert board.states() == {odd: "open", "2": "closed"}


@pytest.mark.parametrize(
    ("state", "kept"), [("complete", True), ("partial", True), ("failed", False), ("blocked", False)]
)
def test_what_the_next_crawl_may_ask_for_is_learned_from_answers_alone(board: Board, state: str, kept: bool) -> None:
    board.crawled(ad(1), ids={"1": "a"})
    board.crawled(ad(1), state=state, ids={"1": "b"})
    said = json.loads(board.one("SELECT validators FROM board"))
    assert said["ids"] == {"1": "b" if kept else "a"}


@pytest.mark.parametrize("lines", [[ad(1)], [ad(n, company="") for n in range(1, 9)]], ids=["too few", "unfilled"])
def test_f07_a_batch_that_fails_its_check_closes_nothing(
    board: Board, monkeypatch: pytest.MonkeyPatch, lines: list[dict[str, Any]]
) -> None:
    expected = CARD.expect.model_copy(update={"min_postings": 4, "filled": {"company": 0.9}})
    monkeypatch.setattr(settle, "cards", lambda: {NAME: CARD.model_copy(update={"expect": expected})})
    board.crawled(*map(ad, range(9)))
    settled = board.crawled(*lines)
    assert (settled.state, settled.closed) == ("partial", 0)
    assert {*board.states().values()} == {"open"}
