"""Span: a stretch of time cut into minutes, hours or days (UTC). Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS


class Step(StrEnum):
    """How long one point of a chart is."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def ms(self) -> int:
        """How long it is."""
        return _STEP_MS[self]


_STEP_MS: Final = {Step.MINUTE: MINUTE_MS, Step.HOUR: HOUR_MS, Step.DAY: DAY_MS}


class Span(NamedTuple):
    """From one moment to before another, both on borders of the step."""

    from_ms: int
    to_ms: int
    step: Step

    @classmethod
    def around(cls, from_ms: int, to_ms: int, step: Step) -> "Span":
        """Widen what lies between two moments to whole steps, one at least."""
        first = from_ms // step.ms * step.ms
        return cls(first, max(-(-to_ms // step.ms) * step.ms, first + step.ms), step)

    @property
    def length(self) -> int:
        """How many steps it has."""
        return (self.to_ms - self.from_ms) // self.step.ms
