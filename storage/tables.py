"""The tables: where each piece of the vocabulary is kept, by which key, with what bookkeeping.

Times are UTC and aware on both engines; SQLite keeps them as ISO text in UTC, which sorts. JSON columns are JSONB on
PostgreSQL and text on SQLite. Keys of ads and runs compare by bytes on both, so that both sort alike.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Literal

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlmodel import Field, SQLModel

from storage.models import Job, Json, Key, Posting, RunState, Serial

RunKind = Literal["crawl", "demo", "file", "site", "replay"]
Level = Literal["note", "warning", "error"]
LinkKind = Literal["full", "semantic", "temporal", "partial"]
MatchEventKind = Literal["merge", "split"]
RejectionState = Literal["open", "replayed", "dismissed"]
ChangeReason = Literal["site", "rules", "life"]
PageSays = Literal["gone", "alive", "nothing"]

SQLModel.metadata.naming_convention = {
    # migrations change constraints by name; the engines' own names differ
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Source(SQLModel, table=True):
    """A site or a platform: the facts of its card as last used, and what the operator decided."""

    __tablename__ = "source"

    source: str = Field(primary_key=True, sa_type=Key, description="slug, the name of its card")
    name: str = Field(default="", description="the site's name as people write it")
    kind: str = Field(default="", description="board, ats or site; empty where no card is known")
    home: str = Field(default="", description="the site's address")
    terms: str = Field(default="", description="where its terms stand")
    attribution: str = Field(default="", description="the line every output carries for this source")
    coverage: str = Field(default="window", description="window, catalogue or stream: what absence means")
    every_seconds: int | None = Field(default=None, description="cadence of the card, in seconds")
    paused_at: dt.datetime | None = Field(default=None, description="since when the operator paused it, UTC; null: not")
    paused_because: str = Field(default="", description="the operator's reason")


class Board(SQLModel, table=True):
    """One catalogue within a source: completeness, history, guards and closing are per board."""

    __tablename__ = "board"
    __table_args__ = (PrimaryKeyConstraint("source", "board"),)

    source: str = Field(sa_type=Key, foreign_key="source.source", description="slug of the source")
    board: str = Field(default="", sa_type=Key, description="tenant within the source; empty: the source is one board")
    company: str | None = Field(default=None, description="the employer whose board it is, if it is one employer's")
    first_run: str | None = Field(default=None, sa_type=Key, description="first run that met it")
    last_run: str | None = Field(default=None, sa_type=Key, description="last run that tried it")
    last_run_at: dt.datetime | None = Field(default=None, description="when that run ended for this board, UTC")
    last_complete_run: str | None = Field(default=None, sa_type=Key, description="last run that read it completely")
    last_complete_at: dt.datetime | None = Field(default=None, description="when that run ended for this board, UTC")
    validators: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=Json,
        description="ETag, Last-Modified and hashes of its lists, for the next crawl",
    )
    life: dict[str, Any] = Field(
        default_factory=dict, sa_type=Json, description="what the rules of life remember of it: streaks, gone since"
    )


class Run(SQLModel, table=True):
    """One run of the main job. Runs are ordered by run_id, never by a clock."""

    __tablename__ = "run"

    run_id: str = Field(primary_key=True, sa_type=Key, description="UTC stamp, made to grow even if the clock does not")
    number: int = Field(unique=True, description="1, 2, 3 ...: the order of runs in this database")
    kind: RunKind = Field(sa_type=Key, description="crawl, demo, file, site or replay")
    state: RunState | None = Field(default=None, sa_type=Key, description="how it ended; null while it runs")
    started_at: dt.datetime = Field(description="start, UTC, by the run's clock")
    finished_at: dt.datetime | None = Field(default=None, description="end, UTC; null while it runs")
    beat_at: dt.datetime = Field(description="last sign of life, UTC, by the machine's clock")
    host: str = Field(default="", description="machine that runs it")
    pid: int | None = Field(default=None, description="process that runs it")
    version: str = Field(default="", description="Rolecall's version")
    taxonomy_version: str = Field(default="", sa_type=Key, description="version of the taxonomy in use")
    sources: list[str] = Field(default_factory=list, sa_type=Json, description="slugs of the sources asked for")
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="what it came to, by name")
    because: str = Field(default="", sa_type=Text, description="why it ended as it did, for a person")


class BoardRun(SQLModel, table=True):
    """One board within one run: how reading it ended, and what that came to."""

    __tablename__ = "board_run"
    __table_args__ = (
        PrimaryKeyConstraint("run_id", "source", "board"),
        Index("ix_board_run_board", "source", "board", "run_id"),
    )

    run_id: str = Field(sa_type=Key, foreign_key="run.run_id", description="the run")
    source: str = Field(sa_type=Key, description="slug of the source")
    board: str = Field(default="", sa_type=Key, description="tenant within the source")
    state: RunState | None = Field(default=None, sa_type=Key, description="how it ended; null while it is read")
    complete: bool = Field(default=False, description="everything the board lists was read: absence means something")
    because: str = Field(default="", sa_type=Text, description="why the state is what it is, for a person")
    started_at: dt.datetime | None = Field(default=None, description="first request, UTC")
    finished_at: dt.datetime | None = Field(default=None, description="last answer taken in, UTC")
    found: int = Field(default=0, description="distinct ads read or listed")
    declared_total: int | None = Field(default=None, description="ads the board says that it has")
    seen: int = Field(default=0, description="of found: listed and known, details not fetched again")
    new: int = Field(default=0, description="postings stored for the first time")
    changed: int = Field(default=0, description="postings believed otherwise than before")
    unchanged: int = Field(default=0, description="postings believed as before")
    closed: int = Field(default=0, description="postings closed")
    reopened: int = Field(default=0, description="closed postings that returned")
    rejected: int = Field(default=0, description="records that could not be believed")
    duplicates: int = Field(default=0, description="records with an id that the run had read already")
    pages: int = Field(default=0, description="answers read")
    http: dict[str, int] = Field(
        default_factory=dict, sa_type=Json, description="answers by status class: 2xx, 4xx ..."
    )
    filled: dict[str, float] = Field(
        default_factory=dict, sa_type=Json, description="share of records that fill each RawPosting field, 0 to 1"
    )
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="further figures the monitors read")


class Segment(SQLModel, table=True):
    """The ledger: a landing segment that was loaded, in the same transaction as its rows."""

    __tablename__ = "segment"

    sha256: str = Field(primary_key=True, sa_type=Key, description="SHA-256 of the segment's bytes, hex")
    name: str = Field(description="file name of the segment")
    source: str = Field(default="", description="slug of the source; empty where it carries several")
    board: str = Field(default="", description="tenant within the source")
    run_id: str = Field(sa_type=Key, foreign_key="run.run_id", description="run that loaded it")
    lines: int = Field(default=0, description="lines in it")
    loaded_at: dt.datetime = Field(description="when, UTC")


class Capture(SQLModel, table=True):
    """Evidence: one record as received, kept for a time. The same record read again is the same capture."""

    __tablename__ = "capture"
    __table_args__ = (
        Index("ix_capture_ad", "source", "board", "external_id", "fetched_at"),
        Index("ix_capture_fetched_at", "fetched_at"),
    )

    sha256: str = Field(primary_key=True, sa_type=Key, description="SHA-256 of the record without fetched_at, hex")
    source: str = Field(sa_type=Key, description="slug of the source")
    board: str = Field(default="", sa_type=Key, description="tenant within the source")
    external_id: str = Field(sa_type=Key, description="the board's id, before an ad is split by roles")
    run_id: str = Field(sa_type=Key, description="run that read it first")
    first_fetched_at: dt.datetime = Field(description="first read, UTC")
    fetched_at: dt.datetime = Field(description="last read, UTC; age counts from here")
    size: int = Field(description="bytes before compression")
    body: bytes = Field(sa_type=LargeBinary, description="zlib-compressed JSON of the RawPosting without fetched_at")


_CLOSED = text("closed_at IS NOT NULL")


class PostingRow(Posting, table=True):
    """One row per ad per board, with its life; what the last sight of it said stands in sighting (together: v_postings)."""

    __tablename__ = "posting"
    __table_args__ = (
        PrimaryKeyConstraint("source", "board", "external_id"),
        ForeignKeyConstraint(["source", "board"], ["board.source", "board.board"]),
        Index("ix_posting_posting_key", "posting_key", unique=True),
        Index("ix_posting_job_id", "job_id", "source"),
        Index("ix_posting_first_seen", "first_seen"),
        Index("ix_posting_first_run", "first_run"),
        Index("ix_posting_closed_at", "state", "closed_at", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
        Index("ix_posting_block", "company_key", "title_core"),
        # with the key, by which sightings are found: what is counted of v_postings is read from the index alone
        Index("ix_posting_state", "source", "board", "state", "posting_key"),
        # in the order in which matching asks for them, and by the words in which SQLAlchemy does: SQLite compares those
        Index(
            "ix_posting_to_match", "company_key", "title_core", "posting_key",
            sqlite_where=text("to_match = 1"), postgresql_where=text("to_match"),
        ),
    )  # fmt: skip

    # what every sight writes stands in a narrow table of its own (Sighting)
    last_seen: ClassVar[None] = None  # type: ignore[misc]
    content_hash: ClassVar[None] = None  # type: ignore[assignment, misc]

    misses: int = Field(default=0, description="complete runs in a row without it")
    missed_since: dt.datetime | None = Field(default=None, description="when the first of those runs was, UTC")
    checked_at: dt.datetime | None = Field(default=None, description="last look at the ad's own page, UTC")
    first_run: str = Field(sa_type=Key, description="run that stored it first")
    changed_run: str = Field(sa_type=Key, description="last run that changed what is believed")
    to_match: bool = Field(default=True, description="new or changed since it was last matched")


class Sighting(SQLModel, table=True):
    """When each ad was last seen and what was read then: all that a run writes of an ad that is as it was.

    One row an ad. Beside the texts, these few bytes would cost the writing of the texts with every sight.
    """

    __tablename__ = "sighting"
    # half of each page is left free: PostgreSQL then finds room beside a row for what it becomes by the next sight
    __table_args__ = ({"sqlite_with_rowid": False, "postgresql_with": {"fillfactor": 50}},)

    posting_key: str = Field(
        primary_key=True, sa_type=Key, foreign_key="posting.posting_key", ondelete="CASCADE", description="the ad"
    )
    last_seen: dt.datetime = Field(description="last read or listed, UTC")
    last_run: str = Field(sa_type=Key, description="last run that read or listed it")
    read_at: dt.datetime = Field(description="when the content believed now was read, UTC; older content never wins")
    read_run: str | None = Field(default=None, sa_type=Key, description="crawl that read it; null: it came from a file")
    content_hash: str = Field(default="", description="BLAKE2b over what the site said, without volatile fields")
    believed_hash: str = Field(description="XXH3 over what is believed; equal: nothing to write")


class PostingChange(SQLModel, table=True):
    """What changed in a posting: one row a field."""

    __tablename__ = "posting_change"
    __table_args__ = (PrimaryKeyConstraint("posting_key", "run_id", "field", "at"),)

    posting_key: str = Field(
        sa_type=Key, foreign_key="posting.posting_key", ondelete="CASCADE", description="the posting"
    )
    run_id: str = Field(sa_type=Key, description="run that found it")
    field: str = Field(sa_type=Key, description="name of the posting's field")
    at: dt.datetime = Field(description="when the new content was read or the new state believed, UTC")
    before: Any = Field(default=None, sa_type=Json, nullable=True, description="value before; long text cut")
    after: Any = Field(default=None, sa_type=Json, nullable=True, description="value after; long text cut")
    reason: ChangeReason = Field(
        sa_type=Key, description="site: it says otherwise; rules: we read it otherwise; life: opened, closed"
    )
    because: str = Field(default="", sa_type=Text, description="the evidence of a change of state")


class Look(SQLModel, table=True):
    """A look at the own page of an ad that was not seen for long: what it answered and what that means."""

    __tablename__ = "look"
    __table_args__ = (PrimaryKeyConstraint("posting_key", "at"), Index("ix_look_source_at", "source", "at"))

    posting_key: str = Field(sa_type=Key, foreign_key="posting.posting_key", ondelete="CASCADE", description="the ad")
    at: dt.datetime = Field(description="when its page answered, UTC")
    run_id: str = Field(sa_type=Key, description="run that asked for it")
    source: str = Field(sa_type=Key, description="slug of the source")
    board: str = Field(default="", sa_type=Key, description="tenant within the source")
    status: int = Field(default=0, description="HTTP status of the last answer; 0: there was none that could be used")
    url: str = Field(default="", description="address that answered, after redirects")
    says: PageSays = Field(sa_type=Key, description="gone, alive or nothing: what the answer says of the ad")
    because: str = Field(default="", sa_type=Text, description="why, in words")
    etag: str = Field(default="", description="ETag of a page that bears the ad, for the next look")
    last_modified: str = Field(default="", description="Last-Modified of such a page")


class PostingSkill(SQLModel, table=True):
    """A technology that an ad names."""

    __tablename__ = "posting_skill"
    __table_args__ = (
        PrimaryKeyConstraint("posting_key", "skill"),
        Index("ix_posting_skill_skill", "skill", "posting_key"),
        {"sqlite_with_rowid": False},
    )

    posting_key: str = Field(
        sa_type=Key, foreign_key="posting.posting_key", ondelete="CASCADE", description="the posting"
    )
    skill: str = Field(sa_type=Key, description="canonical technology name")
    because: str = Field(default="", sa_type=Text, description="part of the ad and the words where it was found")


_FACTS = (
    "state", "role", "server_side", "seniority", "remote_mode", "salary_source", "company_key", "openings",
    "posting_count", "salary_min", "salary_max", "salary_year_usd_min", "salary_year_usd_max", "first_seen",
    "closed_at", "remote_regions", "sources", "taxonomy_version", "job_id",
)  # fmt: skip


_CLAIMED = (
    "state", "role", "salary_source", "salary_currency", "years_min", "salary_year_usd_min", "salary_year_usd_max",
    "locations", "remote_regions", "job_id",
)  # fmt: skip
_BACKEND = text("state = 'open' AND role IN ('backend-developer', 'backend-architect')")
_PAID = text("salary_year_usd_max IS NOT NULL")


class JobRow(Job, table=True):
    """One opening, derived from its ads."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_family_id", "family_id"),
        Index("ix_job_company_key", "company_key", "state", "openings"),
        Index("ix_job_state", "state", "role"),
        Index("ix_job_first_seen", "first_seen"),
        Index("ix_job_state_first_seen", "state", "first_seen"),
        # half of the jobs or more state no pay
        Index("ix_job_paid", "state", "salary_year_usd_max", sqlite_where=_PAID, postgresql_where=_PAID),
        Index("ix_job_closed_at", "state", "closed_at", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
        # SQLite keeps a job's text in its row, a page each: what is counted stands together here, a tenth of the pages.
        # PostgreSQL keeps texts apart by itself, and its indexes take no long values
        Index("ix_job_facts", *_FACTS, info={"only": "sqlite"}).ddl_if(dialect="sqlite"),
        # and what every run asks of the open back-end jobs for the documents' claims
        Index("ix_job_backend", *_CLAIMED, sqlite_where=_BACKEND, info={"only": "sqlite"}).ddl_if(dialect="sqlite"),
    )

    first_run: str = Field(sa_type=Key, description="run that formed it")
    last_run: str = Field(sa_type=Key, description="last run that changed it")
    derived_hash: str = Field(description="BLAKE2b over the job's fields; equal: nothing to write")


class JobSkill(SQLModel, table=True):
    """A technology that a job's ads name."""

    __tablename__ = "job_skill"
    __table_args__ = (
        PrimaryKeyConstraint("job_id", "skill"),
        Index("ix_job_skill_skill", "skill", "job_id"),
        {"sqlite_with_rowid": False},
    )

    job_id: str = Field(sa_type=Key, foreign_key="job.job_id", ondelete="CASCADE", description="the job")
    skill: str = Field(sa_type=Key, description="canonical technology name")


class MatchKey(SQLModel, table=True):
    """Who may meet: ads that share a key are compared. Four to six rows a posting."""

    __tablename__ = "match_key"
    __table_args__ = (
        PrimaryKeyConstraint("key", "posting_key"),
        Index("ix_match_key_posting_key", "posting_key"),
        {"sqlite_with_rowid": False},
    )

    key: int = Field(sa_type=BigInteger, description="signed 64-bit hash of a blocking key")
    posting_key: str = Field(
        sa_type=Key, foreign_key="posting.posting_key", ondelete="CASCADE", description="the posting"
    )


class MatchLink(SQLModel, table=True):
    """Why an ad belongs to its job: one row an ad."""

    __tablename__ = "match_link"
    __table_args__ = (Index("ix_match_link_job_id", "job_id"),)

    posting_key: str = Field(
        primary_key=True,
        sa_type=Key,
        foreign_key="posting.posting_key",
        ondelete="CASCADE",
        description="the ad",
    )
    job_id: str = Field(sa_type=Key, description="the job it belongs to")
    rule: str = Field(description="name of the rule that decided")
    score: float | None = Field(default=None, description="0 to 1; null where a rule needs no score")
    kind: LinkKind = Field(sa_type=Key, description="kind of duplicate, as official statistics name it")
    partner: str | None = Field(
        default=None, sa_type=Key, description="ad it was joined through; null: the founding ad"
    )
    because: str = Field(default="", sa_type=Text, description="the evidence, in words")
    decided_at: dt.datetime = Field(description="when, UTC")
    run_id: str | None = Field(default=None, sa_type=Key, description="run that decided")


class MatchEvent(SQLModel, table=True):
    """Jobs that were merged or split."""

    __tablename__ = "match_event"
    __table_args__ = (Index("ix_match_event_job_id", "job_id"),)

    event_id: str = Field(primary_key=True, sa_type=Key, description="16 hex digits over the fields below")
    run_id: str | None = Field(default=None, sa_type=Key, description="run in which it happened")
    happened_at: dt.datetime = Field(description="when, UTC")
    event: MatchEventKind = Field(sa_type=Key, description="merge or split")
    job_id: str = Field(sa_type=Key, description="the job that was before")
    other_job_id: str | None = Field(default=None, sa_type=Key, description="the job its ads went to")
    postings: list[str] = Field(default_factory=list, sa_type=Json, description="posting_keys that moved, sorted")


class Company(SQLModel, table=True):
    """An employer as its ads name it."""

    __tablename__ = "company"

    company_key: str = Field(primary_key=True, sa_type=Key, description="joins spellings of one employer")
    name: str = Field(description="the spelling most ads use")
    spellings: list[str] = Field(default_factory=list, sa_type=Json, description="all spellings met, sorted")
    url: str | None = Field(default=None, description="the employer's own site")
    agency: bool = Field(default=False, description="recruits for others")
    first_seen: dt.datetime | None = Field(default=None, description="first of its ads, UTC")
    last_seen: dt.datetime | None = Field(default=None, description="last of its ads, UTC")


class Role(SQLModel, table=True):
    """A role of the reference taxonomy, by version."""

    __tablename__ = "role"
    __table_args__ = (PrimaryKeyConstraint("role", "taxonomy_version"),)

    role: str = Field(sa_type=Key, description="slug")
    taxonomy_version: str = Field(sa_type=Key, description="version of the taxonomy")
    name: str = Field(description="the role's name")
    family: str = Field(default="", description="group of roles it belongs to")
    aliases: list[str] = Field(default_factory=list, sa_type=Json, description="titles that mean it")
    named_in: list[str] = Field(default_factory=list, sa_type=Json, description="reference documents that name it")
    definition: str = Field(default="", sa_type=Text, description="what the role does, in our words")


class Skill(SQLModel, table=True):
    """A technology of the taxonomy, by version."""

    __tablename__ = "skill"
    __table_args__ = (PrimaryKeyConstraint("skill", "taxonomy_version"),)

    skill: str = Field(sa_type=Key, description="canonical technology name")
    taxonomy_version: str = Field(sa_type=Key, description="version of the taxonomy")
    category: str = Field(default="", description="language, framework, database, cloud, tool, protocol ...")
    aliases: list[str] = Field(default_factory=list, sa_type=Json, description="spellings that mean it")
    named_in: list[str] = Field(default_factory=list, sa_type=Json, description="reference documents that name it")


class RejectionRow(SQLModel, table=True):
    """A record that could not be believed: kept with its reason, counted, replayable."""

    __tablename__ = "rejection"
    __table_args__ = (
        Index("ix_rejection_ad", "source", "board", "external_id"),
        Index("ix_rejection_last_at", "last_at"),
    )

    rejection_id: str = Field(primary_key=True, sa_type=Key, description="16 hex digits over record and reason")
    source: str = Field(default="", sa_type=Key, description="slug of the source; empty: even that was unreadable")
    board: str = Field(default="", sa_type=Key, description="tenant within the source")
    external_id: str = Field(default="", sa_type=Key, description="the board's id if it could be read")
    reason: str = Field(description="short slug of the reason: no_title, not_json, bad_url, schema ...")
    detail: str = Field(default="", sa_type=Text, description="what was found and where, for a person")
    place: str = Field(default="", description="file and line, or address, where the record stood last")
    raw: str = Field(default="", sa_type=Text, description="the record as received, capped")
    state: RejectionState = Field(default="open", sa_type=Key, description="open, replayed or dismissed")
    times: int = Field(default=1, description="runs that met it")
    first_run: str = Field(sa_type=Key, description="first run that met it")
    last_run: str = Field(sa_type=Key, description="last run that met it")
    first_at: dt.datetime = Field(description="first met, UTC")
    last_at: dt.datetime = Field(description="last met, UTC")


class Finding(SQLModel, table=True):
    """What a check found in a run."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_run_id", "run_id"), Index("ix_finding_source", "source", "board", "run_id"))

    finding_id: str = Field(primary_key=True, sa_type=Key, description="16 hex digits over run, board, code and text")
    run_id: str = Field(sa_type=Key, foreign_key="run.run_id", description="the run")
    at: dt.datetime = Field(description="when, UTC")
    source: str = Field(default="", sa_type=Key, description="slug of the source; empty: the whole run")
    board: str = Field(default="", sa_type=Key, description="tenant within the source")
    code: str = Field(description="name of the check; the runbook has an entry for each")
    level: Level = Field(sa_type=Key, description="note, warning or error")
    text: str = Field(sa_type=Text, description="what was found, for a person")
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="the figures behind it")


class ClaimCheck(SQLModel, table=True):
    """A claim of a reference document beside the collected figure, by day."""

    __tablename__ = "claim_check"
    __table_args__ = (PrimaryKeyConstraint("day", "claim"),)

    day: dt.date = Field(description="day of the collected figure, UTC")
    claim: str = Field(sa_type=Key, description="slug of the claim")
    document: str = Field(default="", description="reference document that makes it")
    subject: str = Field(default="", description="what the claim is about: a skill, pay, years, a city ...")
    says: str = Field(default="", sa_type=Text, description="the claim, in our words")
    claimed: float | None = Field(default=None, description="the claimed figure, in unit")
    claimed_max: float | None = Field(default=None, description="upper end where the claim is a range")
    unit: str = Field(default="", description="share, USD a year, years, rank ...")
    collected: float | None = Field(default=None, description="the collected figure, in unit; null where there is none")
    low: float | None = Field(default=None, description="lower end of the 95 % interval of collected")
    high: float | None = Field(default=None, description="upper end of the 95 % interval of collected")
    n: int = Field(default=0, description="jobs behind the collected figure")
    verdict: str = Field(default="", description="agrees, differs, too few to say")
    because: str = Field(default="", sa_type=Text, description="how the verdict follows, in words")
    taxonomy_version: str = Field(default="", sa_type=Key, description="version of the taxonomy in use")


class Lease(SQLModel, table=True):
    """Who may work on something now: a host, a board, a source."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, sa_type=Key, description="what is leased, for instance host:example.com")
    holder: str = Field(sa_type=Key, description="who holds it, usually a run id")
    taken_at: dt.datetime = Field(description="since when, UTC")
    expires_at: dt.datetime = Field(description="until when if it is not renewed, UTC")


class Forgotten(SQLModel, table=True):
    """That something was deleted on request: when and how much, never what."""

    __tablename__ = "forgotten"

    forgotten_id: str = Field(primary_key=True, sa_type=Key, description="16 hex digits over kind, name and time")
    kind: str = Field(description="company, person or posting")
    name_hash: str = Field(description="BLAKE2b of the name asked for: recognises it when it returns, tells nothing")
    at: dt.datetime = Field(description="when, UTC")
    postings: int = Field(default=0, description="postings deleted or masked")
    captures: int = Field(default=0, description="captures deleted")
    rejections: int = Field(default=0, description="rejections deleted")


class RolesDaily(SQLModel, table=True):
    """Unique jobs by day and kind; one row for each kind that has any."""

    __tablename__ = "roles_daily"
    __table_args__ = (
        PrimaryKeyConstraint("day", "taxonomy_version", "role", "server_side", "seniority", "remote_mode"),
    )

    day: dt.date = Field(description="UTC day")
    taxonomy_version: str = Field(sa_type=Key, description="version of the taxonomy that classified")
    role: str = Field(sa_type=Key, description="taxonomy slug")
    server_side: str = Field(sa_type=Key, description="core, part, none")
    seniority: str = Field(sa_type=Key, description="intern ... unspecified")
    remote_mode: str = Field(sa_type=Key, description="remote, hybrid, onsite, unknown")
    jobs_open: int = Field(default=0, description="jobs in state open at the end of the day")
    jobs_unconfirmed: int = Field(default=0, description="jobs in state unconfirmed")
    jobs_new: int = Field(default=0, description="jobs first seen that day")
    jobs_closed: int = Field(default=0, description="jobs closed that day")
    jobs_with_pay: int = Field(default=0, description="of jobs_open: pay is stated or was parsed")


class SkillsDaily(SQLModel, table=True):
    """Open jobs that name a technology, by day and by the group of roles they belong to."""

    __tablename__ = "skills_daily"
    __table_args__ = (PrimaryKeyConstraint("day", "taxonomy_version", "scope", "skill"),)

    day: dt.date = Field(description="UTC day")
    taxonomy_version: str = Field(sa_type=Key, description="version of the taxonomy that classified")
    scope: str = Field(sa_type=Key, description="backend, wider-backend (adds server_side core or part), all")
    skill: str = Field(sa_type=Key, description="canonical technology name")
    jobs_open: int = Field(default=0, description="open jobs of the scope that name it")
    jobs_in_scope: int = Field(default=0, description="open jobs of the scope: the denominator")


class SourcesDaily(SQLModel, table=True):
    """Postings by day and source."""

    __tablename__ = "sources_daily"
    __table_args__ = (PrimaryKeyConstraint("day", "source"),)

    day: dt.date = Field(description="UTC day")
    source: str = Field(sa_type=Key, description="slug of the source")
    postings_open: int = Field(default=0, description="postings in state open at the end of the day")
    postings_unconfirmed: int = Field(default=0, description="postings in state unconfirmed")
    postings_new: int = Field(default=0, description="postings first seen that day")
    postings_closed: int = Field(default=0, description="postings closed that day")


class CoverageDaily(SQLModel, table=True):
    """Fields that ads have filled, by day and source; of ads that are not closed."""

    __tablename__ = "coverage_daily"
    __table_args__ = (PrimaryKeyConstraint("day", "source", "field"),)

    day: dt.date = Field(description="UTC day")
    source: str = Field(sa_type=Key, description="slug of the source")
    field: str = Field(sa_type=Key, description="name of the field, or of the group: years, salary")
    postings: int = Field(default=0, description="ads of the source that are not closed at the end of the day")
    filled: int = Field(default=0, description="of these, ads with the field known")


class Tally(SQLModel, table=True):
    """Counts kept by triggers, from which each run makes the rows of its day; see storage.tally.

    A figure is the sum of ``n`` over the rows of a key: a run adds rows, and sums them up at its end.
    """

    __tablename__ = "tally"

    tally_id: int | None = Field(
        default=None, primary_key=True, sa_type=Serial, description="a number without a meaning"
    )
    what: str = Field(
        sa_type=Key, description="posting, job, skill: counted; company, seen: to be derived anew from its ads"
    )
    key: str = Field(
        sa_type=Key,
        description="what those that are counted have in common, joined by |; a company_key; a posting_key",
    )
    n: int = Field(description="how many more; for what is to be derived anew 1 while that is done, otherwise 0")


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a table class."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


METADATA: MetaData = SQLModel.metadata
TABLES: tuple[type[SQLModel], ...] = (
    Source, Board, Run, BoardRun, Segment, Capture, PostingRow, Sighting, PostingChange, Look, PostingSkill, JobRow,
    JobSkill, MatchKey, MatchLink, MatchEvent, Company, Role, Skill, RejectionRow, Finding, ClaimCheck, Lease, Forgotten,
    RolesDaily, SkillsDaily, SourcesDaily, CoverageDaily, Tally,
)  # fmt: skip
"""All tables; the order is that of the data dictionary."""
