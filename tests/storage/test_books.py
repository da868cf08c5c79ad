"""Runs, boards, ledger, captures, rejections: the books that life, checks and the crawler read."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.load import cards
from storage import derive, read, store
from storage.engine import reading, writing
from storage.models import Job, Received, Rejection
from storage.tables import JobRow, table_of
from tests.storage.ads import DAY, HOUR, NOON, ad


def start(engine: Engine, n: int = 0, kind: Any = "crawl") -> str:
    with writing(engine) as conn:
        return store.start_run(conn, kind=kind, now=NOON + n * DAY)


def board(engine: Engine, run_id: str, **values: Any) -> None:
    with writing(engine) as conn:
        store.finish_board_run(conn, run_id, "example", "acme", now=NOON, **{"state": "complete", **values})


def test_runs_are_numbered_and_sort_as_they_began(engine: Engine) -> None:
    made = [start(engine, n) for n in (5, 5, 0, -300, 6)]
    assert made == sorted(made)
    assert len(set(made)) == 5
    with reading(engine) as conn:
        assert [row["number"] for row in read.runs(conn)] == [5, 4, 3, 2, 1]
        found = read.run(conn, "last")
        assert found is not None
        assert found["run_id"] == made[-1]
        assert read.run(conn, "nothing") is None


def test_s03_a_segment_is_loaded_once(engine: Engine) -> None:
    run_id = start(engine)
    with writing(engine) as conn:
        said = {"sha256": "ab", "name": "one.jsonl", "run_id": run_id, "now": NOON}
        assert store.save_segment(conn, **said)
        assert not store.save_segment(conn, **said)


def test_s03_a_transaction_that_fails_leaves_neither_ledger_nor_rows(engine: Engine) -> None:
    run_id = start(engine)

    def cut_off() -> None:
        with writing(engine) as conn:
            store.save_segment(conn, sha256="ab", name="one.jsonl", run_id=run_id, now=NOON)
            store.save_postings(conn, [ad(1)], run_id=run_id, now=NOON)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        cut_off()
    with writing(engine) as conn:
        assert read.counts(conn)["postings"] == 0
        assert store.save_segment(conn, sha256="ab", name="one.jsonl", run_id=run_id, now=NOON)


def test_the_median_is_of_the_last_five_complete_runs(engine: Engine) -> None:
    for n, found in enumerate([1000, 10, 20, 30, 40, 50]):
        board(engine, start(engine, n), complete=True, found=found)
    board(engine, start(engine, 9), state="partial", found=2)
    with reading(engine) as conn:
        assert read.usually_found(conn) == read.usually_found(conn, "example") == {("example", "acme"): 30}
        assert read.usually_found(conn, "other") == {}
        assert [row["found"] for row in read.board_runs(conn, "example", "acme", limit=3)] == [2, 50, 40]


def test_a_board_remembers_its_last_complete_run_and_validators(engine: Engine) -> None:
    first, second = start(engine), start(engine, 1)
    board(engine, first, complete=True, validators={"etag": "a"})
    board(engine, second, state="failed")
    with reading(engine) as conn:
        [row] = read.boards(conn, "example")
        assert (row["last_run"], row["last_complete_run"]) == (second, first)
        assert read.known(conn, "example", "acme")["validators"] == {"etag": "a"}
    # the older run ends late: it does not hide the newer one
    board(engine, first, state="partial", validators={"etag": "old"})
    with reading(engine) as conn:
        [row] = read.boards(conn, "example")
        assert (row["last_run"], row["validators"]) == (second, {"etag": "a"})


def test_what_is_known_of_a_board(engine: Engine) -> None:
    run_id = start(engine)
    with writing(engine) as conn:
        ads = [ad("1", updated_at=NOON), ad("2#backend-developer", content_hash="b"), ad("3"), ad("4", board="other")]
        store.save_postings(conn, ads, run_id=run_id, now=NOON)
        store.apply_transitions(conn, [{"posting_key": ads[2].posting_key, "state": "closed"}], run_id=run_id, now=NOON)
        assert read.known(conn, "example", "acme")["ids"] == {
            "1": {"hash": "a", "updated": "2026-11-01T12:00:00+00:00"},
            "2": {"hash": "b", "updated": None},
            "2#backend-developer": {"hash": "b", "updated": None},
        }
        assert [row.external_id for row in read.lives(conn, "example", "acme")] == ["1", "2#backend-developer"]
        assert [row.external_id for row in read.lives(conn, "example", "acme", ["3"])][-1] == "3"


def test_s05_a_lease_is_its_holders_until_the_run_ends_or_it_expires(engine: Engine) -> None:
    first, second = start(engine), start(engine, 1)

    def take(holder: str, later: int = 0) -> bool:
        with writing(engine) as conn:
            return store.take_lease(conn, "host:example.com", holder, now=NOON + later * HOUR, ttl=2 * HOUR)

    assert [take(first), take(second), take(first, 1), take(second, 2)] == [True, False, True, False], "renewed at one"
    with writing(engine) as conn:
        assert store.release_lease(conn, "host:example.com", second) is False
    assert take(second, 2) is False, "nobody gives back what is another's"
    assert take(second, 3) is True, "it expired"
    with writing(engine) as conn:
        store.finish_run(conn, first, state="complete", now=NOON)
    assert take(first, 3) is False, "the end of a run gives back its own alone"
    with writing(engine) as conn:
        store.finish_run(conn, second, state="failed", now=NOON)
    assert take(first, 3) is True


def test_a_record_read_again_is_the_same_capture(engine: Engine) -> None:
    run_id = start(engine)

    def received(when: dt.datetime, title: str = "Dev") -> Received:
        line = json.dumps({"title": title, "source": "example", "fetched_at": str(when)}).encode()
        return Received("example", "", "1", line, when)

    days = [dt.datetime(2026, 11, n, tzinfo=dt.UTC) for n in (2, 1, 3)]
    with writing(engine) as conn:
        for n, day in enumerate(days):
            assert store.save_captures(conn, [received(day)], run_id=run_id, now=NOON) == (n == 0)
        assert store.save_captures(conn, [received(days[2], "Ops")], run_id=run_id, now=NOON) == 1
        kept = [json.loads(said) for _, said in read.captures(conn, source="example")]
    assert sorted(said["title"] for said in kept) == ["Dev", "Ops"]
    assert {said["fetched_at"] for said in kept} == {"2026-11-03T00:00:00+00:00"}


def test_a_rejection_is_counted_once_a_run_and_opens_again_when_it_returns(engine: Engine) -> None:
    bad = Rejection(source="example", board="acme", external_id="1", reason="no_title", raw="{}", place="a.jsonl:1")
    other = bad.model_copy(update={"reason": "bad_url"})
    for n in range(3):
        run_id = start(engine, n)
        with writing(engine) as conn:
            for _ in range(2):
                store.save_rejections(conn, [bad, bad, other], run_id=run_id, now=NOON + n * DAY)
    with writing(engine) as conn:
        rows = read.rejections(conn, source="example")
        assert {(row["reason"], row["times"], row["last_at"]) for row in rows} == {
            ("no_title", 3, NOON + 2 * DAY),
            ("bad_url", 3, NOON + 2 * DAY),
        }
        ids = {row["reason"]: row["rejection_id"] for row in rows}
        assert store.settle_rejections(conn, [ids["no_title"]], "replayed") == 1
        assert store.settle_rejections(conn, [ids["bad_url"]], "dismissed") == 1
        assert read.rejections(conn) == []
        store.save_rejections(conn, [bad, other], run_id=start_in(conn), now=NOON)
        # what a person dismissed stays dismissed
        assert [row["reason"] for row in read.rejections(conn)] == ["no_title"]


def start_in(conn: Any) -> str:
    return store.start_run(conn, kind="crawl", now=NOON)


def test_an_operator_s_pause_survives_new_cards(engine: Engine) -> None:
    some = list(cards().values())[:2]
    with writing(engine) as conn:
        store.save_sources(conn, some)
        store.pause_source(conn, some[0].source, now=NOON, because="moving")
        store.save_sources(conn, some)
        assert read.paused(conn) == {some[0].source: "moving"}
        store.resume_source(conn, some[0].source)
        assert read.paused(conn) == {}


def test_jobs_are_written_when_they_differ_and_go_with_their_skills(engine: Engine) -> None:
    run_id, later = start(engine), start(engine, 1)
    job = Job(job_id="a", title="Dev", skills=["Go", "C#"])
    with writing(engine) as conn:
        assert store.save_jobs(conn, [job], run_id=run_id) == 1
        assert store.save_jobs(conn, [job], run_id=later) == 0
        assert store.save_jobs(conn, [job.model_copy(update={"skills": ["Go"]})], run_id=later) == 1
        [row] = conn.execute(table_of(JobRow).select()).all()
        assert (row.first_run, row.last_run) == (run_id, later)
        assert store.remove_jobs(conn, ["a", "b"]) == 1


def test_matching_reads_what_it_wrote(engine: Engine) -> None:
    run_id = start(engine)
    ads = [ad(n) for n in range(3)]
    keys = sorted(one.posting_key for one in ads)
    with writing(engine) as conn:
        store.save_postings(conn, ads, run_id=run_id, now=NOON)
        assert sorted(read.keys_to_match(conn)) == keys
        store.save_match_keys(conn, {keys[0]: (1, 2), keys[1]: (2, -(2**63)), keys[2]: (2**63 - 1,)})
        store.save_match_keys(conn, {keys[0]: (2,)})
        assert read.postings_of_keys(conn, [1]) == set()
        assert read.postings_of_keys(conn, range(-9, 9)) == set(keys[:2])
        assert read.postings_of_keys(conn, [2**63 - 1]) == set(keys[2:])
        pairs = [{"posting_key": key, "job_id": keys[0], "family_id": None} for key in keys[:2]]
        store.save_jobs(conn, [Job(job_id=keys[0], title="Dev")], run_id=run_id)
        assert store.assign_jobs(conn, pairs) == 2
        assert sorted(read.keys_to_match(conn)) == keys[2:]
        store.mark_matched(conn, keys)
        assert read.keys_to_match(conn) == []
        assert [one.posting_key for one in read.ads_of_jobs(conn, [keys[0]], ["posting_key"])] == keys[:2]
        assert read.sizes_of_jobs(conn, [keys[0], "none"]) == {keys[0]: 2}
        assert [row.title for row in read.all_ads(conn, ["title"])] == ["Backend Developer"] * 3


def test_why_finds_a_job_by_itself_or_by_an_ad(engine: Engine) -> None:
    run_id = start(engine)
    ads = [ad(1), ad(2)]
    keys = [one.posting_key for one in ads]
    with writing(engine) as conn:
        store.save_postings(conn, ads, run_id=run_id, now=NOON)
        jobs = [Job(job_id=keys[0], title="Dev", family_id="f"), Job(job_id="sister", title="Dev", family_id="f")]
        store.save_jobs(conn, jobs, run_id=run_id)
        store.assign_jobs(conn, [{"posting_key": key, "job_id": keys[0], "family_id": "f"} for key in keys])
        link = {"posting_key": keys[1], "job_id": keys[0], "rule": "same text", "score": 0.9, "kind": "full"}
        store.save_links(conn, [link | {"partner": keys[0], "because": "b"}], run_id=run_id, now=NOON)
    with reading(engine) as conn:
        for asked in (keys[0], keys[1]):
            found = read.why(conn, asked)
            assert found is not None
            assert found["job_id"] == keys[0]
            assert found["sisters"] == ["sister"]
            links = {one["posting_key"]: one["link"] for one in found["ads"]}
            assert links[keys[1]]["rule"] == "same text"
        assert read.why(conn, "nothing") is None


def test_an_ad_is_named_by_its_source_and_id(engine: Engine) -> None:
    run_id = start(engine)
    thread = ad("7#data-engineer", board="", roles=["data-engineer", "site-reliability-engineer"])
    said = [
        ad("a"), ad("a", board="brill"), ad("b/2", board="brill"), ad("2", board="b"), ad("b/2", board=""), ad("only"), ad("100%", board=""),
        thread, ad("7#site-reliability-engineer", board="", roles=["data-engineer", "site-reliability-engineer"]), ad("a", source="other", board=""),
    ]  # fmt: skip
    with writing(engine) as conn:
        store.save_postings(conn, said, run_id=run_id, now=NOON)
    with reading(engine) as conn:
        names = {
            asked: [(one.source, one.board, one.external_id) for one in read.named(conn, asked)]
            for asked in (
                "example/acme/a", "example/a", "example/only", "example/b/2", "example/brill/b/2", "example/7#site-reliability-engineer", "example/7", "other/a",
                "example/100%", "example/10_%", "example/c", "example/", "example", "nothing/a", "/a",
            )
        }  # fmt: skip
    assert names == {
        "example/acme/a": [("example", "acme", "a")],
        "example/a": [("example", "acme", "a"), ("example", "brill", "a")],
        "example/only": [("example", "acme", "only")],
        "example/b/2": [("example", "", "b/2"), ("example", "b", "2")],
        "example/brill/b/2": [("example", "brill", "b/2")],
        "example/7#site-reliability-engineer": [("example", "", "7#site-reliability-engineer")],
        "example/7": [("example", "", "7#data-engineer"), ("example", "", "7#site-reliability-engineer")],
        "other/a": [("other", "", "a")],
        "example/100%": [("example", "", "100%")],
        **{one: [] for one in ("example/10_%", "example/c", "example/", "example", "nothing/a", "/a")},
    }


def test_companies_are_as_their_ads_name_them(engine: Engine) -> None:
    run_id = start(engine)
    names = ["Acme", "ACME Inc.", "ACME Inc.", None]
    with writing(engine) as conn:
        ads = [ad(n, company=name, company_key="acme", at=NOON + n * HOUR) for n, name in enumerate(names)]
        store.save_postings(conn, ads, run_id=run_id, now=NOON)
        for _ in range(2):
            assert derive.save_companies(conn, ["acme", "gone"]) == 1
        [row] = conn.execute(text("SELECT name FROM company")).all()
    assert row.name == "ACME Inc."


def test_a_day_counted_twice_is_counted_once(engine: Engine) -> None:
    run_id = start(engine)
    with writing(engine) as conn:
        store.save_jobs(conn, [Job(job_id="a", title="Dev", first_seen=NOON, skills=["Go"])], run_id=run_id)
        for version in ("1", "1", "2"):
            derive.append_days(conn, day=NOON.date(), taxonomy_version=version)
        rows = conn.execute(text("SELECT taxonomy_version, jobs_open, jobs_new FROM roles_daily")).all()
        assert [tuple(row) for row in rows] == [("2", 1, 1)]
        derive.append_days(conn, day=(NOON + DAY).date(), taxonomy_version="2")
        assert len(conn.execute(text("SELECT * FROM skills_daily")).all()) == 2
