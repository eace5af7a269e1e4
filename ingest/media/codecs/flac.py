"""FLAC: STREAMINFO and frame headers (RFC 9639 sections 8.2 and 9.1)."""

from dataclasses import dataclass

from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.track import AudioFormat

STREAM_INFO_BYTES = 34

_MARKER = b"fLaC"
_STREAM_INFO_TYPE = 0
_BLOCK_HEADER_BYTES = 4
_MAX_SAMPLE_RATE_HZ = 655_350
# RFC 9639 9.1.1: by the four block size bits; 6 and 7 say that the size stands in the header.
_BLOCK_SAMPLES = {
    1: 192,
    **{code: 144 << code for code in range(2, 6)},
    **{code: 1 << code for code in range(8, 16)},
}
_SIZE_IN_ONE_BYTE, _SIZE_IN_TWO_BYTES = 6, 7


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """The STREAMINFO block, and what it says."""

    block: bytes
    audio: AudioFormat

    @property
    def formats(self) -> bytes:
        """The part that frames depend on: block sizes, sample rate, channels, sample size."""
        return self.block[:4] + self.block[10:13] + bytes((self.block[13] & 0xF0,))


def parse_stream_info(header: bytes) -> StreamInfo:
    """Read STREAMINFO from an Enhanced RTMP sequence start.

    That is the marker `fLaC` and metadata blocks; the marker, or marker and block header, are
    left out by some.
    """
    body = header.removeprefix(_MARKER)
    if len(body) >= _BLOCK_HEADER_BYTES + STREAM_INFO_BYTES:
        size = int.from_bytes(body[1:_BLOCK_HEADER_BYTES], "big")
        if body[0] & 0x7F == _STREAM_INFO_TYPE and size == STREAM_INFO_BYTES:
            body = body[_BLOCK_HEADER_BYTES:]
    block = body[:STREAM_INFO_BYTES]
    if len(block) < STREAM_INFO_BYTES:
        raise BitstreamError(f"FLAC: expected {STREAM_INFO_BYTES} bytes, got {len(block)}")
    reader = BitReader(block)
    smallest, largest = reader.bits(16), reader.bits(16)
    reader.skip(24 + 24)  # frame sizes
    rate_hz, channels = reader.bits(20), reader.bits(3) + 1
    if not 0 < rate_hz <= _MAX_SAMPLE_RATE_HZ:
        raise BitstreamError(f"FLAC: expected a sample rate up to 655350 Hz, got {rate_hz}")
    if not 16 <= smallest <= largest:
        raise BitstreamError(f"FLAC: expected block sizes from 16 on, got {smallest} to {largest}")
    return StreamInfo(block, AudioFormat(rate_hz, channels, largest if smallest == largest else 0))


def frame_samples(unit: bytes, start: int = 0) -> int:
    """Count the samples of the frame that begins at `start`."""
    if len(unit) < start + 5 or unit[start] != 0xFF or unit[start + 1] & 0xFE != 0xF8:
        raise BitstreamError("FLAC: expected a frame that begins with its sync code")
    code = unit[start + 2] >> 4
    if samples := _BLOCK_SAMPLES.get(code):
        return samples
    if code not in (_SIZE_IN_ONE_BYTE, _SIZE_IN_TWO_BYTES):
        raise BitstreamError("FLAC: reserved block size")
    # 9.1.5: the frame's number in between is coded like UTF-8, of up to 7 bytes.
    lead = unit[start + 4]
    ones = 8 - (lead ^ 0xFF).bit_length()
    if ones in (1, 8):
        raise BitstreamError(f"FLAC: expected a coded number, got a byte {lead:#04x}")
    position = start + 4 + max(1, ones)
    size_bytes = 1 if code == _SIZE_IN_ONE_BYTE else 2
    size = unit[position : position + size_bytes]
    if len(size) < size_bytes:
        raise BitstreamError("FLAC: frame header ends early")
    return int.from_bytes(size, "big") + 1
