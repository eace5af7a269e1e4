"""Examination: one broadcast, or one trial, under the doctor's eyes. Pure.

    examination = Examination("normal")
    examination.note(event, now_s, now_ms)             # events of ingest, in their order
    if examination.advance(now_s, now_ms): ...         # about once a second: findings changed
    examination.report(now_s, now_ms)

`now_s` is the monotonic clock that reads of sockets are told in, `now_ms` the wall clock.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

from analytics.doctor.checks import check_all, judged_areas
from analytics.doctor.finding import Finding
from analytics.doctor.ledger import FindingLedger
from analytics.doctor.measuring import measure_audio, measure_video, read_audio, read_video
from analytics.doctor.media_gauge import MediaGauge
from analytics.doctor.readings import Readings
from analytics.doctor.recent_count import RecentCount
from analytics.doctor.report import IngestPoint, IngestReport
from ingest.events import (
    IngestEvent,
    MediaMeasured,
    MediaStretch,
    PublisherEnded,
    PublisherStarted,
    PublisherWarned,
)
from ingest.media import PublisherWarning, WarningCode

_CHECK_INTERVAL_S: Final = 1.5  # every second time that a second has passed
_POINTS: Final = 180  # three minutes of seconds
_MINUTE_S: Final = 60.0
_TEN_MINUTES_S: Final = 600.0
_ENCODER_LENGTH: Final = 100


class Examination:
    """Measures, checks and remembers. `profile` is the channel's latency profile.

    `earlier` is what a process before this one wrote down of the same broadcast.
    """

    def __init__(self, profile: str, now_ms: int, *, earlier: IngestReport | None = None) -> None:
        self.profile = profile
        self.is_publishing = False
        self._started_ms = now_ms
        self._encoder = ""
        self._media = MediaGauge()
        self._ledger = FindingLedger()
        self._publisher_id: int | None = None
        self._publisher_at_s = 0.0
        self._check_at_s = 0.0
        self._observed_s = 0.0
        self._publisher_count = self._earlier_reconnects = 0
        self._repair_count = self._jump_count = 0
        self._repairs, self._jumps = RecentCount(_MINUTE_S), RecentCount(_MINUTE_S)
        self._reconnects = RecentCount(_TEN_MINUTES_S)
        self._points: deque[IngestPoint] = deque(maxlen=_POINTS)
        self._point_at_s: float | None = None
        self._point_from = (0, 0, 0)
        if earlier is not None:
            self.remember(earlier)

    def remember(self, earlier: IngestReport) -> None:
        """Go on with a report of the same broadcast; once."""
        self._started_ms = min(self._started_ms, earlier.started_ms)
        self._observed_s += earlier.observed_ms / 1000
        self._earlier_reconnects += earlier.reconnect_count + 1
        self._repair_count += earlier.timing.repair_count
        self._jump_count += earlier.timing.jump_count
        self._ledger.remember((*earlier.past_findings, *earlier.findings))

    def note(self, event: IngestEvent, now_s: float, now_ms: int) -> None:
        """Take what ingest tells of this channel, in order."""
        if isinstance(event, MediaMeasured):
            if event.publisher_id == self._publisher_id:
                self.receive(event.stretches)
        elif isinstance(event, PublisherStarted):
            self.begin(event.publisher_id, event.encoder, now_s)
        elif isinstance(event, PublisherEnded):
            if event.publisher_id == self._publisher_id:
                self._end(now_s, now_ms)
        elif isinstance(event, PublisherWarned):
            self.note_warning(event.warning, now_s)

    def begin(self, publisher_id: int, encoder: str, now_s: float) -> None:
        """Look at a publisher from now on; at the next one of the same broadcast, too."""
        self._publisher_count += 1
        if self._publisher_count + self._earlier_reconnects > 1:
            self._reconnects.add(now_s)
            self._media.forget_tracks()
        self._publisher_id = publisher_id
        self._publisher_at_s = self._point_at_s = now_s
        self._encoder = encoder[:_ENCODER_LENGTH]
        self.is_publishing = True

    def receive(self, stretches: Sequence[MediaStretch]) -> None:
        """Take what the publisher's samples were like."""
        self._media.note(stretches)

    def note_warning(self, warning: PublisherWarning, now_s: float) -> None:
        """Take what ingest or the packager warned of."""
        if warning.code is WarningCode.TIMESTAMPS_REPAIRED:
            self._repair_count += warning.count
            self._repairs.add(now_s, warning.count)
        elif warning.code is WarningCode.TIMESTAMPS_JUMPED:
            self._jump_count += warning.count
            self._jumps.add(now_s, warning.count)

    def advance(self, now_s: float, now_ms: int) -> bool:
        """Check what is known now; return whether findings have changed."""
        if not self.is_publishing:
            return False
        self._note_point(now_s, now_ms)
        if now_s < self._check_at_s:
            return False
        self._check_at_s = now_s + _CHECK_INTERVAL_S
        readings = self._read(now_s)
        return self._ledger.update(check_all(readings), judged_areas(readings), now_ms)

    def report(self, now_s: float, now_ms: int) -> IngestReport:
        """Say all that is known."""
        media = self._media
        here_s = now_s - self._publisher_at_s if self.is_publishing else 0.0
        return IngestReport(
            at_ms=now_ms,
            started_ms=self._started_ms,
            observed_ms=round((self._observed_s + here_s) * 1000),
            encoder=self._encoder,
            is_publishing=self.is_publishing,
            reconnect_count=self._reconnect_count,
            video=measure_video(media, now_s),
            audio=measure_audio(media, now_s),
            arrival=media.arrival.measure(now_s),
            timing=media.timing(self._repair_count, self._jump_count),
            findings=self._ledger.current(now_ms),
            past_findings=self._ledger.past(),
            points=tuple(self._points),
        )

    def current_findings(self, now_ms: int) -> tuple[Finding, ...]:
        """Return the findings that hold."""
        return self._ledger.current(now_ms)

    @property
    def _reconnect_count(self) -> int:
        return max(self._publisher_count - 1, 0) + self._earlier_reconnects

    def _end(self, now_s: float, now_ms: int) -> None:
        self.is_publishing = False
        self._observed_s += now_s - self._publisher_at_s
        self._ledger.close(now_ms)

    def _read(self, now_s: float) -> Readings:
        media = self._media
        came = [each for each in (media.video_at_s, media.audio_at_s) if each is not None]
        newest_s = max(came, default=self._publisher_at_s)
        return Readings(
            observed_s=now_s - self._publisher_at_s,
            silent_s=max(now_s - newest_s, 0.0),
            profile=self.profile,
            announced=media.announced,
            video=read_video(media, now_s, newest_s),
            audio=read_audio(media, now_s, newest_s),
            arrival=media.arrival.measure(now_s),
            timing=media.timing(self._repair_count, self._jump_count),
            falls_behind_ppm=media.arrival.falls_behind_ppm(),
            recent_stalls=media.arrival.stalls_since(now_s - _MINUTE_S),
            recent_repairs=self._repairs.count(now_s),
            recent_jumps=self._jumps.count(now_s),
            recent_reconnects=self._reconnects.count(now_s),
        )

    def _note_point(self, now_s: float, now_ms: int) -> None:
        before_s = self._publisher_at_s if self._point_at_s is None else self._point_at_s
        passed_s = now_s - before_s
        if passed_s < 0.5:
            return
        media = self._media
        counts = (
            0 if media.video is None else media.video.byte_count,
            0 if media.audio is None else media.audio.byte_count,
            0 if media.video is None else media.video.frame_count,
        )
        video_bytes, audio_bytes, frames = (
            max(now - before, 0) for before, now in zip(self._point_from, counts, strict=True)
        )
        self._points.append(
            IngestPoint(
                now_ms,
                round(video_bytes * 8 / passed_s),
                round(audio_bytes * 8 / passed_s),
                frames,
                round(media.worst_late_s * 1000),
            )
        )
        media.worst_late_s = 0.0
        self._point_at_s, self._point_from = now_s, counts
