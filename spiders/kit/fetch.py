"""One answer, fetched as every crawl fetches: politely, guarded, by robots.txt.

``python -m spiders.kit.fetch URL FILE`` is the child process that does it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from spiders.errors import SiteError, Unreachable


def fetch(url: str, into: Path, replay: str = "") -> bytes:
    """The body of one answer, also written to ``into``. Raises Unreachable with what stood in the way."""
    said = [sys.executable, "-m", "spiders.kit.fetch", url, str(into), *([replay] if replay else [])]
    done = subprocess.run(said, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not into.exists():
        lines = done.stderr.strip().splitlines() or ["no answer"]
        raise Unreachable(lines[-1], url)
    return into.read_bytes()


def main(arguments: list[str]) -> int:
    """The child: exit status 0 and the file written, or 1 and the reason on stderr."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    from spiders.bases.board import replay_settings

    url, into = arguments[0], Path(arguments[1])
    wrong: list[str] = []

    class One(Spider):
        name = "one"

        async def start(self) -> AsyncIterator[Any]:
            self.allowed_domains = [urlsplit(url).hostname or ""]
            yield Request(url, callback=self.keep, errback=self.say)

        def keep(self, response: Any) -> None:
            into.write_bytes(response.body)

        def say(self, failure: Any) -> None:
            error = failure.value
            wrong.append(error.because if isinstance(error, SiteError) else f"{type(error).__name__}: {error}")

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "config.crawling")
    settings = get_project_settings()
    settings.set("LOG_LEVEL", "ERROR", priority="cmdline")
    if len(arguments) > 2:
        settings.setdict({**replay_settings(arguments[2]), "ROLECALL_REPLAY": arguments[2]}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(One)
    process.start()
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    return 1 if wrong or not into.exists() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
