"""Each fault is found and nothing else is; a good stream is called good."""

from fractions import Fraction
from random import Random

import pytest

from analytics.doctor.examination import Examination
from analytics.doctor.finding import Severity
from analytics.doctor.texts import GOOD_CODES, TEXTS
from ingest.media import Codec, PublisherWarning, VideoFormat, WarningCode
from tests.analytics.doctor.made_media import (
    START_MS,
    Made,
    avc_record,
    examine,
    findings,
    hdr_form,
    wall_ms,
)

ADVICE, WARNING, PROBLEM = Severity.ADVICE, Severity.WARNING, Severity.PROBLEM
_CHANCE = Random(7)
_LATES = [_CHANCE.uniform(0, 0.35) for _ in range(4000)]
_GOPS = [1.0, 2.0, 3.2, 1.4, 2.6, 0.9, 3.0, 2.0] * 8

# name: (stream, profile, seconds after its end, every code that is found, with its severity)
CASES: dict[str, tuple[Made, str, float, dict[str, Severity]]] = {
    "clean": (Made(), "normal", 0, {}),
    "film": (Made(fps=Fraction(24000, 1001)), "normal", 0, {}),
    "fast": (
        Made(fps=Fraction(60), video_bps=6_000_000, record=avc_record(level=42)), "low", 0, {},
    ),
    "b-frames-are-fine": (Made(b_frames=2), "normal", 0, {}),
    "long-gop": (Made(gop_s=4.0), "normal", 0, {"keyframe-interval-long": WARNING}),
    "obs-automatic": (Made(gop_s=8.34), "normal", 0, {"keyframe-interval-long": PROBLEM}),
    "short-gop": (Made(gop_s=0.5), "normal", 0, {"keyframe-interval-short": ADVICE}),
    "one-keyframe": (Made(gop_s=99), "normal", 0, {"keyframes-missing": PROBLEM}),
    "scene-cuts": (
        Made(gop_of=lambda gop: _GOPS[gop], length_s=40), "normal", 0,
        {"keyframe-interval-irregular": ADVICE},
    ),
    "slow": (Made(fps=Fraction(15)), "normal", 0, {"frame-rate-low": WARNING}),
    "rather-slow": (Made(fps=Fraction(20)), "normal", 0, {"frame-rate-low": ADVICE}),
    "very-fast": (
        Made(fps=Fraction(90), video_bps=8_000_000, record=avc_record(level=51)), "normal", 0,
        {"frame-rate-high": ADVICE},
    ),
    "variable": (
        Made(shake_ticks=lambda number: (number * 7919) % 1500), "normal", 0,
        {"frame-rate-variable": WARNING},
    ),
    "rate-differs": (
        Made(form=VideoFormat(1920, 1080, frame_rate=Fraction(30)), fps=Fraction(25)),
        "normal", 0, {"frame-rate-differs": WARNING},
    ),
    "drops": (
        Made(drops=lambda number: number % 50 == 7), "normal", 0, {"frames-dropped": WARNING},
    ),
    "many-drops": (
        Made(drops=lambda number: number % 8 == 7), "normal", 0, {"frames-dropped": PROBLEM},
    ),
    "few-bits": (Made(video_bps=1_500_000), "normal", 0, {"bitrate-low": ADVICE}),
    "very-few-bits": (Made(video_bps=700_000), "normal", 0, {"bitrate-low": WARNING}),
    "many-bits": (Made(video_bps=12_000_000), "normal", 0, {"bitrate-high": ADVICE}),
    "peaks": (
        Made(video_bps_of=lambda s: 9_000_000 if s % 16 > 14 else 3_000_000), "normal", 0,
        {"bitrate-unstable": ADVICE},
    ),
    "low-latency-b": (Made(b_frames=2), "low", 0, {"b-frames": ADVICE}),
    "low-latency-many-b": (Made(b_frames=3), "low", 0, {"b-frames": WARNING}),
    "very-many-b": (Made(b_frames=5), "normal", 0, {"b-frames": ADVICE}),
    "hevc": (Made(codec=Codec.HEVC, record=bytes(23)), "normal", 0, {"codec-limited": ADVICE}),
    "baseline": (Made(record=avc_record(66)), "normal", 0, {"profile-baseline": ADVICE}),
    "ten-bit-avc": (Made(record=avc_record(110)), "normal", 0, {"profile-unplayable": PROBLEM}),
    "level": (Made(record=avc_record(level=31)), "normal", 0, {"level-exceeded": WARNING}),
    "odd": (Made(form=VideoFormat(1365, 767)), "normal", 0, {"resolution-odd": WARNING}),
    "anamorphic": (
        Made(form=VideoFormat(1440, 1080, (4, 3))), "normal", 0, {"resolution-odd": ADVICE},
    ),
    "4k": (
        Made(
            form=VideoFormat(3840, 2160), record=avc_record(level=51), video_bps=8_400_000,
            fps=Fraction(25),
        ),
        "normal", 0, {"resolution-high": ADVICE},
    ),
    "hdr-8": (Made(form=hdr_form(8)), "normal", 0, {"hdr-in-8-bit": WARNING}),
    "no-picture": (Made(has_video=False), "normal", 0, {"video-missing": ADVICE}),
    "picture-stops": (Made(video_until_s=20), "normal", 0, {"video-stalled": PROBLEM}),
    "no-sound": (Made(has_audio=False), "normal", 0, {"audio-missing": WARNING}),
    "sound-stops": (Made(audio_until_s=20), "normal", 0, {"audio-stalled": PROBLEM}),
    "silence": (Made(audio_bps=4_000), "normal", 0, {"audio-silent": WARNING}),
    "dull": (Made(audio_bps=64_000), "normal", 0, {"audio-bitrate-low": ADVICE}),
    "very-dull": (Made(audio_bps=32_000), "normal", 0, {"audio-bitrate-low": WARNING}),
    "odd-rate": (Made(rate_hz=32_000), "normal", 0, {"sample-rate-unusual": ADVICE}),
    "mono": (Made(channels=1), "normal", 0, {"audio-mono": ADVICE}),
    "flac": (Made(audio_codec=Codec.FLAC), "normal", 0, {"audio-codec-limited": ADVICE}),
    "holes": (
        Made(audio_hole=lambda number: number % 400 == 200), "normal", 0, {"audio-gaps": WARNING},
    ),
    "sound-begins-later": (Made(audio_starts_s=0.5), "normal", 0, {"av-offset": ADVICE}),
    "sound-arrives-later": (
        Made(audio_late_s=0.4), "normal", 0, {"av-offset": WARNING},
    ),
    "drift": (
        Made(audio_speed=1.0006, length_s=120), "normal", 0, {"av-drift": WARNING},
    ),
    "strong-drift": (
        Made(audio_speed=1.0026, length_s=52), "normal", 0, {"av-drift": WARNING},
    ),
    "very-fast-clock": (
        Made(clock_speed=1.007, length_s=45), "normal", 0, {"clock-drift": WARNING},
    ),
    "fast-clock": (Made(clock_speed=1.0008, length_s=90), "normal", 0, {"clock-drift": ADVICE}),
    "wrong-clock": (Made(clock_speed=0.995, length_s=90), "normal", 0, {"clock-drift": WARNING}),
    "too-slow": (
        Made(clock_speed=0.95, length_s=60), "normal", 0, {"upload-falls-behind": PROBLEM},
    ),
    "uneven": (
        Made(late_s=lambda s: _LATES[int(s * 2)]), "normal", 0, {"arrival-uneven": ADVICE},
    ),
    "stalls": (
        Made(late_s=lambda s: max(0.0, 1.5 - s % 15) if s > 10 else 0.0), "normal", 0,
        {"upload-stalls": WARNING},
    ),
    "stops": (Made(length_s=20), "normal", 9, {"media-stopped": PROBLEM}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_found_and_nothing_else(name: str) -> None:
    made, profile, more_s, expected = CASES[name]
    found = findings(made, profile, more_s=more_s)
    assert {code: each.severity for code, each in found.items()} == expected


def test_every_finding_that_is_written_about_can_be_found() -> None:
    """Those that need more than one stream are in tests of their own."""
    elsewhere = {"timestamps-jumped", "timestamps-repaired", "reconnects"}
    found = {code for _, _, _, codes in CASES.values() for code in codes}
    assert found | elsewhere | set(GOOD_CODES.values()) == set(TEXTS)


def test_a_clean_stream_is_called_good_everywhere() -> None:
    report = examine(Made()).report(1030, wall_ms(1030))
    assert {each.code for each in report.findings} == set(GOOD_CODES.values())
    assert report.past_findings == ()


def test_what_is_measured_of_a_clean_stream_is_what_was_made() -> None:
    made = Made(b_frames=2, fps=Fraction(30000, 1001), video_bps=4_000_000)
    report = examine(made).report(1030, wall_ms(1030))
    video, audio = report.video, report.audio
    assert video is not None
    assert audio is not None
    assert (video.codec, video.profile, video.level) == ("H.264", "High", "4.1")
    assert video.frame_rate == pytest.approx(29.97, abs=0.01)
    assert video.bitrate_bps == pytest.approx(4_000_000, rel=0.01)
    assert video.mean_bitrate_bps == pytest.approx(4_000_000, rel=0.01)
    assert video.keyframe_interval_s == pytest.approx(2.002, abs=0.001)
    assert (video.b_frame_run, video.reorder_ms, video.dropped_frames) == (2, 67, 0)
    assert (audio.codec, audio.profile, audio.sample_rate_hz) == ("AAC", "LC", 48_000)
    assert audio.bitrate_bps == pytest.approx(160_000, rel=0.01)
    arrival, timing = report.arrival, report.timing
    assert (arrival.jitter_p95_ms, arrival.stall_count) == (0, 0)
    assert timing.start_offset_ms == -100
    assert abs(timing.skew_ms or 0) < 50
    assert len(report.points) == 30


def test_drops_are_counted_and_the_clock_is_measured() -> None:
    made = Made(drops=lambda number: number % 100 == 50, clock_speed=1.002, length_s=100)
    report = examine(made).report(1100, wall_ms(1100))
    assert report.video is not None
    assert report.video.dropped_frames == 30
    assert report.arrival.clock_drift_ppm == pytest.approx(2000, rel=0.05)


@pytest.mark.parametrize(
    ("code", "finding"),
    [
        (WarningCode.TIMESTAMPS_REPAIRED, "timestamps-repaired"),
        (WarningCode.TIMESTAMPS_JUMPED, "timestamps-jumped"),
    ],
)
def test_what_ingest_had_to_mend_is_found_and_forgotten(code: WarningCode, finding: str) -> None:
    examination = Examination("normal", START_MS)
    examination.begin(1, "made", 1000)
    examination.note_warning(PublisherWarning(code, "video: mended", 3), 1001)
    seen = []
    for second in range(2, 90):
        examination.advance(1000 + second, wall_ms(1000 + second))
        codes = {each.code for each in examination.current_findings(wall_ms(1000 + second))}
        seen.append(finding in codes)
    assert (seen[0], True in seen, seen[-1]) == (False, True, False)
    timing = examination.report(1090, wall_ms(1090)).timing
    assert 3 in {timing.repair_count, timing.jump_count}


def test_reconnects_are_counted_and_what_held_before_is_kept() -> None:
    examination = examine(Made(gop_s=5.0))
    for publisher_id in (2, 3, 4):
        examination.begin(publisher_id, "made", 1030)
    for second in range(31, 36):
        examination.advance(1000 + second, wall_ms(1000 + second))
    report = examination.report(1036, wall_ms(1036))
    assert report.reconnect_count == 3
    assert {each.code: each.severity for each in report.findings}["reconnects"] is WARNING


def test_a_report_of_an_earlier_process_goes_on() -> None:
    earlier = examine(Made(channels=1)).report(1030, wall_ms(1030))
    examination = Examination("normal", wall_ms(1040))
    examination.remember(earlier)
    examine(Made(length_s=10), examination=examination)
    report = examination.report(1010, wall_ms(1050))
    assert report.started_ms == START_MS
    assert report.reconnect_count == 1
    assert report.observed_ms == 40_000
    assert "audio-mono" in {each.code for each in report.past_findings}


def test_texts_speak_of_every_symptom_in_words() -> None:
    for code, words in TEXTS.items():
        is_good = code in GOOD_CODES.values()
        assert (words.to_change is None) is is_good, code
        for text in (words.text, words.to_change or "x."):
            assert text.endswith("."), code
        assert words.title[0].isupper(), code
        assert not words.title.endswith("."), code


def test_a_publisher_who_sends_nothing_is_told_so_and_nothing_else() -> None:
    examination = Examination("low", START_MS)
    examination.begin(1, "", 1000)
    for second in range(1, 10):
        examination.advance(1000 + second, wall_ms(1000 + second))
    codes = {each.code for each in examination.current_findings(wall_ms(1009))}
    assert codes == {"media-stopped"}
