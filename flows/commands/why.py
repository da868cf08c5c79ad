"""``rolecall why``"""

from __future__ import annotations

import sys
from typing import Any

from config.problems import UsageProblem
from flows.commands import show
from storage import read
from storage.engine import reading

MOST_LOOKS = 3
"""Looks at an ad's own page that are told, the newest; --json tells all."""


def run(job: str, database: str | None, as_json: bool) -> int:
    """Print why a job is believed to be one."""
    with show.database(database) as engine, reading(engine) as conn:
        found = read.why(conn, job)
    if found is None:
        raise UsageProblem(f"no job and no posting has the id {job!r}", "`rolecall export jobs` lists job_id")
    if as_json:
        return show.as_json(found)
    sys.stdout.write(text(found))
    return 0


def text(found: dict[str, Any]) -> str:
    """A job in words: what it is, its ads with rule and score, its facts with their ads, its history."""
    ads = found["ads"]
    name = {ad["posting_key"]: _name(ad) for ad in ads}
    lines = [
        f"{found['title']} at {found['company'] or 'an unnamed employer'}",
        f"job {found['job_id']}, role {found['role']}, {found['state']}, {len(ads)} ads"
        + (f", {found['openings']} openings" if found["openings"] > 1 else ""),
        "",
    ]
    for ad in ads:
        lines += [*_ad(ad, name), ""]
    lines += ["facts and the ad each was taken from:"]
    lines += [f"  {field}: {name.get(key, key)}" for field, key in sorted(found["best"].items())]
    if found["sisters"]:
        lines += ["", f"sister openings (same role, other place): {', '.join(found['sisters'])}"]
    lines += [
        f"{event['happened_at']:%Y-%m-%d} {event['event']} with {event['other_job_id']}" for event in found["events"]
    ]
    return "".join(f"{show.printable(line)}\n" for line in lines)


def _name(ad: dict[str, Any]) -> str:
    return "/".join(part for part in (ad["source"], ad["board"], ad["external_id"]) if part)


def _ad(ad: dict[str, Any], name: dict[str, str]) -> list[str]:
    link = ad["link"]
    lines = [
        f"{_name(ad)}  {ad['url']}",
        f"  {ad['title']} | {ad['title_core']} | role {ad['role']}: {ad['role_because']}",
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
