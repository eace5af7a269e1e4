"""The validator's MP4 reader: an init segment and fragments of any server, or Mp4Error.

An entry: two bytes of length, so many bytes of init segment, and the rest is media.
"""

from conformance.errors import Mp4Error
from conformance.mp4 import read_fragments, read_init_segment
from fuzz.entry_reader import EntryReader


def check(entry: bytes) -> None:
    """Read the init segment, and the media with and without what it says."""
    reader = EntryReader(entry)
    init_body, media = reader.sized(), reader.rest()
    init = None
    try:
        init = read_init_segment(init_body)
        for track in init.tracks:
            assert track.entry.codecs.preferred
    except Mp4Error:
        pass
    for known in {None, init}:
        try:
            fragments = read_fragments(media, known)
        except Mp4Error:
            continue
        for fragment in fragments:
            assert 0 <= fragment.data_start <= fragment.data_end <= len(media)
            for run in fragment.tracks:
                for sample in run.samples:
                    assert sample.size >= 0
                    assert 0 <= sample.offset <= sample.offset + sample.size <= len(media)
