"""Settings of the HTTP side: where it listens and what one viewer, or all of them, may take."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

# As browsers serialise it (RFC 6454, 6.2): scheme, host, port if unusual; lower case, no path.
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")

_TOKEN_CHARACTERS_MIN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """How viewers are served.

    `allowed_origins` are the web origins whose scripts may read live media and the API; `*` is
    every origin, right for public channels: nothing here depends on cookies.

    `connection_limit` counts all connections and should lie below the process's open-file limit.
    `address_connection_limit` counts those of one IPv4 address or IPv6 /64 network;
    `proxy_addresses` are exempt from it, because a reverse proxy brings all its viewers from one
    address.
    `blocked_limit` counts requests that wait for media at one moment.

    `header_timeout_s` is for the first request of a connection, `keep_alive_s` for the silence
    between two. A viewer who takes no byte of a response for `write_stall_s`, or not all of it
    within `write_limit_s`, is cut off. `write_buffer_bytes` is how much of one response may lie
    unsent before the next request of the same connection has to wait.

    `metrics_addresses` are the addresses and networks that /metrics is for, asked directly and
    through no proxy; who shows `metrics_token` (Authorization: Bearer) may ask from anywhere.

    `drain_s` bounds how long running responses may take when the server stops.
    """

    host: str = "0.0.0.0"  # noqa: S104 - viewers are elsewhere; nothing here is for the operator alone
    port: int = 8080
    allowed_origins: tuple[str, ...] = ("*",)
    connection_limit: int = 10_000
    address_connection_limit: int = 500
    proxy_addresses: frozenset[str] = frozenset({"127.0.0.1", "::1"})
    blocked_limit: int = 8_000
    header_timeout_s: float = 10.0
    keep_alive_s: float = 75.0  # longer than the 60 s after which nginx drops idle upstreams
    write_stall_s: float = 10.0
    write_limit_s: float = 60.0
    write_buffer_bytes: int = 256 * 1024  # a 0.334 s part of 4 Mbit/s video fits
    metrics_addresses: frozenset[str] = frozenset({"127.0.0.0/8", "::1"})
    metrics_token: str = field(default="", repr=False)
    drain_s: float = 10.0

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        if not 0 <= self.port <= 65_535:
            raise ValueError(f"port: expected 0 to 65535, got {self.port}")
        for name in (
            "connection_limit",
            "address_connection_limit",
            "blocked_limit",
            "write_buffer_bytes",
        ):
            value = getattr(self, name)
            if value < 1:
                raise ValueError(f"{name}: expected 1 or more, got {value}")
        for name in ("header_timeout_s", "keep_alive_s", "write_stall_s", "write_limit_s"):
            value = getattr(self, name)
            if value <= 0:
                raise ValueError(f"{name}: expected more than 0, got {value}")
        if self.drain_s < 0:
            raise ValueError(f"drain_s: expected 0 or more, got {self.drain_s}")
        if self.write_limit_s < self.write_stall_s:
            raise ValueError(
                f"write_limit_s: expected write_stall_s ({self.write_stall_s}) or more, "
                f"got {self.write_limit_s}"
            )
        for origin in self.allowed_origins:
            if origin != "*" and _ORIGIN.fullmatch(origin) is None:
                raise ValueError(
                    "allowed_origins: expected '*' or origins such as 'https://example.org', "
                    f"got {origin!r}"
                )
        if "*" in self.allowed_origins and len(self.allowed_origins) > 1:
            raise ValueError("allowed_origins: expected '*' alone or a list of origins, got both")
        for address in self.proxy_addresses:
            ip_address(address)  # says what is wrong by itself
        for address in self.metrics_addresses:
            ip_network(address)  # as above
        if self.metrics_token and len(self.metrics_token) < _TOKEN_CHARACTERS_MIN:
            raise ValueError(
                f"metrics_token: expected {_TOKEN_CHARACTERS_MIN} or more characters, "
                f"got {len(self.metrics_token)}"
            )
