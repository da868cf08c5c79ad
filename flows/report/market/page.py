"""The page: words, tables and plots in one HTML file, without a script and without a request.

Its policy (CSP) lets nothing run and nothing load; the one style sheet is allowed by its hash. Everything that came
from a board is escaped by Jinja; addresses pass ``safe_url``.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from config.load_taxonomy import Claim, claims, documents
from flows.report.market.ask import Answer, Record
from flows.report.market.figures import Figure, Told
from flows.report.market.label import count, percent, plain, safe_url, several, unbroken, usd

Row = dict[str, Any]
ROWS_SHOWN = 40
"""Rows of a figure's table on the page; all of them stand in its CSV."""


@dataclass(frozen=True)
class Drawn:
    """A figure with its answer: the plots wide and narrow, or none and the reason in ``told.empty``."""

    figure: Figure
    told: Told
    answer: Answer
    plots: tuple[Markup, ...]


@dataclass(frozen=True)
class Page:
    """Everything the page shows."""

    day: dt.date
    record: Record
    headline: Sequence[Row]
    sources: Sequence[Row]
    claims: Sequence[Row]
    drawn: Sequence[Drawn]
    folder: str


def render(page: Page) -> str:
    """The page as HTML."""
    style = (files("flows.report.market") / "page.css").read_text(encoding="utf-8")
    template = (files("flows.report.market") / "page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"plain": plain, "count": count, "safe_url": safe_url, "cell": _cell, "unbroken": unbroken}
    environment.filters |= {"several": several}
    return environment.from_string(template).render(
        policy=policy(style),
        style=Markup(style),  # noqa: S704 - our own file
        page=page,
        tiles=_tiles(page),
        sections=[(name, list(same)) for name, same in groupby(page.drawn, lambda drawn: drawn.figure.section)],
        sources=sorted(page.sources, key=lambda row: plain(row["name"] or row["source"]).casefold()),
        claims=_claims(page.claims),
        claims_day=page.claims[0]["day"] if page.claims else "",
        verdicts=_verdicts(page.claims),
        together=lambda said, n: said if n == 1 else _TOGETHER.get(said, said),
        rows_shown=ROWS_SHOWN,
        slug=lambda name: name.lower().replace(" ", "-"),
    )


def policy(style: str) -> str:
    """The content security policy of a page with this one style sheet."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def _tiles(page: Page) -> list[tuple[str, str, str]]:
    """The headline: a figure, what it counts, what stands beside it. Only open jobs count."""
    by: dict[str, Row] = {row["scope"]: row for row in page.headline}
    if "all jobs" not in by:
        return []
    none = dict.fromkeys(by["all jobs"], 0)
    backend, wider, everything = (by.get(scope, none) for scope in ("back-end", "wider back-end", "all jobs"))
    n = backend["jobs_open"]
    on = several(len(page.sources), "source{s}")
    return [
        (count(n), "open back-end jobs", f"{count(backend['jobs_unconfirmed'])} more unconfirmed"),
        (count(wider["jobs_open"]), "open in the wider back-end", f"{count(wider['jobs_unconfirmed'])} more unconfirmed"),
        (count(everything["jobs_open"]), "open jobs of any role", f"{count(everything['jobs_unconfirmed'])} more unconfirmed; {on}"),
        (count(backend["new_in_7_days"]), "open back-end jobs first seen in 7 days", f"{count(backend['closed_in_7_days'])} closed in that time"),
        (percent(backend["open_remote"] / n) if n else "–", "of open back-end jobs are remote", f"{count(backend['open_remote'])} of {count(n)}"),
        (percent(backend["open_with_pay"] / n) if n else "–", "of open back-end jobs state pay", f"{count(backend['open_with_pay'])} of {count(n)}"),
    ]  # fmt: skip


def _claims(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The checks by claim, in the order of the documents' list, with figures in words."""
    order = {name: index for index, name in enumerate(claims())}
    named = sorted(rows, key=lambda row: order.get(_claim(row), len(order)))
    told = []
    for name, same in groupby(named, _claim):
        checks = list(same)
        known = claims().get(name)
        told.append(
            {
                "says": known.says if known else "role types that the documents name",
                "document": _document(known.document) if known else "",
                "source": known.source if known else "",
                "checks": [_check(row) for row in checks],
                "verdicts": _verdicts(checks),
            }
        )
    return told


def _claim(row: Row) -> str:
    return str(row["claim"]).split("/")[0]


def _document(name: str) -> str:
    known = documents().get(name)
    return known.about if known else name


def _check(row: Row) -> dict[str, Any]:
    unit = row["unit"]
    known = claims().get(_claim(row))
    claimed = _in_words(known)
    if row["claimed"] is not None:
        claimed = _amount(row["claimed"], unit)
    if row["claimed_max"] is not None:
        claimed += f" to {_amount(row['claimed_max'], unit)}"
    collected = "" if row["collected"] is None else _amount(row["collected"], unit)
    interval = "" if row["low"] is None else f"{_amount(row['low'], unit)} to {_amount(row['high'], unit)}"
    return row | {"claimed": claimed, "collected": collected, "interval": interval}


def _in_words(claim: Claim | None) -> str:
    """What a claim says where it names no amount; a check without a claim is of a role that the documents name."""
    if claim is None:
        return "advertised"
    if claim.kind == "degree":
        return "by most" if claim.degree == "required" else "by half at most"
    return {"skills": "asked for", "cities": f"in the first {len(claim.cities)}"}.get(claim.kind, "")


def _amount(value: float, unit: str) -> str:
    if unit == "share":
        return percent(value)
    if unit == "per cent":
        return f"{value:+.0f} %"
    return usd(value) if unit == "USD a year" else f"{value:g} {unit}"


_TOGETHER = {"agrees": "agree", "differs": "differ"}
"""A verdict of several checks."""


def _verdicts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {
        said: n for said in ("agrees", "differs", "too few to say") if (n := sum(r["verdict"] == said for r in rows))
    }


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else count(value)
    return plain(str(value), 80) if value != "" else ""
