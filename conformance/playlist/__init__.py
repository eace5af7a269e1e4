"""Playlists as a client reads them. Pure: bytes in, values or PlaylistSyntaxError out."""

from conformance.playlist.delta import DeltaMismatchError, merge_delta
from conformance.playlist.media_playlist import (
    ByteRange,
    Map,
    MediaPlaylist,
    OpenSegment,
    Part,
    PreloadHint,
    RenditionReport,
    Segment,
    ServerControl,
    Skip,
)
from conformance.playlist.media_reader import read_media_playlist
from conformance.playlist.multivariant import (
    AlternativeRendition,
    MultivariantPlaylist,
    Variant,
    is_multivariant,
    read_multivariant_playlist,
)

__all__ = [
    "AlternativeRendition",
    "ByteRange",
    "DeltaMismatchError",
    "Map",
    "MediaPlaylist",
    "MultivariantPlaylist",
    "OpenSegment",
    "Part",
    "PreloadHint",
    "RenditionReport",
    "Segment",
    "ServerControl",
    "Skip",
    "Variant",
    "is_multivariant",
    "merge_delta",
    "read_media_playlist",
    "read_multivariant_playlist",
]
