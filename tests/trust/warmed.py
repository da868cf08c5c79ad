"""Imported by the process that killed runs are forked from, never by a test: whoever is forked has nothing to load."""

from __future__ import annotations

from tests.flows.warm import warm_up
from tests.trust import runs

__all__ = ["runs"]

warm_up()
