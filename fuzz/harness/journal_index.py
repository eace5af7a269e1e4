"""What an index on disk may say: frames whose checksums are right, and bytes that are none.

Whatever it says, a show comes of it, or an error that says why not; and what comes of it can be
served and gone on with. An entry's first byte chooses between frames, each of its kind, the time
since the one before and its payload, and the bytes of a file.
"""

from fuzz.entry_reader import EntryReader
from packager.cadence import LatencyProfile
from packager.journal import UnreadableError
from packager.journal.entry import Place, read_entries
from packager.journal.frame import pack_frame, read_frames
from packager.journal.replay import left_as, replay
from packager.live import WindowSettings
from packager.segmenter import ResumeError, Segmenter, SegmenterSettings

_UNIX_MS_AT_0 = 1_790_000_000_000
_MAX_BODY_BYTES = 64


def check(entry: bytes) -> None:
    """Recover a show from it."""
    reader = EntryReader(entry)
    index = _frames(reader) if reader.byte() & 1 else reader.rest()
    try:
        entries = list(read_entries(read_frames(index)))
        assert left_as(entries).unix_ms >= 0
        replayed = replay(entries, WindowSettings(), _load)
    except UnreadableError:
        return
    publication = replayed.publication
    for rendition in publication.renditions.values():
        assert rendition.playlist(skip=True).identity
        assert rendition.playlist().identity
    publication.multivariant()
    publication.manifest()
    publication.remember_presentation()
    publication.interrupt()
    try:
        changes = Segmenter(SegmenterSettings(), LatencyProfile.NORMAL).resume(replayed.point)
    except (ResumeError, ArithmeticError, LookupError, ValueError):
        return  # such a show is dropped by PackagerGateway
    for change in changes:
        publication.apply(change)
    publication.end()


def _frames(reader: EntryReader) -> bytes:
    index, unix_ms = b"", _UNIX_MS_AT_0
    while not reader.is_at_end:
        kind = reader.byte()
        unix_ms += reader.byte()
        index += pack_frame(kind, unix_ms, reader.sized())
    return index


def _load(place: Place) -> bytes | None:
    """Find parts of even numbers of bytes alone."""
    return None if place.size_bytes & 1 else bytes(min(place.size_bytes, _MAX_BODY_BYTES))
