"""Colours by name: a plot is drawn once and takes the page's light or dark colours from CSS variables.

Vega wants real colours, so each name has a stand-in that occurs nowhere else; the finished SVG is read again and every
stand-in becomes ``var(--name)``. What an SVG may hold is listed here; anything else is dropped.
"""

from __future__ import annotations

import re
from typing import Any

import vl_convert
from lxml import etree
from markupsafe import Markup

NAMES = ("ink", "soft", "line", "card", "teal", "amber", "blue", "rose", "grey", "leaf")
_STAND_IN = {name: f"#0{index:x}f1e7" for index, name in enumerate(NAMES, start=1)}
_NAME = {color: name for name, color in _STAND_IN.items()}

_ELEMENTS = {"svg", "g", "path", "line", "rect", "circle", "text", "tspan", "defs", "clipPath"}
_ATTRIBUTES = {
    "width", "height", "viewBox", "fill", "stroke", "stroke-width", "stroke-miterlimit", "stroke-dasharray",
    "stroke-linecap", "stroke-linejoin", "stroke-opacity", "fill-opacity", "opacity", "transform", "d", "x", "y", "x1",
    "x2", "y1", "y2", "cx", "cy", "r", "text-anchor", "font-size", "font-weight", "font-style", "clip-path", "id",
    "display", "dx", "dy",
}  # fmt: skip
_CLIPPED = re.compile(r"url\(#(\w{1,40})\)")
_SVG = "http://www.w3.org/2000/svg"


ROOM = 1.13
"""Fonts differ: words are laid out so much larger than they are shown that a wider font than Vega's has room too."""


def roomy(size: float) -> float:
    """The size to give Vega for words that the page shows at ``size`` CSS pixels."""
    return round(size * ROOM, 2)


def ink(name: str) -> str:
    """The stand-in of a colour of the page. Raises KeyError for a name the page does not have."""
    return _STAND_IN[name]


def draw(chart: Any, *, key: str, label: str) -> Markup:
    """A chart as inline SVG with the page's colours; ``key`` keeps its ids apart from those of other plots.

    Raises ValueError where Vega cannot draw the chart.
    """
    root = etree.fromstring(
        vl_convert.vegalite_to_svg(chart.to_dict(validate=False)).encode(),
        etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True),
    )
    _keep_known(root, key)
    width, height = root.get("width"), root.get("height")
    root.set("viewBox", f"0 0 {width} {height}")
    root.set("role", "img")
    root.set("aria-label", label)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - every element and attribute was checked


def _keep_known(root: Any, key: str) -> None:
    # Vega numbers its clips over the life of the process: numbered anew, the same plot is always the same text
    numbers = {clip.get("id"): f"{key}-{number}" for number, clip in enumerate(root.iter(f"{{{_SVG}}}clipPath"))}
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or etree.QName(element).localname not in _ELEMENTS:
            if (parent := element.getparent()) is not None:
                parent.remove(element)
            continue
        for name, value in list(element.attrib.items()):
            if name not in _ATTRIBUTES:
                del element.attrib[name]
            elif name == "id":
                element.set(name, numbers.get(value, f"{key}-{value}"))
            elif name == "clip-path":
                element.set(name, _CLIPPED.sub(lambda clip: f"url(#{numbers.get(clip[1], '')})", value))
            elif name == "font-size":
                element.set(name, f"{float(value.removesuffix('px')) / ROOM:.1f}")
            elif value in _NAME:
                element.set(name, f"var(--{_NAME[value]})")
    _drop_empty(root)


def _drop_empty(root: Any) -> None:
    """Vega leaves invisible paths behind, a third of the file."""
    for element in list(root.iter(f"{{{_SVG}}}path")):
        if element.get("d", "") in ("", "M0,0h0v0h0Z") or element.get("display") == "none":
            element.getparent().remove(element)
    for element in list(root.iter(f"{{{_SVG}}}text", f"{{{_SVG}}}line")):
        if element.get("opacity") == "0":
            element.getparent().remove(element)
    etree.cleanup_namespaces(root)
