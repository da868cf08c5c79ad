"""What is this job? Pure functions that judge a posting against the reference taxonomy, each with its evidence."""

from flows.classify.posting import classify

__all__ = ["classify"]
