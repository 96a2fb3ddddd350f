"""Which addresses a machine on the internet may have, and which it may not (pure).

``ipaddress.is_global`` is not asked: on CPython 3.11 it calls 127.0.0.1 global when it is wrapped for NAT64 or 6to4. The blocks
are those of the IANA special-purpose address registries (RFC 6890 and its successors); wrapped addresses are judged by what is
inside.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_CLOSED_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (CGNAT)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata services of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays, retired
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)
_OPEN_6 = IPv6Network("2000::/3")
"""All addresses that were ever given to anybody."""
_CLOSED_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_MAPPED = IPv6Network("::ffff:0:0/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_SIX_TO_FOUR_SHIFT = 80
"""Bits behind the IPv4 address in a 6to4 address."""
_LOW_32 = 0xFFFFFFFF


def is_public(address: str) -> bool:
    """Return whether an address belongs to a machine that anybody may reach.

    Args:
        address: IPv4 or IPv6, as a resolver gives it; never a name. With a zone (``%eth0``) it is link-local and not public.
    """
    try:
        return _is_open(ip_address(address))
    except ValueError:
        return False


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _CLOSED_4)
    inside = _inside(address)
    if inside is not None:
        return _is_open(inside)
    return address.scope_id is None and address in _OPEN_6 and not any(address in block for block in _CLOSED_6)


def _inside(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that is wrapped in an IPv6 address, None where there is none."""
    if address in _NAT64 or address in _MAPPED:
        return IPv4Address(int(address) & _LOW_32)
    if address in _SIX_TO_FOUR:
        return IPv4Address(int(address) >> _SIX_TO_FOUR_SHIFT & _LOW_32)
    return None
