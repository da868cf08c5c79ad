"""Found by every Python that a test starts, by its PYTHONPATH: it reaches loopback only, and who tried more is written down."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from typing import Any

NOTES = "TESTS_STRANGERS"
"""The environment variable that names the file of refusals."""
_NAMES_OF_THIS_MACHINE = {"", "localhost", "localhost.localdomain", "ip6-localhost"}


def stranger(host: Any) -> bool:
    """Whether a host is another machine, as far as its name tells."""
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        try:
            address = ipaddress.IPv4Address(socket.inet_aton(host))  # "2130706433", "127.1": no name is looked up
        except OSError:
            return host.lower() not in _NAMES_OF_THIS_MACHINE
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 6 and not int(address) >> 32:
        return False  # ::/96: this machine, or nowhere
    return not (address.is_loopback or address.is_unspecified)


def watch(event: str, args: tuple[Any, ...]) -> None:
    """Refuses what would leave this machine; noted too, since the code under test may swallow the refusal."""
    if not event.startswith("socket."):
        return
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        # Unix sockets have a path for an address, connected ones none
        host = args[1][0] if isinstance(args[1], tuple) and args[1] else ""
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = args[0]
    else:
        return
    if stranger(host):
        with open(os.environ[NOTES], "a", encoding="utf-8") as file:  # noqa: PTH123 - started in every process
            file.write(f"{event} {host!r}\n")
        raise PermissionError(f"tests reach loopback only: {event} {host!r}")


if NOTES in os.environ and not hasattr(sys, "loopback_only"):
    sys.loopback_only = True  # type: ignore[attr-defined]
    sys.addaudithook(watch)
