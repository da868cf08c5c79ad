"""One scan of all gates says what each gate alone says, and a pattern asked together with others what it says alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.clean import gates, remote
from flows.clean.pattern import Together, linear

_PIECES = st.lists(
    st.sampled_from(
        [
            "remote ",
            "hybrid role",
            "\n",
            "office ",
            "UTC",
            "utc",
            "$ 5",
            "k",
            "candidates ",
            "a(at)b",
            " dot ",
            "030 12 34 56",
            "é",
            "ß",
        ]
    ),
    max_size=12,
).map("".join)
_GATES = (gates.WAY, gates.REGION, gates.ZONE, gates.MONEY, gates.SPELLED_ADDRESS, gates.DIGITS)
_WAYS = (remote._REMOTE, remote._REMOTE_FIRM, remote._HYBRID, remote._PARTLY)


@given(st.one_of(_PIECES, st.text(st.characters(exclude_categories=["Cs"]), max_size=80)))
def test_together_as_alone(text: str) -> None:
    assert gates.open_to(text) == {gate for gate in _GATES if gate.search(text)}
    assert remote._WAYS.matching(text) == {way for way in _WAYS if way.search(text)}


@pytest.mark.parametrize(("said", "opened"), [("", 0), ("A plain sentence.", 0), ("Remote, UTC+1, 50k", 4)])
def test_what_a_text_opens(said: str, opened: int) -> None:
    assert len(gates.open_to(said)) == opened


def test_texts_of_a_megabyte() -> None:
    """A set of patterns must not run out of memory, since it would then say that nothing matches."""
    first, second = linear(r"\bremote\b"), linear(r"(?:\w{2,20} ){0,4}office", ignore_case=False)
    text = "".join(f"w{number}x " for number in range(150_000)) + "remote office"
    assert Together(first, second).matching(text) == {first, second}
    assert gates.WAY in gates.open_to(text)
