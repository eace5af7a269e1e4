"""Coded tracks made by FFmpeg's real encoders: what an RTMP encoder has in hand before it sends.

An independent witness: decoder configurations and access units are what FFmpeg's own MP4 muxer
makes of them, so that neither Rillcast's parsers nor its writers take part.
"""

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from ingest.media import Codec
from tests.support.own_process import in_own_process

VIDEO_TIMESCALE = 90_000

_ENCODERS: Mapping[Codec, str] = {
    Codec.AVC: "libx264",
    Codec.HEVC: "libx265",
    Codec.AV1: "libsvtav1",
    Codec.VP9: "libvpx-vp9",
    Codec.AAC: "aac",
    Codec.OPUS: "libopus",
    Codec.FLAC: "flac",
    Codec.AC3: "ac3",
    Codec.EAC3: "eac3",
}
# The boxes whose contents are the decoder configuration, and how many bytes stand before it.
_CONFIGURATION_BOXES: Mapping[Codec, tuple[bytes, int]] = {
    Codec.AVC: (b"avcC", 0),
    Codec.HEVC: (b"hvcC", 0),
    Codec.AV1: (b"av1C", 0),
    Codec.VP9: (b"vpcC", 4),  # version and flags
    Codec.FLAC: (b"dfLa", 8),  # version and flags, metadata block header
    Codec.AC3: (b"dac3", 0),
    Codec.EAC3: (b"dec3", 0),
}


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """What to encode: a moving test picture."""

    codec: Codec = Codec.AVC
    width_px: int = 320
    height_px: int = 180
    frame_rate: Fraction = Fraction(30)
    gop_frames: int = 30
    b_frames: int = 0
    duration_s: float = 2.0
    bitrate_bps: int = 400_000


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """What to encode: a tone."""

    codec: Codec = Codec.AAC
    sample_rate_hz: int = 48_000
    channel_layout: str = "stereo"
    duration_s: float = 2.0
    bitrate_bps: int = 96_000


@dataclass(frozen=True, slots=True)
class CodedUnit:
    """One access unit. Times are in ticks of its track and begin near 0; `dts` may be negative."""

    dts: int
    pts: int
    duration: int
    is_sync: bool
    payload: bytes


@dataclass(frozen=True, slots=True)
class CodedTrack:
    """The result of one encoder.

    `configuration` has the form that `ingest.media.Track.decoder_configuration` describes.
    """

    settings: VideoSettings | AudioSettings
    timescale: int
    configuration: bytes
    units: tuple[CodedUnit, ...]


@cache
def encode_video(settings: VideoSettings) -> CodedTrack:
    """Encode a test picture that moves. Made once per settings and test process."""
    if settings.codec is Codec.AV1:
        return in_own_process(_encode_video, settings)
    return _encode_video(settings)


def _encode_video(settings: VideoSettings) -> CodedTrack:
    frame_ticks = VIDEO_TIMESCALE / settings.frame_rate
    buffer = io.BytesIO()
    with _open_mp4(buffer) as container:
        stream = container.add_stream(
            _ENCODERS[settings.codec], settings.frame_rate, options=_video_options(settings)
        )
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = settings.width_px, settings.height_px
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = settings.bitrate_bps
        stream.codec_context.gop_size = settings.gop_frames
        packets = _encode(container, stream, _pictures(settings))
    units = [
        CodedUnit(
            dts=round(dts * frame_ticks),
            pts=round(pts * frame_ticks),
            duration=round(frame_ticks),
            is_sync=is_sync,
            payload=payload,
        )
        for (dts, pts, _, is_sync), payload in zip(packets, _payloads(buffer), strict=True)
    ]
    configuration = _configuration(settings.codec, buffer.getvalue())
    return CodedTrack(settings, VIDEO_TIMESCALE, configuration, tuple(units))


@cache
def encode_audio(settings: AudioSettings) -> CodedTrack:
    """Encode a tone. Made once per settings and test process."""
    buffer = io.BytesIO()
    with _open_mp4(buffer) as container:
        stream = container.add_stream(_ENCODERS[settings.codec], settings.sample_rate_hz)
        assert isinstance(stream, AudioStream)
        stream.layout = settings.channel_layout
        stream.bit_rate = settings.bitrate_bps
        stream.codec_context.open()
        packets = _encode(container, stream, _sounds(settings, stream))
        extradata = stream.codec_context.extradata
    units = [
        CodedUnit(dts, pts, duration, is_sync=True, payload=payload)
        for (dts, pts, duration, _), payload in zip(packets, _payloads(buffer), strict=True)
    ]
    if settings.codec in {Codec.AAC, Codec.OPUS}:
        assert extradata is not None
        configuration = extradata
    else:
        configuration = _configuration(settings.codec, buffer.getvalue())
    return CodedTrack(settings, settings.sample_rate_hz, configuration, tuple(units))


def _open_mp4(buffer: io.BytesIO) -> OutputContainer:
    # No edit list: it would move the times of the units that are read back.
    options = {"use_editlist": "0", "movflags": "negative_cts_offsets"}
    return av.open(buffer, "w", format="mp4", options=options)


def _video_options(settings: VideoSettings) -> dict[str, str]:
    gop, b_frames = settings.gop_frames, settings.b_frames
    match settings.codec:
        case Codec.AVC:
            return {"preset": "veryfast", "bf": str(b_frames), "sc_threshold": "0"}
        case Codec.HEVC:
            parameters = (
                f"log-level=none:keyint={gop}:min-keyint={gop}:bframes={b_frames}:"
                "scenecut=0:open-gop=0:pools=1:frame-threads=1"
            )
            return {"preset": "ultrafast", "x265-params": parameters}
        case Codec.AV1:
            os.environ["SVT_LOG"] = "1"  # errors only: it writes a banner to stderr
            return {"preset": "12", "svtav1-params": "pred-struct=1:rc=2:lp=1"}
        case _:
            return {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}


def _encode(
    container: OutputContainer,
    stream: VideoStream | AudioStream,
    frames: Iterator[av.VideoFrame] | Iterator[av.AudioFrame],
) -> list[tuple[int, int, int, bool]]:
    """Encode and mux all; give dts, pts, duration and sync flag as the encoder said them."""
    times = []

    def take(packets: "Iterable[Packet[VideoStream] | Packet[AudioStream]]") -> None:
        for packet in packets:
            if packet.size:  # FLAC ends with an empty one that only carries the final header
                assert packet.dts is not None
                assert packet.pts is not None
                times.append((packet.dts, packet.pts, packet.duration or 0, packet.is_keyframe))
            container.mux(packet)

    for frame in frames:
        take(stream.encode(frame))  # type: ignore[arg-type] # the iterator fits the stream
    take(stream.encode(None))
    return times


def _payloads(buffer: io.BytesIO) -> list[bytes]:
    with av.open(io.BytesIO(buffer.getvalue()), "r") as container:
        return [bytes(packet) for packet in container.demux(container.streams[0]) if packet.size]


def _configuration(codec: Codec, mp4: bytes) -> bytes:
    box_type, header_bytes = _CONFIGURATION_BOXES[codec]
    moov = mp4[mp4.rindex(b"moov") :]
    start = moov.index(box_type) - 4
    end = start + int.from_bytes(moov[start : start + 4], "big")
    return moov[start + 8 + header_bytes : end]


def _pictures(settings: VideoSettings) -> Iterator[av.VideoFrame]:
    size = f"{settings.width_px}x{settings.height_px}"
    graph = av.filter.Graph()
    source = graph.add("testsrc2", f"size={size}:rate={settings.frame_rate}")
    pixels = graph.add("format", "pix_fmts=yuv420p")
    graph.link_nodes(source, pixels, graph.add("buffersink")).configure()
    for _ in range(round(settings.duration_s * settings.frame_rate)):
        picture = graph.vpull()
        picture.pict_type = av.video.frame.PictureType.NONE  # else each asks to be a keyframe
        yield picture


def _sounds(settings: AudioSettings, stream: AudioStream) -> Iterator[av.AudioFrame]:
    context = stream.codec_context
    frame_samples = context.frame_size or 1024
    rate_hz = settings.sample_rate_hz
    graph = av.filter.Graph()
    source = graph.add(
        "sine", f"frequency=440:sample_rate={rate_hz}:samples_per_frame={frame_samples}"
    )
    form = graph.add(
        "aformat",
        f"sample_fmts={context.format.name}:channel_layouts={settings.channel_layout}",
    )
    graph.link_nodes(source, form, graph.add("abuffersink")).configure()
    for _ in range(int(settings.duration_s * rate_hz) // frame_samples):
        sound = graph.pull()
        assert isinstance(sound, av.AudioFrame)
        yield sound
