"""Analysis: the first media of a publisher, held until it is clear how it is to be cut."""

from collections.abc import Iterable, Mapping

from ingest.media import MediaKind, Sample, Track
from packager.segmenter.settings import SegmenterSettings

_MAX_SAMPLES = 8192
_MAX_PAYLOAD_BYTES = 48 * 2**20
_LATE_KEY_FRAME_MS = 600  # after the segment's target: takes GOPs of 2.5 s
_LONGEST_LEAD_MS = 1500  # of other tracks; further ahead, and the pictures have stopped
_KEY_FRAME_WARNING_MS = 5000
# A publisher whose pictures never have a key frame is heard at least.
_KEY_FRAME_WAIT_MS = 12_000
_LEAST_ADVANCE_MS = 250  # less is not worth a discontinuity


class _TrackTimes:
    """What is known of one track's times, in milliseconds of the publisher's clock."""

    __slots__ = ("first_ms", "head_ms")

    def __init__(self, first_ms: int) -> None:
        self.first_ms = self.head_ms = first_ms


class Analysis:
    """Buffers samples until the tracks, the frame rate and the first segment's length are known.

    The whole first segment is awaited where the cadence is still open: nothing could be published
    before TARGETDURATION is known anyhow, and every choice is then made from what really came. For
    a show that goes on with its cadence it ends as soon as the tracks are there.
    Bounded: pictures before the first key frame are not kept, sound before it for some seconds
    only; a full buffer ends the analysis.
    """

    def __init__(
        self,
        settings: SegmenterSettings,
        tracks: Mapping[str, Track],
        expected: frozenset[str],
        *,
        awaits_segment: bool,
    ) -> None:
        self.samples: list[Sample] = []
        self.anchor_unix_ms: int | None = None
        self.segment_ms: int | None = None
        self._settings = settings
        self._tracks = tracks
        self._expected = expected
        self._awaits_segment = awaits_segment
        self._times: dict[str, _TrackTimes] = {}
        self._synced: set[str] = set()
        self._leader: str | None = None
        self._leader_start_ms = 0
        self._last_sync_ms = 0
        self._first_ms: int | None = None
        self._first_picture_ms: int | None = None
        self._head_ms = 0
        self._payload_bytes = 0

    @property
    def leader(self) -> Track | None:
        """The track that is to lead: pictures from their first key frame, or else sound."""
        return self._tracks.get(self._leader) if self._leader is not None else None

    @property
    def heard_tracks(self) -> frozenset[str]:
        """The names of the tracks whose samples are held."""
        return frozenset(sample.track for sample in self.samples)

    @property
    def is_advancing(self) -> bool:
        """Whether media time goes on: encoders exist whose timestamps stand still."""
        return self._head_ms - (self._first_ms or 0) >= _LEAST_ADVANCE_MS

    @property
    def is_worth_showing(self) -> bool:
        """Whether there is enough to begin with, though more was to come."""
        return self.span_ms >= _LEAST_ADVANCE_MS

    @property
    def span_ms(self) -> int:
        """How much media there is since the leader's first sample."""
        return self._head_ms - self._leader_start_ms if self._leader is not None else 0

    @property
    def has_long_gop(self) -> bool:
        """Whether the leader's pictures have no key frame where the first segment should end."""
        leader = self.leader
        longest_ms = self._settings.segment_target_ms + _LATE_KEY_FRAME_MS
        return (
            leader is not None
            and leader.kind is MediaKind.VIDEO
            and self.segment_ms is None
            and (
                self._times[leader.name].head_ms - self._last_sync_ms > longest_ms
                or self._head_ms - self._last_sync_ms > longest_ms + _LONGEST_LEAD_MS
            )
        )

    @property
    def lacks_key_frame(self) -> bool:
        """Whether pictures come, but for some seconds no key frame."""
        first_ms = self._first_picture_ms
        return (
            self._leader is None
            and first_ms is not None
            and self._head_ms - first_ms > _KEY_FRAME_WARNING_MS
        )

    def expect(self, names: frozenset[str]) -> None:
        """Take note of tracks that will come, as the publisher says."""
        self._expected |= names

    def holds(self, name: str) -> bool:
        """Whether samples of this track have been kept."""
        return name in self._times

    def forget(self, name: str) -> None:
        """Drop what came of a track that does not lead: it begins anew."""
        self._times.pop(name, None)
        self._synced.discard(name)
        self.samples = [sample for sample in self.samples if sample.track != name]
        self._payload_bytes = sum(len(sample.payload) for sample in self.samples)

    def add(self, sample: Sample, unix_ms: int) -> bool:
        """Take a sample; says whether everything is decided."""
        track = self._tracks.get(sample.track)
        if track is None:
            return False
        dts_ms = sample.dts * 1000 // track.timescale
        is_video = track.kind is MediaKind.VIDEO
        if self._first_ms is None:
            self._first_ms = self._head_ms = dts_ms
        if is_video and self._first_picture_ms is None:
            self._first_picture_ms = dts_ms
        self._head_ms = max(self._head_ms, dts_ms)
        anchor = unix_ms - dts_ms
        if self.anchor_unix_ms is None or anchor < self.anchor_unix_ms:
            self.anchor_unix_ms = anchor
        if not is_video or sample.is_sync or sample.track in self._synced:
            self._keep(sample, track, dts_ms)
            if is_video and sample.is_sync:
                self._synced.add(sample.track)
        if self._leader is None or self._tracks[self._leader].kind is MediaKind.AUDIO:
            self._elect(sample, track, dts_ms)
        elif sample.track == self._leader and sample.is_sync:
            self._end_gop(dts_ms)
        return self._is_decided()

    def _keep(self, sample: Sample, track: Track, dts_ms: int) -> None:
        times = self._times.get(track.name)
        if times is None:
            times = self._times[track.name] = _TrackTimes(dts_ms)
        times.head_ms = dts_ms
        self.samples.append(sample)
        self._payload_bytes += len(sample.payload)
        if self._is_full and self._leader is None:
            kept = self.samples[len(self.samples) // 2 :]
            self.samples = kept
            self._payload_bytes = sum(len(sample.payload) for sample in kept)

    @property
    def _is_full(self) -> bool:
        return len(self.samples) >= _MAX_SAMPLES or self._payload_bytes >= _MAX_PAYLOAD_BYTES

    def _elect(self, sample: Sample, track: Track, dts_ms: int) -> None:
        if track.kind is MediaKind.VIDEO:
            if sample.is_sync and self._may_lead(track.name, self._video_names()):
                self._lead(track.name, dts_ms)
        elif self._leader is None and not self._expects_video(dts_ms):
            first = min(self.heard_tracks, key=lambda name: self._tracks[name].track_id)
            self._lead(first, self._times[first].first_ms)

    def _video_names(self) -> Iterable[str]:
        return (name for name, track in self._tracks.items() if track.kind is MediaKind.VIDEO)

    def _may_lead(self, name: str, rivals: Iterable[str]) -> bool:
        waited_ms = self._head_ms - (self._first_ms or 0)
        lowest = min(self._tracks[rival].track_id for rival in rivals)
        return (
            self._tracks[name].track_id == lowest or waited_ms >= self._settings.announced_wait_ms
        )

    def _expects_video(self, dts_ms: int) -> bool:
        waited_ms = dts_ms - (self._first_ms or 0)
        if any(self._video_names()):
            return waited_ms < _KEY_FRAME_WAIT_MS
        if any(name.startswith(MediaKind.VIDEO.value) for name in self._expected):
            return waited_ms < self._settings.announced_wait_ms
        return waited_ms < self._settings.unannounced_wait_ms

    def _lead(self, name: str, start_ms: int) -> None:
        self._leader = name
        self._leader_start_ms = self._last_sync_ms = start_ms

    def _end_gop(self, dts_ms: int) -> None:
        # Millisecond stamps: a 2 s GOP may look 1 ms short.
        elapsed_ms = dts_ms - self._leader_start_ms
        if self.segment_ms is None and elapsed_ms + 5 >= self._settings.segment_target_ms:
            self.segment_ms = elapsed_ms
        self._last_sync_ms = dts_ms

    def _is_decided(self) -> bool:
        leader = self.leader
        if leader is None:
            return False
        if self._is_full:
            return True
        if not self._are_tracks_settled():
            return False
        if not self._awaits_segment:
            return True
        if leader.kind is MediaKind.AUDIO:
            if self._expects_video(self._head_ms):
                return False
            return self.span_ms >= self._settings.segment_target_ms
        return self.segment_ms is not None or self.has_long_gop

    def _are_tracks_settled(self) -> bool:
        waited_ms = self.span_ms
        if waited_ms >= self._settings.announced_wait_ms:
            return True
        missing = self._expected - {
            name for name, times in self._times.items() if times.head_ms >= self._leader_start_ms
        }
        if missing:
            return False
        return len(self._expected) > 1 or waited_ms >= self._settings.unannounced_wait_ms
