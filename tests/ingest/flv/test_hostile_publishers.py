"""Whatever a publisher sends, the promises of ingest.media hold."""

from contextlib import suppress
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.flv import PublisherMedia, UnsupportedCodec
from ingest.media import Discontinuity, MediaEvent, Sample, TrackStarted
from ingest.rtmp.event import MediaMessage, MediaMessageKind
from tests.ingest.flv.recording import record

KINDS = st.sampled_from([MediaMessageKind.AUDIO, MediaMessageKind.VIDEO])
TIMES = st.one_of(st.integers(0, 2**32 - 1), st.integers(0, 20_000))
ENCODERS = [
    ("libx264", "aac"),
    ("libx265", "libopus"),
    ("libsvtav1", "flac"),
    ("libvpx-vp9", "ac3"),
    (None, "eac3"),
]


def check_promises(events: list[MediaEvent]) -> None:
    """Every sample has a described track, and decode times rise strictly in its clock."""
    timescales: dict[str, int] = {}
    last: dict[str, int] = {}
    for event in events:
        match event:
            case TrackStarted(track):
                if timescales.get(track.name) != track.timescale:
                    last.pop(track.name, None)
                timescales[track.name] = track.timescale
            case Discontinuity():
                last.clear()
            case Sample():
                assert event.track in timescales
                assert event.payload
                assert event.dts > last.get(event.track, event.dts - 1)
                last[event.track] = event.dts


def receive(messages: list[MediaMessage]) -> list[MediaEvent]:
    media = PublisherMedia()
    events: list[MediaEvent] = []
    for index, message in enumerate(messages):
        with suppress(UnsupportedCodec):
            events += media.receive(message, now=index / 50)
    return events + media.flush()


@settings(deadline=None, max_examples=300)
@given(st.lists(st.builds(MediaMessage, KINDS, TIMES, st.binary(max_size=60)), max_size=20))
def test_any_messages_give_events_or_a_refusal(messages: list[MediaMessage]) -> None:
    check_promises(receive(messages))


@pytest.mark.parametrize(("video", "audio"), ENCODERS)
@settings(deadline=None, max_examples=40)
@given(random=st.randoms(use_true_random=False))
def test_a_damaged_recording_keeps_the_promises(
    video: str | None, audio: str, random: Random
) -> None:
    messages = list(record(video, audio, rate=Fraction(30)).messages[:80])
    for _ in range(20):
        index = random.randrange(len(messages))
        message = messages[index]
        payload = bytearray(message.payload)
        match random.randrange(5):
            case 0 if payload:
                payload[random.randrange(min(len(payload), 40))] = random.randrange(256)
            case 1:
                del payload[random.randrange(len(payload) + 1) :]
            case 2:
                payload += random.randbytes(random.randrange(9))
            case 3:
                message = message._replace(timestamp_ms=random.randrange(2**32))
            case _:
                messages.insert(random.randrange(len(messages)), message)
        messages[index] = message._replace(payload=bytes(payload))
    check_promises(receive(messages))


@pytest.mark.parametrize(("video", "audio"), ENCODERS)
@settings(deadline=None, max_examples=20)
@given(times=st.lists(TIMES, min_size=40, max_size=40))
def test_decode_times_rise_for_any_wire_times(
    video: str | None, audio: str, times: list[int]
) -> None:
    messages = [
        message._replace(timestamp_ms=time_ms)
        for message, time_ms in zip(record(video, audio).messages, times, strict=False)
    ]
    check_promises(receive(messages))
