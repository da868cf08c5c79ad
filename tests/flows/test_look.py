"""Own pages of ads that were not seen for long, end to end: a real crawl child against a server on loopback."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from config.load import cards
from config.settings import settings
from flows import look as looking
from flows.crawl import crawl
from flows.ingest import ingest
from flows.order import Order
from flows.report.run import BoardReport, Report
from flows.run import opened, utc_now
from spiders.replay import ReplayServer
from storage import store
from tests.flows.rolecall import environment, rolecall, script
from tests.trust import runs

DAY = dt.timedelta(days=1)
TITLE = "Back-end Developer"
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = f"<html><title>Job</title><h1>{TITLE}</h1><script>nothing</script><p>Come and build.</p>".encode()
FILLED = f"<html><h1>{TITLE}</h1><p>This position has been filled.</p>".encode()
SHELL = b"<html><title>Loading</title><script>Back-end Developer</script><div id=app></div>"

NAMES = [
    "Amber",
    "Birch",
    "Cedar",
    "Dune",
    "Ember",
    "Fjord",
    "Gable",
    "Heron",
    "Inlet",
    "Juniper",
    "Kestrel",
    "Lumen",
    "Marble",
    "Nectar",
]

Answer = tuple[int, bytes, dict[str, str]]


class Site(ReplayServer):
    """Answers by address; what is not in the table is not there. ``held`` addresses wait until they are let go."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        super().__init__({})
        self.answers = answers
        self.held = ""
        self._server.handle_error = self._quiet  # type: ignore[assignment,method-assign]
        self.waiting, self.go = threading.Event(), threading.Event()

    def _reply_to(self, method: str, url: str, body: bytes, asked: Any) -> Answer:
        if url == self.held:
            self.waiting.set()
            self.go.wait(300)
        if url.endswith("/robots.txt"):
            return 200, b"User-agent: *\nDisallow: /private/\n", {"Content-Type": "text/plain"}
        status, said, headers = self.answers.get(url, (404, b"no", HTML))
        if headers.get("ETag") and asked.get("If-None-Match") == headers["ETag"]:
            return 304, b"", headers
        return status, said, headers

    def _quiet(self, *_: object) -> None:
        """A child that is killed resets its connections."""

    def asked(self) -> list[str]:
        """Addresses of pages that were asked for, in order."""
        return [url for _, url, _ in self.hits if not url.endswith("/robots.txt")]


def jobicy(path: object) -> str:
    return f"https://jobicy.com/jobs/{path}"


def himalayas(path: object) -> str:
    return f"https://himalayas.app/jobs/{path}"


ANSWERS: dict[str, Answer] = {
    jobicy("gone"): (404, PAGE, HTML),
    jobicy("gone-too"): (410, b"", HTML),
    jobicy("there"): (200, PAGE, HTML | {"ETag": '"a1"'}),
    jobicy("filled"): (200, FILLED, HTML),
    jobicy("shell"): (200, SHELL, HTML),
    jobicy("forbidden"): (403, b"no", HTML),
    jobicy("broken"): (500, b"", HTML),
    jobicy("to-the-list"): (302, b"", {"Location": "https://jobicy.com/jobs"}),
    "https://jobicy.com/jobs": (200, PAGE, HTML),
    jobicy("away"): (302, b"", {"Location": "https://elsewhere.example/jobs/away"}),
    jobicy("large"): (200, b"<p>Back-end Developer</p>" + b"a" * 3 * 2**20, HTML),
    jobicy("binary"): (200, b"\x89PNG Back-end Developer", {"Content-Type": "image/png"}),
    "https://jobicy.com/private/job": (200, PAGE, HTML),
    himalayas("1"): (429, b"", {"Retry-After": "86400"}),
    himalayas("2"): (200, PAGE, HTML),
}
OFF_THE_CARD = "https://apply.example.com/jobs/7"
SAYS = {
    jobicy("gone"): ("closed", "gone"),
    jobicy("gone-too"): ("closed", "gone"),
    jobicy("there"): ("open", "alive"),
}
SAYS |= dict.fromkeys(
    map(jobicy, ("filled", "shell", "forbidden", "broken", "to-the-list", "away", "large", "binary")),
    ("unconfirmed", "nothing"),
)
SAYS["https://jobicy.com/private/job"] = ("unconfirmed", "nothing")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own for runs in this process that reach nobody but the site."""
    monkeypatch.setenv("ROLECALL_DATA", str(tmp_path))
    monkeypatch.setenv("ROLECALL_OFFLINE", "1")
    monkeypatch.delenv("ROLECALL_DATABASE", raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site, and looks that are sent there."""
    served = Site(dict(ANSWERS))
    with served as address:
        send_to(address, monkeypatch)
        yield served
        served.go.set()


def send_to(address: str, patch: pytest.MonkeyPatch) -> None:
    """From now on no board is crawled in this process, and pages come from a server on loopback."""
    there = {"ROLECALL_REPLAY": address, "RETRY_TIMES": 0}
    patch.setattr(looking, "crawl", partial(crawl, settings=there))
    patch.setattr("flows.ingest.gather", lambda _run, _tasks: iter(()))


def rows(data: Path, query: str) -> list[Any]:
    with sqlite3.connect(data / "rolecall.db") as conn:
        return conn.execute(query).fetchall()


def change(data: Path, *statements: str) -> None:
    with sqlite3.connect(data / "rolecall.db") as conn:
        for statement in statements:
            conn.execute(statement)


def unconfirmed(data: Path, *urls: str, seen: dt.datetime | None = None) -> None:
    """Ads at these addresses that were last seen so long ago that they are not counted as open any more."""
    seen = seen or utc_now() - 40 * DAY
    ads = [
        runs.said(n, source="himalayas" if "himalayas" in url else "jobicy", url=url, title=TITLE)
        | {"fetched_at": seen.isoformat(), "company": f"{NAMES[n]} Works"}
        for n, url in enumerate(urls)
    ]
    ingest(Order(files=(runs.write_lines(data / "ads.jsonl", ads),)))
    change(data, "UPDATE posting SET state = 'unconfirmed', to_match = 1")
    assert sorted(urls) == sorted(url for (url,) in rows(data, "SELECT url FROM posting"))


def a_run(*sources: str, later: dt.timedelta = dt.timedelta()) -> Report:
    return ingest(Order(sources=sources), clock=lambda: utc_now() + later)


def states(data: Path) -> dict[str, str]:
    return dict(rows(data, "SELECT url, state FROM posting"))


# ── what a page says ─────────────────────────────────────────────────────────────────────────────────────────────


def test_each_page_is_asked_once_and_believed_as_far_as_it_goes(data: Path, site: Site) -> None:
    unconfirmed(data, *SAYS, OFF_THE_CARD)
    report = a_run()
    assert states(data) == {url: state for url, (state, _) in SAYS.items()} | {OFF_THE_CARD: "unconfirmed"}
    said = dict(rows(data, "SELECT p.url, l.says FROM look l JOIN posting p ON p.posting_key = l.posting_key"))
    assert said == {url: says for url, (_, says) in SAYS.items()}
    # robots.txt and the card are obeyed: neither page was asked for
    asked = site.asked()
    assert "https://jobicy.com/private/job" not in asked
    assert not any("example" in url for url in asked)
    assert sorted(asked) == sorted([*(set(SAYS) - {"https://jobicy.com/private/job"}), "https://jobicy.com/jobs"])
    # evidence
    closed = rows(data, f"SELECT closed_because, closed_at, checked_at FROM posting WHERE url = '{jobicy('gone')}'")
    assert closed[0][0] == f"page_gone: run {report.run_id}"
    assert closed[0][1] == closed[0][2]
    seen = rows(
        data,
        f"SELECT last_seen, checked_at, misses FROM posting JOIN sighting USING (posting_key) WHERE url = '{jobicy('there')}'",
    )
    assert seen[0][0] == seen[0][1]
    reasons = dict(rows(data, "SELECT after, because FROM posting_change WHERE field = 'state' AND reason = 'life'"))
    assert reasons['"open"'] == f"page_alive: run {report.run_id}"
    # the books, and the jobs behind them
    assert (report.sum("looked"), report.sum("closed"), report.sum("confirmed")) == (len(SAYS), 2, 1)
    assert [finding for finding in report.findings if finding.code.startswith("whole_")] == []
    assert dict(rows(data, "SELECT state, count(*) FROM job GROUP BY 1")) == {
        "open": 1,
        "closed": 2,
        "unconfirmed": len(SAYS) - 2,
    }
    assert rows(data, "SELECT name FROM lease") == []
    assert list(data.rglob("looks.jsonl")) == []
    # nothing twice within days
    before = len(site.hits)
    again = a_run()
    assert (len(site.hits), again.looks) == (before, [])


def test_a_site_that_asks_for_a_pause_is_left_alone_and_nothing_changes(data: Path, site: Site) -> None:
    unconfirmed(data, himalayas("1"), himalayas("2"))
    # the first in turn is the one that answers 429
    first = f"SELECT posting_key FROM posting WHERE url = '{himalayas('1')}'"
    change(data, f"UPDATE sighting SET last_seen = '2020-01-01 00:00:00' WHERE posting_key = ({first})")
    report = a_run()
    assert site.asked() == [himalayas("1")]
    assert set(states(data).values()) == {"unconfirmed"}
    assert report.sum("looked") == 1
    assert rows(data, "SELECT status, says, because FROM look") == [(0, "nothing", "asked for a pause of 86400 s")]


def test_a_page_that_bore_its_ad_is_asked_for_by_its_etag(data: Path, site: Site) -> None:
    unconfirmed(data, jobicy("there"), jobicy("shell"))
    site.answers[jobicy("shell")] = (200, SHELL, HTML | {"ETag": '"shell"'})
    a_run()
    change(data, "UPDATE posting SET state = 'unconfirmed', checked_at = NULL")
    site.hits.clear()
    a_run(later=4 * DAY)
    sent = {url: headers.get("If-None-Match") for _, url, headers in site.hits if "/jobs/" in url}
    # an unchanged page that never bore the ad would prove nothing
    assert sent == {jobicy("there"): '"a1"', jobicy("shell"): None}
    last = dict(rows(data, "SELECT status, says FROM look ORDER BY at"))
    assert last[304] == "alive"
    assert states(data) == {jobicy("there"): "open", jobicy("shell"): "unconfirmed"}


# ── how many, and of whom ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three looks a day at Jobicy."""
    three = cards()["jobicy"].model_copy(update={"looks_per_day": 3})
    monkeypatch.setattr(looking, "cards", lambda: {**cards(), "jobicy": three})


@pytest.mark.usefixtures("budget")
def test_the_budget_holds_over_all_runs_of_a_day(data: Path, site: Site) -> None:
    pages = [jobicy(n) for n in range(8)]
    unconfirmed(data, *pages)
    hits = []
    for later in (0, 0, 5, 25, 26, 60):
        a_run(later=dt.timedelta(hours=later))
        # looks carry the machine's time: move what this run did to its own clock
        change(
            data, f"UPDATE look SET at = datetime(at, '+{later} hours') WHERE run_id = (SELECT max(run_id) FROM run)"
        )
        hits.append(len(site.asked()))
    assert hits == [3, 3, 3, 6, 6, 8]
    assert sorted(site.asked()) == pages


@pytest.mark.parametrize(
    ("sources", "statement"),
    [
        (("remotive",), ""),
        ((), "INSERT INTO lease VALUES ('host:jobicy.com', 'another', '2026-01-01 00:00:00', '2999-01-01 00:00:00')"),
        ((), "UPDATE source SET paused_at = '2026-01-01 00:00:00' WHERE source = 'jobicy'"),
    ],
    ids=["another source is named", "another run has the host", "paused"],
)
def test_who_is_not_to_be_asked_is_not(data: Path, site: Site, sources: tuple[str, ...], statement: str) -> None:
    unconfirmed(data, jobicy("there"))
    change(data, *([statement] if statement else []))
    assert a_run(*sources).looks == []
    assert site.hits == []


def test_a_limit_of_calls_leaves_none_for_looks() -> None:
    limited = [card for card in cards().values() if card.calls_per_day is not None]
    assert limited
    assert not any(looking._may_be_asked(card) for card in limited)


def test_looks_on_which_our_own_code_failed_wait_for_mended_code(
    data: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    unconfirmed(data, jobicy("gone"))
    with monkeypatch.context() as broken:
        broken.setattr(looking, "_judged", lambda *_: 1 / 0)
        report = a_run()
        assert "failed" in {found.code for found in report.findings}
    asked = site.asked()
    assert asked == [jobicy("gone")]
    assert [one.looked for one in a_run().looks] == [1]
    assert states(data) == {jobicy("gone"): "closed"}
    assert site.asked() == asked


@pytest.mark.parametrize(
    ("state", "asked"),
    [("blocked", False), ("rate_limited", False), ("failed", False), ("partial", True), ("complete", True)],
)
def test_a_site_that_was_not_well_in_this_run_is_left_alone(data: Path, state: Any, asked: bool) -> None:
    with opened(Order()) as run:
        run.report.boards.append(BoardReport("jobicy", "", state))
        assert ("jobicy" in looking._budgets(run, {})) is asked


@pytest.mark.parametrize(
    "said",
    [
        {"enabled": False, "why_not": "asked not to"},
        {"verified": False},
        {"kind": "site"},
        {"needs": ("ROLECALL_NO_SUCH_KEY",)},
    ],
)
def test_a_source_that_is_off_is_not_asked(said: dict[str, Any]) -> None:
    card = cards()["jobicy"]
    assert looking._may_be_asked(card)
    assert not looking._may_be_asked(card.model_copy(update=said))


# ── torn apart ───────────────────────────────────────────────────────────────────────────────────────────────────

SEAMS = {
    "pages written, nothing stored": lambda: runs._before(looking, "_settle")(),
    "the transaction open": lambda: runs._before(store, "apply_transitions")(),
    "committed, the file not removed": lambda: runs._after(looking, "in_transaction")(),
}
TORN = """
import sys
import pytest
from tests.flows import test_look
test_look.send_to(sys.argv[1], pytest.MonkeyPatch())
if sys.argv[2]:
    test_look.SEAMS[sys.argv[2]]()
test_look.a_run()
"""


@pytest.mark.parametrize("seam", SEAMS)
def test_killed_at_a_seam_nothing_is_lost_and_nobody_is_asked_twice(data: Path, site: Site, seam: str) -> None:
    pages = {url: state for url, (state, _) in SAYS.items()}
    unconfirmed(data, *pages)
    run = script(TORN, site.address, seam, data=data)
    assert run.code == -signal.SIGKILL, run
    asked = len(site.asked())
    a_run()
    assert states(data) == pages
    assert len(site.asked()) == asked
    (killed,) = rows(data, "SELECT run_id FROM run WHERE state = 'crashed'")
    evidence = {because for (because,) in rows(data, "SELECT closed_because FROM posting WHERE state = 'closed'")}
    assert evidence == {f"page_gone: run {killed[0]}"}
    assert rows(data, "SELECT count(*), count(DISTINCT posting_key) FROM look") == [(len(pages), len(pages))]
    assert list(data.rglob("looks.jsonl")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="children end with their parent on Linux")
def test_killed_while_it_asks_what_was_answered_counts(data: Path, site: Site) -> None:
    pages = [jobicy(n) for n in range(6)]
    unconfirmed(data, *pages)
    turn = [url for (url,) in rows(data, "SELECT url FROM v_postings ORDER BY last_seen, posting_key")]
    site.held = turn[3]
    run = subprocess.Popen(
        [sys.executable, "-c", TORN, site.address, ""],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(data),
        cwd=Path(__file__).parents[2],
    )
    came = site.waiting.wait(300)
    run.kill()
    said, _ = run.communicate(timeout=300)
    assert came, said
    site.go.set()
    wait_for_the_child(data)
    a_run()
    assert set(states(data).values()) == {"closed"}
    asked = site.asked()
    assert {url: asked.count(url) for url in turn[:3]} == dict.fromkeys(turn[:3], 1)
    assert set(asked) == set(pages)


def wait_for_the_child(data: Path) -> None:
    """Until the crawl of the killed run has ended with it."""
    from tests.flows.test_stopping import children_of

    ended = threading.Event()
    for _ in range(600):
        if not children_of(data):
            return
        ended.wait(0.1)
    for child in children_of(data):
        os.kill(child, signal.SIGKILL)


# ── what is said of it ───────────────────────────────────────────────────────────────────────────────────────────


def test_looks_are_seen_in_every_report(data: Path, site: Site) -> None:
    unconfirmed(data, jobicy("gone"), jobicy("there"), jobicy("filled"))
    report = a_run()
    assert "3 own pages looked at: 1 gone, 1 still there" in report.summary()
    assert json.loads(json.dumps(report.as_json()))["looks"] == [
        {"source": "jobicy", "board": "", "looked": 3, "closed": 1, "confirmed": 1}
    ]
    one = rolecall("run", "last", data=data)
    assert "3 own pages of jobicy looked at: 1 gone, 1 still there, 1 said nothing" in one.out
    assert rolecall("run", "last", "--json", data=data).json["looks"][0]["looked"] == 3
    assert "3 own pages looked at" in rolecall("runs", data=data).out
    assert rolecall("runs", "--json", data=data).json[0]["counts"]["looked"] == 3
    assert "own pages looked at in the last day: 3 of jobicy" in rolecall("status", data=data).out
    (key,) = rows(data, f"SELECT posting_key FROM posting WHERE url = '{jobicy('gone')}'")
    why = rolecall("why", key[0], data=data)
    assert f"gone, http 404 (run {report.run_id})" in why.out
    assert f"closed: page_gone: run {report.run_id}" in why.out
    (key,) = rows(data, f"SELECT posting_key FROM posting WHERE url = '{jobicy('filled')}'")
    assert "nothing, it says: position has been filled" in rolecall("why", key[0], data=data).out
