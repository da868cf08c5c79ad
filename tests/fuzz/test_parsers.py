"""Pay, places, dates, titles and texts take any string: nothing raises, nothing is invented."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.clean import clean
from spiders.items import RawPosting
from tests.fuzz import words

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
PIECES = (
    "$", "€", "£", "¥", "kr", "USD", "CAD", "k", "K", "M", "-", "–", " to ", "/", " per ", "hour", "year", "p.a.", "up to ", "from ",
    "0", "1", "99", "100", "120,000", "45.000,50", "1e9", "999999999999", "2026", "2026-02-30", "31/12/2025", "10.11.2026", "T25:61:61Z",
    "+14:00", "yesterday", "3 days ago", "Remote", "(", ")", ",", ";", "|", " or ", " only", "US", "EU", "Georgia", "CA", "Berlin", "UTC",
    "UTC+25", "worldwide", " except ", "hybrid", "<p>", "</p>", "<script>", "&lt;", "&#0;", "&", "\n", "\t", "\x00", "\u202e", "\u200b",
    "\ud800", "İ", "ß", "日本", "😀", "=", "@", "javascript:", "https://", "Senior", "II", "(m/f/d)", "Back-end Developer",
)  # fmt: skip
strings = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.text(max_size=60),
    st.builds(lambda piece, times: piece * times, st.sampled_from(PIECES), st.integers(1, 2000)),
)
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
LONG = settings(QUICK, max_examples=2000, derandomize=False)
LONG_SECONDS = 300
FIELDS = ("title", "company", "location", "applicant_regions", "timezones", "description", "posted", "valid_through", "salary",
          "salary_min", "salary_max", "salary_currency", "salary_period", "employment_type", "seniority")  # fmt: skip


records = st.fixed_dictionaries({"title": strings}, optional=dict.fromkeys(FIELDS[1:], strings))


def hold(said: dict[str, Any]) -> None:
    """One record of arbitrary words, cleaned; what its laws say."""
    raw = RawPosting.model_construct(source="x", external_id="1", url="https://example.com/1", **said)
    found = clean(raw, now=NOW)
    for posting in found if isinstance(found, list) else []:
        digits = any(c.isdigit() for value in said.values() for c in value)
        amounts = [one for one in (posting.salary_min, posting.salary_max) if one is not None]
        assert digits or not amounts, "an amount without a digit"
        assert all(0 < one < 1e9 for one in amounts), amounts
        assert bool(amounts) == (posting.salary_currency is not None), (amounts, posting.salary_currency)
        for moment in (posting.posted_at, posting.valid_through):
            assert moment is None or moment.tzinfo is not None
        assert posting.posted_at is None or said.get("posted"), "a date that nobody said"
        assert not posting.locations or len(said) > 1 or said["title"], "a place that nobody said"


def holds(examples: int) -> None:
    """Try the laws on so many records."""
    settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)(
        given(records)(hold)
    )()


def test_any_words_are_borne() -> None:
    holds(80)


@pytest.mark.parametrize("parser", words.LAWS)
def test_strings_of_the_corpus(parser: str) -> None:
    for said in words.seeds(parser):
        words.LAWS[parser](said)


@pytest.mark.parametrize("parser", words.LAWS)
def test_any_string_is_borne_and_nothing_is_made_of_it(parser: str) -> None:
    QUICK(given(words.words(parser))(words.LAWS[parser]))()


@pytest.mark.long
@pytest.mark.parametrize("parser", words.LAWS)
def test_five_minutes_of_strings(parser: str) -> None:
    """What fails is written to the corpus."""
    tried, last, until = 0, "", time.monotonic() + LONG_SECONDS

    def once(said: str) -> None:
        nonlocal tried, last
        tried, last = tried + 1, said
        words.LAWS[parser](said)

    while time.monotonic() < until:
        try:
            LONG(given(words.words(parser))(once))()
        except Exception:
            # the smallest one that fails is tried last
            words.keep(parser, last)
            raise
    print(f"{parser}: {tried} strings")


@pytest.mark.long
def test_five_minutes_of_records() -> None:
    examples, until = 0, time.monotonic() + LONG_SECONDS
    while time.monotonic() < until:
        holds(500)
        examples += 500
    print(f"{examples} records")
