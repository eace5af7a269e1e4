"""HLS as text and arithmetic: timelines, playlists and blocking-reload decisions. Pure.

Knows rfc8216bis (draft-pantos-hls-rfc8216bis-22); knows no bytes of media, no sockets, no clocks.
"""

from packager.hls.directives import (
    DeliveryDirectives,
    Reject,
    Respond,
    Verdict,
    WaitFor,
    decide,
)
from packager.hls.errors import TimelineError
from packager.hls.media_playlist import (
    MediaPlaylistWriter,
    RenditionReport,
    render_media_playlist,
)
from packager.hls.multivariant import RenditionDescription, render_multivariant
from packager.hls.segment import Part, Position, Segment
from packager.hls.timeline import Timeline, TimelineChange
from packager.hls.window import WindowPolicy

__all__ = [
    "DeliveryDirectives",
    "MediaPlaylistWriter",
    "Part",
    "Position",
    "Reject",
    "RenditionDescription",
    "RenditionReport",
    "Respond",
    "Segment",
    "Timeline",
    "TimelineChange",
    "TimelineError",
    "Verdict",
    "WaitFor",
    "WindowPolicy",
    "decide",
    "render_media_playlist",
    "render_multivariant",
]
