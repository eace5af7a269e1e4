"""Resolving: names to addresses that may be reached, on threads of its own.

The addresses that were judged are those that are connected to: nothing is resolved twice, so a
name that means one thing to who checks and another to who connects (DNS rebinding) gains nothing.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from aiohttp.abc import AbstractResolver, ResolveResult

from accounts.outbound.errors import RefusedAddressError
from accounts.outbound.public_address import is_public

Lookup = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a name, as numbers. Waits; raises OSError."""

_THREADS: Final = 8


def system_lookup(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class CheckedResolver(AbstractResolver):
    """Resolves names for one connector, and refuses those that lead anywhere else.

    Names of strangers may take long: they wait on threads that nothing else waits for. One address
    that is not public condemns the whole name: no honest receiver has such.
    """

    def __init__(self, lookup: Lookup, *, allow_private: bool) -> None:
        self._lookup = lookup
        self._allow_private = allow_private
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="outbound-names")

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - aiohttp's signature
    ) -> list[ResolveResult]:
        """Return the addresses of a host. Raises OSError, RefusedAddressError."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._lookup, host, port)
        if not found:
            raise OSError("the name has no address")
        if not self._allow_private and not all(map(is_public, found)):
            raise RefusedAddressError("the name leads to an address that is not public")
        return [
            ResolveResult(
                hostname=host,
                host=number,
                port=port,
                family=socket.AF_INET6 if ":" in number else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for number in found
        ]

    async def close(self) -> None:
        """Let the threads end; nobody waits for them."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def checked_socket(info: Any) -> socket.socket:
    """Make the socket that will connect to an address, unless nobody may. Raises OSError.

    The last gate: whatever way an address has come (a number in the URL is resolved by nobody),
    it is connected to with this socket or not at all.
    """
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise RefusedAddressError("the address is not public")
    return socket.socket(family, kind, protocol)
