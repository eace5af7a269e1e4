"""CommandRate: how much one client may ask. Pure."""


class CommandRate:
    """`burst` commands at once, then `per_minute` (GCRA: one number). Times are in seconds."""

    __slots__ = ("_burst_s", "_full_at", "_interval_s")

    def __init__(self, burst: int, per_minute: float) -> None:
        self._interval_s = 60 / per_minute
        self._burst_s = burst * self._interval_s
        self._full_at = 0.0

    def take(self, now_s: float, count: int = 1) -> bool:
        """Take so many, or none; whether there were so many."""
        full_at = max(self._full_at, now_s) + self._interval_s * count
        if full_at - now_s > self._burst_s + self._interval_s * 1e-9:
            return False
        self._full_at = full_at
        return True
