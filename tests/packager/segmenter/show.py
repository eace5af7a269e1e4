"""A show as the segmenter published it, and the rules that every show keeps."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.media import MediaEvent, Sample, Track, WarningCode
from packager.cadence import Cadence, LatencyProfile
from packager.segmenter import (
    CadenceChosen,
    Change,
    FragmentSample,
    InitChanged,
    PartCut,
    SegmentClosed,
    Segmenter,
    SegmenterSettings,
    SegmentOpened,
    WarningRaised,
)
from tests.packager.segmenter.publisher import Arrival

UNIX_EPOCH_MS = 1_800_000_000_000


@dataclass
class SegmentSeen:
    opened: SegmentOpened
    timescale: int
    parts: list[PartCut] = field(default_factory=list)
    is_closed: bool = False

    @property
    def msn(self) -> int:
        return self.opened.msn

    @property
    def duration_ticks(self) -> int:
        return sum(part.duration_ticks for part in self.parts)

    @property
    def start_ticks(self) -> int:
        return self.parts[0].decode_time_ticks

    @property
    def end_ticks(self) -> int:
        return self.parts[-1].decode_time_ticks + self.parts[-1].duration_ticks


@dataclass
class RenditionSeen:
    name: str
    inits: list[Track] = field(default_factory=list)
    segments: list[SegmentSeen] = field(default_factory=list)

    @property
    def track(self) -> Track:
        return self.inits[-1]

    @property
    def parts(self) -> list[PartCut]:
        return [part for segment in self.segments for part in segment.parts]

    @property
    def samples(self) -> list[tuple[int, FragmentSample]]:
        """Every sample with its decode time."""
        timed = []
        for part in self.parts:
            at = part.decode_time_ticks
            for sample in part.samples:
                timed.append((at, sample))
                at += sample.duration_ticks
        return timed

    def payloads(self) -> list[bytes]:
        return [bytes(sample.payload) for _, sample in self.samples]

    def segment(self, msn: int) -> SegmentSeen:
        return next(segment for segment in self.segments if segment.msn == msn)


class Show:
    """Drives a Segmenter and checks, change by change, what no player could bear otherwise."""

    def __init__(
        self,
        settings: SegmenterSettings | None = None,
        profile: LatencyProfile = LatencyProfile.NORMAL,
    ) -> None:
        self.segmenter = Segmenter(settings or SegmenterSettings(), profile)
        self.cadence: Cadence | None = None
        self.renditions: dict[str, RenditionSeen] = {}
        self.warnings: list[WarningCode] = []
        self.warning_texts: list[str] = []
        self.emitted_at: dict[tuple[str, int], float] = {}
        self._now = 0.0

    # ---- driving

    def start(self, at_s: float = 100.0) -> None:
        if self._now:
            self.wait_until(at_s)
        self._now = at_s
        self._apply(self.segmenter.start_publisher(at_s, self.unix_ms(at_s)))

    def play(self, arrivals: Sequence[Arrival]) -> None:
        for at_s, events in ((arrival.at_s, arrival.events) for arrival in arrivals):
            self.receive(events, at_s)

    def receive(self, events: Sequence[MediaEvent], at_s: float) -> None:
        self.wait_until(at_s)
        self._apply(self.segmenter.receive(events, at_s, self.unix_ms(at_s)))

    def wait_until(self, at_s: float) -> None:
        while self._now + 0.1 < at_s:
            self._now += 0.1
            self._apply(self.segmenter.tick(self._now, self.unix_ms(self._now)))
        self._now = max(self._now, at_s)

    def end(self, at_s: float | None = None) -> None:
        if at_s is not None:
            self.wait_until(at_s)
        self._apply(self.segmenter.end_publisher(self._now))
        for rendition in self.renditions.values():
            assert all(segment.is_closed for segment in rendition.segments), rendition.name

    @staticmethod
    def unix_ms(at_s: float) -> int:
        return UNIX_EPOCH_MS + round(at_s * 1000)

    # ---- rules

    def _apply(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if isinstance(change, CadenceChosen):
                assert self.cadence is None
                self.cadence = change.cadence
                continue
            if isinstance(change, WarningRaised):
                self.warnings.append(change.warning.code)
                self.warning_texts.append(change.warning.text)
                continue
            assert self.cadence is not None, "the cadence comes first"
            match change:
                case InitChanged():
                    self._apply_init(change)
                case SegmentOpened():
                    self._open(change)
                case PartCut():
                    self._cut(change)
                case SegmentClosed():
                    segment = self.renditions[change.rendition].segments[-1]
                    assert not segment.is_closed
                    assert segment.msn == change.msn
                    segment.is_closed = True
                    self._check_segment(self.renditions[change.rendition], segment)

    def _apply_init(self, change: InitChanged) -> None:
        rendition = self.renditions.setdefault(change.rendition, RenditionSeen(change.rendition))
        assert not rendition.segments or rendition.segments[-1].is_closed
        rendition.inits.append(change.track)
        assert change.init_number == len(rendition.inits)
        assert change.track.name == change.rendition

    def _open(self, change: SegmentOpened) -> None:
        rendition = self.renditions[change.rendition]
        if rendition.segments:
            before = rendition.segments[-1]
            assert before.is_closed
            assert change.msn == before.msn + 1, "MSNs run on"
            assert change.start_unix_ms >= before.opened.start_unix_ms, "dates never go back"
            new_init = change.init_number != before.opened.init_number
            assert not new_init or change.is_discontinuous
        assert change.msn >= 1
        assert change.init_number == len(rendition.inits)
        rendition.segments.append(SegmentSeen(change, rendition.track.timescale))

    def _cut(self, part: PartCut) -> None:
        assert self.cadence is not None
        rendition = self.renditions[part.rendition]
        segment = rendition.segments[-1]
        before = rendition.parts[-1] if rendition.parts else None
        assert not segment.is_closed
        assert part.msn == segment.msn
        assert part.index == len(segment.parts), "part indices run on"
        assert part.number == (before.number + 1 if before else 1), "part numbers run on"
        timescale = rendition.track.timescale
        target_ms = self.cadence.part_target_ms
        assert 0 < part.duration_ticks * 1000 <= target_ms * timescale, "PART-TARGET holds"
        assert part.is_gap == (not part.samples)
        assert part.decode_time_ticks >= 0
        if part.samples:
            assert part.duration_ticks == sum(sample.duration_ticks for sample in part.samples)
            assert all(sample.duration_ticks >= 1 for sample in part.samples)
            assert part.is_independent == part.samples[0].is_sync
        if before is not None:
            end = before.decode_time_ticks + before.duration_ticks
            is_break = segment.opened.is_discontinuous and part.index == 0
            if not (is_break or before.is_gap or part.is_gap):
                assert part.decode_time_ticks == end, "decode times have no hole"
            elif len(rendition.inits) < 2:
                assert part.decode_time_ticks >= end, "decode times never go back"
        segment.parts.append(part)
        self.emitted_at[part.rendition, part.number] = self._now

    def _check_segment(self, rendition: RenditionSeen, segment: SegmentSeen) -> None:
        assert self.cadence is not None
        assert segment.parts, "no segment is empty"
        timescale = rendition.track.timescale
        limit = (self.cadence.target_duration_s * 1000 + 500) * timescale
        assert segment.duration_ticks * 1000 < limit, "TARGETDURATION holds"

    def check_equal_times(self, tolerance_ms: int = 25) -> None:
        """Segments of the same MSN lie at the same place in all renditions, as dates and breaks."""
        by_msn: dict[int, list[SegmentSeen]] = {}
        for rendition in self.renditions.values():
            for segment in rendition.segments:
                by_msn.setdefault(segment.msn, []).append(segment)
        for msn, seen in by_msn.items():
            starts = [segment.start_ticks * 1000 / segment.timescale for segment in seen]
            ends = [segment.end_ticks * 1000 / segment.timescale for segment in seen]
            assert max(starts) - min(starts) <= tolerance_ms, (msn, starts)
            assert max(ends) - min(ends) <= tolerance_ms, (msn, ends)
            dates = [segment.opened.start_unix_ms for segment in seen]
            assert max(dates) - min(dates) <= tolerance_ms
            assert len({segment.opened.is_discontinuous for segment in seen}) == 1, msn

    def check_even_parts(self) -> None:
        """Every part but the last of its segment has 85 % of PART-TARGET."""
        assert self.cadence is not None
        for rendition in self.renditions.values():
            least = self.cadence.part_target_ms * rendition.track.timescale * 85 / 100_000
            for segment in rendition.segments:
                for part in segment.parts[:-1]:
                    assert part.duration_ticks >= least, (rendition.name, part)

    def check_independent_segments(self, name: str = "video") -> None:
        for segment in self.renditions[name].segments:
            assert segment.parts[0].is_independent

    def check_nothing_lost(self, name: str, sent: Sequence[Sample]) -> None:
        """Every sample came through in order, shown at its own time plus one constant."""
        passed = self.renditions[name].samples
        assert [sample.payload for _, sample in passed] == [sample.payload for sample in sent]
        offsets = {
            at + sample.composition_offset_ticks - original.pts
            for (at, sample), original in zip(passed, sent, strict=True)
        }
        assert len(offsets) == 1, offsets


def play_through(
    arrivals: Sequence[Arrival],
    settings: SegmenterSettings | None = None,
    profile: LatencyProfile = LatencyProfile.NORMAL,
) -> Show:
    """One publisher's whole show."""
    show = Show(settings, profile)
    show.start(arrivals[0].at_s)
    show.play(arrivals)
    show.end()
    return show
