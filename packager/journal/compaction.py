"""Compaction: an index written anew without what its show has left behind.

Works on frames: what stays is copied as it is, so that a server with many shows can afford it.
"""

import struct
from collections.abc import Sequence

from packager.hls import Timeline
from packager.journal.entry import (
    Entry,
    EntryWriter,
    Kind,
    RenditionBase,
    WindowBegun,
    WindowEnded,
)
from packager.journal.frame import Frame, pack_frame, read_frames

_RENDITION_AND_MSN = struct.Struct(">BQ")
_RENDITION_AND_INIT = struct.Struct(">BI")
_OF_SEGMENTS = frozenset({Kind.OPENED, Kind.PART, Kind.CLOSED})


def compact(
    index: bytes,
    timelines: Sequence[Timeline],
    discontinuity_count: int,
    ended: WindowEnded,
    state: Entry | None,
) -> bytes:
    """Write an index that says the same of all media that must still be served.

    `timelines` are the renditions in the order of their numbers; `discontinuity_count` and `ended`
    tell of the publication as it is now, `state` of its publisher.
    """
    writer = EntryWriter()
    heads: list[bytes] = []
    inits: list[bytes] = []
    segments: list[Frame] = []
    windows = [_msns(timeline) for timeline in timelines]
    kept_inits = [{init.number for init in timeline.inits} for timeline in timelines]
    unix_ms = 0
    for frame in read_frames(index):
        kind, unix_ms, payload = frame
        if kind in _OF_SEGMENTS:
            number, msn = _RENDITION_AND_MSN.unpack_from(payload)
            if msn in windows[number]:
                segments.append(frame)
        elif kind == Kind.INIT:
            number, init_number = _RENDITION_AND_INIT.unpack_from(payload)
            if init_number in kept_inits[number]:
                inits.append(pack_frame(*frame))
        elif kind in (Kind.BEGUN, Kind.CADENCE):
            heads.append(pack_frame(*frame))
    begun = WindowBegun(
        discontinuity_count=discontinuity_count - _discontinuity_count(segments),
        renditions=tuple(map(_base, timelines)),
    )
    tail = [writer.write(ended, unix_ms)]
    if state is not None:
        tail.append(writer.write(state.content, state.unix_ms))
    return b"".join(
        (
            *heads,
            writer.write(begun, unix_ms),
            *inits,
            *(pack_frame(*frame) for frame in segments),
            *tail,
        )
    )


def _msns(timeline: Timeline) -> range:
    """Name the segments that must still be served, and the open one.

    A segment that was opened when the process was killed, and has no part, is not among them.
    """
    last = timeline.last_msn
    if last is None:
        return range(0)
    first = timeline.removed[0].segment.msn if timeline.removed else timeline.media_sequence
    return range(first, last + 1)


def _base(timeline: Timeline) -> RenditionBase:
    kept = [removed.segment for removed in timeline.removed] + list(timeline.listed)
    if timeline.open is not None:
        kept.append(timeline.open)
    return RenditionBase(
        name=timeline.rendition,
        next_part_number=kept[0].first_part_number if kept else timeline.next_part_number,
        end_us=kept[0].start_us if kept else timeline.end_us,
        longest_us=timeline.longest_us,
        is_independent=timeline.is_independent,
    )


def _discontinuity_count(segments: Sequence[Frame]) -> int:
    """Count the discontinuities of these segments; all renditions have them at the same msn."""
    return len(
        {
            _RENDITION_AND_MSN.unpack_from(payload)[1]
            for kind, _, payload in segments
            if kind == Kind.OPENED and payload[-1]
        }
    )
