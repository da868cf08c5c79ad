"""What does it say? Pure functions that turn what a site said into what is believed; nothing is guessed."""

from flows.clean.posting import clean

__all__ = ["clean"]
