"""AAC: AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1) and ADTS headers (1.A.2.2)."""

from dataclasses import dataclass

from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.track import AudioFormat

_SAMPLE_RATES_HZ = (
    96_000,
    88_200,
    64_000,
    48_000,
    44_100,
    32_000,
    24_000,
    22_050,
    16_000,
    12_000,
    11_025,
    8_000,
    7_350,
)
_EXPLICIT_RATE = 15
# Table 1.19 with the amendments up to 14: speakers by channelConfiguration; 0 is told by a PCE.
_CHANNELS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8, 11: 7, 12: 8, 13: 24, 14: 8}

_AOT_MAIN, _AOT_LC, _AOT_SSR, _AOT_LTP, _AOT_SBR = 1, 2, 3, 4, 5
_AOT_SCALABLE, _AOT_TWINVQ, _AOT_PS = 6, 7, 29
_AOT_ER_LC, _AOT_ER_LTP, _AOT_ER_SCALABLE, _AOT_ER_BSAC, _AOT_ER_LD = 17, 19, 20, 22, 23
_AOT_ESCAPE = 31
_AOT_USAC = 42  # xHE-AAC
_GA_TYPES = frozenset(
    {
        _AOT_MAIN,
        _AOT_LC,
        _AOT_SSR,
        _AOT_LTP,
        _AOT_SCALABLE,
        _AOT_TWINVQ,
        _AOT_ER_LC,
        _AOT_ER_LTP,
        _AOT_ER_SCALABLE,
        _AOT_ER_BSAC,
        _AOT_ER_LD,
    }
)
_SYNC_SBR = 0x2B7
_SYNC_PS = 0x548

_ADTS_SHORT_BYTES, _ADTS_LONG_BYTES = 7, 9


@dataclass(frozen=True, slots=True)
class AdtsHeader:
    """An ADTS frame's header: where its raw AAC lies, and the configuration it implies."""

    header_bytes: int
    frame_bytes: int
    audio_specific_config: bytes


def parse_audio_specific_config(config: bytes) -> AudioFormat:
    """Read an AudioSpecificConfig.

    HE-AAC is recognised where it is signalled, in front (explicit, hierarchical) or behind
    (backward compatible, 1.6.5.2). Implicit SBR looks like AAC-LC at half the rate, which gives
    the same times.
    """
    reader = BitReader(config[:128])
    object_type = _read_object_type(reader)
    rate_hz = _read_rate(reader)
    channel_configuration = reader.bits(4)
    output_rate_hz, has_sbr, has_ps = rate_hz, False, False
    if object_type in (_AOT_SBR, _AOT_PS):
        has_sbr, has_ps = True, object_type == _AOT_PS
        output_rate_hz = _read_rate(reader)
        object_type = _read_object_type(reader)
        if object_type == _AOT_ER_BSAC:
            reader.skip(4)  # extensionChannelConfiguration
    samples_per_frame = 1024
    channels = _CHANNELS.get(channel_configuration, 0)
    if object_type in _GA_TYPES:
        is_short = reader.flag()
        if object_type == _AOT_ER_LD:
            samples_per_frame = 480 if is_short else 512
        else:
            samples_per_frame = 960 if is_short else 1024
        if reader.flag():
            reader.skip(14)  # coreCoderDelay
        has_extension = reader.flag()
        if channel_configuration == 0:
            channels = _read_program_config_channels(reader)
        if object_type in (_AOT_SCALABLE, _AOT_ER_SCALABLE):
            reader.skip(3)  # layerNr
        if has_extension:
            _skip_ga_extension(reader, object_type)
        if not has_sbr and object_type in (_AOT_MAIN, _AOT_LC, _AOT_SSR, _AOT_LTP):
            output_rate_hz, has_sbr, has_ps = _read_backward_compatible_sbr(reader, rate_hz)
    elif object_type != _AOT_USAC:
        raise BitstreamError(f"AAC: expected a general audio object type, got {object_type}")
    if not channels:
        raise BitstreamError(f"AAC: unknown channelConfiguration {channel_configuration}")
    if has_ps and channels == 1:
        channels = 2
    # 4.6.18.2.5: SBR gives twice the samples only if it also doubles the rate.
    if has_sbr and output_rate_hz == 2 * rate_hz:
        samples_per_frame *= 2
    return AudioFormat(output_rate_hz, channels, samples_per_frame)


def parse_adts_header(run: bytes, start: int = 0) -> AdtsHeader | None:
    """Read the ADTS header that some encoders leave before raw AAC at `start`, or give None.

    A syncword alone may be raw AAC by chance; layer and length must agree as well.
    """
    unit = run[start : start + _ADTS_LONG_BYTES]
    if len(unit) < _ADTS_SHORT_BYTES or unit[0] != 0xFF or unit[1] & 0xF6 != 0xF0:
        return None
    header_bytes = _ADTS_SHORT_BYTES if unit[1] & 1 else _ADTS_LONG_BYTES
    frame_bytes = (unit[3] & 3) << 11 | unit[4] << 3 | unit[5] >> 5
    rate_index = unit[2] >> 2 & 0xF
    if not header_bytes < frame_bytes <= len(run) - start or rate_index >= len(_SAMPLE_RATES_HZ):
        return None
    object_type = (unit[2] >> 6) + 1
    channel_configuration = (unit[2] & 1) << 2 | unit[3] >> 6
    config = object_type << 11 | rate_index << 7 | channel_configuration << 3
    return AdtsHeader(header_bytes, frame_bytes, config.to_bytes(2, "big"))


def _read_object_type(reader: BitReader) -> int:
    """Read GetAudioObjectType (table 1.16)."""
    object_type = reader.bits(5)
    return 32 + reader.bits(6) if object_type == _AOT_ESCAPE else object_type


def _read_rate(reader: BitReader) -> int:
    """Read samplingFrequencyIndex and, where it says so, the frequency itself (table 1.18)."""
    index = reader.bits(4)
    if index == _EXPLICIT_RATE:
        rate_hz = reader.bits(24)
        if not 1_000 <= rate_hz <= 192_000:
            raise BitstreamError(f"AAC: expected a sample rate up to 192 kHz, got {rate_hz} Hz")
        return rate_hz
    if index >= len(_SAMPLE_RATES_HZ):
        raise BitstreamError(f"AAC: reserved samplingFrequencyIndex {index}")
    return _SAMPLE_RATES_HZ[index]


def _read_program_config_channels(reader: BitReader) -> int:
    """Read a program_config_element and count its channels (4.5.1.2)."""
    reader.skip(4 + 2 + 4)  # element_instance_tag, object_type, sampling_frequency_index
    front, side, back = reader.bits(4), reader.bits(4), reader.bits(4)
    lfe, associated, coupling = reader.bits(2), reader.bits(3), reader.bits(4)
    for skipped_bits in (4, 4, 3):  # mono, stereo and matrix mixdown
        if reader.flag():
            reader.skip(skipped_bits)
    channels = lfe
    for _ in range(front + side + back):
        channels += 2 if reader.flag() else 1  # is_cpe: a pair
        reader.skip(4)
    reader.skip(4 * lfe + 4 * associated + 5 * coupling)
    reader.skip(reader.bits_left % 8)  # byte_alignment
    reader.skip(8 * reader.bits(8))  # comment
    return channels


def _skip_ga_extension(reader: BitReader, object_type: int) -> None:
    """Pass over the extension part of GASpecificConfig (table 4.1)."""
    if object_type == _AOT_ER_BSAC:
        reader.skip(5 + 11)
    if object_type in (_AOT_ER_LC, _AOT_ER_LTP, _AOT_ER_SCALABLE, _AOT_ER_LD):
        reader.skip(3)
    reader.skip(1)  # extensionFlag3


def _read_backward_compatible_sbr(reader: BitReader, rate_hz: int) -> tuple[int, bool, bool]:
    """Look for SBR and PS behind the core configuration (1.6.2.1, syncExtensionType)."""
    if reader.bits_left < 16 or reader.bits(11) != _SYNC_SBR:
        return rate_hz, False, False
    if _read_object_type(reader) != _AOT_SBR or not reader.flag():
        return rate_hz, False, False
    output_rate_hz = _read_rate(reader)
    has_ps = reader.bits_left >= 12 and reader.bits(11) == _SYNC_PS and reader.flag()
    return output_rate_hz, True, has_ps
