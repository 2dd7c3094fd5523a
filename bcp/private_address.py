"""Which addresses are inside a private network, where only what started inside may be sent."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_TRANSLATED = ip_network("64:ff9b::/96")
_TRANSLATED_INSIDE = ip_network("64:ff9b:1::/48")
# Written in documents and used in laboratories; nobody's network has them, although ipaddress counts them as private.
_EXAMPLES = [
    ip_network(each) for each in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


def is_inside(address: str) -> bool:
    """Whether a numeric address, IPv4 or IPv6, is this computer's, its network's, or of no use on the internet.

    That is: private, loopback, link-local, shared by a provider's customers (100.64.0.0/10), multicast, reserved,
    unspecified. An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is where that one is. What is no
    address at all is inside, so that nothing is sent there.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    carried = _carried(found)
    if carried is not None:
        return is_inside(str(carried))
    if any(found in each for each in _EXAMPLES):
        return False
    odd = found.is_multicast or found.is_reserved or found in _TRANSLATED_INSIDE
    return odd or not found.is_global or (isinstance(found, IPv6Address) and found.is_site_local)


def _carried(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which packets for this IPv6 one are handed in the end."""
    if isinstance(address, IPv4Address):
        return None
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
