"""Which address a request came from, and which addresses count as one party. Pure."""

from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

_REMEMBERED: Final = 1024  # addresses: who asks once asks again, and reading one takes 3 us


def client_address(
    remote: str | None, forwarded_for: str | None, trusted_proxies: Collection[str]
) -> str:
    """Return the client's address: `remote`, or what a trusted proxy says in X-Forwarded-For.

    Read from the right, the first address that is no trusted proxy: those further left are
    claims of the client itself. Text that is no address is never returned.
    """
    address = _canonical(remote or "")
    hops = (forwarded_for or "").split(",")
    while address in trusted_proxies and hops:
        named = _canonical(hops.pop())
        if not named:
            break
        address = named
    return address


@lru_cache(_REMEMBERED)
def network_of(address: str) -> str:
    """Return what stands for one party: an IPv4 address as it is, an IPv6 address as its /64."""
    try:
        parsed = ip_address(address.partition("%")[0])  # a link-local zone follows the sign
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, 64), strict=False))


@lru_cache(_REMEMBERED)
def _canonical(text: str) -> str:
    try:
        parsed = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed)
