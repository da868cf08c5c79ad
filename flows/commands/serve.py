"""``rolecall serve``"""

from __future__ import annotations

import socket
import sys
import tempfile
from pathlib import Path

from config.problems import EnvironmentProblem
from flows.browse import is_loopback, serve
from flows.commands.show import database


def run(host: str, port: int, url: str | None) -> int:
    """Open Datasette on a copy of the database until Ctrl-C."""
    with (
        database(url) as engine,
        _listening(host, port) as listening,
        tempfile.TemporaryDirectory(prefix="rolecall-serve-") as folder,
    ):
        if not is_loopback(host):
            sys.stderr.write(f"rolecall: {host} can be reached from other machines, and nothing asks who they are\n")
        shown = f"[{host}]" if ":" in host else host
        sys.stderr.write(f"rolecall: http://{shown}:{port}/ shows a copy of the database; Ctrl-C ends it\n")
        sys.stderr.flush()
        serve(engine, Path(folder), listening)
    return 0


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise EnvironmentProblem(f"cannot listen on {host}:{port}: {error.strerror}", "Give another --port") from None
