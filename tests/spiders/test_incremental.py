"""Six polls of boards that change a little each time: what is asked for, and that nothing skipped is absent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spiders.kit.goldens import Crawled, crawl_recorded
from spiders.replay import recording

POLLS = 6
STILL = (2, 4)
"""Polls at which nothing has changed since the one before."""


def listed(poll: int) -> list[int]:
    """Ten ads; each poll but the still ones drops the two oldest and adds two: four fifths are shared."""
    moved = poll - sum(still <= poll for still in STILL)
    return list(range(moved * 2, moved * 2 + 10))


def exchange(url: str, file: str, **more: Any) -> str:
    said = {"url": url, "file": file, **more}
    return (
        "[[exchange]]\n"
        + "".join(f"{k} = {json.dumps(v)}\n" for k, v in said.items() if k != "headers")
        + ('headers = { ETag = "auto" }\n' if more.get("headers") else "")
    )


def recorded(folder: Path, poll: int) -> dict[str, Any]:
    """A board with pages of ads (BambooHR) and one without (Greenhouse), as they stand at a poll."""
    ids = listed(poll)
    bamboo, green = folder / "bamboohr", folder / "greenhouse"
    for one in (bamboo, green):
        one.mkdir(parents=True)
    rows = [{"id": str(i), "jobOpeningName": f"Job {i}", "departmentLabel": "IT"} for i in ids]
    (bamboo / "list.json").write_text(json.dumps({"meta": {"totalCount": len(rows)}, "result": rows}))
    said = ['boards = ["acme"]\n', exchange("https://acme.bamboohr.com/careers/list", "list.json", headers=True)]
    for i in ids:
        detail = {"result": {"jobOpening": {"jobOpeningName": f"Job {i}", "description": f"<p>Text {i}</p>"}}}
        (bamboo / f"{i}.json").write_text(json.dumps(detail))
        said.append(exchange(f"https://acme.bamboohr.com/careers/{i}/detail", f"{i}.json"))
    (bamboo / "exchanges.toml").write_text("\n".join(said))
    jobs = [
        {
            "id": i,
            "title": f"Job {i}",
            "absolute_url": f"https://job-boards.greenhouse.io/acme/jobs/{i}",
            "content": "x",
        }
        for i in ids
    ]
    (green / "list.json").write_text(json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}}))
    url = "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true"
    (green / "exchanges.toml").write_text('boards = ["acme"]\n' + exchange(url, "list.json", headers=True))
    return {name: recording(folder / name) for name in ("bamboohr", "greenhouse")}


def write_known(path: Path, outcomes: list[dict[str, Any]]) -> Path:
    """What a flow writes back: exactly what the last outcome of each board said."""
    keys = ("source", "board", "validators", "ids")
    path.write_text("".join(json.dumps({k: o[k] for k in keys}) + "\n" for o in outcomes))
    return path


@pytest.fixture(scope="module")
def polls(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Crawled], list[str]]]:
    """Each poll's landing lines and the addresses that it asked for, robots.txt aside."""
    folder = tmp_path_factory.mktemp("polls")
    return list(_crawled(folder))


def _crawled(folder: Path) -> Iterator[tuple[dict[str, Crawled], list[str]]]:
    known = None
    for poll in range(POLLS):
        crawled, server = crawl_recorded(recorded(folder / f"answers{poll}", poll), folder / f"spool{poll}", known)
        asked = [url for _, url, _ in server.hits if not url.endswith("/robots.txt")]
        outcomes = [o for one in crawled.values() for o in one.outcomes.values()]
        known = write_known(folder / f"known{poll}.jsonl", outcomes)
        yield crawled, asked


def test_every_poll_is_complete(polls):
    for crawled, _ in polls:
        assert [o["state"] for one in crawled.values() for o in one.outcomes.values()] == ["complete"] * 2


def test_an_unchanged_poll_costs_one_conditional_request_a_board(polls):
    for still in STILL:
        crawled, asked = polls[still]
        assert len(asked) == 2
        for one in crawled.values():
            assert one.lines == [{"unchanged": "acme"}]
            assert one.outcomes["acme"]["unchanged"]
            assert one.outcomes["acme"]["http"] == {"3xx": 1}


def test_details_are_fetched_for_new_ids_only(polls):
    before: set[int] = set()
    for poll, (_, asked) in enumerate(polls):
        fetched = {int(url.split("/")[-2]) for url in asked if url.endswith("/detail")}
        assert fetched == set(listed(poll)) - before, poll
        before = set(listed(poll))


def test_what_is_skipped_is_seen_and_not_absent(polls):
    for poll, (crawled, _) in enumerate(polls):
        if poll in STILL:
            continue
        for one in crawled.values():
            there = {line.get("seen") or line["external_id"] for line in one.lines}
            assert there == {str(i) for i in listed(poll)}, poll


def test_the_requests_of_all_polls(polls):
    """10 details, then 2 a poll that moved; one list a board and poll."""
    moved = POLLS - 1 - len(STILL)
    assert sum(len(asked) for _, asked in polls) == 2 * POLLS + 10 + 2 * moved
