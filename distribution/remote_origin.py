"""Remote origin: what stands for one customer of a provider in limits. Pure."""

from ipaddress import IPv6Address, ip_address, ip_network


def origin_of(address: str) -> str:
    """Return an IPv4 address as it is and an IPv6 address as its /64; other text unchanged."""
    try:
        parsed = ip_address(address.partition("%")[0])  # a link-local zone follows the sign
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, 64), strict=False))
