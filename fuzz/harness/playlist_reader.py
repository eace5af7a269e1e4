"""The validator's playlist readers: playlists of any server, or PlaylistSyntaxError.

An entry is two playlists with two bytes of length before the first; the second may be a delta
update of the first.
"""

from conformance.errors import PlaylistSyntaxError
from conformance.playlist import (
    DeltaMismatchError,
    MediaPlaylist,
    is_multivariant,
    merge_delta,
    read_media_playlist,
    read_multivariant_playlist,
)
from fuzz.entry_reader import EntryReader


def check(entry: bytes) -> None:
    """Read both, and merge the second into the first."""
    reader = EntryReader(entry)
    first, second = _read(reader.sized()), _read(reader.rest())
    if first is None or second is None:
        return
    try:
        merged = merge_delta(first, second)
    except DeltaMismatchError:
        return
    if second.skip is not None:
        listed = second.skip.skipped_segments + len(second.segments)
        assert len(merged.segments) == listed


def _read(body: bytes) -> MediaPlaylist | None:
    try:
        if is_multivariant(body):
            read_multivariant_playlist(body)
            return None
        playlist = read_media_playlist(body)
    except PlaylistSyntaxError:
        return None
    skipped = playlist.skip.skipped_segments if playlist.skip is not None else 0
    numbers = [segment.msn for segment in playlist.segments]
    first = playlist.media_sequence + skipped
    assert numbers == list(range(first, first + len(numbers)))
    assert playlist.window_us >= 0
    assert playlist.last_position[0] <= playlist.next_msn
    return playlist
