"""What gauges hold, as measurements to show and readings to check. Pure."""

from typing import Final

from analytics.doctor.media_gauge import MediaGauge
from analytics.doctor.readings import AudioReadings, VideoReadings
from analytics.doctor.report import AudioMeasurements, VideoMeasurements

_PQ: Final = 16
_HLG: Final = 18
_VARIES_RATIO: Final = 0.15
_FROZEN_S: Final = 3.0  # then nothing is a second's bitrate any more


def measure_video(media: MediaGauge, now_s: float) -> VideoMeasurements | None:
    """Show what is known of pictures; None without any."""
    track, gauge = media.video_track, media.video
    if track is None or gauge is None or track.video is None or media.video_at_s is None:
        return None
    form, gops = track.video, gauge.gop_shape
    nominal = form.frame_rate
    is_hdr = form.color is not None and form.color.transfer in {_PQ, _HLG}
    rate = gauge.frame_rate
    return VideoMeasurements(
        codec=track.codec.value,
        profile=media.video_coding.profile,
        level=media.video_coding.level,
        width_px=form.width_px,
        height_px=form.height_px,
        bit_depth=form.bit_depth,
        is_hdr=is_hdr,
        bitrate_bps=0 if now_s - media.video_at_s > _FROZEN_S else gauge.bitrate_bps,
        mean_bitrate_bps=gauge.mean_bitrate_bps,
        peak_bitrate_bps=gops.peak_bps,
        announced_bitrate_bps=track.bitrate_bps,
        frame_rate=None if rate is None else round(rate, 3),
        nominal_frame_rate=None if nominal is None else round(float(nominal), 3),
        is_frame_rate_variable=gauge.irregular_ratio > _VARIES_RATIO,
        keyframe_interval_s=_rounded(gops.middle_s),
        keyframe_interval_min_s=_rounded(gops.shortest_s),
        keyframe_interval_max_s=_rounded(gops.longest_s),
        b_frame_run=gauge.b_frame_run,
        reorder_ms=gauge.reorder_ms,
        dropped_frames=gauge.dropped_count,
    )


def measure_audio(media: MediaGauge, now_s: float) -> AudioMeasurements | None:
    """Show what is known of sound; None without any."""
    track, gauge = media.audio_track, media.audio
    if track is None or gauge is None or track.audio is None or media.audio_at_s is None:
        return None
    return AudioMeasurements(
        codec=track.codec.value,
        profile=media.audio_coding.profile,
        sample_rate_hz=track.audio.sample_rate_hz,
        channel_count=track.audio.channel_count,
        bitrate_bps=0 if now_s - media.audio_at_s > _FROZEN_S else gauge.bitrate_bps,
        mean_bitrate_bps=gauge.mean_bitrate_bps,
        announced_bitrate_bps=track.bitrate_bps,
        gap_count=gauge.gap_count,
        gap_ms=round(gauge.gap_s * 1000),
    )


def read_video(media: MediaGauge, now_s: float, newest_s: float) -> VideoReadings | None:
    """Give what checks look at; `newest_s` is when anything came last."""
    shown, track, gauge = measure_video(media, now_s), media.video_track, media.video
    if shown is None or track is None or gauge is None or track.video is None:
        return None
    gops = gauge.gop_shape
    return VideoReadings(
        shown=shown,
        silent_s=max(newest_s - (media.video_at_s or newest_s), 0.0),
        open_gop_s=gauge.open_gop_s,
        gop_count=gops.count,
        gop_spread_s=gops.spread_s,
        gop_bitrate_ratio=gops.peak_ratio,
        recent_bps=gauge.recent_bitrate_bps,
        dropped_ratio=gauge.dropped_ratio,
        sample_aspect=track.video.sample_aspect,
        level_limits=media.video_coding.level_limits,
    )


def read_audio(media: MediaGauge, now_s: float, newest_s: float) -> AudioReadings | None:
    """Give what checks look at; `newest_s` is when anything came last."""
    shown, gauge = measure_audio(media, now_s), media.audio
    if shown is None or gauge is None:
        return None
    return AudioReadings(
        shown=shown,
        silent_s=max(newest_s - (media.audio_at_s or newest_s), 0.0),
        recent_bps=gauge.recent_bitrate_bps,
        recent_gap_s=gauge.recent_gap_s,
    )


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
