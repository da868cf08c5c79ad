"""The flow as a deployment has it, but one answer of the demo is held back: a run that is in the middle for as long as a
test wants. Imported by the process of a flow run, never by a test.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from flows.orchestrate import ingest_flow
from spiders import replay

__all__ = ["ingest_flow"]

HELD = Path(os.environ["ROLECALL_TEST_HELD"])
"""While ``hold`` lies in this folder the answer is held, and ``waiting`` says that somebody has asked for it."""

_answer = replay.ReplayServer._reply_to


def _hold(
    self: replay.ReplayServer, method: str, url: str, body: bytes, asked: Any
) -> tuple[int, bytes, dict[str, str]]:
    if "remoteok.com/api" in url and (HELD / "hold").exists():
        (HELD / "waiting").touch()
        end = time.monotonic() + 120
        while (HELD / "hold").exists() and time.monotonic() < end:
            time.sleep(0.1)
    return _answer(self, method, url, body, asked)


setattr(replay.ReplayServer, "_reply_to", _hold)  # noqa: B010
