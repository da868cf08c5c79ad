"""What every spider passes by being there: nothing here names one. The names are those of Meltano's SDK.

A spider is crawled over its recording, and asked to read what its board might answer: records twice, records without
what is required, odd characters, other encodings.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from spiders.bases.board import BoardSpider
from spiders.bases.reading import Reading, Unreadable
from spiders.items import RawPosting
from spiders.kit.goldens import Crawled, crawl_recorded
from spiders.reading import spider_class
from spiders.replay import recordings
from tests.fuzz.answers import Answer, recorded

RECORDED = recordings()
SOURCES = sorted(RECORDED)
STATES = {"complete", "partial", "empty", "blocked", "rate_limited", "failed", "skipped"}
MARK = " ✓ “R&D” O'Brien <b>\u202e\u200b🦀"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Crawled]:
    """A crawl of all recordings."""
    return crawl_recorded(RECORDED, tmp_path_factory.mktemp("first"))[0]


@pytest.fixture(scope="module")
def second(first: Mapping[str, Crawled], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Crawled]:
    """The same crawl again, knowing what the first one left."""
    folder = tmp_path_factory.mktemp("second")
    lines = [
        {name: outcome[name] for name in ("source", "board", "validators", "ids")}
        for crawled in first.values()
        for outcome in crawled.outcomes.values()
    ]
    known = folder / "known.jsonl"
    known.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return crawl_recorded(RECORDED, folder / "spool", known)[0]


def ads(crawled: Crawled) -> list[dict[str, Any]]:
    """The ads that landed."""
    return [line for line in crawled.lines if "external_id" in line]


def key(line: Mapping[str, Any]) -> tuple[str, str]:
    """Board and id of an ad."""
    return line.get("board", ""), line["external_id"]


@pytest.mark.parametrize("source", SOURCES)
def test_primary_keys(source: str, first: Mapping[str, Crawled]) -> None:
    keys = Counter(map(key, ads(first[source])))
    assert keys
    assert all(external_id.strip() for _, external_id in keys)
    assert {one: times for one, times in keys.items() if times > 1} == {}


@pytest.mark.parametrize("source", SOURCES)
def test_record_matches_schema(source: str, first: Mapping[str, Crawled]) -> None:
    for line in ads(first[source]):
        raw = RawPosting.model_validate(line)
        assert raw.source == source
        assert json.loads(raw.model_dump_json(exclude_none=True)) == line
        assert raw.url.startswith(("http://", "https://")), raw.url


@pytest.mark.parametrize("source", SOURCES)
def test_final_state(source: str, first: Mapping[str, Crawled]) -> None:
    crawled = first[source]
    assert set(crawled.outcomes) == set(RECORDED[source].boards), "each board comes to exactly one outcome"
    for board, outcome in crawled.outcomes.items():
        assert outcome["state"] in STATES
        assert outcome["found"] == sum(line.get("board", "") == board for line in ads(crawled))
        assert outcome["started"] <= outcome["finished"]


@pytest.mark.parametrize("source", SOURCES)
def test_second_poll_fetches_no_page_of_an_ad_again(
    source: str, first: Mapping[str, Crawled], second: Mapping[str, Crawled]
) -> None:
    for board, outcome in second[source].outcomes.items():
        before = first[source].outcomes[board]
        assert outcome["state"] == before["state"]
        assert outcome["details"] == 0
        assert outcome["unchanged"] or outcome["found"] + outcome["seen"] == before["found"] + before["seen"]


def reread(answer: Answer, change: Callable[[Any], list[Any]]) -> Reading | None:
    """What a spider makes of a list whose records were changed after decoding; None where the answer is no list."""
    spider: BoardSpider = spider_class(answer.source)(boards=[answer.board])
    decode = spider.decode

    def changed(body: bytes, url: str) -> Any:
        decoded = decode(body, url)
        decoded.records = [new for one in decoded.records for new in change(one)]
        return decoded

    try:
        decode(answer.body, answer.url)
    except Unreadable:
        return None
    spider.decode = changed  # type: ignore[method-assign]
    return spider.read(answer.body, answer.url, answer.board)


def readings(source: str, change: Callable[[Any], list[Any]]) -> list[tuple[Reading, Reading]]:
    """Each recorded answer of a source, as it is and changed."""
    pairs = [(reread(answer, lambda one: [one]), reread(answer, change)) for answer in recorded(source)]
    return [(plain, new) for plain, new in pairs if plain and new and plain.records]


@pytest.mark.parametrize("source", SOURCES)
def test_duplicate_records(source: str) -> None:
    for plain, twice in readings(source, lambda one: [one, one]):
        assert sorted({raw.external_id for raw in twice.postings}) == sorted({r.external_id for r in plain.postings})
        assert len(twice.postings) == len(plain.postings), "an ad that is listed twice is one ad"


@pytest.mark.parametrize("source", SOURCES)
def test_record_missing_required_property(source: str) -> None:
    for _, empty in readings(source, lambda one: [{}]):
        assert empty.postings == []
        assert len(empty.unread) + sum(empty.left_out.values()) == empty.records
        assert all(unread.reason for unread in empty.unread)


@pytest.mark.parametrize("source", SOURCES)
def test_special_chars_in_attributes(source: str) -> None:
    for plain, odd in readings(source, lambda one: [_marked(one)]):
        assert [unread.reason for unread in odd.unread] == [unread.reason for unread in plain.unread]
        assert len(odd.postings) == len(plain.postings)
        for raw in odd.postings:
            assert RawPosting.model_validate_json(raw.model_dump_json()) == raw


def _marked(value: Any) -> Any:
    """Every text of a record with odd characters at its end; addresses, ids and dates stay what they are."""
    if isinstance(value, dict):
        return {name: _marked(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_marked(one) for one in value]
    return value + MARK if isinstance(value, str) and " " in value else value


@pytest.mark.parametrize("source", SOURCES)
def test_encoded_string_data(source: str) -> None:
    spider = spider_class(source)(boards=[""])
    for answer in recorded(source):
        if not answer.is_json:
            continue
        document = json.loads(answer.body)
        bodies = [
            json.dumps(document).encode(),
            json.dumps(document, ensure_ascii=False).encode(),
            b"\xef\xbb\xbf" + answer.body,
            json.dumps(document, ensure_ascii=False).encode("utf-16"),
        ]
        read = [spider.read(body, answer.url, answer.board).postings for body in bodies]
        assert all(one == read[0] for one in read)


def test_every_recording_is_of_a_spider(tmp_path: Path) -> None:
    assert SOURCES
    assert all(spider_class(source).name == source for source in SOURCES)
