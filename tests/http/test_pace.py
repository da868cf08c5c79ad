"""How often a host is called: a process of its own, so that nothing else holds up the clock."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.http.server import Server, page
from tests.http.world import JOBS, run_child

AS_SEEN_BY_THE_SERVER = 0.1
"""Seconds that a connection may take longer than the next."""


@pytest.fixture(scope="module")
def times() -> dict[str, list[float]]:
    """When each host was called, in order: two spiders on one host, and one on a host with a Crawl-delay."""
    table = {
        "shared.test": {f"/{n}": JOBS for n in range(4)},
        "slow.test": {"/robots.txt": page("User-agent: *\nCrawl-delay: 1"), "/0": JOBS, "/1": JOBS},
    }
    with Server(table) as server:
        at = lambda host, *pages: [f"http://{host}:{server.port}/{n}" for n in pages]  # noqa: E731
        run_child(
            {
                "allow": [f"127.0.0.1:{server.port}"],
                "names": {host: ["127.0.0.1"] for host in table},
                "settings": {"DOWNLOAD_DELAY": 0.4, "AUTOTHROTTLE_ENABLED": False},
                "spiders": {
                    "first": {"urls": at("shared.test", 0, 1)},
                    "second": {"urls": at("shared.test", 2, 3)},
                    "slow": {"urls": at("slow.test", 0, 1)},
                },
            }
        )
        return {host: sorted(hit.at for hit in server.of(host)) for host in table}


def _shortest(times: list[float]) -> float:
    return min(later - earlier for earlier, later in pairwise(times))


def test_f05_one_host_is_called_at_one_pace_by_all_spiders_of_a_process(times: dict[str, list[float]]) -> None:
    assert len(times["shared.test"]) == 4
    assert _shortest(times["shared.test"]) >= 0.4 - AS_SEEN_BY_THE_SERVER


def test_h15_crawl_delay_is_kept(times: dict[str, list[float]]) -> None:
    assert len(times["slow.test"]) == 2
    assert _shortest(times["slow.test"]) >= 1.0 - AS_SEEN_BY_THE_SERVER
