"""HOST:PORT as people write it on a command line."""

from typing import NamedTuple


class ListenAddress(NamedTuple):
    """Where to listen. Port 0 lets the system choose."""

    host: str
    port: int


def parse_listen_address(text: str) -> ListenAddress:
    """Read `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or `:8080` (all). Raises ValueError."""
    host, separator, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not separator or not (port.isascii() and port.isdecimal()) or int(port) > 65_535:
        raise ValueError(f"expected HOST:PORT with a port from 0 to 65535, got {text!r}")
    if ":" in host and not bracketed:
        raise ValueError(f"expected an IPv6 address in brackets, like [::1]:{port}, got {text!r}")
    return ListenAddress((host[1:-1] if bracketed else host) or "0.0.0.0", int(port))  # noqa: S104 -- ":8080" asks for all interfaces


def format_listen_address(host: str, port: int) -> str:
    """Write an address so that a URL may hold it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
