"""MediaPlaylist: one rendition's window as a playlist tells it. Durations in microseconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerControl:
    """EXT-X-SERVER-CONTROL (rfc8216bis 4.4.3.8)."""

    can_block_reload: bool = False
    hold_back_us: int | None = None
    part_hold_back_us: int | None = None
    can_skip_until_us: int | None = None
    can_skip_dateranges: bool = False


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A piece of a resource; `offset` is None where it follows the piece before."""

    length: int
    offset: int | None


@dataclass(frozen=True, slots=True)
class Map:
    """EXT-X-MAP: where the init segment is."""

    uri: str
    byte_range: ByteRange | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """EXT-X-PART (rfc8216bis 4.4.4.9)."""

    uri: str
    duration_us: int
    is_independent: bool = False
    is_gap: bool = False
    byte_range: ByteRange | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A complete Media Segment and all that stands before its URI line.

    `discontinuity_sequence` is the number that players compute for it. `late_tags` are tags of the
    segment that stand after its first part, where a player has already begun without them.
    """

    msn: int
    uri: str
    duration_us: int
    discontinuity_sequence: int
    parts: tuple[Part, ...] = ()
    map: Map | None = None
    program_date_time_us: int | None = None
    is_discontinuous: bool = False
    is_gap: bool = False
    byte_range: ByteRange | None = None
    late_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """The segment in the making: the parts after the last complete segment."""

    msn: int
    discontinuity_sequence: int
    parts: tuple[Part, ...] = ()
    map: Map | None = None
    program_date_time_us: int | None = None
    is_discontinuous: bool = False
    late_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreloadHint:
    """EXT-X-PRELOAD-HINT (rfc8216bis 4.4.5.3)."""

    type: str
    uri: str
    byte_range_start: int | None = None
    byte_range_length: int | None = None


@dataclass(frozen=True, slots=True)
class RenditionReport:
    """EXT-X-RENDITION-REPORT (rfc8216bis 4.4.5.4)."""

    uri: str
    last_msn: int | None
    last_part: int | None


@dataclass(frozen=True, slots=True)
class Skip:
    """EXT-X-SKIP (rfc8216bis 4.4.5.2): the first segments are left out."""

    skipped_segments: int
    removed_date_ranges: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaPlaylist:
    """A media playlist, or a delta update of one if `skip` is set.

    `segments` are the complete ones that are listed: with `skip`, the first has the MSN
    `media_sequence + skip.skipped_segments`.
    """

    target_duration_s: int
    media_sequence: int = 0
    discontinuity_sequence: int = 0
    version: int = 1
    part_target_us: int | None = None
    server_control: ServerControl | None = None
    segments: tuple[Segment, ...] = ()
    open_segment: OpenSegment
    preload_hints: tuple[PreloadHint, ...] = ()
    rendition_reports: tuple[RenditionReport, ...] = ()
    skip: Skip | None = None
    date_range_ids: tuple[str, ...] = ()
    playlist_type: str | None = None
    has_independent_segments: bool = False
    has_decimal_durations: bool = False
    has_definitions: bool = False
    is_ended: bool = False

    @property
    def next_msn(self) -> int:
        """The MSN of the segment after the last complete one."""
        return self.open_segment.msn

    @property
    def window_us(self) -> int:
        """How long the listed complete segments last together."""
        return sum(segment.duration_us for segment in self.segments)

    @property
    def last_position(self) -> tuple[int, int]:
        """The MSN and part index of the newest part; index -1 where a segment has no parts yet.

        The position before the first part of segment 7 is (6, parts of 6 - 1), as a rendition
        report counts.
        """
        if self.open_segment.parts:
            return self.open_segment.msn, len(self.open_segment.parts) - 1
        if self.segments:
            return self.segments[-1].msn, len(self.segments[-1].parts) - 1
        return self.media_sequence - 1, -1

    @property
    def edge_us(self) -> int | None:
        """The date of the end of the newest part, in microseconds since 1970, where dates are."""
        date_us: int | None = None
        for segment in self.segments:
            date_us = segment.program_date_time_us or date_us
            if date_us is not None:
                date_us += segment.duration_us
        opened = self.open_segment
        date_us = opened.program_date_time_us or date_us
        if date_us is None:
            return None
        return date_us + sum(part.duration_us for part in opened.parts)

    def hint(self, hint_type: str) -> PreloadHint | None:
        """Find the first hint of a type: PART or MAP."""
        return next((hint for hint in self.preload_hints if hint.type == hint_type), None)

    def all_segments(self) -> tuple[Segment | OpenSegment, ...]:
        """List the complete segments and the open one."""
        return (*self.segments, self.open_segment)

    def parts_by_msn(self) -> dict[int, tuple[Part, ...]]:
        """List the parts of each segment that has any, the open one last."""
        parts = {segment.msn: segment.parts for segment in self.segments if segment.parts}
        if self.open_segment.parts:
            parts[self.open_segment.msn] = self.open_segment.parts
        return parts
