"""Pay made comparable: one table of hours and months a year, and the European Central Bank's rates.

The rates are those of the CurrencyConverter package, whose file ships with it, so the same posting has the same
figure on every machine and on every day. Some currencies have no ECB rate: their pay has no yearly USD.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from typing import Any, NamedTuple

from storage.models import Period

A_YEAR: dict[Period, float] = {"hour": 2080.0, "day": 260.0, "week": 52.0, "month": 12.0, "year": 1.0}
"""How often a period is paid in a full-time year: 52 weeks of 5 days of 8 hours (US OPM: 2,087; usual: 2,080)."""


class Rate(NamedTuple):
    """What one unit of a currency was worth in USD, and on which day."""

    usd: float
    day: dt.date


class Yearly(NamedTuple):
    """Pay as USD a year."""

    least: float | None
    most: float | None
    day: dt.date


@functools.cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter

    return CurrencyConverter()


OLDEST_RATE = 10
"""Days; longer without a rate than holidays explain, so the currency is not quoted then."""


@functools.lru_cache(maxsize=4096)
def rate(currency: str, day: dt.date) -> Rate | None:
    """The USD rate of ``currency`` on ``day``, or on the nearest earlier day that has one.

    Days after the end of the package's file get its last day. None where the ECB does not quote the currency.
    """
    if currency == "USD":
        return Rate(1.0, day)
    from currency_converter import RateNotFoundError

    converter = _converter()
    if currency not in converter.currencies:
        return None
    day = min(day, converter.bounds["USD"].last_date)
    for earlier in range(OLDEST_RATE + 1):
        tried = day - dt.timedelta(days=earlier)
        try:
            return Rate(converter.convert(1, currency, "USD", date=tried), tried)
        except (RateNotFoundError, ValueError):
            continue
    return None


def yearly_usd(
    least: float | None, most: float | None, currency: str | None, period: Period | None, day: dt.date
) -> Yearly | None:
    """Pay as USD a year at the rate of ``day``, in whole dollars; None where currency or period is unknown."""
    if currency is None or period is None or (least is None and most is None):
        return None
    found = rate(currency, day)
    if found is None:
        return None
    times = A_YEAR[period] * found.usd
    return Yearly(_dollars(least, times), _dollars(most, times), found.day)


def _dollars(amount: float | None, times: float) -> float | None:
    if amount is None or not math.isfinite(amount * times):
        return None
    return float(round(amount * times))
