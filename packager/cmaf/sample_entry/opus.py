"""Opus in CMAF: `Opus` and `dOps` (Encapsulation of Opus in ISOBMFF, 4.3)."""

from struct import Struct

from ingest.media import Track
from packager.cmaf.box import box
from packager.cmaf.errors import DecoderConfigurationError
from packager.cmaf.sample_entry.audio import write_audio_entry
from packager.cmaf.sample_entry.record import decoder_record

# RFC 7845, 5.1: magic, version, channel count, pre-skip, input rate, output gain, mapping family.
_OPUS_HEAD = Struct("<8sBBHIhB")
_OPUS_SPECIFIC = Struct(">BBHIhB")
_MAGIC = b"OpusHead"
_OUTPUT_RATE_HZ = 48_000


def write_opus_entry(track: Track) -> bytes:
    """Write `Opus`; its rate is 48,000 Hz whatever the input's was (4.3.1)."""
    return write_audio_entry(
        b"Opus", track, box(b"dOps", _convert_opus_head(track)), sample_rate_hz=_OUTPUT_RATE_HZ
    )


def opus_codec_string(_track: Track) -> str:
    """Name the sample entry: the string has no parameters."""
    return "Opus"


def _convert_opus_head(track: Track) -> bytes:
    """Turn the Ogg header into an OpusSpecificBox: big endian instead of little, version 0 for 1.

    The channel mapping table, which families other than 0 have, is bytes and stays as it is.
    """
    head = decoder_record(track, _OPUS_HEAD.size)
    magic, _, channels, pre_skip, input_rate_hz, gain, family = _OPUS_HEAD.unpack_from(head)
    table_bytes = 2 + channels if family else 0
    if magic != _MAGIC or len(head) < _OPUS_HEAD.size + table_bytes:
        raise DecoderConfigurationError(
            f"decoder configuration of Opus track {track.name}: expected OpusHead with "
            f"{table_bytes} bytes of channel mapping, got {magic!r} and {len(head)} bytes"
        )
    mapping = head[_OPUS_HEAD.size : _OPUS_HEAD.size + table_bytes]
    return _OPUS_SPECIFIC.pack(0, channels, pre_skip, input_rate_hz, gain, family) + mapping
