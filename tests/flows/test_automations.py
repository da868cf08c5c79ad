"""The automations as deployed, on a real Prefect server: runs are made to fail and crash, and what follows is looked up."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.flows.test_deploy import in_child, server

pytestmark = pytest.mark.long

PLAYED = """
import datetime as dt, json, time, uuid
from flows.deploy import TAG, FAILURES, deploy, groups, _deployed
from tests.flows.test_deploy import CARDS
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.events.filters import EventFilter, EventNameFilter, EventOccurredFilter
from prefect.events.utilities import emit_event
from prefect.states import Crashed, Failed, Running, Completed

began = dt.datetime.now(dt.UTC)
deploy(groups(CARDS))

def until(found, seconds=150):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if said := found():
            return said
        time.sleep(1)
    return found()

with get_client(sync_client=True) as client:
    there = _deployed(client)

    def runs_of(name):
        these = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[there[name].id]))
        return client.read_flow_runs(flow_run_filter=these)

    def ended(name, state):
        run = client.create_flow_run_from_deployment(there[name].id)
        client.set_flow_run_state(run.id, Running(), force=True)
        client.set_flow_run_state(run.id, state, force=True)
        return run

    def triggered(part):
        said = client.request(
            "POST",
            "/events/filter",
            json={"filter": {"occurred": {"since": began.isoformat()}, "event": {"prefix": ["prefect.automation."]}},
                  "limit": 50},
        ).json()["events"]
        fired = [e for e in said if e["event"] != "prefect.automation.created"]
        return [e["event"] for e in fired if part in e["resource"].get("prefect.resource.name", "")]

    # schedules make runs of their own: only what is added counts
    before = {run.id for run in runs_of("board-12h")}
    crashed = ended("board-12h", Crashed(message="killed"))

    def caught_up():
        runs = [run for run in runs_of("board-12h") if run.id != crashed.id and run.id not in before]
        return [run for run in runs if not run.auto_scheduled]

    until(caught_up)
    (again,) = caught_up()
    after = (again.expected_start_time - dt.datetime.now(dt.UTC)).total_seconds()

    # two failures within the time are not enough, the third is
    for _ in range(FAILURES - 1):
        ended("board-6h", Failed(message="a source failed"))
    ended("board-6h", Completed())
    time.sleep(8)
    early = triggered("board-6h fails in a row")
    ended("board-6h", Failed(message="a source failed"))
    until(lambda: "prefect.automation.action.executed" in triggered("board-6h fails in a row"))
    row = triggered("board-6h fails in a row")
    others = triggered("ats-12h fails in a row")

    # a run that beat once and then no more
    silent = client.create_flow_run_from_deployment(there["ats-12h"].id)
    client.set_flow_run_state(silent.id, Running(), force=True)
    emit_event(
        "prefect.flow-run.heartbeat",
        resource={"prefect.resource.id": f"prefect.flow-run.{silent.id}", "prefect.resource.name": "silent"},
        related=[
            {"prefect.resource.id": f"prefect.tag.{tag}", "prefect.resource.role": "tag"} for tag in (TAG, "ats-12h")
        ],
    )
    until(lambda: client.read_flow_run(silent.id).state.name == "Crashed", 240)
    state = client.read_flow_run(silent.id).state
print("SAID " + json.dumps([again.state.type.value, after, early, row, others, state.type.value, state.message]))
"""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prefect server of its own."""
    with server(tmp_path_factory.mktemp("prefect")) as url:
        yield url


def test_each_automation_fires_and_does_what_it_says(api: str) -> None:
    said = in_child(PLAYED, api, 900)
    again, after, early, row, others, silent, message = json.loads(said.partition("SAID ")[2])
    # a crashed run is caught up by one new run, ten minutes later
    assert again == "SCHEDULED"
    assert 300 < after <= 600
    # three failures, and not two
    assert early == []
    assert "prefect.automation.triggered" in row
    assert "prefect.automation.action.executed" in row
    assert others == []
    # no sign of life: marked crashed
    assert (silent, message) == ("CRASHED", "no sign of life")
