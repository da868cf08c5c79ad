"""Pay as stated and as believed."""

from __future__ import annotations

from typing import NamedTuple

from storage.models import Period, SalarySource


class Pay(NamedTuple):
    least: float | None = None
    most: float | None = None
    currency: str | None = None
    period: Period | None = None
    source: SalarySource | None = None
    inferred: tuple[str, ...] = ()
    raw: str | None = None
    doubts: tuple[str, ...] = ()


NOTHING = Pay()


def pay(**_: object) -> Pay:
    return NOTHING
