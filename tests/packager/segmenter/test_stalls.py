"""A track that stops while others go on."""

import pytest

from ingest.media import Codec, Sample, Track, TrackEnded, WarningCode
from tests.packager.segmenter.publisher import (
    Arrival,
    Audio,
    Video,
    audio_track,
    interleaved,
    video_track,
)
from tests.packager.segmenter.show import Show, play_through

SILENCE = bytes.fromhex("210049900219002380")


def test_sound_that_stops_becomes_silence_and_comes_back() -> None:
    audio = Audio(skip_s=[(5, 10)])
    show = Show()
    show.start()
    arrivals = interleaved(Video(), audio, until_s=16)
    show.play([arrival for arrival in arrivals if arrival.at_s < 109.9])
    head_s = show.renditions["audio"].parts[-1].decode_time_ticks / 48_000 - 10
    assert head_s > 8, "silence keeps up with the pictures"
    assert show.warnings == [WarningCode.TRACK_STALLED]
    show.play([arrival for arrival in arrivals if arrival.at_s >= 109.9])
    show.end()
    show.check_equal_times()
    show.check_even_parts()
    payloads = show.renditions["audio"].payloads()
    sent = [sample.payload for sample in audio.samples(16)]
    assert [p for p in payloads if p != SILENCE] == sent
    assert payloads.count(SILENCE) == pytest.approx(5 * 48_000 / 1024, abs=3)


def test_pictures_that_stop_become_a_still_until_a_key_frame_comes() -> None:
    video = Video(skip_s=[(5, 9.5)])
    show = Show()
    show.start()
    arrivals = interleaved(video, Audio(), until_s=16)
    show.play([arrival for arrival in arrivals if arrival.at_s < 109.4])
    head_s = show.renditions["video"].parts[-1].decode_time_ticks / 90_000 - 10
    assert head_s > 8, "stills keep up with the sound"
    show.play([arrival for arrival in arrivals if arrival.at_s >= 109.4])
    show.end()
    show.check_equal_times()
    show.check_independent_segments()
    shown = show.renditions["video"].payloads()
    last_key = b"video000120I"
    assert shown.count(last_key) > 5
    after = shown[len(shown) - 1 - shown[::-1].index(last_key) + 1 :]
    assert after[0].endswith(b"000300I"), "frames before it refer to lost ones"
    sent = [s.payload for s in Audio().samples(16)]
    assert [p for p in show.renditions["audio"].payloads() if p != SILENCE] == sent


@pytest.mark.parametrize("lead_s", [0.1, 0.4, 1.0])
def test_stills_leave_room_for_pictures_that_come_later_than_the_sound(lead_s: float) -> None:
    video = Video(gop_s=1, skip_s=[(5, 9.5)])
    arrivals = [
        Arrival(a.at_s + (lead_s if is_of(a, "video") else 0), a.events)
        for a in interleaved(video, Audio(), until_s=20)
    ]
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times()
    shown = show.renditions["video"].payloads()
    resumed = {int(p[5:11]) for p in shown if int(p[5:11]) >= 300}
    assert len(resumed) > 250, "most of the ten seconds after the stall"


def test_a_track_that_only_pauses_briefly_is_not_filled() -> None:
    video, audio = Video(skip_s=[(5, 5.9)]), Audio()
    show = play_through(interleaved(video, audio, until_s=12))
    show.check_nothing_lost("video", list(video.samples(12)))
    assert show.warnings == []


@pytest.mark.parametrize(
    ("track", "unit"),
    [(audio_track(codec=Codec.EAC3), 1536), (audio_track(codec=Codec.FLAC), 4096)],
)
def test_sound_without_a_known_silence_becomes_gaps(track: Track, unit: int) -> None:
    audio = Audio(unit=unit, track=track, skip_s=[(5, 9)])
    show = play_through(interleaved(Video(), audio, until_s=16))
    show.check_equal_times(100)
    gaps = [part for part in show.renditions["audio"].parts if part.is_gap]
    assert sum(part.duration_ticks for part in gaps) / 48_000 == pytest.approx(4, abs=0.8)


def test_sound_that_ended_is_silent_at_once() -> None:
    arrivals = interleaved(Video(), Audio(skip_s=[(5, 99)]), until_s=12)
    arrivals.append(Arrival(105.1, (TrackEnded("audio"),)))
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times()
    audio = show.renditions["audio"]
    for part in audio.parts:
        video_parts = show.renditions["video"].segment(part.msn).parts
        if part.msn > 3 and part.index < len(video_parts):
            video_part = video_parts[part.index]
            waited_s = (
                show.emitted_at["audio", part.number] - show.emitted_at["video", video_part.number]
            )
            assert waited_s <= 0.001
    assert show.warnings == []


def test_pictures_that_ended_become_a_still_while_sound_goes_on() -> None:
    arrivals = interleaved(Video(skip_s=[(5, 99)]), Audio(), until_s=12)
    arrivals.append(Arrival(105.1, (TrackEnded("video"),)))
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times()
    assert show.renditions["video"].segments[-1].end_ticks / 90_000 > 21


def test_garbage_times_of_a_stalled_show_are_not_filled_faster_than_time_goes_by() -> None:
    arrivals = interleaved(Video(), Audio(), until_s=6)
    dts = 6 * 48_000
    for index in range(200):
        dts += 45_000  # nearly a second further with every unit
        unit = Sample("audio", dts, dts, 1024, True, b"audio")
        arrivals.append(Arrival(106 + index * 0.02, (unit,)))
    show = play_through(arrivals)
    media_s = show.renditions["video"].segments[-1].end_ticks / 90_000 - 10
    assert media_s < 6 + 4 + 3


def test_a_second_picture_track_that_stops_becomes_a_still_too() -> None:
    small = Video(track=video_track(name="video-1"), skip_s=[(5, 9.5)])
    show = play_through(interleaved(Video(), small, Audio(), until_s=16))
    show.check_equal_times(40)
    show.check_nothing_lost("video", list(Video().samples(16)))
    shown = show.renditions["video-1"].payloads()
    assert b"video-1000300I" in shown
    assert b"video-1000299P" not in shown


def is_of(arrival: Arrival, name: str) -> bool:
    return any(isinstance(event, Sample) and event.track == name for event in arrival.events)
