"""Places of two ads: equal, overlapping, covering, stated in the text, loose, other."""

from __future__ import annotations

import pytest

from flows.match.place import Places, Relation, places_of, relation
from storage.models import Place


def places(printed: str, *cities: str, areas: tuple[str, ...] = ()) -> Places:
    """Cities as 'DE//Berlin'."""
    parts = [[part or None for part in said.split("/")] for said in cities]
    listed: list[Place] = [{"country": c, "region": r, "city": t} for c, r, t in parts]
    return places_of(listed, areas, printed)


BERLIN = places("Berlin", "DE//Berlin")
GERMANY = places("Germany", areas=("DE",))
ANYWHERE = places("Anywhere in the World", areas=("WORLDWIDE",))
MANY = places("list", areas=tuple(f"{a}{b}" for a in "ABCDEF" for b in "ABCDEF"))


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        (BERLIN, places("Berlin, DE", "DE//Berlin"), "equal"),
        (places("x", "US/CA/San Jose"), places("y", "US//San Jose"), "cover"),
        (places("x", "US/CA/San Jose"), places("y", "US/CA/"), "cover"),
        (BERLIN, places("Berlin; Madrid", "DE//Berlin", "ES//Madrid"), "overlap"),
        (BERLIN, GERMANY, "cover"),
        (BERLIN, places("Madrid", "ES//Madrid"), "other"),
        (GERMANY, places("Spain", areas=("ES",)), "other"),
        (GERMANY, places("Germany, Spain", areas=("DE", "ES")), "overlap"),
        (GERMANY, places("Europe", areas=("EUROPE",)), "loose"),
        (BERLIN, ANYWHERE, "loose"),
        (BERLIN, MANY, "loose"),
        (BERLIN, places("Remote"), "loose"),
        (places("Remote"), places("remote"), "equal"),
        (places("Oshawa Centre"), places("Elgin Centre"), "other"),
        (places("Greater Oshawa Centre"), places("Oshawa Centre"), "overlap"),
        (places("Berlin Mitte Area"), BERLIN, "overlap"),
        (places("White Oaks Mall"), places("Lansdowne Place"), "other"),
        (places("Time zones", areas=("UTC-5..UTC+1",)), GERMANY, "loose"),
    ],
)
def test_relation(a: Places, b: Places, found: Relation) -> None:
    assert relation(a, b) == relation(b, a) == found


@pytest.mark.parametrize(
    ("label", "found"),
    [("Berlin", "stated"), ("Germany", "stated"), ("Madrid, Spain", "elsewhere"), ("Remote", "loose"), ("", "loose")],
)
def test_a_label_in_the_text_of_a_loose_ad(label: str, found: Relation) -> None:
    assert relation(ANYWHERE, BERLIN, a_says=label) == found
    assert relation(BERLIN, ANYWHERE, b_says=label) == found
