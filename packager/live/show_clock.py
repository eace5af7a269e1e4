"""ShowClock: calendar time as one show counts it, which nobody can set while the show goes on."""

import time
from collections.abc import Callable
from typing import Final, Self

# Counts on while the machine sleeps, as the clocks of viewers do (Linux, clock_gettime(2));
# elsewhere the monotonic clock.
_STEADY: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def steady_ms_now() -> int:
    """Read the clock that nobody sets, in milliseconds since the machine was started."""
    return time.clock_gettime_ns(_STEADY) // 1_000_000


class ShowClock:
    """The wall clock as it was when a show began, and the time that has passed since then.

    All dates of the show's media are its, and so is the answer to whoever compares clocks with it
    (docs/adr/0032). `offset_ms` is how far it is ahead of `steady_ms`: with the same offset another
    process has the same clock, until the machine is started anew.
    """

    __slots__ = ("_steady_ms", "offset_ms")

    def __init__(self, offset_ms: int, steady_ms: Callable[[], int] = steady_ms_now) -> None:
        self.offset_ms = offset_ms
        self._steady_ms = steady_ms

    @classmethod
    def set_to(cls, unix_ms: int, steady_ms: Callable[[], int] = steady_ms_now) -> Self:
        """Make a clock that shows this time now."""
        return cls(unix_ms - steady_ms(), steady_ms)

    def unix_ms(self) -> int:
        """Tell the time in milliseconds since 1970."""
        return self._steady_ms() + self.offset_ms
