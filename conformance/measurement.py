"""Measurement: distributions, a playhead, the server's clock. Pure: times are arguments."""

from collections import deque
from email.utils import parsedate_to_datetime

SAMPLES_KEPT = 2_000  # five minutes of 150 ms parts


class Distribution:
    """The newest SAMPLES_KEPT values of a quantity."""

    def __init__(self) -> None:
        self._values: deque[float] = deque(maxlen=SAMPLES_KEPT)

    def add(self, value: float) -> None:
        """Take one more value."""
        self._values.append(value)

    @property
    def mean(self) -> float | None:
        """The arithmetic mean, or None without values."""
        return sum(self._values) / len(self._values) if self._values else None

    @property
    def last(self) -> float | None:
        """The newest value, or None without values."""
        return self._values[-1] if self._values else None

    def percentile(self, percent: int) -> float | None:
        """Give the smallest value that `percent` % of the values do not exceed, or None."""
        if not self._values:
            return None
        ordered = sorted(self._values)
        return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


class Playhead:
    """A player that holds back by a fixed time, to see when it would have run dry.

    It starts with the first part, `hold_back_s` of media ahead of it at most, plays in real time,
    and waits for the next part where it has none.
    """

    def __init__(self, hold_back_s: float) -> None:
        self._hold_back_s = hold_back_s
        self._buffered_s: float | None = None
        self._last_s = 0.0
        self.stalls = 0
        self.stalled_s = 0.0

    def receive(self, now_s: float, media_s: float) -> None:
        """Take `media_s` seconds of new media at the monotonic time `now_s`."""
        if self._buffered_s is None:
            self._buffered_s, self._last_s = self._hold_back_s, now_s
            return
        left_s = self._buffered_s - (now_s - self._last_s)
        if left_s < 0:
            self.stalls += 1
            self.stalled_s -= left_s
            left_s = 0.0
        self._buffered_s, self._last_s = left_s + media_s, now_s


class ServerClock:
    """How far the server's clock is ahead of ours, as far as Date headers tell.

    A Date is cut to whole seconds, so each answer bounds the offset from both sides; together
    they bound it well. Offsets that contain 0 count as 0: the clocks agree.
    """

    def __init__(self, fixed_offset_s: float | None = None) -> None:
        self._fixed_s = fixed_offset_s
        self._low_s = float("-inf")
        self._high_s = float("inf")

    def observe(self, date: str | None, requested_unix_s: float, arrived_unix_s: float) -> None:
        """Take an answer's Date header and our own times of the request and the last byte."""
        if date is None:
            return
        try:
            date_unix_s = parsedate_to_datetime(date).timestamp()
        except (ValueError, OverflowError):
            return
        low_s, high_s = date_unix_s - arrived_unix_s, date_unix_s + 1.0 - requested_unix_s
        if max(low_s, self._low_s) > min(high_s, self._high_s):
            self._low_s, self._high_s = low_s, high_s  # a clock was set: begin anew
        else:
            self._low_s, self._high_s = max(low_s, self._low_s), min(high_s, self._high_s)

    @property
    def offset_s(self) -> float:
        """Seconds to add to our clock to get the server's."""
        if self._fixed_s is not None:
            return self._fixed_s
        if self._low_s <= 0 <= self._high_s or self._high_s == float("inf"):
            return 0.0
        return (self._low_s + self._high_s) / 2
