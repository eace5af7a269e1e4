"""MediaGauge: all that is measured of one publisher's samples, of whatever tracks. Pure."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from analytics.doctor.arrival_gauge import ArrivalGauge
from analytics.doctor.audio_gauge import AudioGauge
from analytics.doctor.coding import Coding, coding_of
from analytics.doctor.report import TimingMeasurements
from analytics.doctor.trend import Trend
from analytics.doctor.video_gauge import VideoGauge
from ingest.events import MediaStretch, SampleMeasure
from ingest.media import Discontinuity, MediaKind, Track, TracksAnnounced, TrackStarted

_SKEWS: Final = 60
_LEAST_SKEWS: Final = 6
_SKEW_TREND_S: Final = 5.0
_SKEW_TREND_POINTS: Final = 60
_SURE_TREND_POINTS: Final = 16
# Tests of set-ups last a minute: what grows by a tenth of a second in it is seen before its end.
_SOON_TREND_POINTS: Final = 9
_STEEP_SKEW: Final = 0.0015  # seconds a second
# What begins so much later does so on purpose.
_LARGEST_START_S: Final = 5.0
# Beyond it one of the tracks has stopped, which is another finding.
_LARGEST_SKEW_S: Final = 2.5


class MediaGauge:
    """Measures the first picture track and the first sound track; others are as good as those.

    Seconds called `now_s` and `read_at_s` are monotonic.
    """

    def __init__(self) -> None:
        self.announced: frozenset[str] = frozenset()
        self.video_track: Track | None = None
        self.audio_track: Track | None = None
        self.video_coding = self.audio_coding = Coding(None, None)
        self.video: VideoGauge | None = None
        self.audio: AudioGauge | None = None
        self.video_at_s: float | None = None  # when samples of it came last
        self.audio_at_s: float | None = None
        self.arrival = ArrivalGauge()
        self.worst_late_s = 0.0  # since it was taken
        self._start_offset_ms: int | None = None
        self._knows_start = False
        self._skews_s: deque[float] = deque(maxlen=_SKEWS)
        self._skew_trend = Trend(_SKEW_TREND_S, _SKEW_TREND_POINTS)

    def restart(self) -> None:
        """Begin with new times: another publisher, or a break. Counts go on."""
        if self.video is not None:
            self.video = VideoGauge(self.video.timescale, self.video)
        if self.audio is not None:
            self.audio = AudioGauge(self.audio.timescale, self.audio.frame_ticks, self.audio)
        self.arrival.restart()
        self._start_offset_ms = None
        self._knows_start = False
        self._skews_s.clear()
        self._skew_trend.clear()

    def forget_tracks(self) -> None:
        """Expect another publisher's tracks: it may bring fewer. Counts go on if they return."""
        self.announced = frozenset()
        self.video_track = self.audio_track = None
        self.video_at_s = self.audio_at_s = None
        self.restart()

    def note(self, stretches: Sequence[MediaStretch]) -> None:
        """Take what came in about a second."""
        run: list[SampleMeasure] = []
        for stretch in stretches:
            if stretch.changes:
                self._note_samples(run)
                run = []
                for change in stretch.changes:
                    self._note_change(change)
            if stretch.samples:
                run += stretch.samples
                self._note_arrival(stretch)
        self._note_samples(run)
        self._note_start()

    def timing(self, repair_count: int, jump_count: int) -> TimingMeasurements:
        """Say how sound and pictures keep together."""
        slope = self._skew_trend.slope_once_sure(
            _SURE_TREND_POINTS, _SOON_TREND_POINTS, _STEEP_SKEW
        )
        return TimingMeasurements(
            start_offset_ms=self._start_offset_ms,
            skew_ms=round(self._middle_skew_s() * 1000)
            if len(self._skews_s) >= _LEAST_SKEWS
            else None,
            skew_drift_ms_per_min=None if slope is None else round(slope * 60_000, 1),
            repair_count=repair_count,
            jump_count=jump_count,
        )

    def _note_change(self, change: object) -> None:
        if isinstance(change, TrackStarted):
            self._start_track(change.track)
        elif isinstance(change, TracksAnnounced):
            self.announced = change.names
        elif isinstance(change, Discontinuity):
            self.restart()

    def _start_track(self, track: Track) -> None:
        if track.kind is MediaKind.VIDEO:
            if self.video_track is None or self.video_track.name == track.name:
                self.video_track, self.video_coding = track, coding_of(track)
                if self.video is None or self.video.timescale != track.timescale:
                    self.video = VideoGauge(track.timescale, self.video)
        elif self.audio_track is None or self.audio_track.name == track.name:
            self.audio_track, self.audio_coding = track, coding_of(track)
            frame_ticks = 0 if track.audio is None else track.audio.samples_per_frame
            audio = self.audio
            if audio is None or (audio.timescale, audio.frame_ticks) != (
                track.timescale,
                frame_ticks,
            ):
                self.audio = AudioGauge(track.timescale, frame_ticks, audio)

    def _note_samples(self, run: Sequence[SampleMeasure]) -> None:
        if not run:
            return
        if self.video_track is not None and self.video is not None:
            name = self.video_track.name
            pictures = [each for each in run if each[0] == name]
            if pictures:
                _, dts, pts, syncs, sizes = zip(*pictures, strict=True)
                self.video.note(dts, pts, syncs, sizes)
        if self.audio_track is not None and self.audio is not None:
            name = self.audio_track.name
            units = [each for each in run if each[0] == name]
            if units:
                _, dts, _, _, sizes = zip(*units, strict=True)
                self.audio.note(dts, sizes)

    def _note_arrival(self, stretch: MediaStretch) -> None:
        """Look at the samples at the ends of a read: of pictures, or of sound without any."""
        at_s, video, audio = stretch.read_at_s, self.video_track, self.audio_track
        video_s = None if video is None else _newest_s(stretch, video)
        audio_s = None if audio is None else _newest_s(stretch, audio)
        step_s = 0.0
        if audio_s is not None:
            self.audio_at_s = at_s
        if video_s is not None:
            self.video_at_s = at_s
            if self.video is not None:
                step_s = self.video.step_ticks / self.video.timescale
            if audio_s is not None:
                self._note_skew(video_s, audio_s)
        lead, newest_s = (audio, audio_s) if video is None else (video, video_s)
        if lead is not None and newest_s is not None:
            late_s = self.arrival.note(at_s, _first_s(stretch, lead), newest_s, step_s)
            self.worst_late_s = max(self.worst_late_s, late_s)

    def _note_skew(self, video_s: float, audio_s: float) -> None:
        """Take the newest times of a read that brought both."""
        skew_s = video_s - audio_s
        if abs(skew_s) > _LARGEST_SKEW_S:
            return
        self._skews_s.append(skew_s)
        if self._skew_trend.is_due(video_s) and len(self._skews_s) >= _LEAST_SKEWS:
            self._skew_trend.add(video_s, self._middle_skew_s())

    def _middle_skew_s(self) -> float:
        return sorted(self._skews_s)[len(self._skews_s) // 2]

    def _note_start(self) -> None:
        """Compare where tracks began, once both have; not one that came much later."""
        video, audio = self.video, self.audio
        if self._knows_start or video is None or audio is None:
            return
        if video.first_pts is None or audio.first_pts is None:
            return
        self._knows_start = True
        start_s = audio.first_pts / audio.timescale - video.first_pts / video.timescale
        if abs(start_s) < _LARGEST_START_S:
            self._start_offset_ms = round(start_s * 1000)


def _newest_s(stretch: MediaStretch, track: Track) -> float | None:
    """Return the newest time of a track in the stretch, in seconds; None if it is not there."""
    name = track.name
    for sample in reversed(stretch.samples):
        if sample[0] == name:
            return sample[1] / track.timescale
    return None


def _first_s(stretch: MediaStretch, track: Track) -> float:
    """Return the first time of a track that is in the stretch, in seconds."""
    name = track.name
    return next(each[1] for each in stretch.samples if each[0] == name) / track.timescale
