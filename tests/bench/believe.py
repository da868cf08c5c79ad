"""Cleaning and classifying beside the least that any such step does: sanitise, scan once, validate.

The yardstick takes the same postings: nh3 sanitises the HTML, one Aho-Corasick automaton of all technologies and roles
scans the text, pydantic validates a row. It believes nothing; it is what the native libraries take by themselves.
Both look for circles of garbage as seldom as a run's processes do (:mod:`config.garbage`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import ahocorasick_rs
import nh3

from config.garbage import seldom_searched
from config.load_taxonomy import roles, skills
from flows.classify import classify
from flows.clean import clean
from spiders.items import RawPosting
from storage.models import Posting
from tests.bench.ads import postings
from tests.bench.clean import NOW
from tests.bench.row import ROUNDS, Row, paired

NAMED = "nh3, one Aho-Corasick scan, pydantic"


def yardstick() -> Callable[[list[RawPosting]], None]:
    """What the libraries do with postings."""
    names = {name.casefold() for skill in skills().values() for name in (skill.name, *skill.aliases)}
    names |= {name.casefold() for role in roles().values() for name in role.synonyms}
    automaton = ahocorasick_rs.AhoCorasick(sorted(names))

    def work(raws: list[RawPosting]) -> None:
        for raw in raws:
            text = nh3.clean(raw.description or "")
            found = automaton.find_matches_as_strings(text.casefold())
            said: dict[str, Any] = {"source": raw.source, "external_id": raw.external_id, "url": raw.url}
            said |= {"title": raw.title, "title_raw": raw.title, "description_html": text, "skills": sorted(set(found))}
            Posting.model_validate(said)

    return work


def rows(small: bool = False) -> Iterator[Row]:
    """Clean, classify, and both, of postings with 3 kB of text that no cache has seen."""
    with seldom_searched():
        yield from _measured(small)


def _measured(small: bool) -> Iterator[Row]:
    many, rounds = (60, ROUNDS) if small else (1000, 2 * ROUNDS - 1)
    dice = random.Random(3)
    fresh = (postings(many, dice) for _ in iter(int, 1))
    plain = yardstick()
    cpu, _, ratio = paired(lambda raws: [classify(one) for one in _cleaned(raws)], plain, rounds, fresh)
    goal, met = ("", None) if small else ("1,200 a second of a core", many / cpu >= 1200)
    yield Row("clean and classify 3 kB of HTML", None, cpu / many, None, many / cpu, NAMED, ratio, goal, met)
    cpu, _, ratio = paired(_cleaned, plain, rounds, fresh)
    yield Row("of that: clean", None, cpu / many, None, many / cpu, NAMED, ratio)
    cleaned = ((raws, _cleaned(raws)) for raws in fresh)
    cpu, _, ratio = paired(
        lambda given: [classify(one) for one in given[1]], lambda given: plain(given[0]), rounds, cleaned
    )
    yield Row("of that: classify", None, cpu / many, None, many / cpu, NAMED, ratio)


def _cleaned(raws: list[RawPosting]) -> list[Posting]:
    return [one for raw in raws if isinstance(found := clean(raw, now=NOW), list) for one in found]
