"""Manifest: the content of one MPD as values, before it is text (ISO/IEC 23009-1, 5.3)."""

from dataclasses import dataclass

from ingest.media import Track
from packager.cadence import Cadence
from packager.dash.segment_timeline import ListedTimes

# 1960-01-01: from where the time of every live MPD counts. Shaka tells the segments that a manifest
# lists ahead from those that are there by comparing their times, counted from here, with seconds
# since 1970; what it takes to be there, it takes for the live edge, whatever its clock says. All
# that comes after 1970 by ten years more is ahead for it, and then its clock decides alone.
AVAILABLE_FROM_UNIX_MS = -315_619_200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """One rendition within one Period.

    `times` are its segments, of which the first has the number `start_number`.
    `presentation_offset_ticks` is the media time at which the Period starts. `starts_with_sync`
    says that each segment that has begun starts with a sync sample.
    """

    name: str
    track: Track
    codecs: str
    bandwidth_bps: int
    init_number: int
    presentation_offset_ticks: int
    start_number: int
    times: ListedTimes
    starts_with_sync: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of media without a break and with one set of tracks.

    `early_ms` is how long before its end a segment may be asked for, the same for all that the
    period ever lists.
    """

    period_id: str
    start_unix_ms: int
    early_ms: int
    representations: tuple[Representation, ...]

    @property
    def duration_ms(self) -> int:
        """How long the media of the period lasts, as far as it is listed."""
        return max(
            (
                (each.times.newest.end_ticks - each.presentation_offset_ticks)
                * 1000
                // each.track.timescale
                for each in self.representations
            ),
            default=0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that an MPD says.

    `zero_unix_ms` is from where its time counts. `published_unix_ms` tells versions apart.
    `window_ms` is the least that stays listed.
    `longest_ms` is what the longest segment lasted, of those that are gone, too, or was expected to
    last.
    """

    cadence: Cadence
    published_unix_ms: int
    window_ms: int
    longest_ms: int
    periods: tuple[Period, ...]
    is_ended: bool
    zero_unix_ms: int = AVAILABLE_FROM_UNIX_MS

    def start_ms(self, period: Period) -> int:
        """When a period begins, from where the time of the MPD begins to count."""
        return period.start_unix_ms - self.zero_unix_ms
