"""Opus: OpusHead (RFC 7845 5.1) and the table of contents of a packet (RFC 6716 3.1)."""

from dataclasses import dataclass

from ingest.media.codecs.errors import BitstreamError
from ingest.media.track import AudioFormat

SAMPLE_RATE_HZ = 48_000  # RFC 7845 4: times always count at 48 kHz

_MAGIC = b"OpusHead"
_SHORTEST_HEAD_BYTES = 19
_LONGEST_PACKET_SAMPLES = 5_760  # RFC 6716 3.2.5 [R5]: 120 ms
# RFC 6716 table 2: samples of a frame by config number.
_FRAME_SAMPLES = (
    *(480, 960, 1920, 2880) * 3,
    *(480, 960) * 2,
    *(120, 240, 480, 960) * 4,
)
# RFC 7845 5.1.1.2: streams, coupled streams and mapping for mapping family 1 as encoders set it.
_FAMILY_1 = {
    3: (2, 1, (0, 2, 1)),
    4: (2, 2, (0, 1, 2, 3)),
    5: (3, 2, (0, 4, 1, 2, 3)),
    6: (4, 2, (0, 4, 1, 2, 3, 5)),
    7: (4, 3, (0, 4, 1, 2, 3, 5, 6)),
    8: (5, 3, (0, 6, 1, 2, 3, 4, 5, 7)),
}
_USUAL_PRE_SKIP = 312  # libopus' look-ahead of 6.5 ms, which encoders without a header have


@dataclass(frozen=True, slots=True)
class OpusHead:
    """What an OpusHead says; `pre_skip` samples are the decoder's delay."""

    audio: AudioFormat
    pre_skip: int


def parse_opus_head(head: bytes) -> OpusHead:
    """Read an OpusHead, magic included; all its numbers are little-endian."""
    if len(head) < _SHORTEST_HEAD_BYTES or not head.startswith(_MAGIC):
        raise BitstreamError(
            f"Opus: expected OpusHead of {_SHORTEST_HEAD_BYTES} bytes or more, got {len(head)}"
        )
    # RFC 7845 5.1: the upper four bits are incompatible changes.
    if head[8] >> 4:
        raise BitstreamError(f"Opus: expected OpusHead version 0 to 15, got {head[8]}")
    channels, family = head[9], head[18]
    if not channels or (family == 0 and channels > 2):
        raise BitstreamError(f"Opus: {channels} channels in mapping family {family}")
    if family and len(head) < _SHORTEST_HEAD_BYTES + 2 + channels:
        raise BitstreamError("Opus: OpusHead ends within the channel mapping table")
    return OpusHead(AudioFormat(SAMPLE_RATE_HZ, channels, 0), int.from_bytes(head[10:12], "little"))


def write_opus_head(channel_count: int) -> bytes:
    """Write the OpusHead of a publisher that sent none; 1 to 8 channels in Vorbis order."""
    if not 1 <= channel_count <= 8:
        raise BitstreamError(f"Opus: expected 1 to 8 channels, got {channel_count}")
    fixed = (
        _MAGIC
        + bytes((1, channel_count))
        + _USUAL_PRE_SKIP.to_bytes(2, "little")
        + SAMPLE_RATE_HZ.to_bytes(4, "little")
        + b"\x00\x00"  # output gain
    )
    if channel_count <= 2:
        return fixed + b"\x00"
    streams, coupled, mapping = _FAMILY_1[channel_count]
    return fixed + bytes((1, streams, coupled, *mapping))


def packet_samples(packet: bytes, start: int = 0) -> int:
    """Count the samples at 48 kHz that the packet from `start` on lasts."""
    if start >= len(packet):
        raise BitstreamError("Opus: empty packet")
    toc = packet[start]
    code = toc & 3
    if code == 3:
        if start + 1 >= len(packet):
            raise BitstreamError("Opus: packet ends before its frame count")
        frames = packet[start + 1] & 0x3F
    else:
        frames = 1 if code == 0 else 2
    samples = frames * _FRAME_SAMPLES[toc >> 3]
    if not 0 < samples <= _LONGEST_PACKET_SAMPLES:
        raise BitstreamError(f"Opus: expected a packet of up to 120 ms, got {frames} frames")
    return samples
