"""Alarm: wakes what looks for work now and then, when there is some sooner."""

import asyncio


class Alarm:
    """For one waiter. Rings in the event loop that it waits in."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiter, or let it not wait the next time."""
        self._rung.set()

    def clear(self) -> None:
        """Forget that it rang: to be called before looking, so that what rings meanwhile counts."""
        self._rung.clear()

    async def wait(self, at_most_s: float) -> bool:
        """Wait until it rings; whether it did."""
        try:
            async with asyncio.timeout(at_most_s):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True
