"""What the reference documents claim of the market, beside what was collected.

Each claim of config/taxonomy/claims.toml becomes one or more checks: a collected figure with its n, a 95 % interval and
a plain verdict. The rules are few and the same for all:

- *too few to say*: fewer than 10 jobs carry the fact, or the interval is so wide that it settles nothing;
- *agrees*: the interval touches what is claimed (a single amount counts with 10 % to either side);
- *differs*: the interval lies wholly beside it.

A skill, a degree or a role is "asked for" where at least one open back-end job in ten names it; "most" is more than half.
Jobs are unique and open; pay is the middle of a stated or parsed range in USD a year; predictions of boards never count.
What a document says of the United States (pay, years asked) is held against jobs that are placed there or open to people
who live there, and the verdict says so.
"""

# ruff: noqa: S608 - statements are put together from this module's own constants; values are bound

from __future__ import annotations

import datetime as dt
import statistics as plain_statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Connection, text

from config.load_taxonomy import Claim, claims, roles, skills, taxonomy_version
from flows.clean import place
from flows.report.market.label import count, percent, usd
from flows.report.market.statistics import mean_interval, median_interval, ratio_interval, wilson
from storage import tally
from storage.derive import BACKEND
from storage.tally import Jobs

Verdict = Literal["agrees", "differs", "too few to say"]
FEWEST = 10
"""Jobs below which nothing is said."""
ASKED = 0.10
"""A skill is asked for where this share of jobs names it."""
NEAR = 0.10
"""A claimed amount is met within this share of itself."""
WIDEST = 0.25
"""An interval that reaches further than this share of its figure to either side settles no amount."""

_BACKEND = "j.state = 'open' AND j.role IN ('backend-developer', 'backend-architect')"
_PAY = (
    "(COALESCE(j.salary_year_usd_min, j.salary_year_usd_max) + COALESCE(j.salary_year_usd_max, j.salary_year_usd_min))"
    " / 2"
)
_PAID = (
    "j.salary_source IN ('stated', 'parsed') AND j.salary_currency = 'USD' "
    "AND (j.salary_year_usd_min IS NOT NULL OR j.salary_year_usd_max IS NOT NULL)"
)
# as both engines write JSON; within a value, quotes would be escaped
_PLACES = {
    "US": (
        ' AND (CAST(j.locations AS TEXT) LIKE \'%"country":"US"%\' OR CAST(j.locations AS TEXT) LIKE \'%"country": "US"%\''
        " OR CAST(j.remote_regions AS TEXT) LIKE '%\"US\"%' OR CAST(j.remote_regions AS TEXT) LIKE '%\"NORTH-AMERICA\"%'"
        " OR CAST(j.remote_regions AS TEXT) LIKE '%\"AMER\"%' OR CAST(j.remote_regions AS TEXT) LIKE '%\"WORLDWIDE\"%')",
        "open back-end jobs in the United States or open to people there",
    )
}
"""For each country of a claim: which jobs tell of it, in SQL and in words."""


@dataclass(frozen=True)
class Check:
    """One claim beside one collected figure: a row of the table claim_check."""

    day: dt.date
    claim: str
    document: str
    subject: str
    says: str
    unit: str
    claimed: float | None = None
    claimed_max: float | None = None
    collected: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    verdict: Verdict = "too few to say"
    because: str = ""
    taxonomy_version: str = ""

    def row(self) -> dict[str, Any]:
        """The columns of claim_check."""
        return asdict(self)


def claim_checks(conn: Connection, day: dt.date) -> list[Check]:
    """Every claim of the documents against the store as it stands; no claim is left out."""
    open_jobs = {one: n for one, n in tally.jobs(conn).items() if one.state == "open"}
    naming: Counter[str] = Counter()
    for one, n in tally.skills(conn).items():
        naming[one.skill] += n if one.role in BACKEND else 0
    backend = {one: n for one, n in open_jobs.items() if one.role in BACKEND}
    asked = (_Asked(conn, day, claim, backend, naming) for claim in claims().values())
    checks = [check for one in asked for check in _KINDS[one.claim.kind](one)]
    return checks + list(_role_types(open_jobs, day))


@dataclass(frozen=True)
class _Asked:
    """A claim with the store it is held against."""

    conn: Connection
    day: dt.date
    claim: Claim
    backend: Mapping[Jobs, int]
    """Open back-end jobs by what they are like."""
    naming: Mapping[str, int]
    """Open back-end jobs that name a technology."""

    def check(self, subject: str, unit: str, *, part: str = "", says: str = "", **figures: Any) -> Check:
        return Check(
            day=self.day,
            claim=f"{self.claim.id}/{part}" if part else self.claim.id,
            document=self.claim.document,
            subject=subject,
            says=says or self.claim.says,
            unit=unit,
            taxonomy_version=taxonomy_version(),
            **figures,
        )

    @property
    def where(self) -> str:
        """The jobs that can tell of the claim, as a condition."""
        return _BACKEND + _PLACES.get(self.claim.place, ("", ""))[0]

    @property
    def those(self) -> str:
        """The same in words."""
        return _PLACES.get(self.claim.place, ("", "open back-end jobs"))[1]

    def values(self, sql: str, **values: Any) -> list[float]:
        """One column of numbers, in a fixed order."""
        return sorted(float(one) for one in self.conn.scalars(text(sql), values))

    def number(self, sql: str, **values: Any) -> int:
        return int(self.conn.scalar(text(sql), values) or 0)


# --- pay, premium, years --------------------------------------------------------------------------------------------


def _pay(asked: _Asked) -> Iterator[Check]:
    claim = asked.claim
    values = asked.values(f"SELECT {_PAY} FROM job AS j WHERE {asked.where} AND {_PAID}")
    low, high = (claim.low, claim.high) if claim.low is not None else (claim.value, None)
    figures: dict[str, Any] = {"claimed": low, "claimed_max": high, "n": len(values)}
    if len(values) >= FEWEST:
        mean = claim.statistic == "mean"
        at = plain_statistics.fmean(values) if mean else plain_statistics.median(values)
        figures |= _amount(at, mean_interval(values) if mean else median_interval(values), low or 0.0, high, usd)
        figures["because"] += f"; of {count(len(values))} {asked.those} that state pay in USD"
    else:
        figures["because"] = f"{len(values)} {asked.those} state pay in USD; {FEWEST} are needed"
    yield asked.check(f"pay, {claim.statistic or 'range'}", "USD a year", **figures)


def _amount(
    at: float, interval: tuple[float, float], low: float, high: float | None, words: Callable[[float], str]
) -> dict[str, Any]:
    """A figure against a claimed amount or range."""
    bottom, top = (low, high) if high is not None else (low * (1 - NEAR), low * (1 + NEAR))
    reach = max(at - interval[0], interval[1] - at)
    beside = interval[1] < bottom or interval[0] > top
    said = f"{words(at)}, 95 % interval {words(interval[0])} to {words(interval[1])}"
    against = f"{words(low)} to {words(high)}" if high is not None else f"{words(low)} (within 10 %)"
    if beside:
        verdict: Verdict = "differs"
        why = f"{said} lies {'below' if interval[1] < bottom else 'above'} {against}"
    elif reach > WIDEST * abs(at):
        verdict, why = "too few to say", f"{said} is too wide to be held against {against}"
    else:
        verdict, why = "agrees", f"{said} meets {against}"
    return {"collected": at, "low": interval[0], "high": interval[1], "verdict": verdict, "because": why}


def _skill_pay(asked: _Asked) -> Iterator[Check]:
    claim = asked.claim
    has = "EXISTS (SELECT 1 FROM job_skill AS s WHERE s.job_id = j.job_id AND s.skill = :skill)"
    ask = f"SELECT {_PAY} FROM job AS j WHERE {asked.where} AND {_PAID} AND "
    some = asked.values(ask + has, skill=claim.skill)
    others = asked.values(ask + f"NOT {has}", skill=claim.skill)
    claimed = claim.value or 0.0
    figures: dict[str, Any] = {"claimed": claimed, "n": len(some)}
    if min(len(some), len(others)) < FEWEST:
        figures["because"] = (
            f"{len(some)} with {claim.skill} and {len(others)} without, of the {asked.those}, state pay in USD"
        )
        yield asked.check(f"pay with {claim.skill}", "per cent", **figures)
        return
    at = (plain_statistics.median(some) / plain_statistics.median(others) - 1) * 100
    low, high = ((bound - 1) * 100 for bound in ratio_interval(some, others))
    said = f"median pay {at:+.0f} % ({low:+.0f} to {high:+.0f} %), levels not held constant"
    # the claim is in whole per cent
    meets = low - 0.5 <= claimed <= high + 0.5
    verdict: Verdict = "differs" if not meets else "agrees" if high - low <= 20 else "too few to say"
    figures |= {
        "collected": at,
        "low": low,
        "high": high,
        "verdict": verdict,
        "because": f"{said}; claimed {claimed:+.0f} %; {count(len(some))} with it and {count(len(others))} without, of the "
        f"{asked.those} that state pay in USD",
    }
    yield asked.check(f"pay with {claim.skill}", "per cent", **figures)


def _experience(asked: _Asked) -> Iterator[Check]:
    claim = asked.claim
    values = asked.values(f"SELECT j.years_min FROM job AS j WHERE {asked.where} AND j.years_min IS NOT NULL")
    figures: dict[str, Any] = {"claimed": claim.low, "claimed_max": claim.high, "n": len(values)}
    if len(values) >= FEWEST:
        at = plain_statistics.median(values)
        figures |= _amount(at, median_interval(values), claim.low or 0.0, claim.high, lambda years: f"{years:g} years")
        figures["because"] += f"; of {count(len(values))} {asked.those} that state years"
    else:
        figures["because"] = f"{len(values)} {asked.those} state years; {FEWEST} are needed"
    yield asked.check("years of experience asked, median", "years", **figures)


# --- shares: skills, degree, cities, roles --------------------------------------------------------------------------


def _skills(asked: _Asked) -> Iterator[Check]:
    n = sum(asked.backend.values())
    for name in asked.claim.skills:
        said = {"part": _slug(name), "says": f"{asked.claim.says}: {name}"}
        known = skills().get(name)
        if known is None or not known.counted:
            yield asked.check(name, "share", **said, because=f"{name} is a concept and not counted as a skill of a job")
            continue
        yield asked.check(name, "share", **said, **_share(asked.naming.get(name, 0), n, ASKED, "one job in ten"))


def _share(hits: int, n: int, line: float, words: str, *, above: bool = True) -> dict[str, Any]:
    """A share against a line it is claimed to lie above (or below)."""
    if n < FEWEST:
        return {"n": n, "because": f"{n} jobs tell; {FEWEST} are needed"}
    low, high = wilson(hits, n)
    said = f"{count(hits)} of {count(n)}: {percent(hits / n)}, 95 % interval {percent(low)} to {percent(high)}"
    if low < line < high:
        verdict: Verdict = "too few to say"
        why = f"{said}: {words} lies within"
    else:
        lies_above = low >= line
        verdict = "agrees" if lies_above == above else "differs"
        why = f"{said} lies {'above' if lies_above else 'below'} {words}"
    return {"collected": hits / n, "low": low, "high": high, "n": n, "verdict": verdict, "because": why}


def _degree(asked: _Asked) -> Iterator[Check]:
    n = sum(asked.backend.values())
    hits = sum(jobs for one, jobs in asked.backend.items() if one.degree == "required")
    required = asked.claim.degree == "required"
    # 'is asked for' says that most require one; 'open to others' says that most do not
    figures = _share(hits, n, 0.5, "half of the jobs", above=required)
    yield asked.check("a degree is required", "share", **figures)


def _cities(asked: _Asked) -> Iterator[Check]:
    """A named city is popular where it is among as many of the most named ones as the document lists."""
    found = _us_cities(asked.conn)
    n = found.pop("", 0)
    ranked = sorted(found.values(), reverse=True)
    listed = len(asked.claim.cities)
    line = ranked[listed - 1] / n if n and len(ranked) >= listed else 0.0
    for said in asked.claim.cities:
        city = _city(said)
        hits = found.get(city, 0)
        figures = _share(hits, n, line, f"the share of the city in place {listed} ({percent(line)})")
        if n >= FEWEST and hits / n >= line > 0:
            # it is among them: its own share may be the line
            figures |= {
                "verdict": "agrees",
                "because": f"place {ranked.index(hits) + 1} of {len(ranked)} cities; "
                + figures["because"].split(",")[0],
            }
        yield asked.check(said, "share", part=_slug(said), says=f"{asked.claim.says}: {said}", **figures)


def _us_cities(conn: Connection) -> dict[str, int]:
    """Open back-end jobs by city of the United States; under the empty name, the jobs that name any."""
    if conn.dialect.name == "sqlite":
        each = "json_each(j.locations) AS l"
        part = "json_extract(l.value, '$.{}')"
    else:
        each = "jsonb_array_elements(j.locations) AS l(value)"
        part = "l.value ->> '{}'"
    where = f"{_BACKEND} AND {part.format('country')} = 'US' AND {part.format('city')} IS NOT NULL"
    name = f"{part.format('city')} || ', ' || COALESCE({part.format('region')}, '')"
    rows = conn.execute(
        text(
            f"SELECT {name}, COUNT(DISTINCT j.job_id) FROM job AS j, {each} WHERE {where} GROUP BY 1".replace(
                ":", r"\:"
            )
        )
    )
    found = {str(city): int(jobs) for city, jobs in rows}
    total = conn.scalar(text(f"SELECT COUNT(DISTINCT j.job_id) FROM job AS j, {each} WHERE {where}"))
    return found | {"": int(total or 0)}


def _city(said: str) -> str:
    """A city as the store writes it, by the same rules that cleaned the ads."""
    read = place.locations(place.read(said))
    return f"{read[0]['city']}, {read[0]['region'] or ''}" if read else said


def _role_types(open_jobs: Mapping[Jobs, int], day: dt.date) -> Iterator[Check]:
    """The roles that the documents name: does the market advertise them?"""
    found: Counter[str] = Counter()
    for one, jobs in open_jobs.items():
        found[one.role] += jobs
    n = sum(found.values())
    for role in roles().values():
        if not role.documents:
            continue
        hits = found[role.slug]
        low, high = wilson(hits, n)
        said = f"{count(hits)} of {count(n)} open jobs"
        verdict: Verdict = "agrees" if hits >= FEWEST else "too few to say"
        why = f"{said}, {percent(low)} to {percent(high)}" if n else "no open job"
        if n >= 1000 and hits == 0:
            verdict, why = "differs", f"none of {count(n)} open jobs"
        yield Check(
            day=day, claim=f"role-types/{role.slug}", document=role.documents[0], subject=role.name,
            says=f"the market has the role: {role.name}", unit="share", collected=hits / n if n else None,
            low=low if n else None, high=high if n else None, n=n, verdict=verdict, because=why,
            taxonomy_version=taxonomy_version(),
        )  # fmt: skip


# --- what no ad can tell --------------------------------------------------------------------------------------------


def _growth(asked: _Asked) -> Iterator[Check]:
    days = asked.number("SELECT COUNT(DISTINCT day) FROM roles_daily")
    years = asked.claim.years or 10
    why = f"{days} days are on record; a claim over {years} years needs as many"
    yield asked.check("growth", "per cent", claimed=asked.claim.value, n=days, because=why)


def _author(asked: _Asked) -> Iterator[Check]:
    yield asked.check(
        "the document's author", "years", claimed=asked.claim.value, because="a claim about a person: no ad can tell"
    )


def _slug(said: str) -> str:
    """``Node.js`` as ``node.js``, ``San Francisco, CA`` as ``san-francisco-ca``."""
    return "-".join("".join(c if c.isalnum() or c in ".#+" else " " for c in said.lower()).split())


_KINDS: dict[str, Callable[[_Asked], Iterator[Check]]] = {
    "pay": _pay,
    "skill-pay": _skill_pay,
    "experience": _experience,
    "growth": _growth,
    "author": _author,
    "cities": _cities,
    "skills": _skills,
    "degree": _degree,
}
