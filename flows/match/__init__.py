"""Matching: which ads are one job. Pure: ads in, jobs and reasons out."""

from flows.match.ad import AD_COLUMNS, Ad
from flows.match.best import FACT_COLUMNS, best
from flows.match.changes import Assignment, Before, Changes, Event, closure, events, rematch
from flows.match.cluster import Cluster, Link, clusters, partition
from flows.match.compare import JOIN, WEIGHTS, Comparison, compare
from flows.match.explain import Explanation, explain
from flows.match.keys import block_keys, touched_keys
from flows.match.sketch import signature
from flows.match.verdicts import NO_VERDICTS, Verdicts

__all__ = [
    "AD_COLUMNS",
    "FACT_COLUMNS",
    "JOIN",
    "NO_VERDICTS",
    "WEIGHTS",
    "Ad",
    "Assignment",
    "Before",
    "Changes",
    "Cluster",
    "Comparison",
    "Event",
    "Explanation",
    "Link",
    "Verdicts",
    "best",
    "block_keys",
    "closure",
    "clusters",
    "compare",
    "events",
    "explain",
    "partition",
    "rematch",
    "signature",
    "touched_keys",
]
