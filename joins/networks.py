"""Which IP addresses one visitor can choose from. No Django here."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Network, ip_address

LONGEST = 43  # characters: the longest IPv6 network


@lru_cache(maxsize=1000)
def of_address(address):
    """Return (network, wider network) of an address: for IPv6 its /64 and its /48, else the address twice (T20)."""
    try:
        found = ip_address(address)
    except ValueError:  # such as the name of a socket
        return address[:LONGEST], address[:LONGEST]
    found = getattr(found, "ipv4_mapped", None) or found
    if found.version == 4:
        return str(found), str(found)
    return tuple(str(IPv6Network((int(found), length), strict=False)) for length in (64, 48))


def is_visitor_address(address):
    """Return whether requests can come from this address, other than from this machine or its own cable."""
    found = getattr(address, "ipv4_mapped", None) or address
    is_kept_free = isinstance(found, IPv4Address) and found.is_reserved
    nowhere = found.is_unspecified or found.is_loopback or found.is_link_local or found.is_multicast
    return not (nowhere or is_kept_free)
