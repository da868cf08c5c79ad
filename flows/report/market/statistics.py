"""Intervals and changes of shares, from textbooks, in plain arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

Z = 1.959964
"""The standard normal's 97.5 % quantile: two-sided intervals of 95 %."""
MANY = 2000
"""Values from which the normal approximation says the same as a bootstrap, in a thousandth of the time."""


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson (1927), 0 to 1; the whole range where n is 0."""
    if n <= 0:
        return (0.0, 1.0)
    share = hits / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    # a share of none or all is its own bound; rounding must not say otherwise
    return (max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of a median by order statistics (binomial, normal approximation); needs one value at least."""
    ordered = sorted(values)
    n = len(ordered)
    half = Z * math.sqrt(n) / 2
    low = max(0, math.floor(n / 2 - half) - 1)
    high = min(n - 1, math.ceil(n / 2 + half))
    return (float(ordered[low]), float(ordered[high]))


def mean_interval(values: Sequence[float], *, draws: int = 1000) -> tuple[float, float]:
    """The 95 % interval of a mean by bootstrap percentiles; always the same for the same values in the same order.

    Of MANY values and more by the normal approximation.
    """
    chance = np.random.default_rng(1)
    given = np.asarray(values, dtype=float)
    if given.size >= MANY:
        half = Z * float(given.std(ddof=1)) / math.sqrt(given.size)
        return (float(given.mean()) - half, float(given.mean()) + half)
    means = [float(chance.choice(given, given.size).mean()) for _ in range(draws)]
    return (float(np.percentile(means, 2.5)), float(np.percentile(means, 97.5)))


def ratio_interval(some: Sequence[float], others: Sequence[float], *, draws: int = 1000) -> tuple[float, float]:
    """The 95 % interval of median(some) / median(others), all positive, by bootstrap percentiles; deterministic.

    Where both are MANY and more, from the intervals of both medians on the logarithmic scale.
    """
    if min(len(some), len(others)) >= MANY:
        middle = math.log(float(np.median(some)) / float(np.median(others)))
        spans = (math.log(high / low) / 2 for low, high in map(median_interval, (some, others)))
        half = math.hypot(*spans)
        return (math.exp(middle - half), math.exp(middle + half))
    chance = np.random.default_rng(1)
    one, two = np.asarray(some, dtype=float), np.asarray(others, dtype=float)
    ratios = [
        float(np.median(chance.choice(one, one.size)) / np.median(chance.choice(two, two.size))) for _ in range(draws)
    ]
    return (float(np.percentile(ratios, 2.5)), float(np.percentile(ratios, 97.5)))


def change_score(hits_before: int, n_before: int, hits_after: int, n_after: int) -> float:
    """How surely a share rose (positive) or fell, in standard deviations: the log-odds difference with half a hit and
    half a miss added on both sides (Haldane 1956), so that rare words need more evidence."""

    def odds(hits: int, n: int) -> tuple[float, float]:
        yes, no = hits + 0.5, n - hits + 0.5
        return math.log(yes / no), 1 / yes + 1 / no

    (before, spread_before), (after, spread_after) = odds(hits_before, n_before), odds(hits_after, n_after)
    return (after - before) / math.sqrt(spread_before + spread_after)
