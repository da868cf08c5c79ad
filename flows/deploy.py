"""Scheduling on Prefect: one deployment a group of sources with the same cadence, automations, one-machine service.

What is to run stands in the cards; this module says it to Prefect, by ``rolecall deploy`` to a configured API (for
workers of a ``process`` pool) or by ``rolecall schedule`` on one machine. What an operator has paused stays paused
through every later deploy. The schedules only knock: whether a board is due is decided by :mod:`flows.due` from our own
table, so late, doubled or missed knocks neither overlap nor pile up.

Prefect is imported inside the functions that need it, after :func:`flows.prefect_home.prepare_environment`.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from config.cards import Card
from config.load import cards
from config.problems import EnvironmentProblem

if TYPE_CHECKING:
    from prefect.automations import Automation
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.deployments.runner import RunnerDeployment

POOL = "rolecall"
"""The work pool, of type ``process``, that workers take runs from."""
TAG = "rolecall"
ENTRYPOINT = "flows/orchestrate.py:ingest_flow"
ANCHOR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
APART = dt.timedelta(minutes=7)
"""Groups begin this far apart, so that their crawls do not all start at once."""
SERVER_PATIENCE = 180.0
"""Seconds that a Prefect server may take to answer (35 were measured on a clean home)."""
FAILURES = 3
"""Failed runs of one deployment within three cadences that count as a row."""
HEARTBEAT = 30
"""Seconds between two signs of life of a run, where Prefect is asked for them."""

Did = Literal["created", "updated", "removed"]


class Group(NamedTuple):
    """Sources of one kind with one cadence: one deployment."""

    name: str
    sources: tuple[str, ...]
    every: dt.timedelta
    anchor: dt.datetime

    @property
    def tags(self) -> list[str]:
        """What its runs can be filtered by."""
        return [TAG, self.name]


class Deployed(NamedTuple):
    """What a deploy did to one deployment."""

    name: str
    did: Did
    active: bool
    """Its schedule fires; false where the operator has paused it."""


# ── what is to run: pure ────────────────────────────────────────────────────────────────────────────────────────


def groups(of: Mapping[str, Card] | None = None) -> tuple[Group, ...]:
    """The deployments that follow from the cards: sources that are on, by kind and cadence, in alphabetical order."""
    on = [card for card in (cards() if of is None else of).values() if card.on]
    together: dict[tuple[str, dt.timedelta], list[str]] = {}
    for card in on:
        if card.kind != "site":
            together.setdefault((card.kind, card.every), []).append(card.source)
    return tuple(
        Group(f"{kind}-{hours(every)}", tuple(sorted(sources)), every, ANCHOR + place * APART)
        for place, ((kind, every), sources) in enumerate(sorted(together.items()))
    )


def hours(span: dt.timedelta) -> str:
    """A cadence as a card writes it: ``90m``, ``6h``, ``7d``."""
    minutes = int(span.total_seconds() // 60)
    if minutes % 60:
        return f"{minutes}m"
    return f"{minutes // 60}h" if minutes % 1440 or minutes <= 1440 else f"{minutes // 1440}d"


def prefect_yaml(of: Iterable[Group] | None = None) -> str:
    """The text of ``prefect.yaml``, for those who deploy with Prefect's own command."""
    import yaml  # type: ignore[import-untyped]

    said = {
        "name": "rolecall",
        "deployments": [
            {
                "name": group.name,
                "description": f"Crawl what is due of: {', '.join(group.sources)}.",
                "entrypoint": ENTRYPOINT,
                "tags": group.tags,
                "parameters": {"sources": list(group.sources)},
                "concurrency_limit": {"limit": 1, "collision_strategy": "CANCEL_NEW"},
                "work_pool": {"name": POOL},
                "schedules": [
                    {
                        "slug": group.name,
                        "interval": int(group.every.total_seconds()),
                        "anchor_date": group.anchor.isoformat(),
                        "timezone": "UTC",
                    }
                ],
            }
            for group in (groups() if of is None else of)
        ],
    }
    head = "# Written from the cards in config/sources by `rolecall deploy --write`; a test keeps the two together.\n"
    return head + str(yaml.safe_dump(said, sort_keys=False, width=110, allow_unicode=True))


# ── deploy ──────────────────────────────────────────────────────────────────────────────────────────────────────


def deploy(of: Iterable[Group] | None = None, *, pool: str | None = POOL, dry_run: bool = False) -> list[Deployed]:
    """Bring the configured Prefect API to what the cards say; deployments of groups that are no more are removed.

    Args:
        of: the groups; by default those of the cards.
        pool: the work pool, made where it is missing; None for deployments that are served instead.
        dry_run: say what would be done.

    Raises:
        EnvironmentProblem: the API does not answer.
    """
    from prefect.client.orchestration import get_client

    wanted = tuple(groups() if of is None else of)
    try:
        with get_client(sync_client=True) as client:
            there = _deployed(client)
            done = [
                Deployed(g.name, "updated" if g.name in there else "created", _active(there.get(g.name)))
                for g in wanted
            ]
            gone = sorted(there.keys() - {group.name for group in wanted})
            done += [Deployed(name, "removed", False) for name in gone]
            if dry_run:
                return done
            if pool:
                _ensure_pool(client, pool)
            for group in wanted:
                _deployment(group, there.get(group.name), pool).apply()
            for name in gone:
                client.delete_deployment(there[name].id)
            _save_automations(client, automations(wanted))
            return done
    except OSError as error:
        raise _unreachable(error) from error
    except Exception as error:
        # httpx's own errors of a connection are no OSError
        if type(error).__module__.startswith("httpx"):
            raise _unreachable(error) from error
        raise


def _unreachable(error: Exception) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"Prefect's API does not answer: {type(error).__name__}", "Set PREFECT_API_URL, or use `rolecall schedule`"
    )


def _deployed(client: SyncPrefectClient) -> dict[str, Any]:
    """Our deployments on the server, by name."""
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    return {one.name: one for one in client.read_deployments(deployment_filter=ours, limit=200)}


def _active(there: Any) -> bool:
    """Whether the schedule is to fire: as the operator left it; a new one does."""
    if there is None:
        return True
    return not there.paused and all(schedule.active for schedule in there.schedules)


def _ensure_pool(client: SyncPrefectClient, pool: str) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    try:
        client.create_work_pool(WorkPoolCreate(name=pool, type="process", description="Rolecall's crawls"))
    except ObjectAlreadyExists:
        return


def _deployment(group: Group, there: Any, pool: str | None) -> RunnerDeployment:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.client.schemas.schedules import IntervalSchedule
    from prefect.types.entrypoint import EntrypointType

    from flows.orchestrate import ingest_flow

    schedule = IntervalSchedule(interval=group.every, anchor_date=group.anchor, timezone="UTC")
    active = there is None or all(one.active for one in there.schedules)
    made = ingest_flow.to_deployment(
        name=group.name,
        description=f"Crawl what is due of: {', '.join(group.sources)}.",
        parameters={"sources": list(group.sources)},
        schedules=[DeploymentScheduleCreate(schedule=schedule, active=active, slug=group.name)],
        paused=bool(there and there.paused),
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        tags=group.tags,
        work_pool_name=pool,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # outside of an event loop it is no coroutine
    return cast("RunnerDeployment", made)


# ── automations ─────────────────────────────────────────────────────────────────────────────────────────────────


def automations(of: Iterable[Group]) -> list[Automation]:
    """What Prefect itself watches: runs that die, deployments that fail in a row, sources that are not heard of.

    A run without a sign of life is marked crashed; a crashed run is caught up by one new run (cadence holds, so only
    what is still due is crawled). The other two are only told: their events are on the server's event page, and an
    operator may add a notification block to them there.
    """
    from prefect.automations import Automation, DoNothing, EventTrigger, Posture, RunDeployment
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState

    ours = {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"}
    runs = {"prefect.resource.id": "prefect.flow-run.*"}
    ends = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}
    beat = "prefect.flow-run.heartbeat"
    made = [
        Automation(
            name=f"{TAG}: silent run",
            description="No sign of life for three heartbeats: the run is marked crashed.",
            trigger=EventTrigger(
                after={beat},
                expect={beat, *ends},
                match=runs,
                match_related=ours,
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=dt.timedelta(seconds=3 * HEARTBEAT),
            ),
            actions=[ChangeFlowRunState(state=StateType.CRASHED, message="no sign of life")],
        ),
        Automation(
            name=f"{TAG}: crashed run",
            description="A crashed run is caught up once, ten minutes later.",
            trigger=EventTrigger(
                expect={"prefect.flow-run.Crashed"},
                match=runs,
                match_related=ours,
                posture=Posture.Reactive,
                threshold=1,
                within=dt.timedelta(0),
            ),
            actions=[RunDeployment(source="inferred", schedule_after=dt.timedelta(minutes=10))],
        ),
    ]
    for group in of:
        tagged = {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{group.name}"}
        made.append(
            Automation(
                name=f"{TAG}: {group.name} fails in a row",
                description=f"{FAILURES} failed runs within {FAILURES} cadences.",
                trigger=EventTrigger(
                    expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
                    match=runs,
                    match_related=tagged,
                    posture=Posture.Reactive,
                    threshold=FAILURES,
                    within=FAILURES * group.every,
                ),
                actions=[DoNothing()],
            )
        )
        made.append(
            Automation(
                name=f"{TAG}: {group.name} is stale",
                description="No completed run within two cadences.",
                trigger=EventTrigger(
                    expect={"prefect.flow-run.Completed"},
                    match=runs,
                    match_related=tagged,
                    posture=Posture.Proactive,
                    threshold=1,
                    within=2 * group.every,
                ),
                actions=[DoNothing()],
            )
        )
    return made


def _save_automations(client: SyncPrefectClient, wanted: Iterable[Automation]) -> None:
    """Ours as wanted, by name; one that the operator has switched off or given other actions keeps that."""
    from prefect.events.schemas.automations import AutomationCore

    there = {one.name: one for one in client.read_automations() if one.name.startswith(f"{TAG}: ")}
    for one in wanted:
        before = there.pop(one.name, None)
        if before is None:
            client.create_automation(AutomationCore(**one.model_dump(exclude={"id"})))
            continue
        kept = {
            **one.model_dump(exclude={"id", "owner_resource"}),
            "enabled": before.enabled,
            "actions": before.actions,
        }
        client.update_automation(before.id, AutomationCore(**kept))
    for left in there.values():
        client.delete_automation(left.id)


# ── one machine ─────────────────────────────────────────────────────────────────────────────────────────────────


def schedule(data: Path, *, port: int = 4200, limit: int = 1) -> None:
    """Serve every deployment on this machine until SIGTERM or Ctrl-C; schedules are not paused by that.

    Where no Prefect API is configured, a server of our own is started on 127.0.0.1 and kept alive: schedules never
    fire on Prefect's temporary one.

    Args:
        data: the data folder; the server keeps its state in ``prefect`` below it.
        port: of the server of our own.
        limit: runs at one time on this machine.
    """
    from flows.prefect_home import api_configured, prepare_environment

    prepare_environment(data)
    os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", str(HEARTBEAT))
    if api_configured():
        _serve(limit)
        return
    with local_server(port) as url:
        os.environ["PREFECT_API_URL"] = url
        _serve(limit)


def _serve(limit: int) -> None:
    from prefect import serve
    from prefect.client.orchestration import get_client

    wanted = groups()
    deploy(wanted, pool=None)
    with get_client(sync_client=True) as client:
        there = _deployed(client)
    serve(
        *(_deployment(group, there.get(group.name), None) for group in wanted),
        pause_on_shutdown=False,
        print_starting_message=False,
        limit=limit,
    )


@contextmanager
def local_server(port: int) -> Iterator[str]:
    """A Prefect server on 127.0.0.1, started again where it dies; gives the address of its API.

    Raises:
        EnvironmentProblem: the port is taken, or the server does not answer in time.
    """
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise EnvironmentProblem(f"port {port} is taken", "Give another --port, or set PREFECT_API_URL")
    server, stopped = [_start_server(port)], threading.Event()
    try:
        _wait_until_up(server[0], port)
        threading.Thread(target=_keep_alive, args=(server, stopped, port), daemon=True).start()
        yield f"http://127.0.0.1:{port}/api"
    finally:
        stopped.set()
        server[0].terminate()
        try:
            server[0].wait(20)
        except subprocess.TimeoutExpired:
            server[0].kill()


def _start_server(port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    # its own group: a Ctrl-C at the terminal stops the service first, which then stops the server
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _wait_until_up(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + SERVER_PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise EnvironmentProblem(
                f"Prefect's server ended at once with status {server.returncode}", "`prefect server start` says why"
            )
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise EnvironmentProblem(f"Prefect's server did not answer within {SERVER_PATIENCE:g} s", "Try again")


def _keep_alive(server: list[subprocess.Popen[bytes]], stopped: threading.Event, port: int) -> None:
    while not stopped.wait(2.0):
        if server[0].poll() is not None:
            server[0] = _start_server(port)
