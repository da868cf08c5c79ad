"""One board from its segments to its rows, crawl after crawl, in a real database: what is listed stands, believed or not."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from flows import gather, settle
from flows.believe import Believers
from flows.order import Order
from flows.report.run import BoardReport, Report
from flows.run import Run
from flows.settle import BoardCatch
from spiders.spool import file_name
from storage import store
from storage.engine import open_database, reading, writing
from storage.models import RunState
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

    def crawled(self, *lines: dict[str, Any], before: Sequence[dict[str, Any]] = (), **outcome: Any) -> BoardReport:
        """One complete crawl that left these lines; and those of its child that had died ``before``, an hour earlier."""
        with self._run() as run:
            if before:
                died = (self.now - dt.timedelta(hours=1)).isoformat()
                self._segment(run, *({"fetched_at": died, **line} for line in before), child="1")
            segment = self._segment(run, *lines)
            said = {"finished": self.now.isoformat(), "validators": {"https://board.test/": {"etag": '"1"'}}, **outcome}
            caught = BoardCatch(NAME, "", said.pop("state", "complete"), said.pop("because", ""), said, (segment,))
            settled = settle.settle(run, caught)
            self.opened = run.opened
            assert not segment.exists()
            return settled

    def killed(self, *lines: dict[str, Any]) -> None:
        """A crawl that left these lines, read at once, in a run that did not live to store them."""
        with self._run("crashed") as run:
            self._segment(run, *({"fetched_at": self.now.isoformat(), **line} for line in lines))

    def made_up_for(self) -> list[BoardReport]:
        """What a later run does with all that was left."""
        with self._run() as run:
            return [settle.settle(run, caught) for caught in gather.left_over(run)]

    @property
    def now(self) -> dt.datetime:
        """When the day's crawl is."""
        return FIRST + self.day * dt.timedelta(days=1)

    @contextmanager
    def _run(self, state: RunState = "complete") -> Iterator[Run]:
        """A run on the next day."""
        self.day += 1
        now = self.now
        with writing(self.engine) as conn:
            store.save_sources(conn, [CARD])
            run_id = store.start_run(conn, kind="crawl", now=now)
        report = Report(run_id, "crawl", now)
        with Believers(1) as believers:
            yield Run(Order(), self.engine, run_id, self.day + 1, lambda: now, self.folder, believers, report)
        with writing(self.engine) as conn:
            store.finish_run(conn, run_id, state=state, now=now)
        assert not report.broken
        self.found = {finding.code for finding in report.findings}

    def _segment(self, run: Run, *lines: dict[str, Any], child: str = "2") -> Path:
        segment = run.folder / f"{NAME}.{child}" / file_name(NAME, "", 1)
        segment.parent.mkdir(parents=True)
        segment.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return segment

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
    for room in (settle, gather):
        monkeypatch.setattr(room, "cards", lambda: {NAME: CARD})
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
    # by which the books of the whole are held
    assert board.opened == 0
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


def test_f07_a_run_that_a_guard_doubts_is_no_complete_run_in_the_books(board: Board) -> None:
    """What is usual for the board, and whether it is stale, is reckoned from complete runs."""
    for _ in range(3):
        assert board.crawled(*map(ad, range(20))).state == "complete"
    last = board.one("SELECT last_complete_run FROM board")
    for _ in range(2):
        assert board.crawled(*map(ad, range(5))).state == "partial"
        assert "drop_doubted" in board.found
    assert board.one("SELECT count(*) FROM board_run WHERE complete") == 3
    assert board.one("SELECT last_complete_run FROM board") == last
    assert board.crawled(*map(ad, range(5))).state == "complete"
    assert board.one("SELECT count(*) FROM board_run WHERE complete") == 4


def seen(board: Board, number: int) -> tuple[str, str]:
    """The days on which an ad was first and last seen."""
    these = f"FROM v_postings WHERE external_id = '{number}'"
    return board.one(f"SELECT first_seen {these}")[:10], board.one(f"SELECT last_seen {these}")[:10]


def test_s04_what_a_killed_run_left_is_as_old_as_its_crawl(board: Board) -> None:
    """It makes nothing younger: no sight, no reading, and what a later run saw closed stays so."""
    board.crawled(ad(1), ad(2))
    board.killed(ad(1, title="Old"), ad(2), ad(3))
    board.crawled(ad(1, title="New"))
    board.crawled(ad(1, title="New"))
    [report] = board.made_up_for()
    assert (report.new, report.closed, report.reopened) == (1, 0, 0)
    assert "late_run" in board.found
    # what the next crawl may ask for is what the last one learned
    assert json.loads(board.one("SELECT validators FROM board"))["urls"] != {}
    assert board.one("SELECT title FROM posting WHERE external_id = '1'") == "New"
    assert board.states() == {"1": "open", "2": "closed", "3": "open"}
    assert [seen(board, n) for n in (1, 2, 3)] == [
        ("2026-11-01", "2026-11-04"),
        ("2026-11-01", "2026-11-02"),
        ("2026-11-02", "2026-11-02"),
    ]


def test_s04_what_a_child_that_died_left_reopens_nothing_that_the_next_one_did_not_find(board: Board) -> None:
    board.crawled(ad(1), ad(2))
    assert board.crawled(ad(1, title="New"), before=[ad(1, title="Old"), ad(2)]).closed == 1
    [report] = board.made_up_for()
    assert (report.changed, report.reopened) == (0, 0)
    assert board.states() == {"1": "open", "2": "closed"}
    assert seen(board, 2) == ("2026-11-01", "2026-11-02")


def test_s04_what_a_run_left_that_is_not_on_record_is_older_than_all_that_are(board: Board) -> None:
    """A backup was restored, or another database was used meanwhile."""
    board.crawled(ad(1), ad(2))
    board.crawled(ad(1))
    with board._run("crashed") as lost:
        board._segment(lost, ad(2, fetched_at=board.now.isoformat()))
    with writing(board.engine) as conn:
        conn.execute(text("DELETE FROM run WHERE run_id = :r"), {"r": lost.run_id})
    [report] = board.made_up_for()
    assert report.reopened == 0
    assert board.states() == {"1": "open", "2": "closed"}
    assert board.one("SELECT count(*) FROM segment") == 3


def test_s05_what_a_run_that_lives_is_crawling_is_left_to_it(board: Board) -> None:
    with board._run() as alive:
        segment = board._segment(alive, ad(1))
        assert board.made_up_for() == []
        assert segment.exists()
    assert [report.new for report in board.made_up_for()] == [1]


def test_s04_what_several_runs_left_is_settled_in_their_order_and_dated_by_each(board: Board) -> None:
    board.killed(ad(1, title="First"), ad(2))
    board.killed(ad(1, title="Second"))
    assert [(report.state, report.new) for report in board.made_up_for()] == [("partial", 2), ("partial", 0)]
    assert board.states() == {"1": "open", "2": "open"}
    assert board.one("SELECT title FROM posting WHERE external_id = '1'") == "Second"
    assert [seen(board, n) for n in (1, 2)] == [("2026-11-01", "2026-11-02"), ("2026-11-01", "2026-11-01")]
    assert str(board.one("SELECT started_at FROM board_run"))[:10] == "2026-11-02"
    board.crawled({"seen": "1"})
    assert board.states() == {"1": "open", "2": "closed"}
