"""Strict reader of media playlists (rfc8216bis 4.4.3 to 4.4.5), low-latency tags included.

It stops at the first line that breaks the grammar. Rules about values (how long, how many, the
same as elsewhere) are not its business: those are in `conformance.checks`.
"""

import re
from dataclasses import dataclass, field

from conformance.check import Check
from conformance.errors import PlaylistSyntaxError
from conformance.playlist.attributes import decimal_us, read_attributes
from conformance.playlist.lines import Line, read_lines
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
from conformance.playlist.media_tags import (
    byte_range,
    date_time_us,
    decimal_integer,
    maybe_byte_range,
    preload_hint,
    server_control,
)

_ONCE = frozenset(
    {
        "#EXT-X-VERSION",
        "#EXT-X-TARGETDURATION",
        "#EXT-X-MEDIA-SEQUENCE",
        "#EXT-X-DISCONTINUITY-SEQUENCE",
        "#EXT-X-ENDLIST",
        "#EXT-X-PLAYLIST-TYPE",
        "#EXT-X-I-FRAMES-ONLY",
        "#EXT-X-PART-INF",
        "#EXT-X-SERVER-CONTROL",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-START",
        "#EXT-X-SKIP",
    }
)
MULTIVARIANT_TAGS = frozenset(
    {
        "#EXT-X-MEDIA",
        "#EXT-X-STREAM-INF",
        "#EXT-X-I-FRAME-STREAM-INF",
        "#EXT-X-SESSION-DATA",
        "#EXT-X-SESSION-KEY",
        "#EXT-X-CONTENT-STEERING",
    }
)
_EXTINF = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,20})?),(.*)")


def read_media_playlist(body: bytes) -> MediaPlaylist:
    """Read a media playlist; raise PlaylistSyntaxError at the first line that breaks a rule."""
    reader = _MediaReader()
    for line in read_lines(body):
        reader.take(line)
    return reader.finish()


@dataclass(slots=True)
class _Pending:
    """What has been said of the next segment so far."""

    duration_us: int | None = None
    program_date_time_us: int | None = None
    is_discontinuous: bool = False
    is_gap: bool = False
    byte_range: ByteRange | None = None
    parts: list[Part] = field(default_factory=list)
    late_tags: list[str] = field(default_factory=list)


class _MediaReader:
    """Reads one playlist, line after line."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._target_duration_s: int | None = None
        self._version = 1
        self._media_sequence = 0
        self._discontinuity_sequence = 0
        self._current_discontinuity = 0
        self._part_target_us: int | None = None
        self._server_control: ServerControl | None = None
        self._map: Map | None = None
        self._segments: list[Segment] = []
        self._hints: list[PreloadHint] = []
        self._reports: list[RenditionReport] = []
        self._date_ranges: list[str] = []
        self._skip: Skip | None = None
        self._playlist_type: str | None = None
        self._has_decimal_durations = False
        self._pending = _Pending()
        self._last_line = 1

    def take(self, line: Line) -> None:
        """Read the next line."""
        self._last_line = line.number
        if not line.tag:
            self._take_uri(line)
            return
        if line.tag in MULTIVARIANT_TAGS:
            raise PlaylistSyntaxError(
                Check.NO_MIXED_TAGS, line.number, f"expected media tags only, got {line.tag}"
            )
        if line.tag in _ONCE:
            if line.tag in self._seen:
                raise PlaylistSyntaxError(
                    Check.NO_DUPLICATE_TAG, line.number, f"expected {line.tag} once, got it twice"
                )
            self._seen.add(line.tag)
        match line.tag:
            case "#EXT-X-VERSION":
                self._version = decimal_integer(line, Check.VERSION_FITS)
            case "#EXT-X-TARGETDURATION":
                self._target_duration_s = decimal_integer(line, Check.TARGET_DURATION)
                if self._target_duration_s < 1:
                    raise PlaylistSyntaxError(
                        Check.TARGET_DURATION, line.number, "expected 1 or more, got 0"
                    )
            case "#EXT-X-MEDIA-SEQUENCE":
                self._expect_before_segments(line)
                self._media_sequence = decimal_integer(line, Check.SEQUENCE_FIRST)
            case "#EXT-X-DISCONTINUITY-SEQUENCE":
                self._expect_before_segments(line)
                self._discontinuity_sequence = decimal_integer(line, Check.SEQUENCE_FIRST)
                self._current_discontinuity += self._discontinuity_sequence
            case "#EXT-X-PLAYLIST-TYPE":
                self._playlist_type = line.value
            case "#EXT-X-PART-INF":
                attributes = read_attributes(line.tag, line.number, line.value)
                self._part_target_us = attributes.duration_us("PART-TARGET")
            case "#EXT-X-SERVER-CONTROL":
                attributes = read_attributes(line.tag, line.number, line.value)
                self._server_control = server_control(attributes)
            case "#EXT-X-SKIP":
                self._take_skip(line)
            case "#EXT-X-PRELOAD-HINT":
                attributes = read_attributes(line.tag, line.number, line.value)
                self._hints.append(preload_hint(attributes))
            case "#EXT-X-RENDITION-REPORT":
                attributes = read_attributes(line.tag, line.number, line.value)
                self._reports.append(
                    RenditionReport(
                        attributes.quoted("URI"),
                        attributes.maybe_integer("LAST-MSN"),
                        attributes.maybe_integer("LAST-PART"),
                    )
                )
            case "#EXT-X-DATERANGE":
                attributes = read_attributes(line.tag, line.number, line.value)
                self._date_ranges.append(attributes.quoted("ID"))
            case _:
                self._take_segment_tag(line)

    def _take_segment_tag(self, line: Line) -> None:
        pending = self._pending
        match line.tag:
            case "#EXTINF":
                self._take_extinf(line)
                return
            case "#EXT-X-PART":
                attributes = read_attributes(line.tag, line.number, line.value)
                pending.parts.append(
                    Part(
                        attributes.quoted("URI"),
                        attributes.duration_us("DURATION"),
                        attributes.yes("INDEPENDENT"),
                        attributes.yes("GAP"),
                        maybe_byte_range(attributes),
                    )
                )
                return
            case "#EXT-X-GAP":
                pending.is_gap = True
                return
            case "#EXT-X-BYTERANGE":
                pending.byte_range = byte_range(line.tag, line.number, line.value)
                return
            case "#EXT-X-PROGRAM-DATE-TIME":
                pending.program_date_time_us = date_time_us(line)
            case "#EXT-X-DISCONTINUITY":
                if not pending.is_discontinuous:
                    self._current_discontinuity += 1
                pending.is_discontinuous = True
            case "#EXT-X-MAP":
                attributes = read_attributes(line.tag, line.number, line.value)
                self._map = Map(attributes.quoted("URI"), maybe_byte_range(attributes))
            case "#EXT-X-KEY":
                read_attributes(line.tag, line.number, line.value).enumerated("METHOD")
            case _:
                return  # "Clients SHOULD ignore tags that they do not recognise" (4.1)
        if pending.parts:
            pending.late_tags.append(line.tag)

    def finish(self) -> MediaPlaylist:
        """Check what can be known only at the end, and give the playlist."""
        if self._target_duration_s is None:
            raise PlaylistSyntaxError(
                Check.TARGET_DURATION, self._last_line, "expected #EXT-X-TARGETDURATION, got none"
            )
        pending = self._pending
        if pending.duration_us is not None:
            raise PlaylistSyntaxError(
                Check.EXTINF_SYNTAX, self._last_line, "expected a URI after #EXTINF, got the end"
            )
        return MediaPlaylist(
            target_duration_s=self._target_duration_s,
            media_sequence=self._media_sequence,
            discontinuity_sequence=self._discontinuity_sequence,
            version=self._version,
            part_target_us=self._part_target_us,
            server_control=self._server_control,
            segments=tuple(self._segments),
            open_segment=OpenSegment(
                self._next_msn(),
                self._current_discontinuity,
                tuple(pending.parts),
                self._map,
                pending.program_date_time_us,
                pending.is_discontinuous,
                tuple(pending.late_tags),
            ),
            preload_hints=tuple(self._hints),
            rendition_reports=tuple(self._reports),
            skip=self._skip,
            date_range_ids=tuple(self._date_ranges),
            playlist_type=self._playlist_type,
            has_independent_segments="#EXT-X-INDEPENDENT-SEGMENTS" in self._seen,
            has_decimal_durations=self._has_decimal_durations,
            has_definitions="#EXT-X-DEFINE" in self._seen,
            is_ended="#EXT-X-ENDLIST" in self._seen,
        )

    def _take_uri(self, line: Line) -> None:
        pending = self._pending
        if pending.duration_us is None:
            raise PlaylistSyntaxError(
                Check.EXTINF_SYNTAX, line.number, f"expected #EXTINF before the URI {line.value!r}"
            )
        self._segments.append(
            Segment(
                self._next_msn(),
                line.value,
                pending.duration_us,
                self._current_discontinuity,
                tuple(pending.parts),
                self._map,
                pending.program_date_time_us,
                pending.is_discontinuous,
                pending.is_gap,
                pending.byte_range,
                tuple(pending.late_tags),
            )
        )
        self._pending = _Pending()

    def _take_extinf(self, line: Line) -> None:
        match = _EXTINF.fullmatch(line.value)
        if match is None:
            raise PlaylistSyntaxError(
                Check.EXTINF_SYNTAX,
                line.number,
                f"expected a decimal duration and a comma, got {line.value[:40]!r}",
            )
        if self._pending.duration_us is not None:
            raise PlaylistSyntaxError(
                Check.EXTINF_SYNTAX, line.number, "expected a URI, got a second #EXTINF"
            )
        self._has_decimal_durations |= "." in match[1]
        self._pending.duration_us = decimal_us(match[1])

    def _take_skip(self, line: Line) -> None:
        if self._segments or self._pending.parts:
            raise PlaylistSyntaxError(
                Check.DELTA, line.number, "expected #EXT-X-SKIP before the first segment"
            )
        attributes = read_attributes(line.tag, line.number, line.value)
        removed = attributes.maybe_quoted("RECENTLY-REMOVED-DATERANGES")
        self._skip = Skip(
            attributes.integer("SKIPPED-SEGMENTS"),
            None if removed is None else tuple(filter(None, removed.split("\t"))),
        )

    def _next_msn(self) -> int:
        skipped = self._skip.skipped_segments if self._skip else 0
        return self._media_sequence + skipped + len(self._segments)

    def _expect_before_segments(self, line: Line) -> None:
        # "MUST appear before the first Media Segment" (4.4.3.2, 4.4.3.3); hls.js stops there.
        pending = self._pending
        if self._segments or self._skip or pending.parts or pending.is_discontinuous:
            raise PlaylistSyntaxError(
                Check.SEQUENCE_FIRST, line.number, f"expected {line.tag} before the first segment"
            )
