"""Renditions: what a Publication's renditions share, over all runs and publishers."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ingest.media import MediaKind, Sample, Track
from packager.cadence import Cadence, LatencyProfile
from packager.segmenter.analysis import Analysis
from packager.segmenter.audio_follower import AudioFollower
from packager.segmenter.audio_leader import AudioLeader
from packager.segmenter.cadence_choice import choose_part_target_ms, choose_target_duration_s
from packager.segmenter.change import CadenceChosen, Change
from packager.segmenter.cut_list import CutList
from packager.segmenter.errors import ResumeError
from packager.segmenter.levelling import level
from packager.segmenter.media_clock import TIMELINE_START_S, MediaClock
from packager.segmenter.pace import Pace, choose_pace
from packager.segmenter.rendition_output import RenditionOutput
from packager.segmenter.resume import ResumePoint
from packager.segmenter.run import FollowingLane, LeadingLane, Run
from packager.segmenter.settings import SegmenterSettings
from packager.segmenter.track_units import lies_on_grid, unit_s
from packager.segmenter.video_follower import VideoFollower
from packager.segmenter.video_leader import VideoLeader

# Tracks of a run may end this far apart and still go on with the same clock.
_SAME_CLOCK_MS = 100


class Renditions:
    """Begins and ends runs; carries the cadence, MSN, timeline and calendar from one to the next.

    `outputs` are all renditions that there ever were: none may fall silent while others go on,
    or its players would wait for ever.
    """

    def __init__(
        self, settings: SegmenterSettings, profile: LatencyProfile, changes: list[Change]
    ) -> None:
        self.cadence: Cadence | None = None
        self.outputs: dict[str, RenditionOutput] = {}
        self._settings = settings
        self._profile = profile
        self._changes = changes
        self._last_msn = 0
        self._end_unix_ms = 0
        self._clock: MediaClock | None = None

    def resume(self, point: ResumePoint) -> None:
        """Go on where those of an earlier process stood. Raises ResumeError after a beginning."""
        cadence = point.cadence
        if cadence is None or self.cadence is not None:
            raise ResumeError("resume: expected a show with a cadence, before any media")
        self.cadence = cadence
        self._last_msn = point.last_msn
        self._end_unix_ms = point.end_unix_ms
        for known in point.renditions.values():
            self.output(known.track).resume(known)
        level(point, self.outputs)

    def forget_clock(self) -> None:
        """Take note that the next times have no relation to those before."""
        self._clock = None

    def begin_run(self, analysis: Analysis, tracks: Mapping[str, Track]) -> Run:
        """Lay out a run for the analysed media; the caller then feeds it the samples."""
        leader = analysis.leader
        if leader is None:
            raise ValueError("begin_run: expected an analysis with a leading track")
        heard = {name: tracks[name] for name in analysis.heard_tracks}
        samples = {
            name: [sample for sample in analysis.samples if sample.track == name] for name in heard
        }
        units = {name: unit_s(track, samples[name]) for name, track in heard.items()}
        first = samples[leader.name][0]
        follower_units = [
            unit
            for name, unit in units.items()
            if name != leader.name
            and (heard[name].kind is MediaKind.AUDIO or unit <= units[leader.name] * 2)
        ]
        if self.cadence is None:
            self.cadence = self._choose_cadence(
                analysis,
                leader,
                units[leader.name],
                follower_units,
                is_exact=lies_on_grid(leader, samples[leader.name], units[leader.name]),
            )
            self._changes.append(CadenceChosen(self.cadence))
        pace = choose_pace(
            self.cadence,
            leader.timescale,
            units[leader.name],
            follower_units,
            self._settings.segment_target_ms,
            is_first_segment_cut_short=analysis.has_long_gop and self._last_msn == 0,
        )
        clock = self._set_clock(analysis, leader, first)
        cuts = CutList(leader.timescale, self._last_msn, pace.unit_ticks)
        output = self.output(leader)
        output.adopt(leader)
        start = first.dts + clock.shift(leader.timescale)
        lane = self._leading_lane(output, cuts, clock, pace, start)
        run = Run(self._settings, lane, cuts, clock, self._changes)
        for name in {**heard, **self.outputs}:
            if name != leader.name:
                self._follow(run, name, tracks, samples.get(name, ()), units.get(name))
        return run

    def follower(
        self, track: Track, clock: MediaClock, samples: Sequence[Sample], unit: Fraction
    ) -> FollowingLane:
        """Make a lane for a track that keeps to the leader's cuts."""
        unit_ticks = max(1, round(unit * track.timescale))
        first_dts = samples[0].dts if samples else 0
        kind = VideoFollower if track.kind is MediaKind.VIDEO else AudioFollower
        return kind(track, self.output(track), clock, unit_ticks, first_dts)

    def output(self, track: Track) -> RenditionOutput:
        """Find the output of this name, or make it."""
        output = self.outputs.get(track.name)
        if output is None:
            if self.cadence is None:
                raise ValueError("output: expected the cadence to be chosen before")
            output = RenditionOutput(track, self.cadence, self._changes)
            self.outputs[track.name] = output
        return output

    def end_run(self, run: Run, now: float) -> None:
        """End the run's segments and remember where they ended."""
        run.finish(now)
        self._last_msn = run.cuts.msn
        for output in self.outputs.values():
            self._end_unix_ms = max(
                self._end_unix_ms, run.clock.unix_ms(output.end_ticks, output.track.timescale)
            )

    def _follow(
        self,
        run: Run,
        name: str,
        tracks: Mapping[str, Track],
        samples: Sequence[Sample],
        unit: Fraction | None,
    ) -> None:
        track = tracks.get(name) or self.outputs[name].track
        if unit is None:
            unit = unit_s(track, samples)
        follower = self.follower(track, run.clock, samples, unit)
        follower.is_absent = not samples
        run.follow(follower, from_next_segment=False)
        if follower.is_absent and run.leader.track.kind is MediaKind.AUDIO:
            run.release(name)  # pictures that come after all are to lead, not to follow

    def _leading_lane(
        self, output: RenditionOutput, cuts: CutList, clock: MediaClock, pace: Pace, start: int
    ) -> LeadingLane:
        kind = VideoLeader if output.track.kind is MediaKind.VIDEO else AudioLeader
        lane = kind(output, cuts, clock, pace, start)
        if self._last_msn > 0:
            lane.begin_discontinuous()
        return lane

    def _choose_cadence(
        self,
        analysis: Analysis,
        leader: Track,
        unit: Fraction,
        follower_units: Sequence[Fraction],
        *,
        is_exact: bool,
    ) -> Cadence:
        settings = self._settings
        part_target_ms = choose_part_target_ms(
            self._profile.part_wish_ms, unit, follower_units, is_exact=is_exact
        )
        first_segment_ms = analysis.segment_ms
        if leader.kind is MediaKind.AUDIO:
            # Whole parts: the segment ends with the first part that reaches the target.
            parts = -(-settings.segment_target_ms // part_target_ms)
            first_segment_ms = parts * part_target_ms
        elif first_segment_ms is None and not analysis.has_long_gop:
            first_segment_ms = settings.segment_target_ms
        return Cadence(
            target_duration_s=choose_target_duration_s(
                first_segment_ms, settings.segment_target_ms, part_target_ms
            ),
            part_target_ms=part_target_ms,
        )

    def _set_clock(self, analysis: Analysis, leader: Track, first: Sample) -> MediaClock:
        """Map the publisher's times so that no rendition's timeline goes back."""
        timescale = leader.timescale
        ends = {
            name: -(-output.end_ticks * timescale // output.track.timescale)
            for name, output in self.outputs.items()
        }
        end = max(ends.values(), default=TIMELINE_START_S * timescale)
        shift = end - first.dts
        if self._clock is not None:
            start = first.dts + self._clock.shift(timescale)
            tolerance = _SAME_CLOCK_MS * timescale // 1000
            if start >= ends.get(leader.name, 0) and start >= end - tolerance:
                shift = start - first.dts
        shift_ms = shift * 1000 // timescale
        clock = MediaClock(shift, timescale, (analysis.anchor_unix_ms or 0) - shift_ms)
        start_unix_ms = clock.unix_ms(first.dts + shift, timescale)
        if start_unix_ms < self._end_unix_ms:
            # PROGRAM-DATE-TIME never runs backwards, though this publisher's clock ran ahead.
            late_ms = self._end_unix_ms - start_unix_ms
            clock = MediaClock(shift, timescale, clock.anchor_unix_ms + late_ms)
        self._clock = clock
        return clock
