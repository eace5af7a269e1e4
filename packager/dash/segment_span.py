"""SegmentSpan: where one segment of a rendition lies on the media timeline."""

from dataclasses import dataclass


@dataclass(slots=True)
class SegmentSpan:
    """One segment, complete or still growing, in ticks of its rendition.

    `end_ticks` is where its media ends so far, None before its first part. `expected_ticks` is the
    duration that a growing segment is listed with; a complete one is listed with its own.
    `starts_with_sync` is said of its first sample once that is there.
    """

    msn: int
    init_number: int
    timescale: int
    start_unix_ms: int
    is_discontinuous: bool
    expected_ticks: int
    start_ticks: int | None = None
    end_ticks: int | None = None
    is_complete: bool = False
    starts_with_sync: bool = True

    @property
    def duration_ticks(self) -> int:
        """The duration of the media that is there."""
        if self.start_ticks is None or self.end_ticks is None:
            return 0
        return self.end_ticks - self.start_ticks

    @property
    def duration_ms(self) -> int:
        """The same, rounded up to milliseconds."""
        return -(-self.duration_ticks * 1000 // self.timescale)

    @property
    def end_unix_ms(self) -> int:
        """The calendar time of where its media ends."""
        return self.start_unix_ms + self.duration_ticks * 1000 // self.timescale

    @property
    def listed_ticks(self) -> int:
        """The duration that an MPD says: what is there once complete, before what is expected."""
        if self.is_complete:
            return self.duration_ticks
        return max(self.expected_ticks, self.duration_ticks)
