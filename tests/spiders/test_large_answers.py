"""C-05, P-04: an answer of some megabytes is read in a time that grows with its size, whatever stands in it.

Each text made a reader begin again for every part of it: minutes to hours within one answer of 8 MiB, during which
nothing else of the crawl moves and no limit of it applies.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from spiders.bases.json_api import balanced
from spiders.bases.schema_org import in_page
from spiders.bases.strict_json import loads, why_broken
from spiders.reading import spider_class

ENOUGH = 15.0
"""Seconds of the processor after which a reader is taken to have no end; each needs less than two."""


@pytest.fixture(autouse=True)
def ends() -> Iterator[None]:
    """Break off what does not come to its end."""

    def break_off(*_: Any) -> None:
        raise TimeoutError(f"no end after {ENOUGH:g} s of work")

    before = signal.signal(signal.SIGVTALRM, break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, ENOUGH)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def test_p04_p05_an_object_of_many_keys_whose_last_stands_twice() -> None:
    keys = ",".join(f'"k{n}":1' for n in range(100_000))
    read = loads(f'{{{keys},"k99999":2}}'.encode())
    assert why_broken(read) == "duplicate_key: k99999"
    assert why_broken(loads(b'{"b": 1, "a": 1, "a": 2, "b": 2}')) == "duplicate_key: b", "the first that stands twice"


def test_p04_scripts_that_are_never_closed_hide_none_that_is() -> None:
    opened = b'<script type="application/ld+json">'
    assert in_page(b"<html>" + opened * 100_000) == []
    ad = b'{"@type": "JobPosting", "title": "Backend Developer"}'
    page = b"<html>%s%s</script > text <SCRIPT type='application/ld+json'>%s</SCRIPT>%s" % (opened, ad, ad, opened)
    assert [found["title"] for found in in_page(page)] == ["Backend Developer"] * 2


@pytest.mark.parametrize("unit", [b'\\"a', b'"\\', b'"a', b"{", b"[]"])
def test_p04_a_script_that_breaks_off_is_looked_through_once(unit: bytes) -> None:
    assert balanced(b'{"html": "' + unit * 400_000, 0) == b""


def test_what_ends_is_cut_where_it_ends() -> None:
    assert balanced(b'var x = {"a": "}\\"}", "b": [{}]}; var y = "', 8) == b'{"a": "}\\"}", "b": [{}]}'


def test_p04_an_ad_of_very_many_places_is_one() -> None:
    job = {
        "id": 1,
        "title": "Backend Developer",
        "absolute_url": "https://boards.greenhouse.io/acme/jobs/1",
        "content": "x",
    }
    jobs = [{**job, "location": {"name": f"Town {n}"}} for n in range(40_000)]
    reading = spider_class("greenhouse")(boards=["acme"]).read(orjson.dumps({"jobs": jobs}), board="acme")
    assert [len(raw.location or ()) for raw in reading.postings] == [40_000]
    assert reading.left_out == {"same id": 39_999}
    assert [record["location"]["name"] for record in reading.postings[0].payload[:2]] == ["Town 0", "Town 1"]


def test_p04_rows_that_are_never_closed_are_read_apart() -> None:
    row = '<ol class="list-recent-jobs"><li><h2 class="listing-company"><span class="listing-company-name"><a href="/jobs/{0}/">Developer {0}</a>'
    page = "".join(
        row.format(n) + f'<br>Acme</span><span class="listing-location">Town {n}</span></h2>' for n in range(8_000)
    )
    reading = spider_class("pythonorg")(boards=[""]).read(f"<html><body>{page}".encode())
    said = [(raw.external_id, raw.title, raw.location) for raw in reading.postings]
    assert said == [(str(n), f"Developer {n}", f"Town {n}") for n in range(8_000)]
