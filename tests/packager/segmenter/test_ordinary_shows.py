"""What most encoders send: steady pictures with key frames, and sound without holes."""

from fractions import Fraction

import pytest

from ingest.media import Codec, WarningCode
from packager.cadence import LatencyProfile
from packager.segmenter import PartCut
from tests.packager.segmenter.publisher import Audio, Video, audio_track, interleaved, video_track
from tests.packager.segmenter.show import play_through

NTSC = Fraction(30_000, 1001)
FILM = Fraction(24_000, 1001)

AAC_48K = Audio()
AAC_44K = Audio(track=audio_track(44_100))
HE_AAC = Audio(unit=2048, track=audio_track(44_100))
OPUS = Audio(unit=960, track=audio_track(48_000, Codec.OPUS))
AC3 = Audio(unit=1536, track=audio_track(48_000, Codec.AC3))


@pytest.mark.parametrize("profile", list(LatencyProfile))
@pytest.mark.parametrize("audio", [AAC_48K, AAC_44K, HE_AAC, OPUS, AC3, None])
@pytest.mark.parametrize("fps", [FILM, 24, 25, NTSC, 30, 50, 60, 10])
def test_steady_shows_are_cut_evenly_and_lose_nothing(
    profile: LatencyProfile, audio: Audio | None, fps: Fraction | int
) -> None:
    for stamps_ms in (False, True):
        video = Video(fps=fps, stamps_ms=stamps_ms, track=video_track(fps))
        sources = [video] if audio is None else [video, audio]
        show = play_through(interleaved(*sources, until_s=5), profile=profile)
        show.check_equal_times()
        show.check_even_parts()
        show.check_independent_segments()
        show.check_nothing_lost("video", list(video.samples(5)))
        assert show.warnings == []


@pytest.mark.parametrize("gop_s", [Fraction(1, 2), 1, Fraction(3, 2), 2, Fraction(5, 2)])
@pytest.mark.parametrize("claim", [30, None, 60])
def test_segments_end_at_the_first_key_frame_after_two_seconds(
    gop_s: Fraction, claim: int | None
) -> None:
    video = Video(gop_s=gop_s, track=video_track(claim))
    show = play_through(interleaved(video, Audio(), until_s=13))
    show.check_equal_times()
    show.check_even_parts()
    show.check_independent_segments()
    whole_gops = -(-2 // gop_s) * gop_s
    for segment in show.renditions["video"].segments[:-1]:
        assert segment.duration_ticks == whole_gops * 90_000
    assert show.cadence is not None
    assert show.cadence.target_duration_s == -(-whole_gops // 1)


def test_pictures_shown_in_another_order_keep_their_presentation_times() -> None:
    video = Video(b_frames=2, stamps_ms=True)
    show = play_through(interleaved(video, Audio(), until_s=7))
    show.check_nothing_lost("video", list(video.samples(7)))
    offsets = {s.composition_offset_ticks for _, s in show.renditions["video"].samples}
    assert len(offsets) > 1


def test_every_unit_of_sound_from_the_first_picture_on_comes_through_at_its_own_time() -> None:
    audio = Audio(start_s=-1.0)
    show = play_through(interleaved(Video(), audio, until_s=9))
    half = audio.unit // 2
    sent = [sample for sample in audio.samples(9) if sample.dts >= -half]
    passed = show.renditions["audio"].samples[:-1]  # silence up to the last picture's end
    assert [s.payload for _, s in passed] == [s.payload for s in sent]
    assert {at - s.dts for (at, _), s in zip(passed, sent, strict=False)} == {480_000}


def test_a_part_is_published_when_its_last_sample_comes() -> None:
    video, audio = Video(), Audio()
    late_s = 0.05
    show = play_through(interleaved(video, audio, until_s=9, late_s=late_s))
    arrived = {
        sample.payload: 100 + late_s + sample.dts / source.track.timescale
        for source in (video, audio)
        for sample in source.samples(9)
    }
    for rendition, unit_s in ((show.renditions["video"], 0.0), (show.renditions["audio"], 0.022)):
        for part in later_parts(rendition.parts)[:-1]:
            last = part.samples[-1].payload
            waited_s = show.emitted_at[rendition.name, part.number] - arrived[last]
            assert waited_s <= unit_s + 0.034, part


@pytest.mark.parametrize("profile", list(LatencyProfile))
@pytest.mark.parametrize("fps", [24, 30, 60])
def test_sound_and_pictures_of_a_part_are_published_with_the_same_sample(
    profile: LatencyProfile, fps: int
) -> None:
    show = play_through(interleaved(Video(fps=fps), Audio(), until_s=12), profile=profile)
    pictures, sound = show.renditions["video"], show.renditions["audio"]
    for segment in pictures.segments[1:-1]:
        heard = sound.segment(segment.msn)
        for seen_part, heard_part in zip(segment.parts[3:], heard.parts[3:], strict=False):
            seen_at = show.emitted_at["video", seen_part.number]
            assert show.emitted_at["audio", heard_part.number] == seen_at


def later_parts(parts: list[PartCut]) -> list[PartCut]:
    return [part for part in parts if part.msn > 1]


def test_the_first_part_is_published_with_the_first_whole_segment() -> None:
    show = play_through(interleaved(Video(), Audio(), until_s=6))
    assert show.emitted_at["video", 1] <= 102.1


def test_dates_follow_the_arrival_that_waited_least() -> None:
    arrivals = interleaved(Video(), Audio(), until_s=9, late_s=0.2)
    show = play_through(arrivals)
    for segment in show.renditions["video"].segments:
        media_ms = segment.start_ticks // 90 - 10_000
        assert segment.opened.start_unix_ms - show.unix_ms(100.2) == pytest.approx(media_ms, abs=1)


def test_a_frame_rate_claim_that_is_wrong_is_not_believed() -> None:
    video = Video(fps=30, track=video_track(60))
    show = play_through(interleaved(video, until_s=7))
    assert show.cadence is not None
    assert show.cadence.part_target_ms == 336
    assert WarningCode.FRAME_RATE_VARIES not in show.warnings
