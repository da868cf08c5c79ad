"""``rolecall why``"""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

from sqlalchemy import Connection

from config.problems import UsageProblem
from flows.commands import show
from storage import read
from storage.engine import reading

_NAMES = "Say source/external_id, or source/board/external_id where a source has boards"
MOST_NAMED = 10
"""Postings that are named where one is to be chosen."""
MOST_LOOKS = 3
"""Looks at an ad's own page that are told, the newest; --json tells all."""


def run(job: str, database: str | None, as_json: bool) -> int:
    """Print why a job is believed to be one."""
    with show.database(database) as engine, reading(engine) as conn:
        key = _key(conn, job)
        found = read.why(conn, key)
        if found is None and read.ads_of_postings(conn, [key], ["posting_key"]):
            raise UsageProblem(f"the posting {job!r} is in no job yet", "The next run matches it")
    if found is None:
        raise UsageProblem(f"no job and no posting has the id {job!r}", "`rolecall export jobs` lists job_id")
    if as_json:
        return show.as_json(found)
    sys.stdout.write(text(found))
    return 0


def _key(conn: Connection, said: str) -> str:
    """The key of what was asked for: as it was said, or of the posting whose source and id were."""
    if "/" not in said:
        return said
    ads = read.named(conn, said)
    if not ads:
        raise UsageProblem(f"no posting is called {said!r}", _NAMES)
    if len({ad.job_id or ad.posting_key for ad in ads}) > 1:
        names = ", ".join(_name(ad._asdict()) for ad in ads[:MOST_NAMED])
        raise UsageProblem(f"{said!r} may be one of {len(ads)} postings", f"Say which: {names}")
    return str(ads[0].posting_key)


def text(found: dict[str, Any]) -> str:
    """A job in words: what it is, its ads with rule and score, its facts with their ads, its history."""
    ads = found["ads"]
    name = {ad["posting_key"]: _name(ad) for ad in ads}
    lines = [
        f"{found['title']} at {found['company'] or 'an unnamed employer'}",
        f"job {found['job_id']}, role {found['role']}, {found['state']}, {len(ads)} ad{'s' * (len(ads) != 1)}"
        + (f", {found['openings']} openings" if found["openings"] > 1 else ""),
        "",
    ]
    for ad in ads:
        lines += [*_ad(ad, name), ""]
    lines += ["what is believed, the ad it was taken from, and its words:"]
    lines += _facts(found, {ad["posting_key"]: ad for ad in ads}, name)
    if found["sisters"]:
        lines += ["", f"sister openings (same role, other place): {', '.join(found['sisters'])}"]
    lines += [
        f"{event['happened_at']:%Y-%m-%d} {event['event']} with {event['other_job_id']}" for event in found["events"]
    ]
    return "".join(f"{show.printable(line)}\n" for line in lines)


# each fact with its columns, and the column that holds the words which it was taken from
_FACTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("title", ("title",), "title_raw"),
    ("company", ("company",), "company_raw"),
    ("role", ("role", "server_side"), "role_because"),
    ("seniority", ("seniority",), "seniority_because"),
    ("years", ("years_min", "years_max"), "years_because"),
    ("degree", ("degree",), "degree_because"),
    ("remote", ("remote_mode",), "remote_because"),
    ("pay", ("salary_min", "salary_max", "salary_currency", "salary_period", "salary_source"), "salary_raw"),
    ("contract", ("employment_type",), "employment_type_raw"),
    ("skills", ("skills",), ""),
    ("language", ("language",), ""),
)
# what is summed up over all ads, and so has no one ad to name
_OF_ALL = ("remote_regions", "locations", "first_seen", "last_seen")
LONGEST = 160
"""Characters of a value or of its words that are shown; --json has them whole."""


def _facts(job: dict[str, Any], ads: dict[str, dict[str, Any]], name: dict[str, str]) -> list[str]:
    """A line for each fact with its value, one with its ad and words where there is one."""
    lines = []
    for fact, columns, words in _FACTS:
        key = job["best"].get(columns[0])
        if key is None:
            continue
        lines.append(f"  {fact}: {_short(_value(fact, [job[one] for one in columns]))}")
        said = str(ads.get(key, {}).get(words) or "")
        lines.append(f"    {name.get(key, key)}" + (f': "{_short(said)}"' if said else ""))
    return lines + [f"  {one}: {_short(_plain(job[one]))} (of all ads)" for one in _OF_ALL if job[one]]


def _value(fact: str, said: list[Any]) -> str:
    if fact in ("years", "pay"):
        least, most, *rest = said
        bounds = _bounds(least, most)
        currency, period, source = rest or ("", "", "")
        return f"{bounds} {currency or '?'} a {period or '?'}, {source}" if rest else bounds
    return ", ".join(_plain(one) for one in said if one is not None)


def _bounds(least: float | None, most: float | None) -> str:
    if least is None or most is None:
        return f"{_plain(least)} or more" if most is None else f"up to {_plain(most)}"
    return _plain(least) if least == most else f"{_plain(least)} to {_plain(most)}"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(str(one) for one in value.values() if one)
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,}"
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.datetime) else str(value)


def _short(said: str) -> str:
    said = " ".join(said.split())
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def _name(ad: dict[str, Any]) -> str:
    return "/".join(part for part in (ad["source"], ad["board"], ad["external_id"]) if part)


def _ad(ad: dict[str, Any], name: dict[str, str]) -> list[str]:
    link = ad["link"]
    lines = [
        f"{_name(ad)}  {ad['url']}",
        f"  {ad['title']} | {ad['title_core']} | role {ad['role']}: {_short(ad['role_because'])}",
    ]
    if link and link["partner"]:
        score = f" {link['score']:.2f}" if link["score"] is not None else ""
        lines.append(
            f"  joined by {link['rule']}{score} ({link['kind']}) with {name.get(link['partner'], link['partner'])}"
        )
        lines += [f"  because {link['because']}"] if link["because"] else []
    elif link:
        lines.append("  founding ad")
    for look in ad["looks"][-MOST_LOOKS:]:
        lines.append(
            f"  its own page on {look['at']:%Y-%m-%d}: {look['says']}, {look['because']} (run {look['run_id']})"
        )
    if ad["state"] != "open":
        lines.append(f"  {ad['state']}" + (f": {ad['closed_because']}" if ad["closed_because"] else ""))
    return lines
