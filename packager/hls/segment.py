"""Part, Segment and Position: what a media playlist lists and how it is counted.

Durations are whole microseconds, each the difference of two rounded moments of the media
timeline. So the parts of a segment add up to it exactly, rounding never drifts, and a part that
fits a target of whole milliseconds in ticks still fits it as text.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from packager.hls.tags import GAP, part_tag, segment_tags

US_PER_S = 1_000_000


def round_to_us(ticks: int, timescale: int) -> int:
    """Name the microsecond nearest to a moment of the media timeline; halves go up."""
    return (2 * ticks * US_PER_S + timescale) // (2 * timescale)


class Position(NamedTuple):
    """A place in a playlist: a Media Sequence Number and a Part Index, or None for all of it.

    Part indices count from 0 within their segment.
    """

    msn: int
    part: int | None


class Part(NamedTuple):
    """One Partial Segment as listed. `number` names its URI; `is_gap` says it has no bytes."""

    number: int
    duration_us: int
    is_independent: bool
    is_gap: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """One Media Segment, open or complete, with all of its parts.

    `start_us` counts on the rendition's own clock: the media that was listed before it.
    `first_part_number` is the number of its first part, even before that part is there.
    `is_gap` says that no part has any bytes, so that there is nothing to fetch.
    `start_tags`, `part_tags` and `end_tags` are its text in a playlist, each written once, when it
    is known: the lines of a playlist never change, and it is rendered anew for every part.
    `start_tags` take for granted that the segment before it is listed, and so its map known.
    """

    msn: int
    init_number: int
    start_unix_ms: int
    is_discontinuous: bool
    timescale: int
    first_part_number: int
    start_us: int
    start_tags: str = field(repr=False, compare=False)
    duration_us: int = 0
    parts: tuple[Part, ...] = ()
    is_gap: bool = True
    part_tags: str = field(default="", repr=False)
    end_tags: str = field(default="", repr=False)

    @property
    def end_us(self) -> int:
        """Where the segment ends, so far, on the rendition's own clock."""
        return self.start_us + self.duration_us

    @property
    def last_position(self) -> Position:
        """The position of its newest part."""
        return Position(self.msn, len(self.parts) - 1)

    def closed(self) -> "Segment":
        """Return the segment as it is listed once it is complete."""
        gap_tag = GAP if self.is_gap else ""
        return replace(self, end_tags=gap_tag + segment_tags(self.msn, self.duration_us))

    def with_part(self, part: Part) -> "Segment":
        """Return the segment with one more part at its end."""
        number, duration_us, is_independent, is_gap = part
        return Segment(
            self.msn,
            self.init_number,
            self.start_unix_ms,
            self.is_discontinuous,
            self.timescale,
            self.first_part_number,
            self.start_us,
            self.start_tags,
            self.duration_us + duration_us,
            (*self.parts, part),
            self.is_gap and is_gap,
            self.part_tags
            + part_tag(number, duration_us, is_independent=is_independent, is_gap=is_gap),
        )
