"""The lookup of what people decided."""

from __future__ import annotations

from pathlib import Path

import pytest

import config.lookups
from config.load import ConfigError
from config.lookups import verdicts

HEAD = "# remark\nverdict,a,b,by,on,why\n"
A, B = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "lookups").mkdir()
    monkeypatch.setattr(config.lookups, "folder", lambda: tmp_path)
    verdicts.cache_clear()
    yield tmp_path / "lookups" / "verdicts.csv"  # type: ignore[misc]
    verdicts.cache_clear()


def test_the_packaged_table_is_readable() -> None:
    verdicts.cache_clear()
    assert all(one.said in ("same", "different") for one in verdicts())


def test_lines_are_read_in_order(table: Path) -> None:
    table.write_text(f"{HEAD}same,{A},{B},ana,2026-03-02,one opening\nDifferent,{B},{A},ana,2026-03-03,no\n")
    assert [(one.said, one.a, one.b) for one in verdicts()] == [("same", A, B), ("different", B, A)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f"perhaps,{A},{B},ana,,", "line 3: verdict is"),
        (f"same,{A},boarda:77,ana,,", "no posting key"),
        (f"same,{A},{A},ana,,", "against itself"),
        (f"same,{A}", "not as many columns"),
    ],
)
def test_a_line_that_cannot_be_believed_names_place_and_remedy(table: Path, line: str, says: str) -> None:
    table.write_text(f"{HEAD}{line}\n")
    with pytest.raises(ConfigError, match=says):
        verdicts()
