"""AAC in CMAF: `mp4a` and `esds` (ISO/IEC 14496-14, 5.6; ISO/IEC 14496-1, 7.2.6)."""

from dataclasses import dataclass
from struct import pack

from ingest.media import Track
from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from packager.cmaf.box import full_box
from packager.cmaf.errors import DecoderConfigurationError
from packager.cmaf.sample_entry.audio import audio_format, write_audio_entry
from packager.cmaf.sample_entry.bit_rate import claimed_bitrate_bps

# ISO/IEC 14496-1, table 1: class tags of descriptors.
_ES_DESCRIPTOR = 0x03
_DECODER_CONFIG_DESCRIPTOR = 0x04
_DECODER_SPECIFIC_DESCRIPTOR = 0x05
_SL_CONFIG_DESCRIPTOR = 0x06

_OBJECT_TYPE_MPEG4_AUDIO = 0x40
_AUDIO_STREAM = 5 << 2 | 1  # streamType 5, upStream 0, and a reserved bit that is 1
_SL_PREDEFINED_MP4 = 2

_AOT_LC, _AOT_SBR, _AOT_PS, _AOT_ESCAPE = 2, 5, 29, 31
_EXPLICIT_RATE = 15
# ISO/IEC 14496-3, table 1.18.
_SAMPLE_RATES_HZ = (
    *(96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000),
    *(22_050, 16_000, 12_000, 11_025, 8_000, 7_350),
)


@dataclass(frozen=True, slots=True)
class _CoreConfiguration:
    """The beginning of an AudioSpecificConfig: the object type and what the core decoder counts."""

    object_type: int
    sample_rate_hz: int
    channel_configuration: int


def write_aac_entry(track: Track) -> bytes:
    """Write `mp4a`; for HE-AAC its rate is the core's, half of what sample times count in."""
    return write_audio_entry(
        b"mp4a",
        track,
        _write_esds(track),
        sample_rate_hz=_read_core(track).sample_rate_hz,
        has_bit_rate_box=False,  # the rate stands in esds
    )


def aac_codec_string(track: Track) -> str:
    """Name the audio object type that a decoder needs: `mp4a.40.2`, `.5`, `.29`, `.42`.

    SBR and PS that are signalled behind an AAC-LC core (ISO/IEC 14496-3, 1.6.5.2) show in a track
    that gives twice the core's rate, or two channels of one.
    """
    core, audio = _read_core(track), audio_format(track)
    object_type = core.object_type
    if object_type == _AOT_LC and audio.sample_rate_hz > core.sample_rate_hz:
        is_parametric = core.channel_configuration == 1 and audio.channel_count == 2
        object_type = _AOT_PS if is_parametric else _AOT_SBR
    return f"mp4a.40.{object_type}"


def _read_core(track: Track) -> _CoreConfiguration:
    """Read the first fields of the AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1)."""
    reader = BitReader(track.decoder_configuration[:8])
    try:
        object_type = reader.bits(5)
        if object_type == _AOT_ESCAPE:
            object_type = 32 + reader.bits(6)
        rate_index = reader.bits(4)
        rate_hz = reader.bits(24) if rate_index == _EXPLICIT_RATE else _SAMPLE_RATES_HZ[rate_index]
        return _CoreConfiguration(object_type, rate_hz, reader.bits(4))
    except (BitstreamError, IndexError) as reason:
        raise DecoderConfigurationError(
            f"decoder configuration of AAC track {track.name}: expected an AudioSpecificConfig, "
            f"got {track.decoder_configuration[:8].hex() or 'nothing'}"
        ) from reason


def _write_esds(track: Track) -> bytes:
    bitrate_bps = claimed_bitrate_bps(track)
    decoder_config = _descriptor(
        _DECODER_CONFIG_DESCRIPTOR,
        # objectTypeIndication, streamType, bufferSizeDB (24 bits), maxBitrate, avgBitrate
        pack(">BB3xII", _OBJECT_TYPE_MPEG4_AUDIO, _AUDIO_STREAM, bitrate_bps, bitrate_bps),
        _descriptor(_DECODER_SPECIFIC_DESCRIPTOR, track.decoder_configuration),
    )
    # ISO/IEC 14496-14, 3.1.2: ES_ID is 0 in a file.
    elementary = _descriptor(
        _ES_DESCRIPTOR,
        bytes(3),
        decoder_config,
        _descriptor(_SL_CONFIG_DESCRIPTOR, bytes((_SL_PREDEFINED_MP4,))),
    )
    return full_box(b"esds", 0, 0, elementary)


def _descriptor(tag: int, *contents: bytes) -> bytes:
    """Write a descriptor: tag, length in groups of 7 bits, contents (ISO/IEC 14496-1, 8.3.3)."""
    body = b"".join(contents)
    length = bytes((len(body) & 0x7F,))
    remaining = len(body) >> 7
    while remaining:
        length = bytes((0x80 | remaining & 0x7F,)) + length
        remaining >>= 7
    return bytes((tag,)) + length + body
