"""Enhanced RTMP recorded: FLV files with what publishers send, made by our own one.

`python -m tests.support.flv_vectors` makes the files anew, with FFmpeg's encoders. They are kept
so that what once was accepted stays accepted, byte for byte, whatever becomes of the publisher.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from ingest.media import Codec
from tests.support.normal_priority import keep_normal_priority
from tests.support.rtmp_publisher import (
    AudioSettings,
    Form,
    Message,
    MessageType,
    ModEx,
    Show,
    VideoSettings,
    make_show,
)
from tests.support.rtmp_publisher.amf0 import AmfValue, encode
from tests.support.rtmp_publisher.flv_body import (
    AudioPacketType,
    MultitrackType,
    TrackBody,
    VideoPacketType,
    enhanced_audio,
    enhanced_video,
    multitrack_video,
)

FOLDER = Path(__file__).parent.parent / "vectors" / "flv"
DURATION_MS = 1000
_HEADER = b"FLV\x01\x05\0\0\0\x09\0\0\0\0"
_TAG_HEAD_BYTES = 11
_HDR10: AmfValue = {
    "colorConfig": {
        "bitDepth": 10,
        "colorPrimaries": 9,
        "transferCharacteristics": 16,
        "matrixCoefficients": 9,
    },
    "hdrCll": {"maxFall": 400, "maxCLL": 1000},
    "hdrMdcv": {
        "redX": 0.68,
        "redY": 0.32,
        "greenX": 0.265,
        "greenY": 0.69,
        "blueX": 0.15,
        "blueY": 0.06,
        "whitePointX": 0.3127,
        "whitePointY": 0.329,
        "maxLuminance": 1000,
        "minLuminance": 0.0001,
    },
}


class Vector(NamedTuple):
    """A recording, and the codec of every track that it must become."""

    name: str
    codecs: Mapping[str, Codec]

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return FOLDER / f"{self.name}.flv"

    def messages(self) -> list[Message]:
        """Read the file's tags as the messages that they were."""
        return list(_read(self.path.read_bytes()))

    def repeated(self, times: int) -> Iterator[Message]:
        """Give the messages over and over, headers too, on one clock that goes on."""
        messages = self.messages()
        for turn in range(times):
            for message in messages:
                at_ms = message.timestamp_ms + turn * DURATION_MS
                yield Message(message.type_id, at_ms, message.payload)


VECTORS = (
    Vector("obs-avc-aac", {"video": Codec.AVC, "audio": Codec.AAC}),
    Vector("obs-hevc-hdr", {"video": Codec.HEVC, "audio": Codec.AAC}),
    Vector("av1-opus-doubled-headers", {"video": Codec.AV1, "audio": Codec.OPUS}),
    Vector("vp9-flac-modex", {"video": Codec.VP9, "audio": Codec.FLAC}),
    Vector("hevc-ac3", {"video": Codec.HEVC, "audio": Codec.AC3}),
    Vector("avc-eac3-fourcc", {"video": Codec.AVC, "audio": Codec.EAC3}),
    Vector(
        "obs-multitrack",
        {"video": Codec.AVC, "video-1": Codec.AVC, "audio": Codec.AAC, "audio-1": Codec.AAC},
    ),
    Vector(
        "many-tracks",
        {"video": Codec.HEVC, "video-1": Codec.HEVC, "audio": Codec.OPUS, "audio-1": Codec.OPUS},
    ),
    Vector(
        "many-tracks-many-codecs",
        {"video": Codec.AVC, "video-1": Codec.HEVC, "audio": Codec.AAC, "audio-1": Codec.OPUS},
    ),
    Vector("unknown-fourcc-beside", {"video": Codec.AVC, "audio": Codec.AAC}),
)


@dataclass(frozen=True, slots=True)
class _Recording:
    """What goes into a file: what stands before the descriptions, and the show."""

    show: Show
    before: tuple[Message, ...] = ()
    after: tuple[Message, ...] = ()
    repeats_headers: bool = False

    def messages(self) -> list[Message]:
        starts = self.show.sequence_starts()
        if self.repeats_headers:
            starts += starts
        media = list(self.show.media(DURATION_MS / 1000))
        return [self.show.metadata(), *self.before, *starts, *self.after, *media]


def _recordings() -> Mapping[str, _Recording]:
    def video(codec: Codec, b_frames: int = 0) -> VideoSettings:
        return VideoSettings(
            codec=codec,
            width_px=96,
            height_px=64,
            gop_frames=15,
            frame_rate=Fraction(15),
            b_frames=b_frames,
            duration_s=1,
            bitrate_bps=40_000,
        )

    def audio(codec: Codec) -> AudioSettings:
        return AudioSettings(codec=codec, bitrate_bps=32_000, duration_s=1)

    two = [video(Codec.AVC), video(Codec.AVC)]
    color = encode("colorInfo", _HDR10)
    # As OBS writes it: frame type 0, before the description; once more in the OneTrack form.
    hdr = (
        _video(enhanced_video(0, VideoPacketType.METADATA, b"hvc1", color)),
        _video(
            multitrack_video(
                0,
                VideoPacketType.METADATA,
                MultitrackType.ONE_TRACK,
                [TrackBody(0, b"hvc1", color)],
            )
        ),
    )
    # Order 1 (native), two channels, front left and right.
    channels = _audio(enhanced_audio(AudioPacketType.MULTICHANNEL_CONFIG, b"Opus", b"\1\2\0\0\0\3"))
    av1_color = _video(enhanced_video(1, VideoPacketType.METADATA, b"av01", encode("other", None)))
    unknown = tuple(
        _video(
            multitrack_video(
                1, kind, MultitrackType.ONE_TRACK, [TrackBody(3, b"zz99", b"\1\2\3\4")]
            )
        )
        for kind in (VideoPacketType.SEQUENCE_START, VideoPacketType.CODED_FRAMES_X)
    )
    return {
        "obs-avc-aac": _Recording(make_show(video(Codec.AVC, 2), audio(Codec.AAC))),
        "obs-hevc-hdr": _Recording(make_show(video(Codec.HEVC, 2), audio(Codec.AAC)), before=hdr),
        "av1-opus-doubled-headers": _Recording(
            make_show(video(Codec.AV1), audio(Codec.OPUS)),
            after=(av1_color, channels),
            repeats_headers=True,
        ),
        "vp9-flac-modex": _Recording(
            make_show(
                video(Codec.VP9),
                audio(Codec.FLAC),
                # Half a millisecond; then a kind that nobody knows, in the long form.
                mod_ex=[ModEx(b"\x07\xa1\x20"), ModEx(bytes(300), 9)],
            )
        ),
        "hevc-ac3": _Recording(make_show(video(Codec.HEVC), audio(Codec.AC3))),
        "avc-eac3-fourcc": _Recording(
            make_show(video(Codec.AVC, 2), audio(Codec.EAC3), form=Form.ENHANCED)
        ),
        "obs-multitrack": _Recording(make_show(two, [audio(Codec.AAC)] * 2)),
        "many-tracks": _Recording(
            make_show([video(Codec.HEVC)] * 2, [audio(Codec.OPUS)] * 2, form=Form.MANY_TRACKS)
        ),
        "many-tracks-many-codecs": _Recording(
            make_show(
                [video(Codec.AVC), video(Codec.HEVC)],
                [audio(Codec.AAC), audio(Codec.OPUS)],
                form=Form.MANY_TRACKS_MANY_CODECS,
            )
        ),
        "unknown-fourcc-beside": _Recording(
            make_show(video(Codec.AVC), audio(Codec.AAC)), after=unknown
        ),
    }


def main() -> None:
    """Write all files."""
    keep_normal_priority()
    FOLDER.mkdir(parents=True, exist_ok=True)
    recordings = _recordings()
    for vector in VECTORS:
        vector.path.write_bytes(_write(recordings[vector.name].messages()))


def _video(body: bytes) -> Message:
    return Message(MessageType.VIDEO, 0, body)


def _audio(body: bytes) -> Message:
    return Message(MessageType.AUDIO, 0, body)


def _write(messages: list[Message]) -> bytes:
    """Write an FLV file (FLV 10.1, E.2 to E.4)."""
    written = bytearray(_HEADER)
    for message in messages:
        written += bytes((message.type_id,)) + len(message.payload).to_bytes(3, "big")
        written += (message.timestamp_ms & 0xFFFFFF).to_bytes(3, "big")
        written += bytes((message.timestamp_ms >> 24, 0, 0, 0)) + message.payload
        written += (_TAG_HEAD_BYTES + len(message.payload)).to_bytes(4, "big")
    return bytes(written)


def _read(flv: bytes) -> Iterator[Message]:
    position = len(_HEADER)
    while position < len(flv):
        size = int.from_bytes(flv[position + 1 : position + 4], "big")
        timestamp_ms = int.from_bytes(flv[position + 4 : position + 7], "big")
        timestamp_ms |= flv[position + 7] << 24
        body = position + _TAG_HEAD_BYTES
        yield Message(flv[position], timestamp_ms, flv[body : body + size])
        position = body + size + 4


if __name__ == "__main__":
    main()
