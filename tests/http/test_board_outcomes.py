"""The H catalogue as boards come out of it: state, reason, what landed, and nothing that could close an ad.

A board that is not complete carries no evidence of absence (flows/life), so "0 closed" is its state here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.http.boards import Case, Crawled, listed, run_boards
from tests.http.server import page, redirect, silence, trickle
from tests.http.world import CANARY, CHALLENGE


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """All boards of this file, crawled once."""
    return run_boards(CASES, tmp_path_factory.mktemp("boards"))


CASES = {
    "h00": Case({"/jobs": listed(1, 2, total=2)}),
    "h01": Case({}, known=False),
    "h02a": Case({"/jobs": listed(1, 2, total=6, next="/2"), "/2": page(b"", 502), "/3": listed(5, 6, total=6)}),
    "h02b": Case({"/jobs": page(b"", 500)}),
    "h03a": Case({"/jobs": page(CHALLENGE, 403, kind="text/html")}),
    "h03b": Case({"/jobs": page(CHALLENGE, 200, kind="text/html")}),
    "h04": Case({"/jobs": page(b"", 410)}),
    "h05": Case({"/jobs": listed(1, 2, total=2), "/job/1": page('{"id": 1, "title": "A", "text": "t"}')}, "details"),
    "h05s": Case(
        {"/jobs": listed(1, 2, 3, total=3), "/job/1": page('{"id": 1, "title": "A"}'), "/job/2": page(b"", 500)},
        "details",
    ),
    "h06": Case({"/jobs": page(b"", 429, "Retry-After: 86400")}),
    "h07": Case({"/jobs": b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"jobs": [{"id": 1}'}),
    "h10": Case({"/jobs": trickle}),
    "h11": Case({"/jobs": redirect("/jobs")}),
    "h12": Case({"/jobs": redirect(f"http://{CANARY}:1/jobs")}),
    "h14": Case({"/jobs": redirect("file:///etc/hostname")}),
    "h15a": Case({"/robots.txt": page("User-agent: *\nDisallow: /jobs"), "/jobs": listed(1)}),
    "h15b": Case({"/robots.txt": page(b"", 503), "/jobs": listed(1)}),
    "h15c": Case({"/robots.txt": silence, "/jobs": listed(1)}),
    "h17": Case({"/jobs": page("{}", 200, "tdm-reservation: 1")}),
    "h20": Case({"/jobs": page("{}", 200, "X-Long: " + "a" * 200_000)}),
}


@pytest.mark.parametrize(
    ("case", "state", "because", "landed"),
    [
        ("h00", "complete", "", ["1", "2"]),
        ("h01", "failed", "site: robots.txt: no such host", []),
        ("h02a", "partial", "site: http 502", ["1", "2"]),
        ("h02b", "failed", "site: http 500", []),
        ("h03a", "blocked", "blocked: cloudflare", []),
        ("h03b", "blocked", "blocked: cloudflare", []),
        ("h04", "failed", "gone", []),
        ("h06", "rate_limited", "rate_limited: asked for a pause of 86400 s", []),
        ("h07", "failed", "site: cut short", []),
        ("h10", "failed", "site: timed out", []),
        ("h11", "failed", "site: more than 5 redirects", []),
        ("h12", "failed", "site: redirect: host 127.0.0.2 is not on the card", []),
        ("h14", "failed", "site: redirect: scheme file:", []),
        ("h15a", "skipped", "skipped: robots.txt", []),
        ("h15b", "failed", "site: robots.txt: http 503", []),
        ("h15c", "failed", "site: robots.txt: timed out", []),
        ("h17", "skipped", "skipped: tdm-reservation", []),
        ("h20", "failed", "site: connection failed", []),
    ],
)
def test_h01_to_h20_state_and_reason_of_a_board(
    crawled: Crawled, case: str, state: str, because: str, landed: list[str]
) -> None:
    came = crawled.boards[case]
    assert (came.state, came.because.partition(": http://")[0]) == (state, because)
    assert came.ids() == landed


def test_h05_a_page_that_is_gone_withdraws_that_ad_only(crawled: Crawled) -> None:
    came = crawled.boards["h05"]
    assert came.state == "complete"
    assert came.ids() == ["1"]
    assert came.noted("removed") == ["2"]


def test_h02_h05_an_ad_whose_page_fails_is_listed_and_one_whose_page_is_gone_is_not(crawled: Crawled) -> None:
    came = crawled.boards["h05s"]
    assert (came.state, came.ids()) == ("partial", ["1"])
    assert (came.noted("seen"), came.noted("removed")) == (["2"], ["3"])


@pytest.mark.parametrize(
    ("case", "figures"),
    [
        ("h00", {"retries": 0, "offsite": 0, "robots": 0, "finish_reason": "finished", "http": {"2xx": 1}}),
        ("h02a", {"retries": 1, "offsite": 0, "http": {"2xx": 1, "5xx": 1}}),
        ("h12", {"offsite": 1, "robots": 0}),
        ("h15a", {"offsite": 0, "robots": 1}),
    ],
)
def test_h01_to_h20_what_monitors_count(crawled: Crawled, case: str, figures: dict[str, object]) -> None:
    assert crawled.boards[case].outcome.items() >= figures.items()


def _pages(count: int) -> dict[str, bytes]:
    more = {f"/{n}": listed(n, next=f"/{n + 1}") for n in range(2, count)}
    return {"/jobs": listed(1, next="/2"), **more, f"/{count}": listed(count)}


def test_p10_a_board_asks_no_more_than_its_class_allows(tmp_path: Path) -> None:
    came = run_boards({"p10": Case(_pages(9), "few")}, tmp_path).boards["p10"]
    assert (came.state, came.ids()) == ("partial", ["1", "2", "3"])
    assert came.because == "short: stopped after 3 requests"
    assert len(came.hits) == 3


def test_a_crawl_that_reaches_its_limit_leaves_each_of_its_boards_partial(tmp_path: Path) -> None:
    cut = run_boards({"cut": Case(_pages(9)), "small": Case(_pages(2))}, tmp_path, CLOSESPIDER_PAGECOUNT=4)
    came = cut.boards["cut"]
    assert (came.state, came.outcome["finish_reason"]) == ("partial", "closespider_pagecount")
    assert came.because == "vanished: the crawl was ended: closespider_pagecount"
    assert came.ids()[:1] == ["1"]
    assert came.outcome["validators"] == {}
    assert cut.boards["small"].state == "complete"
    assert cut.status == 3


def test_h01_a_crawl_with_a_failed_board_does_not_look_green(crawled: Crawled) -> None:
    assert crawled.status == 3
    assert "Traceback" not in crawled.log


def test_a_crawl_of_sound_boards_does(tmp_path_factory: pytest.TempPathFactory) -> None:
    sound = run_boards({"h00": CASES["h00"]}, tmp_path_factory.mktemp("sound"))
    assert sound.status == 0, sound.log
