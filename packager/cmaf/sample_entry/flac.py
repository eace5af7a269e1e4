"""FLAC in CMAF: `fLaC` and `dfLa` (Encapsulation of FLAC in ISOBMFF 0.0.4, 3.3)."""

from ingest.media import Track
from packager.cmaf.box import full_box
from packager.cmaf.sample_entry.audio import audio_format, write_audio_entry
from packager.cmaf.sample_entry.record import decoder_record

_STREAMINFO_BYTES = 34
_LAST_BLOCK_STREAMINFO = bytes((0x80, 0, 0, _STREAMINFO_BYTES))  # RFC 9639, 8.1
_HIGHEST_EXPRESSIBLE_RATE_HZ = 0xFFFF


def write_flac_entry(track: Track) -> bytes:
    """Write `fLaC` with STREAMINFO as its only metadata block."""
    stream_info = decoder_record(track, _STREAMINFO_BYTES)[:_STREAMINFO_BYTES]
    # RFC 9639, 8.2: 20 bits rate, 3 bits channels - 1, 5 bits sample size - 1 from byte 10 on.
    sample_size_bits = ((stream_info[12] & 1) << 4 | stream_info[13] >> 4) + 1
    return write_audio_entry(
        b"fLaC",
        track,
        full_box(b"dfLa", 0, 0, _LAST_BLOCK_STREAMINFO, stream_info),
        sample_rate_hz=_expressible_rate_hz(audio_format(track).sample_rate_hz),
        sample_size_bits=sample_size_bits,
    )


def flac_codec_string(_track: Track) -> str:
    """Name the sample entry: the string has no parameters."""
    return "fLaC"


def _expressible_rate_hz(rate_hz: int) -> int:
    """Give the "greatest expressible regular division" of the rate, as 3.3.1 asks for."""
    while rate_hz > _HIGHEST_EXPRESSIBLE_RATE_HZ:
        rate_hz //= 2
    return rate_hz
