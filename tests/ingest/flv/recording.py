"""FLV files made by real encoders (PyAV), taken apart into the messages that RTMP would carry."""

import io
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, partial
from typing import NamedTuple, cast

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from ingest.flv import PublisherMedia
from ingest.media import MediaEvent, Sample, Track, TrackStarted
from ingest.rtmp.event import MediaMessage, MediaMessageKind
from tests.support.own_process import in_own_process

_FLV_HEADER_BYTES = 13


class Recording(NamedTuple):
    flv: bytes
    messages: tuple[MediaMessage, ...]


@cache
def record(
    video: str | None,
    audio: str | None,
    *,
    rate: Fraction = Fraction(30),
    size: tuple[int, int] = (320, 180),
    pixel_format: str = "yuv420p",
    video_options: tuple[tuple[str, str], ...] = (),
    sample_rate_hz: int = 48_000,
    layout: str = "stereo",
    duration_s: int = 2,
) -> Recording:
    """Encode a moving picture and silence into FLV."""
    encode = partial(
        _encode,
        video,
        audio,
        rate=rate,
        size=size,
        pixel_format=pixel_format,
        video_options=video_options,
        sample_rate_hz=sample_rate_hz,
        layout=layout,
        duration_s=duration_s,
    )
    flv = in_own_process(encode) if video == "libsvtav1" else encode()
    return Recording(flv, tuple(_messages(flv)))


def _encode(
    video: str | None,
    audio: str | None,
    *,
    rate: Fraction,
    size: tuple[int, int],
    pixel_format: str,
    video_options: tuple[tuple[str, str], ...],
    sample_rate_hz: int,
    layout: str,
    duration_s: int,
) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="flv") as container:
        pictures: VideoStream | None = None
        sound: AudioStream | None = None
        if video:
            pictures = cast("VideoStream", container.add_stream(video, rate=rate))
            pictures.width, pictures.height = size
            pictures.pix_fmt = pixel_format
            pictures.options = dict(video_options)
        if audio:
            sound = cast("AudioStream", container.add_stream(audio, rate=sample_rate_hz))
            sound.layout = layout
        if pictures:
            _encode_pictures(container, pictures, int(rate * duration_s))
        if sound:
            _encode_silence(container, sound, sample_rate_hz * duration_s)
    return file.getvalue()


def _encode_pictures(
    container: av.container.OutputContainer, stream: VideoStream, count: int
) -> None:
    for index in range(count):
        picture = av.VideoFrame(stream.width, stream.height, stream.pix_fmt or "yuv420p")
        for plane in picture.planes:
            plane.update(bytes([index * 3 % 256]) * plane.buffer_size)
        picture.pts = index
        picture.time_base = 1 / Fraction(stream.codec_context.rate or 30)
        container.mux(stream.encode(picture))
    container.mux(stream.encode(None))


def _encode_silence(
    container: av.container.OutputContainer, stream: AudioStream, sample_count: int
) -> None:
    for position in range(0, sample_count, 1024):
        silence = av.AudioFrame(
            format=stream.codec_context.format.name,
            layout=stream.codec_context.layout.name,
            samples=1024,
        )
        silence.sample_rate = stream.codec_context.sample_rate
        silence.pts = position
        silence.time_base = Fraction(1, silence.sample_rate)
        for plane in silence.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(stream.encode(silence))
    container.mux(stream.encode(None))


def _messages(flv: bytes) -> list[MediaMessage]:
    """Take FLV tags (FLV E.4.1) as the messages that a publisher would send."""
    messages = []
    position = _FLV_HEADER_BYTES
    while position < len(flv):
        body = position + 11
        size = int.from_bytes(flv[position + 1 : position + 4], "big")
        timestamp_ms = int.from_bytes(flv[position + 4 : position + 7], "big")
        timestamp_ms |= flv[position + 7] << 24
        kind = MediaMessageKind(flv[position] & 0x1F)
        messages.append(MediaMessage(kind, timestamp_ms, flv[body : body + size]))
        position = body + size + 4
    return messages


def video(timestamp_ms: int, payload: bytes | str) -> MediaMessage:
    body = bytes.fromhex(payload) if isinstance(payload, str) else payload
    return MediaMessage(MediaMessageKind.VIDEO, timestamp_ms, body)


def audio(timestamp_ms: int, payload: bytes | str) -> MediaMessage:
    body = bytes.fromhex(payload) if isinstance(payload, str) else payload
    return MediaMessage(MediaMessageKind.AUDIO, timestamp_ms, body)


def receive_all(
    messages: tuple[MediaMessage, ...] | list[MediaMessage],
    metadata: Mapping[str, object] | None = None,
) -> list[MediaEvent]:
    media = PublisherMedia()
    events = [] if metadata is None else media.receive_metadata(metadata)
    for message in messages:
        events += media.receive(message, now=0.0)
    return events + media.flush()


def samples_of(events: list[MediaEvent], track: str) -> list[Sample]:
    return [event for event in events if isinstance(event, Sample) and event.track == track]


def tracks_of(events: list[MediaEvent], name: str) -> list[Track]:
    return [
        event.track
        for event in events
        if isinstance(event, TrackStarted) and event.track.name == name
    ]
