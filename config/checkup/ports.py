"""Ports: free for a server to come, or taken by the one that runs."""

import errno
import socket
from typing import Final

from config.checkup.result import Result, advice, fine, problem
from config.listen_address import format_listen_address
from config.settings import RillcastSettings

_NEEDS_ROOT_BELOW: Final = 1024


def check_ports(settings: RillcastSettings, *, is_served: bool) -> list[Result]:
    """Look at each address; `is_served` says that a server runs with this data folder."""
    addresses = [
        ("http", settings.http.host, settings.http.port),
        ("rtmp", settings.rtmp.host, settings.rtmp.port),
    ]
    if settings.rtmp.tls is not None:
        addresses.append(("rtmp.tls", settings.rtmp.tls.host, settings.rtmp.tls.port))
    # Where no shows are kept, a running server has not taken the folder, and is not seen.
    may_be_ours = not settings.packager.journal
    return [
        _check(name, host, port, is_served=is_served, may_be_ours=may_be_ours)
        for name, host, port in addresses
    ]


def _check(name: str, host: str, port: int, *, is_served: bool, may_be_ours: bool) -> Result:
    subject, address = f"{name} port", format_listen_address(host, port)
    if port == 0:
        return fine(subject, "chosen by the system at the start")
    error = _why_not(host, port)
    if error is None:
        if is_served:
            return problem(
                subject,
                f"a server runs with this data folder, but not at {address}",
                "give this command the flags and the settings file of the server, or restart it",
            )
        return fine(subject, f"{address} is free")
    if error.errno == errno.EADDRINUSE:
        if is_served:
            return fine(subject, f"{address} is the running server's")
        if may_be_ours:
            return advice(
                subject,
                f"{address} is taken, by the server itself or by another program",
                f"if no server runs, find it with `ss -ltnp 'sport = :{port}'`",
            )
        return problem(
            subject,
            f"{address} is taken by another program",
            f"find it with `ss -ltnp 'sport = :{port}'`, or choose another {name}.port",
        )
    if error.errno == errno.EACCES and port < _NEEDS_ROOT_BELOW:
        return problem(
            subject,
            f"{address} is for root alone",
            f"choose a {name}.port of {_NEEDS_ROOT_BELOW} or more, with a proxy in front",
        )
    return problem(
        subject,
        f"cannot listen on {address}: {error.strerror or error}",
        f"name an address of this machine in {name}.host",
    )


def _why_not(host: str, port: int) -> OSError | None:
    """Try to listen, and let go at once."""
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as trying:
                # As servers do: what closed a moment ago does not keep the port.
                trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    trying.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                trying.bind(address)
                trying.listen(1)
    except OSError as error:
        return error
    return None
