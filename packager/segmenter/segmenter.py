"""Segmenter: a publisher's samples in, the changes of the Publication's renditions out."""

from collections.abc import Mapping, Sequence

from ingest.media import (
    Discontinuity,
    MediaEvent,
    MediaKind,
    PublisherWarning,
    Sample,
    Track,
    TrackEnded,
    TracksAnnounced,
    TrackStarted,
    WarningCode,
)
from packager.cadence import LatencyProfile
from packager.segmenter.analysis import Analysis
from packager.segmenter.change import Change, WarningRaised
from packager.segmenter.due_cut import DueCut
from packager.segmenter.errors import NoPublisherError
from packager.segmenter.rendition_output import needs_new_init
from packager.segmenter.renditions import Renditions
from packager.segmenter.resume import ResumePoint
from packager.segmenter.run import Lane, Run
from packager.segmenter.settings import SegmenterSettings
from packager.segmenter.start_wait import StartWait
from packager.segmenter.track_units import unit_s


class Segmenter:
    """Decides where parts and segments begin and end, over all publishers of one Publication.

    Media is first analysed (see Analysis), then cut in a Run, until its times break or the
    publisher goes. MSNs, part numbers, the timeline and the cadence go on over runs; the first
    segment of every run but the first is discontinuous. `now` is monotonic seconds, `unix_ms` the
    calendar time of the same moment. Owned by one task; not for use from several threads.
    """

    def __init__(self, settings: SegmenterSettings, profile: LatencyProfile) -> None:
        self._settings = settings
        self._changes: list[Change] = []
        self._renditions = Renditions(settings, profile, self._changes)
        self._tracks: dict[str, Track] = {}
        self._ended: set[str] = set()
        self._announced: frozenset[str] = frozenset()
        self._analysis: Analysis | None = None
        self._run: Run | None = None
        self._lanes: Mapping[str, Lane] = {}  # of the run
        self._wait = StartWait(settings)
        self._warned_of_start = False

    @property
    def _is_on_air(self) -> bool:
        return self._analysis is not None or self._run is not None

    def resume(self, point: ResumePoint) -> list[Change]:
        """Go on with the show of an earlier process; its publisher is gone.

        Comes before all other calls. Raises ResumeError.
        """
        self._renditions.resume(point)
        return self._take_changes()

    # Both clocks are told in every call, so that a caller cannot take one for the other.
    def start_publisher(self, now: float, unix_ms: int) -> list[Change]:  # noqa: ARG002 - see above
        """Begin with a publisher's media, the first's or that of one who comes (back)."""
        changes = self.end_publisher(now) if self._is_on_air else []
        self._tracks = {}
        self._ended.clear()
        self._announced = frozenset()
        self._wait.stop()
        self._warned_of_start = False
        self._renditions.forget_clock()
        self._analyse()
        return changes

    def receive(self, events: Sequence[MediaEvent], now: float, unix_ms: int) -> list[Change]:
        """Take events in order, all read at `now`. Raises NoPublisherError if nobody is on air."""
        if self._run is None and self._analysis is None:
            raise NoPublisherError("receive: expected start_publisher before")
        for event in events:
            if type(event) is Sample:
                lane = self._lanes.get(event.track)
                if lane is None:
                    self._receive_without_lane(event, now, unix_ms)
                    continue
                lane.arrived = now
                if not lane.receive(event):
                    self._receive_astray(lane, event, now, unix_ms)
            else:
                self._receive_description(event, now)
        run = self._run
        if run is None or now >= run.next_watch:
            return self.tick(now, unix_ms)
        return self._take_changes() if self._changes else []

    def tick(self, now: float, unix_ms: int) -> list[Change]:  # noqa: ARG002 - see start_publisher
        """Look after what has fallen silent; to be called about ten times a second."""
        if self._run is not None:
            self._run.watch(now)
        elif self._wait.is_over(now):
            self._end_wait(now)
        return self._take_changes()

    def due_cuts(self) -> list[DueCut]:
        """Say which samples will end the parts that are open; none while nothing is cut."""
        return self._run.due_cuts() if self._run is not None else []

    def end_publisher(self, now: float) -> list[Change]:
        """End the open parts and the open segment of every rendition: the publisher is gone."""
        if self._analysis is not None and self._analysis.is_worth_showing:
            self._begin_run(now)
        self._end_run(now)
        self._analysis = None
        self._wait.stop()
        return self._take_changes()

    def _take_changes(self) -> list[Change]:
        changes = self._changes[:]
        self._changes.clear()
        return changes

    def _receive_description(self, event: MediaEvent, now: float) -> None:
        match event:
            case TracksAnnounced(names):
                self._announced = names
                if self._analysis is not None:
                    self._analysis.expect(names)
            case TrackStarted(track):
                self._start_track(track, now)
            case TrackEnded(name):
                self._ended.add(name)
                if self._run is not None:
                    self._run.end_track(name)
            case Discontinuity():
                self._break(now)
                self._renditions.forget_clock()
            case PublisherWarning():
                pass  # ingest has told the streamer
            case _:
                raise TypeError(f"receive: expected a MediaEvent, got {type(event).__name__}")

    def _start_track(self, track: Track, now: float) -> None:
        name = track.name
        known = self._renditions.outputs.keys() | self._tracks.keys()
        if name not in known and len(known) >= self._settings.max_renditions:
            text = f"{name} is left out: {self._settings.max_renditions} tracks are the most."
            warning = PublisherWarning(WarningCode.UNSUPPORTED_TRACK, text)
            self._changes.append(WarningRaised(warning))
            return
        if self._analysis is not None:
            self._change_analysed(self._analysis, track, now)
        self._tracks[name] = track
        self._ended.discard(name)
        if self._run is not None:
            self._change_lane(self._run, track, now)
        elif self._analysis is not None:
            self._analysis.expect(frozenset({name}))

    def _change_analysed(self, analysis: Analysis, track: Track, now: float) -> None:
        """Keep samples of one configuration only: what came before a change is shown before it.

        A configuration that is replaced before its first sample changes nothing: encoders send
        several.
        """
        before = self._tracks.get(track.name)
        if before is None or not analysis.holds(track.name) or not needs_new_init(before, track):
            return
        if analysis.leader is before:
            self._break(now)
        else:
            analysis.forget(track.name)

    def _change_lane(self, run: Run, track: Track, now: float) -> None:
        """Make room for a track whose configuration differs from what its lane began with."""
        before = run.track(track.name)
        if before is None or not needs_new_init(before, track):
            return
        if run.leader.name == track.name:
            self._break(now)
        else:
            run.release(track.name)

    def _analyse(self) -> None:
        self._analysis = Analysis(
            self._settings,
            self._tracks,
            (self._announced | self._tracks.keys()) - self._ended,
            awaits_segment=self._renditions.cadence is None,
        )

    def _study(self, sample: Sample, now: float, unix_ms: int) -> None:
        analysis = self._analysis
        if analysis is None:
            return
        self._wait.hear(now)
        if analysis.add(sample, unix_ms):
            self._begin_run(now)
        elif analysis.lacks_key_frame:
            text = "No key frame has come yet: there is nothing to begin with."
            self._warn_of_start(WarningCode.NO_KEYFRAME, text)

    def _end_wait(self, now: float) -> None:
        """Begin with what there is, or let go of what no show can be made of."""
        analysis = self._analysis
        if analysis is None:
            return
        self._warn_of_start(WarningCode.SHOW_NOT_STARTED, self._wait.complaint(analysis, now))
        self._wait.stop()
        if analysis.is_worth_showing:
            self._begin_run(now)
        elif not analysis.is_advancing:
            self._analyse()

    def _warn_of_start(self, code: WarningCode, text: str) -> None:
        """Tell a publisher once what is wrong with its beginning."""
        if not self._warned_of_start:
            self._warned_of_start = True
            self._changes.append(WarningRaised(PublisherWarning(code, text)))

    def _begin_run(self, now: float) -> None:
        analysis, self._analysis = self._analysis, None
        if analysis is None:
            return
        self._wait.stop()
        run = self._run = self._renditions.begin_run(analysis, self._tracks)
        self._lanes = run.lanes
        for sample in analysis.samples:
            # Where times broke within the first seconds the rest is let go: the next sample that
            # comes begins anew.
            lane = self._lanes.get(sample.track)
            if lane is not None:
                run.receive(lane, sample, now)

    def _end_run(self, now: float) -> None:
        if self._run is not None:
            self._renditions.end_run(self._run, now)
            self._run = None
            self._lanes = {}

    def _break(self, now: float) -> None:
        """End the run, or make one of what is analysed; then begin with a discontinuity."""
        if self._analysis is not None:
            if self._analysis.is_worth_showing:
                self._begin_run(now)
            else:
                self._wait.note_break()
        self._end_run(now)
        self._analyse()

    def _receive_without_lane(self, sample: Sample, now: float, unix_ms: int) -> None:
        if self._run is None:
            self._study(sample, now, unix_ms)
        else:
            self._join(self._run, sample, now, unix_ms)

    def _receive_astray(self, lane: Lane, sample: Sample, now: float, unix_ms: int) -> None:
        """Take a sample whose time does not follow on from its track's: over a hole, or anew."""
        if self._run is not None and not self._run.bridge(lane, sample):
            self._break_with(sample, now, unix_ms)

    def _break_with(self, sample: Sample, now: float, unix_ms: int) -> None:
        self._break(now)
        self._study(sample, now, unix_ms)

    def _join(self, run: Run, sample: Sample, now: float, unix_ms: int) -> None:
        """Let a track that came late, or with a new configuration, take part."""
        track = self._tracks.get(sample.track)
        if track is None:
            return
        if track.kind is MediaKind.VIDEO and run.leader.track.kind is MediaKind.AUDIO:
            if sample.is_sync:  # pictures lead
                self._break_with(sample, now, unix_ms)
            return
        follower = self._renditions.follower(track, run.clock, [sample], unit_s(track, [sample]))
        run.follow(follower, from_next_segment=True)
        run.receive(follower, sample, now)
