"""Key frames that come rarely, irregularly, late or never."""

from fractions import Fraction

import pytest

from ingest.media import MediaEvent, Sample, WarningCode
from packager.cadence import LatencyProfile
from tests.packager.segmenter.publisher import (
    Arrival,
    Audio,
    Video,
    interleaved,
    started,
    video_track,
)
from tests.packager.segmenter.show import Show, play_through


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_250_frames_between_key_frames_begin_within_three_seconds_and_go_on(fps: int) -> None:
    video = Video(fps=fps, gop_s=Fraction(250, fps), track=video_track(fps))
    show = play_through(interleaved(video, Audio(), until_s=31))
    assert show.emitted_at["video", 1] < 103
    assert show.cadence is not None
    assert show.cadence.target_duration_s == 10
    show.check_equal_times()
    show.check_even_parts()
    show.check_nothing_lost("video", list(video.samples(31)))
    assert show.warnings == [WarningCode.LONG_GOP]
    # The second segment is the only one that begins within a group of pictures.
    independent = [s.parts[0].is_independent for s in show.renditions["video"].segments]
    assert independent == [True, False] + [True] * (len(independent) - 2)


@pytest.mark.parametrize("profile", list(LatencyProfile))
@pytest.mark.parametrize("gop_s", [20, 60])
def test_without_key_frames_segments_are_cut_by_force(profile: LatencyProfile, gop_s: int) -> None:
    video = Video(gop_s=gop_s)
    show = play_through(interleaved(video, Audio(), until_s=31), profile=profile)
    show.check_equal_times()
    show.check_even_parts()
    show.check_nothing_lost("video", list(video.samples(31)))
    assert show.warnings == [WarningCode.LONG_GOP, WarningCode.NO_KEYFRAME]


def test_a_later_long_gop_is_cut_to_the_first_cadence() -> None:
    show = Show()
    show.start()
    show.play(interleaved(Video(gop_s=1), Audio(), until_s=8))
    show.end()
    show.start(110)
    show.play(interleaved(Video(gop_s=10), Audio(), until_s=25, at_s=110))
    show.end()
    assert show.cadence is not None
    assert show.cadence.target_duration_s == 2
    show.check_equal_times()
    show.check_even_parts()


def test_key_frames_of_scene_cuts_do_not_make_segments_uneven() -> None:
    video = Video(gop_s=2)
    frames = [s._replace(is_sync=s.is_sync or i % 37 == 0) for i, s in enumerate(video.samples(12))]
    arrivals = interleaved(Audio(), until_s=12)
    arrivals.insert(0, started(video.track))
    arrivals.extend(Arrival(100.05 + s.dts / 90_000, (s,)) for s in frames)
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times()
    show.check_independent_segments()
    show.check_nothing_lost("video", frames)


def test_a_segment_that_began_between_key_frames_ends_at_the_next_one() -> None:
    # One group of pictures is half a second longer than TARGETDURATION allows.
    frames = [s for s in Video(gop_s=2).samples(20) if s.dts < 8 * 90_000]
    later = [
        s._replace(dts=s.dts + 8 * 90_000 + 81_000, pts=s.pts + 8 * 90_000 + 81_000)
        for s in Video(gop_s=2).samples(12)
    ]
    between = [
        Sample("video", 720_000 + 3000 * i, 720_000 + 3000 * i, 0, False, b"between")
        for i in range(27)
    ]
    arrivals = interleaved(Audio(), until_s=20)
    arrivals.insert(0, started(video_track()))
    arrivals.extend(Arrival(100.05 + s.dts / 90_000, (s,)) for s in frames + between + later)
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times()
    show.check_nothing_lost("video", frames + between + later)
    independent = [s.parts[0].is_independent for s in show.renditions["video"].segments]
    assert independent.count(False) == 1


def test_pictures_before_the_first_key_frame_are_left_out_and_sound_begins_with_it() -> None:
    video = Video(gop_s=4)
    arrivals = [
        arrival
        for arrival in interleaved(video, Audio(), until_s=13)
        if not (is_of(arrival, "video") and arrival.at_s < 101.5)
    ]
    show = play_through(arrivals)
    show.check_equal_times()
    assert show.renditions["video"].payloads()[0].endswith(b"000120I")
    start_s = show.renditions["audio"].parts[0].decode_time_ticks / 48_000
    assert start_s == pytest.approx(10, abs=0.011)


def test_a_streamer_is_told_when_no_key_frame_comes() -> None:
    arrivals = [
        Arrival(arrival.at_s, tuple(without_sync(event) for event in arrival.events))
        for arrival in interleaved(Video(), Audio(), until_s=20)
    ]
    show = play_through(arrivals)
    assert WarningCode.NO_KEYFRAME in show.warnings
    assert set(show.renditions) == {"audio"}, "it is heard at least"


def is_of(arrival: Arrival, name: str) -> bool:
    return any(isinstance(event, Sample) and event.track == name for event in arrival.events)


def without_sync(event: MediaEvent) -> MediaEvent:
    if isinstance(event, Sample) and event.track == "video":
        return event._replace(is_sync=False)
    return event
