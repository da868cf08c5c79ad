"""The card of a source: what an operator must know and may change about one site or platform.

Cards are TOML files in ``config/sources/``; the file's name is the source's slug. The crawler and the flows
enforce what a card says, so a card without expectations is an error.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def duration(said: object) -> object:
    """``"90m"``, ``"6h"``, ``"14d"`` as a timedelta; anything else is left for pydantic to judge."""
    if isinstance(said, str) and (m := re.fullmatch(r"(\d{1,5})([mhd])", said)):
        return dt.timedelta(**{_UNITS[m[2]]: int(m[1])})
    return said


Duration = Annotated[dt.timedelta, BeforeValidator(duration)]
Coverage = Literal["window", "catalogue", "stream"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectations(_Part):
    """What a complete run of one board looks like; beyond it the run is doubted, not the world."""

    min_postings: int = Field(description="fewer than this: the board is not stored as complete today")
    max_postings: int = Field(description="more than this: a warning")
    filled: dict[str, float] = Field(
        description="share of RawPosting fields that must be filled, 0 to 1; title, url are always 1"
    )
    change: float = Field(0.5, description="share of ads that may be new or changed before a warning")


class Redistribution(_Part):
    """Which public output may carry this source's ads."""

    jsonld: bool = Field(True, description="schema.org JobPosting, read by Google Jobs and its like")
    atom: bool = Field(True, description="a public feed")
    why: str = Field("", description="the rule in the source's terms")


class Habits(_Part):
    """What the board means when it does not say; each use is marked as inferred."""

    currency: str | None = Field(None, description="ISO 4217 code of amounts without one")
    period: Literal["hour", "day", "week", "month", "year"] | None = None
    country: str | None = Field(None, description="ISO 3166 code of places without one")
    language: str | None = Field(None, description="ISO 639 code of the ads")
    titles: Literal["Company: Role", "Role at Company"] | None = Field(
        None, description="how its titles name the employer, where no field does"
    )


class Card(_Part):
    """One source. Raises pydantic.ValidationError on what is missing, unknown or contradictory."""

    source: str = Field(description="slug; the file's name")
    name: str = Field(description="the site's name as people write it")
    kind: Literal["board", "ats", "site"] = Field(description="board, applicant tracking system, any site")
    home: str
    terms: str = Field(description="where the terms stand, or 'not stated'")
    terms_read: dt.date = Field(description="when the terms were last read")
    terms_say: str = Field("", description="what follows from them, in our words")
    attribution: str = Field(description="the line that every output carries for this source")
    redistribution: Redistribution = Redistribution()

    every: Duration = Field(description="cadence: not crawled again before this has passed")
    calls_per_day: int | None = Field(None, description="the site's own limit, if it states one")
    looks_per_day: int = Field(
        50, ge=0, description="own pages of unconfirmed ads that are looked at in a day; none where calls are limited"
    )
    coverage: Coverage
    misses: int = Field(1, ge=1, description="complete runs of a catalogue without the ad before it is closed")
    stale_after: Duration = Field(description="an ad of a window not seen that long is unconfirmed")
    zone: str = Field("UTC", description="IANA zone of dates without one")
    remote_only: bool = Field(False, description="the board carries nothing but remote jobs")
    own_ads: bool = Field(False, description="the employer's own system: preferred for a job's facts")

    hosts: tuple[str, ...] = Field(description="domains the spider may call")
    delay: float = Field(1.0, ge=0.0, description="seconds between two calls to one host")
    robots: bool = Field(True, description="robots.txt is obeyed")
    needs: tuple[str, ...] = Field((), description="environment variables with keys; without them it is off")
    verified: bool = Field(True, description="false: the answer's shape is only guessed at, so it is off")
    enabled: bool = True
    why_not: str = Field("", description="the reason where enabled is false")

    tenant: str = Field("acme", description="what a board of this platform looks like in tenants.csv")
    asks_for: str = Field("", description="what the spider asks the board for, if not everything")
    ignores: tuple[str, ...] = Field(
        (), description="keys of its records that are known and of no use; one beyond these is a finding"
    )
    words: dict[str, tuple[str, ...]] = Field(
        {}, description="by field of RawPosting: the words that the board is known to use; another one is a finding"
    )
    habits: Habits = Habits()
    expect: Expectations

    @property
    def on(self) -> bool:
        """Whether it is switched on and the shape of its answers is known."""
        return self.enabled and self.verified

    @property
    def cadence(self) -> str:
        """``every`` as a card writes it: 1d, 12h, 90m."""
        seconds = int(self.every.total_seconds())
        for unit, size in (("d", 86_400), ("h", 3_600)):
            if seconds % size == 0:
                return f"{seconds // size}{unit}"
        return f"{seconds // 60}m"

    def missing(self) -> list[str]:
        """The environment variables that it needs and that are not set."""
        return [name for name in self.needs if not os.environ.get(name)]

    @model_validator(mode="after")
    def _reason_given(self) -> Card:
        if not self.enabled and not self.why_not:
            raise ValueError("why_not: a source that is off says why")
        return self
