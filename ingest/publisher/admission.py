"""Admission: how many connections there are, and how many of them from one place."""

from collections import Counter
from ipaddress import IPv6Address, ip_address, ip_network

from ingest.publisher.settings import RtmpSettings


class Admission:
    """Counts connections in and out."""

    def __init__(self, settings: RtmpSettings) -> None:
        self._settings = settings
        self._total = 0
        self._by_origin: Counter[str] = Counter()

    def admit(self, remote_host: str) -> bool:
        """Count a connection in, or say that there are too many already."""
        settings = self._settings
        origin = origin_of(remote_host)
        if self._total >= settings.connection_limit:
            return False
        is_proxy = remote_host in settings.proxy_addresses
        if not is_proxy and self._by_origin[origin] >= settings.address_connection_limit:
            return False
        self._total += 1
        self._by_origin[origin] += 1
        return True

    def release(self, remote_host: str) -> None:
        """Count out a connection that was admitted."""
        origin = origin_of(remote_host)
        self._total -= 1
        self._by_origin[origin] -= 1
        if not self._by_origin[origin]:
            del self._by_origin[origin]


def origin_of(remote_host: str) -> str:
    """Return what stands for one customer of a provider: an IPv4 address or an IPv6 /64."""
    try:
        address = ip_address(remote_host.partition("%")[0])  # a link-local zone follows the sign
    except ValueError:
        return remote_host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))
