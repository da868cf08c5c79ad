"""The guard's judgements, one by one: addresses, names with several, bounds of a spider, words for logs."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address, IPv6Address

import config.crawling
from config.settings import settings as operator
from spiders.bounds import objection
from spiders.errors import printable
from spiders.guard import GuardedResolver, is_public
from spiders.middlewares.loglines import LONGEST, one_line

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1"),
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "100.127.255.255", "192.0.2.1", "198.18.0.1", "203.0.113.9"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"),
    # nobody's yet, or everybody's: global by the library's word
    *("4000::1", "ff0e::1", "::8.8.8.8:0:1"),
    *("", "localhost", "2130706433", "127.1", "0x7f.1", "8.8.8.8:80"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_h12_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_h12_an_address_inside_another_is_judged_as_itself(address: Any) -> None:
    number = int(address)
    for inside in (f"::ffff:{address}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}"):
        assert is_public(inside) == is_public(str(address))


class _Names:
    """A name server with a table, and a client that notes what it was told."""

    def __init__(self, *addresses: Any) -> None:
        self.addresses = addresses
        self.told: list[Any] = []
        self.complete = False

    def resolveHostName(self, receiver: Any, *args: Any) -> None:
        receiver.resolutionBegan(None)
        for address in self.addresses:
            receiver.addressResolved(address)
        receiver.resolutionComplete()

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.told.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete = True


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The guard as it stands for an operator; the names of this file are in a table."""
    monkeypatch.setenv("ROLECALL_OFFLINE", "0")
    operator.cache_clear()
    yield
    operator.cache_clear()


def _resolved(name: str, port: int, allowed: tuple[str, ...], *addresses: Any) -> list[Any]:
    names = _Names(*addresses)
    resolver = GuardedResolver(SimpleNamespace(nameResolver=names), 10, allowed)
    resolver.resolveHostName(names, name, port)
    assert names.complete, "a name that is refused is resolved to nothing, not left hanging"
    return names.told


def test_h12_one_private_address_spoils_a_name() -> None:
    public, private = IPv4Address("TCP", "8.8.8.8", 80), IPv6Address("TCP", "::1", 80)
    assert _resolved("a.test", 80, (), public) == ["8.8.8.8"]
    assert _resolved("b.test", 80, (), public, private) == []
    assert _resolved("b.test", 80, (), public, private) == [], "nor from the cache of names"


def test_h12_what_is_allowed_is_one_port_of_one_address() -> None:
    here = IPv4Address("TCP", "127.0.0.1", 8080)
    assert _resolved("c.test", 8080, ("127.0.0.1:8080",), here) == ["127.0.0.1"]
    assert _resolved("c.test", 8081, ("127.0.0.1:8080",), here) == []


def test_h12_by_default_nothing_private_is_allowed() -> None:
    assert config.crawling.ROLECALL_ALLOW_PRIVATE == ()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://jobs.example.com/a", ""),
        ("https://eu.jobs.example.com/a", ""),
        ("https://JOBS.example.com./a", ""),
        ("https://jobs.example.com.evil.test/", "host jobs.example.com.evil.test is not on the card"),
        ("https://notjobs.example.com/", "host notjobs.example.com is not on the card"),
        ("https://jobs.example.com@evil.test/", "host evil.test is not on the card"),
        ("file:///etc/hostname", "scheme file:"),
        ("//jobs.example.com/", "scheme :"),
        ("http://[::1", "an address that cannot be read"),
    ],
)
def test_h14_where_a_spider_may_go(url: str, said: str) -> None:
    assert objection(url, ["jobs.example.com"]) == said


@given(st.text(max_size=300))
def test_an_address_that_is_none_is_never_an_exception(text: str) -> None:
    objection(text, ["jobs.example.com"])
    printable(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "https://api.example.com/?app_id=1&app_key=abc&page=2",
            "https://api.example.com/?app_id=***&app_key=***&page=2",
        ),
        ("<GET https://u:p@example.com/?token=x> (failed)", "<GET https://***@example.com/?token=***> (failed)"),
        ("https://example.com/monkey?page=2", "https://example.com/monkey?page=2"),
    ],
)
def test_f11_secrets_of_an_address_are_not_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(max_size=3000))
def test_f10_a_message_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_f10_a_title_of_a_megabyte_is_cut() -> None:
    assert len(one_line("\x1b[2K\n" + "a" * 2**20)) < LONGEST + 100
