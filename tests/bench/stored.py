"""A store of many jobs, made fast: what exports and questions are measured on.

``python -m tests.bench.stored URL [--jobs 1000000]`` fills an empty database (``sqlite:///FILE`` or
``postgresql://...``) with the generated market: texts of about 3 kB, one opening in five with a second ad, two ads in
three open, a year of day tables. Rows are written as a load writes them (no secondary index until the end), without the
pipeline in between: there are no records as received and no matching keys. The same number gives the same rows on both
engines.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Table, insert, select, text
from sqlmodel import SQLModel

from config.load import cards
from config.load_taxonomy import roles, skills, taxonomy_version
from storage import derive, store, tally
from storage import tables as t
from storage.engine import open_database, writing
from storage.models import Job, Posting
from storage.rows import execute_many
from storage.tables import table_of
from tests.generate import Made, market

LAST = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
"""When the last run was."""
DAYS = 365
BATCH = 5000
SHARE_AGAIN = 0.2
PLATFORMS = ("ashby", "greenhouse", "lever", "workable", "smartrecruiters", "recruitee", "teamtailor", "personio")
BOARDS = (
    "remoteok", "remotive", "weworkremotely", "himalayas", "jobicy", "arbeitnow", "workingnomads", "themuse",
)  # fmt: skip
ROLES = {
    "backend developer": ("backend-developer", "core"),
    "data engineer": ("data-engineer", "part"),
    "platform engineer": ("devops-engineer", "part"),
    "software engineer": ("software-engineer", "part"),
    "site reliability engineer": ("site-reliability-engineer", "part"),
    "full stack developer": ("full-stack-developer", "part"),
}
LEVELS = {"": "unspecified", "II": "mid", "Senior": "senior", "Staff": "lead", "Principal": "lead", "Junior": "junior"}

Rows = dict[type[SQLModel], list[dict[str, Any]]]


def fill(engine: Engine, jobs: int) -> dict[str, int]:
    """Fill an empty database with so many jobs and their ads; how many rows each table got."""
    with writing(engine) as conn:
        run_id = _before(conn)
    with _bulk(engine) as put:
        counts: dict[str, int] = defaultdict(int)
        known: set[tuple[str, str]] = set()
        for rows in _batches(jobs, run_id, known):
            for model, some in rows.items():
                put(model, some)
                counts[str(model.__tablename__)] += len(some)
    with writing(engine) as conn:
        _after(conn, run_id)
    _settle(engine)
    return dict(counts)


def _before(conn: Connection) -> str:
    store.save_sources(conn, [cards()[name] for name in (*PLATFORMS, *BOARDS)])
    store.save_taxonomy(conn, roles().values(), skills().values(), version=taxonomy_version())
    return store.start_run(
        conn, kind="crawl", now=LAST, sources=[*PLATFORMS, *BOARDS], taxonomy_version=taxonomy_version()
    )


def _batches(jobs: int, run_id: str, known: set[tuple[str, str]]) -> Iterator[Rows]:
    chance = random.Random(1)
    names = [name for name, skill in skills().items() if skill.counted][:400]
    weights = [1 / (n + 3) for n in range(len(names))]
    rows: Rows = defaultdict(list)
    job: dict[str, Any] = {}
    truth, made_jobs = "", 0
    for ad in market(jobs * 3):
        if ad.truth == truth:
            if chance.random() < SHARE_AGAIN / 2 and len(rows[t.PostingRow]) < 2 * BATCH:
                _second_ad(rows, ad, job, run_id, known)
            continue
        if made_jobs == jobs:
            break
        if len(rows[t.JobRow]) >= BATCH:
            yield rows
            rows = defaultdict(list)
        truth, made_jobs = ad.truth, made_jobs + 1
        job = _opening(rows, ad, run_id, known, chance, chance.choices(names, weights, k=chance.randint(2, 8)))
    yield rows


def _opening(
    rows: Rows, ad: Made, run_id: str, known: set[tuple[str, str]], chance: random.Random, named: list[str]
) -> dict[str, Any]:
    core = ad.title_core
    role, server_side = next((said for words, said in ROLES.items() if core.startswith(words)), ("none", "none"))
    begin = LAST - dt.timedelta(minutes=chance.randrange(DAYS * 24 * 60))
    state = chance.choices(("open", "unconfirmed", "closed"), (67, 5, 28))[0]
    closed = min(LAST, begin + dt.timedelta(days=chance.randint(3, 90))) if state == "closed" else None
    pay = [ad.salary_min, ad.salary_max] if ad.salary_min else [None, None]
    found = dict.fromkeys(named)
    facts = {
        "title": ad.title, "company": ad.company, "company_key": ad.company_key, "role": role,
        "server_side": server_side, "seniority": LEVELS[ad.level], "years_min": ad.years_min,
        "degree": chance.choice(("none", "none", "none", "required", "preferred")),
        "remote_mode": chance.choice(("remote", "remote", "remote", "hybrid", "onsite", "unknown")),
        "remote_regions": ad.remote_regions or chance.choice((["US"], ["US", "CA"], ["EU", "GB"], ["WORLDWIDE"], [])),
        "locations": ad.locations, "salary_min": pay[0], "salary_max": pay[1],
        "salary_currency": ad.salary_currency, "salary_period": ad.salary_period,
        "salary_source": chance.choice(("stated", "parsed", "predicted")) if pay[0] else None,
        "salary_year_usd_min": pay[0] and pay[0] * 1.1, "salary_year_usd_max": pay[1] and pay[1] * 1.1,
        "fx_date": begin.date() if pay[0] else None, "employment_type": "full-time", "skills": list(found),
        "language": "en", "posted_at": begin - dt.timedelta(hours=5), "first_seen": begin,
        "last_seen": closed or LAST, "state": state, "closed_at": closed,
        "closed_because": "absent from two complete runs" if closed else None,
        "taxonomy_version": taxonomy_version(), "description_text": ad.description_text,
    }  # fmt: skip
    posting = _ad(rows, ad, facts, run_id, known)
    job = _defaults(Job) | facts | {
        "job_id": posting["posting_key"], "family_id": posting["posting_key"], "sources": [posting["source"]],
        "best": {"title": posting["posting_key"]}, "first_run": run_id, "last_run": run_id, "derived_hash": "0" * 32,
    }  # fmt: skip
    posting |= {"job_id": job["job_id"], "family_id": job["family_id"]}
    rows[t.JobRow].append(job)
    rows[t.JobSkill] += [{"job_id": job["job_id"], "skill": skill} for skill in found]
    rows[t.MatchLink].append(_link(posting, run_id, None))
    if closed:
        rows[t.PostingChange].append(
            {
                "posting_key": posting["posting_key"], "run_id": run_id, "field": "state", "at": closed,
                "before": "open", "after": "closed", "reason": "life", "because": "absent from two complete runs",
            }
        )  # fmt: skip
    return job


def _second_ad(rows: Rows, ad: Made, job: dict[str, Any], run_id: str, known: set[tuple[str, str]]) -> None:
    facts = {name: value for name, value in job.items() if name in Posting.model_fields and name != "job_id"}
    posting = _ad(rows, ad, facts | {"description_text": ad.description_text}, run_id, known)
    posting |= {"job_id": job["job_id"], "family_id": job["family_id"]}
    job |= {"posting_count": job["posting_count"] + 1, "sources": sorted({*job["sources"], posting["source"]})}
    rows[t.MatchLink].append(_link(posting, run_id, job["job_id"]))


def _ad(rows: Rows, ad: Made, facts: dict[str, Any], run_id: str, known: set[tuple[str, str]]) -> dict[str, Any]:
    own = bool(ad.board)
    number = hash_of(ad.board or ad.source + (ad.company_key or ""))
    source = PLATFORMS[number % len(PLATFORMS)] if own else BOARDS[number % len(BOARDS)]
    posting = _defaults(Posting) | facts | {
        "source": source, "board": ad.board, "external_id": ad.external_id, "posting_key": ad.posting_key,
        "url": ad.url, "apply_url": ad.apply_url, "title_raw": ad.title_raw, "title_core": ad.title_core,
        "level": ad.level, "company_raw": ad.company, "agency": ad.agency, "roles": [facts["role"]], "role_score": 0.9,
        "role_because": f"title: {ad.title}", "remote_because": "location: Remote", "location_raw": ad.location_raw,
        "salary_raw": "pay" if facts["salary_min"] else None, "posted_precision": "second",
        "posted_raw": str(ad.posted_at), "employment_type_raw": "Full-time", "tags": ["engineering"],
        "skills_because": {skill: f"text: experience with {skill}" for skill in facts["skills"]},
        "content_hash": ad.posting_key * 2, "signature": ad.posting_key.encode() * 25,
        "description_html": "<p>" + ad.description_text.replace("\n", "</p><p>") + "</p>",
        "misses": 0, "missed_since": None, "checked_at": None, "read_at": facts["first_seen"], "read_run": run_id,
        "first_run": run_id, "last_run": run_id, "changed_run": run_id, "believed_hash": "0" * 32, "to_match": False,
    }  # fmt: skip
    if (source, ad.board) not in known:
        known.add((source, ad.board))
        rows[t.Board].append(_defaults(t.Board) | {"source": source, "board": ad.board, "last_run": run_id})
    rows[t.PostingRow].append(posting)
    rows[t.Sighting].append(posting)
    rows[t.PostingSkill] += [
        {"posting_key": ad.posting_key, "skill": skill, "because": said}
        for skill, said in posting["skills_because"].items()
    ]
    return posting


def _link(posting: dict[str, Any], run_id: str, partner: str | None) -> dict[str, Any]:
    return {
        "posting_key": posting["posting_key"], "job_id": posting["job_id"], "rule": "same text" if partner else "first",
        "score": 0.97 if partner else None, "kind": "full", "partner": partner, "because": "text", "decided_at": LAST,
        "run_id": run_id,
    }  # fmt: skip


def hash_of(said: str) -> int:
    """A small hash that is the same in every process."""
    return sum((n + 1) * ord(sign) for n, sign in enumerate(said))


@cache
def _defaults(model: type[SQLModel]) -> dict[str, Any]:
    """A row's defaults, never to be changed in place."""
    return {name: field.get_default(call_default_factory=True) for name, field in model.model_fields.items()}


# --- writing ----------------------------------------------------------------------------------------------------------


class _bulk:
    """Puts rows into tables as fast as the engine takes them; secondary indexes are made at the end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __enter__(self) -> Any:
        self.conn = self.engine.connect().__enter__()
        if self.engine.dialect.name == "sqlite":
            driver: Any = self.conn.connection.dbapi_connection
            for pragma in ("synchronous=OFF", "foreign_keys=OFF", "journal_mode=OFF", "cache_size=-1000000"):
                driver.execute(f"PRAGMA {pragma}")
        self.indexes = [index for model in t.TABLES for index in table_of(model).indexes]
        with self.conn.begin():
            for index in self.indexes:
                if index.name != "ix_posting_posting_key":
                    index.drop(self.conn, checkfirst=True)
            if self.engine.dialect.name == "postgresql":
                self.conn.execute(text("SET session_replication_role = replica"))
        return self.put

    def put(self, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        table = table_of(model)
        with self.conn.begin():
            if self.engine.dialect.name == "sqlite":
                execute_many(self.conn, insert(table), rows, table.columns.keys())
            else:
                _copy(self.conn, table, rows)

    def __exit__(self, *said: Any) -> None:
        if said[0] is None:
            with self.conn.begin():
                for index in self.indexes:
                    index.create(self.conn, checkfirst=True)
        if self.engine.dialect.name == "sqlite":
            driver: Any = self.conn.connection.dbapi_connection
            driver.execute("PRAGMA journal_mode=WAL")
        self.conn.invalidate()
        self.conn.close()


def _copy(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    json = {c.name for c in table.columns if "JSON" in str(c.type)}
    names = [c.name for c in table.columns]
    driver: Any = conn.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(
                [
                    orjson.dumps(row[name]).decode() if name in json and row[name] is not None else row[name]
                    for name in names
                ]
            )


def _after(conn: Connection, run_id: str) -> None:
    """Companies, the books of the last run, a year of day tables like the last day's."""
    conn.execute(
        text(
            "INSERT INTO company (company_key, name, spellings, agency, first_seen, last_seen) SELECT company_key, "
            "MAX(company), '[]', :no, MIN(first_seen), MAX(last_seen) FROM job WHERE company_key IS NOT NULL "
            "GROUP BY company_key"
        ),
        {"no": False},
    )
    for source in (*PLATFORMS, *BOARDS):
        store.finish_board_run(
            conn, run_id, source, state="complete", complete=True, now=LAST, started_at=LAST, found=1000
        )
    store.finish_run(conn, run_id, state="complete", now=LAST + dt.timedelta(minutes=9))
    if conn.dialect.name == "postgresql":
        tally.recount(conn)  # what was copied past its triggers
    tally.take_up(conn)
    tally.fold(conn)
    derive.append_days(conn, day=LAST.date(), taxonomy_version=taxonomy_version())
    for model in (t.RolesDaily, t.SkillsDaily, t.SourcesDaily):
        table = table_of(model)
        today = [dict(row._mapping) for row in conn.execute(select(table))]
        for ago in range(1, DAYS):
            day = LAST.date() - dt.timedelta(days=ago)
            execute_many(conn, insert(table), [row | {"day": day} for row in today])


def _settle(engine: Engine) -> None:
    """What PostgreSQL does by itself in time: statistics, visibility. Nobody does it for SQLite, nor does Rolecall."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("VACUUM ANALYZE")


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("url")
    asked.add_argument("--jobs", type=int, default=1_000_000)
    args = asked.parse_args()
    begin = time.process_time()
    engine = open_database(args.url)
    for table, rows in fill(engine, args.jobs).items():
        print(f"{table:16} {rows:>9}")
    engine.dispose()
    print(f"{time.process_time() - begin:.0f} s of processor")


if __name__ == "__main__":
    main()
