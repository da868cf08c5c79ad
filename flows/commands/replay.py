"""``rolecall replay``"""

from __future__ import annotations

from flows.commands import show
from flows.commands.ingest import use_database
from flows.ingest import ingest
from flows.order import Order


def run(sources: list[str], url: str | None, as_json: bool) -> int:
    """Believe anew what was received, and say what moved."""
    use_database(url)
    with show.database(url):
        pass  # one that does not exist is named before anything is made
    report = ingest(Order(tuple(sources), replay=True))
    if as_json:
        show.as_json(report.as_json() | {"moved": report.moved})
        return report.exit_code
    headers = ("field", "before", "after", "postings")
    show.table(headers, ([row[name] for name in headers] for row in report.moved), right=("postings",))
    show.say(report.summary())
    return report.exit_code
