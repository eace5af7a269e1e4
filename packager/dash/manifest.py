"""Manifest: the content of one MPD as values, before it is text (ISO/IEC 23009-1, 5.3)."""

from dataclasses import dataclass
from typing import NamedTuple

from ingest.media import Track
from packager.cadence import Cadence


class SegmentTime(NamedTuple):
    """One `S` of a SegmentTimeline, in ticks of its Representation."""

    start_ticks: int
    duration_ticks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """One rendition within one Period.

    `times` are its segments in order, at least one; the first has the number `start_number`.
    `presentation_offset_ticks` is the media time at which the Period starts.
    """

    name: str
    track: Track
    codecs: str
    bandwidth_bps: int
    init_number: int
    presentation_offset_ticks: int
    start_number: int
    times: tuple[SegmentTime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of media without a break and with one set of tracks.

    `start_ms` counts from where the MPD becomes available; `start_unix_ms` is the same moment in
    the calendar, `media_start_ms` on the media timeline.
    """

    period_id: str
    start_ms: int
    start_unix_ms: int
    media_start_ms: int
    representations: tuple[Representation, ...]

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

    `available_from_unix_ms` is where its time begins to count; `published_unix_ms` tells versions
    apart. `window_ms` is the least that stays listed.
    """

    cadence: Cadence
    available_from_unix_ms: int
    published_unix_ms: int
    window_ms: int
    periods: tuple[Period, ...]
    is_ended: bool
