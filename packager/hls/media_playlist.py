"""Media playlists as text (rfc8216bis 4.4.2 to 4.4.5)."""

from collections.abc import Iterable
from typing import NamedTuple

from packager.hls import tags
from packager.hls.segment import Segment
from packager.hls.timeline import Timeline

# rfc8216bis 8: EXT-X-MAP in a playlist of whole segments needs 6, EXT-X-SKIP needs 9; parts,
# hints and reports need nothing. Never higher than needed, so that older players go on.
_VERSION_FULL = 6
_VERSION_DELTA = 9


class RenditionReport(NamedTuple):
    """Where another rendition of the same Publication is: the position of its newest part."""

    rendition: str
    last_msn: int
    last_part: int


class MediaPlaylistWriter:
    """Writes the playlist of one rendition, full or delta, again and again as it grows.

    Keeps the text that the next version will most likely have in common with this one: all down to
    the live edge, which changes only when a segment is complete or the parts of one leave. So a
    version costs as much as the open segment, however long the window is.
    """

    __slots__ = ("_listed", "_shape", "_text")

    def __init__(self) -> None:
        self._text = ""
        self._listed: tuple[Segment, ...] = ()
        self._shape = (0, 0, False)

    def write(
        self, timeline: Timeline, reports: Iterable[RenditionReport] = (), *, is_delta: bool = False
    ) -> str:
        """Write the playlist as `render_media_playlist` says it."""
        listed = timeline.listed
        skipped = timeline.skippable_count if is_delta else 0
        with_parts_from = len(listed)
        parts_from_us = timeline.parts_listed_from_us
        while with_parts_from and listed[with_parts_from - 1].end_us >= parts_from_us:
            with_parts_from -= 1
        shape = (skipped, with_parts_from, timeline.is_independent)
        # Before its first segment a rendition has next to nothing to keep.
        if listed is not self._listed or shape != self._shape or not listed:
            self._text = _complete_segments(timeline, skipped, with_parts_from)
            self._listed, self._shape = listed, shape
        lines = [self._text]
        if timeline.is_ended:
            lines.append(tags.ENDLIST)
        else:
            _append_live_edge(lines, timeline, listed[-1].init_number if listed else 0)
        lines.extend([tags.report_tag(*report) for report in reports])
        return "".join(lines)


def render_media_playlist(
    timeline: Timeline, reports: Iterable[RenditionReport] = (), *, is_delta: bool = False
) -> str:
    """Write the playlist of one rendition.

    `reports` are those of all other renditions. With `is_delta` the segments beyond the skip
    boundary are left out; if there are none, this is the full playlist, for hls.js stumbles over
    SKIPPED-SEGMENTS=0.
    """
    return MediaPlaylistWriter().write(timeline, reports, is_delta=is_delta)


def _complete_segments(timeline: Timeline, skipped: int, with_parts_from: int) -> str:
    """Write everything above the live edge.

    The first `skipped` listed segments are left out, those from `with_parts_from` on have parts.
    """
    lines = [
        f"#EXTM3U\n#EXT-X-VERSION:{_VERSION_DELTA if skipped else _VERSION_FULL}\n",
        tags.cadence_tags(timeline.cadence),
        f"#EXT-X-MEDIA-SEQUENCE:{timeline.media_sequence}\n",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{timeline.discontinuity_sequence}\n",
    ]
    if timeline.is_independent:
        lines.append(tags.INDEPENDENT_SEGMENTS)
    if skipped:
        lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}\n")
    # A delta update names the map of its first segment again, for its tag may be skipped.
    init_number = 0
    for index, segment in enumerate(timeline.listed[skipped:], skipped):
        _append_segment_start(lines, segment, init_number)
        init_number = segment.init_number
        if index >= with_parts_from:
            lines.append(segment.part_tags)
        if segment.is_gap:
            lines.append(tags.GAP)
        lines.append(tags.segment_tags(segment.msn, segment.duration_us))
    return "".join(lines)


def _append_segment_start(lines: list[str], segment: Segment, init_number: int) -> None:
    """Write the tags that must precede a segment's first part (rfc8216bis 4.4.4.9)."""
    if segment.is_discontinuous:
        lines.append(tags.DISCONTINUITY)
    if segment.init_number != init_number:
        lines.append(tags.map_tag(segment.init_number))
    lines.append(segment.date_time_tag)


def _append_live_edge(lines: list[str], timeline: Timeline, init_number: int) -> None:
    """Write the parts of the open segment, and hint the next part and its map if that changes."""
    following = timeline.open
    if following is not None and following.parts:
        _append_segment_start(lines, following, init_number)
        lines.append(following.part_tags)
    else:
        next_init_number = timeline.next_init_number
        if next_init_number is not None and next_init_number != init_number:
            lines.append(tags.map_hint_tag(next_init_number))
    lines.append(tags.part_hint_tag(timeline.next_part_number))
