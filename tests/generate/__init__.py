"""Invented postings whose truth is known."""

from tests.generate.postings import Made, market

__all__ = ["Made", "market"]
