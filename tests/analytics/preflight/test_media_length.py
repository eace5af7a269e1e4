"""How much media came, by the media's own clock."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.preflight.media_length import MediaLength
from ingest.events import MediaStretch, SampleMeasure
from ingest.media import Codec, Discontinuity, Track, TrackStarted
from tests.analytics.doctor.made_media import Made


def video(timescale: int = 90_000) -> TrackStarted:
    return TrackStarted(Track("video", 0, Codec.AVC, timescale, b""))


def audio() -> TrackStarted:
    return TrackStarted(Track("audio", 0, Codec.AAC, 48_000, b""))


def samples(track: str, *times: int) -> list[SampleMeasure]:
    return [(track, dts, dts, False, 100) for dts in times]


def length(*stretches: tuple[tuple[TrackStarted | Discontinuity, ...], list[SampleMeasure]]) -> int:
    counted = MediaLength()
    counted.note([MediaStretch(0.0, changes, found) for changes, found in stretches])
    return counted.ms


def test_pictures_count_and_sound_beside_them_does_not() -> None:
    mixed = samples("video", 0, 90_000) + samples("audio", 0, 480_000)
    assert length(((video(), audio()), mixed)) == 1000


def test_sound_counts_while_there_are_no_pictures() -> None:
    assert length(((audio(),), samples("audio", 0, 48_000, 96_000))) == 2000
    assert (
        length(((audio(),), samples("audio", 0, 48_000)), ((video(),), samples("video", 0, 90_000)))
        == 2000
    )


def test_a_jump_of_the_clock_is_no_media() -> None:
    assert length(((video(),), samples("video", 0, 90_000, 9_000_000, 9_090_000))) == 2000
    assert length(((video(),), samples("video", 90_000, 0, 90_000))) == 1000


def test_nothing_is_counted_across_a_discontinuity_or_before_a_track_is_known() -> None:
    assert length(((), samples("video", 0, 90_000))) == 0
    assert (
        length(
            ((video(),), samples("video", 0, 90_000)),
            ((Discontinuity("made"),), samples("video", 135_000, 225_000)),
        )
        == 2000
    )


def test_another_timescale_keeps_what_was_counted() -> None:
    assert (
        length(
            ((video(),), samples("video", 0, 90_000)),
            ((video(1000),), samples("video", 0, 1000)),
        )
        == 2000
    )


def test_a_stream_of_a_minute_is_a_minute_long() -> None:
    counted = MediaLength()
    counted.note(list(Made(length_s=60.0).stretches()))
    assert abs(counted.ms - 60_000) <= 40


@given(st.lists(st.integers(-(2**40), 2**40), max_size=50))
def test_no_times_make_it_fall(times: list[int]) -> None:
    counted = MediaLength()
    counted.note([MediaStretch(0.0, (video(),), [])])
    before_ms = 0
    for dts in times:
        counted.note([MediaStretch(0.0, (), samples("video", dts))])
        assert before_ms <= counted.ms <= before_ms + 2000
        before_ms = counted.ms
