"""The main job as a Prefect flow: the stages of :mod:`flows.ingest`, each a task where that is worth a row.

A call of a flow costs over a second and a task tens of milliseconds, so tasks are coarse: one a board, one a whole
stage. Import this module only after :func:`flows.prefect_home.prepare_environment`: Prefect reads its settings when
it is imported.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed

from config.problems import EnvironmentProblem
from flows.ingest import ingest
from flows.order import Order
from flows.report import artifact
from flows.report.run import TURNED_AWAY, Report

T = TypeVar("T")

log = logging.getLogger("rolecall")


def as_task(stage: Callable[..., T], /, *args: object, about: str = "") -> T:
    """A stage as a Prefect task in the calling thread, so that signals reach the crawl.

    The arguments stay out of Prefect's sight: it would walk through them, and show them.
    """

    @task(
        name=stage.__name__,
        task_run_name=f"{stage.__name__} {about}".strip(),
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    def staged() -> T:
        return stage(*args)

    return staged()


@flow(name="ingest", validate_parameters=False, log_prints=False)
def ingest_flow(
    sources: list[str] | None = None,
    files: list[str] | None = None,
    demo: bool = False,
    site: str | None = None,
    force: bool = False,
) -> Any:
    """Crawl what is due of these sources (all that are on, if none is named) and bring the database up to date.

    The database comes from the environment (ROLECALL_DATABASE), never from a parameter: parameters are shown.
    """
    order = Order(tuple(sources or ()), tuple(map(Path, files or ())), demo=demo, site=site, force=force)
    report = ingest(order, stage=as_task)
    show(report)
    failed = report.state in {"failed", "crashed"} | TURNED_AWAY
    return (Failed if failed else Completed)(message=report.summary(), data=report)


def show(report: Report) -> None:
    """Leave the run on Prefect's page as two artifacts. Never raises: the run has done its work by then."""
    try:
        create_markdown_artifact(
            artifact.markdown(report), key="rolecall-run", description=artifact.plain(report.state)
        )
        create_table_artifact(artifact.boards(report), key="rolecall-boards", description=artifact.plain(report.run_id))
    except Exception as error:
        log.warning("the artifacts could not be made: %s", type(error).__name__)


def run(order: Order) -> Report:
    """The order as a run of :func:`ingest_flow`; its report, whatever state the flow ended in.

    Raises EnvironmentProblem where no Prefect server can be reached or started.
    """
    files = [str(file) for file in order.files]
    try:
        state: Any = ingest_flow(list(order.sources), files, order.demo, order.site, order.force, return_state=True)
    except (RuntimeError, OSError) as error:
        raise EnvironmentProblem(
            f"Prefect's server cannot be used: {error}", "Check PREFECT_API_URL, or run with --plain"
        ) from error
    report = state.result(raise_on_failure=False)
    if isinstance(report, BaseException):
        raise report
    if not isinstance(report, Report):
        raise TypeError(f"the flow ended as {state.name} without a report: {state.message}")
    return report
