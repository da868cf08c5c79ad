"""F-11: no secret in logs, artifacts, run parameters, --json, tracebacks or files."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from config.load import cards
from tests.demos import CANARY, Demo
from tests.flows.rolecall import rolecall


def test_f11_keys_of_boards_leave_no_trace(prefect_demo: Demo) -> None:
    """With keys of every source that needs one, through Prefect: nothing on disk or on the terminal holds them."""
    data, said = prefect_demo
    keyed = {card.source for card in cards().values() if card.needs}
    assert keyed
    assert keyed <= {report["source"] for report in said.json["boards"]}
    assert CANARY not in said.out + said.err
    assert (data / "prefect" / "prefect.db").is_file()
    holding = [p.relative_to(data) for p in data.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]
    assert holding == []


@pytest.mark.parametrize("trace", ["", "1"])
def test_f11_a_databases_password_is_never_printed(tmp_path: Path, trace: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    url = f"postgresql://someone:{CANARY}@127.0.0.1:{port}/rolecall"
    extra = {"ROLECALL_TRACE": trace}
    for arguments in (["ingest", "--from", __file__, "--plain"], ["doctor", "--json"]):
        by_option = rolecall(*arguments, "--database", url, data=tmp_path, extra=extra)
        by_environment = rolecall(*arguments, data=tmp_path, extra={**extra, "ROLECALL_DATABASE": url})
        for said in (by_option, by_environment):
            assert said.code == 3
            assert CANARY not in said.out + said.err
