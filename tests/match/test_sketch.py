"""Signatures: what is remembered of a text instead of the text."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.match.sketch import EMPTY, identical, overlap, place_label, read, signature, squeeze
from tests.match.ads import DUTIES, OTHER_DUTIES


def sketch(text: str, company: str | None = "Velmora") -> bytes:
    return signature(SimpleNamespace(description_text=text, company=company))


@pytest.mark.parametrize(
    ("theirs", "least", "most"),
    [
        (DUTIES, 1.0, 1.0),
        (DUTIES.upper().replace("- ", "* "), 1.0, 1.0),
        (DUTIES.replace("- ", "\u2022\u00a0").replace(", ", " \u2014 "), 1.0, 1.0),
        (f"A board's greeting comes first. {DUTIES}", 0.7, 1.0),
        (DUTIES[:300], 0.9, 1.0),
        (DUTIES.replace("Own the booking ledger", "Look after parcel diaries"), 0.5, 0.97),
        (OTHER_DUTIES, 0.0, 0.2),
    ],
)
def test_overlap_of_texts(theirs: str, least: float, most: float) -> None:
    found = overlap(read(sketch(DUTIES)), read(sketch(theirs)))
    assert found is not None
    assert least <= found <= most


def test_praise_that_strangers_share_is_set_aside() -> None:
    praise = "We are a great place to be and to stay. " * 60
    ours, theirs = (read(sketch(f"About us:\n{praise}\n{text * 3}")) for text in (DUTIES, OTHER_DUTIES))
    assert ours.own_part
    found = overlap(ours, theirs)
    assert found is not None
    assert found < 0.2


def test_short_texts_say_nothing() -> None:
    assert overlap(read(sketch("Apply now")), read(sketch(DUTIES))) is None
    assert sketch("") == b""
    assert read(b"") == read(b"\xff garbage of another version .........") == EMPTY


def test_identical_means_letter_for_letter() -> None:
    ours = read(sketch(DUTIES))
    assert identical(ours, read(sketch(DUTIES + " \n")))
    assert not identical(ours, read(sketch(DUTIES.replace("five", "nine"))))


@pytest.mark.parametrize(
    ("text", "company", "named"),
    [
        (DUTIES, "Velmora", ()),
        (DUTIES, "Velmora Logistics GmbH", ()),
        (DUTIES, "velmora-logistics", ()),
        (DUTIES, "Gigwall", ("velmora",)),
        (f"URL: https://gigwall.example.com\n{DUTIES}", "Gigwall", ("velmora",)),
        (DUTIES, None, ("velmora",)),
    ],
)
def test_whom_the_text_names(text: str, company: str | None, named: tuple[str, ...]) -> None:
    found = read(sketch(text, company))
    assert found.named[:1] == named
    assert found.names_itself is not bool(named)


def test_place_label() -> None:
    assert place_label("Headquarters: Remote - Iberia URL: https://x.example.com About us") == "Remote - Iberia"
    assert place_label("Location: Lisbon, Portugal\nWe are") == "Lisbon, Portugal"
    assert place_label("We are at home everywhere") == ""


@given(st.text(max_size=2000), st.one_of(st.none(), st.text(max_size=40)))
def test_any_text_has_a_signature_of_bounded_size(text: str, company: str | None) -> None:
    said = sketch(text, company)
    assert len(said) < 1000
    found = read(said)
    assert found.size in (0, len(squeeze(text)))
    assert found.size == 0 or overlap(found, found) in (None, 1.0)


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "At A " * 200_000, "Velmora's " * 100_000, "://" * 300_000, "\x1f" * 9]
)
def test_a_megabyte_costs_no_more_than_a_page(text: str) -> None:
    begin = time.process_time()
    sketch(text)
    assert time.process_time() - begin < 0.5
