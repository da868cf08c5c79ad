"""``rolecall replay``"""

from __future__ import annotations

from config.problems import UsageProblem
from config.settings import settings
from flows.commands import show
from flows.commands.ingest import use_database
from flows.ingest import ingest
from flows.order import Order
from flows.prefect_home import prepare_environment
from flows.report.run import Report


def run(sources: list[str], url: str | None, runner: str, scheduler: str | None, as_json: bool) -> int:
    """Believe anew what was received, and say what moved."""
    if runner not in ("here", "dask"):
        raise UsageProblem(f"there is no runner {runner!r}", "Say here or dask")
    use_database(url)
    with show.database(url):
        pass  # one that does not exist is named before anything is made
    order = Order(tuple(sources), replay=True)
    report = _on_dask(order, scheduler) if runner == "dask" else ingest(order)
    if as_json:
        show.as_json(report.as_json() | {"moved": report.moved})
        return report.exit_code
    headers = ("field", "before", "after", "postings")
    show.table(
        headers,
        ([row[name] for name in headers] for row in report.moved),
        right=("postings",),
        none="nothing is believed otherwise than before",
    )
    show.say(report.summary())
    return report.exit_code


def _on_dask(order: Order, scheduler: str | None) -> Report:
    if not scheduler:
        raise UsageProblem("--runner dask needs the scheduler of a cluster", "Say --scheduler tcp://HOST:8786")
    prepare_environment(settings().data)
    from flows.on_dask import run as run_on_dask

    return run_on_dask(order, scheduler)
