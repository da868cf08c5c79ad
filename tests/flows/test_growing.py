"""Several machines for real: Prefect's server and our store on PostgreSQL, a work pool, two workers, one of them killed.

Run by hand, with ``-m long``; what it came to stands in ``docs/run-it.md``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from storage.engine import parse_url
from tests.flows.rolecall import environment, rolecall
from tests.flows.test_deploy import free_port
from tests.flows.test_schedule import asked, until

pytestmark = [pytest.mark.long, pytest.mark.postgresql]

ROOT = Path(__file__).parents[2]
GROUPS = {
    "one": ["remoteok", "remotive", "jobicy", "arbeitnow"],
    "two": ["greenhouse", "himalayas", "workingnomads"],
    "three": ["lever", "weworkremotely", "hackernews"],
    # what another group names too is ingested once at a time, by the lease of its source
    "four": ["ashby", "personio", "recruitee", "remotive"],
}
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
ROWS = "SELECT source, board, external_id, state, believed_hash, job_id FROM posting JOIN sighting USING (posting_key)"

DEPLOY = """
import json, sys
from flows.deploy import POOL, _ensure_pool
from prefect.client.orchestration import get_client
from prefect.types.entrypoint import EntrypointType
from tests.flows.held import ingest_flow

with get_client(sync_client=True) as client:
    _ensure_pool(client, POOL)
for name, sources in json.loads(sys.argv[1]).items():
    made = ingest_flow.to_deployment(
        name=name, parameters={"sources": sources, "demo": True}, concurrency_limit=1, work_pool_name=POOL,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    made.entrypoint = "tests.flows.held.ingest_flow"
    made.apply()
"""


@pytest.fixture
def prefect_database() -> Iterator[str]:
    """Prefect's own database, on this machine's PostgreSQL: Prefect needs pg_trgm, which the tests' own one lacks."""
    programs = [shutil.which(name) for name in ("initdb", "pg_ctl", "pg_config")]
    if not all(programs):
        pytest.skip("no PostgreSQL on this machine's PATH")
    initdb, pg_ctl, pg_config = map(str, programs)
    # PostgreSQL refuses to run as root
    owner = "postgres" if os.geteuid() == 0 else None
    folder, port = Path(tempfile.mkdtemp(prefix="rolecall-prefect-")), free_port()
    if owner:
        shutil.chown(folder, owner)

    def call(*command: str) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, user=owner, cwd=folder, timeout=60, check=True, **quiet)  # type: ignore[call-overload]

    shared = subprocess.check_output([pg_config, "--sharedir"], text=True).strip()
    if not (Path(shared) / "extension" / "pg_trgm.control").exists():
        pytest.skip("this machine's PostgreSQL lacks pg_trgm (its contrib package)")
    data = str(folder / "data")
    call(initdb, "-D", data, "-U", "prefect", "--auth=trust", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    call(pg_ctl, "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
    try:
        yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
    finally:
        call(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


class Service:
    """A process of its own with its log; killed at the end, whatever it started included."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], folder: Path) -> None:
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "prefect", *command],
                env=env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Farm:
    """A server on PostgreSQL, the deployments, and workers by name; each worker is a machine with a folder of its own."""

    def __init__(self, folder: Path, store: str, prefect: str) -> None:
        self.folder, self.store = folder, create_engine(parse_url(store))
        port = free_port()
        self.api = f"http://127.0.0.1:{port}/api"
        self.env = environment(
            folder,
            {
                "ROLECALL_DATABASE": store,
                "ROLECALL_TEST_HELD": str(folder),
                "PREFECT_HOME": str(folder / "prefect"),
                "PREFECT_API_URL": self.api,
                "PREFECT_SERVER_DATABASE_CONNECTION_URL": prefect,
                "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                "DO_NOT_TRACK": "1",
            },
        )
        self.services = [Service("server", ["server", "start", "--port", str(port)], self.env, folder)]
        self.workers: dict[str, Service] = {}

    def deploy(self) -> dict[str, str]:
        """Pool and deployments; their ids by name."""
        until(lambda: asked(f"{self.api}/health"))
        command = [sys.executable, "-c", DEPLOY, json.dumps(GROUPS)]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return {one["name"]: one["id"] for one in asked(f"{self.api}/deployments/filter", {})}

    def work(self, name: str) -> None:
        """Start a worker that takes one run at a time."""
        env = self.env | {"ROLECALL_DATA": str(self.folder / name), "PREFECT_HOME": str(self.folder / name / "prefect")}
        command = ["worker", "start", "--pool", "rolecall", "--limit", "1", "--name", name]
        self.workers[name] = Service(name, command, env, self.folder)
        self.services.append(self.workers[name])

    def begin(self, deployment: str) -> str:
        """Ask for a run; its id."""
        return str(asked(f"{self.api}/deployments/{deployment}/create_flow_run", {})["id"])

    def state(self, run: str) -> str:
        return str(asked(f"{self.api}/flow_runs/{run}")["state"]["type"])

    def end(self, *runs: str) -> list[str]:
        """The states that these runs end in."""
        return [until(lambda run=run: (s := self.state(run)) in ENDED and s) for run in runs]  # type: ignore[misc]

    def worker_of(self, run: str) -> str:
        """Which worker took a run."""
        return next(name for name, worker in self.workers.items() if run in worker.said())

    def rows(self, query: str) -> list[Any]:
        with self.store.connect() as conn:
            return [tuple(row) for row in conn.execute(text(query))]

    def stop(self) -> None:
        for service in reversed(self.services):
            service.kill()
        self.store.dispose()


@pytest.fixture
def farm(tmp_path: Path, postgresql: str, prefect_database: str) -> Iterator[Farm]:
    made = Farm(tmp_path, postgresql, prefect_database)
    try:
        yield made
    finally:
        (tmp_path / "hold").unlink(missing_ok=True)
        made.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="kills process groups")
def test_two_workers_one_killed_no_row_twice_and_none_lost(farm: Farm, tmp_path: Path) -> None:
    ids = farm.deploy()
    farm.work("first")
    (tmp_path / "hold").touch()
    cut = farm.begin(ids["one"])
    until(lambda: (tmp_path / "waiting").exists())
    until(lambda: farm.rows("SELECT count(*) FROM posting")[0][0])

    # the machine dies in the middle: other boards of the run are stored, one waits for its answer
    ((pid,),) = farm.rows("SELECT pid FROM run WHERE state IS NULL")
    os.kill(pid, signal.SIGKILL)
    farm.workers["first"].kill()
    (tmp_path / "hold").unlink()
    farm.work("second")
    runs = [farm.begin(ids[name]) for name in ("two", "three", "four")]
    # what the automation does after three silent heartbeats
    crashed = {"state": {"type": "CRASHED", "name": "Crashed"}, "force": True}
    asked(f"{farm.api}/flow_runs/{cut}/set_state", crashed)
    farm.work("first")
    runs += [farm.begin(ids["one"])]
    assert farm.end(*runs) == ["COMPLETED"] * 4
    # once more, each on whichever worker is free: nothing may come twice
    again = [farm.begin(one) for one in ids.values()]
    assert farm.end(*again) == ["COMPLETED"] * 4

    assert {farm.worker_of(run) for run in runs + again} == {"first", "second"}
    states = [state for (state,) in farm.rows("SELECT state FROM run ORDER BY number")]
    assert states.count("crashed") == 1
    # partial: the one that stored what the killed run had left behind
    assert set(states[1:]) <= {"complete", "partial"}
    assert farm.rows("SELECT count(*) FROM lease") == [(0,)]

    alone = tmp_path / "alone"
    alone.mkdir()
    sources = sorted({source for group in GROUPS.values() for source in group})
    assert len(sources) >= 10
    assert rolecall("ingest", "--demo", "--plain", *sources, data=alone).code == 0
    with sqlite3.connect(alone / "demo.db") as conn:
        expected = conn.execute(ROWS).fetchall()
    assert sorted(farm.rows(ROWS)) == sorted(expected)
