"""Readings: what checks look at: the measurements, and what was so lately. Pure."""

from dataclasses import dataclass

from analytics.doctor.report import (
    ArrivalMeasurements,
    AudioMeasurements,
    TimingMeasurements,
    VideoMeasurements,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoReadings:
    """Of the last seconds to half a minute, beside what is shown of pictures.

    `silent_s`: for how long other media has come without pictures. `level_limits`: macroblocks a
    second and of a picture, bits a second. `gop_spread_s` leaves the tenth at each end out.
    """

    shown: VideoMeasurements
    silent_s: float
    open_gop_s: float
    gop_count: int
    gop_spread_s: float
    gop_bitrate_ratio: float
    recent_bps: int
    dropped_ratio: float
    sample_aspect: tuple[int, int]
    level_limits: tuple[int, int, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioReadings:
    """Of the last seconds to half a minute, beside what is shown of sound."""

    shown: AudioMeasurements
    silent_s: float
    recent_bps: int
    recent_gap_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One moment of one publisher.

    `observed_s`: how long it has been on air. `silent_s`: for how long nothing has come at all.
    `announced`: tracks that its metadata promises. `profile`: the channel's latency profile. The
    `recent_` counts are of the last minute, those of reconnects of ten.
    """

    observed_s: float
    silent_s: float
    profile: str
    announced: frozenset[str]
    video: VideoReadings | None
    audio: AudioReadings | None
    arrival: ArrivalMeasurements
    timing: TimingMeasurements
    falls_behind_ppm: float | None
    recent_stalls: int
    recent_repairs: int
    recent_jumps: int
    recent_reconnects: int
