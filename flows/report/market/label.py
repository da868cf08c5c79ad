"""Words from boards, fit to stand in a plot or a table."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

_LOOKED_AT = 400
"""Characters of a text that are looked at; a board may have put a megabyte into a name."""


def plain(said: str | None, length: int = 48) -> str:
    """One line without control, direction and invisible characters, at most ``length`` characters long."""
    kept = (c if c.isprintable() and unicodedata.category(c)[0] != "C" else " " for c in (said or "")[:_LOOKED_AT])
    text = " ".join("".join(kept).split())
    if len(text) > length or len(said or "") > _LOOKED_AT:
        text = f"{text[: length - 1].rstrip()}…"
    return text or "(no name)"


def printable(said: str, length: int = 400) -> str:
    """A sentence without control and direction characters, cut at ``length``; its spaces stay as they are."""
    kept = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in said[: length + 1])
    return kept if len(kept) <= length else f"{kept[: length - 1].rstrip()}…"


def distinct(labels: Iterable[str]) -> list[str]:
    """The same labels, told apart: what occurs again is numbered, since a plot would lay equal names on each other."""
    seen: Counter[str] = Counter()
    told = []
    for label in labels:
        seen[label] += 1
        told.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return told


def safe_url(said: str | None) -> str:
    """An http(s) address, or nothing: ``javascript:`` and its like never become links."""
    try:
        parts = urlsplit((said or "").strip())
    except ValueError:
        return ""
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else ""


def count(n: float) -> str:
    """A number with thin thousands: 12 345."""
    return f"{n:,.0f}".replace(",", "\u202f")


def percent(share: float) -> str:
    """A share (0 to 1) in whole per cent; what is neither none nor all never reads as 0 % or 100 %."""
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 < share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"


def several(n: float, said: str) -> str:
    """A number of things: ``12 345 open jobs``, ``1 open job`` for ``open job{s}``."""
    return f"{count(n)} {said.replace('{s}', '' if n == 1 else 's')}"


def unbroken(said: str) -> str:
    """A sentence whose per cent signs stay with their numbers at the end of a line."""
    return said.replace(" %", "\u00a0%")


def usd(amount: float) -> str:
    """An amount in thousands of US dollars: $ 120k."""
    return f"${amount / 1000:,.0f}k"
