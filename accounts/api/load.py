"""Load: how much is being done, and whether more can be done soon; else it is refused at once.

Whoever waits for ten seconds has left by then, and those behind have waited for nothing: a refusal
costs a tenth of an answer, and keeps the loop for live media, which nobody refuses.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from accounts.api.problem import UNAVAILABLE

RUNNING_LIMIT: Final = 128
LATE_LIMIT_S: Final = 5.0  # a machine may be held up for a moment; this is no moment
_LOOK_EVERY_S: Final = 0.1
_LOOK_COUNTS_S: Final = 0.5


class Load:
    """Counts what runs, and looks how late the event loop is with everything."""

    def __init__(self) -> None:
        self._running = 0
        self._late_looks = 0  # one after the other: a single one was a moment's halt
        self._looked_at_s = 0.0
        self._next_look: asyncio.TimerHandle | None = None

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count one that begins and ends here. Raises ProblemError (503) if that is too many."""
        loop = asyncio.get_running_loop()
        if self._next_look is None:
            due_s = loop.time() + _LOOK_EVERY_S
            self._next_look = loop.call_at(due_s, self._look, due_s)
        is_late = self._late_looks > 1 and loop.time() - self._looked_at_s < _LOOK_COUNTS_S
        if self._running >= RUNNING_LIMIT or is_late:
            raise UNAVAILABLE.because(headers={"Retry-After": "1"})
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    def note_late(self, late_s: float) -> None:
        """Take how late the loop comes to what is due now."""
        self._late_looks = self._late_looks + 1 if late_s > LATE_LIMIT_S else 0
        self._looked_at_s = asyncio.get_running_loop().time()

    def close(self) -> None:
        """Look no more."""
        if self._next_look is not None:
            self._next_look.cancel()
            self._next_look = None

    def _look(self, due_s: float) -> None:
        self.note_late(asyncio.get_running_loop().time() - due_s)
        self._next_look = None  # the next one who asks begins anew: idle servers need not look
