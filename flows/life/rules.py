"""The rules by which a posting opens, fades, closes and returns.

Pure: a sighting of one board and what was known of it go in, the changes come out. The rules are those of the design
("How a run speaks"); their figures stand here by name.

What an absence means, by the card's coverage: in a *window* nothing, in a *catalogue* a miss after a complete run, in
a *stream* nothing (it says itself what closed). Whatever the coverage, an ad past its own end or with its own page
gone is closed. Errors, blocks and short answers close nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from config.cards import Card
from flows.findings import Finding, Level, finding
from flows.life.values import (
    CLOSING,
    Because,
    BoardHistory,
    BoardSighting,
    CompleteRun,
    Held,
    Life,
    Look,
    Settlement,
    Transition,
)
from storage.models import State, posting_key
from storage.pieces import raw_id

DROP = 0.70
"""A complete run that finds less than this share of the median is doubted."""
BLAST = 0.30
"""More than this share of the open postings about to close is doubted."""
FLOOR = 10
"""Open postings from which on the two guards apply; an empty answer is doubted on boards of any size."""
ALIKE = 0.30
"""Two doubted runs show the same picture when what they found differs by no more than this share."""
HOLD = dt.timedelta(hours=48)
"""A doubted picture is believed when it has held this long ..."""
HOLD_RUNS = 3
"""... and in this many complete runs in a row."""
PATIENCE = dt.timedelta(days=14)
"""A posting absent from every complete run for this long is believed closed even while the picture keeps changing."""
GONE_APART = dt.timedelta(hours=6)
"""Two answers that the board itself is gone must lie this far apart."""
NEARLY = 0.02
"""Share of the declared total that may be missing; a run within it closes only what three runs missed."""
CAREFUL_MISSES = 3
"""Misses needed where single answers are known to be inexact."""

_ANSWERED = ("complete", "partial", "empty")


@dataclass(frozen=True, slots=True)
class _Case:
    """One posting that evidence of this run speaks against."""

    life: Life
    because: Because
    sure: bool
    """No guard needs to look at it: it is not listed, and its own page or its own date says that it ended."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A sighting beside the rules and the history it is read by."""

    card: Card
    history: BoardHistory
    sighting: BoardSighting
    counted: bool
    """An absence in it says something."""
    repeated: bool
    """It was settled before."""


def settle(card: Card, history: BoardHistory, known: Sequence[Life], sighting: BoardSighting) -> Settlement:
    """What one sighting of a board changes.

    Args:
        card: the source's rules: coverage, misses, stale_after.
        history: what is remembered of the board.
        known: every posting of the board that is not closed, and the closed ones that the sighting has seen.
        sighting: what the run saw. The same sighting again changes nothing; one of an older run than the last, or of
            an earlier hour of the last, only adds sightings.
    """
    if _is_late(history, sighting):
        return _late(history, known, sighting)
    counted = _counts(history, sighting)
    run = _Run(card, history, sighting, counted, not counted and sighting.number == history.last_number)
    after = replace(history, last_number=sighting.number, last_at=sighting.at)
    looked = [_look(run, life) for life in known]
    if sighting.board_gone and sighting.state not in _ANSWERED and not sighting.read and card.coverage == "catalogue":
        after, cases, said = _board_gone(after, sighting, looked)
    else:
        if sighting.state in _ANSWERED:
            after = replace(after, gone_since=None, gone_run="")
        after, looked, cases, said = _guard(run, after, looked)
    return _settlement(run, after, known, looked, cases, [*_clock(history, sighting), *_short(sighting), *said])


def settle_looks(known: Iterable[Life], looks: Iterable[Look]) -> tuple[list[Transition], list[Life]]:
    """What looks at own pages change: the transitions, and the lives that differ from what was known.

    A look speaks of one ad and of no board: no guard, no history. It decides only what is still unconfirmed and was
    not seen after it; any look is remembered, so that the next one waits its turn. The same looks again change nothing.
    """
    by_key: dict[str, list[Look]] = {}
    for look in sorted(looks, key=lambda look: look.at):
        by_key.setdefault(look.posting_key, []).append(look)
    moves, lives = [], []
    for before in known:
        life = before
        for look in by_key.get(before.posting_key, ()):
            life, move = _looked(life, look)
            moves += [move] if move else []
        if life != before:
            lives.append(life)
    return moves, lives


def _looked(life: Life, look: Look) -> tuple[Life, Transition | None]:
    if life.checked_at is not None and look.at <= life.checked_at:
        return life, None
    life = replace(life, checked_at=look.at)
    if life.state != "unconfirmed" or look.at <= life.last_seen or look.says == "nothing" or _expired(life, look.at):
        return life, None
    because: Because = "page_gone" if look.says == "gone" else "page_alive"
    state: State = "closed" if look.says == "gone" else "open"
    move = Transition(life.posting_key, life.external_id, life.state, state, look.at, because, (look.run_id,))
    if look.says == "alive":
        life = replace(life, last_seen=look.at, misses=0, missed_since=None)
    return _moved(life, move), move


# ── what the run saw ────────────────────────────────────────────────────────────────────────────────────────────


def _counts(history: BoardHistory, sighting: BoardSighting) -> bool:
    """Whether an absence in this sighting says anything: a complete run, not counted before, not short."""
    last = history.last_complete
    if last and sighting.number <= last.number:
        return False
    if sighting.unchanged:
        # unchanged since which list? only since that of a complete run directly before
        return last is not None and last.number == history.last_number and sighting.state == "complete"
    if sighting.state == "empty":
        return sighting.count == 0 and not sighting.declared_total
    return sighting.complete and sighting.state == "complete" and not _too_short(sighting)


def _is_late(history: BoardHistory, sighting: BoardSighting) -> bool:
    """Something newer was settled before: by number, or of one run (a child that died, and the next one) by the clock."""
    if sighting.number != history.last_number or history.last_at is None:
        return sighting.number < history.last_number
    return sighting.at < history.last_at


def _found(history: BoardHistory, sighting: BoardSighting) -> int:
    last = history.last_complete
    return last.found if sighting.unchanged and last else sighting.count


def _missing_by_own_count(sighting: BoardSighting) -> int:
    return max(0, (sighting.declared_total or 0) - sighting.count) if not sighting.unchanged else 0


def _too_short(sighting: BoardSighting) -> bool:
    return _missing_by_own_count(sighting) > NEARLY * (sighting.declared_total or 0)


def _present(sighting: BoardSighting, life: Life) -> bool:
    """Listed or read; an unchanged list still holds what it held."""
    one = life.external_id
    if one in sighting.removed:
        return False
    if sighting.unchanged and life.misses == 0 and life.state != "closed":
        return True
    return one in sighting.read or one in sighting.listed or raw_id(one) in sighting.listed


def _page_gone(sighting: BoardSighting, life: Life) -> bool:
    """Its own page is gone; an ad read in the same run has a page."""
    return life.external_id not in sighting.read and not sighting.gone.isdisjoint(
        (life.external_id, raw_id(life.external_id))
    )


def _look(run: _Run, life: Life) -> Life:
    """The posting with its dates and misses brought up to date; its state is as before."""
    sighting, one, at = run.sighting, life.external_id, run.sighting.at
    gone = _page_gone(sighting, life)
    if gone:
        life = replace(life, checked_at=at)
    if one in sighting.read:
        life = replace(life, valid_through=sighting.read[one])
    if _present(sighting, life) and not gone:
        return replace(life, last_seen=max(life.last_seen, at), misses=0, missed_since=None)
    said = gone or one in sighting.removed
    absent = run.counted and (run.card.coverage != "stream" or life.misses > 0)
    if life.state == "closed" or not (absent or (said and not run.repeated)):
        return life
    return replace(life, misses=life.misses + 1, missed_since=life.missed_since or at)


def _cases(run: _Run, looked: Iterable[Life]) -> list[_Case]:
    """The open postings that this run's evidence would close. What a guard must look at, it looks at once a run."""
    cases = _against(run.card, run.sighting, looked, run.counted)
    return [case for case in cases if case.sure or not run.repeated]


def _against(card: Card, sighting: BoardSighting, looked: Iterable[Life], counted: bool) -> Iterable[_Case]:
    needed = max(card.misses, CAREFUL_MISSES) if _missing_by_own_count(sighting) else card.misses
    for life in looked:
        if life.state == "closed":
            continue
        listed = _present(sighting, life)
        if _expired(life, sighting.at):
            yield _Case(life, "expired", sure=not listed)
        elif _page_gone(sighting, life):
            yield _Case(life, "page_gone", sure=not listed)
        elif life.external_id in sighting.removed or (card.coverage == "stream" and counted and life.misses):
            yield _Case(life, "said_closed", sure=False)
        elif card.coverage == "catalogue" and counted and life.misses >= needed:
            yield _Case(life, "missing", sure=False)


def _expired(life: Life, at: dt.datetime) -> bool:
    return life.valid_through is not None and life.valid_through < at


# ── the guards ──────────────────────────────────────────────────────────────────────────────────────────────────


def _guard(
    run: _Run, history: BoardHistory, looked: list[Life]
) -> tuple[BoardHistory, list[Life], list[_Case], list[Finding]]:
    """Hold back what a doubted run would close; let go when the same picture has held long enough."""
    trusted = [_without_doubted(run, life) for life in looked]
    cases = _cases(run, trusted)
    doubts = _doubts(run, trusted, cases)
    if run.counted:
        history = _held(history, run.sighting, bool(doubts))
    if not doubts:
        return history, trusted, cases, []
    cases, held, at = _cases(run, looked), history.held, run.sighting.at
    if run.counted and held and held.runs >= HOLD_RUNS and at - held.since >= HOLD:
        believed = [c for c in cases if c.sure or c.because == "expired" or c.life.misses >= held.runs]
        since = held.since.isoformat()
        said = _finding(run.sighting, "doubt_released", runs=held.runs, since=since, closed=len(believed))
        return history.believe(held.runs), looked, [_confirmed(c, held.found) for c in believed], [said]
    long_absent = [_confirmed(c, 1) for c in cases if not c.sure and _long_absent(c.life, at)]
    return history, looked, [c for c in cases if c.sure] + long_absent, doubts


def _without_doubted(run: _Run, life: Life) -> Life:
    """The misses that count once a run is believed again: those of the doubted runs before it were none."""
    held = run.history.held
    if not (run.counted and held and life.misses):
        return life
    return replace(life, misses=1 + max(0, life.misses - 1 - held.doubted))


def _doubts(run: _Run, looked: Sequence[Life], cases: Sequence[_Case]) -> list[Finding]:
    """Why this run is not to be believed yet; empty where it is."""
    sighting, median = run.sighting, run.history.median
    found = _found(run.history, sighting)
    open_now = sum(life.state != "closed" for life in looked)
    closing = sum(not case.sure for case in cases)
    if run.counted and run.card.coverage == "catalogue" and open_now:
        if found == 0:
            return [_finding(sighting, "empty_doubted", "error" if open_now >= FLOOR else "warning", open=open_now)]
        if sighting.below_min or (open_now >= FLOOR and median is not None and found < DROP * median):
            usual = "unknown" if median is None else f"{median:g}"
            return [_finding(sighting, "drop_doubted", found=found, median=usual)]
    if open_now >= FLOOR and closing > BLAST * open_now:
        return [_finding(sighting, "closing_doubted", closing=closing, open=open_now)]
    return []


def _held(history: BoardHistory, sighting: BoardSighting, doubted: bool) -> BoardHistory:
    """The history with this complete run, and with the streak of doubted runs that it continues, starts or ends."""
    found = _found(history, sighting)
    run = CompleteRun(sighting.run_id, sighting.number, sighting.at, found, believed=not doubted)
    history = history.remember(run)
    if not doubted:
        return replace(history, held=None)
    held = history.held
    in_a_row = 1 + (held.doubted if held else 0)
    if held and abs(found - held.found) <= ALIKE * max(found, held.found):
        # a clock that was ahead must not keep the streak from ageing
        return replace(history, held=Held(min(held.since, sighting.at), held.runs + 1, found, in_a_row))
    return replace(history, held=Held(sighting.at, 1, found, in_a_row))


def _confirmed(case: _Case, found: int) -> _Case:
    """What only a guard held back closes for the reason that the picture lasted."""
    if case.because in ("missing", "said_closed"):
        return replace(case, because="drop_confirmed" if found else "empty_confirmed")
    return case


def _long_absent(life: Life, at: dt.datetime) -> bool:
    return life.missed_since is not None and life.misses >= HOLD_RUNS and at - life.missed_since >= PATIENCE


def _board_gone(
    history: BoardHistory, sighting: BoardSighting, looked: Sequence[Life]
) -> tuple[BoardHistory, list[_Case], list[Finding]]:
    """A first answer that the board is gone is remembered; a second one far enough from it closes what was open."""
    since = history.gone_since
    expired = [
        _Case(life, "expired", True) for life in looked if life.state != "closed" and _expired(life, sighting.at)
    ]
    if since is None or since > sighting.at:
        history = replace(history, gone_since=sighting.at, gone_run=sighting.run_id)
        return history, expired, [_finding(sighting, "board_gone_pending")]
    if sighting.at - since < GONE_APART:
        return history, expired, [_finding(sighting, "board_gone_pending")]
    cases = [_Case(life, "board_gone", True) for life in looked if life.state != "closed"]
    level: Level = "error" if cases else "warning"
    said = _finding(sighting, "board_gone", level=level, since=since.isoformat(), closed=len(cases))
    return replace(history, held=None), cases, [said]


# ── what follows ────────────────────────────────────────────────────────────────────────────────────────────────


def _settlement(
    run: _Run,
    history: BoardHistory,
    known: Sequence[Life],
    looked: Sequence[Life],
    cases: Sequence[_Case],
    findings: Sequence[Finding],
) -> Settlement:
    closing = {case.life.posting_key: case.because for case in cases}
    moves: list[Transition] = []
    lives: list[Life] = []
    for before, life in zip(known, looked, strict=True):
        because = closing.get(life.posting_key) or _next(run, before, life)
        if because:
            move = _move(history, before, life, because, run.sighting)
            moves.append(move)
            life = _moved(life, move)
        if life != before:
            lives.append(life)
    for life, move in _new(known, run.sighting):
        lives.append(life)
        moves.append(move)
    last = history.last_complete
    return Settlement(
        tuple(sorted(moves, key=lambda move: move.external_id)),
        tuple(sorted(lives, key=lambda life: life.external_id)),
        history,
        tuple(findings),
        believed=run.counted and last is not None and last.believed,
    )


def _next(run: _Run, before: Life, life: Life) -> Because | None:
    """Why a posting that nothing closes changes its state in this run; None where it does not."""
    sighting = run.sighting
    seen = _present(sighting, before) and not _page_gone(sighting, before)
    if life.state == "closed":
        return "seen_again" if seen and not _expired(life, sighting.at) else None
    if life.state == "unconfirmed":
        return "seen_again" if seen else None
    return "not_seen" if sighting.at - life.last_seen > run.card.stale_after else None


def _move(history: BoardHistory, before: Life, life: Life, because: Because, sighting: BoardSighting) -> Transition:
    return Transition(
        life.posting_key,
        life.external_id,
        before.state,
        "closed" if because in CLOSING else "unconfirmed" if because == "not_seen" else "open",
        max(sighting.at, life.last_seen),
        because,
        _evidence(history, life, because, sighting),
        reopened=before.state == "closed",
    )


def _evidence(history: BoardHistory, life: Life, because: Because, sighting: BoardSighting) -> tuple[str, ...]:
    """The runs that speak for it: all that missed it (as far as remembered), both that found the board gone."""
    if because == "board_gone":
        return (history.gone_run, sighting.run_id)
    if because == "missing":
        return tuple(run.run_id for run in history.complete if run.believed)[-life.misses :]
    if because in ("empty_confirmed", "drop_confirmed"):
        return tuple(run.run_id for run in history.complete[-life.misses :])
    return (sighting.run_id,)


def _moved(life: Life, move: Transition) -> Life:
    if move.state == "closed":
        return replace(life, state="closed", closed_at=move.at, closed_because=move.words)
    return replace(life, state=move.state, closed_at=None, closed_because=None)


def _new(known: Iterable[Life], sighting: BoardSighting) -> Iterable[tuple[Life, Transition]]:
    """Postings read for the first time. One whose end has passed already begins closed."""
    held = {life.external_id for life in known}
    at = sighting.at
    for one in sorted(sighting.read.keys() - held):
        key = posting_key(sighting.source, sighting.board, one)
        life = Life(key, one, "open", at, at, valid_through=sighting.read[one])
        ended = one in sighting.removed or _expired(life, at)
        because: Because = ("said_closed" if one in sighting.removed else "expired") if ended else "first_seen"
        move = Transition(key, one, None, "closed" if ended else "open", at, because, (sighting.run_id,))
        yield (_moved(life, move), move)


def _late(history: BoardHistory, known: Sequence[Life], sighting: BoardSighting) -> Settlement:
    """An older run that is settled after a newer one: it widens first_seen and last_seen, and changes no state."""
    lives = []
    for life in known:
        if not sighting.unchanged and _present(sighting, life):
            wider = replace(
                life, first_seen=min(life.first_seen, sighting.at), last_seen=max(life.last_seen, sighting.at)
            )
            if wider != life:
                lives.append(wider)
    new = list(_new(known, sighting))
    said = _finding(sighting, "late_run", number=sighting.number, last=history.last_number)
    return Settlement(
        tuple(move for _, move in new),
        tuple(sorted([*lives, *(life for life, _ in new)], key=lambda one: one.external_id)),
        history,
        (said,),
    )


def _clock(history: BoardHistory, sighting: BoardSighting) -> list[Finding]:
    last = history.last_at
    if last is None or sighting.at >= last:
        return []
    return [_finding(sighting, "clock_back", at=sighting.at.isoformat(), last=last.isoformat())]


def _short(sighting: BoardSighting) -> list[Finding]:
    if sighting.state not in _ANSWERED or not _missing_by_own_count(sighting):
        return []
    return [_finding(sighting, "fewer_than_declared", declared=sighting.declared_total, found=sighting.count)]


def _finding(sighting: BoardSighting, code: str, level: Level | None = None, **facts: object) -> Finding:
    return finding(code, sighting.source, sighting.board, level=level, **facts)
