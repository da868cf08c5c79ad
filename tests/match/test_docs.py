"""The page for people says the weights that the code uses."""

from __future__ import annotations

import re
from pathlib import Path

from flows.match import WEIGHTS

PAGE = Path(__file__).parents[2] / "docs" / "how-we-match.md"


def test_the_page_states_every_weight() -> None:
    rows = re.findall(r"\| ([a-z][a-z, ]{3,40}) \| (-?\d{1,2}) ", PAGE.read_text(encoding="utf-8"))
    assert {name: float(bits) for name, bits in rows} == WEIGHTS
