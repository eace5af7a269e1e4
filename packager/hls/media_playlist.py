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


class PlaylistText(NamedTuple):
    """A playlist in two pieces: what the versions before and after it most likely share, the rest.

    `stem` is the very same string as long as it does not change.
    """

    stem: str
    edge: str


class MediaPlaylistWriter:
    """Writes the playlist of one rendition, full or delta, again and again as it grows.

    Keeps the text that the next version will most likely have in common with this one: all down to
    the live edge, which changes only when a segment is complete or the parts of one leave. So a
    version costs as much as the open segment, however long the window is.
    """

    __slots__ = ("_listed", "_shape", "_stem")

    def __init__(self) -> None:
        self._stem = ""
        self._listed: tuple[Segment, ...] = ()
        self._shape = (0, 0, False)

    def write(
        self, timeline: Timeline, reports: Iterable[RenditionReport] = (), *, is_delta: bool = False
    ) -> PlaylistText:
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
            self._stem = _complete_segments(timeline, skipped, with_parts_from)
            self._listed, self._shape = listed, shape
        lines: list[str] = []
        if timeline.is_ended:
            lines.append(tags.ENDLIST)
        else:
            _append_live_edge(lines, timeline, listed[-1].init_number if listed else 0)
        lines.extend([tags.report_tag(*report) for report in reports])
        return PlaylistText(self._stem, "".join(lines))


def render_media_playlist(
    timeline: Timeline, reports: Iterable[RenditionReport] = (), *, is_delta: bool = False
) -> str:
    """Write the playlist of one rendition.

    `reports` are those of all other renditions. With `is_delta` the segments beyond the skip
    boundary are left out; if there are none, this is the full playlist, for hls.js stumbles over
    SKIPPED-SEGMENTS=0.
    """
    return "".join(MediaPlaylistWriter().write(timeline, reports, is_delta=is_delta))


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
    listed = timeline.listed
    if skipped < len(listed):
        first = listed[skipped]
        # The first one names its map, too: a delta update may have skipped the tag that did.
        lines.append(_start_tags_with_map(first))
        if skipped >= with_parts_from:
            lines.append(first.part_tags)
        lines.append(first.end_tags)
        bare, whole = (
            listed[skipped + 1 : with_parts_from],
            listed[max(skipped + 1, with_parts_from) :],
        )
        lines += [text for segment in bare for text in (segment.start_tags, segment.end_tags)]
        for segment in whole:
            lines += (segment.start_tags, segment.part_tags, segment.end_tags)
    return "".join(lines)


def _start_tags_with_map(segment: Segment) -> str:
    return tags.segment_start_tags(
        segment.start_unix_ms,
        segment.init_number,
        is_discontinuous=segment.is_discontinuous,
        has_new_map=True,
    )


def _append_live_edge(lines: list[str], timeline: Timeline, init_number: int) -> None:
    """Write the parts of the open segment, and hint the next part and its map if that changes."""
    following = timeline.open
    if following is not None and following.parts:
        lines += (following.start_tags, following.part_tags)
    else:
        next_init_number = timeline.next_init_number
        if next_init_number is not None and next_init_number != init_number:
            lines.append(tags.map_hint_tag(next_init_number))
    lines.append(tags.part_hint_tag(timeline.next_part_number))
