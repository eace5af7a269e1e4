"""MetricsLeave: who may read the numbers of this server. They are for its operator alone."""

from collections.abc import Mapping
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from distribution.settings import HttpSettings

# What proxies add, each of them: whoever comes that way is as far away as anybody.
_OF_PROXIES: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
_BEARER: Final = "bearer "


class MetricsLeave:
    """Lets in who asks directly from certain addresses, and who shows the token."""

    def __init__(self, settings: HttpSettings) -> None:
        self._networks = [ip_network(each) for each in sorted(settings.metrics_addresses)]
        self._token = settings.metrics_token.encode()

    def is_given(self, address: str | None, headers: Mapping[str, str]) -> bool:
        """Whether a request from an address, with these headers, may be answered."""
        if self._token and self._shows_token(headers.get("Authorization", "")):
            return True
        if address is None or any(name in headers for name in _OF_PROXIES):
            return False
        try:
            asking = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(asking, IPv6Address) and asking.ipv4_mapped is not None:
            asking = asking.ipv4_mapped
        return any(asking in network for network in self._networks)

    def _shows_token(self, authorization: str) -> bool:
        if authorization[: len(_BEARER)].lower() != _BEARER:
            return False
        shown = authorization[len(_BEARER) :].strip().encode("utf-8", "surrogateescape")
        return compare_digest(shown, self._token)
