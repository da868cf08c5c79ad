"""The market report on nothing, on one posting, on hostile names, on both engines, and while somebody reads it."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from flows.report.claims import claim_checks
from flows.report.market.ask import ask, report_day, statement
from flows.report.market.figures import FIGURES, outcome
from flows.report.market.label import count, distinct, percent, plain, safe_url, several, unbroken
from flows.report.market.report import Made, write_report
from storage import derive, store
from storage.engine import open_database, reading, writing
from storage.models import Job
from tests.analysts.market import HOSTILE, LAST, fill_market
from tests.storage.ads import NOON, ad

NAMES = ("headline", "sources", *(figure.name for figure in FIGURES))


class Read(HTMLParser):
    """What a page holds: its tags with attributes, and its words."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def harmless(read: Read) -> None:
    """No script, no handler, no style that the policy would refuse, no address that loads or runs anything."""
    assert not read.all("script")
    assert not read.all("iframe")
    assert not read.all("img")
    assert not [one for one in read.tags if any(name.startswith("on") or name == "style" for name in one[1])]
    for _, attributes in read.tags:
        for name in ("href", "src", "xlink:href"):
            said = attributes.get(name) or ""
            assert re.match(r"^(#|figures-[0-9a-f]{12}/[a-z_]+\.(csv|sql)$|https?://|data:,$|$)", said), said


def reported(engine: Engine, out: Path) -> Made:
    return write_report(engine, out, today=LAST)


def one_posting(engine: Engine, **facts: Any) -> None:
    posting = ad(1, **facts)
    with writing(engine) as conn:
        run_id = store.start_run(conn, kind="crawl", now=NOON, sources=["example"])
        store.save_postings(conn, [posting], run_id=run_id, now=NOON)
        shared = {name: getattr(posting, name) for name in Job.model_fields if hasattr(posting, name)}
        job = Job(**shared | {"job_id": posting.posting_key, "sources": ["example"], "first_seen": NOON})
        store.save_jobs(conn, [job], run_id=run_id)
        store.assign_jobs(conn, [{"posting_key": posting.posting_key, "job_id": job.job_id, "family_id": None}])
        store.finish_run(conn, run_id, state="complete", now=NOON)
        derive.append_days(conn, day=NOON.date(), taxonomy_version="1")


def test_an_empty_database_says_why_each_figure_is_empty(engine: Engine, tmp_path: Path) -> None:
    made = reported(engine, tmp_path / "out")
    assert made.drawn == 0
    assert made.day == LAST
    assert set(made.empty) == {figure.name for figure in FIGURES}
    assert all(why.endswith(".") for why in made.empty.values())
    read = Read(made.page)
    harmless(read)
    assert "No job is stored yet." in read.words
    assert not read.all("svg")


def test_one_posting(engine: Engine, tmp_path: Path) -> None:
    one_posting(engine)
    made = reported(engine, tmp_path / "out")
    assert made.day == NOON.date()
    assert {"roles", "skills", "seniority", "companies", "age", "loss", "coverage"}.isdisjoint(made.empty)
    assert made.empty["trend"].startswith("One day (2026-11-01)")
    assert "states pay" in made.empty["pay"]  # no reference rate was stored with it
    assert "two sources" in made.empty["overlap"]
    harmless(Read(made.page))


@pytest.fixture
def long_cells() -> Iterator[None]:
    """Cells of millions of characters may be read back."""
    before = csv.field_size_limit(4_000_000)
    yield
    csv.field_size_limit(before)


@pytest.mark.parametrize(
    "name", [*HOSTILE, "x" * 1_000_000, "javascript:alert(1)", "{{ 7*7 }}", "", "\u202e\u200b\x00\x1b[31m"]
)
def test_x02_hostile_names_are_text(sqlite: str, tmp_path: Path, name: str, long_cells: None) -> None:
    engine = open_database(sqlite)
    one_posting(engine, company=name, title=name, skills=[name or "Go"], company_url="javascript:alert(1)")
    made = reported(engine, tmp_path / "out")
    engine.dispose()
    read = Read(made.page)
    harmless(read)
    assert "49" not in read.words.split("Employers", 1)[-1].split("Documents", 1)[0]
    assert made.page.stat().st_size < 2_000_000
    assert not set("\u202e\x00\x1b\x01") & set(made.page.read_text(encoding="utf-8"))
    for file in made.page.parent.glob("figures-*/*.csv"):
        with file.open(newline="", encoding="utf-8") as lines:
            cells = [cell for row in csv.reader(lines) for cell in row]
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")]


def test_the_policy_names_the_one_style_sheet(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    read = Read(reported(engine, tmp_path / "out").page)
    engine.dispose()
    policy = next(
        one["content"] or "" for one in read.all("meta") if one.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert len(read.all("style")) == 1


def test_both_engines_give_the_same_page(sqlite: str, postgresql: str, tmp_path: Path) -> None:
    pages = []
    for number, url in enumerate((sqlite, postgresql)):
        engine = open_database(url)
        fill_market(engine, openings=300, days=30)
        with writing(engine) as conn:
            store.save_claim_checks(conn, [check.row() for check in claim_checks(conn, LAST)])
        with reading(engine) as conn:
            answers = {name: ask(conn, name, LAST).rows for name in NAMES}
        made = reported(engine, tmp_path / str(number))
        engine.dispose()
        pages.append((answers, made.drawn))
    for name in NAMES:
        assert pages[0][0][name] == pages[1][0][name], name
    assert pages[0][1] == pages[1][1] >= len(FIGURES) - 2


def test_the_same_data_gives_the_same_bytes(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    fill_market(engine, openings=200, days=30)
    one, two = (reported(engine, tmp_path / name) for name in ("one", "two"))
    engine.dispose()
    assert one.page.read_bytes() == two.page.read_bytes()


def test_a_new_report_takes_the_place_of_the_old_one_whole(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    out = tmp_path / "out"
    reported(engine, out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    before = next(out.glob("figures-*")).name
    one_posting(engine)
    made = reported(engine, out)
    engine.dispose()
    after = [folder.name for folder in out.glob("figures-*")]
    assert len(after) == 1
    assert after[0] != before
    assert after[0] in made.page.read_text(encoding="utf-8")
    assert sorted(one.name for one in out.iterdir()) == sorted([after[0], "index.html", "notes.txt"])
    assert {file.stem for file in (out / after[0]).glob("*.csv")} == set(NAMES)


def test_a_report_that_fails_leaves_the_old_one(sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_database(sqlite)
    one_posting(engine)
    made = reported(engine, tmp_path / "out")
    before = made.page.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr("flows.report.market.report.render", lambda page: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reported(engine, tmp_path / "out")
    engine.dispose()
    assert made.page.read_bytes() == before
    assert not list((tmp_path / "out").glob(".*"))


def test_every_number_of_the_page_has_its_sql_and_data_beside_it(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    fill_market(engine, openings=200, days=30)
    with writing(engine) as conn:
        store.save_claim_checks(conn, [check.row() for check in claim_checks(conn, LAST)])
    made = reported(engine, tmp_path / "out")
    engine.dispose()
    read = Read(made.page)
    linked = {one["href"] for one in read.all("a")}
    [folder] = made.page.parent.glob("figures-*")
    assert {f"{folder.name}/{name}.{kind}" for name in NAMES for kind in ("csv", "sql")} <= linked
    assert f"To cite: Rolecall market report, data as of {LAST}" in read.words
    assert folder.name in read.words


def test_the_headline_counts_what_is_open(sqlite: str, tmp_path: Path) -> None:
    engine = open_database(sqlite)
    fill_market(engine, openings=200, days=30)
    with writing(engine) as conn:
        conn.execute(text("UPDATE job SET state = 'unconfirmed' WHERE state = 'open' AND role = 'backend-developer'"))
    with reading(engine) as conn:
        rows = {row["scope"]: row for row in ask(conn, "headline", LAST).rows}
        open_ones = "SELECT COUNT(*) FROM job WHERE state = 'open'"
        assert rows["all jobs"]["jobs_open"] == conn.scalar(text(open_ones))
        assert rows["all jobs"]["new_in_7_days"] == conn.scalar(text(f"{open_ones} AND first_seen >= '2026-11-13'"))
        architects = conn.scalar(text(f"{open_ones} AND role = 'backend-architect'"))
    engine.dispose()
    assert rows["back-end"]["jobs_open"] == architects
    assert rows["back-end"]["jobs_unconfirmed"] > 0


def test_a_market_without_reopened_jobs_adds_up(sqlite: str) -> None:
    engine = open_database(sqlite)
    fill_market(engine, openings=300, days=40)
    with reading(engine) as conn:
        days = ask(conn, "trend", LAST).rows
    engine.dispose()
    moved = sum(day["backend_new"] - day["backend_closed"] for day in days[1:])
    assert days[0]["backend_open"] + moved == days[-1]["backend_open"]


@pytest.mark.parametrize("name", NAMES)
def test_the_sql_beside_a_plot_runs_as_it_stands(engine: Engine, name: str) -> None:
    one_posting(engine)
    dialect = engine.dialect.name
    sql = statement(name, NOON.date(), dialect)
    assert ":days" not in sql
    assert "-- sqlite" not in sql
    assert "-- postgresql" not in sql
    with reading(engine) as conn:
        conn.execute(text(sql.replace(":", r"\:"))).fetchall()
        assert report_day(conn) == NOON.date()


def test_figures_of_a_known_store(engine: Engine) -> None:
    one_posting(engine)
    with reading(engine) as conn:
        told = {name: ask(conn, name, NOON.date()).rows for name in NAMES}
    backend = next(row for row in told["headline"] if row["scope"] == "back-end")
    assert (backend["jobs_open"], backend["open_remote"], backend["open_with_pay"], backend["new_in_7_days"]) == (
        1,
        1,
        1,
        1,
    )
    assert [row["left_over"] for row in told["loss"]] == [1] * 7
    assert {(row["region"], row["jobs"]) for row in told["remote_regions"]} == {("EU", 1), ("GB", 1)}
    assert told["pay_share"][0]["stated"] == 1
    assert told["trend"][0] | {"taxonomy_version": ""} == {
        "day": "2026-11-01", "taxonomy_version": "", "backend_open": 1, "wider_open": 1, "all_open": 1, "backend_new": 1,
        "backend_closed": 0, "sources": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tries", "complete", "partial", "empty", "failed", "how"),
    [(2, 2, 0, 0, 0, "complete"), (2, 1, 0, 0, 1, "partial"), (1, 0, 1, 0, 0, "partial"), (1, 0, 0, 1, 0, "empty"),
     (2, 0, 0, 1, 1, "failed"), (1, 0, 0, 0, 1, "failed")],
)  # fmt: skip
def test_how_a_day_ended(tries: int, complete: int, partial: int, empty: int, failed: int, how: str) -> None:
    row = {"tries": tries, "complete": complete, "partial": partial, "empty": empty, "failed": failed}
    assert outcome(row) == how


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Acme", "Acme"),
        ("", "(no name)"),
        (None, "(no name)"),
        ("a\u202eb\x00c\nd", "a b c d"),
        ("x" * 60, "x" * 47 + "…"),
    ],
)
def test_labels(said: str | None, told: str) -> None:
    assert plain(said) == told


def test_equal_labels_are_told_apart() -> None:
    assert distinct(["a", "b", "a"]) == ["a", "b", "a (2)"]


@pytest.mark.parametrize(
    ("said", "url"),
    [("https://example.com/x", "https://example.com/x"), ("javascript:alert(1)", ""), ("//example.com", ""), ("http://[", ""),
     (" data:text/html,x", ""), (None, "")],
)  # fmt: skip
def test_safe_urls(said: str | None, url: str) -> None:
    assert safe_url(said) == url


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0 %"), (0.001, "<1 %"), (0.999, ">99 %"), (1, "100 %"), (0.256, "26 %")]
)
def test_percent(share: float, said: str) -> None:
    assert percent(share) == said
    assert count(12345) == "12\u202f345"


@pytest.mark.parametrize(
    ("n", "said", "told"),
    [
        (1, "open job{s}", "1 open job"),
        (0, "open job{s}", "0 open jobs"),
        (2500, "ad{s} of it", "2\u202f500 ads of it"),
    ],
)
def test_several(n: int, said: str, told: str) -> None:
    assert several(n, said) == told


def test_a_per_cent_sign_stays_with_its_number() -> None:
    assert unbroken("20 % name none") == "20\u00a0% name none"


def test_the_day_is_that_of_the_last_run(engine: Engine) -> None:
    with reading(engine) as conn:
        assert report_day(conn) is None
    one_posting(engine)
    with reading(engine) as conn:
        assert report_day(conn) == dt.date(2026, 11, 1)
