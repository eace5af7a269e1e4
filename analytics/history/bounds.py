"""HistoryBounds: for how long what is told of viewers is kept."""

from dataclasses import dataclass

from analytics.history.step import DAY_MS


@dataclass(frozen=True, slots=True)
class HistoryBounds:
    """Spells for `raw_ms` after they ended, minutes for `minutes_ms`; hours and days for ever."""

    raw_ms: int
    minutes_ms: int

    @classmethod
    def of_days(cls, raw_days: int, minute_days: int) -> "HistoryBounds":
        """Make it of days; minutes are kept as long as spells at least."""
        return cls(raw_days * DAY_MS, max(raw_days, minute_days) * DAY_MS)
