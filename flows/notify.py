"""Notifications: findings sent to wherever the operator wants them, by a child process of their own.

Nothing that happens there can harm a run: the child is bounded in time, its failure is a note. It connects to public
addresses only (checked at the moment of connecting, so redirects and names that change are covered too), unless
``ROLECALL_NOTIFY_PRIVATE`` names the address. Addresses hold secrets: they travel on the child's standard input and
never in an argument, a log or a finding.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from config.settings import Settings, settings
from flows.findings import Finding, Level, finding, one_line

if TYPE_CHECKING:
    from flows.run import Run

PATIENCE = 30.0
"""Seconds that all notifications of a run may take together."""
MOST_LINES = 20
"""Findings in one notification; the rest is counted."""


def notify(findings: Sequence[Finding], summary: str, said: Settings | None = None) -> list[Finding]:
    """Send the findings from the operator's level on; gives a note for each address that failed. Never raises.

    Args:
        findings: the findings of one run.
        summary: the run in one line, the notification's title.
        said: the settings; by default those of the process.
    """
    said = said or settings()
    loud = [f for f in findings if _rank(f.level) >= _rank(said.notify_level)]
    urls = said.notify.get_secret_value().split() if said.notify else []
    if not urls or not loud:
        return []
    order = {"urls": urls, "private": said.notify_private.split(), "title": one_line(summary, 200), "body": body(loud)}
    return [finding("notify_failed", where=where, because=because) for where, because in _sent(order)]


def tell(run: Run) -> None:
    """Send what a run found; what could not be sent is added to its findings. The demo tells nobody."""
    if not run.order.demo:
        run.report.findings += notify(run.report.findings, run.report.summary())


def body(findings: Sequence[Finding]) -> str:
    """The findings as plain lines, the loudest first, capped."""
    ordered = sorted(findings, key=lambda f: -_rank(f.level))
    where = [one_line("/".join(part for part in (f.source, f.board) if part) or "run") for f in ordered]
    lines = [f"{f.level}: {at}: {one_line(f.text)}" for at, f in zip(where, ordered, strict=True)]
    more = [f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return "\n".join(lines[:MOST_LINES] + more)


def _rank(level: Level) -> int:
    return get_args(Level).index(level)


def _sent(order: dict[str, Any]) -> list[tuple[str, str]]:
    """Run the child; the addresses that failed, each with its reason."""
    command = [sys.executable, "-m", "flows.notify"]
    try:
        done = subprocess.run(
            command, input=json.dumps(order), capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        return [(where, because) for where, because in json.loads(done.stdout)]
    except subprocess.TimeoutExpired:
        return [("all", f"no end after {PATIENCE:g} s")]
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        # the text of the error would repeat what the child was given
        return [("all", type(error).__name__)]


# ── the child ───────────────────────────────────────────────────────────────────────────────────────────────────


def _main() -> None:
    """Send one order from standard input; failures as JSON pairs on standard output."""
    order = json.load(sys.stdin)
    _connect_only_to_public(frozenset(order["private"]))
    sys.stdout.write(json.dumps([failed for url in order["urls"] if (failed := _send(url, order))]))


def _send(url: str, order: dict[str, Any]) -> tuple[str, str] | None:
    """Send to one address. None where it worked, otherwise the service's name and a reason without secrets."""
    import apprise

    server = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if server is None:
        return "unknown", "this is not an address that Apprise knows"
    name = str(server.service_name)
    refused = _Refusals()
    logging.getLogger("apprise").addHandler(refused)
    try:
        if server.notify(body=order["body"], title=order["title"]):
            return None
    except Exception as error:
        return name, type(error).__name__
    return name, "it did not take the message, or its address is private"


class _Refusals(logging.Handler):
    """Keeps Apprise's own words, which may hold addresses, out of the log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say nothing."""


def _connect_only_to_public(allowed: frozenset[str]) -> None:
    """From now on this process reaches public addresses only, and what is allowed by ``IP:PORT``."""
    from spiders.guard import is_public

    def judge(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ("socket.connect", "socket.sendto"):
            return
        address = arguments[1]
        host, port = address[:2] if isinstance(address, tuple) else (str(address), 0)
        if not is_public(str(host)) and f"{host}:{port}" not in allowed:
            raise PermissionError("a notification may not go to a private address")

    sys.addaudithook(judge)


if __name__ == "__main__":
    _main()
