"""The guard at the door: no connection to an address that is not public.

A name is judged when it is resolved for a connection, so first requests, redirects, robots.txt and retries, names
that answer differently the second time, and addresses written as numbers all pass here, and what was judged is what
is connected to. If any address of a name is not public, none is used.

It does not see requests through a proxy or a download handler without Twisted's reactor; the settings close both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from config.settings import settings as operator
from spiders.errors import Refused
from spiders.middlewares import count
from spiders.middlewares.hosts import origin

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_refused: set[tuple[str, int | None]] = set()
"""Names, with the port, that were resolved to nothing."""
_kept_from: set[tuple[str, int | None]] = set()
"""Those of them that are not asked since nobody is."""


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, the IPv4 address inside an IPv6 one included.

    False for what is no address at all. ``is_global`` alone lets multicast, site-local and embedded addresses pass.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved and not getattr(one, "is_site_local", False)
        for one in (_embedded(ip) or [ip])
    )


def _embedded(ip: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64, compatible."""
    if isinstance(ip, IPv4Address):
        return []
    if ip in _NAT64 or not int(ip) >> 32:
        return [IPv4Address(int(ip) & 0xFFFF_FFFF)]
    return [found for found in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if found is not None]


@implementer(IResolutionReceiver)
class _Judge:
    """Holds a name's addresses back until all are known, and hands them on only if all may be called."""

    def __init__(self, receiver: Any, name: str, port: int, allowed: frozenset[str]) -> None:
        self._receiver, self._name, self._port, self._allowed = receiver, name, port, allowed
        self._addresses: list[Any] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 (Twisted's name)
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if all(is_public(a.host) or f"{a.host}:{self._port}" in self._allowed for a in self._addresses):
            for address in self._addresses:
                self._receiver.addressResolved(address)
        else:
            _refused.add((self._name.lower(), self._port))
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """Resolves IPv4 and IPv6 as Scrapy does; a name with a private address resolves to nothing.

    ``ROLECALL_ALLOW_PRIVATE`` (``"127.0.0.1:8080"``) is read from the process's settings: no spider can widen it.
    Offline (the environment's ROLECALL_OFFLINE) nobody else is reached, and no name server is asked.
    """

    def __init__(self, reactor: Any, cache_size: int, allowed: Iterable[str] = ()) -> None:
        super().__init__(reactor, cache_size)
        self._allowed = frozenset(allowed)
        self._offline = operator().offline

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        settings = crawler.settings
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getlist("ROLECALL_ALLOW_PRIVATE"))

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        judge: Any = _Judge(resolutionReceiver, hostName, portNumber, self._allowed)
        if self._offline and f"{hostName}:{portNumber}" not in self._allowed:
            _kept_from.add((hostName.lower(), portNumber))
            hostName = "0.0.0.0"  # noqa: N806, S104 - an address that needs no looking up and that the judge refuses
        return super().resolveHostName(judge, hostName, portNumber, addressTypes, transportSemantics)


class Guard:
    """Says of a name that did not resolve whether it was the guard that refused it, before anything retries.

    Fails closed: a crawler whose process runs with another resolver (an in-process runner) gets the guard installed.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        from twisted.internet import reactor

        if not isinstance(reactor.nameResolver, GuardedResolver):
            GuardedResolver.from_crawler(crawler, reactor).install_on_reactor()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Guard:
        return cls(crawler)

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, CannotResolveHostError):
            return
        if origin(request)[1:] in _refused:
            why = "offline (ROLECALL_OFFLINE)" if origin(request)[1:] in _kept_from else "private address"
            raise count(self._crawler, request, Refused(why, request.url))
