"""LiveChannel: one channel's live output, from Samples to the bytes that viewers get."""

import secrets
from collections.abc import Callable, Sequence

from ingest.media import MediaEvent, Track
from ingest.ports import OutputEndedError
from packager.cmaf import ProducerReferenceTime, write_fragment, write_init
from packager.events import (
    BroadcastEnded,
    BroadcastInterrupted,
    BroadcastResumed,
    BroadcastStarted,
    BroadcastWarned,
    Emit,
)
from packager.live import Publication, PublicationState, WindowSettings
from packager.segmenter import Segmenter
from packager.segmenter.change import (
    Change,
    InitChanged,
    PartCut,
    SegmentOpened,
    WarningRaised,
)


class LiveChannel:
    """Runs the segmenter, writes CMAF, and applies both to the Publication.

    Outlives publishers: media number `msn` after a reconnect follows the one before it. Times
    called `now` are monotonic seconds; `unix_ms` is the wall clock. Whatever goes wrong in the
    pipeline is raised and ends the show: what viewers have stays whole, and the next publisher
    begins a new one. `ended_at` is when the show ended, `abandoned_at` when its last publisher
    left; both are None before.
    """

    def __init__(
        self,
        channel: str,
        unix_ms: int,
        segmenter: Segmenter,
        window_settings: WindowSettings,
        emit: Emit,
    ) -> None:
        # Time makes it rise, chance keeps it unique when the clock is set back.
        epoch = f"{unix_ms:x}-{secrets.token_hex(3)}"
        self.publication = Publication(channel, epoch, unix_ms, window_settings)
        self._channel = channel
        self._segmenter = segmenter
        self._emit = emit
        self._started_at: float | None = None
        self._announced = False
        self.abandoned_at: float | None = None
        self.ended_at: float | None = None
        self._inits: dict[tuple[str, int], Track] = {}
        self._current: dict[str, Track] = {}
        # Where each rendition's open segment begins, in the calendar and on its timeline.
        self._opened_unix_ms: dict[str, int] = {}
        self._opened_ticks: dict[str, int] = {}

    @property
    def is_watchable(self) -> bool:
        """Whether players can begin, or could have."""
        return self.publication.revision > 0

    def start_publisher(self, now: float, unix_ms: int) -> None:
        """Begin, or go on after another publisher."""
        if self._started_at is None:
            self._started_at = now
        if self.abandoned_at is not None:
            self.abandoned_at = None
            self.publication.resume()
            if self._announced:
                self._emit(BroadcastResumed(self._channel, self.publication.epoch))
        self._cut(lambda: self._segmenter.start_publisher(now, unix_ms), now)

    def receive(self, events: Sequence[MediaEvent], now: float, unix_ms: int) -> None:
        """Package what a publisher sent. Raises OutputEndedError after the end."""
        if self.ended_at is not None:
            raise OutputEndedError(f"the show of {self._channel} has ended")
        self._cut(lambda: self._segmenter.receive(events, now, unix_ms), now)

    def tick(self, now: float, unix_ms: int) -> None:
        """Let time pass for stalled tracks; about ten times a second."""
        if self.abandoned_at is None and self.ended_at is None:
            self._cut(lambda: self._segmenter.tick(now, unix_ms), now)

    def leave_publisher(self, now: float, *, stopped: bool, replaced: bool) -> None:
        """Go on without the publisher: `stopped` on its own wish, `replaced` by a newer one."""
        if self.ended_at is not None:
            return
        self._cut(lambda: self._segmenter.end_publisher(now), now)
        if replaced:
            return
        self.abandoned_at = now
        self.publication.interrupt(stopped=stopped)
        if self._announced:
            self._emit(BroadcastInterrupted(self._channel, self.publication.epoch, stopped))

    def end(self, now: float) -> None:
        """End the playlists for ever, once."""
        if self.ended_at is not None:
            return
        self.ended_at = now
        self.publication.end()
        if self._announced and self._started_at is not None:
            left_at = now if self.abandoned_at is None else self.abandoned_at
            duration_s = left_at - self._started_at
            self._emit(BroadcastEnded(self._channel, self.publication.epoch, duration_s))

    def _cut(self, decide: Callable[[], Sequence[Change]], now: float) -> None:
        try:
            changes = decide()
            if changes:
                self._apply(changes)
        except Exception:
            self.end(now)
            raise

    def _apply(self, changes: Sequence[Change]) -> None:
        publication = self.publication
        for change in changes:
            if type(change) is PartCut:
                if change.index == 0:
                    self._opened_ticks[change.rendition] = change.decode_time_ticks
                body = b"" if change.is_gap else self._fragment(change)
                publication.apply(change, body)
            elif type(change) is SegmentOpened:
                track = self._inits.get((change.rendition, change.init_number))
                if track is not None:
                    self._current[change.rendition] = track
                self._opened_unix_ms[change.rendition] = change.start_unix_ms
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
        name, track = part.rendition, self._current[part.rendition]
        elapsed_ticks = part.decode_time_ticks - self._opened_ticks[name]
        unix_ms = self._opened_unix_ms[name] + elapsed_ticks * 1000 // track.timescale
        return write_fragment(
            part.number,
            track,
            part.decode_time_ticks,
            part.samples,
            prft=ProducerReferenceTime(unix_ms, part.decode_time_ticks),
            starts_segment=part.index == 0,
        )
