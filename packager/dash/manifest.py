"""Manifest: the content of one MPD as values, before it is text (ISO/IEC 23009-1, 5.3)."""

from dataclasses import dataclass
from typing import NamedTuple

from ingest.media import Track
from packager.cadence import Cadence

# 1960-01-01: where the time of every MPD begins to count. Shaka tells the segments that a manifest
# lists ahead from those that are there by comparing their times, counted from here, with seconds
# since 1970; what it takes to be there, it takes for the live edge, whatever its clock says. All
# that comes after 1970 by ten years more is ahead for it, and then its clock decides alone.
AVAILABLE_FROM_UNIX_MS = -315_619_200_000


class SegmentTime(NamedTuple):
    """One `S` of a SegmentTimeline, in ticks of its Representation."""

    start_ticks: int
    duration_ticks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """One rendition within one Period.

    `times` are its segments in order, at least one; the first has the number `start_number`.
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
    times: tuple[SegmentTime, ...]
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
    def start_ms(self) -> int:
        """When it begins, from where the time of the MPD begins to count."""
        return self.start_unix_ms - AVAILABLE_FROM_UNIX_MS

    @property
    def duration_ms(self) -> int:
        """How long the media of the period lasts, as far as it is listed."""
        return max(
            (
                (last.start_ticks + last.duration_ticks - representation.presentation_offset_ticks)
                * 1000
                // representation.track.timescale
                for representation in self.representations
                for last in representation.times[-1:]
            ),
            default=0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that an MPD says.

    `published_unix_ms` tells versions apart. `window_ms` is the least that stays listed.
    `longest_ms` is what the longest segment lasted, of those that are gone, too, or was expected to
    last.
    """

    cadence: Cadence
    published_unix_ms: int
    window_ms: int
    longest_ms: int
    periods: tuple[Period, ...]
    is_ended: bool
