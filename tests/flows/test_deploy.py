"""Deployments follow from the cards, and what an operator has paused stays paused."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from config.problems import EnvironmentProblem
from flows.deploy import Deployed, groups, hours, local_server, prefect_yaml
from tests.life.world import card

ROOT = Path(__file__).parents[2]
HOUR = dt.timedelta(hours=1)
CARDS = {
    one.source: one
    for one in (
        card(source="alpha", every="6h"),
        card(source="beta", every="6h"),
        card(source="gamma", every="12h"),
        card(source="delta", kind="ats", every="12h"),
        card(source="asleep", enabled=False, why_not="terms forbid it"),
        card(source="guessed", verified=False),
        card(source="site", kind="site"),
    )
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ── what is to run ──────────────────────────────────────────────────────────────────────────────────────────────


def test_one_group_a_kind_and_cadence() -> None:
    made = groups(CARDS)
    assert [(group.name, group.sources) for group in made] == [
        ("ats-12h", ("delta",)),
        ("board-6h", ("alpha", "beta")),
        ("board-12h", ("gamma",)),
    ]
    assert len({group.anchor for group in made}) == len(made)


def test_every_source_that_is_on_is_scheduled_once() -> None:
    from config.load import cards

    on = {c.source for c in cards().values() if c.enabled and c.verified and c.kind != "site"}
    scheduled = [source for group in groups() for source in group.sources]
    assert sorted(scheduled) == sorted(on)


@pytest.mark.parametrize(
    ("span", "said"), [(HOUR / 2, "30m"), (HOUR * 1.5, "90m"), (6 * HOUR, "6h"), (24 * HOUR, "24h"), (168 * HOUR, "7d")]
)
def test_cadences_read_as_in_a_card(span: dt.timedelta, said: str) -> None:
    assert hours(span) == said


def test_prefect_yaml_is_what_the_cards_say() -> None:
    """Run ``rolecall deploy --write`` where this fails: a card has changed."""
    assert (ROOT / "prefect.yaml").read_text(encoding="utf-8") == prefect_yaml()


def test_prefect_yaml_leaves_pauses_to_the_operator() -> None:
    said = yaml.safe_load(prefect_yaml())
    for deployment in said["deployments"]:
        assert "paused" not in deployment
        assert all("active" not in schedule for schedule in deployment["schedules"])
        assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
        path, _, flow = deployment["entrypoint"].partition(":")
        assert f"def {flow}(" in (ROOT / path).read_text(encoding="utf-8")


# ── on a real server ────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def server(home: Path) -> Iterator[str]:
    """A Prefect server of its own; gives its API's address, which is that of this process meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(home))
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        patch.setenv("DO_NOT_TRACK", "1")
        with local_server(free_port()) as url:
            patch.setenv("PREFECT_API_URL", url)
            yield url


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for all of these tests."""
    with server(tmp_path_factory.mktemp("prefect")) as url:
        yield url


def in_child(script: str, api: str, seconds: float = 180) -> str:
    """Run Python against the server: Prefect reads its settings once a process."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PREFECT_API_URL": api},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


DEPLOYED = """
import json
from flows.deploy import deploy, groups, TAG, _deployed
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentUpdate
from tests.flows.test_deploy import CARDS

def stand():
    with get_client(sync_client=True) as client:
        there = sorted(_deployed(client).items())
        return {name: (one.paused, [s.active for s in one.schedules]) for name, one in there}

first = deploy(groups(CARDS))
with get_client(sync_client=True) as client:
    there = _deployed(client)
    client.pause_deployment(there["ats-12h"].id)
    schedule = there["board-6h"].schedules[0]
    client.update_deployment_schedule(there["board-6h"].id, schedule.id, active=False)
    automations = {one.name: one for one in client.read_automations()}
    client.pause_automation(automations[f"{TAG}: crashed run"].id)
    pools = [pool.type for pool in client.read_work_pools()]
again = deploy(groups(CARDS))
after = stand()
tried = deploy(groups({"alpha": CARDS["alpha"]}), dry_run=True)
assert stand() == after
fewer = deploy(groups({"alpha": CARDS["alpha"]}))
with get_client(sync_client=True) as client:
    enabled = {one.name: one.enabled for one in client.read_automations()}
print(json.dumps([first, again, after, tried, fewer, stand(), pools, sorted(automations), enabled]))
"""


def test_deploy_keeps_what_was_paused(api: str) -> None:
    first, again, after, tried, fewer, left, pools, automations, enabled = json.loads(in_child(DEPLOYED, api))
    assert [Deployed(*one) for one in first] == [
        Deployed("ats-12h", "created", True),
        Deployed("board-6h", "created", True),
        Deployed("board-12h", "created", True),
    ]
    assert [Deployed(*one) for one in again] == [
        Deployed("ats-12h", "updated", False),
        Deployed("board-6h", "updated", False),
        Deployed("board-12h", "updated", True),
    ]
    assert after == {"ats-12h": [True, [True]], "board-6h": [False, [False]], "board-12h": [False, [True]]}
    assert tried == fewer
    assert [name for name, did, _ in fewer if did == "removed"] == ["ats-12h", "board-12h"]
    assert list(left) == ["board-6h"]
    assert pools == ["process"]
    assert {"rolecall: silent run", "rolecall: crashed run", "rolecall: ats-12h is stale"} <= set(automations)
    assert enabled["rolecall: crashed run"] is False
    assert set(enabled) == {name for name in automations if "ats-12h" not in name and "board-12h" not in name}


OVERLAPPING = """
import json
from flows.deploy import _deployed, deploy, groups
from prefect.client.orchestration import get_client
from prefect.states import Completed, Pending, Running
from tests.flows.test_deploy import CARDS

deploy(groups({"alpha": CARDS["alpha"]}))
with get_client(sync_client=True) as client:
    there = _deployed(client)["board-6h"]

    def knock():
        return client.create_flow_run_from_deployment(there.id).id

    def asks(run, *states):
        # as a worker or a served deployment asks for each step of a run
        said = [client.set_flow_run_state(run, state) for state in states]
        return [f"{one.status.value}: {one.state.type.value}" for one in said]

    first, second = knock(), knock()
    begun = asks(first, Pending(), Running())
    overlapping = asks(second, Pending())
    late = [asks(knock(), Pending()) for _ in range(4)]
    still = client.read_flow_run(first).state.type.value
    ended = asks(first, Completed())
    after = asks(knock(), Pending(), Running())
    left = client.read_flow_run(second).state.type.value
print(json.dumps([begun, overlapping, late, still, ended, after, left]))
"""


def test_f04_a_schedule_that_fires_while_its_last_run_runs_starts_no_second(api: str) -> None:
    """The server itself decides, for workers on any machine: of runs that overlap the new one is cancelled, and so are
    those that were missed meanwhile; once the run has ended, the next begins."""
    begun, overlapping, late, still, ended, after, left = json.loads(in_child(OVERLAPPING, api))
    assert begun == ["ACCEPT: PENDING", "ACCEPT: RUNNING"]
    assert [said.rpartition(" ")[2] for said in overlapping] == ["CANCELLED"]
    assert [said.rpartition(" ")[2] for one in late for said in one] == ["CANCELLED"] * 4
    assert (still, left) == ("RUNNING", "CANCELLED")
    assert ended == ["ACCEPT: COMPLETED"]
    assert after == ["ACCEPT: PENDING", "ACCEPT: RUNNING"]


def test_no_api_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "from flows.deploy import deploy\nfrom config.problems import EnvironmentProblem\n"
        "try: deploy(())\nexcept EnvironmentProblem as problem: print(problem.line())"
    )
    said = in_child(script, f"http://127.0.0.1:{free_port()}/api")
    assert said.startswith("Prefect's API does not answer")
    assert "rolecall schedule" in said


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EnvironmentProblem, match=f"port {port} is taken"), local_server(port):
            pass
