"""LiveChannel: one channel's live output, from Samples to the bytes that viewers get."""

from collections.abc import Callable, Sequence
from typing import Self

from ingest.media import MediaEvent, Sample, Track
from ingest.ports import OutputEndedError
from packager.cmaf import ProducerReferenceTime, write_fragment, write_init
from packager.events import (
    BroadcastEnded,
    BroadcastInterrupted,
    BroadcastRecovered,
    BroadcastResumed,
    BroadcastStarted,
    BroadcastWarned,
    Emit,
)
from packager.journal import RecoveredShow, ShowJournal
from packager.live import Publication, PublicationState
from packager.segmenter import DueCut, Segmenter
from packager.segmenter.change import (
    Change,
    InitChanged,
    PartCut,
    SegmentOpened,
    WarningRaised,
)

# For so long a publisher who has connected may send nothing before the grace time counts again:
# encoders begin with headers, and a network may hold up the first picture for seconds.
_FIRST_MEDIA_S = 10.0


class LiveChannel:
    """Runs the segmenter, writes CMAF, and applies both to the Publication and to its journal.

    Outlives publishers: media number `msn` after a reconnect follows the one before it. Times
    called `now` are monotonic seconds; `unix_ms` is the show's clock. Whatever goes wrong in the
    pipeline is raised and ends the show: what viewers have stays whole, and the next publisher
    begins a new one. `ended_at` is when the show ended; `abandoned_at` is when the last publisher
    left that brought media, until another one does. Both are None before. Whoever connects and
    brings nothing changes nothing for viewers.
    """

    def __init__(
        self,
        publication: Publication,
        segmenter: Segmenter,
        emit: Emit,
        journal: ShowJournal | None = None,
    ) -> None:
        self.publication = publication
        self._channel = publication.channel
        self._segmenter = segmenter
        self._emit = emit
        self._journal = journal
        self._started_at: float | None = None
        self._announced = False
        self.abandoned_at: float | None = None
        self.ended_at: float | None = None
        self._has_publisher = False
        # When somebody first connected since the show was abandoned.
        self._promised_at: float | None = None
        self._tracks: dict[str, Track] = {}  # by rendition, as in its newest init
        # Where each rendition's open segment begins, in the calendar and on its timeline.
        self._opened_unix_ms: dict[str, int] = {}
        self._opened_ticks: dict[str, int] = {}

    @property
    def is_watchable(self) -> bool:
        """Whether players can begin, or could have."""
        return self.publication.revision > 0

    def is_over(self, now: float, grace_s: float) -> bool:
        """Whether nobody has brought media in time, or nobody can have seen what would go on.

        Who has just connected still has a moment to send something; who comes after somebody that
        sent nothing has no more than that one's.
        """
        if self.abandoned_at is None:
            return False
        if not self.is_watchable:
            return not self._has_publisher
        if self._has_publisher and self._promised_at is not None:
            grace_s = max(grace_s, self._promised_at + _FIRST_MEDIA_S - self.abandoned_at)
        return now - self.abandoned_at >= grace_s

    @classmethod
    def recover(
        cls, show: RecoveredShow, segmenter: Segmenter, emit: Emit, now: float, unix_ms: int
    ) -> Self:
        """Go on with the show of an earlier process: it waits for its publisher, or has ended.

        How long it has done so counts from when the earlier process lost it.
        """
        publication = show.publication
        live = cls(publication, segmenter, emit, show.journal)
        away_s = max(unix_ms - show.left_unix_ms, 0) / 1000
        live._announced = True
        live._started_at = now - max(unix_ms - publication.started_unix_ms, 0) / 1000
        live.abandoned_at = now - away_s
        if show.has_ended:
            live.ended_at = live.abandoned_at
            publication.end()
            return live
        publication.interrupt(stopped=show.is_stopped)
        for name, known in show.point.renditions.items():
            live._tracks[name] = known.track
            live._opened_unix_ms[name] = known.start_unix_ms
            live._opened_ticks[name] = known.start_ticks
        live._cut(lambda: segmenter.resume(show.point), now)
        emit(BroadcastRecovered(publication.channel, publication.epoch, away_s))
        return live

    def start_publisher(self, now: float, unix_ms: int) -> None:
        """Begin, or go on after another publisher."""
        if self._started_at is None:
            self._started_at = now
        self._has_publisher = True
        if self.abandoned_at is not None and self._promised_at is None:
            self._promised_at = now
        self._cut(lambda: self._segmenter.start_publisher(now, unix_ms), now)

    def receive(self, events: Sequence[MediaEvent], now: float, unix_ms: int) -> None:
        """Package what a publisher sent. Raises OutputEndedError after the end."""
        if self.ended_at is not None:
            raise OutputEndedError(f"the show of {self._channel} has ended")
        if self.abandoned_at is not None and Sample in map(type, events):
            self._come_back()
        # As `_cut` does, without a call for each of the many events that cut nothing.
        try:
            changes = self._segmenter.receive(events, now, unix_ms)
            if changes:
                self._apply(changes)
        except Exception:
            self.end(now)
            raise

    def due_cuts(self) -> Sequence[DueCut]:
        """Say which samples will end the parts that are open; none while nothing is cut."""
        return self._segmenter.due_cuts()

    def tick(self, now: float, unix_ms: int) -> None:
        """Let time pass for stalled tracks; about ten times a second."""
        if self.abandoned_at is None and self.ended_at is None:
            self._cut(lambda: self._segmenter.tick(now, unix_ms), now)

    def leave_publisher(self, now: float, *, stopped: bool, replaced: bool) -> None:
        """Go on without the publisher: `stopped` on its own wish, `replaced` by a newer one."""
        if self.ended_at is not None:
            return
        self._cut(lambda: self._segmenter.end_publisher(now), now)
        self._has_publisher = False
        if self.abandoned_at is None:
            self.abandoned_at = now
        publication = self.publication
        if replaced or publication.state is PublicationState.INTERRUPTED:
            return
        publication.interrupt(stopped=stopped)
        if self._journal is not None:
            self._journal.interrupt(stopped=stopped)
        if self._announced:
            self._emit(BroadcastInterrupted(self._channel, publication.epoch, stopped))

    def end(self, now: float) -> None:
        """End the playlists for ever, once."""
        if self.ended_at is not None:
            return
        self.ended_at = now
        self.publication.end()
        if self._journal is not None:
            self._journal.end()
        if self._announced and self._started_at is not None:
            left_at = now if self.abandoned_at is None else self.abandoned_at
            duration_s = left_at - self._started_at
            self._emit(BroadcastEnded(self._channel, self.publication.epoch, duration_s))

    def put_away(self) -> None:
        """Leave the show to a later process: nothing more is done here."""
        if self._journal is not None:
            self._journal.close()

    def discard(self) -> None:
        """Delete what is kept of the show: nobody can ask for it any more."""
        if self._journal is not None:
            self._journal.remove()

    def _come_back(self) -> None:
        """Go on: media comes again."""
        self.abandoned_at = self._promised_at = None
        if self.publication.state is not PublicationState.INTERRUPTED:
            return  # one publisher took over from another
        self.publication.resume()
        if self._journal is not None:
            self._journal.resume()
        if self._announced:
            self._emit(BroadcastResumed(self._channel, self.publication.epoch))

    def _cut(self, decide: Callable[[], Sequence[Change]], now: float) -> None:
        try:
            changes = decide()
            if changes:
                self._apply(changes)
        except Exception:
            self.end(now)
            raise

    def _apply(self, changes: Sequence[Change]) -> None:
        publication, journal = self.publication, self._journal
        try:
            for change in changes:
                body = b""
                if type(change) is PartCut:
                    if change.index == 0:
                        self._opened_ticks[change.rendition] = change.decode_time_ticks
                    if not change.is_gap:
                        body = self._fragment(change)
                elif type(change) is SegmentOpened:
                    self._opened_unix_ms[change.rendition] = change.start_unix_ms
                elif type(change) is InitChanged:
                    self._tracks[change.rendition] = change.track
                    body = write_init(change.track)
                elif type(change) is WarningRaised:
                    self._emit(BroadcastWarned(self._channel, change.warning))
                publication.apply(change, body)
                if journal is not None:
                    journal.note(change, body)
        finally:
            if journal is not None:
                journal.commit()  # viewers see nothing of this before the event loop goes on
        if not self._announced and publication.state is PublicationState.LIVE:
            self._announced = True
            self._emit(
                BroadcastStarted(self._channel, publication.epoch, publication.started_unix_ms)
            )

    def _fragment(self, part: PartCut) -> bytes:
        name, track = part.rendition, self._tracks[part.rendition]
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
