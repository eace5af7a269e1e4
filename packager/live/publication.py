"""Publication: the live output of one channel, from its first part to EXT-X-ENDLIST."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType

from ingest.media import MediaKind
from packager.cadence import Cadence
from packager.dash import (
    ManifestWriter,
    Presentation,
    PresentationMemory,
    as_recording,
    render_manifest,
    without_location,
)
from packager.hls import Timeline, render_multivariant
from packager.live.errors import PublicationEndedError, UnexpectedChangeError
from packager.live.rendered import RenderedPlaylist
from packager.live.rendition import Rendition
from packager.live.settings import WindowSettings
from packager.live.show_clock import ShowClock
from packager.segmenter.change import (
    CadenceChosen,
    Change,
    InitChanged,
    PartCut,
    SegmentClosed,
    SegmentOpened,
    WarningRaised,
)

# A rendition that joins begins at the live edge, so only the newest discontinuities can lie at or
# after its first segment.
_REMEMBERED_DISCONTINUITIES = 16


class PublicationState(Enum):
    """Where a Publication is in its life."""

    STARTING = "starting"  # on air, but players have nothing to start from yet
    LIVE = "live"
    INTERRUPTED = "interrupted"  # the publisher is gone and may come back
    ENDED = "ended"


class Publication:
    """One show: its renditions and what viewers are told of them.

    Lives on one event loop and outlives its publishers. `epoch` makes its URLs unlike those of
    every other show of the channel. `revision` rises when the renditions that players can choose,
    or their formats, change. `is_stopped` says that the publisher said goodbye rather than got
    lost. `part_count` counts the parts applied. `clock` is the one that its media is dated by;
    without one, it shows `started_unix_ms` now.
    """

    def __init__(
        self,
        channel: str,
        epoch: str,
        started_unix_ms: int,
        settings: WindowSettings,
        clock: ShowClock | None = None,
    ) -> None:
        self.channel = channel
        self.epoch = epoch
        self.started_unix_ms = started_unix_ms
        self.clock = clock or ShowClock.set_to(started_unix_ms)
        self.state = PublicationState.STARTING
        self.revision = 0
        self.is_stopped = False
        self.cadence: Cadence | None = None
        self.part_count = 0
        self._settings = settings
        self._renditions: dict[str, Rendition] = {}
        # All renditions by name, in the order in which they came.
        self.renditions: Mapping[str, Rendition] = MappingProxyType(self._renditions)
        self._discontinuity_count = 0
        self._recalled: dict[str, Timeline] = {}
        self._discontinuous_msns: deque[int] = deque(maxlen=_REMEMBERED_DISCONTINUITIES)
        self._multivariant: RenderedPlaylist | None = None
        self._presentation = Presentation()
        self._manifest_writer = ManifestWriter(epoch)
        self._manifest: RenderedPlaylist | None = None
        self._followed: RenderedPlaylist | None = None
        self._recording: RenderedPlaylist | None = None
        self._manifest_version = -1

    @property
    def started_unix_s(self) -> float:
        """When the show began, in seconds since 1970."""
        return self.started_unix_ms / 1000

    @property
    def discontinuity_count(self) -> int:
        """How often the media broke, in all of the show."""
        return self._discontinuity_count

    @property
    def window_bytes(self) -> int:
        """How many bytes of media the publication holds."""
        return sum(rendition.window_bytes for rendition in self._renditions.values())

    @property
    def served_bytes(self) -> int:
        """How many bytes of playlists and media were handed to viewers by this process."""
        return sum(rendition.outflow.body_bytes for rendition in self._renditions.values())

    @property
    def render_count(self) -> int:
        """How many media playlists were rendered."""
        return sum(rendition.render_count for rendition in self._renditions.values())

    @property
    def waiter_count(self) -> int:
        """How many requests wait now."""
        return sum(rendition.waiter_count for rendition in self._renditions.values())

    @property
    def waiting_player_count(self) -> int:
        """How many low-latency players wait for what comes next.

        A player waits for each rendition that it plays, which is one of a kind; HLS waits for the
        playlist (the part that it hints may be asked for besides), DASH for the open segment.
        """
        by_kind = Counter[MediaKind]()
        for rendition in self._renditions.values():
            by_kind[rendition.track.kind] += rendition.follower_count
        return max(by_kind.values(), default=0)

    def apply(self, change: Change, body: bytes = b"") -> None:
        """Take the next change of the segmenter.

        `body` is the initialisation segment of an InitChanged and the fragment of a PartCut.
        Raises PublicationEndedError after the end, UnexpectedChangeError or TimelineError when
        the order is broken.
        """
        if self.state is PublicationState.ENDED:
            raise PublicationEndedError(f"{self.channel} has ended, got {type(change).__name__}")
        match change:
            case PartCut():
                self._rendition(change.rendition).add_part(change, body)
                self._presentation.add_part(change)
                self.part_count += 1
                for rendition in self._renditions.values():
                    rendition.refresh_reports()
            case SegmentOpened():
                self._open_segment(change)
            case SegmentClosed():
                self._close_segment(change)
            case InitChanged():
                self._add_init(change, body)
            case CadenceChosen():
                if self.cadence not in (None, change.cadence):
                    raise UnexpectedChangeError(
                        f"expected to keep {self.cadence}, got {change.cadence}"
                    )
                self.cadence = change.cadence
            case WarningRaised():
                pass  # said to the streamer, not to viewers

    def multivariant(self) -> RenderedPlaylist | None:
        """Return the multivariant playlist, or None until players can start.

        That is when every rendition known by then has a complete segment; one that comes later
        is listed from its first complete segment on.
        """
        if self.revision == 0:
            return None
        if self._multivariant is None:
            listed = [rendition for rendition in self._renditions.values() if rendition.has_segment]
            text = render_multivariant(
                [rendition.describe(self.epoch) for rendition in listed],
                is_independent=all(rendition.timeline.is_independent for rendition in listed),
            )
            self._multivariant = RenderedPlaylist(text)
        return self._multivariant

    def manifest(self, *, is_followed: bool = False) -> RenderedPlaylist | None:
        """Return the DASH manifest, rendered once per version, or None until players can start.

        `is_followed` says that it is for a player that has had an earlier version: it asks again
        where it asked now, and is told of the end in the times that it knows. Others are told where
        to ask, and get what is left of a show that has ended as a recording.
        """
        if self.revision == 0 or self.cadence is None:
            return None
        if self._manifest is None or self._manifest_version != self._presentation.version:
            self._render_manifest(self.cadence)
        return self._followed if is_followed else self._recording or self._manifest

    def interrupt(self, *, stopped: bool = False) -> None:
        """Note that the publisher is gone; `stopped` if it said goodbye.

        Everything stays served and requests for what comes next wait, for it may come back.
        """
        if self.state is not PublicationState.ENDED:
            self.state = PublicationState.INTERRUPTED
            self.is_stopped = stopped
            self._presentation.note_state()

    def resume(self) -> None:
        """Note that a publisher is back. Raises PublicationEndedError after the end."""
        if self.state is PublicationState.ENDED:
            raise PublicationEndedError(f"{self.channel} has ended and cannot resume")
        if self.state is PublicationState.INTERRUPTED:
            self.state = PublicationState.LIVE if self.revision > 0 else PublicationState.STARTING
            self.is_stopped = False
            self._presentation.note_state()

    def end(self) -> None:
        """End every playlist for ever and wake everybody who waits."""
        if self.state is PublicationState.ENDED:
            return
        self.state = PublicationState.ENDED
        for rendition in self._renditions.values():
            rendition.end()
        self._presentation.end()
        if self.revision == 0 and any(
            rendition.has_segment for rendition in self._renditions.values()
        ):
            self.revision = 1  # too short to become live, yet it can be watched

    def recall_window(self, discontinuity_count: int, timelines: Iterable[Timeline]) -> None:
        """Begin in the middle of a show of which the oldest media is gone.

        Comes after the cadence and before all else. `discontinuity_count` discontinuities came
        before; `timelines`, without segments, are where the renditions go on, each after its next
        InitChanged.
        """
        self._discontinuity_count = discontinuity_count
        self._recalled = {timeline.rendition: timeline for timeline in timelines}

    def recall_counts(
        self, revision: int, part_count: int, presentation: PresentationMemory
    ) -> None:
        """Go on counting here, and with these periods, once the window is complete."""
        self.revision = revision
        self.part_count = part_count
        self._multivariant = None
        self._presentation.recall(presentation)

    def date_after(self, unix_ms: int) -> None:
        """Date the DASH manifest later than this from now on: an earlier process has gone so far.

        That one dated its versions by their media, of which the newest may not have been kept.
        """
        self._presentation.publish_after(unix_ms)

    def remember_presentation(self) -> PresentationMemory:
        """Tell what a process that goes on with the show cannot learn from the window."""
        return self._presentation.remember()

    def release(self) -> None:
        """End, and let go of all media, once nobody can find the publication any more.

        Renditions know one another, so that only the garbage collector would free them. It looks
        at old objects seldom, and what it counts is objects, not the megabytes that these hold.
        """
        self.end()
        self._renditions.clear()

    def _rendition(self, name: str) -> Rendition:
        rendition = self._renditions.get(name)
        if rendition is None:
            raise UnexpectedChangeError(f"expected an init of rendition {name} first")
        return rendition

    def _add_init(self, change: InitChanged, body: bytes) -> None:
        rendition = self._renditions.get(change.rendition)
        if rendition is None:
            if self.cadence is None:
                raise UnexpectedChangeError(
                    f"expected a cadence before rendition {change.rendition}"
                )
            timeline = self._recalled.pop(change.rendition, None) or Timeline(
                rendition=change.rendition, cadence=self.cadence, policy=self._settings.policy
            )
            rendition = Rendition(change.track, timeline, self.renditions)
            self._renditions[change.rendition] = rendition
        elif rendition.has_segment and self.revision > 0:
            self._revise()
        rendition.add_init(change, body)
        self._presentation.add_init(change)

    def _open_segment(self, change: SegmentOpened) -> None:
        rendition = self._rendition(change.rendition)
        if rendition.timeline.last_msn is None:
            later = sum(msn >= change.msn for msn in self._discontinuous_msns)
            rendition.begin(after_discontinuities=self._discontinuity_count - later)
        rendition.open_segment(change)
        self._presentation.open_segment(change, rendition.timeline.cadence)
        if change.is_discontinuous and change.msn not in self._discontinuous_msns:
            self._discontinuous_msns.append(change.msn)
            self._discontinuity_count += 1

    def _close_segment(self, change: SegmentClosed) -> None:
        rendition = self._rendition(change.rendition)
        is_first = not rendition.has_segment
        rendition.close_segment(change)
        self._presentation.close_segment(change, rendition.timeline.media_sequence)
        self._multivariant = None  # bit rates were measured anew
        if is_first and (
            self.revision > 0 or all(known.has_segment for known in self._renditions.values())
        ):
            self._revise()
            if self.state is PublicationState.STARTING:
                self.state = PublicationState.LIVE

    def _render_manifest(self, cadence: Cadence) -> None:
        presentation = self._presentation
        is_ended = self.state is PublicationState.ENDED
        manifest = presentation.manifest(
            cadence,
            self._settings.policy.listed_target_durations * cadence.target_duration_s * 1000,
            {name: rendition.peak_bps for name, rendition in self._renditions.items()},
            goes_on=self.state in (PublicationState.STARTING, PublicationState.LIVE),
            is_ended=is_ended,
        )
        if manifest is None:
            self._manifest = self._followed = None
            return
        text = self._manifest_writer.write(manifest)
        self._manifest = RenderedPlaylist(text)
        self._followed = RenderedPlaylist(without_location(text))
        self._manifest_version = presentation.version
        if is_ended:
            self._recording = RenderedPlaylist(render_manifest(as_recording(manifest), self.epoch))

    def _revise(self) -> None:
        self.revision += 1
        self._multivariant = None
