"""Ingest: what a channel's publisher sends, how good it is, and what to change in the encoder."""

from typing import Literal, Protocol

from pydantic import Field

from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import USER, Call, operation
from accounts.api.problem import FORBIDDEN, NOT_FOUND
from analytics.doctor.finding import Finding
from analytics.doctor.grade import grade
from analytics.doctor.report import (
    ArrivalMeasurements,
    AudioMeasurements,
    IngestPoint,
    IngestReport,
    TimingMeasurements,
    VideoMeasurements,
)
from analytics.ports import FiguresAccess

Severity = Literal["good", "advice", "warning", "problem"]
Area = Literal["keyframes", "picture", "sound", "timing", "upload"]


class IngestFinding(ApiModel):
    """One thing that is good, or could be better, in plain words."""

    code: str = Field(description="Never changes; docs/stream-health.md explains each.")
    area: Area
    severity: Severity
    title: str
    text: str = Field(description="What it does to viewers.")
    to_change: str | None = Field(description="What to change in the encoder; null for nothing.")
    measured: str | None = Field(description='With its unit: "4.2 s".')
    expected: str | None
    since: UtcTime
    until: UtcTime | None = Field(description="Null while it holds.")
    held_ms: int = Field(description="How long it has held, in sum.")
    count: int = Field(description="How often it came.")


class IngestVideo(ApiModel):
    """What was measured of the first picture track; null: not known, or not yet."""

    codec: str
    profile: str | None
    level: str | None
    width_px: int
    height_px: int
    bit_depth: int
    is_hdr: bool
    bitrate_bps: int = Field(description="Of the last seconds.")
    mean_bitrate_bps: int
    peak_bitrate_bps: int | None = Field(description="Of the most costly group of pictures lately.")
    announced_bitrate_bps: int | None
    frame_rate: float | None = Field(description="As measured.")
    nominal_frame_rate: float | None = Field(description="As announced.")
    is_frame_rate_variable: bool
    keyframe_interval_s: float | None = Field(description="In the middle of the last ones.")
    keyframe_interval_min_s: float | None
    keyframe_interval_max_s: float | None
    b_frame_run: int = Field(description="B-frames in a row; 0 without.")
    reorder_ms: int = Field(description="What B-frames add to the delay.")
    dropped_frames: int = Field(description="Missing from a constant rate, since the beginning.")


class IngestAudio(ApiModel):
    """What was measured of the first sound track."""

    codec: str
    profile: str | None
    sample_rate_hz: int
    channel_count: int
    bitrate_bps: int
    mean_bitrate_bps: int
    announced_bitrate_bps: int | None
    gap_count: int
    gap_ms: int = Field(description="Sound that is missing, in sum.")


class IngestArrival(ApiModel):
    """How late media comes by its own clock, at percentiles of the last minute."""

    jitter_p50_ms: int | None
    jitter_p95_ms: int | None
    jitter_p99_ms: int | None
    longest_stall_ms: int | None = Field(description="Of the last minute.")
    stall_count: int = Field(description="Of half a second and longer, since the beginning.")
    clock_drift_ppm: int | None = Field(
        description="How much faster the encoder's clock runs than ours."
    )


class IngestTiming(ApiModel):
    """How sound and pictures keep together."""

    start_offset_ms: int | None = Field(
        description="How much later than the pictures the sound begins; negative: before."
    )
    skew_ms: int | None = Field(description="How far the newest sound is behind the pictures.")
    skew_drift_ms_per_min: float | None
    repair_count: int
    jump_count: int


class IngestSecond(ApiModel):
    """One second of what came, for a chart."""

    at: UtcTime
    video_bps: int
    audio_bps: int
    frame_count: int
    late_ms: int


class IngestGrade(ApiModel):
    """How ready the stream is for viewers, by all that was found in it so far."""

    letter: Literal["A", "B", "C", "D", "E", "F"]
    verdict: Literal["ready", "ready-with-advice", "not-ready"]
    reasons: tuple[str, ...] = Field(description="Codes of findings, the worst first.")


class IngestReportView(ApiModel):
    """What was measured and found."""

    at: UtcTime
    started_at: UtcTime
    observed_ms: int
    encoder: str
    is_publishing: bool
    reconnect_count: int
    grade: IngestGrade
    video: IngestVideo | None = Field(description="Null without pictures.")
    audio: IngestAudio | None = Field(description="Null without sound.")
    arrival: IngestArrival
    timing: IngestTiming
    findings: tuple[IngestFinding, ...] = Field(
        description="Those that hold, the worst first, the good ones last."
    )
    past_findings: tuple[IngestFinding, ...] = Field(description="Those that held before.")
    points: tuple[IngestSecond, ...] = Field(description="The last minutes; live alone.")


class ChannelIngest(ApiModel):
    """What a channel's publisher sends now."""

    channel: str
    is_on_air: bool = Field(description="Whether somebody publishes, or may come back yet.")
    broadcast_id: str | None
    report: IngestReportView | None = Field(description="Null while nobody publishes.")


class BroadcastIngest(ApiModel):
    """What was measured over a broadcast."""

    channel: str
    broadcast_id: str
    report: IngestReportView | None = Field(description="Null if none was kept.")


class IngestReports(Protocol):
    """Knows the reports."""

    def live(self, channel: str) -> tuple[str | None, IngestReport] | None:
        """Return the broadcast's id and the report of who is on air on a channel, if anybody is."""
        ...

    async def of_broadcast(self, broadcast_id: str) -> IngestReport | None:
        """Return the report of a broadcast, live or kept. Raises StorageError."""
        ...


class IngestResource:
    """Shows reports to a channel's own people."""

    def __init__(self, reports: IngestReports, access: FiguresAccess) -> None:
        self._reports = reports
        self._access = access

    @operation(
        "GET",
        "/channels/{channel}/ingest",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=(NOT_FOUND, FORBIDDEN),
    )
    async def get_channel_ingest(self, call: Call, channel: str) -> ChannelIngest:
        """Show what a channel's publisher sends now, and what to change, to the channel's people.

        Measured while somebody publishes: it changes about once a second. `publisher.findings`
        tells on `channel:NAME` when findings change.
        """
        place = await self._access.readable_channel(call, channel)
        found = self._reports.live(place.name)
        broadcast_id, report = (None, None) if found is None else found
        return ChannelIngest(
            channel=place.name,
            is_on_air=report is not None,
            broadcast_id=broadcast_id,
            report=None if report is None else report_view(report),
        )

    @operation(
        "GET",
        "/broadcasts/{broadcast}/ingest",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=(NOT_FOUND, FORBIDDEN),
    )
    async def get_broadcast_ingest(self, call: Call, broadcast: str) -> BroadcastIngest:
        """Show what was measured over a broadcast, to its channel's people.

        Kept every half minute while it goes on, and at its end.
        """
        place = await self._access.readable_broadcast(call, broadcast)
        report = await self._reports.of_broadcast(place.broadcast_id)
        return BroadcastIngest(
            channel=place.channel.name,
            broadcast_id=place.broadcast_id,
            report=None if report is None else report_view(report),
        )


def report_view(report: IngestReport) -> IngestReportView:
    """Show a report."""
    graded = grade((*report.findings, *report.past_findings))
    return IngestReportView(
        at=report.at_ms,
        started_at=report.started_ms,
        observed_ms=report.observed_ms,
        encoder=report.encoder,
        is_publishing=report.is_publishing,
        reconnect_count=report.reconnect_count,
        grade=IngestGrade.model_validate(
            {
                "letter": graded.letter,
                "verdict": graded.verdict.value,
                "reasons": tuple(finding.code for finding in graded.reasons),
            }
        ),
        video=_video(report.video),
        audio=_audio(report.audio),
        arrival=_arrival(report.arrival),
        timing=_timing(report.timing),
        findings=tuple(map(finding_view, report.findings)),
        past_findings=tuple(map(finding_view, report.past_findings)),
        points=tuple(map(_second, report.points)),
    )


def finding_view(finding: Finding) -> IngestFinding:
    """Show a finding."""
    return IngestFinding(
        code=finding.code,
        area=finding.area.value,
        severity=finding.severity.value,
        title=finding.title,
        text=finding.text,
        to_change=finding.to_change,
        measured=finding.measured,
        expected=finding.expected,
        since=finding.since_ms,
        until=finding.until_ms,
        held_ms=finding.held_ms,
        count=finding.count,
    )


def _video(measured: VideoMeasurements | None) -> IngestVideo | None:
    if measured is None:
        return None
    return IngestVideo.model_validate(measured, from_attributes=True)


def _audio(measured: AudioMeasurements | None) -> IngestAudio | None:
    if measured is None:
        return None
    return IngestAudio.model_validate(measured, from_attributes=True)


def _arrival(measured: ArrivalMeasurements) -> IngestArrival:
    return IngestArrival.model_validate(measured, from_attributes=True)


def _timing(measured: TimingMeasurements) -> IngestTiming:
    return IngestTiming.model_validate(measured, from_attributes=True)


def _second(point: IngestPoint) -> IngestSecond:
    return IngestSecond(
        at=point.at_ms,
        video_bps=point.video_bps,
        audio_bps=point.audio_bps,
        frame_count=point.frame_count,
        late_ms=point.late_ms,
    )
