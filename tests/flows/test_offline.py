"""Offline, a crawl of real boards reaches nobody: every board says so, and nothing is believed of any."""

from __future__ import annotations

from pathlib import Path

from tests.flows.rolecall import rolecall


def test_a_crawl_offline_asks_nobody(tmp_path: Path) -> None:
    said = rolecall("ingest", "remotive", "--plain", "--json", data=tmp_path)
    assert said.code == 5, said.out + said.err
    (board,) = said.json["boards"]
    assert board["state"] == "failed"
    assert "offline (ROLECALL_OFFLINE)" in board["because"]
