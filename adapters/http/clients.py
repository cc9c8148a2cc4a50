"""Pure: who a connection comes from, as far as limits go."""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

V6_PREFIX = 64
"""Bits of an IPv6 address that one customer shares: the rest is theirs to choose."""


def address_of(scope: Mapping[str, Any]) -> str:
    """The address of a request's connection, by its ASGI scope; empty where that has none."""
    return str(scope["client"][0]) if scope["client"] else ""


@lru_cache(4096)
def client_of(address: str) -> str:
    """The address, or the network of an IPv6 address. Text that is no address is itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, V6_PREFIX), strict=False))


class FrontDoors:
    """Proxies before us. Their word about a client's address is taken, and they are no client.

    `names`: addresses and networks, joined by commas. Raises ValueError for anything else: with
    everybody as a front door, every client could name another address in each request.
    """

    def __init__(self, names: str) -> None:
        parts = [name.strip() for name in names.split(",")]
        self._networks = [ipaddress.ip_network(name) for name in parts if name]

    def __contains__(self, address: str) -> bool:
        """Whether `address` is one of them."""
        if not self._networks:
            return False
        parsed = ipaddress.ip_address(address)
        return any(parsed in network for network in self._networks)
