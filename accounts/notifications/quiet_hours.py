"""Quiet hours: when somebody wants to be told nothing aloud. Pure.

Days have 23 to 25 hours where clocks are changed; what counts is what a clock on the wall shows.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

DAY_MIN: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one minute of the day to another, past midnight if need be, in a time zone.

    Minutes are in [0, 1440). `from_min` is quiet, `to_min` is not any more; they differ.
    """

    from_min: int
    to_min: int
    time_zone: str

    def __post_init__(self) -> None:
        """Refuse what is no time of day, or no time zone."""
        for name in ("from_min", "to_min"):
            if not 0 <= getattr(self, name) < DAY_MIN:
                raise ValueError(f"{name}: expected 0 to {DAY_MIN - 1}, got {getattr(self, name)}")
        if self.from_min == self.to_min:
            raise ValueError("expected two different times of day")
        if not is_time_zone(self.time_zone):
            raise ValueError(f"expected a time zone such as 'Europe/Berlin', got {self.time_zone}")

    def cover(self, unix_ms: int) -> bool:
        """Whether a moment, in milliseconds since 1970 (UTC), is quiet."""
        local = datetime.fromtimestamp(unix_ms / 1000, UTC).astimezone(_zone(self.time_zone))
        minute = local.hour * 60 + local.minute
        if self.from_min < self.to_min:
            return self.from_min <= minute < self.to_min
        return minute >= self.from_min or minute < self.to_min


def quiet_hours_of(row: Any) -> QuietHours | None:
    """Return the quiet hours in a row of somebody's settings; None if they want none."""
    if row.quiet_from_min is None:
        return None
    return QuietHours(row.quiet_from_min, row.quiet_to_min, row.time_zone)


def is_quiet(row: Any, unix_ms: int) -> bool:
    """Whether a moment is quiet for whoever has these settings."""
    hours = quiet_hours_of(row)
    return hours is not None and hours.cover(unix_ms)


def is_time_zone(name: str) -> bool:
    """Whether the IANA database knows a zone of this name."""
    try:
        _zone(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True


@lru_cache(maxsize=600)  # as many as there are
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
