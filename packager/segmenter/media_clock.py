"""MediaClock: a publisher's times on the Publication's timeline and in the calendar."""

from dataclasses import dataclass

# tfdt is unsigned: pictures that are shown before the first decode time must not underflow
# (gohlslib adds 10 s as well). The same offset in every rendition.
TIMELINE_START_S = 10


@dataclass(frozen=True, slots=True)
class MediaClock:
    """Two constant offsets, valid between two discontinuities.

    Timeline time is publisher time plus `shift_ticks / shift_timescale` seconds; calendar time is
    timeline time plus `anchor_unix_ms`.
    """

    shift_ticks: int
    shift_timescale: int
    anchor_unix_ms: int

    def shift(self, timescale: int) -> int:
        """Ticks to add to the times of a track with this timescale."""
        return (2 * self.shift_ticks * timescale + self.shift_timescale) // (
            2 * self.shift_timescale
        )

    def unix_ms(self, ticks: int, timescale: int) -> int:
        """Tell when this place of the timeline came to the server."""
        return self.anchor_unix_ms + ticks * 1000 // timescale
