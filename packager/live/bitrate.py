"""BitrateMeter: the peak and average bit rates that a variant claims, measured on segments."""

from collections import deque

from packager.hls.segment import US_PER_S

# About a minute of two-second segments: long enough for a scene's peak to stay claimed.
_MEASURED_SEGMENTS = 32
# A publisher's claim counts as long as fewer segments than this were seen: the first one may be
# a black screen.
_TRUSTED_SEGMENTS = 3


class BitrateMeter:
    """Measures one rendition as rfc8216bis 4.1 defines it.

    The peak is "the largest bit rate of any contiguous set of segments whose total duration is
    between 0.5 and 1.5 times the target duration".
    """

    __slots__ = ("_segments", "_target_us")

    def __init__(self, target_duration_s: int) -> None:
        self._target_us = target_duration_s * US_PER_S
        self._segments: deque[tuple[int, int]] = deque(maxlen=_MEASURED_SEGMENTS)

    def add_segment(self, size_bytes: int, duration_us: int) -> None:
        """Take one complete segment into account; one without duration or bytes says nothing.

        The latter are gaps: nobody loads them. After a restart so are all that had left the window.
        """
        if duration_us > 0 and size_bytes > 0:
            self._segments.append((size_bytes, duration_us))

    def average_bps(self, claimed_bps: int | None) -> int:
        """Return bits a second over all measured segments, or the claim while that is more."""
        measured_bps = rate_bps(
            sum(size for size, _ in self._segments), sum(us for _, us in self._segments)
        )
        return self._weigh(measured_bps, claimed_bps)

    def peak_bps(self, claimed_bps: int | None) -> int:
        """Return the largest rate of about one target duration, or the claim while that is more."""
        measured_bps = 0
        segments = list(self._segments)
        for start in range(len(segments)):
            size_bytes = duration_us = 0
            for segment_bytes, segment_us in segments[start:]:
                size_bytes += segment_bytes
                duration_us += segment_us
                if 2 * duration_us > 3 * self._target_us:
                    break
                if 2 * duration_us >= self._target_us:
                    measured_bps = max(measured_bps, rate_bps(size_bytes, duration_us))
        return max(self._weigh(measured_bps, claimed_bps), self.average_bps(None))

    def _weigh(self, measured_bps: int, claimed_bps: int | None) -> int:
        if claimed_bps is None or len(self._segments) >= _TRUSTED_SEGMENTS:
            return max(measured_bps, 1)
        return max(measured_bps, claimed_bps, 1)


def rate_bps(size_bytes: int, duration_us: int) -> int:
    """Bits a second, rounded up; 0 where there is no duration."""
    return -(-size_bytes * 8 * US_PER_S // duration_us) if duration_us else 0
