"""Where a spider may go, as a rule on addresses alone: what plans addresses asks it as well as what sends requests."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit


def objection(url: str, domains: Iterable[str]) -> str:
    """Why an address is out of bounds: its scheme or its host. Empty if it is not; no domains: any host."""
    try:
        split = urlsplit(url)
        host = (split.hostname or "").lower().rstrip(".")
    except ValueError:
        return "an address that cannot be read"
    if split.scheme not in {"http", "https"}:
        return f"scheme {split.scheme[:20]}:"
    named = [domain.lower() for domain in domains]
    if named and not any(host == domain or host.endswith(f".{domain}") for domain in named):
        return f"host {host[:100]} is not on the card"
    return ""
