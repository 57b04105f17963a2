"""From which address a request comes: of the connection, or what our own proxy says of it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # nosec B104
"""Stands for the address where nobody says it: a socket file, or a proxy that keeps silent."""
HEADER = "HTTP_X_FORWARDED_FOR"
NETWORK_OF_ONE_CLIENT = 64
"""Bits of an IPv6 address that a provider gives to one household: the rest anybody may choose."""


def client_address(request: HttpRequest) -> str:
    """The address for counting and for the log; of IPv6 the network that one client is given.

    Only behind a proxy of ours is the header asked, and in it the last entry, which that proxy has
    written: all before it came with the request, and may be invented.
    """
    written = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        entries = request.META.get(HEADER, "").split(",")
        # With two proxies of ours, one behind the other, the client is the last but one.
        position = len(entries) - settings.NUMBER_OF_PROXIES
        written = entries[position] if position >= 0 else ""
    return _normal(written.strip())


def is_known_address(address: str) -> bool:
    return address != UNKNOWN


def _normal(written: str) -> str:
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    network = ipaddress.ip_network((int(address), NETWORK_OF_ONE_CLIENT), strict=False)
    return str(network.network_address)
