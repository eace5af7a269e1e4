"""Nothing grows for ever, whatever a publisher sends."""

import pickle
from collections.abc import Iterator

import pytest

from ingest.media import Sample, TrackStarted
from packager.cadence import LatencyProfile
from packager.segmenter import Segmenter, SegmenterSettings
from tests.packager.segmenter.publisher import Audio, Video, audio_track, video_track

PAYLOAD_BYTES = 10_000  # each a new object: 117 MB in all


def held_bytes(segmenter: Segmenter) -> int:
    """How much a segmenter keeps, as it would be written down."""
    return len(pickle.dumps(segmenter))


def only_sound(count: int) -> Iterator[Sample]:
    return (s for _, s in zip(range(count), Audio().samples(1e9), strict=False))


def only_pictures_without_key_frames(count: int) -> Iterator[Sample]:
    return (
        Sample("video", i * 3000, i * 3000, 0, False, bytes(PAYLOAD_BYTES)) for i in range(count)
    )


def only_key_frame_then_sound(count: int) -> Iterator[Sample]:
    yield Sample("video", 0, 0, 0, True, bytes(PAYLOAD_BYTES))
    yield from only_sound(count)


def sound_far_ahead(count: int) -> Iterator[Sample]:
    for index in range(count):
        yield Sample("video", index * 9, index * 9, 0, index % 100 == 0, bytes(PAYLOAD_BYTES))
        yield Sample("audio", index * 1024, index * 1024, 1024, True, bytes(PAYLOAD_BYTES))


def sound_far_behind(count: int) -> Iterator[Sample]:
    for index in range(count):
        yield Sample("video", index * 3000, index * 3000, 0, index % 60 == 0, bytes(PAYLOAD_BYTES))
        yield Sample("audio", index * 5, index * 5, 1024, True, bytes(PAYLOAD_BYTES))


def one_tick_a_frame(count: int) -> Iterator[Sample]:
    return (Sample("video", i, i, 0, i % 500 == 0, bytes(PAYLOAD_BYTES)) for i in range(count))


def jumping_sound(count: int) -> Iterator[Sample]:
    for index in range(count):
        yield Sample("audio", index * 47_000, index * 47_000, 1024, True, bytes(PAYLOAD_BYTES))


def sound_that_goes_back(count: int) -> Iterator[Sample]:
    for index in range(count):
        yield Sample("video", index * 3000, index * 3000, 0, index % 60 == 0, bytes(PAYLOAD_BYTES))
        yield Sample("audio", -index * 90_000, -index * 90_000, 1024, True, bytes(PAYLOAD_BYTES))


@pytest.mark.parametrize(
    "source",
    [
        only_sound,
        only_pictures_without_key_frames,
        only_key_frame_then_sound,
        sound_far_ahead,
        sound_far_behind,
        one_tick_a_frame,
        jumping_sound,
        sound_that_goes_back,
    ],
)
@pytest.mark.parametrize("is_timed", [True, False])
def test_what_is_held_has_a_bound(source: object, is_timed: bool) -> None:
    assert callable(source)
    segmenter = Segmenter(SegmenterSettings(), LatencyProfile.NORMAL)
    segmenter.start_publisher(0.0, 0)
    tracks = (TrackStarted(video_track()), TrackStarted(audio_track()))
    segmenter.receive(tracks, 0.0, 0)
    most = 0
    for index, sample in enumerate(source(12_000)):
        now = index / 80 if is_timed else 0.0
        segmenter.receive([sample], now, round(now * 1000))
        if index % 1490 == 0:
            most = max(most, held_bytes(segmenter))
    assert most < 56 * 2**20


def test_a_show_of_hours_holds_no_more_than_one_of_seconds() -> None:
    segmenter = Segmenter(SegmenterSettings(), LatencyProfile.NORMAL)
    segmenter.start_publisher(0.0, 0)
    tracks = (TrackStarted(video_track()), TrackStarted(audio_track()))
    segmenter.receive(tracks, 0.0, 0)
    held = []
    samples = sorted(
        [*Video().samples(120), *Audio().samples(120)],
        key=lambda s: s.dts / (90_000 if s.track == "video" else 48_000),
    )
    for index, sample in enumerate(samples):
        segmenter.receive([sample], index / 77, index * 13)
        if index % 1540 == 0:
            held.append(held_bytes(segmenter))
    assert max(held[2:]) < 2 * held[1] + 20_000
