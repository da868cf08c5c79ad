"""``rolecall schedule`` for real: a server of its own, a run through it, a stop that pauses nothing."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.deploy import groups
from tests.flows.rolecall import environment

pytestmark = pytest.mark.long


def asked(url: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def until(said: Callable[[], Any], seconds: float = 180) -> Any:
    """The first answer that is not empty."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := said():
                return found
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    raise AssertionError("it did not come")


def test_schedule(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "flows.cli", "schedule", "--port", str(port)]
    service = subprocess.Popen(command, env=environment(tmp_path), start_new_session=True)
    try:
        every = len(groups())
        there = until(lambda: len(d := asked(f"{api}/deployments/filter", {})) == every and d)
        order = {"parameters": {"demo": True}, "enforce_parameter_schema": False}
        run = asked(f"{api}/deployments/{there[0]['id']}/create_flow_run", order)
        ended = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        done = until(lambda: (r := asked(f"{api}/flow_runs/{run['id']}"))["state"]["type"] in ended and r)
        assert done["state"]["type"] == "COMPLETED", done["state"]["message"]
        service.send_signal(signal.SIGTERM)
        assert service.wait(60) == 0
    finally:
        service.kill()
    with pytest.raises(urllib.error.URLError):
        asked(f"{api}/health")
    # the runs of a service use its database; the demo's own database is for the command line
    rows = sqlite3.connect(tmp_path / "rolecall.db").execute("select count(*) from posting").fetchone()
    assert rows[0] > 0
    prefect = sqlite3.connect(tmp_path / "prefect" / "prefect.db")
    assert prefect.execute("select sum(paused) from deployment").fetchone() == (0,)
    assert prefect.execute("select min(active) from deployment_schedule").fetchone() == (1,)
