"""Resolving: names to addresses that may be reached, on threads of its own.

The addresses that were judged are those that are connected to: nothing is resolved twice, so a
name that means one thing to who checks and another to who connects (DNS rebinding) gains nothing.
"""

import asyncio
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from aiohttp.abc import AbstractResolver, ResolveResult

from accounts.outbound.errors import RefusedAddressError
from accounts.outbound.public_address import is_public

Lookup = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a name, as numbers. Waits; raises OSError."""

_THREADS: Final = 16
# Who has a domain can have its names answered after half a minute, and as many of them as they
# like. The system's resolver cannot be told to hurry: names that were slow wait for each other.
_SLOW_THREADS: Final = 4
_SLOW_S: Final = 3.0
_SLOW_NAMES_MAX: Final = 10_000
_RECEIVE_BUFFER_BYTES: Final = 8192  # Linux doubles it


def system_lookup(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class CheckedResolver(AbstractResolver):
    """Resolves names for one connector, and refuses those that lead anywhere else.

    Names of strangers may take long: they wait on threads that nothing else waits for. One address
    that is not public condemns the whole name: no honest receiver has such.
    """

    def __init__(self, lookup: Lookup, *, allow_private: bool, slow_s: float = _SLOW_S) -> None:
        self._lookup = lookup
        self._slow_s = slow_s
        self._allow_private = allow_private
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="outbound-names")
        self._slow_threads = ThreadPoolExecutor(_SLOW_THREADS, thread_name_prefix="outbound-slow")
        self._slow: OrderedDict[str, None] = OrderedDict()

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - aiohttp's signature
    ) -> list[ResolveResult]:
        """Return the addresses of a host. Raises OSError, RefusedAddressError."""
        loop = asyncio.get_running_loop()
        threads = self._slow_threads if host in self._slow else self._threads
        found = await loop.run_in_executor(threads, self._look_up, loop, host, port)
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
        for threads in (self._threads, self._slow_threads):
            threads.shutdown(wait=False, cancel_futures=True)

    def _look_up(self, loop: asyncio.AbstractEventLoop, host: str, port: int) -> Sequence[str]:
        """Look a name up, on a thread, and have the loop told how long that took."""
        begun = time.monotonic()
        try:
            return self._lookup(host, port)
        finally:
            is_slow = time.monotonic() - begun >= self._slow_s
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(self._note, host, is_slow)

    def _note(self, host: str, is_slow: bool) -> None:
        self._slow.pop(host, None)
        if is_slow:
            self._slow[host] = None
            if len(self._slow) > _SLOW_NAMES_MAX:
                self._slow.popitem(last=False)


def narrow_socket(info: Any) -> socket.socket:
    """Make the socket that will connect to an address. Raises OSError.

    What it takes at one time is little, so that much of it costs the event loop many turns.
    """
    family, kind, protocol, _, _ = info
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
    return made


def checked_socket(info: Any) -> socket.socket:
    """Make the socket that will connect to an address, unless nobody may. Raises OSError.

    The last gate: whatever way an address has come (a number in the URL is resolved by nobody),
    it is connected to with this socket or not at all.
    """
    if not is_public(str(info[4][0])):
        raise RefusedAddressError("the address is not public")
    return narrow_socket(info)
