"""The vocabulary: each column stated once, described once.

``Posting`` and ``Job`` without a table are what the flows pass around: constructing one validates it. The table
classes inherit from them (a ``table=True`` SQLModel does not validate in its constructor, so the plain one is
always made first).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, Literal, NamedTuple

from sqlalchemy import JSON, BigInteger, Integer, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from typing_extensions import TypedDict

Key = String().with_variant(String(collation="C"), "postgresql")
"""Text that both engines compare byte by byte, so that both sort alike."""
Serial = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database gives; SQLite gives one to no other type."""
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

ServerSide = Literal["core", "part", "none"]
Seniority = Literal["intern", "junior", "mid", "senior", "lead", "manager", "unspecified"]
Degree = Literal["required", "preferred", "none"]
RemoteMode = Literal["remote", "hybrid", "onsite", "unknown"]
EmploymentType = Literal["full-time", "part-time", "contract", "internship", "temporary", "unknown"]
Period = Literal["hour", "day", "week", "month", "year"]
SalarySource = Literal["stated", "parsed", "predicted"]
Precision = Literal["second", "day", "month", "at-most"]
State = Literal["open", "unconfirmed", "closed"]
RunState = Literal[
    "complete", "partial", "empty", "blocked", "rate_limited", "failed", "crashed", "cancelled", "skipped"
]


class Place(TypedDict):
    """One place of work; an unknown part is None. Country is an ISO 3166-1 alpha-2 code."""

    city: str | None
    region: str | None
    country: str | None


def posting_key(source: str, board: str, external_id: str) -> str:
    """The short key of an ad: 16 hex digits (64 bits) of BLAKE2b over source, board and external id."""
    said = "\x1f".join((source, board, external_id)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=8).hexdigest()


class Posting(SQLModel):
    """What we believe of one advertisement on one board."""

    source: str = Field(sa_type=Key, description="slug of the source that carried the ad")
    board: str = Field(default="", sa_type=Key, description="tenant within the source; empty: the source is one board")
    external_id: str = Field(sa_type=Key, description="the board's id; with # and a role where one ad was split")
    posting_key: str = Field(default="", sa_type=Key, description="16 hex digits over source, board and external_id")
    url: str = Field(description="canonical http(s) address of the ad, tracking parameters removed")
    apply_url: str | None = Field(default=None, description="canonical address to apply at, if another")
    requisition_id: str | None = Field(default=None, sa_type=Key, description="the employer's number of the opening")

    job_id: str | None = Field(
        default=None, sa_type=Key, description="the opening it belongs to: its founding ad's posting_key"
    )
    family_id: str | None = Field(
        default=None, sa_type=Key, description="sister openings: same employer and role, other place"
    )

    title: str = Field(description="title without markers, pay, places and markup")
    title_raw: str = Field(description="title as printed")
    title_core: str = Field(
        default="", sa_type=Key, description="title brought through the taxonomy's aliases, level removed"
    )
    level: str = Field(default="", description="the level token of the title as printed: II, Senior, Staff ...")
    company: str | None = Field(default=None, description="employer as displayed; null where only a placeholder stood")
    company_raw: str | None = Field(default=None, description="employer as printed")
    company_key: str | None = Field(default=None, sa_type=Key, description="joins spellings of one employer")
    company_url: str | None = Field(default=None, description="the employer's own site")
    agency: bool = Field(default=False, description="the advertiser recruits for others")

    role: str = Field(default="none", sa_type=Key, description="taxonomy slug; none outside the taxonomy")
    roles: list[str] = Field(default_factory=list, sa_type=Json, description="all roles of a multi-role ad")
    role_score: float | None = Field(default=None, description="0 to 1: how clearly the evidence favours the role")
    role_because: str = Field(default="", sa_type=Text, description="the words that decided the role")
    taxonomy_version: str = Field(
        default="", sa_type=Key, description="version of the taxonomy that classified the row"
    )
    server_side: ServerSide = Field(default="none", sa_type=Key, description="share of server-side work")

    seniority: Seniority = Field(default="unspecified", sa_type=Key, description="level by title, field or text")
    seniority_raw: str | None = Field(default=None, description="the board's level as printed")
    seniority_because: str = Field(default="", description="the words that decided the seniority")
    years_min: int | None = Field(default=None, description="years of experience asked, lower bound")
    years_max: int | None = Field(default=None, description="years of experience asked, upper bound")
    years_because: str = Field(default="", description="the words that state the years")
    degree: Degree = Field(default="none", sa_type=Key, description="academic degree asked for")
    degree_because: str = Field(default="", description="the words that decided the degree")

    remote_mode: RemoteMode = Field(default="unknown", sa_type=Key, description="where the work is done")
    remote_because: str = Field(default="", description="the field or words that decided remote_mode")
    remote_regions: list[str] = Field(
        default_factory=list,
        sa_type=Json,
        description="where a remote worker may live: ISO 3166 codes, macro regions, UTC ranges",
    )
    locations: list[Place] = Field(default_factory=list, sa_type=Json, description="places of work")
    location_raw: str | None = Field(default=None, sa_type=Text, description="places as printed, joined by ' | '")

    salary_min: float | None = Field(default=None, description="lower bound of pay as stated, in salary_currency")
    salary_max: float | None = Field(default=None, description="upper bound of pay as stated, in salary_currency")
    salary_currency: str | None = Field(default=None, description="ISO 4217 code; ? where it cannot be known")
    salary_period: Period | None = Field(default=None, sa_type=Key, description="what the amounts are paid for")
    salary_source: SalarySource | None = Field(
        default=None, sa_type=Key, description="stated in a field, parsed from text, predicted by the board"
    )
    salary_inferred: list[str] = Field(
        default_factory=list, sa_type=Json, description="which of currency, period came from context"
    )
    salary_raw: str | None = Field(default=None, sa_type=Text, description="the words or fields that state the pay")
    salary_year_usd_min: float | None = Field(default=None, description="lower bound as USD a year at fx_date")
    salary_year_usd_max: float | None = Field(default=None, description="upper bound as USD a year at fx_date")
    fx_date: dt.date | None = Field(default=None, description="day of the ECB rate used")

    employment_type: EmploymentType = Field(default="unknown", sa_type=Key, description="kind of contract")
    employment_type_raw: str | None = Field(default=None, description="kind of contract as printed")
    department: str | None = Field(default=None, description="department or team as printed")
    tags: list[str] = Field(default_factory=list, sa_type=Json, description="the board's tags as printed")
    skills: list[str] = Field(default_factory=list, sa_type=Json, description="canonical technology names")
    skills_because: dict[str, str] = Field(
        default_factory=dict, sa_type=Json, description="for each skill the part of the ad and the words"
    )

    language: str | None = Field(default=None, sa_type=Key, description="ISO 639-1 code of the text")

    posted_at: dt.datetime | None = Field(default=None, description="published, UTC; null if unknown or absurd")
    posted_precision: Precision | None = Field(default=None, sa_type=Key, description="how exact posted_at is")
    posted_raw: str | None = Field(default=None, description="date of publication as printed")
    updated_at: dt.datetime | None = Field(default=None, description="last changed by its author, UTC")
    valid_through: dt.datetime | None = Field(default=None, description="last moment of the ad as stated, UTC")

    first_seen: dt.datetime | None = Field(default=None, description="first read by us, UTC")
    last_seen: dt.datetime | None = Field(default=None, description="last read or listed, UTC")
    state: State = Field(default="open", sa_type=Key, description="open, unconfirmed or closed")
    closed_at: dt.datetime | None = Field(default=None, description="when it was believed closed, UTC")
    closed_because: str | None = Field(default=None, description="the evidence: reason and run ids")

    doubts: list[str] = Field(
        default_factory=list, sa_type=Json, description="what was said but not believed, with the reason"
    )
    content_hash: str = Field(default="", description="BLAKE2b over what the site said, without volatile fields")

    signature: bytes = Field(
        default=b"",
        sa_type=LargeBinary,
        exclude=True,
        description="signature of the text, for matching; 400 bytes",
    )

    # the long texts stand last: a database reads a row only as far as it must
    description_text: str = Field(default="", sa_type=Text, description="readable text, personal data masked")
    description_html: str = Field(default="", sa_type=Text, description="sanitised HTML, personal data masked")

    def model_post_init(self, _context: Any) -> None:
        if not self.posting_key:
            self.posting_key = posting_key(self.source, self.board, self.external_id)


class Rejection(SQLModel):
    """A record that could not be believed: kept with its reason, counted, replayable."""

    source: str = Field(description="slug of the source, or empty where even that was unreadable")
    board: str = Field(default="", description="tenant within the source")
    external_id: str = Field(default="", description="the board's id if it could be read")
    reason: str = Field(description="short slug of the reason: no_title, not_json, bad_url, schema ...")
    detail: str = Field(default="", sa_type=Text, description="what was found and where, for a person")
    place: str = Field(default="", description="file and line, or address, where the record stood")
    raw: str = Field(default="", sa_type=Text, description="the record as received, capped")


class Received(NamedTuple):
    """A record as it was received: the evidence of an ad."""

    source: str
    board: str
    external_id: str
    line: bytes
    """The RawPosting as JSON."""
    read_at: dt.datetime | None = None
    """When it was read, as far as the record says (``fetched_at``)."""


class Job(SQLModel):
    """One opening: what the ads that belong to it add up to."""

    job_id: str = Field(
        sa_type=Key, primary_key=True, description="posting_key of the founding ad; stays when the cluster grows"
    )
    family_id: str | None = Field(
        default=None, sa_type=Key, description="sister openings: same employer and role, other place"
    )
    title: str = Field(description="title of the best ad, cleaned")
    company: str | None = Field(default=None, description="employer as displayed")
    company_key: str | None = Field(default=None, sa_type=Key, description="joins spellings of one employer")
    role: str = Field(default="none", sa_type=Key, description="taxonomy slug; none outside the taxonomy")
    server_side: ServerSide = Field(default="none", sa_type=Key, description="share of server-side work")
    seniority: Seniority = Field(default="unspecified", sa_type=Key, description="level by title, field or text")
    years_min: int | None = Field(default=None, description="years of experience asked, lower bound")
    years_max: int | None = Field(default=None, description="years of experience asked, upper bound")
    degree: Degree = Field(default="none", sa_type=Key, description="academic degree asked for")
    remote_mode: RemoteMode = Field(default="unknown", sa_type=Key, description="where the work is done")
    remote_regions: list[str] = Field(
        default_factory=list, sa_type=Json, description="where a remote worker may live, over all ads of the job"
    )
    locations: list[Place] = Field(default_factory=list, sa_type=Json, description="places of work, over all ads")
    salary_min: float | None = Field(default=None, description="lower bound of pay as stated, in salary_currency")
    salary_max: float | None = Field(default=None, description="upper bound of pay as stated, in salary_currency")
    salary_currency: str | None = Field(default=None, description="ISO 4217 code; ? where it cannot be known")
    salary_period: Period | None = Field(default=None, sa_type=Key, description="what the amounts are paid for")
    salary_source: SalarySource | None = Field(
        default=None, sa_type=Key, description="stated in a field, parsed from text, predicted by the board"
    )
    salary_inferred: list[str] = Field(
        default_factory=list, sa_type=Json, description="which of currency, period came from context"
    )
    salary_raw: str | None = Field(default=None, sa_type=Text, description="the words or fields that state the pay")
    salary_year_usd_min: float | None = Field(default=None, description="lower bound as USD a year at fx_date")
    salary_year_usd_max: float | None = Field(default=None, description="upper bound as USD a year at fx_date")
    fx_date: dt.date | None = Field(default=None, description="day of the ECB rate used")
    employment_type: EmploymentType = Field(default="unknown", sa_type=Key, description="kind of contract")
    skills: list[str] = Field(default_factory=list, sa_type=Json, description="canonical technology names")
    language: str | None = Field(default=None, sa_type=Key, description="ISO 639-1 code of the text")
    posted_at: dt.datetime | None = Field(default=None, description="earliest believed publication among its ads, UTC")
    first_seen: dt.datetime | None = Field(default=None, description="first of its ads read by us, UTC")
    last_seen: dt.datetime | None = Field(default=None, description="last of its ads read or listed, UTC")
    state: State = Field(default="open", sa_type=Key, description="open while one of its ads is open")
    closed_at: dt.datetime | None = Field(default=None, description="when its last ad was believed closed, UTC")
    closed_because: str | None = Field(default=None, description="the evidence of its last ad's closing")
    openings: int = Field(default=1, description="seats advertised by identical simultaneous ads")
    sources: list[str] = Field(default_factory=list, sa_type=Json, description="slugs of the sources of its ads")
    posting_count: int = Field(default=1, description="ads that belong to it")
    best: dict[str, str] = Field(
        default_factory=dict, sa_type=Json, description="for each field the posting_key of the ad it was taken from"
    )
    taxonomy_version: str = Field(
        default="", sa_type=Key, description="version of the taxonomy that classified its ads"
    )
    description_text: str = Field(default="", sa_type=Text, description="text of the best ad, personal data masked")
