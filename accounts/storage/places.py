"""Places: how many connections may be in use at one time."""

import asyncio

from accounts.storage.errors import BusyError


class Places:
    """So many as `count`; who waits for one longer than `wait_s` is refused."""

    def __init__(self, count: int, wait_s: float) -> None:
        self._free = asyncio.Semaphore(count)
        self._wait_s = wait_s

    async def take(self) -> None:
        """Take a place, to be given back. Raises BusyError."""
        if not self._free.locked():
            await self._free.acquire()  # at once
            return
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError:
            raise BusyError("no connection became free in time") from None

    def give_back(self) -> None:
        """Let the next one have it."""
        self._free.release()
