"""What is counted as rows change is what a count of the whole store comes to, whatever happens and in which order."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, event, select, text

from flows.commands.keep import migrate
from flows.report.claims import claim_checks
from storage import changes, derive, read, store, tally
from storage import tables as t
from storage.engine import open_database, reading, writing
from storage.models import Job, Posting
from storage.tables import METADATA, table_of
from storage.upkeep import forget
from tests.storage.ads import DAY, HOUR, NOON, ad

ROLES = ("backend-developer", "devops-engineer", "none")
STATES = ("open", "unconfirmed", "closed")
EMPLOYERS = ("Acme Lanterns", "Borealis Buoys", None)


# --- the whole count, row by row ------------------------------------------------------------------------------------


def rows_of(conn: Connection, model: Any) -> list[Any]:
    return list(conn.execute(select(table_of(model))))


def scopes(job: Any) -> set[str]:
    backend = job.role in ("backend-developer", "backend-architect")
    wider = backend or job.server_side != "none"
    return {"all"} | ({"backend"} if backend else set()) | ({"wider-backend"} if wider else set())


def is_filled(ad: Any) -> dict[str, bool]:
    return {
        "company": ad.company is not None, "apply_url": ad.apply_url is not None,
        "requisition_id": ad.requisition_id is not None, "role": ad.role != "none",
        "seniority": ad.seniority != "unspecified", "years": (ad.years_min, ad.years_max) != (None, None),
        "degree": ad.degree != "none", "remote_mode": ad.remote_mode != "unknown",
        "remote_regions": bool(ad.remote_regions), "locations": bool(ad.locations),
        "salary": (ad.salary_min, ad.salary_max) != (None, None), "employment_type": ad.employment_type != "unknown",
        "skills": bool(ad.skills), "language": ad.language is not None, "description": ad.description_text != "",
        "posted_at": ad.posted_at is not None, "valid_through": ad.valid_through is not None,
    }  # fmt: skip


def whole(conn: Connection, day: dt.date) -> dict[str, set[tuple[Any, ...]]]:
    """The day tables and the employers as the rows say, counted one by one."""

    def today(moment: dt.datetime | None) -> bool:
        return moment is not None and moment.date() == day

    jobs = {job.job_id: job for job in rows_of(conn, t.JobRow)}
    roles: dict[tuple[Any, ...], Counter[str]] = {}
    for job in jobs.values():
        paid = (job.salary_min, job.salary_max) != (None, None) and job.salary_source in ("stated", "parsed")
        figures = {
            "open": job.state == "open", "unconfirmed": job.state == "unconfirmed", "new": today(job.first_seen),
            "closed": job.state == "closed" and today(job.closed_at), "paid": paid and job.state == "open",
        }  # fmt: skip
        if any(figures.values()):
            kind = (job.role, job.server_side, job.seniority, job.remote_mode)
            roles.setdefault(kind, Counter()).update({name: int(holds) for name, holds in figures.items()})
    sizes = Counter(scope for job in jobs.values() if job.state == "open" for scope in scopes(job))
    named = Counter(
        (scope, row.skill)
        for row in rows_of(conn, t.JobSkill)
        if jobs[row.job_id].state == "open"
        for scope in scopes(jobs[row.job_id])
    )
    sources: dict[str, Counter[str]] = {}
    coverage: Counter[tuple[str, str]] = Counter()
    employers: dict[str, list[Any]] = {}
    last_seen = {row.posting_key: row.last_seen for row in rows_of(conn, t.Sighting)}
    for one in rows_of(conn, t.PostingRow):
        counts = sources.setdefault(one.source, Counter())
        counts.update({one.state: 1, "new": today(one.first_seen)})
        counts["gone"] += one.state == "closed" and today(one.closed_at)
        for field, holds in is_filled(one).items():
            coverage[one.source, field] += holds and one.state != "closed"
        if one.company and one.company_key:
            employers.setdefault(one.company_key, []).append(one)
    figures_of = ("open", "unconfirmed", "new", "closed", "paid")
    return {
        "roles_daily": {(*kind, *(n[name] for name in figures_of)) for kind, n in roles.items()},
        "skills_daily": {(scope, skill, n, sizes[scope]) for (scope, skill), n in named.items()},
        "sources_daily": {(s, n["open"], n["unconfirmed"], n["new"], n["gone"]) for s, n in sources.items()},
        "coverage_daily": {
            (source, field, sources[source]["open"] + sources[source]["unconfirmed"], n)
            for (source, field), n in coverage.items()
        },
        "company": {
            (
                key,
                min(one.first_seen for one in of),
                max(last_seen[one.posting_key] for one in of),
                any(one.agency for one in of),
            )
            for key, of in employers.items()
        },
    }


COLUMNS = {
    "roles_daily": "role, server_side, seniority, remote_mode, "
    "jobs_open, jobs_unconfirmed, jobs_new, jobs_closed, jobs_with_pay",
    "skills_daily": "scope, skill, jobs_open, jobs_in_scope",
    "sources_daily": "source, postings_open, postings_unconfirmed, postings_new, postings_closed",
    "coverage_daily": "source, field, postings, filled",
    "company": "company_key, first_seen, last_seen, agency",
}


def kept(conn: Connection) -> dict[str, set[tuple[Any, ...]]]:
    """The same as it is stored."""
    found = {}
    for name, columns in COLUMNS.items():
        table = METADATA.tables[name]
        rows = conn.execute(select(*(table.c[column.strip()] for column in columns.split(","))))
        found[name] = {tuple(row) for row in rows}
        assert len(found[name]) == len(list(conn.execute(select(table))))
    return found


def count(conn: Connection, day: dt.date) -> None:
    """What a run counts at its end."""
    tally.take_up(conn)
    derive.save_companies(conn, tally.companies(conn))
    derive.refresh_companies(conn)
    derive.refresh_jobs(conn)
    tally.fold(conn)
    derive.append_days(conn, day=day, taxonomy_version="1")


# --- what may happen ------------------------------------------------------------------------------------------------

ADS = st.builds(
    ad,
    st.integers(0, 5),
    at=st.integers(0, 40).map(lambda n: NOON + n * HOUR),
    source=st.sampled_from(["example", "other|odd"]),
    role=st.sampled_from(ROLES),
    company=st.sampled_from(EMPLOYERS),
    company_key=st.sampled_from(["acme lanterns", "borealis buoys", None]),
    agency=st.booleans(),
    skills=st.lists(st.sampled_from(["Go", "C|C++", ""]), unique=True),
    years_max=st.sampled_from([None, 3]),
    description_text=st.sampled_from(["", "We light harbours."]),
    remote_regions=st.sampled_from([[], ["EU"]]),
    valid_through=st.sampled_from([None, NOON]),
    salary_min=st.sampled_from([None, 1.5]),
)
LIVES = st.fixed_dictionaries(
    {"state": st.sampled_from(STATES), "closed_at": st.integers(0, 2).map(lambda n: NOON + n * DAY)}
)
JOBS = st.builds(
    Job,
    job_id=st.sampled_from("abcd"),
    title=st.just("Developer"),
    role=st.sampled_from(ROLES),
    server_side=st.sampled_from(["core", "none"]),
    seniority=st.sampled_from(["mid", "senior"]),
    state=st.sampled_from(STATES),
    skills=st.lists(st.sampled_from(["Go", "Rust", "C|C++"]), unique=True),
    degree=st.sampled_from(["none", "required"]),
    salary_max=st.sampled_from([None, 2.5]),
    salary_source=st.sampled_from([None, "stated", "predicted"]),
    first_seen=st.integers(0, 2).map(lambda n: NOON + n * DAY),
    closed_at=st.sampled_from([None, NOON, NOON + DAY]),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("store"), st.lists(ADS, max_size=5)),
        st.tuples(st.just("live"), st.tuples(st.integers(0, 9), LIVES)),
        st.tuples(st.just("see"), st.integers(0, 60)),
        st.tuples(st.just("match"), st.lists(JOBS, max_size=4)),
        st.tuples(st.just("dissolve"), st.sampled_from("abcd")),
        st.tuples(st.just("forget"), st.tuples(st.sampled_from(["company", "posting"]), st.integers(0, 9))),
        st.tuples(st.just("count"), st.none()),
        st.tuples(st.just("crash"), st.lists(ADS, max_size=3)),
    ),
    max_size=14,
)


class Market:
    """A store to which things happen."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with writing(engine) as conn:
            for table in reversed(METADATA.sorted_tables):
                if table.name != "tally":
                    conn.execute(delete(table))
            count(conn, NOON.date())
            # what is deleted is counted too: nothing is left
            assert rows_of(conn, t.Tally) == []
            self.run_id = store.start_run(conn, kind="crawl", now=NOON)

    def happen(self, step: str, said: Any) -> None:
        if step == "forget":
            self.forget(*said)
            return
        if step == "crash":
            with pytest.raises(RuntimeError, match="power cut"):
                self.crash(said)
            return
        with writing(self.engine) as conn:
            getattr(self, step)(conn, said)

    def store(self, conn: Connection, said: list[Posting]) -> None:
        store.save_postings(conn, said, run_id=self.run_id, now=NOON, live=False)

    def crash(self, said: list[Posting]) -> None:
        with writing(self.engine) as conn:
            self.store(conn, said)
            count(conn, NOON.date())
            raise RuntimeError("power cut")

    def live(self, conn: Connection, said: Any) -> None:
        which, life = said
        keys = sorted(conn.scalars(text("SELECT posting_key FROM posting")))
        life |= {"closed_at": life["closed_at"] if life["state"] == "closed" else None}
        change = [{"posting_key": key} | life for key in keys[which : which + 1]]
        store.apply_transitions(conn, change, run_id=self.run_id, now=NOON)

    def see(self, conn: Connection, hours: int) -> None:
        store.touch_seen(conn, "example", "acme", None, run_id=self.run_id, now=NOON + hours * HOUR)

    def match(self, conn: Connection, jobs: list[Job]) -> None:
        store.save_jobs(conn, {job.job_id: job for job in jobs}.values(), run_id=self.run_id)
        there = sorted(conn.scalars(text("SELECT job_id FROM job")))
        ads = sorted(conn.scalars(text("SELECT posting_key FROM posting")))
        for number, key in enumerate(ads if there else ()):
            job = {"posting_key": key, "job_id": there[number % len(there)], "family_id": None}
            store.assign_jobs(conn, [job])

    def dissolve(self, conn: Connection, job_id: str) -> None:
        conn.execute(text("UPDATE posting SET job_id = NULL WHERE job_id = :job"), {"job": job_id})
        store.remove_jobs(conn, [job_id])

    def forget(self, kind: Any, which: int) -> None:
        with reading(self.engine) as conn:
            keys = sorted(conn.scalars(text("SELECT posting_key FROM posting")))
            ads = list(conn.scalars(text("SELECT company FROM posting WHERE company IS NOT NULL ORDER BY 1")))
        names = keys if kind == "posting" else ads
        if names[which : which + 1]:
            forget(self.engine, kind, names[which], now=NOON)

    def count(self, conn: Connection, _: None) -> None:
        count(conn, NOON.date())


def hold(engine: Engine, steps: list[tuple[str, Any]]) -> None:
    market = Market(engine)
    for step, said in steps:
        market.happen(step, said)
        with reading(engine) as conn:
            assert tally.drift(conn) == {}, step
    with writing(engine) as conn:
        count(conn, NOON.date())
        assert kept(conn) == whole(conn, NOON.date())
        seen = (
            "SELECT COUNT(*) FROM job JOIN v_postings AS p ON p.job_id = job.job_id WHERE p.last_seen > job.last_seen"
        )
        assert conn.scalar(text(seen)) == 0
        assert {row.what for row in rows_of(conn, t.Tally)} <= {"posting", "job", "skill"}


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('tally') / 'law.db'}")
    yield engine
    engine.dispose()


ANY_ORDER = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


ONLY_SEEN: list[tuple[str, Any]] = [
    ("store", [ad(1), ad(2, company="Borealis Buoys", company_key="borealis buoys")]),
    ("match", [Job(job_id="a", title="Developer"), Job(job_id="b", title="Developer")]),
    ("count", None),
    ("see", 60),
]
"""Employers and jobs of whose ads nothing is new but that they were seen again."""


@ANY_ORDER
@given(STEPS)
@example(ONLY_SEEN)
def test_whatever_happens_the_counts_are_those_of_the_whole(on_sqlite: Engine, steps: list[tuple[str, Any]]) -> None:
    hold(on_sqlite, steps)


@pytest.mark.postgresql
@settings(ANY_ORDER, max_examples=20)
@given(steps=STEPS)
@example(ONLY_SEEN)
def test_whatever_happens_the_counts_are_those_of_the_whole_on_postgresql(
    engine_of_law: Engine, steps: list[tuple[str, Any]]
) -> None:
    hold(engine_of_law, steps)


@pytest.fixture
def engine_of_law(postgresql: str) -> Iterator[Engine]:
    engine = open_database(postgresql)
    yield engine
    engine.dispose()


# --- seams and repairs ----------------------------------------------------------------------------------------------


def begun(engine: Engine, n: int = 0) -> str:
    with writing(engine) as conn:
        return store.start_run(conn, kind="crawl", now=NOON + n * DAY)


def test_an_ad_that_closed_on_another_day_is_not_counted_today(engine: Engine) -> None:
    run_id = begun(engine)
    with writing(engine) as conn:
        store.save_postings(conn, [ad(1), ad(2)], run_id=run_id, now=NOON)
        gone = {"posting_key": ad(1).posting_key, "state": "closed", "closed_at": NOON}
        store.apply_transitions(conn, [gone], run_id=run_id, now=NOON)
        found = []
        for day in (NOON, NOON + DAY):
            count(conn, day.date())
            of_day = text("SELECT postings_open, postings_closed FROM sources_daily WHERE day = :day")
            found.append(tuple(conn.execute(of_day, {"day": day.date().isoformat()}).one()))
    assert found == [(1, 1), (1, 0)]


def test_what_a_torn_run_stored_is_counted_by_the_next(engine: Engine) -> None:
    torn = begun(engine)
    with writing(engine) as conn:
        store.save_postings(conn, [ad(1), ad(2, company="Borealis", company_key="borealis")], run_id=torn, now=NOON)
    begun(engine, 1)
    with writing(engine) as conn:
        count(conn, NOON.date())
        names = list(conn.scalars(text("SELECT company_key FROM company ORDER BY company_key")))
    assert names == ["acme lanterns", "borealis"]


@pytest.mark.postgresql
def test_what_is_stored_while_another_counts_is_counted_once(postgresql: str) -> None:
    engine = open_database(postgresql)
    run_id = begun(engine)
    with writing(engine) as conn:
        store.ensure_boards(conn, [("example", "acme"), ("example", "other")], run_id)
    with writing(engine) as slow:
        store.save_postings(slow, [ad(1)], run_id=run_id, now=NOON)
        with writing(engine) as conn:
            store.save_postings(conn, [ad(2, board="other")], run_id=run_id, now=NOON)
            count(conn, NOON.date())
    with writing(engine) as conn:
        assert tally.drift(conn) == {}
        assert sum(tally.ads(conn).values()) == 2
        # the reminder of the slow one was not yet there to be followed
        tally.take_up(conn)
        assert tally.companies(conn) == ["acme lanterns"]
        tally.fold(conn)
        assert tally.drift(conn) == {}
    engine.dispose()


def test_a_database_changed_past_its_triggers_is_mended(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    run_id = begun(engine)
    with writing(engine) as conn:
        store.save_postings(conn, [ad(1), ad(2)], run_id=run_id, now=NOON)
        store.save_jobs(conn, [Job(job_id="a", title="Dev", skills=["Go"])], run_id=run_id)
        tally.drop_triggers(conn)
        conn.execute(text("DELETE FROM posting_skill"))
        conn.execute(text("DELETE FROM posting WHERE external_id = '1'"))
        conn.execute(text("UPDATE job SET state = 'closed'"))
        assert tally.drift(conn) == {"posting": 1, "job": 2, "skill": 1}
    migrate(engine.url.render_as_string(hide_password=False), dry_run=False, as_json=True)
    with writing(engine) as conn:
        assert tally.drift(conn) == {}
        store.save_postings(conn, [ad(3)], run_id=run_id, now=NOON)
        assert tally.drift(conn) == {}
        assert sum(tally.ads(conn).values()) == 2


def test_what_is_forgotten_is_not_kept_as_a_reminder(engine: Engine) -> None:
    run_id = begun(engine)
    with writing(engine) as conn:
        store.save_postings(conn, [ad(1), ad(2, company="Borealis", company_key="borealis")], run_id=run_id, now=NOON)
    forget(engine, "company", "Acme Lanterns", now=NOON)
    with reading(engine) as conn:
        assert {row.key for row in rows_of(conn, t.Tally) if row.what == "company"} == {"borealis"}


def test_no_question_at_the_end_of_a_run_reads_all_ads_or_jobs(sqlite: str) -> None:
    engine = open_database(sqlite)
    run_id = begun(engine)
    asked: list[tuple[str, Any]] = []

    def listen(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, parameters))

    with writing(engine) as conn:
        store.save_postings(conn, [ad(n) for n in range(50)], run_id=run_id, now=NOON)
        event.listen(engine, "before_cursor_execute", listen)
        read.keys_to_match(conn)
        count(conn, NOON.date())
        claim_checks(conn, NOON.date())
        changes.without_role(conn, run_id)
        event.remove(engine, "before_cursor_execute", listen)
        plans = {
            row.detail: statement
            for statement, parameters in asked
            for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        }
    engine.dispose()
    scans = {detail: statement for detail, statement in plans.items() if detail.startswith("SCAN")}
    # the partial index of those that wait holds no others
    waiting = "SCAN posting USING INDEX ix_posting_to_match"
    assert waiting in scans
    assert [one for one in scans if one != waiting and one.split()[1] in ("posting", "job", "j", "job_skill")] == []
