"""Progress: whether one connection's peer asks, and takes what it is sent."""

import asyncio
import fcntl
import sys
import termios

from distribution.settings import HttpSettings


class Progress:
    """Looks at a connection now and then; costs nothing between two looks.

    Times are in the loop's seconds. `paused_since` is since when a response waits for its reader.
    """

    __slots__ = (
        "_closing_since",
        "_opened_at",
        "_pending_bytes",
        "_progress_at",
        "_socket",
        "paused_since",
    )

    def __init__(self, stream_socket: asyncio.Transport, now: float) -> None:
        # aiohttp forgets its transport when it begins to close it; a close waits for unsent bytes.
        self._socket = stream_socket
        self._opened_at = self._progress_at = now
        self._closing_since: float | None = None
        self._pending_bytes = 0
        self.paused_since: float | None = None

    def is_stalled(self, now: float, settings: HttpSettings, *, has_requested: bool) -> bool:
        """Whether the peer has sent no request, or taken no byte, or too few, for too long."""
        if not has_requested and now - self._opened_at > settings.header_timeout_s:
            return True
        pending_bytes = _untaken_bytes(self._socket)
        if pending_bytes < self._pending_bytes or not pending_bytes:
            self._progress_at = now
        self._pending_bytes = pending_bytes
        if now - self._progress_at > settings.write_stall_s:
            return True
        if self._socket.is_closing() and self._closing_since is None:
            self._closing_since = now
        since = self.paused_since if self._closing_since is None else self._closing_since
        return since is not None and now - since > settings.write_limit_s


def _untaken_bytes(stream_socket: asyncio.Transport) -> int:
    """Count what waits here for the peer, plus what the kernel holds until the peer has it.

    Without the kernel's share a slow but honest reader would seem to stand still: the kernel takes
    more from here only when a third of its megabytes has become free.
    """
    unsent_bytes = stream_socket.get_write_buffer_size()
    if not unsent_bytes:
        return 0
    answer = bytearray(4)
    try:
        fcntl.ioctl(stream_socket.get_extra_info("socket").fileno(), termios.TIOCOUTQ, answer)
    except (OSError, ValueError):  # not every system says so of a socket; ValueError if closed
        return unsent_bytes
    return unsent_bytes + int.from_bytes(answer, sys.byteorder)
