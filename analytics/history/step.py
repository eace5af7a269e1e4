"""Step and TimeRange: from when to when figures are wanted, how finely. Days are UTC's. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000


class Step(StrEnum):
    """How long what one point tells of is."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def ms(self) -> int:
        """Its length in milliseconds."""
        return _LENGTHS_MS[self]


_LENGTHS_MS: Final = {Step.MINUTE: MINUTE_MS, Step.HOUR: HOUR_MS, Step.DAY: DAY_MS}


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Whole steps from `from_ms` on, before `to_ms`."""

    from_ms: int
    to_ms: int
    step: Step

    @classmethod
    def around(cls, from_ms: int, to_ms: int, step: Step) -> "TimeRange":
        """Widen a time to whole steps."""
        return cls(from_ms - from_ms % step.ms, to_ms + -to_ms % step.ms, step)
