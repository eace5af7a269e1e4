"""Audio times rebuilt from sample counts: the wire's milliseconds only say where a run begins."""

# An audio unit lasts no whole number of milliseconds (AAC at 48 kHz: 21.33), so the wire's stamps
# jitter. Farther off than this, media is missing or doubled and viewers would hear it out of sync.
MAX_DRIFT_MS = 100


class AudioClock:
    """Gives the units of one audio track their decode times, in samples.

    Times follow on each other by duration while they stay within MAX_DRIFT_MS of the wire;
    otherwise a run begins at the wire's time, leaving a hole or an overlap.
    """

    __slots__ = ("_expected", "_last", "_max_drift", "_rate_hz")

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self._max_drift = sample_rate_hz * MAX_DRIFT_MS // 1000
        self._expected: int | None = None
        self._last = 0

    def place(self, time_ms: int, duration: int) -> tuple[int, bool]:
        """Give the decode time of a unit of `duration` samples that the wire puts at `time_ms`.

        Returns the time and whether it had to leave the wire's to rise. Strictly rising.
        """
        wire = (time_ms * self._rate_hz + 500) // 1000
        expected = self._expected
        is_repaired = False
        if expected is None:
            dts = wire
        elif -self._max_drift <= wire - expected <= self._max_drift:
            dts = expected
        else:
            dts = wire
            if dts <= self._last:
                dts = self._last + 1
                is_repaired = True
        self._last = dts
        self._expected = dts + duration
        return dts, is_repaired
