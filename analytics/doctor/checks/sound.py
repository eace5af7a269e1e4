"""Sound: whether there is any, its coding, its bits and its gaps."""

from collections.abc import Iterator
from typing import Final

from analytics.doctor.finding import Severity, Symptom
from analytics.doctor.readings import AudioReadings, Readings

_MISSING_S: Final = 6.0
_STALLED_S: Final = 3.0
_SETTLED_S: Final = 8.0
_USUAL_RATES_HZ: Final = frozenset({44_100, 48_000})
_PLAYED: Final = frozenset({"AAC", "Opus"})
# Of silence AAC makes 1 to 8 kbit/s, of the quietest room 20.
_SILENCE_BPS: Final = 10_000
# Bits of a channel: AAC-LC is transparent from 64,000 on and dull below 40,000.
_FEW_BPS: Final = 40_000
_VERY_FEW_BPS: Final = 24_000
_EFFICIENT_RATIO: Final = 0.5  # HE-AAC and Opus
_MANY_GAPS_S: Final = 1.0
_SOME_GAPS_S: Final = 0.02


def check_sound(readings: Readings) -> Iterator[Symptom]:
    """Look at the first sound track."""
    audio = readings.audio
    if audio is None:
        if readings.video is not None and readings.observed_s > _MISSING_S:
            yield Symptom("audio-missing", Severity.WARNING)
        return
    shown = audio.shown
    if audio.silent_s > _STALLED_S:
        yield Symptom("audio-stalled", Severity.PROBLEM, f"for {audio.silent_s:.0f} s")
        return
    if shown.codec not in _PLAYED:
        yield Symptom("audio-codec-limited", Severity.ADVICE, shown.codec, "AAC")
    if shown.sample_rate_hz not in _USUAL_RATES_HZ:
        rate = f"{shown.sample_rate_hz:,} Hz"
        yield Symptom("sample-rate-unusual", Severity.ADVICE, rate, "48,000 Hz")
    if shown.channel_count == 1:
        yield Symptom("audio-mono", Severity.ADVICE, "1 channel", "2 channels")
    if audio.recent_gap_s > _SOME_GAPS_S:
        severity = Severity.PROBLEM if audio.recent_gap_s > _MANY_GAPS_S else Severity.WARNING
        missing = f"{audio.recent_gap_s * 1000:.0f} ms in half a minute"
        yield Symptom("audio-gaps", severity, missing, "none")
    if readings.observed_s > _SETTLED_S and readings.silent_s < _STALLED_S:
        yield from _check_bits(audio)


def _check_bits(audio: AudioReadings) -> Iterator[Symptom]:
    shown, bps = audio.shown, audio.recent_bps
    if bps <= 0 or shown.codec not in _PLAYED:
        return
    measured = f"{bps / 1000:.0f} kbit/s"
    if bps < _SILENCE_BPS:
        yield Symptom("audio-silent", Severity.WARNING, measured, "64 kbit/s or more")
        return
    is_efficient = shown.codec == "Opus" or (shown.profile or "").startswith("HE")
    ratio = _EFFICIENT_RATIO if is_efficient else 1.0
    channels = min(max(shown.channel_count, 1), 2)
    if bps < _FEW_BPS * ratio * channels:
        is_worse = bps < _VERY_FEW_BPS * ratio * channels
        severity = Severity.WARNING if is_worse else Severity.ADVICE
        enough = f"{2 * _FEW_BPS * ratio * channels / 1000:.0f} kbit/s"
        yield Symptom("audio-bitrate-low", severity, measured, enough)
