"""Sample entries: how `stsd` describes each codec. One module a codec, dispatched here."""

from collections.abc import Callable, Mapping

from ingest.media import Codec, Track
from packager.cmaf.sample_entry.aac import write_aac_entry
from packager.cmaf.sample_entry.av1 import write_av1_entry
from packager.cmaf.sample_entry.avc import write_avc_entry
from packager.cmaf.sample_entry.dolby import write_ac3_entry, write_eac3_entry
from packager.cmaf.sample_entry.flac import write_flac_entry
from packager.cmaf.sample_entry.hevc import write_hevc_entry
from packager.cmaf.sample_entry.opus import write_opus_entry
from packager.cmaf.sample_entry.vp9 import write_vp9_entry

_ENTRY_WRITERS: Mapping[Codec, Callable[[Track], bytes]] = {
    Codec.AVC: write_avc_entry,
    Codec.HEVC: write_hevc_entry,
    Codec.AV1: write_av1_entry,
    Codec.VP9: write_vp9_entry,
    Codec.AAC: write_aac_entry,
    Codec.OPUS: write_opus_entry,
    Codec.FLAC: write_flac_entry,
    Codec.AC3: write_ac3_entry,
    Codec.EAC3: write_eac3_entry,
}


def write_sample_entry(track: Track) -> bytes:
    """Write the one sample entry of the track's `stsd`."""
    return _ENTRY_WRITERS[track.codec](track)
