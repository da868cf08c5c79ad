"""What a site said: the one item that every spider yields.

Values stay as the site gave them (text, or lists of text). No date, no amount and no place is parsed in a
spider, so mending a cleaning rule never needs a new crawl.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MAX_DEPTH = 64
"""Levels of nesting of what a record may hold; the deepest real answer seen has 11."""


def _said(value: object) -> object:
    """Scalars become text; nothing said becomes None; lists keep what was said in their order."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple)):
        said = [one for item in value if (one := _said(item)) is not None]
        return said or None
    return value


Said = Annotated[str | None, BeforeValidator(_said)]
SaidMany = Annotated[str | list[str] | None, BeforeValidator(_said)]
SaidList = Annotated[
    list[str] | None,
    BeforeValidator(lambda value: _said([value] if isinstance(value, (str, int, float)) else value)),
]


class RawPosting(BaseModel):
    """One advertisement as its board states it; one JSON object a line in landing segments.

    Raises:
        pydantic.ValidationError: a required field is missing or empty, or a field is unknown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, Field(min_length=1, description="slug of the source, the name of its card")]
    external_id: Annotated[str, BeforeValidator(_said), Field(min_length=1, description="the board's own id")]
    url: Annotated[str, Field(min_length=1, description="the advertisement's page")]
    title: Annotated[str, BeforeValidator(_said), Field(min_length=1, description="title as printed")]

    board: Annotated[str, BeforeValidator(lambda v: v or ""), Field(description="tenant of a platform")] = ""
    fetched_at: Said = Field(None, description="when it was read, RFC 3339 with zone")
    apply_url: Said = Field(None, description="where one applies, if that differs from url")
    company: Said = Field(None, description="employer as printed")
    company_url: Said = Field(None, description="the employer's own site")
    requisition_id: Said = Field(None, description="the employer's number of the opening")
    location: SaidMany = Field(None, description="places as printed: text or a list of texts")
    applicant_regions: SaidMany = Field(None, description="from where one may apply, as printed")
    timezones: SaidMany = Field(None, description="time zones asked for, as printed")
    remote: Said = Field(None, description="the board's flag or word: true, false, hybrid, fully ...")
    description: Said = Field(None, description="HTML or plain text, as given")
    posted: Said = Field(None, description="date of publication as given: epoch, RFC 822, RFC 3339, relative")
    updated: Said = Field(None, description="date of the last change as given")
    valid_through: Said = Field(None, description="last day of the advertisement as given")
    salary: Said = Field(None, description="pay in the board's words")
    salary_min: Said = Field(None, description="lower bound of pay, a field of the board")
    salary_max: Said = Field(None, description="upper bound of pay, a field of the board")
    salary_currency: Said = Field(None, description="currency as given")
    salary_period: Said = Field(None, description="hour, day, week, month, year in the board's words")
    salary_predicted: Said = Field(None, description="true where the board says that it estimated the pay")
    employment_type: SaidMany = Field(None, description="full-time, contract ... in the board's words")
    seniority: SaidMany = Field(None, description="level in the board's words")
    department: SaidMany = Field(None, description="department or team as printed")
    tags: SaidList = Field(None, description="the board's own tags and categories")
    language: Said = Field(None, description="language of the advertisement if the board states it")
    payload: Any = Field(None, description="the record it was read from, kept as evidence")
