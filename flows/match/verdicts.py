"""What people decided: pairs of ads that are the same job or are not, whatever the evidence says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Said = Literal["same", "different"]


class Verdicts(NamedTuple):
    """The verdicts, by pair of posting keys in ascending order."""

    pairs: dict[tuple[str, str], Said]
    named: frozenset[str]
    """Every posting that a verdict names."""

    @classmethod
    def of(cls, lines: Iterable[tuple[Said, str, str]]) -> Verdicts:
        """Verdicts from (said, posting key, posting key); the last line about a pair counts."""
        pairs = {(min(a, b), max(a, b)): said for said, a, b in lines}
        return cls(pairs, frozenset(key for pair in pairs for key in pair))

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def on(self, a: str, b: str) -> Said | None:
        """The verdict on two postings, or None."""
        return self.pairs.get((min(a, b), max(a, b))) if self.pairs else None


NO_VERDICTS = Verdicts({}, frozenset())
