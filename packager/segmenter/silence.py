"""Silence: coded units of no sound, to stand in for audio that did not come."""

from dataclasses import dataclass

from ingest.media import Codec, Track
from packager.segmenter.flac_silence import silent_flac_frame

# One raw_data_block of digital silence per channel configuration (ISO/IEC 14496-3 Table 1.19),
# ending in ID_END; the ones that hls.js appends for missing AAC frames.
_AAC_SILENCE = {
    1: bytes.fromhex("00c800802380"),
    2: bytes.fromhex("210049900219002380"),
    3: bytes.fromhex("00c8008020840126400864008e"),
    4: bytes.fromhex("00c800802084012640086400802c80080238"),
    5: bytes.fromhex("00c800802084012640086400823004990021900238"),
    6: bytes.fromhex("00c800802084012640086400823004990021900200b2002008e0"),
}
_AAC_LC = 2
_AAC_HE = (5, 29)  # SBR and PS decoders take a unit without their extension

# RFC 6716 3.1: configuration 31 (CELT, fullband, 20 ms), code 0; then an empty range coder.
_OPUS_SILENCE = {1: b"\xf8\xff\xfe", 2: b"\xfc\xff\xfe"}
_OPUS_SILENCE_TICKS = 960


@dataclass(frozen=True, slots=True)
class SilentUnit:
    """A unit that fills `duration_ticks`. Without payload it can only become a gap."""

    duration_ticks: int
    payload: bytes


def silent_unit(track: Track, unit_ticks: int) -> SilentUnit:
    """Find the silent unit of an audio track whose own units last `unit_ticks`."""
    channel_count = track.audio.channel_count if track.audio else 0
    if track.codec is Codec.AAC and _is_plain_aac(track.decoder_configuration):
        channel_configuration = (track.decoder_configuration[1] >> 3) & 0x0F
        return SilentUnit(unit_ticks, _AAC_SILENCE.get(channel_configuration, b""))
    if track.codec is Codec.OPUS and channel_count in _OPUS_SILENCE:
        return SilentUnit(_OPUS_SILENCE_TICKS, _OPUS_SILENCE[channel_count])
    if track.codec is Codec.FLAC and track.audio and track.audio.sample_rate_hz == track.timescale:
        frame = silent_flac_frame(track.decoder_configuration, unit_ticks)
        return SilentUnit(unit_ticks, frame)
    return SilentUnit(unit_ticks, b"")


def _is_plain_aac(audio_specific_config: bytes) -> bool:
    # ISO/IEC 14496-3 1.6.2.1: 5 bits object type, 4 bits frequency index (15: 24 bits follow),
    # 4 bits channel configuration; then frameLengthFlag, 1 for units of 960 samples.
    if len(audio_specific_config) < 2:
        return False
    object_type = audio_specific_config[0] >> 3
    frequency_index = (audio_specific_config[0] & 7) << 1 | audio_specific_config[1] >> 7
    is_short_unit = object_type == _AAC_LC and bool(audio_specific_config[1] & 4)
    return object_type in (_AAC_LC, *_AAC_HE) and frequency_index != 15 and not is_short_unit
