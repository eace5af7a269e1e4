"""BoundedThreads: work that may not run on the event loop, of which only so much may wait."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

Result = TypeVar("Result")
_NICER: Final = 5  # a third of the loop's share where both want all; never starved
_NICEST: Final = 19


class NoRoomError(Exception):
    """As much is done, and waits, as may."""


class BoundedThreads:
    """A few threads of one kind of work, so that no other kind waits behind it. Close it.

    They come after the event loop, where the system lets threads differ in that (Linux): on one
    core a password's 25 ms would else be shared out between it and live media.
    """

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name, initializer=_step_back)
        self._room = threads + waiting

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what the work returns. Raises NoRoomError, and what the work raises."""
        if self._room == 0:
            raise NoRoomError
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._room += 1

    def close(self) -> None:
        """End the threads once they are idle; what waits is not done."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _step_back() -> None:
    """Let this thread wait for the others of the process."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        # The process may be nice itself, and to be less so than before is not allowed.
        niceness = os.getpriority(os.PRIO_PROCESS, thread) + _NICER
        os.setpriority(os.PRIO_PROCESS, thread, min(niceness, _NICEST))
