"""The demo, made once for all test processes: each finds it as the first one that asked left it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from config.load import cards
from tests.flows.rolecall import Said, rolecall

CANARY = "c4n4ry-5ecret-0f-n0b0dy"
"""A key of every board that needs one, in the demo that runs through Prefect."""


class Demo(NamedTuple):
    """A data folder after one demo run, and what that run said. A database is opened in a copy: others read here too."""

    folder: Path
    said: Said

    def copy(self, into: Path) -> Path:
        """The same folder in another place."""
        return shutil.copytree(self.folder, into, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def plain_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """``rolecall ingest --demo --plain``."""
    return _once(tmp_path_factory, "plain", lambda data: rolecall("ingest", "--demo", "--plain", data=data, cold=True))


@pytest.fixture(scope="session")
def prefect_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """``rolecall ingest --demo --json``, through Prefect, where keys of every source that needs one are set."""
    keys = {name: CANARY for card in cards().values() for name in card.needs}
    return _once(
        tmp_path_factory,
        "prefect",
        lambda data: rolecall("ingest", "--demo", "--json", data=data, extra=keys, cold=True),
    )


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Said]) -> Demo:
    base = factory.getbasetemp()
    # the test processes of one run have their folders side by side
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / f"demo-{name}"
    with _locked(folder.with_suffix(".lock")):
        said = folder.with_suffix(".json")
        if not said.exists():
            folder.mkdir()
            said.write_text(json.dumps(make(folder)), encoding="utf-8")
        return Demo(folder, Said(*json.loads(said.read_text(encoding="utf-8"))))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone among the processes of this machine."""
    import fcntl

    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
