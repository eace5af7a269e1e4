"""AC-3 and E-AC-3 in CMAF: `ac-3` with `dac3`, `ec-3` with `dec3` (ETSI TS 102 366, annex F)."""

from ingest.media import Track
from packager.cmaf.box import box
from packager.cmaf.sample_entry.audio import write_audio_entry
from packager.cmaf.sample_entry.record import decoder_record

_DAC3_BYTES = 3
_SHORTEST_DEC3_BYTES = 5


def write_ac3_entry(track: Track) -> bytes:
    """Write `ac-3` with the three bytes of `dac3`."""
    return write_audio_entry(b"ac-3", track, box(b"dac3", decoder_record(track, _DAC3_BYTES)))


def write_eac3_entry(track: Track) -> bytes:
    """Write `ec-3` with the body of `dec3`."""
    record = decoder_record(track, _SHORTEST_DEC3_BYTES)
    return write_audio_entry(b"ec-3", track, box(b"dec3", record))


def ac3_codec_string(_track: Track) -> str:
    """Name the sample entry: the string has no parameters."""
    return "ac-3"


def eac3_codec_string(_track: Track) -> str:
    """Name the sample entry: the string has no parameters."""
    return "ec-3"
