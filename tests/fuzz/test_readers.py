"""Every reader over changed recordings: it reads, or says why not; it loses nothing in silence and invents nothing."""

from __future__ import annotations

import hashlib
import html
import json
import re
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from spiders.bases.reading import Reading, Unreadable
from spiders.bases.strict_json import _text
from spiders.items import RawPosting
from spiders.reading import spider_class
from spiders.replay import recordings
from spiders.spool import sound
from tests.fuzz.answers import Answer, changed, recorded

SOURCES = list(recordings())
QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
LONG_SECONDS = 300
CORPUS = Path(__file__).parent / "corpus"
"""Answers that a reader once failed over, as ``<source>~<what>``: read again by every run."""
_AS_SAID = ("title", "company", "posted", "updated", "valid_through", "salary_currency", "employment_type", "seniority")


def read(answer: Answer) -> Reading | None:
    """What the spider makes of an answer; None where it says that it is none of its kind."""
    try:
        return spider_class(answer.source)(boards=[answer.board]).read(answer.body, answer.url, answer.board)
    except Unreadable:
        return None


def _texts(value: Any) -> str:
    """Everything that a document says, keys left out."""
    if isinstance(value, dict):
        return "\n".join(map(_texts, value.values()))
    if isinstance(value, list):
        return "\n".join(map(_texts, value))
    return str(value)


def _plain(text: object) -> str:
    """Letters and digits alone: a name may be read from a slug."""
    return re.sub(r"[\W_]+", "", str(text).casefold())


def holds(answer: Answer) -> None:
    """The laws of a reader, for one answer."""
    reading = read(answer)
    if reading is None:
        return
    read_of_it = len(reading.postings) + len(reading.unread) + sum(reading.left_out.values()) + len(reading.removed)
    assert read_of_it + len(reading.entries) == reading.records, "a record was lost or made up"
    for raw in reading.postings:
        assert raw.source == answer.source
        assert RawPosting.model_validate(raw.model_dump()) == raw
    _nothing_invented(reading, answer)
    for unread in reading.unread:
        assert unread.reason
        orjson.dumps(sound(unread.line()))


def _nothing_invented(reading: Reading, answer: Answer) -> None:
    """What is said of an ad stands in the answer, or is the tenant's name. Of documents that keep values as values."""
    try:
        document = json.loads(_text(answer.body))
    except ValueError:
        return
    spider = spider_class(answer.source)(boards=[answer.board])
    words = _texts(document)
    without_markup = html.unescape(re.sub(r"<[^>]{0,500}>", "", words))
    said = _plain(words) + _plain(without_markup) + _plain(answer.url)
    said += _plain(spider._beside(answer.board)["company"])
    for raw in reading.postings:
        for name in _AS_SAID:
            value = getattr(raw, name)
            for one in value if isinstance(value, list) else [value]:
                assert one is None or _plain(one) in said, (name, one)


@pytest.mark.parametrize("source", SOURCES)
def test_recordings_as_they_are(source: str) -> None:
    for answer in recorded(source):
        holds(answer)


@pytest.mark.parametrize("source", SOURCES)
@QUICK
@given(data=st.data())
def test_changed_recordings(source: str, data: st.DataObject) -> None:
    holds(data.draw(changed(source)))


@pytest.mark.parametrize("source", SOURCES)
@QUICK
@given(body=st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_anything_at_all(source: str, body: bytes) -> None:
    first = recorded(source)[0]
    holds(Answer(source, first.board, first.url, body))


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*~*")), ids=lambda path: path.name)
def test_answers_that_once_failed(path: Path) -> None:
    source = path.name.partition("~")[0]
    first = recorded(source)[0]
    holds(Answer(source, first.board, first.url, path.read_bytes()))


def test_an_address_in_robots_txt_that_is_none_is_passed_over() -> None:
    said = b"User-agent: *\nSitemap: http://[::1/a.xml\nSitemap: /b.xml\n"
    reading = spider_class("site")(boards=["jobs.example.com"]).read(said, "https://jobs.example.com/robots.txt", "")
    assert [one.url for one in reading.more] == ["https://jobs.example.com/b.xml"]


@pytest.mark.long
@pytest.mark.parametrize("source", SOURCES)
def test_changed_recordings_for_long(source: str) -> None:
    """Five minutes over all sources; what fails is written to the corpus."""
    until = time.monotonic() + LONG_SECONDS / len(SOURCES)

    @settings(QUICK, max_examples=200, derandomize=False, phases=(Phase.generate, Phase.shrink))
    @given(data=st.data())
    def once(data: st.DataObject) -> None:
        answer = data.draw(changed(source))
        try:
            holds(answer)
        except Exception as error:
            CORPUS.mkdir(exist_ok=True)
            digest = hashlib.blake2b(answer.body, digest_size=4).hexdigest()
            (CORPUS / f"{source}~{type(error).__name__}-{digest}").write_bytes(answer.body)
            raise

    while time.monotonic() < until:
        once()
