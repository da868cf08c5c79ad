"""The figures of the report, in its order: what is asked, what the answer says, how it is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from config.load_taxonomy import roles
from flows.report.market import plots
from flows.report.market.label import count, percent, plain, several, usd
from flows.report.market.plots import Bar, Box, Frame, Part
from flows.report.market.statistics import change_score, wilson

Row = dict[str, Any]
Rows = Sequence[Row]

FEWEST = 10
"""A cell of pay with fewer jobs is not shown."""
SURE = 2.0
"""A share has risen or fallen where its log-odds moved by that many standard deviations."""


@dataclass(frozen=True)
class Told:
    """What an answer comes to: one sentence, its n, its dates; ``empty`` is why there is nothing to draw."""

    says: str = ""
    n: str = ""
    dates: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Figure:
    """A question with its plot. ``name`` is that of its SQL file and of its CSV."""

    name: str
    section: str
    title: str
    about: str
    tell: Callable[[Rows, dt.date], Told]
    draw: Callable[[Rows, Frame], Any]


def role_name(slug: str) -> str:
    """A role as people write it."""
    known = roles().get(slug)
    return known.name if known else "outside the taxonomy" if slug == "none" else slug


# --- trends ----------------------------------------------------------------------------------------------------------


def _tell_trend(rows: Rows, _day: dt.date) -> Told:
    if len(rows) < 2:
        have = "No day is" if not rows else f"One day ({rows[0]['day']}) is"
        return Told(empty=f"{have} on record; a trend needs two. Every run adds its day.")
    first, last = rows[0], rows[-1]
    since = rows[1:]
    says = (
        f"{several(last['backend_open'], 'back-end job{s}')} open on {last['day']}, {count(first['backend_open'])} on "
        f"{first['day']}. In between {count(sum(r['backend_new'] for r in since))} were first seen and "
        f"{count(sum(r['backend_closed'] for r in since))} closed."
    )
    return Told(says, f"{len(rows)} days with a run", f"{first['day']} to {last['day']}")


# --- roles, levels, skills -------------------------------------------------------------------------------------------


def _tell_roles(rows: Rows, _day: dt.date) -> Told:
    n = sum(r["jobs"] for r in rows)
    if not n:
        return Told(empty="No job is open.")
    named = [r for r in rows if r["role"] != "none"]
    if not named:
        return Told(f"None of {several(n, 'open job{s}')} has a role of the taxonomy.", several(n, "open job{s}"))
    top = named[0]
    says = f"{role_name(top['role'])} is the most advertised role: {count(top['jobs'])} of {several(n, 'open job{s}')}."
    return Told(says[0].upper() + says[1:], several(n, "open job{s}"))


def _draw_roles(rows: Rows, frame: Frame) -> Any:
    n = sum(r["jobs"] for r in rows)
    shown = rows[: 18 if frame.wide else 12]
    return plots.bars(
        [
            Bar(
                role_name(r["role"]),
                r["jobs"],
                f"{count(r['jobs'])} · {percent(r['jobs'] / n)}",
                color=_role_color(r["role"]),
            )
            for r in shown
        ],
        frame,
    )


def _role_color(role: str) -> str:
    return "grey" if role == "none" else "teal" if role in ("backend-developer", "backend-architect") else "blue"


_LEVELS = ("intern", "junior", "mid", "senior", "lead", "manager", "unspecified")


def _tell_seniority(rows: Rows, _day: dt.date) -> Told:
    by = {r["seniority"]: r["jobs"] for r in rows}
    n = sum(by.values())
    if not n:
        return Told(empty="No back-end job is open.")
    said = max((level for level in _LEVELS[:-1]), key=lambda level: by.get(level, 0))
    silent = by.get("unspecified", 0)
    if silent == n:
        return Told("No open back-end job names a level.", several(n, "open back-end job{s}"))
    says = f"{said} is the level named most ({percent(by.get(said, 0) / n)}); {percent(silent / n)} name none."
    return Told(says[0].upper() + says[1:], several(n, "open back-end job{s}"))


def _draw_seniority(rows: Rows, frame: Frame) -> Any:
    by = {r["seniority"]: r["jobs"] for r in rows}
    n = sum(by.values())
    return plots.bars(
        [_share_bar(level, by.get(level, 0), n, "grey" if level == "unspecified" else "teal") for level in _LEVELS],
        frame,
    )


def _share_bar(label: str, hits: int, n: int, color: str = "teal") -> Bar:
    low, high = wilson(hits, n)
    return Bar(label, hits / n, f"{percent(hits / n)} · {count(hits)}", low, high, color)


def _tell_skills(rows: Rows, _day: dt.date) -> Told:
    if not rows:
        return Told(empty="No open back-end job names a technology.")
    n = rows[0]["jobs_in_scope"]
    top = ", ".join(f"{r['skill']} {percent(r['jobs'] / n)}" for r in rows[:5])
    return Told(f"Named most: {top}.", several(n, "open back-end job{s}"))


def _draw_skills(rows: Rows, frame: Frame) -> Any:
    return plots.bars(
        [_share_bar(r["skill"], r["jobs"], r["jobs_in_scope"]) for r in rows[: 25 if frame.wide else 15]], frame
    )


def _changes(rows: Rows) -> list[Row]:
    """Skills whose share surely moved, strongest first within rising and falling."""
    moved = []
    for r in rows:
        score = change_score(r["jobs_earlier"], r["in_scope_earlier"] or 0, r["jobs_later"], r["in_scope_later"] or 0)
        if abs(score) >= SURE and r["in_scope_earlier"] and r["in_scope_later"]:
            before, after = r["jobs_earlier"] / r["in_scope_earlier"], r["jobs_later"] / r["in_scope_later"]
            way = "rising" if score > 0 else "falling"
            moved.append({"label": r["skill"], "before": before, "after": after, "way": way, "score": score})
    rising = sorted((m for m in moved if m["score"] > 0), key=lambda m: -m["score"])[:10]
    falling = sorted((m for m in moved if m["score"] < 0), key=lambda m: m["score"])[:10]
    return rising + falling


def _tell_changes(rows: Rows, _day: dt.date) -> Told:
    if not rows:
        return Told(empty="Two days on record are needed to see a change.")
    dates = f"{rows[0]['earlier']} against {rows[0]['later']}"
    n = f"{count(rows[0]['in_scope_earlier'] or 0)} and {count(rows[0]['in_scope_later'] or 0)} open back-end jobs"
    moved = _changes(rows)
    if not moved:
        return Told(
            n=n, dates=dates, empty="No technology's share moved by more than chance would (two standard deviations)."
        )
    up = [m["label"] for m in moved if m["way"] == "rising"][:3]
    down = [m["label"] for m in moved if m["way"] == "falling"][:3]
    says = f"Rising: {', '.join(up) or 'none'}. Falling: {', '.join(down) or 'none'}."
    return Told(says, n, dates)


# --- pay -------------------------------------------------------------------------------------------------------------

_PANELS = {"stated": "Stated in a field", "parsed": "Read from the text"}


def _tell_pay(rows: Rows, _day: dt.date) -> Told:
    n = sum(r["n"] for r in rows)
    if not n:
        return Told(empty="No open job of the taxonomy states pay in a currency and period that are known.")
    shown = [r for r in rows if r["n"] >= FEWEST]
    hidden = len(rows) - len(shown)
    if not shown:
        return Told(
            n=several(n, "open job{s} with pay"),
            empty=f"No cell of role, level and source of the figure holds {FEWEST} jobs; none is shown.",
        )
    top = shown[0]
    says = (
        f"{role_name(top['role'])}, {_level(top['seniority'])}: median {usd(top['p50'])} a year, the middle half "
        f"{usd(top['p25'])} to {usd(top['p75'])} ({count(top['n'])} jobs, {_PANELS[top['salary_source']].lower()})."
    )
    if hidden:
        says += f" {several(hidden, 'cell{s}')} with fewer than {FEWEST} jobs {'is' if hidden == 1 else 'are'} hidden."
    enough = count(sum(r["n"] for r in shown))
    return Told(
        says[0].upper() + says[1:], f"{several(n, 'open job{s} with pay')}, {enough} in cells of {FEWEST} and more"
    )


def _draw_pay(rows: Rows, frame: Frame) -> Any:
    shown = [r for r in rows if r["n"] >= FEWEST][: 40 if frame.wide else 20]
    order = list(dict.fromkeys(r["role"] for r in shown))
    shown.sort(key=lambda r: (order.index(r["role"]), _LEVELS.index(r["seniority"])))
    boxes = [
        Box(
            f"{role_name(r['role'])}, {_level(r['seniority'])} (n {r['n']})",
            _PANELS[r["salary_source"]],
            r["p10"],
            r["p25"],
            r["p50"],
            r["p75"],
            r["p90"],
        )
        for r in shown
    ]
    return plots.boxes(boxes, frame, {_PANELS["stated"]: "teal", _PANELS["parsed"]: "amber"})


def _level(said: str) -> str:
    return "no level" if said == "unspecified" else said


_PAY_KINDS = {"stated in a field": "teal", "read from the text": "amber", "the board's guess": "rose", "no pay": "grey"}


def _tell_pay_share(rows: Rows, _day: dt.date) -> Told:
    n = sum(r["jobs"] for r in rows)
    if not n:
        return Told(empty="No job of the taxonomy is open.")
    silent = sum(r["none"] for r in rows)
    guessed = sum(r["predicted"] for r in rows)
    says = f"{percent(1 - (silent + guessed) / n)} of open jobs of the taxonomy say what they pay"
    return Told(
        f"{says}; {percent(guessed / n)} carry only a board's guess.",
        several(n, "open job{s} with a role of the taxonomy"),
    )


def _draw_pay_share(rows: Rows, frame: Frame) -> Any:
    parts = []
    for r in rows[: 14 if frame.wide else 9]:
        label = f"{role_name(r['role'])} (n {count(r['jobs'])})"
        for kind, column in zip(_PAY_KINDS, ("stated", "parsed", "predicted", "none"), strict=True):
            parts.append(Part(label, kind, r[column] / r["jobs"]))
    return plots.shares(parts, _PAY_KINDS, frame)


# --- places ----------------------------------------------------------------------------------------------------------

_MODES = {"remote": "teal", "hybrid": "blue", "onsite": "amber", "unknown": "grey"}
_SCOPES = ("back-end", "wider back-end", "all jobs")


def _modes(rows: Rows) -> dict[str, dict[str, int]]:
    by: dict[str, dict[str, int]] = {}
    for r in rows:
        by.setdefault(r["scope"], {})[r["remote_mode"]] = r["jobs"]
    return by


def _tell_modes(rows: Rows, _day: dt.date) -> Told:
    by = _modes(rows)
    if not by:
        return Told(empty="No job is open.")
    scope = next(s for s in _SCOPES if s in by)
    n = sum(by[scope].values())
    says = f"{percent(by[scope].get('remote', 0) / n)} of open {_of(scope)} are remote, {percent(by[scope].get('unknown', 0) / n)} do not say."
    return Told(says, "; ".join(f"{s} {count(sum(by[s].values()))}" for s in _SCOPES if s in by))


def _of(scope: str) -> str:
    return scope if scope == "all jobs" else f"{scope} jobs"


def _draw_modes(rows: Rows, frame: Frame) -> Any:
    by = _modes(rows)
    parts = [
        Part(f"{scope} (n {count(sum(by[scope].values()))})", mode, by[scope].get(mode, 0) / sum(by[scope].values()))
        for scope in _SCOPES
        if scope in by
        for mode in _MODES
    ]
    return plots.shares(parts, _MODES, frame)


def _tell_regions(rows: Rows, _day: dt.date) -> Told:
    if not rows:
        return Told(empty="No remote job of the wider back-end is open.")
    n = rows[0]["jobs_remote"]
    named = [r for r in rows if r["region"] != "not stated"]
    says = (
        "No job names a region."
        if not named
        else f"{_region(named[0]['region'])} is named most: {percent(named[0]['jobs'] / n)}."
    )
    return Told(says[0].upper() + says[1:], several(n, "open remote job{s} of the wider back-end"))


def _region(code: str) -> str:
    import pycountry

    if len(code) == 2 and (country := pycountry.countries.get(alpha_2=code)):
        return str(getattr(country, "common_name", country.name))
    return {"WORLDWIDE": "worldwide", "EU": "European Union", "EUROPE": "Europe", "NORTH-AMERICA": "North America"}.get(
        code, code
    )


def _draw_regions(rows: Rows, frame: Frame) -> Any:
    n = rows[0]["jobs_remote"]
    shown = rows[: 20 if frame.wide else 12]
    return plots.bars(
        [
            _share_bar(_region(r["region"]), r["jobs"], n, "grey" if r["region"] == "not stated" else "teal")
            for r in shown
        ],
        frame,
    )


# --- employers -------------------------------------------------------------------------------------------------------


def _tell_companies(rows: Rows, _day: dt.date) -> Told:
    if not rows:
        return Told(empty="No open job of the wider back-end names its employer.")
    n = rows[0]["jobs_in_scope"]
    ten = sum(r["jobs"] for r in rows[:10])
    says = f"{plain(rows[0]['company'])} advertises most ({several(rows[0]['jobs'], 'job{s}')})"
    says += f"; the first ten hold {percent(ten / n)} of the jobs." if len(rows) > 10 else "."
    return Told(says, several(n, "open job{s} of the wider back-end"))


def _draw_companies(rows: Rows, frame: Frame) -> Any:
    return plots.bars(
        [
            Bar(
                r["company"],
                r["jobs"],
                f"{count(r['jobs'])}{' · agency' if r['agency'] else ''}",
                color="amber" if r["agency"] else "teal",
            )
            for r in rows[: 20 if frame.wide else 12]
        ],
        frame,
    )


def _tell_reposts(rows: Rows, _day: dt.date) -> Told:
    if not rows:
        return Told(empty="No ad of an open job has come back as a later copy yet.")
    total, long_open = sum(r["reposts"] for r in rows), sum(r["long_open"] for r in rows)
    says = (
        f"{plain(rows[0]['company'])} reposted most ({several(rows[0]['reposts'], 'time{s}')}). Open for over 90 days with "
        f"three copies or more: {several(long_open, 'job{s}')}."
    )
    return Told(says, f"{several(total, 'repost{s}')} of {several(len(rows), 'employer{s}')}")


def _draw_reposts(rows: Rows, frame: Frame) -> Any:
    return plots.bars(
        [
            Bar(
                r["company"],
                r["reposts"],
                f"{several(r['reposts'], 'repost{s}')}, {several(r['jobs'], 'job{s}')}"
                if frame.wide
                else count(r["reposts"]),
                color="rose" if r["long_open"] else "teal",
            )
            for r in rows[: 15 if frame.wide else 10]
        ],
        frame,
    )


_AGES = ("up to 7 days", "8 to 14", "15 to 30", "31 to 60", "61 to 90", "91 to 180", "over 180", "unknown")


def _tell_age(rows: Rows, _day: dt.date) -> Told:
    n = sum(r["jobs_open"] for r in rows)
    if not n:
        return Told(empty="No job of the wider back-end is open.")
    by = {r["age"]: r["jobs_open"] for r in rows}
    old = sum(by.get(age, 0) for age in ("91 to 180", "over 180"))
    says = f"{percent(by.get('up to 7 days', 0) / n)} are a week old at most, {percent(old / n)} older than 90 days."
    late = sum(r["jobs_unconfirmed"] for r in rows)
    beside = f"; {count(late)} unconfirmed apart" if late else ""
    return Told(says, several(n, "open job{s} of the wider back-end") + beside)


def _draw_age(rows: Rows, frame: Frame) -> Any:
    by = {r["age"]: r for r in rows}
    n = sum(r["jobs_open"] for r in rows)
    bars = []
    for age in _AGES:
        r = by.get(age, {"jobs_open": 0, "jobs_unconfirmed": 0})
        beside = f" (+{count(r['jobs_unconfirmed'])} unconfirmed)" if r["jobs_unconfirmed"] and frame.wide else ""
        label = age if age in (_AGES[0], _AGES[-1]) else f"{age} days"
        bars.append(Bar(label, r["jobs_open"], f"{count(r['jobs_open'])} · {percent(r['jobs_open'] / n)}{beside}"))
    return plots.bars(bars, frame)


# --- how the figures came about --------------------------------------------------------------------------------------


def _sets(rows: Rows) -> list[tuple[tuple[str, ...], int]]:
    return [(tuple(sorted(orjson.loads(r["sources"] or "[]"))), r["jobs"]) for r in rows]


def _tell_overlap(rows: Rows, _day: dt.date) -> Told:
    sets = _sets(rows)
    n = sum(jobs for _, jobs in sets)
    if not n:
        return Told(empty="No job is open.")
    shared = sum(jobs for names, jobs in sets if len(names) > 1)
    if not shared:
        return Told(n=several(n, "open job{s}"), empty="No open job is carried by two sources.")
    names, most = max((s for s in sets if len(s[0]) > 1), key=lambda s: s[1])
    says = f"{percent(shared / n)} of open jobs stand on two sources or more; {' with '.join(names)} share most ({count(most)})."
    many = sum(len(names) > 1 for names, _ in sets)
    return Told(says, f"{count(shared)} of {several(n, 'open job{s}')}, in {several(many, 'set{s} of sources')}")


def _draw_overlap(rows: Rows, frame: Frame) -> Any:
    return plots.upset([one for one in _sets(rows) if len(one[0]) > 1], frame)


def _tell_loss(rows: Rows, _day: dt.date) -> Told:
    first, last = rows[0]["left_over"], rows[-1]["left_over"]
    if not first:
        return Told(empty="No record was read yet.")
    return Told(
        f"{several(first, 'record{s}')} come to {several(last, 'open, unique back-end job{s}')}.",
        several(first, "record{s}"),
    )


def _draw_loss(rows: Rows, frame: Frame) -> Any:
    bars, before = [], rows[0]["left_over"]
    for r in rows:
        lost = before - r["left_over"]
        said = f"{count(r['left_over'])}" + (
            f"  −{count(lost)} {r['lost_as']}" if lost and frame.wide else f"  −{count(lost)}" if lost else ""
        )
        bars.append(Bar(r["stage"], r["left_over"], said, color="grey" if r["step"] == 1 else "teal"))
        before = r["left_over"]
    return plots.bars(bars, frame)


_OUTCOMES = {"complete": ("teal", ""), "partial": ("amber", "–"), "empty": ("grey", "0"), "failed": ("rose", "×")}


def outcome(row: Row) -> str:
    """How a source's day ended: complete where every board was, failed or empty where none brought anything else."""
    if row["complete"] == row["tries"]:
        return "complete"
    if row["complete"] + row["partial"] == 0:
        return "empty" if row["empty"] and not row["failed"] else "failed"
    return "partial"


def _tell_freshness(rows: Rows, day: dt.date) -> Told:
    if not rows:
        return Told(empty="No board was tried in the last 30 days.")
    sources = {r["source"] for r in rows}
    last = {r["source"]: outcome(r) for r in rows}
    bad = sorted(source for source, how in last.items() if how != "complete")
    says = f"{len(sources) - len(bad)} of {several(len(sources), 'source{s}')} complete when last tried"
    says += f"; not so {', '.join(bad[:8])}{' and others' if len(bad) > 8 else ''}." if bad else "."
    return Told(
        says, several(sum(r["tries"] for r in rows), "reading{s} of a board"), f"{day - dt.timedelta(days=29)} to {day}"
    )


def _draw_freshness(rows: Rows, frame: Frame) -> Any:
    cells = [{"day": r["day"], "source": r["source"], "kind": outcome(r)} for r in rows]
    last = dt.date.fromisoformat(max(r["day"] for r in rows))
    days = [str(last - dt.timedelta(days=n)) for n in range(29, -1, -1)]
    return plots.grid(cells, days, _OUTCOMES, frame)


def _tell_coverage(rows: Rows, _day: dt.date) -> Told:
    if not rows:
        return Told(empty="No ad is stored that is not closed.")
    n = sum(r["postings"] for r in rows if r["field"] == "company")
    total: dict[str, int] = {}
    for r in rows:
        total[r["field"]] = total.get(r["field"], 0) + r["filled"]
    least = min(total, key=lambda field: total[field])
    says = f"Filled least: {least.replace('_', ' ')} ({percent(total[least] / n)} of ads)."
    return Told(says, several(n, "ad{s} open or unconfirmed"))


def _tell_claims(rows: Rows, _day: dt.date) -> Told:
    asked = _template(rows)
    if not asked:
        return Told(empty="Fewer than ten back-end jobs are open: no claim on skills can be held against them.")
    yes = sum(r["verdict"] == "agrees" for r in asked)
    says = f"{yes} of the {len(asked)} skills of the job template are named by at least one open back-end job in ten."
    return Told(says, several(asked[0]["n"], "open back-end job{s}"), f"as of {asked[0]['day']}")


def _template(rows: Rows) -> list[Row]:
    found = [r for r in rows if r["claim"].startswith("template-skills/") and r["collected"] is not None]
    return sorted(found, key=lambda r: (-r["collected"], r["subject"]))


_VERDICTS = {"agrees": "leaf", "differs": "rose", "too few to say": "grey"}


def _draw_claims(rows: Rows, frame: Frame) -> Any:
    shown = [
        {"label": r["subject"], "share": r["collected"], "low": r["low"], "high": r["high"], "verdict": r["verdict"]}
        for r in _template(rows)
    ]
    return plots.intervals(shown, frame, line=0.10, colors=_VERDICTS)


FIGURES: tuple[Figure, ...] = (
    Figure(
        "trend",
        "Demand",
        "Open back-end jobs over time",
        (
            "Unique jobs open at the end of each day; below, those first seen (up) and closed (down) that day. The "
            "balance also "
            "holds jobs that were reopened, joined with another, became unconfirmed or changed their role. Shaded: "
            "an unusually long time without a run. Dashed: the set of sources or the taxonomy changed, so a "
            "step there may be ours and not the market's."
        ),
        _tell_trend,
        plots.trend,
    ),
    Figure(
        "roles",
        "Demand",
        "Roles",
        ("Open unique jobs by role of the reference taxonomy; back-end in green, outside the taxonomy in grey."),
        _tell_roles,
        _draw_roles,
    ),
    Figure(
        "seniority",
        "Demand",
        "Seniority",
        "Level of open back-end jobs by title, field or text; whiskers are 95 % intervals.",
        _tell_seniority,
        _draw_seniority,
    ),
    Figure(
        "skills",
        "Skills",
        "Skills asked for",
        "Share of open back-end jobs that name a technology; whiskers are 95 % intervals.",
        _tell_skills,
        _draw_skills,
    ),
    Figure(
        "skills_change",
        "Skills",
        "Rising and falling",
        (
            "Shares four weeks apart (grey: before), for technologies whose log-odds moved by more than two "
            "standard deviations; among hundreds of technologies a few do so by chance."
        ),
        _tell_changes,
        lambda rows, frame: plots.dumbbells(_changes(rows), frame),
    ),
    Figure(
        "pay",
        "Pay",
        "Pay by role and level",
        (
            "US dollars a year, the middle of each job's range: line P10 to P90, bar P25 to P75, stroke the "
            "median. Converted at the reference rate of the ad's day; pay whose currency or period is unknown and a "
            "board's own "
            "guesses are left out. The cells with most jobs are drawn, 40 at most, on a narrow screen 20; the data "
            "hold all."
        ),
        _tell_pay,
        _draw_pay,
    ),
    Figure(
        "pay_share",
        "Pay",
        "Who says what they pay",
        "Open jobs of each role by where their pay is known from, in per cent; in brackets, the number of jobs.",
        _tell_pay_share,
        _draw_pay_share,
    ),
    Figure(
        "remote_modes",
        "Places",
        "Remote, hybrid, on site",
        (
            "Where the work is done, as the ad says, in per cent; the boards read are remote boards for the most "
            "part, so"
            " this is no picture of all jobs."
        ),
        _tell_modes,
        _draw_modes,
    ),
    Figure(
        "remote_regions",
        "Places",
        "Where remote people may live",
        (
            "Share of remote jobs that name a region, with its 95 % interval; a job may name several, so shares add "
            "up to more than 100 %."
        ),
        _tell_regions,
        _draw_regions,
    ),
    Figure(
        "companies",
        "Employers",
        "Who advertises",
        "Number of open unique jobs of the wider back-end by employer; agencies in amber.",
        _tell_companies,
        _draw_companies,
    ),
    Figure(
        "age",
        "Employers",
        "Age of open jobs",
        (
            "Days since a job was published, or first seen where no date is believed; bars count open jobs, "
            "unconfirmed ones stand beside them."
        ),
        _tell_age,
        _draw_age,
    ),
    Figure(
        "reposts",
        "Employers",
        "Reposts",
        (
            "Ads that joined an open job as a later copy, and the open jobs of the employer; red: employers with a "
            "job open for over 90 days "
            "and three copies. A hint that nobody is hired, not a verdict."
        ),
        _tell_reposts,
        _draw_reposts,
    ),
    Figure(
        "claim_check",
        "Documents against the market",
        "The skills of the job template",
        ("Share of open back-end jobs that name each skill, with its 95 % interval; dashed, one job in ten."),
        _tell_claims,
        _draw_claims,
    ),
    Figure(
        "overlap",
        "How the figures came about",
        "The same jobs on several sources",
        "Open jobs by the exact set of sources that carry them, dots saying which; the largest sets of two and more.",
        _tell_overlap,
        _draw_overlap,
    ),
    Figure(
        "loss",
        "How the figures came about",
        "From records to jobs",
        (
            "What is left after each step, and as what the rest was lost. Records are the ads kept and the "
            "rejections that still stand."
        ),
        _tell_loss,
        _draw_loss,
    ),
    Figure(
        "freshness",
        "How the figures came about",
        "Freshness",
        (
            "How reading each source ended, by UTC day: – partial, 0 empty, × failed, no cell: not tried. On a "
            "narrow screen the last ten days."
        ),
        _tell_freshness,
        _draw_freshness,
    ),
    Figure(
        "coverage",
        "How the figures came about",
        "Field coverage",
        (
            "Share of a source's ads, open or unconfirmed, that fill a field, in per cent. On a narrow screen the "
            "ten sources with most ads."
        ),
        _tell_coverage,
        plots.heat,
    ),
)
