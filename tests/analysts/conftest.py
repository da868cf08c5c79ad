"""A copy of the demo's database with its exports beside it; and a market with a past."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.engine import open_database
from tests.analysts.market import fill_market
from tests.demos import Demo
from tests.flows.rolecall import rolecall


@pytest.fixture(scope="session")
def demo(plain_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with demo.db, jobs.parquet and postings.parquet."""
    assert plain_demo.said.code == 0, plain_demo.said.err
    folder = plain_demo.copy(tmp_path_factory.mktemp("demo"))
    for what in ("jobs", "postings"):
        out = folder / f"{what}.parquet"
        made = rolecall("export", what, "--format", "parquet", "--out", out, data=folder, extra=database(folder))
        assert made.code == 0, made.err
    return folder


def database(folder: Path) -> dict[str, str]:
    """The environment that names the demo database."""
    return {"ROLECALL_DATABASE": f"sqlite:///{folder / 'demo.db'}"}


@pytest.fixture(scope="session")
def market_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a SQLite market of 1,500 jobs over two months; not to be written to."""
    url = f"sqlite:///{tmp_path_factory.mktemp('market') / 'market.db'}"
    engine = open_database(url)
    fill_market(engine, openings=1500)
    engine.dispose()
    return url
