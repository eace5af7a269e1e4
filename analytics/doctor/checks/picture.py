"""Pictures: rate, size, bits and coding."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from analytics.doctor.finding import Severity, Symptom
from analytics.doctor.readings import Readings, VideoReadings

_AVC: Final = "H.264"
_SETTLED_S: Final = 8.0
_STALLED_S: Final = 3.0
_MISSING_S: Final = 6.0
_LOW_RATE: Final = 23.0  # 23.976 is film
_JERKY_RATE: Final = 18.0
_HIGH_RATE: Final = 62.0
_DIFFERS_RATIO: Final = 0.93
_FEW_DROPS: Final = 0.004  # three of half a minute are nobody's trouble
_MANY_DROPS: Final = 0.05
# Bits for each pixel of each picture. x264 needs 0.05 for sport and 0.03 for a talking head; newer
# codecs two thirds of it.
_FEW_BITS: Final = 0.035
_VERY_FEW_BITS: Final = 0.018
_NEWER_CODECS_RATIO: Final = 0.65
_MANY_BPS: Final = 8_500_000
_VERY_MANY_BPS: Final = 16_000_000
_UNSTABLE_RATIO: Final = 2.0
_UNSTABLE_BPS: Final = 1_500_000
_LARGE_PIXELS: Final = 2560 * 1440
_LEVEL_SLACK: Final = 1.1
_MANY_B_FRAMES: Final = 3


def check_picture(readings: Readings) -> Iterator[Symptom]:
    """Look at the first picture track."""
    video = readings.video
    if video is None:
        if readings.audio is not None and readings.observed_s > _MISSING_S:
            promised = "video" in readings.announced
            yield Symptom("video-missing", Severity.WARNING if promised else Severity.ADVICE)
        return
    if video.silent_s > _STALLED_S:
        yield Symptom("video-stalled", Severity.PROBLEM, f"for {video.silent_s:.0f} s")
        return
    yield from _check_coding(video)
    yield from _check_size(video)
    if readings.observed_s < _SETTLED_S or readings.silent_s > _STALLED_S:
        return
    yield from _check_rate(video)
    yield from _check_bits(video)
    yield from _check_reordering(video, readings.profile)


def _check_rate(video: VideoReadings) -> Iterator[Symptom]:
    shown = video.shown
    rate, nominal = shown.frame_rate, shown.nominal_frame_rate
    if rate is None:
        return
    if shown.is_frame_rate_variable:
        yield Symptom("frame-rate-variable", Severity.WARNING, f"{rate:.1f} on average", "constant")
    if rate < _LOW_RATE:
        severity = Severity.WARNING if rate < _JERKY_RATE else Severity.ADVICE
        yield Symptom("frame-rate-low", severity, f"{rate:.4g} fps", "24 fps or more")
    elif rate > _HIGH_RATE:
        yield Symptom("frame-rate-high", Severity.ADVICE, f"{rate:.4g} fps", "60 fps or fewer")
    if video.dropped_ratio > _FEW_DROPS and not shown.is_frame_rate_variable:
        severity = Severity.PROBLEM if video.dropped_ratio > _MANY_DROPS else Severity.WARNING
        yield Symptom("frames-dropped", severity, f"{video.dropped_ratio:.1%}", "none")
    elif nominal is not None and rate < nominal * _DIFFERS_RATIO:
        yield Symptom(
            "frame-rate-differs", Severity.WARNING, f"{rate:.4g} fps", f"{nominal:.4g} fps"
        )


def _check_bits(video: VideoReadings) -> Iterator[Symptom]:
    shown, bps = video.shown, video.recent_bps
    pixels = shown.width_px * shown.height_px * (shown.frame_rate or 0)
    if pixels > 0 and bps > 0:
        ratio = 1.0 if shown.codec == _AVC else _NEWER_CODECS_RATIO
        bits = bps / pixels / ratio
        if bits < _FEW_BITS:
            severity = Severity.WARNING if bits < _VERY_FEW_BITS else Severity.ADVICE
            enough = f"{_rate(pixels * ratio * _FEW_BITS)} or more"
            yield Symptom("bitrate-low", severity, _rate(bps), enough)
    if bps > _MANY_BPS:
        severity = Severity.WARNING if bps > _VERY_MANY_BPS else Severity.ADVICE
        yield Symptom("bitrate-high", severity, _rate(bps), f"{_rate(_MANY_BPS)} or less")
    peak = shown.peak_bitrate_bps or 0
    if video.gop_bitrate_ratio > _UNSTABLE_RATIO and peak > _UNSTABLE_BPS:
        yield Symptom(
            "bitrate-unstable",
            Severity.ADVICE,
            f"peaks of {_rate(peak)}",
            f"{_rate(peak / video.gop_bitrate_ratio)} throughout",
        )


def _check_reordering(video: VideoReadings, profile: str) -> Iterator[Symptom]:
    run = video.shown.b_frame_run
    if run == 0:
        return
    measured = f"{run} in a row, {video.shown.reorder_ms} ms"
    if profile == "low":
        severity = Severity.WARNING if run >= _MANY_B_FRAMES else Severity.ADVICE
        yield Symptom("b-frames", severity, measured, "none for low latency")
    elif run > _MANY_B_FRAMES:
        yield Symptom("b-frames", Severity.ADVICE, measured, f"{_MANY_B_FRAMES} or fewer")


def _check_coding(video: VideoReadings) -> Iterator[Symptom]:
    shown = video.shown
    if shown.codec != _AVC:
        yield Symptom("codec-limited", Severity.ADVICE, shown.codec, _AVC)
    elif shown.profile in {"High 10", "High 4:2:2", "High 4:4:4", "Extended"}:
        yield Symptom("profile-unplayable", Severity.PROBLEM, shown.profile, "High")
    elif shown.profile == "Baseline":
        yield Symptom("profile-baseline", Severity.ADVICE, shown.profile, "High")
    if shown.is_hdr and shown.bit_depth < 10:
        yield Symptom("hdr-in-8-bit", Severity.WARNING, f"{shown.bit_depth} bits", "10 bits")
    limits = video.level_limits
    if limits is None:
        return
    blocks_a_second, blocks, bps = limits
    has = ceil(shown.width_px / 16) * ceil(shown.height_px / 16)
    excess = max(
        has / blocks,
        has * (shown.frame_rate or 0) / blocks_a_second,
        video.recent_bps / bps,
    )
    if excess > _LEVEL_SLACK:
        yield Symptom(
            "level-exceeded",
            Severity.WARNING,
            f"{excess:.1f} times what level {shown.level} allows",
            f"level {shown.level}",
        )


def _check_size(video: VideoReadings) -> Iterator[Symptom]:
    shown = video.shown
    width, height = shown.width_px, shown.height_px
    across, down = video.sample_aspect
    measured = f"{width}x{height}"
    if across != down:
        text = f"{measured} with pixels of {across}:{down}"
        yield Symptom("resolution-odd", Severity.ADVICE, text, "square pixels")
    elif width % 2 or height % 2:
        yield Symptom("resolution-odd", Severity.WARNING, measured, "even width and height")
    if width * height > _LARGE_PIXELS:
        yield Symptom("resolution-high", Severity.ADVICE, measured, "1920x1080")


def _rate(bps: float) -> str:
    return f"{bps / 1e6:.1f} Mbit/s" if bps >= 1e6 else f"{bps / 1e3:.0f} kbit/s"
