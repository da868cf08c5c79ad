"""From rows to plots. Each function takes what it draws and a frame: the same plot is drawn wide and narrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import altair as alt

from flows.report.market.ink import ink, roomy
from flows.report.market.label import distinct, plain

Row = dict[str, Any]


class Frame(NamedTuple):
    """How wide a plot may be, in CSS pixels, and whether that is a large screen."""

    width: int
    wide: bool


WIDE, NARROW = Frame(860, True), Frame(318, False)
TEXT = 12
"""Size of words in a plot, in CSS pixels as the page shows them."""
_LETTER = 7.0
"""CSS pixels that a letter of a plot takes, in a wide font."""
_PADDING = {"left": 12, "right": 4, "top": 4, "bottom": 4}
"""Room on the left for a label that the page's font makes wider than Vega thinks."""
_DOLLARS = "datum.value ? '$' + datum.value / 1000 + 'k' : '$0'"
_UNSIGNED = "format(abs(datum.value), '~s')"
_SOURCES_NARROW = 10
"""Sources that the heat map has room for on a narrow screen."""


class Bar(NamedTuple):
    """One bar: its name, its length, what stands beside it; where the figure has one, its 95 % interval."""

    label: str
    value: float
    said: str
    low: float | None = None
    high: float | None = None
    color: str = "teal"


class Part(NamedTuple):
    """One part of a bar that adds up to a whole."""

    label: str
    kind: str
    share: float


class Box(NamedTuple):
    """Five quantiles of one group."""

    label: str
    panel: str
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float


def bars(given: Sequence[Bar], frame: Frame, *, title: str = "", percent: bool = False) -> Any:
    """Horizontal bars in the given order, each with its figure in words; intervals as whiskers."""
    names = distinct(plain(bar.label, 44 if frame.wide else 26) for bar in given)
    rows = [bar._asdict() | {"label": name} for bar, name in zip(given, names, strict=True)]
    base = _chart(rows).encode(
        y=alt.Y("label:N", sort=None, title=None, scale=alt.Scale(paddingInner=0.28, paddingOuter=0.2)),
    )
    x = alt.X(
        "value:Q",
        title=title or None,
        scale=alt.Scale(domain=[0, _reach(given, names, frame)], nice=False),
        axis=alt.Axis(format="%" if percent else "~s", tickCount=4, grid=True) if title else None,
    )
    layers = [
        base.mark_bar(cornerRadiusEnd=2, opacity=0.88).encode(
            x=x, color=alt.Color("color:N", scale=_colors(given), legend=None)
        )
    ]
    end = "value:Q"
    if any(bar.low is not None for bar in given):
        layers.append(base.mark_rule(strokeWidth=1.5, color=ink("ink")).encode(x="low:Q", x2="high:Q"))
        end = "high:Q"
    words = base.mark_text(align="left", dx=6, color=ink("soft"), fontSize=roomy(TEXT)).encode(x=end, text="said:N")
    return _framed(alt.layer(*layers, words), frame, step=24)


def _reach(given: Sequence[Bar], names: Sequence[str], frame: Frame) -> float:
    """Where the axis of bars ends: each bar with the words behind it has room."""
    across = max(frame.width - _LETTER * max(map(len, names), default=0) - 20, frame.width / 2)
    ends = [(bar.high or bar.value) / (1 - min((_LETTER * len(bar.said) + 12) / across, 0.7)) for bar in given]
    return max([*ends, 0.0]) or 1.0


def shares(given: Sequence[Part], kinds: dict[str, str], frame: Frame) -> Any:
    """Bars that add up to 100 %; ``kinds`` maps each kind to its colour, in the order of drawing."""
    order = {kind: index for index, kind in enumerate(kinds)}
    rows = [
        {"label": plain(p.label, 60), "kind": p.kind, "share": p.share, "order": order[p.kind]}
        | {"said": f"{p.share * 100:.0f}" if p.share >= (0.05 if frame.wide else 0.12) else ""}
        for p in given
    ]
    scale = alt.Scale(domain=list(kinds), range=[ink(color) for color in kinds.values()])
    base = _chart(rows).encode(
        y=alt.Y("label:N", sort=None, title=None, scale=alt.Scale(paddingInner=0.28), axis=_two_lines(frame)),
        x=alt.X(
            "share:Q", stack="zero", axis=alt.Axis(format="%", tickCount=5), title=None, scale=alt.Scale(domain=[0, 1])
        ),
        order="order:Q",
    )
    drawn = base.mark_bar().encode(color=alt.Color("kind:N", scale=scale, legend=_legend(frame, 1), title=None))
    words = base.mark_text(color=ink("card"), fontSize=roomy(11), fontWeight="bold").encode(
        x=alt.X("share:Q", stack="zero", bandPosition=0.5), text="said:N", detail="kind:N"
    )
    return _framed(drawn + words, frame, step=26 if frame.wide else 34)


def trend(rows: Sequence[Row], frame: Frame) -> Any:
    """Open jobs as lines; below them what came and what went. Days without a run are shaded, changes marked."""
    width = frame.width - 62
    lines = [
        {"day": row["day"], "scope": scope, "jobs": row[column]}
        for row in rows
        for scope, column in (("back-end", "backend_open"), ("wider back-end", "wider_open"))
    ]
    flow = [{"day": r["day"], "way": "new", "jobs": r["backend_new"]} for r in rows]
    flow += [{"day": r["day"], "way": "closed", "jobs": -r["backend_closed"]} for r in rows]
    x = alt.X(
        "day:T", title=None, scale=alt.Scale(type="utc"), axis=alt.Axis(format="%d %b", labelOverlap=True, tickCount=6)
    )
    colors = alt.Scale(domain=["back-end", "wider back-end"], range=[ink("teal"), ink("blue")])
    above = (
        _chart(lines)
        .mark_line(strokeWidth=2.2, point=alt.OverlayMarkDef(size=18))
        .encode(
            x=x,
            y=alt.Y(
                "jobs:Q", title="open jobs", axis=alt.Axis(minExtent=34, maxExtent=34, tickCount=5, labelExpr=_UNSIGNED)
            ),
            color=alt.Color("scope:N", scale=colors, title=None, legend=_legend(frame)),
        )
    )
    ways = alt.Scale(domain=["new", "closed"], range=[ink("leaf"), ink("rose")])
    below = (
        _chart(flow)
        .mark_bar(width=max(2.0, min(14.0, width / max(_span(rows), 1) * 0.7)))
        .encode(
            x=x,
            # what went is drawn downwards; its number is not negative
            y=alt.Y(
                "jobs:Q", title="a day", axis=alt.Axis(minExtent=34, maxExtent=34, tickCount=4, labelExpr=_UNSIGNED)
            ),
            color=alt.Color("way:N", scale=ways, title=None, legend=_legend(frame)),
        )
        .properties(width=width, height=90)
    )
    layers = [*_gaps(rows), above, *_marks(rows)]
    upper = alt.layer(*layers).properties(width=width, height=240 if frame.wide else 190)
    return _dressed(alt.vconcat(upper, below, spacing=14).resolve_scale(color="independent", x="shared"))


def boxes(given: Sequence[Box], frame: Frame, colors: dict[str, str]) -> Any:
    """P10 to P90 as a thin line, P25 to P75 as a bar, the median as a stroke; one panel a source of the figure."""
    panels = []
    most = max(box.p90 for box in given)
    for panel, color in colors.items():
        rows = [b._asdict() | {"label": plain(b.label, 60)} for b in given if b.panel == panel]
        if not rows:
            continue
        base = _chart(rows).encode(y=alt.Y("label:N", sort=None, title=None, axis=_wide_labels(frame)))
        scale = alt.Scale(domain=[0, most * 1.05], nice=False)
        money = alt.Axis(labelExpr=_DOLLARS, tickCount=6 if frame.wide else 2)
        thin = base.mark_rule(color=ink(color), strokeWidth=1.5).encode(
            x=alt.X("p10:Q", scale=scale, axis=money, title="US dollars a year"), x2="p90:Q"
        )
        thick = base.mark_bar(color=ink(color), size=12, opacity=0.55).encode(x="p25:Q", x2="p75:Q")
        stroke = base.mark_tick(color=ink("ink"), thickness=2.5, size=16).encode(x="p50:Q")
        left = 274 if frame.wide else 170
        panels.append(
            (thin + thick + stroke).properties(
                title=alt.Title(panel, anchor="start", fontSize=roomy(13), color=ink("ink"), fontWeight="bold"),
                width=frame.width - left - 14,
                height=alt.Step(26 if frame.wide else 36),
            )
        )
    return _dressed(alt.vconcat(*panels, spacing=26))


def dumbbells(given: Sequence[Row], frame: Frame) -> Any:
    """Two shares of one name, joined: ``label, before, after, way`` (rising or falling)."""
    rows = [row | {"label": plain(row["label"], 40 if frame.wide else 18)} for row in given]
    ways = alt.Scale(domain=["rising", "falling"], range=[ink("leaf"), ink("rose")])
    base = _chart(rows).encode(y=alt.Y("label:N", sort=None, title=None))
    color = alt.Color("way:N", scale=ways, title=None, legend=_legend(frame))
    x = alt.X("before:Q", title="share of open back-end jobs", axis=alt.Axis(format="%", tickCount=5))
    line = base.mark_rule(strokeWidth=2).encode(x=x, x2="after:Q", color=color)
    was = base.mark_circle(size=46, color=ink("grey"), opacity=1).encode(x="before:Q")
    now = base.mark_circle(size=80, opacity=1).encode(x="after:Q", color=color)
    return _framed(line + was + now, frame, step=24)


def intervals(given: Sequence[Row], frame: Frame, *, line: float, colors: dict[str, str]) -> Any:
    """Shares with their intervals against one line: ``label, share, low, high, verdict``."""
    rows = [row | {"label": plain(row["label"], 40 if frame.wide else 18)} for row in given]
    base = _chart(rows).encode(y=alt.Y("label:N", sort=None, title=None))
    scale = alt.Scale(domain=list(colors), range=[ink(color) for color in colors.values()])
    color = alt.Color("verdict:N", scale=scale, title=None, legend=_legend(frame))
    x = alt.X("low:Q", title="share of open back-end jobs", axis=alt.Axis(format="%", tickCount=5))
    span = base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=x, x2="high:Q", color=color)
    point = base.mark_circle(size=80, opacity=1).encode(x="share:Q", color=color)
    bound = _chart([{"line": line}]).mark_rule(strokeDash=[4, 4], color=ink("soft")).encode(x="line:Q")
    return _framed(bound + span + point, frame, step=24)


def upset(sets: Sequence[tuple[tuple[str, ...], int]], frame: Frame) -> Any:
    """Which sources carry the same jobs (Lex et al. 2014): a bar a combination, dots below it say of what."""
    sets = _readable(sets, *((24, 16) if frame.wide else (7, 9)))
    totals: dict[str, int] = {}
    for names, jobs in sets:
        for name in names:
            totals[name] = totals.get(name, 0) + jobs
    order = sorted(totals, key=lambda name: (-totals[name], name))
    # one domain for dots and links: two sorts of one axis would be dropped
    rows = alt.Scale(domain=[plain(name, 24) for name in order])
    tops = [{"set": i, "jobs": jobs} for i, (_, jobs) in enumerate(sets)]
    dots = [
        {"set": i, "source": plain(name, 24), "in": name in names}
        for i, (names, _) in enumerate(sets)
        for name in order
    ]
    links = [
        {"set": i, "from": plain(min(names, key=order.index), 24), "to": plain(max(names, key=order.index), 24)}
        for i, (names, _) in enumerate(sets)
    ]
    width = min(frame.width - 130, 34 * len(sets) + 20)
    x = alt.X("set:O", axis=None)
    y = alt.Y(
        "source:N",
        sort=None,
        scale=rows,
        title=None,
        axis=alt.Axis(minExtent=110, maxExtent=110, grid=False, domain=False),
    )
    upper = _chart(tops).encode(
        x=x,
        y=alt.Y("jobs:Q", title="jobs", axis=alt.Axis(minExtent=110, maxExtent=110, tickCount=4, labelExpr=_UNSIGNED)),
    )
    top = (
        upper.mark_bar(color=ink("teal"))
        + upper.mark_text(dy=-7, color=ink("soft"), fontSize=roomy(11)).encode(text=alt.Text("jobs:Q", format=".3~s"))
    ).properties(width=width, height=150)
    dot = (
        _chart(dots)
        .mark_circle(size=90, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "in:N", scale=alt.Scale(domain=[False, True], range=[ink("line"), ink("teal")]), legend=None
            ),
        )
    )
    link = (
        _chart(links)
        .mark_rule(strokeWidth=2.5, color=ink("teal"))
        .encode(x=x, y=alt.Y("from:N", sort=None, scale=rows), y2="to:N")
    )
    return _dressed(
        alt.vconcat(top, (dot + link).properties(width=width, height=alt.Step(22)), spacing=6).resolve_scale(x="shared")
    )


def _readable(sets: Sequence[tuple[tuple[str, ...], int]], most: int, names: int) -> list[tuple[tuple[str, ...], int]]:
    """The largest combinations that fit: at most so many, of at most so many sources together."""
    shown: list[tuple[tuple[str, ...], int]] = []
    met: set[str] = set()
    for one in sets:
        if len(shown) < most and len(met | set(one[0])) <= names:
            shown.append(one)
            met |= set(one[0])
    return shown or list(sets[:1])


def heat(rows: Sequence[Row], frame: Frame) -> Any:
    """Source by field: the fuller, the stronger; the share stands in the cell. On a narrow screen the fields are the
    rows, and the sources with most ads the columns."""
    if not frame.wide:
        ads = {r["source"]: r["postings"] for r in rows}
        most = sorted(ads, key=lambda source: (-ads[source], source))[:_SOURCES_NARROW]
        rows = [r for r in rows if r["source"] in most]
    cells = [
        {"source": plain(r["source"], 24), "field": r["field"].replace("_", " "), "share": r["share"]}
        | {"said": f"{r['share'] * 100:.0f}"}
        for r in rows
    ]
    across, down = ("field:N", "source:N") if frame.wide else ("source:N", "field:N")
    top = alt.Axis(orient="top", labelAngle=-55 if frame.wide else -90, domain=False, ticks=False)
    base = _chart(cells).encode(
        x=alt.X(across, sort=None, title=None, axis=top),
        y=alt.Y(down, title=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    # never so strong that the words in it could not be read, on light paper or on dark
    strength = alt.FillOpacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.04, 0.5]), legend=None)
    fill = base.mark_rect(color=ink("teal"), stroke=ink("card"), strokeWidth=1.5).encode(fillOpacity=strength)
    words = base.mark_text(fontSize=roomy(10.5 if frame.wide else 8.5), color=ink("ink")).encode(text="said:N")
    return _framed(fill + words, frame, step=21)


def grid(rows: Sequence[Row], days: Sequence[str], kinds: dict[str, tuple[str, str]], frame: Frame) -> Any:
    """Source by day; ``kinds`` maps each outcome to its colour and to a sign that says it without colour."""
    shown = list(days)[-(30 if frame.wide else 10) :]
    cells = [
        row | {"source": plain(row["source"], 24), "sign": kinds[row["kind"]][1]} for row in rows if row["day"] in shown
    ]
    scale = alt.Scale(domain=list(kinds), range=[ink(color) for color, _ in kinds.values()])
    base = _chart(cells).encode(
        x=alt.X(
            "day:O",
            title=None,
            scale=alt.Scale(domain=shown),
            axis=alt.Axis(orient="top", labelAngle=-55, labelExpr="slice(datum.value, 5)", domain=False, ticks=False),
        ),
        y=alt.Y("source:N", title=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    fill = base.mark_rect(stroke=ink("card"), strokeWidth=1.5).encode(
        color=alt.Color("kind:N", scale=scale, title=None, legend=_legend(frame))
    )
    sign = base.mark_text(fontSize=roomy(11), fontWeight="bold", color=ink("card")).encode(text="sign:N")
    return _framed(fill + sign, frame, step=19)


# --- below: how ------------------------------------------------------------------------------------------------------


def _chart(rows: Sequence[Row]) -> Any:
    return alt.Chart(alt.InlineData(values=list(rows)))


def _framed(chart: Any, frame: Frame, *, step: int) -> Any:
    """One view that fills the frame's width, labels included; a row of ``step`` pixels."""
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    return _dressed(chart.properties(width=frame.width, height=alt.Step(step), autosize=fit), frame)


def _dressed(chart: Any, frame: Frame = WIDE) -> Any:
    return (
        chart.configure(background="transparent", aria=False, padding=_PADDING)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=ink("ink"), titleColor=ink("soft"), gridColor=ink("line"), domainColor=ink("line"),
            tickColor=ink("line"), labelFontSize=roomy(TEXT), titleFontSize=roomy(TEXT), titleFontWeight="normal", titlePadding=8, labelPadding=6,
        )
        .configure_axisY(labelLimit=300 if frame.wide else 176, grid=False, ticks=False, domain=False)
        .configure_axisQuantitative(grid=True)
        .configure_legend(labelColor=ink("ink"), labelFontSize=roomy(TEXT), symbolType="square")
        .configure_title(color=ink("ink"))
    )  # fmt: skip


def _two_lines(frame: Frame) -> Any:
    """Name and number, ``back-end (n 12)``: on two lines where there is no room for one."""
    if frame.wide:
        return alt.Axis()
    return alt.Axis(labelExpr="split(replace(datum.label, ' (', '|('), '|')", labelLimit=152)


def _legend(frame: Frame, columns: int = 2) -> Any:
    return alt.Legend(orient="top", direction="horizontal", columns=0 if frame.wide else columns, padding=0, offset=8)


def _wide_labels(frame: Frame) -> Any:
    if frame.wide:
        return alt.Axis(minExtent=262, maxExtent=262, labelLimit=256)
    # role and level on two lines
    return alt.Axis(minExtent=160, maxExtent=160, labelLimit=154, labelExpr="split(datum.label, ', ')")


def _colors(given: Sequence[Bar]) -> Any:
    used = sorted({bar.color for bar in given})
    return alt.Scale(domain=used, range=[ink(color) for color in used])


def _span(rows: Sequence[Row]) -> int:
    return (dt.date.fromisoformat(rows[-1]["day"]) - dt.date.fromisoformat(rows[0]["day"])).days + 1


def _gaps(rows: Sequence[Row]) -> list[Any]:
    """Stretches without a run, longer than twice the usual distance between two runs."""
    days = [dt.date.fromisoformat(row["day"]) for row in rows]
    usual = median((two - one).days for one, two in pairwise(days))
    empty = [{"from": str(one), "to": str(two)} for one, two in pairwise(days) if (two - one).days > 2 * usual]
    if not empty:
        return []
    mark = _chart(empty).mark_rect(color=ink("line"), opacity=0.6)
    return [mark.encode(x=alt.X("from:T", scale=alt.Scale(type="utc")), x2="to:T")]


def _marks(rows: Sequence[Row]) -> list[Any]:
    """Days on which the number of sources or the taxonomy changed: what moves there may be ours, not the market's."""
    changed = [
        {"day": two["day"]}
        for one, two in pairwise(rows)
        if one["sources"] != two["sources"] or one["taxonomy_version"] != two["taxonomy_version"]
    ]
    if not changed:
        return []
    mark = _chart(changed).mark_rule(strokeDash=[3, 3], color=ink("amber"))
    return [mark.encode(x=alt.X("day:T", scale=alt.Scale(type="utc")))]
