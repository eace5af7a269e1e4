"""LiveChannel: one channel's live output, from Samples to the bytes that viewers get."""

import secrets
from collections.abc import Sequence

import structlog

from ingest.media import MediaEvent, Track
from packager.cmaf import write_fragment, write_init
from packager.events import (
    BroadcastEnded,
    BroadcastInterrupted,
    BroadcastResumed,
    BroadcastStarted,
    BroadcastWarned,
    Emit,
)
from packager.live import Publication, PublicationState, WindowSettings
from packager.segmenter import Segmenter, SegmenterSettings
from packager.segmenter.change import (
    Change,
    InitChanged,
    PartCut,
    SegmentOpened,
    WarningRaised,
)

_log: structlog.stdlib.BoundLogger = structlog.get_logger("packager")


class LiveChannel:
    """Runs the segmenter, writes CMAF, and applies both to the Publication.

    Outlives publishers: media number `msn` after a reconnect follows the one before it. Times
    called `now` are monotonic seconds; `unix_ms` is the wall clock.
    """

    def __init__(
        self,
        channel: str,
        unix_ms: int,
        segmenter_settings: SegmenterSettings,
        window_settings: WindowSettings,
        emit: Emit,
    ) -> None:
        # Time makes it rise, chance keeps it unique when the clock is set back.
        epoch = f"{unix_ms:x}-{secrets.token_hex(3)}"
        self.publication = Publication(channel, epoch, unix_ms, window_settings)
        self._channel = channel
        self._segmenter = Segmenter(segmenter_settings)
        self._emit = emit
        self._started_at: float | None = None
        self._announced = False
        self._abandoned_at: float | None = None
        self._inits: dict[tuple[str, int], Track] = {}
        self._current: dict[str, Track] = {}

    @property
    def abandoned_at(self) -> float | None:
        """When the last publisher left, or None while one is there."""
        return self._abandoned_at

    def start_publisher(self, now: float, unix_ms: int) -> None:
        """Begin, or go on after another publisher."""
        if self._started_at is None:
            self._started_at = now
        if self._abandoned_at is not None:
            self._abandoned_at = None
            self.publication.resume()
            self._emit(BroadcastResumed(self._channel, self.publication.epoch))
        self._apply(self._segmenter.start_publisher(now, unix_ms))

    def receive(self, events: Sequence[MediaEvent], now: float, unix_ms: int) -> None:
        """Package what a publisher sent."""
        changes = self._segmenter.receive(events, now, unix_ms)
        if changes:
            self._apply(changes)

    def tick(self, now: float, unix_ms: int) -> None:
        """Let time pass for stalled tracks; about ten times a second."""
        if self._abandoned_at is None:
            changes = self._segmenter.tick(now, unix_ms)
            if changes:
                self._apply(changes)

    def leave_publisher(self, now: float, *, stopped: bool, replaced: bool) -> None:
        """The publisher is gone: `stopped` on its own wish, `replaced` by a newer one."""
        self._apply(self._segmenter.end_publisher(now))
        if replaced:
            return
        self._abandoned_at = now
        self.publication.interrupt(stopped=stopped)
        if self._announced:
            self._emit(BroadcastInterrupted(self._channel, self.publication.epoch, stopped))

    def end(self, now: float) -> None:
        """End the playlists; nobody came back."""
        if self.publication.state is PublicationState.ENDED:
            return
        self.publication.end()
        if self._announced and self._started_at is not None:
            duration_s = (self._abandoned_at or now) - self._started_at
            self._emit(BroadcastEnded(self._channel, self.publication.epoch, duration_s))

    def _apply(self, changes: Sequence[Change]) -> None:
        publication = self.publication
        for change in changes:
            if type(change) is PartCut:
                body = b"" if change.is_gap else self._fragment(change)
                publication.apply(change, body)
            elif type(change) is SegmentOpened:
                track = self._inits.get((change.rendition, change.init_number))
                if track is not None:
                    self._current[change.rendition] = track
                publication.apply(change)
            elif type(change) is InitChanged:
                self._inits[change.rendition, change.init_number] = change.track
                # Only the one in use and the next can still be asked for.
                self._inits.pop((change.rendition, change.init_number - 2), None)
                publication.apply(change, write_init(change.track))
            elif type(change) is WarningRaised:
                self._emit(BroadcastWarned(self._channel, change.warning))
            else:
                publication.apply(change)
        if not self._announced and publication.state is PublicationState.LIVE:
            self._announced = True
            self._emit(
                BroadcastStarted(self._channel, publication.epoch, publication.started_unix_ms)
            )

    def _fragment(self, part: PartCut) -> bytes:
        return write_fragment(
            part.number,
            self._current[part.rendition],
            part.decode_time_ticks,
            part.samples,
            starts_segment=part.index == 0,
        )
