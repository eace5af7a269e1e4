"""Frame rates that change, frames that are missing, clocks that jump."""

from collections.abc import Iterator, Sequence

import pytest

from ingest.media import Discontinuity, Sample, WarningCode
from packager.cadence import LatencyProfile
from tests.packager.segmenter.publisher import (
    Arrival,
    Audio,
    Video,
    audio_track,
    interleaved,
    shifted,
    started,
    video_track,
)
from tests.packager.segmenter.show import Show, play_through


def frames_at(times_s: Sequence[float], gop_s: float = 2) -> Iterator[Sample]:
    next_sync_s = times_s[0]
    for index, time_s in enumerate(times_s):
        ticks = round(time_s * 1000) * 90
        is_sync = time_s >= next_sync_s - 0.001
        if is_sync:
            next_sync_s += gop_s
        yield Sample("video", ticks, ticks, 0, is_sync, f"frame{index}".encode())


def rising(*spans: tuple[float, float]) -> list[float]:
    """Times with so many frames a second until such a time."""
    times_s = [0.0]
    for fps, until_s in spans:
        while times_s[-1] + 1 / fps < until_s:
            times_s.append(times_s[-1] + 1 / fps)
    return times_s


def show_of(
    frames: Sequence[Sample], audio: Audio | None, profile: LatencyProfile = LatencyProfile.NORMAL
) -> Show:
    arrivals = [started(video_track())]
    if audio is not None:
        until_s = frames[-1].dts / 90_000
        arrivals.extend(interleaved(audio, until_s=until_s))
    arrivals.extend(Arrival(100.05 + frame.dts / 90_000, (frame,)) for frame in frames)
    arrivals.sort(key=lambda arrival: arrival.at_s)
    return play_through(arrivals, profile=profile)


@pytest.mark.parametrize("profile", list(LatencyProfile))
@pytest.mark.parametrize("low_fps", [20, 15, 10, 5, 4])
def test_a_screen_capture_that_slows_down_loses_no_frame(
    profile: LatencyProfile, low_fps: int
) -> None:
    frames = list(frames_at(rising((30, 5), (low_fps, 12), (30, 20))))
    show = show_of(frames, Audio(), profile=profile)
    show.check_equal_times(300)
    show.check_even_parts()
    show.check_nothing_lost("video", frames)


def test_a_dropped_half_second_moves_no_presentation_time_and_leaves_no_hole() -> None:
    frames = [f for f in frames_at(rising((30, 12))) if not 5.0 <= f.dts / 90_000 < 5.5]
    show = show_of(frames, Audio())
    show.check_equal_times()
    show.check_even_parts()
    show.check_nothing_lost("video", frames)
    assert show.warnings == []


def test_one_frame_a_second_after_thirty_is_shown_at_key_frames_and_told() -> None:
    frames = list(frames_at(rising((30, 4), (1, 20)), gop_s=2))
    show = show_of(frames, Audio())
    assert WarningCode.FRAME_RATE_VARIES in show.warnings
    video = show.renditions["video"]
    assert video.segments[-1].end_ticks / 90_000 == pytest.approx(29, abs=1.5)
    show.check_equal_times(1500)


@pytest.mark.parametrize("hole_s", [0.03, 0.5, 0.9, 1.5, 5.0])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_a_hole_in_the_sound_is_filled_with_silence(hole_s: float, rate_hz: int) -> None:
    audio = Audio(track=audio_track(rate_hz), skip_s=[(4, 4 + hole_s)])
    show = play_through(interleaved(Video(), audio, until_s=14))
    show.check_equal_times()
    show.check_even_parts()
    show.check_nothing_lost("video", list(Video().samples(14)))
    sent = [sample.payload for sample in audio.samples(14)]
    passed = [p for p in show.renditions["audio"].payloads() if p.startswith(b"audio")]
    assert passed == sent[: len(passed)]
    assert len(sent) - len(passed) <= 1
    missing_s = show.renditions["audio"].payloads().count(passed_silence(show)) * 1024 / rate_hz
    assert missing_s == pytest.approx(hole_s, abs=0.07)


def passed_silence(show: Show) -> bytes:
    return next(p for p in show.renditions["audio"].payloads() if not p.startswith(b"audio"))


def test_sound_that_overlaps_is_dropped() -> None:
    audio = Audio()
    units = [
        unit._replace(dts=unit.dts - 4096, pts=unit.pts - 4096) if unit.dts > 200_000 else unit
        for unit in audio.samples(12)
    ]
    arrivals = [*interleaved(Video(), until_s=12), started(audio.track)]
    arrivals += [Arrival(100.06 + unit.dts / 48_000, (unit,)) for unit in units]
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times()
    show.check_even_parts()


def test_a_hole_of_seconds_in_all_tracks_is_a_discontinuity_that_begins_with_a_key_frame() -> None:
    hole = [(5.0, 8.5)]
    video, audio = Video(skip_s=hole), Audio(skip_s=hole)
    show = play_through(interleaved(video, audio, until_s=16))
    show.check_equal_times()
    show.check_independent_segments()
    breaks = [s for s in show.renditions["video"].segments if s.opened.is_discontinuous]
    assert len(breaks) == 1
    assert bytes(breaks[0].parts[0].samples[0].payload).endswith(b"I")
    gone_ms = breaks[0].opened.start_unix_ms - show.unix_ms(105.05)
    assert gone_ms == pytest.approx(5000, abs=100), "the key frame at 10 s"


@pytest.mark.parametrize("reset_s", [-1000.0, 0.5, 1000.0])
def test_times_that_begin_anew_are_a_discontinuity_on_the_same_timeline(reset_s: float) -> None:
    first = interleaved(Video(), Audio(), until_s=7)
    video, audio = Video(start_s=reset_s), Audio(start_s=reset_s)
    second = interleaved(video, audio, until_s=reset_s + 7, at_s=107)
    show = Show()
    show.start()
    show.play(first)
    show.play([Arrival(107, (Discontinuity("test"),)), *second[1:]])
    show.end()
    show.check_equal_times()
    assert [s.opened.is_discontinuous for s in show.renditions["video"].segments].count(True) == 1
    assert len(show.renditions["video"].payloads()) == 420


@pytest.mark.parametrize("jump_s", [-30.0, -2.0, 3.0, 30.0])
def test_a_jump_that_nobody_announced_is_a_discontinuity_too(jump_s: float) -> None:
    first = interleaved(Video(), Audio(), until_s=7)
    start_s = 7 + jump_s
    second = interleaved(
        Video(start_s=start_s), Audio(start_s=start_s), until_s=start_s + 7, at_s=107
    )
    show = Show()
    show.start()
    show.play(first)
    show.play(second[1:])
    show.end()
    show.check_equal_times()
    assert [s.opened.is_discontinuous for s in show.renditions["video"].segments].count(True) == 1


def test_a_burst_after_a_network_stall_leaves_no_trace() -> None:
    arrivals = interleaved(Video(), Audio(), until_s=20)
    burst = [
        Arrival(110.0, arrival.events) if 105 < arrival.at_s < 110 else arrival
        for arrival in arrivals
    ]
    show, steady = play_through(burst), play_through(arrivals)
    for name, rendition in show.renditions.items():
        assert rendition.parts == steady.renditions[name].parts
    assert show.warnings == []


def test_shifted_arrivals_change_dates_only() -> None:
    arrivals = interleaved(Video(), Audio(), until_s=7)
    early, late = play_through(arrivals), play_through(shifted(arrivals, 50))
    assert early.renditions["audio"].parts == late.renditions["audio"].parts
