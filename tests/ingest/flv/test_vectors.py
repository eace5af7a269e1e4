"""Recordings of Enhanced RTMP become the tracks and samples that they were made of."""

import pytest

from ingest.flv import PublisherMedia
from ingest.media import Discontinuity, MediaEvent, Sample, Track, TrackStarted, WarningCode
from ingest.media import PublisherWarning as Warned
from ingest.rtmp import MediaMessage, MediaMessageKind
from tests.support.flv_vectors import VECTORS, Vector
from tests.support.rtmp_publisher import MessageType


def receive(vector: Vector, times: int = 1) -> list[MediaEvent]:
    media = PublisherMedia()
    events: list[MediaEvent] = []
    for message in vector.repeated(times):
        if message.type_id == MessageType.DATA_AMF0:
            continue
        kind = MediaMessageKind(message.type_id)
        events += media.receive(
            MediaMessage(kind, message.timestamp_ms, message.payload), message.timestamp_ms / 1000
        )
    return events + media.flush()


def tracks(events: list[MediaEvent]) -> dict[str, Track]:
    return {event.track.name: event.track for event in events if isinstance(event, TrackStarted)}


def count_starts(events: list[MediaEvent]) -> int:
    return sum(isinstance(event, TrackStarted) for event in events)


def named(name: str) -> Vector:
    return next(vector for vector in VECTORS if vector.name == name)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_recording_has_the_tracks_that_were_recorded(vector: Vector) -> None:
    events = receive(vector)
    assert {name: track.codec for name, track in tracks(events).items()} == vector.codecs
    for name in vector.codecs:
        samples = [event for event in events if isinstance(event, Sample) and event.track == name]
        assert len(samples) >= 10, name
        assert samples[0].is_sync


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_headers_that_are_repeated_change_nothing(vector: Vector) -> None:
    """One round may hold two descriptions: the header of SVT-AV1 is not the one in its stream."""
    once, thrice = receive(vector), receive(vector, times=3)
    assert tracks(thrice) == tracks(once)
    assert count_starts(thrice) == count_starts(once)
    assert not any(isinstance(event, Discontinuity) for event in thrice)


def test_hdr_metadata_before_the_description_describes_the_track() -> None:
    video = tracks(receive(named("obs-hevc-hdr")))["video"].video
    assert video is not None
    assert video.color is not None
    assert (video.color.primaries, video.color.transfer, video.color.matrix) == (9, 16, 9)
    assert video.content_light_level == bytes.fromhex("03e80190")
    assert video.mastering_display is not None
    assert video.mastering_display[-8:] == (10_000_000).to_bytes(4, "big") + b"\0\0\0\1"


def test_a_nanosecond_offset_moves_the_presentation_alone() -> None:
    samples = [
        event
        for event in receive(named("vp9-flac-modex"))
        if isinstance(event, Sample) and event.track == "video"
    ]
    half_a_millisecond_ticks = 45
    assert {sample.pts - sample.dts for sample in samples} == {half_a_millisecond_ticks}


def test_an_unknown_track_costs_itself_alone_and_is_told() -> None:
    events = receive(named("unknown-fourcc-beside"))
    warnings = {event for event in events if isinstance(event, Warned)}
    (warning,) = warnings
    assert warning.code is WarningCode.UNSUPPORTED_TRACK
    assert "zz99" in warning.text
