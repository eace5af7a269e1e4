"""Settings of the RTMP side: where it listens and what one publisher, or all of them, may take."""

from dataclasses import dataclass, field
from pathlib import Path

from ingest.rtmp import RtmpLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSettings:
    """Where RTMPS is served, with which certificate chain and private key (PEM files).

    The files are read at the start. OBS refuses certificates that its system does not trust.
    """

    certificate: Path
    private_key: Path
    host: str = "0.0.0.0"  # noqa: S104 - publishers are elsewhere
    port: int = 1936

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        _check_port("tls.port", self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class RtmpSettings:
    """How publishers are served.

    `connection_limit` counts all connections and should lie below the process's open-file limit.
    `address_connection_limit` counts those of one IPv4 address or IPv6 /64 network;
    `proxy_addresses` are exempt from it, because a TCP proxy brings everybody from one address.

    A publisher who sends no media for `idle_timeout_s`, or no whole message of it for three times
    as long, is taken for lost: a dead link shows in no other way. `authorization_timeout_s` bounds
    how long one attempt may be thought about.

    `write_buffer_bytes` may lie unsent for one peer before it is cut off; all that a server says
    in a whole session is less than that. A peer that is shown out has `linger_s` to read why, and
    everybody `stop_timeout_s` when the server stops.
    """

    host: str = "0.0.0.0"  # noqa: S104 - publishers are elsewhere; keys decide who may publish
    port: int = 1935
    tls: TlsSettings | None = None
    connection_limit: int = 2_000
    address_connection_limit: int = 32
    proxy_addresses: frozenset[str] = frozenset({"127.0.0.1", "::1"})
    idle_timeout_s: float = 10.0
    authorization_timeout_s: float = 10.0
    write_buffer_bytes: int = 64 * 1024
    linger_s: float = 0.25
    stop_timeout_s: float = 3.0
    limits: RtmpLimits = field(default_factory=RtmpLimits)

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        _check_port("port", self.port)
        for name in ("connection_limit", "address_connection_limit", "write_buffer_bytes"):
            value = getattr(self, name)
            if value < 1:
                raise ValueError(f"{name}: expected 1 or more, got {value}")
        for name in ("idle_timeout_s", "authorization_timeout_s", "linger_s", "stop_timeout_s"):
            value = getattr(self, name)
            if value <= 0:
                raise ValueError(f"{name}: expected more than 0, got {value}")


def _check_port(name: str, port: int) -> None:
    if not 0 <= port <= 65_535:
        raise ValueError(f"{name}: expected 0 to 65535, got {port}")
