"""What the sample entries of all audio codecs have in common (ISO/IEC 14496-12, 12.2.3)."""

from struct import Struct

from ingest.media import AudioFormat, Track
from packager.cmaf.box import box
from packager.cmaf.errors import TrackFormatError
from packager.cmaf.sample_entry.bit_rate import maybe_write_btrt

# reserved and data_reference_index; reserved; channelcount and samplesize; pre_defined and
# reserved; samplerate as 16.16, whose fraction is always 0 here.
_AUDIO_ENTRY = Struct(">6xH8xHH4xH2x")
_HIGHEST_EXPRESSIBLE_RATE_HZ = 0xFFFF


def audio_format(track: Track) -> AudioFormat:
    """Give the track's AudioFormat. Raises TrackFormatError if it has none."""
    if track.audio is None:
        raise TrackFormatError(f"{track.codec.value} track {track.name}: expected an AudioFormat")
    return track.audio


def write_audio_entry(
    entry_type: bytes,
    track: Track,
    decoder_configuration: bytes,
    *,
    sample_rate_hz: int | None = None,
    sample_size_bits: int = 16,
    has_bit_rate_box: bool = True,
) -> bytes:
    """Write an AudioSampleEntry around the box that holds the codec's configuration.

    `sample_rate_hz` is the track's own unless the codec's binding wants another one. A rate above
    65,535 Hz has no room in the field and is written as 0: decoders take it from the
    configuration. `sample_size_bits` is 16 except for lossless codecs. `has_bit_rate_box` lets a
    codec that says its rate elsewhere leave `btrt` out.
    """
    audio = audio_format(track)
    rate_hz = audio.sample_rate_hz if sample_rate_hz is None else sample_rate_hz
    entry = _AUDIO_ENTRY.pack(
        1,
        audio.channel_count,
        sample_size_bits,
        rate_hz if rate_hz <= _HIGHEST_EXPRESSIBLE_RATE_HZ else 0,
    )
    bit_rate = maybe_write_btrt(track) if has_bit_rate_box else b""
    return box(entry_type, entry, decoder_configuration, bit_rate)
