"""What a track that ingest describes must be good for: an init segment that a player can read."""

from conformance.mp4 import read_init_segment
from ingest.media import Track
from packager.cmaf import codec_string, write_init


def check_description(track: Track) -> None:
    """Write the track's init segment and codec string; read both as a client does."""
    init = read_init_segment(write_init(track))
    (written,) = init.tracks
    assert written.timescale == track.timescale
    declared = codec_string(track)
    assert written.entry.codecs.accept(declared), (declared, written.entry.codecs.accepted)
