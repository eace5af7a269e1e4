"""LogErrors: what the log says that is wrong, counted by kind, without a word of anybody's.

A kind is the logger's name and the constant text of the line. Of what libraries say only their name
is kept: they put values into their texts.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Final

from analytics.operations.error_ring import ErrorRing
from analytics.operations.state import Level

LIBRARY: Final = "said something"


class LogErrors(logging.Handler):
    """Counts from `begin` to `end`. Lines of other threads are counted on the loop's."""

    def __init__(self, ring: ErrorRing, clock: Callable[[], int]) -> None:
        super().__init__(logging.WARNING)
        self._ring = ring
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Count from now on."""
        self._loop, self._thread = loop, threading.get_ident()
        logging.getLogger().addHandler(self)

    def end(self) -> None:
        """Count no more."""
        logging.getLogger().removeHandler(self)
        self._loop = None

    def emit(self, record: logging.LogRecord) -> None:
        """Count one line."""
        level: Level = "error" if record.levelno >= logging.ERROR else "warning"
        kind = kind_of(record)
        if threading.get_ident() == self._thread:
            self._ring.note(level, kind, self._clock())
        elif self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring.note, level, kind, self._clock())


def kind_of(record: logging.LogRecord) -> str:
    """Name what happened: structlog hands over its lines as dicts, libraries as texts."""
    said: object = record.msg
    event = said.get("event") if isinstance(said, dict) else None
    return f"{record.name}: {event if isinstance(event, str) else LIBRARY}"
