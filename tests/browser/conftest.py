"""A browser and axe, where this machine has them; a test that misses one says so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analysts.conftest import market_url  # noqa: F401
from tests.browser import chromium

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
"""Where pictures of the pages are kept; git does not."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Page]:
    """A tab of headless Chromium."""
    executable = chromium.path()
    if executable is None:
        pytest.skip("no Chromium on this machine: the pages were NOT looked at (apt-get install chromium)")
    with chromium.browser(executable, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core (Deque, MPL-2.0), which is not part of this project: ROLECALL_AXE names axe.min.js."""
    file = os.environ.get("ROLECALL_AXE", "")
    if not file or not Path(file).is_file():
        pytest.skip("no axe: accessibility was NOT checked (npm install axe-core, then ROLECALL_AXE=.../axe.min.js)")
    return Path(file).read_text(encoding="utf-8")
