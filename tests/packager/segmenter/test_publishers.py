"""Publishers that leave, come back, take over and come back with something else."""

import pytest

from ingest.media import Codec
from packager.cadence import LatencyProfile
from packager.segmenter import NoPublisherError, Segmenter, SegmenterSettings
from tests.packager.segmenter.publisher import (
    Arrival,
    Audio,
    Source,
    Video,
    audio_track,
    interleaved,
    video_track,
)
from tests.packager.segmenter.show import Show

FIRST = interleaved(Video(), Audio(), until_s=7)


def two_publishers(second: list[Arrival], end_at_s: float | None = 108) -> Show:
    show = Show()
    show.start()
    show.play(FIRST)
    if end_at_s is not None:
        show.end(end_at_s)
    show.start(second[0].at_s)
    show.play(second)
    show.end()
    return show


@pytest.mark.parametrize("start_s", [0.0, -500.0, 7.0, 9000.0])
@pytest.mark.parametrize("end_at_s", [108, None])
def test_a_publisher_who_comes_back_goes_on_after_a_discontinuity(
    start_s: float, end_at_s: float | None
) -> None:
    video, audio = Video(start_s=start_s), Audio(start_s=start_s)
    second = interleaved(video, audio, until_s=start_s + 7, at_s=120)
    show = two_publishers(second, end_at_s)
    show.check_equal_times()
    show.check_even_parts()
    show.check_independent_segments()
    for rendition in show.renditions.values():
        assert len(rendition.inits) == 1, "the same encoder needs no other init"
        breaks = [s for s in rendition.segments if s.opened.is_discontinuous]
        assert [s.msn for s in breaks] == [5]
        assert breaks[0].opened.start_unix_ms == pytest.approx(show.unix_ms(120.05), abs=25)
    assert len(show.renditions["video"].payloads()) == 420


def test_pictures_that_come_after_a_return_without_them_lead_again() -> None:
    second = interleaved(Audio(), until_s=14, at_s=120)
    second += interleaved(Video(start_s=5.0), until_s=14, at_s=125)
    second.sort(key=lambda arrival: arrival.at_s)
    show = two_publishers(second)
    show.check_equal_times()
    breaks = [s for s in show.renditions["video"].segments if s.opened.is_discontinuous]
    assert len(breaks) == 2
    assert all(s.parts[0].is_independent for s in show.renditions["video"].segments)
    assert breaks[1].parts[0].samples[0].payload == b"video000000I"


def test_parts_after_a_return_come_without_waiting_for_a_whole_segment() -> None:
    show = two_publishers(interleaved(Video(), Audio(), until_s=7, at_s=120))
    first = next(part for part in show.renditions["video"].parts if part.msn == 5)
    assert show.emitted_at["video", first.number] < 120.6


def test_a_publisher_who_comes_back_without_sound_leaves_the_sound_silent() -> None:
    show = two_publishers(interleaved(Video(), until_s=7, at_s=120))
    show.check_equal_times()
    audio = show.renditions["audio"]
    assert all(not p.startswith(b"audio") for p in tail_payloads(show, "audio"))
    assert audio.segments[-1].msn == show.renditions["video"].segments[-1].msn


def test_a_publisher_who_comes_back_without_pictures_leaves_a_still() -> None:
    show = two_publishers(interleaved(Audio(), until_s=7, at_s=120))
    show.check_equal_times()
    assert set(tail_payloads(show, "video")) == {b"video000180I"}


@pytest.mark.parametrize("fps", [24, 50, 60, 5])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_another_encoder_is_cut_to_the_first_cadence(fps: int, rate_hz: int) -> None:
    video = Video(fps=fps, track=video_track(fps, record=b"\x01\x4d\x00\x1e\xff\xe1\x00\x00"))
    audio = Audio(track=audio_track(rate_hz))
    show = two_publishers(interleaved(video, audio, until_s=9, at_s=120))
    show.check_equal_times(110)
    assert len(show.renditions["video"].inits) == 2
    assert len(show.renditions["audio"].inits) == (2 if rate_hz == 44_100 else 1)


def test_another_codec_and_more_tracks_are_taken_in() -> None:
    sources: list[Source] = [Video(), Audio(unit=960, track=audio_track(codec=Codec.OPUS))]
    sources.append(Audio(track=audio_track(name="audio-1")))
    show = two_publishers(interleaved(*sources, until_s=7, at_s=120))
    show.check_equal_times()
    assert [t.codec for t in show.renditions["audio"].inits] == [Codec.AAC, Codec.OPUS]
    assert show.renditions["audio-1"].segments[0].msn == 5
    assert show.renditions["audio-1"].segments[0].opened.is_discontinuous


def test_a_publisher_who_leaves_before_anything_was_decided_is_published_still() -> None:
    show = Show()
    show.start()
    show.play(interleaved(Video(), Audio(), until_s=1.5))
    show.end()
    show.check_equal_times()
    assert len(show.renditions["video"].payloads()) == 45


def test_a_publisher_who_sends_nothing_publishes_nothing() -> None:
    show = Show()
    show.start()
    show.end(130)
    assert show.renditions == {}


def test_a_show_of_many_reconnects_keeps_its_numbers() -> None:
    show = Show()
    for round_number in range(12):
        at_s = 100 + 10 * round_number
        show.start(at_s)
        show.play(interleaved(Video(), Audio(), until_s=0.3 * round_number, at_s=at_s))
        show.end()
    show.check_equal_times()
    assert show.renditions["video"].segments[-1].msn > 12


def test_media_without_a_publisher_is_our_own_fault() -> None:
    segmenter = Segmenter(SegmenterSettings(), LatencyProfile.NORMAL)
    with pytest.raises(NoPublisherError):
        segmenter.receive(FIRST[0].events, 0.0, 0)
    segmenter.start_publisher(0.0, 0)
    segmenter.end_publisher(1.0)
    with pytest.raises(NoPublisherError):
        segmenter.receive(FIRST[0].events, 2.0, 0)


def tail_payloads(show: Show, name: str) -> list[bytes]:
    """What was sent of a rendition after the return."""
    parts = [part for part in show.renditions[name].parts if part.msn >= 5]
    return [bytes(sample.payload) for part in parts for sample in part.samples]
