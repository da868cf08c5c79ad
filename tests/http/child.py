"""A crawl process of small spiders with Rolecall's settings: reads its orders as JSON, prints what each saw as JSON.

Orders: ``{"allow": [...], "names": {name: [address, ...] or [[first answer], [second answer]]}, "settings": {...},
"spiders": {case: {"urls": [...], "domains": [...], "headers": {...}, "meta": {...}, "validators": {...},
"settings": {...}}}}``.
"""

from __future__ import annotations

import json
import resource
import socket
import sys
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.resolver import dnscache
from scrapy.settings import Settings
from twisted.internet._resolver import GAIResolver

from spiders.errors import OperatorError, SiteError
from spiders.guard import GuardedResolver

NAMES: dict[str, list[Any]] = {}
FOUND: dict[str, dict[str, Any]] = {}


class TableResolver(GuardedResolver):
    """The guard over a table of names, so that no test asks a name server; several answers are given in turn."""

    def __init__(self, reactor: Any, cache_size: int, allowed: Any = ()) -> None:
        super().__init__(reactor, cache_size, allowed)
        self.original_resolver = GAIResolver(reactor, getaddrinfo=_addresses)

    def resolveHostName(self, receiver: Any, name: str, *args: Any, **kw: Any) -> Any:
        if isinstance(NAMES.get(name, [""])[0], list):
            dnscache.pop(name, None)
        return super().resolveHostName(receiver, name, *args, **kw)


def _addresses(host: str, port: int, *args: Any) -> list[Any]:
    said = NAMES.get(host)
    if said is None:
        if "test" in host or host == "localhost":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [_numeric(host, port)]
    if isinstance(said[0], list):
        said = said.pop(0) if len(said) > 1 else said[0]
    return [_numeric(address, port) for address in said]


def _numeric(address: str, port: int) -> Any:
    """What getaddrinfo makes of an address in any spelling, without asking anybody."""
    where: tuple[Any, ...]
    try:
        family, where = socket.AF_INET, (socket.inet_ntoa(socket.inet_aton(address)), port)
    except OSError:
        try:
            family, where = socket.AF_INET6, (str(IPv6Address(address)), port, 0, 0)
        except ValueError:
            raise socket.gaierror(socket.EAI_NONAME, "no such name") from None
    return family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where


class Probe(Spider):
    """Asks for what it is told and notes what came of it."""

    name = "probe"

    def __init__(self, case: str, order: dict[str, Any], **kw: Any) -> None:
        super().__init__(case, **kw)
        self.order = order
        self.found: dict[str, Any] = {"pages": [], "errors": []}
        FOUND[case] = self.found
        if order.get("domains"):
            self.allowed_domains = order["domains"]
        self.validators = order.get("validators", {})

    async def start(self) -> Any:
        for url in self.order["urls"]:
            yield Request(
                url,
                callback=self.parse,
                errback=self.failed,
                headers=self.order.get("headers"),
                meta=dict(self.order.get("meta", {})),
                method=self.order.get("method", "GET"),
                body=self.order.get("body", ""),
            )

    def parse(self, response: Any) -> None:
        self.found["pages"].append(
            {
                "url": response.url,
                "status": response.status,
                "length": len(response.body),
                "start": response.body[:200].decode("latin-1"),
            }
        )

    def failed(self, failure: Any) -> None:
        error = failure.value
        self.found["errors"].append(
            {
                "kind": type(error).__name__,
                "state": error.state if isinstance(error, SiteError | OperatorError) else "",
                "because": getattr(error, "because", str(error)),
                "url": failure.request.url,
            }
        )


def _peak() -> int:
    """KiB of memory at the peak of this process; getrusage would count that of the parent before exec too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def main() -> None:
    """Crawl, and print ``{case: {pages, errors, stats, rss}}``."""
    order = json.load(sys.stdin)
    NAMES.update(order["names"])
    settings = Settings()
    settings.setmodule("config.crawling", priority="project")
    settings.setdict(
        {"TWISTED_DNS_RESOLVER": TableResolver, "LOG_LEVEL": "WARNING", "SPIDER_MODULES": []}, priority="project"
    )
    settings.set("ROLECALL_ALLOW_PRIVATE", order["allow"], priority="cmdline")
    settings.setdict(order.get("settings", {}), priority="cmdline")
    process, crawlers = AsyncCrawlerProcess(settings), {}
    for case, asked in order["spiders"].items():
        own = settings.copy()
        own.setdict(asked.get("settings", {}), priority="cmdline")
        crawler = Crawler(Probe, own)
        process.crawl(crawler, case=case, order=asked)
        crawlers[case] = crawler
    process.start()
    for case, found in FOUND.items():
        found["stats"] = {k: v for k, v in crawlers[case].stats.get_stats().items() if isinstance(v, str | int | float)}
        found["rss"] = _peak()
    print(json.dumps(FOUND))


if __name__ == "__main__":
    main()
