"""ConnectionTable: all connections of one server, and what they may take together."""

import asyncio
from collections import Counter
from typing import Protocol

from distribution.remote_origin import origin_of
from distribution.settings import HttpSettings


class WatchedConnection(Protocol):
    """What the table needs of a connection."""

    def is_stalled(self, now: float, settings: HttpSettings) -> bool:
        """Whether its peer has been too slow at `now`, in the loop's seconds."""
        ...

    def is_silent(self, now: float, settings: HttpSettings) -> bool:
        """Whether nothing was asked of it for too long at `now`; looked at every second or so."""
        ...

    def abort(self) -> None:
        """Drop it at once."""
        ...

    def force_close(self) -> None:
        """Close it after what was sent already."""
        ...


class ConnectionTable:
    """All open connections: admits them within the limits and cuts those that take nothing.

    Owned by the event loop that serves. Nothing is done per response: `cut_stalled` and
    `close_silent` look at every connection about once a second.
    """

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._connections: set[WatchedConnection] = set()
        self._per_origin: Counter[str] = Counter()
        self._emptied: asyncio.Future[None] | None = None
        self.refused_count = 0
        self.malformed_count = 0
        self.cut_count = 0

    def __len__(self) -> int:
        return len(self._connections)

    def admit(self, connection: WatchedConnection, address: str) -> bool:
        """Take in the connection, unless there are too many already, or too many from there."""
        limits, origin = self._settings, origin_of(address)
        if len(self._connections) >= limits.connection_limit or (
            address not in limits.proxy_addresses
            and self._per_origin[origin] >= limits.address_connection_limit
        ):
            self.refused_count += 1
            return False
        self._connections.add(connection)
        self._per_origin[origin] += 1
        return True

    def remove(self, connection: WatchedConnection, address: str) -> None:
        """Forget a connection that was admitted and is lost."""
        self._connections.discard(connection)
        origin = origin_of(address)
        self._per_origin[origin] -= 1
        if not self._per_origin[origin]:
            del self._per_origin[origin]
        if not self._connections and self._emptied is not None and not self._emptied.done():
            self._emptied.set_result(None)

    async def wait_empty(self) -> None:
        """Return when the last connection is lost. One caller at a time."""
        if self._connections:
            self._emptied = asyncio.get_running_loop().create_future()
            await self._emptied

    def abort_all(self) -> None:
        """Close every connection without waiting for unsent bytes."""
        for connection in list(self._connections):
            connection.abort()

    def cut_stalled(self, now: float) -> None:
        """Abort every connection that has been too slow at `now`, in the loop's seconds."""
        for connection in list(self._connections):
            if connection.is_stalled(now, self._settings):
                self.cut_count += 1
                connection.abort()

    def close_silent(self, now: float) -> None:
        """Close every connection that had no request for too long at `now`."""
        for connection in list(self._connections):
            if connection.is_silent(now, self._settings):
                connection.force_close()
