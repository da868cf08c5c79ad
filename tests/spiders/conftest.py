"""One crawl of all recordings serves every test that looks at what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spiders.kit.goldens import Crawled, crawl_recorded
from spiders.replay import recordings

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(scope="session")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Crawled]:
    """What a crawl of all packaged recordings left, by source."""
    crawled, _ = crawl_recorded(recordings(), tmp_path_factory.mktemp("spool"))
    return crawled
