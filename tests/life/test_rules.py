"""Each rule by which a posting opens, fades, closes and returns, one test a rule."""

from __future__ import annotations

import datetime as dt

import pytest

from flows.life import BoardHistory, settle
from tests.life.world import DAY, HOUR, START, Store, card, sighting_of

TWENTY = [str(number) for number in range(20)]


def store(**said: object) -> Store:
    return Store(card(**said))


def seen_daily(board: Store, days: int, *ids: str) -> dt.datetime:
    """Complete runs, one a day; the moment after the last."""
    at = START
    for _ in range(days):
        board.see(at, *ids)
        at += DAY
    return at


# ── opening, closing, returning ─────────────────────────────────────────────────────────────────────────────────


def test_first_sight_opens() -> None:
    board = store()
    settled = board.see(START, "a", "b")
    assert [(m.external_id, m.was, m.state, m.because) for m in settled.transitions] == [
        ("a", None, "open", "first_seen"),
        ("b", None, "open", "first_seen"),
    ]
    assert board.lives["a"].first_seen == board.lives["a"].last_seen == START
    assert settled.believed


@pytest.mark.parametrize("misses", [1, 2, 3])
def test_f08_catalogue_closes_after_the_cards_misses(misses: int) -> None:
    """F-08: absent from complete runs 1..N, closed only at N, with the runs as evidence."""
    board = store(misses=misses)
    at = seen_daily(board, 3, "a", "b")
    for miss in range(1, misses + 1):
        assert board.lives["a"].state == "open"
        board.see(at, "b")
        assert board.lives["a"].misses == miss
        at += DAY
    life = board.lives["a"]
    runs = [f"r{3 + miss}" for miss in range(1, misses + 1)]
    assert life.state == "closed"
    assert life.closed_at == at - DAY
    assert life.closed_because == f"missing: run{'s' if misses > 1 else ''} {', '.join(runs)}"
    assert board.moves[-1].evidence == tuple(runs)


def test_f08_a_sighting_in_between_resets_the_misses() -> None:
    board = store(misses=3)
    at = seen_daily(board, 3, "a", "b")
    board.see(at, "b")
    board.see(at + DAY, "b")
    board.see(at + 2 * DAY, "a", state="partial")
    board.see(at + 3 * DAY, "b")
    assert (board.lives["a"].state, board.lives["a"].misses) == ("open", 1)


@pytest.mark.parametrize("state", ["partial", "blocked", "rate_limited", "failed", "crashed", "cancelled", "skipped"])
def test_f08_errors_and_parts_close_nothing(state: str) -> None:
    """H-01, H-02, H-03, H-06, P-02: whatever is not complete says nothing about what it lacks."""
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    for day in range(20):
        board.see(at + day * DAY, "1", state=state, complete=True)
    assert set(board.states().values()) == {"open"}


def test_p11_fewer_than_declared_closes_nothing() -> None:
    """P-11: the total says 11,815, there are 104."""
    board = store(misses=1)
    at = seen_daily(board, 3, "a", "b")
    settled = board.see(at, "b", declared_total=11_815)
    assert board.lives["a"].state == "open"
    assert not settled.believed
    assert [f.code for f in settled.findings] == ["fewer_than_declared"]


def test_p11_an_empty_answer_beside_a_total_is_no_empty_board() -> None:
    board = store(misses=1)
    at = seen_daily(board, 3, "a", "b")
    for day in range(6):
        assert not board.see(at + day * DAY, state="empty", declared_total=12).believed
    assert set(board.states().values()) == {"open"}


def test_one_of_a_hundred_short_needs_three_runs() -> None:
    board = store(misses=1)
    ids = [str(number) for number in range(100)]
    at = seen_daily(board, 3, *ids)
    for day in range(3):
        assert board.lives["0"].state == "open"
        board.see(at + day * DAY, *ids[1:], declared_total=100)
    assert board.lives["0"].state == "closed"


def test_window_closes_nothing_and_fades() -> None:
    board = store(coverage="window", stale_after="14d")
    at = seen_daily(board, 3, "a", "b")
    for day in range(14):
        board.see(at + day * DAY, "b")
        assert board.lives["a"].state == "open"
    board.see(at + 14 * DAY, "b")
    assert board.states() == {"a": "unconfirmed", "b": "open"}
    settled = board.see(at + 15 * DAY, "a", "b")
    assert board.lives["a"].state == "open"
    assert [(m.because, m.reopened) for m in settled.transitions] == [("seen_again", False)]


def test_blocked_catalogue_fades_too() -> None:
    board = store(stale_after="14d")
    at = seen_daily(board, 3, "a")
    board.see(at + 15 * DAY, state="blocked")
    assert board.states() == {"a": "unconfirmed"}


def test_stream_says_itself_what_closed() -> None:
    board = store(coverage="stream")
    at = seen_daily(board, 3, "a", "b", "c")
    board.see(at, "c")
    board.see(at + DAY, "c", removed=frozenset({"a"}))
    assert board.states() == {"a": "closed", "b": "open", "c": "open"}
    assert board.lives["a"].closed_because == "said_closed: run r5"


def test_what_a_stream_says_is_closed_is_not_open_for_being_said_too() -> None:
    board = store(coverage="stream")
    at = seen_daily(board, 2, "a", "b")
    for day in range(2):
        board.see(at + day * DAY, "a", "b", removed=frozenset({"a"}))
        assert board.states() == {"a": "closed", "b": "open"}
    assert [move.because for move in board.moves if move.external_id == "a"] == ["first_seen", "said_closed"]


def test_past_valid_through_is_expired() -> None:
    board = store(coverage="window")
    board.see(START, "b", read={"a": START + DAY})
    board.see(START + DAY, "b", listed=frozenset({"a"}))
    assert board.lives["a"].state == "open"
    board.see(START + DAY + HOUR, "b")
    assert board.lives["a"].closed_because == "expired: run r3"


def test_expiry_needs_no_answer() -> None:
    board = store()
    board.see(START, read={"a": START + DAY})
    board.see(START + 2 * DAY, state="blocked")
    assert board.lives["a"].closed_because == "expired: run r2"


def test_expired_and_still_listed_stays_closed_until_its_end_moves() -> None:
    board = store()
    board.see(START, "b", read={"a": START + DAY})
    for day in (2, 3, 4):
        board.see(START + day * DAY, "b", read={"a": START + DAY})
        assert board.lives["a"].state == "closed"
    settled = board.see(START + 5 * DAY, "b", read={"a": START + 30 * DAY})
    assert [(m.external_id, m.state, m.reopened) for m in settled.transitions] == [("a", "open", True)]


def test_born_expired() -> None:
    board = store()
    settled = board.see(START, read={"a": START - DAY})
    assert board.states() == {"a": "closed"}
    assert [(m.was, m.state, m.because) for m in settled.transitions] == [(None, "closed", "expired")]


@pytest.mark.parametrize("coverage", ["window", "catalogue", "stream"])
@pytest.mark.parametrize("state", ["complete", "partial"])
def test_h05_own_page_gone_closes_that_one_only(coverage: str, state: str) -> None:
    """H-05."""
    board = store(coverage=coverage, misses=3)
    at = seen_daily(board, 3, "a", "b")
    board.see(at, "b", state=state, gone=frozenset({"a"}))
    assert board.states() == {"a": "closed", "b": "open"}
    assert board.lives["a"].closed_because == "page_gone: run r4"


def test_f09_what_returns_is_reopened() -> None:
    """F-09: reopened, the gap stays in the moves, counters begin again."""
    board = store(misses=1)
    at = seen_daily(board, 3, "a", "b")
    board.see(at, "b")
    first = board.lives["a"].first_seen
    settled = board.see(at + 5 * DAY, "a", "b")
    life = board.lives["a"]
    assert (life.state, life.misses, life.closed_at, life.closed_because) == ("open", 0, None, None)
    assert life.first_seen == first
    assert [(m.state, m.reopened) for m in settled.transitions] == [("open", True)]
    assert [m.state for m in board.moves if m.external_id == "a"] == ["open", "closed", "open"]


def test_rejected_and_listed_ads_still_stand() -> None:
    board = store(misses=1)
    at = seen_daily(board, 3, "a", "b")
    board.see(at, "b", listed=frozenset({"a"}))
    assert board.lives["a"].state == "open"


def test_listing_covers_the_postings_split_from_an_ad() -> None:
    board = store(misses=1)
    at = seen_daily(board, 3, "7#backend-developer", "7#data-engineer", "8")
    board.see(at, listed=frozenset({"7", "8"}))
    assert set(board.states().values()) == {"open"}
    board.see(at + DAY, "7#backend-developer", "8")
    assert board.lives["7#data-engineer"].state == "closed"


def test_ids_of_a_board_s_own_with_the_mark_of_a_piece_are_ads_of_their_own() -> None:
    board = store(misses=1)
    at = seen_daily(board, 3, "jobs", "jobs#1", "jobs#2")
    assert sighting_of(4, at, "jobs", "jobs#1", "jobs#2").count == 3
    board.see(at, "jobs#2", listed=frozenset({"jobs"}))
    assert board.states() == {"jobs": "open", "jobs#1": "closed", "jobs#2": "open"}


def test_unchanged_list_keeps_and_misses_what_it_did() -> None:
    """A list that is as it was still lacks what it lacked."""
    board = store(misses=3)
    at = seen_daily(board, 3, "a", "b")
    board.see(at, "b")
    board.see(at + DAY, unchanged=True)
    assert board.lives["a"].misses == 2
    assert board.lives["b"].last_seen == at + DAY
    settled = board.see(at + 2 * DAY, unchanged=True)
    assert board.states() == {"a": "closed", "b": "open"}
    assert settled.believed


def test_unchanged_after_a_failure_counts_nothing() -> None:
    board = store(misses=1)
    board.see(START, "a")
    board.see(START + DAY, "b", state="partial")
    settled = board.see(START + 2 * DAY, unchanged=True)
    assert not settled.believed
    assert set(board.states().values()) == {"open"}


def test_unchanged_in_a_run_that_was_cut_counts_nothing() -> None:
    board = store(misses=2)
    at = seen_daily(board, 3, "a", "b")
    board.see(at, "b")
    assert not board.see(at + DAY, unchanged=True, state="partial").believed
    assert set(board.states().values()) == {"open"}


# ── the guards ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_f06_empty_is_believed_when_it_lasts() -> None:
    """F-06: empty once: nothing; for less than 48 hours: nothing; then closed with that as the reason."""
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    for hours in range(0, 48, 6):
        settled = board.see(at + hours * HOUR, state="empty")
        assert set(board.states().values()) == {"open"}
        assert [(f.code, f.level) for f in settled.findings] == [("empty_doubted", "error")]
        assert not settled.believed
    settled = board.see(at + 48 * HOUR, state="empty")
    assert set(board.states().values()) == {"closed"}
    assert settled.believed
    assert {m.because for m in settled.transitions} == {"empty_confirmed"}
    assert [f.code for f in settled.findings] == ["doubt_released"]
    assert board.see(at + 54 * HOUR, state="empty").findings == ()


def test_two_empty_runs_are_too_few_however_far_apart() -> None:
    board = store(misses=1)
    at = seen_daily(board, 5, "a")
    board.see(at, state="empty")
    board.see(at + 7 * DAY, state="empty")
    assert board.states() == {"a": "open"}
    board.see(at + 14 * DAY, state="empty")
    assert board.states() == {"a": "closed"}


def test_f06_empty_is_doubted_on_the_smallest_board() -> None:
    board = store(misses=1)
    at = seen_daily(board, 5, "a")
    settled = board.see(at, state="empty")
    assert board.states() == {"a": "open"}
    assert [(f.code, f.level) for f in settled.findings] == [("empty_doubted", "warning")]


def test_f07_drop_is_held() -> None:
    """F-07: 60 % missing once closes nothing, raises an alert, begins a streak."""
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    settled = board.see(at, *TWENTY[:8])
    assert set(board.states().values()) == {"open"}
    assert [f.code for f in settled.findings] == ["drop_doubted"]
    assert settled.findings[0].text == "8 postings found, the median is 20; nothing is closed yet"
    assert settled.history.held is not None
    assert settled.history.held.runs == 1
    settled = board.see(at + DAY, *TWENTY)
    assert settled.history.held is None
    assert {life.misses for life in board.lives.values()} == {0}


def test_a_lasting_drop_is_believed() -> None:
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    for day in range(3):
        settled = board.see(at + day * DAY, *TWENTY[:8])
    assert [m.because for m in settled.transitions] == ["drop_confirmed"] * 12
    assert settled.transitions[0].evidence == ("r6", "r7", "r8")
    assert settled.history.median == 8
    # the new size is the new normal
    assert board.see(at + 3 * DAY, *TWENTY[:7]).findings == ()
    assert board.lives["7"].state == "closed"


def test_release_closes_only_what_was_missing_all_along() -> None:
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    board.see(at, *TWENTY[:8])
    board.see(at + DAY, *TWENTY[:8])
    board.see(at + 2 * DAY, *TWENTY[1:8])
    assert board.lives["0"].state == "open"
    assert board.lives["19"].state == "closed"


def test_another_picture_begins_another_streak() -> None:
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    for day, count in enumerate((12, 4, 12, 4, 12, 4)):
        board.see(at + day * DAY, *TWENTY[:count])
    assert set(board.states().values()) == {"open"}


def test_no_picture_is_held_for_ever() -> None:
    """Whatever is missing from every complete run for a fortnight is believed, even if the board never settles."""
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    for day in range(16):
        board.see(at + day * DAY, *TWENTY[: 12 if day % 2 else 4])
    assert {board.lives[one].state for one in TWENTY[12:]} == {"closed"}
    assert {board.lives[one].state for one in TWENTY[:4]} == {"open"}


def test_a_fortnights_absence_from_two_runs_is_not_long_enough() -> None:
    """The board was seldom read: two pictures that differ, however far apart, are two."""
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    board.see(at, *TWENTY[:4])
    settled = board.see(at + 20 * DAY, *TWENTY[:12])
    assert "drop_doubted" in {f.code for f in settled.findings}
    assert set(board.states().values()) == {"open"}


def test_more_than_thirty_per_cent_about_to_close() -> None:
    """The count is as usual, but the ids are others: a relaunch, or a mistake."""
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    fresh = [f"n{number}" for number in range(20)]
    settled = board.see(at, *fresh)
    assert [f.code for f in settled.findings] == ["closing_doubted"]
    assert {board.lives[one].state for one in TWENTY} == {"open"}
    board.see(at + DAY, *fresh)
    board.see(at + 2 * DAY, *fresh)
    assert {board.lives[one].closed_because for one in TWENTY} == {"drop_confirmed: runs r6, r7, r8"}


@pytest.mark.parametrize(("open_ads", "held"), [(9, False), (10, True)])
def test_floor_of_ten(open_ads: int, held: bool) -> None:
    board = store(misses=1)
    ids = TWENTY[:open_ads]
    at = seen_daily(board, 5, *ids)
    board.see(at, *ids[:4])
    assert (board.lives[ids[-1]].state == "open") is held


def test_what_returns_does_not_count_among_the_open_ones_that_guards_apply_to() -> None:
    board = store(misses=1)
    ids = TWENTY[:10]
    at = seen_daily(board, 5, *ids)
    board.see(at, *ids[2:])
    assert board.lives["0"].state == board.lives["1"].state == "closed"
    settled = board.see(at + DAY, *ids[:6])
    assert settled.findings == ()
    assert board.states() == {one: "open" if one in ids[:6] else "closed" for one in ids}


def test_thirty_per_cent_is_not_more_than_thirty_per_cent() -> None:
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    board.see(at, *TWENTY[:14])
    assert board.lives["19"].state == "closed"


def test_misses_of_doubted_runs_count_for_nothing_afterwards() -> None:
    """A page flakes in the first good run after a false empty: it was missed once, not four times."""
    board = store(misses=3)
    at = seen_daily(board, 5, "a", "b")
    for hours in (0, 6, 12):
        board.see(at + hours * HOUR, state="empty")
    board.see(at + DAY, "b")
    assert (board.lives["a"].state, board.lives["a"].misses) == ("open", 1)


def test_expected_minimum_holds_and_lets_go() -> None:
    """A board that is truly smaller than its card expects is believed in the end."""
    board = store(misses=1)
    at = seen_daily(board, 5, "a", "b", "c", "d")
    for day in range(2):
        board.see(at + day * DAY, "a", "b", below_min=True)
        assert set(board.states().values()) == {"open"}
    board.see(at + 2 * DAY, "a", "b", below_min=True)
    assert board.states() == {"a": "open", "b": "open", "c": "closed", "d": "closed"}


def test_mass_expiry_of_listed_ads_is_held() -> None:
    """Dates misread as past must not close a board that lists its ads."""
    board = store()
    at = seen_daily(board, 5, *TWENTY)
    past = dict.fromkeys(TWENTY, START - DAY)
    for day in range(2):
        settled = board.see(at + day * DAY, read=past)
        assert set(board.states().values()) == {"open"}
        assert [f.code for f in settled.findings] == ["closing_doubted"]
    board.see(at + 2 * DAY, read=past)
    assert {life.closed_because for life in board.lives.values()} == {"expired: run r8"}


def test_mass_removal_by_a_stream_is_held_and_remembered() -> None:
    """A stream names what closed once; held back, it is closed later unless it returns."""
    board = store(coverage="stream")
    at = seen_daily(board, 5, *TWENTY)
    board.see(at, removed=frozenset(TWENTY[:10]))
    assert set(board.states().values()) == {"open"}
    board.see(at + DAY, "0", "1")
    board.see(at + 2 * DAY, "2")
    assert {one for one, state in board.states().items() if state == "closed"} <= set(TWENTY[2:10])
    for day in range(3, 20):
        board.see(at + day * DAY)
    assert board.lives["9"].state == "closed"
    assert board.lives["0"].state == "open"


def test_listed_ads_whose_pages_are_gone_in_mass_are_held() -> None:
    """A changed address of the detail pages is our fault, not their end."""
    board = store()
    at = seen_daily(board, 5, *TWENTY)
    settled = board.see(at, listed=frozenset(TWENTY), gone=frozenset(TWENTY[:10]), state="partial")
    assert [f.code for f in settled.findings] == ["closing_doubted"]
    assert set(board.states().values()) == {"open"}


# ── the board itself ────────────────────────────────────────────────────────────────────────────────────────────


def test_h04_board_gone_needs_two_answers_six_hours_apart() -> None:
    """H-04."""
    board = store()
    at = seen_daily(board, 5, *TWENTY)
    for hours in (0, 1, 5):
        settled = board.see(at + hours * HOUR, state="failed", board_gone=True)
        assert [f.code for f in settled.findings] == ["board_gone_pending"]
        assert set(board.states().values()) == {"open"}
    board.see(at + 5.5 * HOUR, state="blocked")
    settled = board.see(at + 6 * HOUR, state="failed", board_gone=True)
    assert [f.code for f in settled.findings] == ["board_gone"]
    assert {life.closed_because for life in board.lives.values()} == {"board_gone: runs r6, r10"}


def test_h04_a_board_that_answered_in_part_is_not_gone() -> None:
    board = store()
    at = seen_daily(board, 5, *TWENTY)
    for hours in (0, 7, 14):
        board.see(at + hours * HOUR, state="partial", board_gone=True)
    assert set(board.states().values()) == {"open"}


def test_c07_a_board_found_gone_by_a_clock_that_was_ahead_is_found_gone_anew() -> None:
    board = store()
    at = seen_daily(board, 5, *TWENTY)
    for day, hours in ((20, 0), (0, 0), (0, 7)):
        assert set(board.states().values()) == {"open"}
        board.see(at + day * DAY + hours * HOUR, state="failed", board_gone=True)
    assert {life.closed_because for life in board.lives.values()} == {"board_gone: runs r7, r8"}


def test_an_answer_in_between_means_the_board_is_there() -> None:
    board = store()
    at = seen_daily(board, 5, "a")
    board.see(at, state="failed", board_gone=True)
    board.see(at + 3 * HOUR, "a")
    board.see(at + 7 * HOUR, state="failed", board_gone=True)
    assert board.states() == {"a": "open"}


@pytest.mark.parametrize("coverage", ["window", "stream"])
def test_a_windows_address_gone_closes_nothing(coverage: str) -> None:
    board = store(coverage=coverage)
    at = seen_daily(board, 5, "a")
    board.see(at, state="failed", board_gone=True)
    board.see(at + DAY, state="failed", board_gone=True)
    assert board.states() == {"a": "open"}


# ── time and order ──────────────────────────────────────────────────────────────────────────────────────────────


def test_c07_clock_jumps_back() -> None:
    """C-07: last_seen never goes back, nothing ends before it began, and a person is told."""
    board = store(misses=1)
    at = seen_daily(board, 3, "a", "b")
    settled = board.see(at - 2 * DAY, "b")
    assert [f.code for f in settled.findings] == ["clock_back"]
    life = board.lives["a"]
    assert life.state == "closed"
    assert life.closed_at == life.last_seen
    assert board.lives["b"].last_seen == at - DAY


def test_guards_let_go_though_the_clock_was_ahead() -> None:
    board = store(misses=1)
    at = seen_daily(board, 5, "a")
    board.see(at + 3650 * DAY, state="empty")
    for day in range(3):
        board.see(at + day * DAY, state="empty")
    assert board.states() == {"a": "closed"}


def test_s04_an_older_run_settled_late_only_adds_sightings() -> None:
    """S-04: older data never overwrites newer."""
    board = store(misses=1)
    seen_daily(board, 3, "a", "b")
    board.number = 9
    board.see(START + 9 * DAY, "b")
    assert board.lives["a"].state == "closed"
    settled = board.settle(sighting_of(5, START - DAY, "a", "b", "c"))
    assert [f.code for f in settled.findings] == ["late_run"]
    assert board.states() == {"a": "closed", "b": "open", "c": "open"}
    assert board.lives["b"].first_seen == START - DAY
    assert board.lives["b"].last_seen == START + 9 * DAY


def test_the_boards_second_attempt_in_one_run_counts() -> None:
    board = store(misses=1)
    seen_daily(board, 3, "a", "b")
    board.settle(sighting_of(4, START + 4 * DAY, state="crashed"))
    board.settle(sighting_of(4, START + 4 * DAY, "b"))
    assert board.lives["a"].state == "closed"


def test_s04_an_unchanged_list_of_an_older_run_is_no_sight_of_what_came_after_it() -> None:
    board = store()
    board.see(START, "a")
    board.number = 8
    board.see(START + 9 * DAY, "a", "b")
    board.settle(sighting_of(5, START + 5 * DAY, unchanged=True))
    assert (board.lives["b"].first_seen, board.lives["b"].last_seen) == (START + 9 * DAY, START + 9 * DAY)


def test_s04_what_the_same_run_saw_an_hour_earlier_only_adds_sightings() -> None:
    board = store(misses=1)
    at = seen_daily(board, 3, "a", "b")
    board.settle(sighting_of(4, at, "b"))
    settled = board.settle(sighting_of(4, at - HOUR, "a", "b", state="partial"))
    assert board.states() == {"a": "closed", "b": "open"}
    assert (board.lives["a"].last_seen, board.lives["b"].last_seen) == (at - HOUR, at)
    assert [f.code for f in settled.findings] == ["late_run"]


def test_history_survives_more_doubted_runs_than_it_remembers() -> None:
    board = store(misses=1)
    at = seen_daily(board, 5, *TWENTY)
    for hour in range(47):
        settled = board.see(at + hour * HOUR, *TWENTY[:8])
        assert [f.code for f in settled.findings] == ["drop_doubted"]
        assert settled.history.median == 20
    assert set(board.states().values()) == {"open"}


def test_history_of_a_board_never_seen() -> None:
    assert BoardHistory.from_json({}) == BoardHistory.from_json(None) == BoardHistory()
    assert settle(card(), BoardHistory(), (), sighting_of(1, START)).transitions == ()
