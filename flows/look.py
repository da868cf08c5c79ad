"""A look at the own pages of ads that were not seen for long: within a budget a day, as politely as their boards.

The pages that an ended child wrote down are evidence like its segments: they are judged and stored in one transaction a
file, which is then removed; what a killed run left is taken in by the next. A look is known by its ad and its time, so
a file that is read twice changes nothing, and what was asked for counts towards the day whoever asked.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from config.cards import Card
from config.load import cards
from config.settings import settings
from flows import life
from flows.crawl import Page, Task, crawl
from flows.due import DAY
from flows.findings import finding
from flows.gather import beat, ended_runs, groups, lease
from flows.report.run import BAD, LookReport
from flows.run import Run, clear
from flows.settle import known_lives, rows_of
from spiders.bounds import objection
from spiders.spool import LOOKS
from storage import read, store
from storage.engine import in_transaction, reading

log = logging.getLogger("rolecall")


def look(run: Run) -> list[LookReport]:
    """Look at the own pages of unconfirmed ads and settle what they say; also what an earlier run left of that.

    Nothing is asked of a source that is off, paused, taken by another run or not well in this run; nor of one whose
    site limits its calls, for they belong to its board.
    """
    if run.order.kind != "crawl":
        return []
    for folder in ended_runs(run):
        if _settle_all(run, folder):
            clear(folder)
    with ExitStack() as held:
        tasks = [task for task in plan_looks(run) if lease(run, task.source, held)]
        if tasks:
            children = settings().children
            # once: whom a dead child has not asked is asked by the next run
            for _ in crawl(
                groups(tasks, children), run_id=run.run_id, spool=run.folder / "looks", children=children, attempts=1
            ):
                beat(run)
    _settle_all(run, run.folder)
    return run.report.looks


# ── which ────────────────────────────────────────────────────────────────────────────────────────────────────────


def plan_looks(run: Run) -> list[Task]:
    """The pages to look at in this run, by source."""
    now = run.clock()
    with reading(run.engine) as conn:
        budgets = _budgets(run, read.paused(conn))
        looked = read.looks_since(conn, now - DAY)
        rows = groupby(read.to_check(conn, before=now - life.AGAIN), key=lambda row: str(row.source))
        chosen = {
            source: _chosen(run, source, some, now, budgets[source], looked.get(source, 0))
            for source, some in rows
            if source in budgets
        }
        validators = read.page_validators(conn, (key for pages in chosen.values() for key in pages))
    return [
        Task(source, pages=tuple(Page(key, url, validators.get(key, {})) for key, url in pages.items()))
        for source, pages in chosen.items()
        if pages
    ]


def _budgets(run: Run, paused: Mapping[str, str]) -> dict[str, int]:
    """Looks a day of each source that may be asked in this run."""
    named = {name.partition("/")[0] for name in run.order.sources}
    unwell = {board.source for board in run.report.boards if board.state in BAD - {"partial"}}
    return {
        source: card.looks_per_day
        for source, card in cards().items()
        if _may_be_asked(card) and source not in paused and source not in unwell and (not named or source in named)
    }


def _may_be_asked(card: Card) -> bool:
    return card.on and card.kind != "site" and not card.missing() and card.calls_per_day is None


def _chosen(run: Run, source: str, rows: Iterable[Any], now: dt.datetime, budget: int, looked: int) -> dict[str, str]:
    """Addresses by key of the ads of a source whose turn it is."""
    boards = {name.partition("/")[2] for name in run.order.sources if name.startswith(f"{source}/")}
    urls: dict[str, str] = {}

    def asked() -> Iterator[life.Life]:
        for row in rows:
            if (not boards or row.board in boards) and on_card(row.url, cards()[source]):
                urls[row.posting_key] = row.url
                yield from known_lives([row])

    lives = life.plan_checks(asked(), now, budget=budget, looked_today=looked)
    return {one.posting_key: urls[one.posting_key] for one in lives}


def on_card(url: str, card: Card) -> bool:
    """Whether an address lies on a host that the card names. The crawl refuses all others: planning them is idle."""
    return bool(card.hosts) and not objection(url, card.hosts)


# ── what they say ────────────────────────────────────────────────────────────────────────────────────────────────


def _settle_all(run: Run, folder: Path) -> int:
    """Settle what the children of a run wrote down; how many files that were."""
    settled = 0
    for file in sorted(folder.glob(f"looks/*/{LOOKS}")):
        try:
            reports = in_transaction(run.engine, partial(_settle, run=run, lines=list(_lines(file))))
        except SQLAlchemyError:
            raise
        except Exception as error:
            # the file stays: the looks are evidence, and were asked for
            because = f"looking at pages: our own code failed: {type(error).__name__}: {error}"[:300]
            run.report.findings.append(finding("failed", because=because))
            log.exception("settling %s failed", file)
            continue
        run.report.looks += reports
        run.opened += sum(report.confirmed for report in reports)
        file.unlink()
        settled += 1
    return settled


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """Whole lines; one that was cut by a kill is none."""
    for line in file.read_bytes().splitlines():
        try:
            said = orjson.loads(line)
            yield {**said, "at": dt.datetime.fromisoformat(said["at"])}
        except (ValueError, KeyError, TypeError):
            continue


def _settle(conn: Connection, *, run: Run, lines: list[dict[str, Any]]) -> list[LookReport]:
    """The looks of one file that were not stored before: kept, and the states that follow from them."""
    ads = {row.posting_key: row for row in read.lives_of(conn, {line["key"] for line in lines})}
    judged = {line["key"]: _judged(ads[line["key"]], line) for line in lines if line["key"] in ads}
    fresh = set(store.save_looks(conn, judged.values()))
    looks = [life.Look(key, said["at"], said["run_id"], said["says"]) for key, said in judged.items() if key in fresh]
    moves, lives = life.settle_looks(known_lives(ads.values()), looks)
    store.apply_transitions(conn, rows_of(moves, lives), run_id=run.run_id, now=run.clock())
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in looks:
        counts.setdefault((ads[one.posting_key].source, ads[one.posting_key].board), Counter())["looked"] += 1
    for move in moves:
        ad = ads[move.posting_key]
        counts[ad.source, ad.board]["closed" if move.state == "closed" else "confirmed"] += 1
    return [
        LookReport(*board, figures["looked"], figures["closed"], figures["confirmed"])
        for board, figures in sorted(counts.items())
    ]


def _judged(ad: Any, line: Mapping[str, Any]) -> dict[str, Any]:
    """A row of ``look``: what the page says of its ad. What a page is known by counts only while it bears the ad."""
    said = life.read_page(line["status"], line["asked"], line["url"], line["text"], ad.title)
    alive = said.says == "alive"
    return {
        "posting_key": ad.posting_key,
        "at": line["at"],
        "run_id": line["run"],
        "source": ad.source,
        "board": ad.board,
        "status": line["status"],
        "url": line["url"],
        "says": said.says,
        "because": (line["because"] or said.because) if said.says == "nothing" else said.because,
        "etag": line.get("etag", "") if alive else "",
        "last_modified": line.get("last_modified", "") if alive else "",
    }
