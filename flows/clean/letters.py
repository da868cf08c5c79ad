"""Letters that Unicode takes for letters of their own, as those without a keyboard for them write them."""

from __future__ import annotations

# NFD and NFKD take the marks off all others
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
"""For lower-case text whose marks were taken off: 'ø' with an accent is one of these only then."""
