"""Wrapped RTMP timestamps made whole (RTMP 1.0 section 4: serial number arithmetic)."""

_WRAP_32 = 1 << 32
_WRAP_31 = 1 << 31
# How near to a 31-bit wrap a step must end to be one. Real steps of 2**31 ms do not happen; 17
# minutes leave room for any pause that a connection survives.
_WRAP_31_TOLERANCE_MS = 1 << 20


class WireClock:
    """Extends the timestamps of one connection beyond their wrap.

    Most senders wrap at 32 bits (49.7 days); OBS masks the top byte with 0x7F and so wraps at 31
    bits (24.9 days), which also turns a first time of -21 ms into 0x7FFFFFEB. One clock serves
    all tracks of a connection: their times lie near each other, and steps back stay steps back.
    """

    __slots__ = ("_time_ms",)

    def __init__(self) -> None:
        self._time_ms: int | None = None

    def unwrap(self, wire_ms: int) -> int:
        """Give the time in milliseconds, without bound, that `wire_ms` (32 bits) stands for.

        The first time is its own wire value. A step is read as the shortest one modulo 2**32, or
        modulo 2**31 if that alone makes it a small one.
        """
        last_ms = self._time_ms
        if last_ms is None:
            self._time_ms = wire_ms
            return wire_ms
        step_ms = (wire_ms - last_ms + _WRAP_31) % _WRAP_32 - _WRAP_31
        if not -_WRAP_31_TOLERANCE_MS <= step_ms <= _WRAP_31_TOLERANCE_MS:
            step_31_ms = (step_ms + (_WRAP_31 >> 1)) % _WRAP_31 - (_WRAP_31 >> 1)
            if -_WRAP_31_TOLERANCE_MS <= step_31_ms <= _WRAP_31_TOLERANCE_MS:
                step_ms = step_31_ms
        time_ms = last_ms + step_ms
        self._time_ms = time_ms
        return time_ms
