"""Tracks that are alone, that are many, that come late and that change."""

from dataclasses import replace
from fractions import Fraction

import pytest

from ingest.media import Codec, TracksAnnounced, TrackStarted
from packager.cadence import LatencyProfile
from packager.segmenter import SegmenterSettings
from tests.packager.segmenter.publisher import (
    Arrival,
    Audio,
    Source,
    Video,
    audio_track,
    interleaved,
    video_track,
)
from tests.packager.segmenter.show import Show, play_through


@pytest.mark.parametrize("profile", list(LatencyProfile))
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_sound_alone_is_cut_into_equal_parts(profile: LatencyProfile, rate_hz: int) -> None:
    audio = Audio(track=audio_track(rate_hz))
    show = play_through(interleaved(audio, until_s=15), profile=profile)
    show.check_even_parts()
    show.check_nothing_lost("audio", list(audio.samples(15)))
    lengths = {s.duration_ticks for s in show.renditions["audio"].segments[:-1]}
    assert len(lengths) == 1
    assert lengths.pop() >= 2 * rate_hz - 512


def test_opus_alone_is_cut() -> None:
    audio = Audio(unit=960, track=audio_track(codec=Codec.OPUS))
    show = play_through(interleaved(audio, until_s=9))
    show.check_even_parts()
    show.check_nothing_lost("audio", list(audio.samples(9)))


def test_pictures_alone_are_cut() -> None:
    show = play_through(interleaved(Video(stamps_ms=True), until_s=9))
    show.check_even_parts()
    show.check_nothing_lost("video", list(Video(stamps_ms=True).samples(9)))


def test_renditions_of_one_picture_have_their_key_frames_at_the_same_places() -> None:
    sources: list[Source] = [
        Video(fps=60, track=video_track(60)),
        Video(fps=30, track=video_track(30, "video-1")),
        Video(fps=30, stamps_ms=True, track=video_track(30, "video-2")),
        Audio(),
        Audio(track=audio_track(name="audio-1")),
    ]
    show = play_through(interleaved(*sources, until_s=13))
    show.check_equal_times()
    show.check_even_parts()
    for source in sources[:3]:
        show.check_independent_segments(source.track.name)
    for source in sources[:3]:
        show.check_nothing_lost(source.track.name, list(source.samples(13)))


def test_a_rendition_with_other_key_frames_says_so() -> None:
    other = Video(gop_s=Fraction(17, 10), track=video_track(name="video-1"))
    show = play_through(interleaved(Video(), other, until_s=13))
    show.check_equal_times(40)
    for part in show.renditions["video-1"].parts:
        assert part.is_independent == bytes(part.samples[0].payload).endswith(b"I")


def test_sound_that_comes_after_the_show_began_joins_at_a_segment() -> None:
    show = play_through(interleaved(Video(), Audio(start_s=5.0), until_s=16))
    show.check_equal_times()
    audio = show.renditions["audio"]
    assert audio.segments[0].msn == 4
    assert not any(s.opened.is_discontinuous for s in audio.segments)
    assert bytes(audio.parts[0].samples[0].payload).startswith(b"audio")


def test_sound_without_a_known_silence_begins_and_ends_without_a_gap() -> None:
    audio = Audio(unit=4608, track=audio_track(codec=Codec.FLAC), start_s=0.1)
    show = play_through(interleaved(Video(), audio, until_s=9))
    show.check_equal_times(105)
    assert not any(part.is_gap for part in show.renditions["audio"].parts)
    show.check_nothing_lost("audio", list(audio.samples(9)))


def test_sound_that_was_announced_is_waited_for() -> None:
    arrivals = interleaved(Video(gop_s=1), Audio(start_s=1.5), until_s=10)
    announced = Arrival(arrivals[0].at_s, (TracksAnnounced(frozenset({"video", "audio"})),))
    show = play_through([announced, *arrivals])
    show.check_equal_times()
    assert show.renditions["audio"].segments[0].msn == 1


def test_pictures_that_come_after_the_sound_take_the_lead_after_a_discontinuity() -> None:
    arrivals = interleaved(Audio(), until_s=16)
    arrivals += interleaved(Video(start_s=6.0), until_s=16, at_s=106)
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times()
    video, audio = show.renditions["video"], show.renditions["audio"]
    assert video.segments[0].opened.is_discontinuous
    assert audio.segments[0].msn == 1
    show.check_independent_segments()
    show.check_nothing_lost("video", list(Video(start_s=6.0).samples(16)))


def test_another_picture_size_begins_a_segment_with_another_init() -> None:
    first = interleaved(Video(), Audio(), until_s=7)
    changed = video_track(record=b"\x01\x64\x00\x28\xff\xe1\x00\x00\x00")
    second = interleaved(Video(start_s=7.0, track=changed), until_s=14, at_s=107)
    sound = [a for a in interleaved(Audio(), until_s=14) if a.at_s >= 107]
    second += sound
    second.sort(key=lambda arrival: arrival.at_s)
    show = Show()
    show.start()
    show.play(first)
    show.play(second)
    show.end()
    show.check_equal_times()
    show.check_independent_segments()
    video = show.renditions["video"]
    assert [track.decoder_configuration for track in video.inits] == [
        video_track().decoder_configuration,
        changed.decoder_configuration,
    ]
    breaks = [s.msn for s in video.segments if s.opened.is_discontinuous]
    assert len(breaks) == 1
    assert len(video.payloads()) == 420
    assert len(show.renditions["audio"].inits) == 1


def test_another_sound_format_begins_at_a_discontinuous_segment_and_pictures_go_on() -> None:
    changed = audio_track(44_100)
    arrivals = interleaved(Video(), Audio(skip_s=[(7, 99)]), until_s=14)
    arrivals += interleaved(Audio(start_s=7.0, track=changed), until_s=14, at_s=107)
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times()
    show.check_nothing_lost("video", list(Video().samples(14)))
    audio = show.renditions["audio"]
    assert [track.timescale for track in audio.inits] == [48_000, 44_100]
    assert [s.msn for s in audio.segments if s.opened.is_discontinuous] == [5]


@pytest.mark.parametrize("changed_at_s", [5.0, 5.313, 6.97])
@pytest.mark.parametrize("before", [Audio(), Audio(track=audio_track(44_100))])
@pytest.mark.parametrize(
    "after",
    [
        Audio(track=audio_track(44_100), start_s=0.011),
        Audio(unit=960, track=audio_track(codec=Codec.OPUS)),
        Audio(unit=1536, track=audio_track(codec=Codec.AC3), start_s=0.011),
    ],
)
def test_another_sound_format_begins_within_a_unit_of_the_pictures(
    before: Audio, after: Audio, changed_at_s: float
) -> None:
    before = replace(before, skip_s=[(changed_at_s, 99)])
    after = replace(after, start_s=changed_at_s + after.start_s)
    arrivals = interleaved(Video(), before, until_s=12)
    arrivals += interleaved(after, until_s=12, at_s=100 + after.start_s)
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    halves = Fraction(before.unit, before.track.timescale) + Fraction(
        after.unit, after.track.timescale
    )
    show.check_equal_times(round(halves * 500) + 1)


def test_another_size_of_a_second_picture_track_never_mixes_with_the_old_init() -> None:
    old = Video(track=video_track(name="video-1"), skip_s=[(5, 99)])
    record = b"\x01\x64\x00\x28\xff\xe1\x00\x00\x00"
    new = Video(
        track=video_track(name="video-1", record=record), start_s=5.0, gop_s=0.5, label="new"
    )
    arrivals = interleaved(Video(gop_s=4), old, until_s=12)
    arrivals += interleaved(new, until_s=12, at_s=105)
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    small = show.renditions["video-1"]
    change = next(s.msn for s in small.segments if s.opened.init_number == 2)
    old_payloads = {sample.payload for sample in old.samples(5)}
    for part in small.parts:
        if part.msn < change:
            assert {sample.payload for sample in part.samples} <= old_payloads
    show.check_equal_times(40)


def test_a_repeated_or_merely_other_claim_changes_nothing() -> None:
    arrivals = interleaved(Video(), Audio(), until_s=12)
    arrivals.append(Arrival(105, (TrackStarted(video_track(25)), TrackStarted(audio_track()))))
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    assert not any(s.opened.is_discontinuous for s in show.renditions["video"].segments)
    show.check_nothing_lost("video", list(Video().samples(12)))


def test_tracks_beyond_the_limit_are_left_out_and_told() -> None:
    sources: list[Source] = [Video(), Audio(), Audio(track=audio_track(name="audio-1"))]
    show = play_through(interleaved(*sources, until_s=6), SegmenterSettings(max_renditions=2))
    assert set(show.renditions) == {"video", "audio"}
    assert [code.value for code in show.warnings] == ["unsupported-track"]
