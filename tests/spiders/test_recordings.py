"""The one driver of all recordings: each is crawled as its board would be, and compared with its golden."""

from __future__ import annotations

import json
import re

import pytest

from config.load import cards
from spiders.items import RawPosting
from spiders.kit.trim import NO_PHONE
from spiders.reading import sources, spider_class
from spiders.replay import recordings

RECORDED = recordings()


@pytest.mark.parametrize("source", RECORDED)
def test_gives_its_golden(source, replayed):
    expected = [json.loads(s) for s in RECORDED[source].expected.read_text(encoding="utf-8").splitlines()]
    assert replayed[source].golden() == expected


@pytest.mark.parametrize("source", RECORDED)
def test_every_board_is_complete(source, replayed):
    outcomes = replayed[source].outcomes
    assert {board: (o["state"], o["because"]) for board, o in outcomes.items()} == dict.fromkeys(
        RECORDED[source].boards, ("complete", "")
    )


@pytest.mark.parametrize("source", RECORDED)
def test_reports_no_key_that_its_own_recording_holds(source, replayed):
    for outcome in replayed[source].outcomes.values():
        assert outcome["unknown_keys"] == {}
        assert outcome["unknown_values"] == {}


@pytest.mark.parametrize("source", RECORDED)
def test_is_worth_showing(source, replayed):
    """Enough ads, filled as the card expects, with texts that a reader would believe."""
    lines = [line for line in replayed[source].lines if "external_id" in line]
    assert len(lines) >= 3, "record an answer with three ads or more: the demo shows them"
    expect = cards()[source].expect
    for field, share in expect.filled.items():
        filled = sum(1 for line in lines if line.get(field))
        assert filled >= share * len(lines), field
    assert all(RawPosting.model_validate(line).payload for line in lines)


@pytest.mark.parametrize("source", RECORDED)
def test_names_nobody_real(source):
    """Mail addresses and employers' sites are of example domains; no telephone number."""
    for file in RECORDED[source].folder.iterdir():
        text = file.read_text(encoding="utf-8")
        for address in re.findall(r"[\w.+-]{1,60}(?:@|%40)([\w.-]{1,80}\.[a-z]{2,10})", text):
            assert address.endswith("example.com"), f"{file.name}: {address}"
        assert not re.search(r"\+\d{1,3}[ -]\d{2,4}[ -]\d{3,}", text.replace(NO_PHONE, "")), file.name


@pytest.mark.parametrize("source", RECORDED)
def test_holds_no_file_that_nothing_asks_for(source):
    one = RECORDED[source]
    named = {exchange.file for exchange in one.exchanges}
    assert named | {one.expected, one.folder / "exchanges.toml"} >= set(one.folder.iterdir())


def test_every_source_is_recorded():
    """Those whose answer is only guessed at may be; all others must be."""
    assert set(RECORDED) >= {s for s in sources() if s in cards() and cards()[s].verified}


def test_every_spider_has_a_card_and_every_card_a_spider():
    assert set(cards()) == set(sources())


@pytest.mark.parametrize("source", sources())
def test_file_class_and_card_have_one_name(source):
    assert spider_class(source).name == source
    assert cards()[source].source == source


def test_the_demo_tells_one_story_on_several_boards(replayed):
    """The same opening stands on boards and at its employer's, in other words."""
    where: dict[tuple[str, str], set[str]] = {}
    for source, crawled in replayed.items():
        for line in crawled.lines:
            if line.get("company"):
                where.setdefault((line["company"].strip(), line["title"]), set()).add(source)
    assert sum(len(found) >= 3 for found in where.values()) >= 5
