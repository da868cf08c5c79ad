"""P-01 to P-12: what boards answer that is not what they should, and what becomes of it, through the crawl process."""

from __future__ import annotations

import json
import socket
from itertools import groupby
from typing import Any

import pytest

from tests.http.boards import Case, Crawled, ads, listed, run_boards
from tests.http.server import Hit, page

MIB = 2**20


def _json(text: str | bytes) -> bytes:
    return page(text)


def _feed(items: str, head: str = "", tail: str = "</channel></rss>") -> bytes:
    return page(f'{head}<rss version="2.0"><channel><title>t</title>{items}{tail}', kind="application/rss+xml")


def _item(number: int, title: str = "Backend Developer") -> str:
    return f"<item><guid>{number}</guid><link>https://x.test/{number}</link><title>{title}</title></item>"


def _records(*records: dict[str, Any] | str) -> bytes:
    """A list of ads, some of them written by hand as no JSON library would."""
    return _json('{"jobs": [' + ",".join(r if isinstance(r, str) else json.dumps(r) for r in records) + "]}")


def _ad(number: int, **more: Any) -> dict[str, Any]:
    return ads(number)["jobs"][0] | more


HTML = "<!doctype html><html><head><title>We are redesigning</title></head><body><p>Back soon</p></body></html>"
LAUGHS = "<!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)
LONG = "<!DOCTYPE rss [<!ENTITY q '" + "ha" * 50_000 + "'>]>"
FILE_ENTITY = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file://{}'>]>"
DTD = "<!DOCTYPE rss SYSTEM 'http://127.0.0.2:{}/evil.dtd'>"


def _with_a_dtd(connection: socket.socket, hit: Hit) -> None:
    """A feed whose DTD stands on the canary, at the port of this server."""
    connection.sendall(_feed(_item(1), DTD.format(connection.getsockname()[1])))


_LYING_FEED = (
    f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{_item(1, 'Ingénieur')}</channel></rss>"
).encode("cp1252")

CASES = {
    "p01a": Case({"/jobs": _json("")}),
    "p01b": Case({"/jobs": _json("[]")}),
    "p01c": Case({"/jobs": _json('{"jobs": []}')}),
    "p01d": Case({"/jobs": _feed("")}, "feed"),
    "p01e": Case({"/jobs": page(HTML, kind="text/html")}),
    "p01f": Case({"/jobs": page(HTML, kind="text/html")}, "feed"),
    "p01g": Case({"/jobs": page(HTML, kind="text/html")}, "html"),
    "p01h": Case({"/jobs": _json('{"error": "quota"}')}),
    "p02a": Case({"/jobs": _feed(_item(1) + _item(2)[:60], tail="")}, "feed"),
    "p02b": Case({"/jobs": _json(json.dumps(ads(1, 2))[:-40])}),
    "p03a": Case({"/jobs": _feed(_item(1, "A&j;B"), LAUGHS + "]>")}, "feed"),
    "p03b": Case({"/jobs": _feed(_item(1, "&q;" * 20_000), LONG)}, "feed"),
    "p03c": Case({"/jobs": _feed(_item(1, "A&x;B"), FILE_ENTITY.format("/etc/hostname"))}, "feed"),
    "p03d": Case({"/jobs": _with_a_dtd}, "feed"),
    "p04a": Case({"/jobs": _feed(f"<item a='{'a' * 7 * MIB}'><guid>1</guid></item>" + _item(2))}, "feed"),
    "p04b": Case({"/jobs": _feed("<b>" * 200_000 + _item(1))}, "feed"),
    "p04c": Case({"/jobs": page("<div>" * 200_000 + "<li class=job id=1><a href=/1>A</a>", kind="text/html")}, "html"),
    "p04f": Case(
        {"/jobs": _feed(_item(1).replace("<title>", "<x>" * 150 + "deep" + "</x>" * 150 + "<title>"))}, "feed"
    ),
    "p04d": Case({"/jobs": _json('{"jobs": ' + "[" * 200_000 + "]" * 200_000 + "}")}),
    "p04e": Case(
        {"/jobs": _records(_ad(1), '{"id": 2, "title": "A", "url": "/2", "x": ' + "[" * 900 + "]" * 900 + "}")}
    ),
    "p05a": Case(
        {
            "/jobs": _records(
                _ad(1),
                '{"id": 2, "title": "A", "url": "/2", "pay": NaN}',
                '{"id": 3, "title": "A", "url": "/3", "pay": [Infinity]}',
                '{"id": 4, "title": "A", "url": "/4", "pay": 1e999}',
                '{"id": 5, "title": "A", "url": "/5", "pay": 1' + "0" * 400 + "}",
                '{"id": 6, "title": "A", "title": "B", "url": "/6"}',
            )
        }
    ),
    "p05b": Case({"/jobs": _json(b"\xef\xbb\xbf" + json.dumps(ads(1)).encode())}),
    "p05c": Case({"/jobs": _json(json.dumps(ads(1))[:-2] + ",]}")}),
    "p05d": Case(
        {
            "/jobs": _json(
                '{"jobs": [{"id": 1, "title": "\\ud800 A", "url": "/1"}, {"id": 2, "title": "B", "url": "/2"}]}'
            )
        }
    ),
    "p05e": Case(
        {
            "/jobs": _records(
                _ad(1), '{"id": "\\ud800", "title": "A", "url": "/2", "\\udc00": 1, "kind": "\\ud83d"}', _ad(3)
            )
        }
    ),
    "p06a": Case(
        {"/jobs": _json(json.dumps(ads(1, more=1), ensure_ascii=False).replace("Backend", "Köln").encode("cp1252"))}
    ),
    "p06b": Case(
        {"/jobs": _json(json.dumps(ads(1), ensure_ascii=False).replace("Backend", "開発者 求人").encode("shift_jis"))}
    ),
    "p06c": Case({"/jobs": page(_LYING_FEED, kind="application/rss+xml")}, "feed"),
    "p07a": Case({"/jobs": _records(*({"id": n, "jobTitle": "A", "url": f"/{n}"} for n in (1, 2)))}),
    "p07b": Case({"/jobs": _records(_ad(1, benefits=["tea"]), _ad(2))}),
    "p07c": Case(
        {"/jobs": _records(_ad(1) | {"id": "1"}, _ad(2) | {"title": {"en": "A"}}, _ad(3) | {"text": {"html": "t"}})}
    ),
    "p08": Case({"/jobs": _records(_ad(1, kind="gig"), _ad(2, kind="full"))}),
    "p09a": Case({"/jobs": _records({"title": "A", "url": "/1"}, {"id": 2, "title": "A"}, _ad(3))}),
    "p09b": Case({"/jobs": _records(_ad(1, text="old"), _ad(1, text="new"), _ad(2))}),
    "p10a": Case({"/jobs": listed(1, 2, next="/jobs")}),
    "p10b": Case({"/jobs": listed(1, 2, next="/2"), "/2": listed(1, 2, next="/3"), "/3": listed(1, 2, next="/4")}),
    "p10c": Case(
        {"/jobs": listed(1, 2, total=4, next="/2"), "/2": listed(2, 3, total=4, next="/3"), "/3": listed(4, total=4)}
    ),
    "p10d": Case({f"/{'jobs' if n == 1 else n}": listed(n, next=f"/{n + 1}") for n in range(1, 40)}),
    "p10e": Case({"/jobs": listed(1, 2, next="http://[::1")}),
    "p10f": Case({"/jobs": listed(1, 2, next="javascript:alert(1)")}),
    "p10g": Case({"/jobs": listed(1, 2, next="//elsewhere.test/jobs")}),
    "p10h": Case(
        {
            "/jobs": listed(1, 2, pages=10),
            "/jobs?page=2": listed(3, 4, pages=10),
            "/jobs?page=3": listed(5, pages=10),
            "/jobs?page=4": listed(pages=10),
        },
        "numbered",
    ),
    "p10i": Case(
        {"/jobs": listed(1, 2, total=5), "/jobs?offset=2": listed(3, 4, total=5), "/jobs?offset=4": listed(5, total=5)},
        "offset",
    ),
    "p11": Case({"/jobs": listed(*range(104), total=11_815)}),
    "p12": Case({"/jobs": listed(*range(1, 11))}, "raises"),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """All cases of this file, crawled once. None is about time: while one enormous answer is read the others wait, on a
    busy machine for longer than the two seconds of boards that are slow on purpose."""
    return run_boards(CASES, tmp_path_factory.mktemp("boards"), DOWNLOAD_TIMEOUT=120)


STATES = {
    "p01a": ("empty", "the board lists nothing", []),
    "p01b": ("empty", "the board lists nothing", []),
    "p01c": ("empty", "the board lists nothing", []),
    "p01d": ("empty", "the board lists nothing", []),
    "p01e": ("failed", "unreadable: not_json", []),
    "p01f": ("failed", "unreadable: not_a_feed", []),
    "p01g": ("failed", "unreadable: no_records", []),
    "p01h": ("failed", "unreadable: no_records", []),
    "p02a": ("partial", "unreadable: the feed is not well-formed", ["1"]),
    "p02b": ("failed", "unreadable: not_json", []),
    "p04d": ("failed", "unreadable: too_deep", []),
    "p05b": ("complete", "", ["1"]),
    "p05c": ("failed", "unreadable: not_json", []),
    "p06b": ("failed", "unreadable: not_text", []),
    "p07a": ("failed", "2 of 2 records could not be read", []),
    "p10a": ("partial", "short: the next page is one that was read", ["1", "2"]),
    "p10b": ("partial", "short: page 2 repeats what was listed", ["1", "2"]),
    "p10c": ("complete", "", ["1", "2", "3", "4"]),
    "p10d": ("partial", "short: stopped after 20 pages", sorted(map(str, range(1, 21)))),
    "p10e": ("partial", "", ["1", "2"]),
    "p10f": ("partial", "", ["1", "2"]),
    "p10g": ("partial", "site: host elsewhere.test is not on the card", ["1", "2"]),
    "p10h": ("partial", "short: page 4 of 10 is empty", ["1", "2", "3", "4", "5"]),
    "p10i": ("complete", "", ["1", "2", "3", "4", "5"]),
    "p11": ("partial", "short: 104 of 11815 advertised ads were listed", sorted(map(str, range(104)))),
}


@pytest.mark.parametrize("case", STATES)
def test_p01_p02_p04_p05_p06_p07_p10_p11_state_and_reason(crawled: Crawled, case: str) -> None:
    came = crawled.boards[case]
    state, because, landed = STATES[case]
    assert came.state == state
    assert came.because.startswith(because)
    assert came.ids() == landed


@pytest.mark.parametrize("case", ["p03a", "p03b", "p03c", "p03d"])
def test_p03_entities_are_neither_expanded_nor_fetched_and_nothing_is_invented(crawled: Crawled, case: str) -> None:
    came = crawled.boards[case]
    assert came.ids() == ["1"]
    (raw,) = came.postings
    assert len(json.dumps(raw)) < 500_000, "nothing grew"
    assert socket.gethostname() not in json.dumps(raw)
    assert crawled.canary.connections == 0, "no DTD was fetched"
    assert raw["title"] in ("A&j;B", "&q;" * 20_000, "A&x;B", "Backend Developer"), "nor was a title cut short"


@pytest.mark.parametrize("case", ["p04a", "p04b", "p04c", "p04f"])
def test_p04_enormous_answers_are_read_as_far_as_they_go(crawled: Crawled, case: str) -> None:
    came = crawled.boards[case]
    assert len(came.ids()) == 1
    assert came.state in ("complete", "partial")


def _reasons(crawled: Crawled, case: str) -> list[str]:
    return [rejected["reason"] for rejected in crawled.boards[case].noted("rejected")]


@pytest.mark.parametrize(
    ("case", "reasons", "landed"),
    [
        ("p04e", ["too_deep"], ["1"]),
        ("p05a", ["bad_number"] * 4 + ["duplicate_key"], ["1"]),
        ("p05d", ["not_unicode"], ["2"]),
        ("p05e", ["not_unicode"], ["1", "3"]),
        ("p07c", ["no_title"], ["1", "3"]),
        ("p09a", ["no_id", "no_url"], ["3"]),
        ("p12", ["spider_fault"], ["1", "10", "2", "3", "4", "5", "6", "8", "9"]),
    ],
)
def test_p04_p05_p07_p09_p12_one_bad_record_is_rejected_with_its_reason_and_the_others_are_read(
    crawled: Crawled, case: str, reasons: list[str], landed: list[str]
) -> None:
    assert _reasons(crawled, case) == reasons
    assert crawled.boards[case].ids() == landed
    assert crawled.boards[case].outcome["rejected"] == len(reasons)


def test_p05_p09_a_record_that_could_not_be_named_leaves_a_catalogue_incomplete(crawled: Crawled) -> None:
    assert [crawled.boards[case].state for case in ("p05a", "p09a", "p12")] == ["partial"] * 3


def test_p05_a_rejected_record_that_has_an_id_still_counts_as_seen(crawled: Crawled) -> None:
    assert crawled.boards["p05d"].noted("seen") == ["1"]


def test_p12_the_trace_of_a_spiders_fault_is_kept(crawled: Crawled) -> None:
    (rejected,) = crawled.boards["p12"].noted("rejected")
    assert rejected["detail"] == "KeyError: 'a fault of the spider'"
    assert json.loads(rejected["raw"])["id"] == 7
    assert "_fails_at_seven" in crawled.log


@pytest.mark.parametrize("case", ["p06a", "p06c"])
def test_p06_a_charset_that_lies_does_not_garble_a_title(crawled: Crawled, case: str) -> None:
    (raw,) = crawled.boards[case].postings
    assert raw["title"] in ("Köln Developer 1", "Ingénieur")


def test_p07_p08_what_is_new_is_reported_and_never_a_default(crawled: Crawled) -> None:
    outcome = {case: came.outcome for case, came in crawled.boards.items()}
    assert outcome["p07a"]["unknown_keys"] == {"jobTitle": 2}
    assert outcome["p07b"]["unknown_keys"] == {"benefits": 1}
    assert outcome["p07c"]["unknown_values"] == {"title: an object": 1, "description: an object": 1}
    assert outcome["p08"]["unknown_values"] == {"employment_type: gig": 1}
    assert [raw["employment_type"] for raw in crawled.boards["p08"].postings] == ["gig", "full"]


def test_p09_one_id_twice_lands_in_the_order_it_was_said(crawled: Crawled) -> None:
    came = crawled.boards["p09b"]
    assert [raw["description"] for raw in came.postings if raw["external_id"] == "1"] == ["old", "new"]
    assert came.outcome["found"] == 3


def test_p10_no_page_is_asked_for_twice(crawled: Crawled) -> None:
    for case in ("p10a", "p10b", "p10c", "p10d"):
        # a request that a busy machine let time out is tried again at once
        paths = [path for path, _ in groupby(hit.path for hit in crawled.boards[case].hits)]
        assert len(paths) == len(set(paths))
        assert crawled.boards[case].outcome["pages"] == len(paths)


def test_p01_no_case_ends_the_process(crawled: Crawled) -> None:
    assert crawled.status == 3
    assert set(crawled.boards) == set(CASES)
