"""However many ads wait, they are decided a wave at a time, and how large a wave is changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flows import rematch
from flows.believe import Believers
from flows.match import signature
from flows.order import Order
from flows.report.run import Report
from flows.run import Run
from storage import store
from storage.engine import open_database, reading, writing
from storage.models import Posting
from tests.generate import market
from tests.match.ads import MADRID, OTHER_DUTIES, copy, posting
from tests.storage.ads import DAY, NOON

TABLES = {
    "posting": "posting_key, job_id, family_id, to_match",
    "job": "*",
    "match_link": "*",
    "match_key": "*",
    "match_event": "*",
}


def ads(count: int) -> list[Posting]:
    made = [ad.posting() for ad in market(count, seed=5)]
    for one in made:
        one.signature = signature(one)
    return made


def changed(one: Posting, number: int) -> Posting:
    """Another title, another employer, or another text: its old neighbours lose it, others gain it."""
    said: dict[str, Any] = {"last_seen": NOON + DAY, "level": "Principal"}
    if number % 3 == 1:
        said |= {"company": "Elsewhere", "company_key": "elsewhere"}
    if number % 3 == 2:
        said |= {"title_core": "data engineer search", "description_text": "Another text. " * 60}
    other = one.model_copy(update=said)
    other.signature = signature(other)
    return other


def run_id_and_tables(folder: Path, batches: list[list[Posting]], processes: int = 1) -> dict[str, list[Any]]:
    engine = open_database(f"sqlite:///{folder / 'waves.db'}")
    for number, postings in enumerate(batches):
        now = NOON + number * DAY
        with writing(engine) as conn:
            run_id = store.start_run(conn, kind="file", now=now)
            store.save_postings(conn, postings, run_id=run_id, now=now)
        report = Report(run_id, "file", now)
        with Believers(processes) as beside:
            rematch.rematch(Run(Order(), engine, run_id, number + 1, lambda: NOON, folder, beside, report, {}))
    with reading(engine) as conn:
        tables = {
            name: sorted(map(repr, conn.exec_driver_sql(f"SELECT {columns} FROM {name}").all()))
            for name, columns in TABLES.items()
        }
    engine.dispose()
    return tables


@pytest.mark.parametrize(("wave", "processes"), [(1, 1), (7, 1), (100, 1), (60, 2)])
def test_waves_of_any_size_come_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wave: int, processes: int
) -> None:
    first = ads(240)
    # every fourth ad changes, and all others of a fifth are new: both kinds meet stored ones
    known, late = [one for n, one in enumerate(first) if n % 5], first[::5]
    again = [changed(one, n) for n, one in enumerate(known) if n % 4 == 0]
    (tmp_path / "one").mkdir()
    (tmp_path / "many").mkdir()
    at_once = run_id_and_tables(tmp_path / "one", [known, late + again])
    monkeypatch.setattr(rematch, "WAVE", wave)
    assert run_id_and_tables(tmp_path / "many", [known, late + again], processes) == at_once
    assert any("merge" in event or "split" in event for event in at_once["match_event"])
    assert not any("None" in row for row in at_once["posting"])


@pytest.mark.parametrize("wave", [1, 100])
def test_who_met_a_changed_ad_by_its_old_keys_is_decided_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wave: int
) -> None:
    # a copy that says no place fits both openings, and so neither, until one of them is another employer's
    berlin, loose = posting(1), copy(50, locations=[], location_raw="Remote")
    madrid = posting(2, locations=[MADRID], location_raw="Madrid, Spain")
    gone = posting(
        2, title="Pastry Chef", title_core="pastry chef", company="Zest", company_key="zest", board="velmora"
    )
    gone = gone.model_copy(update={"url": "https://zest.example.com/2", "description_text": OTHER_DUTIES})
    monkeypatch.setattr(rematch, "WAVE", wave)
    jobs = [one.split(", ")[1] for one in run_id_and_tables(tmp_path, [[berlin, madrid, loose], [gone]])["posting"]]
    assert sorted(map(jobs.count, jobs)) == [1, 2, 2]


def test_a_job_that_loses_one_ad_to_a_later_wave_is_split_and_not_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    founder, other, late = posting(1), copy(50), copy(51, source="boardc", url="https://boardc.example.com/51")
    gone = posting(1, title="Pastry Chef", title_core="pastry chef", company="Zest", company_key="zest")
    gone = gone.model_copy(update={"url": "https://zest.example.com/1", "description_text": OTHER_DUTIES})
    monkeypatch.setattr(rematch, "WAVE", 1)
    tables = run_id_and_tables(tmp_path, [[founder, other], [late, gone]])
    assert ["split" in one for one in tables["match_event"]] == [True]
