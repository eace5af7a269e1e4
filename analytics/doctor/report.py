"""IngestReport: what was measured of one publisher's media, and what was found in it."""

from dataclasses import dataclass, field

from analytics.doctor.finding import Finding


@dataclass(frozen=True, slots=True)
class VideoMeasurements:
    """The first picture track. None where it is not known, or not yet.

    `bitrate_bps` is of the last seconds, `mean_bitrate_bps` of all, `peak_bitrate_bps` of the most
    costly group of pictures lately. Keyframe intervals are of the last groups. `b_frame_run` is
    how many pictures in a row wait for a later one (0: no B-frames), `reorder_ms` what that adds
    to the delay. `dropped_frames` are those missing from a constant rate, since the beginning.
    """

    codec: str
    profile: str | None
    level: str | None
    width_px: int
    height_px: int
    bit_depth: int
    is_hdr: bool
    bitrate_bps: int
    mean_bitrate_bps: int
    peak_bitrate_bps: int | None
    announced_bitrate_bps: int | None
    frame_rate: float | None
    nominal_frame_rate: float | None
    is_frame_rate_variable: bool
    keyframe_interval_s: float | None
    keyframe_interval_min_s: float | None
    keyframe_interval_max_s: float | None
    b_frame_run: int
    reorder_ms: int
    dropped_frames: int


@dataclass(frozen=True, slots=True)
class AudioMeasurements:
    """The first sound track; bitrates as of pictures. `gap_ms` is sound that is missing, in sum."""

    codec: str
    profile: str | None
    sample_rate_hz: int
    channel_count: int
    bitrate_bps: int
    mean_bitrate_bps: int
    announced_bitrate_bps: int | None
    gap_count: int
    gap_ms: int


@dataclass(frozen=True, slots=True)
class ArrivalMeasurements:
    """How media comes in: later than its own clock says, at percentiles of the last minute.

    `longest_stall_ms` is the most of that minute; `stall_count` counts half seconds and longer
    since the beginning. `clock_drift_ppm` is how much faster the encoder's clock runs than ours.
    """

    jitter_p50_ms: int | None
    jitter_p95_ms: int | None
    jitter_p99_ms: int | None
    longest_stall_ms: int | None
    stall_count: int
    clock_drift_ppm: int | None


@dataclass(frozen=True, slots=True)
class TimingMeasurements:
    """How sound and pictures keep together, and what had to be mended.

    `start_offset_ms`: how much later than the pictures the sound begins (negative: before).
    `skew_ms`: how far the newest sound is behind the newest picture as they arrive;
    `skew_drift_ms_per_min`: by how much that grows.
    """

    start_offset_ms: int | None
    skew_ms: int | None
    skew_drift_ms_per_min: float | None
    repair_count: int
    jump_count: int


@dataclass(frozen=True, slots=True)
class IngestPoint:
    """One second, for a chart."""

    at_ms: int
    video_bps: int
    audio_bps: int
    frame_count: int
    late_ms: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """All that is known at `at_ms`.

    `findings` hold now, the worst first, the good ones last; `past_findings` held before. Both
    are kept over reconnects of one broadcast.
    """

    at_ms: int
    started_ms: int
    observed_ms: int
    encoder: str
    is_publishing: bool
    reconnect_count: int
    video: VideoMeasurements | None
    audio: AudioMeasurements | None
    arrival: ArrivalMeasurements
    timing: TimingMeasurements
    findings: tuple[Finding, ...] = ()
    past_findings: tuple[Finding, ...] = ()
    points: tuple[IngestPoint, ...] = field(default=(), repr=False)
