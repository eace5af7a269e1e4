"""Mpd: what a media presentation description says, with all that is inherited filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class UtcTiming:
    """Where a client learns the time: a scheme and an address, or the time itself."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Latency:
    """A service's latency in milliseconds; `reference_id` names a ProducerReferenceTime."""

    target_ms: int | None
    min_ms: int | None
    max_ms: int | None
    reference_id: int | None


@dataclass(frozen=True, slots=True)
class PlaybackRate:
    """How much faster and slower than 1 a client may play to keep the latency."""

    min_rate: Decimal | None
    max_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class ServiceDescription:
    """What the service wishes of its clients."""

    latencies: tuple[Latency, ...]
    playback_rates: tuple[PlaybackRate, ...]


@dataclass(frozen=True, slots=True)
class ReferenceTime:
    """A ProducerReferenceTime: a wall clock beside a presentation time in ticks."""

    reference_id: int
    is_inband: bool
    type: str
    wall_clock_us: int | None
    presentation_time: int


@dataclass(frozen=True, slots=True)
class MpdSegment:
    """One segment of a timeline: its number, and its time and duration in ticks."""

    number: int
    time: int
    duration: int

    @property
    def end_time(self) -> int:
        """When the next segment starts."""
        return self.time + self.duration


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTemplate:
    """How segments are addressed and when they can be had.

    `duration` is the nominal one where there is no timeline. `offset_us` is
    availabilityTimeOffset, BaseURL's included; None says always (INF); `has_offset` that it was
    written at all. `is_time_complete` is False where the segment grows while it is sent.
    """

    timescale: int
    start_number: int
    presentation_time_offset: int
    media: str
    initialization: str
    duration: int | None
    segments: tuple[MpdSegment, ...]
    has_offset: bool
    offset_us: int | None
    is_time_complete: bool | None

    def to_us(self, ticks: int) -> int:
        """Turn a time of the media into microseconds since its Period began."""
        return (ticks - self.presentation_time_offset) * 1_000_000 // self.timescale


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """One coded version of one kind of media. `base_url` is absolute; sizes in pixels.

    `start_with_sap` is the kind of access point that each segment is said to begin with.
    """

    id: str
    path: str
    content_type: str
    mime_type: str
    codecs: tuple[str, ...]
    bandwidth_bps: int
    width_px: int | None
    height_px: int | None
    frame_rate: Fraction | None
    sampling_rate_hz: int | None
    start_with_sap: int | None
    base_url: str
    template: SegmentTemplate
    reference_times: tuple[ReferenceTime, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A part of the presentation; `start_us` counts from availabilityStartTime."""

    id: str
    start_us: int
    representations: tuple[Representation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mpd:
    """The whole description. Times in microseconds, moments since 1970.

    `location` is the absolute URL at which its next version is asked for.
    """

    location: str
    is_dynamic: bool
    profiles: tuple[str, ...]
    availability_start_us: int
    publish_us: int | None
    minimum_update_us: int | None
    min_buffer_us: int
    time_shift_us: int | None
    suggested_delay_us: int | None
    periods: tuple[Period, ...]
    service_descriptions: tuple[ServiceDescription, ...]
    utc_timings: tuple[UtcTiming, ...]

    def all_representations(self) -> Iterator[tuple[Period, Representation]]:
        """Give every Representation with its Period, in their order."""
        for period in self.periods:
            for representation in period.representations:
                yield period, representation

    def media_unix_us(self, period: Period, template: SegmentTemplate, ticks: int) -> int:
        """Give the wall clock time that the presentation maps a media time to."""
        return self.availability_start_us + period.start_us + template.to_us(ticks)

    def available_unix_us(
        self, period: Period, template: SegmentTemplate, segment: MpdSegment
    ) -> int | None:
        """Give when a segment may first be asked for; None if it always may.

        "the sum of the Period start, the segment's end and the MPD's start, minus the offset"
        (ISO/IEC 23009-1 5.3.9.5.3).
        """
        if template.offset_us is None:
            return None
        end_us = self.media_unix_us(period, template, segment.end_time)
        return end_us - template.offset_us
