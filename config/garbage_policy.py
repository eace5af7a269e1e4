"""GarbagePolicy: when the process looks for garbage that refers to itself, and through how much.

Reference counting frees nearly everything at once. What is left are cycles, which the collector
finds by looking at all objects: with ten thousand listeners that held everybody up, media too, for
up to a second. So what has survived a collection is not looked at again ("frozen"): each then costs
what was made since the last one, whatever the number of listeners. What turns to garbage later is
found by a thorough collection, which comes while nobody is on air.
"""

import asyncio
import gc
import resource
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

_log: structlog.stdlib.BoundLogger = structlog.get_logger("config.garbage")

# A collection of the oldest generation looks at what was made by some twenty thousand objects
# more: about 5 ms. Without the last number it would wait for a hundred thousand.
_THRESHOLDS: Final = (700, 10, 2)
_OLDEST: Final = 2
_LOOK_S: Final = 60.0
_QUIET_INTERVAL_S: Final = 600.0
# While somebody is on air only memory that leaks is worse than a pause.
_BUSY_INTERVAL_S: Final = 3600.0
_GROWTH: Final = 1.5
_LEAST_GROWTH_BYTES: Final = 128 * 2**20
_STATM: Final = Path("/proc/self/statm")


class GarbagePolicy:
    """One per process: begin it when all is loaded. `is_on_air` says whether media is live."""

    def __init__(self, is_on_air: Callable[[], bool]) -> None:
        self._is_on_air = is_on_air
        self._thresholds = gc.get_threshold()
        self._has_frozen = False
        self._thorough_at_s = 0.0
        self._thorough_bytes = 0

    def begin(self, now_s: float) -> None:
        """Never again look through what is there: modules, classes and settings."""
        self._thorough(now_s)
        gc.collect()  # of nothing, which sets what Python compares the next one's work with
        gc.set_threshold(*_THRESHOLDS)
        gc.callbacks.append(self._note)
        gc.enable()

    def end(self) -> None:
        """Leave the collector as it was found."""
        gc.callbacks.remove(self._note)
        gc.set_threshold(*self._thresholds)
        gc.unfreeze()

    async def run(self) -> None:
        """Look now and then until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_LOOK_S)
            self.look(loop.time(), resident_bytes())

    def look(self, now_s: float, held_bytes: int) -> bool:
        """Look through everything if it is time; whether it was. `held_bytes`: the process's."""
        passed_s = now_s - self._thorough_at_s
        if not self._has_frozen or passed_s < _QUIET_INTERVAL_S:
            return False
        is_on_air = self._is_on_air()
        if is_on_air and not (
            passed_s >= _BUSY_INTERVAL_S
            and held_bytes > self._thorough_bytes * _GROWTH
            and held_bytes > self._thorough_bytes + _LEAST_GROWTH_BYTES
        ):
            return False
        found = self._thorough(now_s)
        _log.debug("garbage looked for", found=found, is_on_air=is_on_air)
        return True

    def _thorough(self, now_s: float) -> int:
        gc.unfreeze()
        found = gc.collect()
        gc.freeze()
        self._has_frozen = False
        self._thorough_at_s = now_s
        self._thorough_bytes = resident_bytes()
        return found

    def _note(self, phase: str, facts: Mapping[str, Any]) -> None:
        if phase == "stop" and facts["generation"] == _OLDEST:
            gc.freeze()
            self._has_frozen = True


def resident_bytes() -> int:
    """Return how much memory the process has, or 0 where the system does not say."""
    try:
        pages = int(_STATM.read_text().split()[1])
    except OSError:
        return 0
    return pages * resource.getpagesize()
