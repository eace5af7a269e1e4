"""AC-3 sync frames and the `dac3` box made of them (ETSI TS 102 366 4.3, 4.4 and annex F.4)."""

from dataclasses import dataclass

from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.track import AudioFormat

SYNC_WORD = b"\x0b\x77"
SAMPLE_RATES_HZ = (48_000, 44_100, 32_000)  # table 4.1, fscod
CHANNELS = (2, 1, 2, 3, 3, 4, 4, 5)  # table 4.3, acmod, without the low-frequency channel

_FRAME_SAMPLES = 1536
_LAST_BSID = 10  # 4.4.2.1 and E.1.3.1.6: 11 to 16 is E-AC-3
_FRAME_SIZE_CODES = 38
# Table 4.13: kilobits a second by half of frmsizecod.
_BIT_RATES_KBPS = (
    *(32, 40, 48, 56, 64, 80, 96, 112, 128, 160),
    *(192, 224, 256, 320, 384, 448, 512, 576, 640),
)


@dataclass(frozen=True, slots=True)
class Ac3Frame:
    """A sync frame's header: the body of its `dac3` box, its format and its whole size."""

    dac3: bytes
    audio: AudioFormat
    frame_bytes: int


def bitstream_id(frame: bytes, start: int = 0) -> int:
    """Read bsid, which stands in the same place in AC-3 and E-AC-3: up to 10 is AC-3."""
    if len(frame) < start + 6 or frame[start : start + 2] != SYNC_WORD:
        raise BitstreamError("AC-3: expected a frame that begins with its sync word 0x0B77")
    return frame[start + 5] >> 3


def parse_ac3_frame(frame: bytes, start: int = 0) -> Ac3Frame:
    """Read syncinfo and the beginning of bsi of the frame that begins at `start`."""
    bsid = bitstream_id(frame, start)
    if bsid > _LAST_BSID:
        raise BitstreamError(f"AC-3: expected bsid 0 to {_LAST_BSID}, got {bsid}")
    reader = BitReader(frame[start + 4 : start + 12])
    rate_code, size_code = reader.bits(2), reader.bits(6)
    if rate_code >= len(SAMPLE_RATES_HZ) or size_code >= _FRAME_SIZE_CODES:
        raise BitstreamError(f"AC-3: reserved fscod {rate_code} or frmsizecod {size_code}")
    reader.skip(5)
    bsmod, acmod = reader.bits(3), reader.bits(3)
    if acmod & 1 and acmod != 1:
        reader.skip(2)  # cmixlev
    if acmod & 4:
        reader.skip(2)  # surmixlev
    if acmod == 2:
        reader.skip(2)  # dsurmod
    lfe = reader.bits(1)
    rate_hz, kilobits = SAMPLE_RATES_HZ[rate_code], _BIT_RATES_KBPS[size_code >> 1]
    # 4.4.1.4: at 44.1 kHz every other frame is a word longer, which the lowest bit says.
    padding_words = size_code & 1 if rate_code == 1 else 0
    words = kilobits * 1000 * _FRAME_SAMPLES // (rate_hz * 16) + padding_words
    box = rate_code << 22 | bsid << 17 | bsmod << 14 | acmod << 11 | lfe << 10
    box |= (size_code >> 1) << 5  # bit_rate_code, then 5 reserved bits
    audio = AudioFormat(rate_hz, CHANNELS[acmod] + lfe, _FRAME_SAMPLES)
    return Ac3Frame(box.to_bytes(3, "big"), audio, words * 2)
