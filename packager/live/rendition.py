"""Rendition: one media playlist on air, the bytes behind it and the requests that wait for it."""

from collections.abc import Hashable, Mapping
from enum import Enum
from typing import Final, NamedTuple

from ingest.media import Track
from packager.cmaf import codec_string
from packager.hls import (
    MediaPlaylistWriter,
    Position,
    RenditionDescription,
    RenditionReport,
    Timeline,
)
from packager.hls.uri import variant_playlist_uri
from packager.live.bitrate import BitrateMeter, rate_bps
from packager.live.rendered import RenderedPlaylist, Stem
from packager.live.waiting import WaitingRoom
from packager.segmenter.change import InitChanged, PartCut, SegmentClosed, SegmentOpened


class Pending(Enum):
    """What a lookup returns for a part that is hinted but not complete."""

    PENDING = "pending"


PENDING: Final = Pending.PENDING


class Growth(NamedTuple):
    """What a segment has beyond its first parts, and whether that is all there will be."""

    parts: tuple[bytes, ...]
    part_count: int
    is_complete: bool


class Outflow:
    """How many bytes of bodies were handed to viewers; counted by whoever serves them."""

    __slots__ = ("body_bytes",)

    def __init__(self) -> None:
        self.body_bytes = 0


class Rendition:
    """The live output of one track.

    Owned by its Publication, which alone applies changes; everybody else looks up and waits.
    `siblings` is the Publication's view of all renditions by name, this one among them.
    `render_count` counts playlists rendered, `window_bytes` the media bytes held. `answers` is for
    whoever serves: what it made of a request is true until this version of the playlist is not the
    newest any more, and is forgotten then; `outflow` is for it, too.

    Whoever waits enters one of the rooms, after looking whether the wish is true already:
    `playlist_room` until the playlist has a position or a later one, or has ended; `part_room`
    until a hinted part is no longer PENDING; `growth_room`, with a segment's MSN and the number of
    parts that are known, until it has more of them, is complete, or can never come.
    """

    def __init__(
        self, track: Track, timeline: Timeline, siblings: Mapping[str, "Rendition"]
    ) -> None:
        self.track = track
        self.timeline = timeline
        self.render_count = 0
        self.window_bytes = 0
        self.outflow = Outflow()
        self._siblings = siblings
        self._codecs = codec_string(track)
        self._bitrate = BitrateMeter(timeline.cadence.target_duration_s)
        self._inits: dict[int, bytes] = {}
        self._parts: dict[int, bytes] = {}  # by part number, oldest first
        self._oldest_part_number = timeline.oldest_part_number
        self._rendered: dict[bool, RenderedPlaylist] = {}  # by whether a delta was asked for
        self.answers: dict[Hashable, object] = {}
        self._writers = {False: MediaPlaylistWriter(), True: MediaPlaylistWriter()}
        self._stems: dict[bool, Stem] = {}
        self._reported: dict[str, int] = {}  # part numbers behind the reports last rendered
        self.playlist_room: WaitingRoom[Position] = WaitingRoom()
        self.part_room: WaitingRoom[int] = WaitingRoom()
        self.growth_room: WaitingRoom[Position] = WaitingRoom()

    @property
    def name(self) -> str:
        """The rendition's name in URLs: that of its track."""
        return self.timeline.rendition

    @property
    def has_segment(self) -> bool:
        """Whether a complete segment is listed, so that players can start."""
        return bool(self.timeline.listed)

    @property
    def peak_bps(self) -> int:
        """The most bits a second that a player should expect, with all container overhead.

        Before the first segment is complete: what the publisher claims, and no less than the parts
        that are there.
        """
        peak_bps = self._bitrate.peak_bps(self.track.bitrate_bps)
        segment = self.timeline.open
        if self.has_segment or segment is None or not segment.parts:
            return peak_bps
        duration_us = sum(part.duration_us for part in segment.parts)
        size_bytes = sum(len(self._parts.get(part.number, b"")) for part in segment.parts)
        return max(peak_bps, rate_bps(size_bytes, duration_us))

    @property
    def waiter_count(self) -> int:
        """How many requests wait for this rendition now."""
        return len(self.playlist_room) + len(self.part_room) + len(self.growth_room)

    @property
    def follower_count(self) -> int:
        """How many requests wait for the next version of the playlist, or in the open segment."""
        return len(self.playlist_room) + len(self.growth_room)

    def playlist(self, *, skip: bool = False) -> RenderedPlaylist:
        """Return the playlist as it is now, rendered once per version for everybody."""
        rendered = self._rendered.get(skip)
        if rendered is None:
            is_delta = skip and self.timeline.skippable_count > 0
            rendered = self._rendered.get(is_delta) or self._render(is_delta=is_delta)
            self._rendered[skip] = rendered
        return rendered

    def init_segment(self, number: int) -> bytes | None:
        """Return an initialisation segment, or None if there is none of this number."""
        return self._inits.get(number)

    def segment(self, msn: int) -> tuple[bytes, ...] | None:
        """Return a complete segment as the bytes of its parts in order, or None."""
        segment = self.timeline.find(msn)
        if segment is None or segment.is_gap:
            return None
        return tuple(self._parts[part.number] for part in segment.parts if not part.is_gap)

    def growth(self, msn: int, part_count: int) -> Growth | None:
        """Return what a segment, open or complete, has after its first `part_count` parts.

        None if it is gone, or unknown.
        """
        segment = self.timeline.open
        is_complete = segment is None or segment.msn != msn
        if segment is None or is_complete:
            segment = self.timeline.find(msn)
            if segment is None:
                return None
        bodies = tuple(
            self._parts[part.number] for part in segment.parts[part_count:] if not part.is_gap
        )
        return Growth(bodies, len(segment.parts), is_complete)

    def is_awaited(self, msn: int) -> bool:
        """Whether this is the segment that will be opened next."""
        last_msn = self.timeline.last_msn
        return last_msn is not None and msn == last_msn + 1 and not self.timeline.is_ended

    def part(self, number: int) -> bytes | Pending | None:
        """Return a part's bytes, PENDING for the hinted one, or None: gone, a gap, or unknown."""
        if number == self.timeline.next_part_number and not self.timeline.is_ended:
            return PENDING
        return self._parts.get(number)

    def describe(self, epoch: str) -> RenditionDescription:
        """Say what the multivariant playlist of this epoch lists."""
        claimed_bps = self.track.bitrate_bps
        return RenditionDescription(
            uri=variant_playlist_uri(epoch, self.name),
            track=self.track,
            codecs=self._codecs,
            peak_bps=self.peak_bps,
            average_bps=self._bitrate.average_bps(claimed_bps),
        )

    def add_init(self, change: InitChanged, body: bytes) -> None:
        """Take the initialisation segment of the segments to come."""
        self._advance(self.timeline.append(change))
        self.track = change.track
        self._codecs = codec_string(change.track)
        self._inits[change.init_number] = body
        self.window_bytes += len(body)

    def begin(self, *, after_discontinuities: int) -> None:
        """Count the discontinuities that siblings had before the first segment of this one."""
        self._advance(self.timeline.after_discontinuities(after_discontinuities))

    def open_segment(self, change: SegmentOpened) -> None:
        """Begin a segment."""
        self._advance(self.timeline.append(change))
        self.growth_room.release(self._has_grown)

    def add_part(self, cut: PartCut, body: bytes) -> None:
        """Take a complete part and wake whoever waits for it."""
        timeline = self.timeline.append(cut)
        if not cut.is_gap:
            self._parts[cut.number] = body
            self.window_bytes += len(body)
        self._advance(timeline)
        self._wake()

    def close_segment(self, change: SegmentClosed) -> None:
        """Complete the open segment and drop what no longer has to be served."""
        self._advance(self.timeline.append(change))
        newest = self.timeline.listed[-1]
        if not newest.is_gap:
            size_bytes = sum(len(self._parts.get(part.number, b"")) for part in newest.parts)
            self._bitrate.add_segment(size_bytes, newest.duration_us)
        self._drop_old()
        self._wake()

    def end(self) -> None:
        """Let the playlist end here and wake everybody."""
        self._advance(self.timeline.end())
        self._wake()

    def refresh_reports(self) -> None:
        """Forget rendered playlists whose report of a sibling is more than one part old.

        rfc8216bis 4.4.5.4 wants a report "as up-to-date as the Playlist that contains it"; the
        siblings' parts come at about the same time, so one part of slack spares rendering every
        playlist again for each of them.
        """
        if self._rendered and any(
            sibling.timeline.next_part_number - self._reported.get(sibling.name, 0) > 1
            for sibling in self._siblings.values()
        ):
            self._forget_version()

    def _advance(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._forget_version()

    def _forget_version(self) -> None:
        self._rendered.clear()
        self.answers.clear()

    def _wake(self) -> None:
        self.playlist_room.release(self.timeline.has_reached)
        self.part_room.release(lambda number: self.part(number) is not PENDING)
        self.growth_room.release(self._has_grown)

    def _has_grown(self, wish: Position) -> bool:
        segment = self.timeline.open
        if segment is not None and segment.msn == wish.msn:
            if not segment.parts:
                # Nobody can know of it yet: whoever asked meant to go on without a break.
                return segment.is_discontinuous
            return wish.part is None or len(segment.parts) > wish.part
        return not self.is_awaited(wish.msn)

    def _drop_old(self) -> None:
        oldest = self.timeline.oldest_part_number
        for number in range(self._oldest_part_number, oldest):
            self.window_bytes -= len(self._parts.pop(number, b""))
        self._oldest_part_number = oldest
        kept = {init.number for init in self.timeline.inits}
        for number in [number for number in self._inits if number not in kept]:
            self.window_bytes -= len(self._inits.pop(number))

    def _render(self, *, is_delta: bool) -> RenderedPlaylist:
        self.render_count += 1
        siblings = self._siblings.values()
        if not self._rendered:  # else the older reports, of the other kind, are what may be stale
            self._reported = {known.name: known.timeline.next_part_number for known in siblings}
        reports = []
        for sibling in siblings:
            last_part = sibling.timeline.last_part
            if sibling is not self and last_part is not None and last_part.part is not None:
                reports.append(RenditionReport(sibling.name, last_part.msn, last_part.part))
        text, edge = self._writers[is_delta].write(self.timeline, reports, is_delta=is_delta)
        stem = self._stems.get(is_delta)
        if stem is None or stem.text is not text:
            stem = self._stems[is_delta] = Stem(text)
        rendered = self._rendered[is_delta] = RenderedPlaylist(edge, stem)
        return rendered
