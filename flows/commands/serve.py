"""``rolecall serve``"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from config.problems import EnvironmentProblem
from flows.browse import is_loopback, serve
from flows.commands.show import database


def run(host: str, port: int, url: str | None) -> int:
    """Open Datasette on a copy of the database until Ctrl-C."""
    with database(url) as engine, tempfile.TemporaryDirectory(prefix="rolecall-serve-") as folder:
        if not is_loopback(host):
            sys.stderr.write(f"rolecall: {host} can be reached from other machines, and nothing asks who they are\n")
        sys.stderr.write(f"rolecall: http://{host}:{port}/ shows a copy of the database; Ctrl-C ends it\n")
        sys.stderr.flush()
        try:
            serve(engine, Path(folder), host=host, port=port)
        except OSError as error:
            raise EnvironmentProblem(
                f"cannot listen on {host}:{port}: {error.strerror}", "Give another --port"
            ) from None
    return 0
