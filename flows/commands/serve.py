"""``rolecall serve``"""

from __future__ import annotations

import socket
import sys
import tempfile
from pathlib import Path

from config.problems import EnvironmentProblem
from flows.browse import day_of, is_loopback, make_copy, serve
from flows.commands.show import as_json, database, note


def run(host: str, port: int, url: str | None, machine: bool) -> int:
    """Open Datasette on a copy of the database until Ctrl-C; with ``machine`` stdout says where, when it is ready."""
    with (
        database(url) as engine,
        _listening(host, port) as listening,
        tempfile.TemporaryDirectory(prefix="rolecall-serve-") as folder,
    ):
        if not is_loopback(host):
            note(f"{host} can be reached from other machines, and nothing asks who they are")
        shown = f"[{host}]" if ":" in host else host
        note("making a copy of the database with an index of its words; a large one takes minutes")
        copy, day = make_copy(engine, Path(folder)), day_of(engine)
        address = f"http://{shown}:{port}/"
        if machine:
            as_json({"address": address, "day": day})
            sys.stdout.flush()
        note(f"{address} shows the copy, {copy.stat().st_size / 1e6:,.0f} MB; Ctrl-C ends it")
        serve(copy, day, listening)
    return 0


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise EnvironmentProblem(f"cannot listen on {host}:{port}: {error.strerror}", "Give another --port") from None
