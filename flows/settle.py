"""One board's batch, from its landing segments to the database: land, clean, classify, check, store with its life.

Everything of a board is written in one transaction, its ledger rows included; so a batch is stored once and whole, or
not at all, and a bad one never reaches the store nor the jobs of other boards.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from config.cards import Card
from config.load import cards
from flows import check, life
from flows.believe import Batch, as_read
from flows.findings import Finding, finding
from flows.land import digest, read_segment
from flows.report.run import BoardReport
from flows.run import Run
from spiders.spool import file_name
from storage import read, store
from storage.engine import in_transaction
from storage.models import Posting, Rejection, RunState

log = logging.getLogger("rolecall")

MOST_FAULTS = 0.5
"""Share of records on which our own code may fail before the board's batch is refused as a whole."""
HELD = "held"
"""The folder in the spool where segments wait on which our own code failed; each run tries them again."""
MOST_HELD = 3
"""Runs of one board whose segments wait at most: the newest, for what a board still lists stands in them too."""


@dataclass
class BoardCatch:
    """What a crawl brought home of one board: how it ended, and the segments it left."""

    source: str
    board: str
    state: RunState
    because: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)
    segments: tuple[Path, ...] = ()
    crawled_by: str = ""
    """The earlier run that crawled it, where it is not the one that settles it."""

    @property
    def name(self) -> str:
        """``greenhouse/acme``, or the source alone."""
        return f"{self.source}/{self.board}" if self.board else self.source

    @property
    def card(self) -> Card:
        """The source's card."""
        return cards()[self.source]

    def at(self, key: str, otherwise: dt.datetime) -> dt.datetime:
        """One of the outcome's moments."""
        said = self.outcome.get(key)
        return dt.datetime.fromisoformat(said) if said else otherwise


def settle(run: Run, caught: BoardCatch) -> BoardReport:
    """Land, clean, classify, check and store one board, and decide what opened and closed on it.

    A fault of our own code fails this board alone: nothing of it is stored, and its segments are held for the next run.
    """
    try:
        report = _settle(run, caught)
    except SQLAlchemyError:
        raise
    except Exception as error:
        because = f"our own code failed: {type(error).__name__}: {error}"[:300]
        run.report.findings.append(finding("failed", caught.source, caught.board, because=because))
        report = BoardReport(caught.source, caught.board, "failed", because)
        hold(run, caught)
        log.exception("settling %s failed", caught.name)
    run.report.boards.append(report)
    return report


def _settle(run: Run, caught: BoardCatch) -> BoardReport:
    batch = _batch(run, caught.segments)
    now = _moment(run, caught, "finished", run.clock())
    if batch.failures > MOST_FAULTS * max(1, len(batch.captures) + batch.failures):
        caught.state, caught.because = "failed", f"our own code failed on {batch.failures} records; nothing is stored"
        batch = Batch(rejections=batch.rejections)
        hold(run, caught)
    read_at = _read_at(caught, batch, now)
    postings = distinct(batch.postings)
    report, settled, findings = in_transaction(
        run.engine, lambda conn: _store(conn, run, caught, batch, postings, now, read_at)
    )
    run.report.findings += findings
    run.opened += sum(t.state == "open" for t in settled.transitions)
    run.left += sum(t.was == "open" and t.state != "open" for t in settled.transitions)
    for segment in caught.segments:
        segment.unlink(missing_ok=True)
    return report


def hold(run: Run, caught: BoardCatch) -> None:
    """Keep the segments of a board on which our own code failed, for the next run, which may have a mended one.

    Those of the newest :data:`MOST_HELD` runs are kept, by board; a finding says how many wait and where.
    """
    held = run.spool / HELD
    for segment in caught.segments:
        if held not in segment.parents:
            # the name of its run first, so that the folders sort by age
            folder = held / f"{segment.parent.parent.name}+{segment.parent.name}"
            folder.mkdir(parents=True, exist_ok=True)
            segment.rename(folder / segment.name)
    caught.segments = ()
    waiting = sorted(held.glob(f"*/{segment_prefix(caught.source, caught.board)}~*.jsonl"))
    newest = sorted({run_of(segment) for segment in waiting})[-MOST_HELD:]
    for segment in waiting:
        if run_of(segment) not in newest:
            segment.unlink()
    if waiting:
        kept = sum(run_of(segment) in newest for segment in waiting)
        said = finding("segments_held", caught.source, caught.board, segments=kept, runs=len(newest), folder=str(held))
        run.report.findings.append(said)


def run_of(segment: Path) -> str:
    """The run that crawled a segment, held or not."""
    folder = segment.parent
    return folder.name.partition("+")[0] if folder.parent.name == HELD else folder.parent.name


def segment_prefix(source: str, board: str) -> str:
    """What the names of a board's segments begin with."""
    return file_name(source, board, 0).rpartition("~")[0]


def _moment(run: Run, caught: BoardCatch, key: str, otherwise: dt.datetime) -> dt.datetime:
    """When the crawl of a board began or ended, as it says; a recording is as old as its clock."""
    return run.clock() if run.order.demo else caught.at(key, otherwise)


def _read_at(caught: BoardCatch, batch: Batch, now: dt.datetime) -> dt.datetime:
    """When what an earlier run left was read: as its records say, or when that run began; each is as old as it is."""
    if not caught.crawled_by:
        return now
    said = [posting.last_seen for posting in as_read(batch, now) if posting.last_seen]
    return max(said, default=min(store.began(caught.crawled_by) or now, now))


def _batch(run: Run, segments: Sequence[Path]) -> Batch:
    batch = Batch()
    for segment in segments:
        for part in run.believers.batches(read_segment(segment), cards(), run.clock()):
            batch.add(part)
    return batch


def distinct(postings: Sequence[Posting]) -> list[Posting]:
    """One posting a key: the one its author changed last, and of equals the one read last."""
    kept: dict[str, Posting] = {}
    for posting in postings:
        before = kept.get(posting.posting_key)
        if before is None or _changed_at(posting) >= _changed_at(before):
            kept[posting.posting_key] = posting
    return list(kept.values())


def _changed_at(posting: Posting) -> dt.datetime:
    return posting.updated_at or dt.datetime.min.replace(tzinfo=dt.UTC)


def _store(
    conn: Connection,
    run: Run,
    caught: BoardCatch,
    batch: Batch,
    postings: Sequence[Posting],
    now: dt.datetime,
    read_at: dt.datetime,
) -> tuple[BoardReport, life.Settlement, list[Finding]]:
    """All of one board in the caller's transaction; run again from the start where that has to be repeated."""
    source, board, card = caught.source, caught.board, expected_of(run, caught.card)
    store.ensure_boards(conn, [(source, board)], run.run_id)
    for segment in caught.segments:
        store.save_segment(
            conn, sha256=digest(segment), name=segment.name, run_id=run.run_id, now=now, source=source, board=board
        )
    history = life.BoardHistory.from_json(read.board_life(conn, source, board))
    baseline = check.Baseline.of(map(check.BoardFacts.of, read.board_runs(conn, source, board, limit=10)))
    listed = {*batch.seen, *(r.external_id for r in batch.rejections if r.external_id)}
    known = known_lives(read.lives(conn, source, board, {*listed, *map(_external_id, postings)}))

    saved = store.save_postings(conn, postings, run_id=run.run_id, now=read_at, live=not caught.crawled_by)
    # what the store refused (forgotten, unstorable) was listed, but nothing of it opens
    refused = {rejection.external_id for rejection in saved.rejections}
    listed |= refused
    postings = [posting for posting in postings if posting.external_id not in refused]
    rejections = [*batch.rejections, *saved.rejections]
    store.save_captures(conn, batch.captures, run_id=run.run_id, now=now)
    store.save_rejections(conn, rejections, run_id=run.run_id, now=now)

    facts = _facts(run, caught, batch, saved, rejections, known, history)
    verdict = check.check_batch(card, facts, baseline)
    sighting = _sighting(_crawl_of(conn, run, caught), caught, batch, postings, frozenset(listed), verdict, read_at)
    settled = life.settle(card, history, known, sighting)
    store.apply_transitions(conn, rows_of(settled.transitions, settled.lives), run_id=run.run_id, now=now)
    store.save_board_life(conn, source, board, settled.history.to_json())

    state, because = _state(caught, verdict, settled.findings)
    closed = sum(t.state == "closed" for t in settled.transitions)
    reopened = sum(t.reopened for t in settled.transitions)
    figures = {"new": saved.new, "changed": saved.changed, "unchanged": saved.unchanged, "rejected": len(rejections)}
    store.finish_board_run(
        conn,
        run.run_id,
        source,
        board,
        state=state,
        because=because,
        now=now,
        complete=settled.believed,
        validators=_validators(caught),
        started_at=_moment(run, caught, "started", read_at),
        found=facts.found,
        declared_total=facts.declared_total,
        seen=len(batch.seen),
        closed=closed,
        reopened=reopened,
        duplicates=facts.duplicates,
        pages=facts.pages,
        http=dict(facts.http),
        filled=dict(facts.filled),
        facts=facts.further(),
        **figures,
    )
    findings = [*verdict.findings, *settled.findings]
    report = BoardReport(source, board, state, because, facts.found, closed=closed, reopened=reopened, **figures)
    return report, settled, findings


def expected_of(run: Run, card: Card) -> Card:
    """The card, with expectations that fit: a recording is a handful of records, not a day of a board."""
    if run.order.kind != "demo":
        return card
    return card.model_copy(update={"expect": card.expect.model_copy(update={"min_postings": 1})})


def known_lives(rows: Iterable[Any]) -> list[life.Life]:
    """Rows of ``posting`` as the rules of life take them."""
    names = [field.name for field in fields(life.Life)]
    return [life.Life(**{name: getattr(row, name) for name in names}) for row in rows]


def _external_id(posting: Posting) -> str:
    return posting.external_id


def _facts(
    run: Run,
    caught: BoardCatch,
    batch: Batch,
    saved: store.Saved,
    rejections: Sequence[Rejection],
    known: Sequence[life.Life],
    history: life.BoardHistory,
) -> check.BoardFacts:
    said = caught.outcome
    ids = {capture.external_id for capture in batch.captures}
    last = history.last_complete
    return check.BoardFacts(
        source=caught.source,
        board=caught.board,
        run_id=run.run_id,
        state=caught.state,
        because=caught.because,
        found=last.found if batch.unchanged and last else len(ids.union(batch.seen)),
        declared_total=said.get("declared_total"),
        seen=len(batch.seen),
        new=saved.new,
        changed=saved.changed,
        unchanged=saved.unchanged,
        rejected=len(rejections),
        reasons=Counter(rejection.reason for rejection in rejections),
        duplicates=len(batch.captures) - len(ids),
        pages=said.get("pages", 0),
        http=said.get("http", {}),
        filled=batch.fill.shares(),
        read=batch.fill.records,
        open_before=len(known),
        same_list=batch.unchanged,
        unknown_keys=said.get("unknown_keys", {}),
        unknown_values=said.get("unknown_values", {}),
        troubles=said.get("troubles", {}),
        retries=said.get("retries", 0),
        offsite=said.get("offsite", 0),
        robots=said.get("robots", 0),
        finish_reason=said.get("finish_reason", "finished"),
        declared_first=said.get("declared_first"),
        exceptions=tuple(said.get("exceptions", ())),
    )


def _crawl_of(conn: Connection, run: Run, caught: BoardCatch) -> tuple[str, int]:
    """Name and number of the run that crawled it; one that is not on record is older than all that are."""
    if not caught.crawled_by:
        return run.run_id, run.number
    row = read.run(conn, caught.crawled_by)
    return caught.crawled_by, row["number"] if row else 0


def _sighting(
    crawl: tuple[str, int],
    caught: BoardCatch,
    batch: Batch,
    postings: Sequence[Posting],
    listed: frozenset[str],
    verdict: check.Verdict,
    read_at: dt.datetime,
) -> life.BoardSighting:
    run_id, number = crawl
    return life.BoardSighting(
        run_id=run_id,
        number=number,
        at=read_at,
        state=caught.state,
        # a file is somebody's selection: what it leaves out says nothing
        complete=caught.state == "complete" and verdict.trusted,
        read={posting.external_id: posting.valid_through for posting in postings},
        listed=listed,
        removed=frozenset(batch.removed),
        gone=frozenset(caught.outcome.get("gone", ())),
        unchanged=batch.unchanged,
        board_gone=caught.because == "gone",
        below_min=verdict.below_min,
        # no declared_total: the crawl has held it against all it listed, left-out records included
        source=caught.source,
        board=caught.board,
    )


def rows_of(moves: Iterable[life.Transition], lives: Iterable[life.Life]) -> list[dict[str, Any]]:
    """The rows to write, each with reason and time where its state changed."""
    why = {move.posting_key: {"because": move.words, "at": move.at} for move in moves}
    return [{**asdict(row), **why.get(row.posting_key, {})} for row in lives]


def _state(caught: BoardCatch, verdict: check.Verdict, findings: Sequence[Finding]) -> tuple[RunState, str]:
    """The board's state as stored: a crawl that came to its end but failed its check is partial."""
    if caught.state == "complete" and not (verdict.complete and check.passes(findings)):
        wrong = next(f.text for f in (*verdict.findings, *findings) if f.level == "error")
        return "partial", wrong
    return caught.state, caught.because


def _validators(caught: BoardCatch) -> dict[str, Any] | None:
    """What the next crawl must know to ask only for what is new.

    After a crawl that did not come to its end the lists are asked for without conditions, so that they are read
    whole; what it read of single ads still counts. None where nothing was learned.
    """
    if caught.state not in ("complete", "empty", "partial") or not caught.outcome:
        return None
    return {"urls": caught.outcome.get("validators", {}), "ids": caught.outcome.get("ids", {})}
