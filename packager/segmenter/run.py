"""Run: one stretch of media without a discontinuity of times, with one leading track."""

from ingest.media import PublisherWarning, Sample, Track, WarningCode
from packager.segmenter.audio_follower import AudioFollower
from packager.segmenter.audio_leader import AudioLeader
from packager.segmenter.change import Change, WarningRaised
from packager.segmenter.cut_list import CutList
from packager.segmenter.due_cut import NEVER_DUE, DueCut
from packager.segmenter.media_clock import MediaClock
from packager.segmenter.settings import SegmenterSettings
from packager.segmenter.stall import Patience, furthest_ms, head_ms
from packager.segmenter.video_follower import VideoFollower
from packager.segmenter.video_leader import VideoLeader

LeadingLane = VideoLeader | AudioLeader
FollowingLane = VideoFollower | AudioFollower
Lane = LeadingLane | FollowingLane

_WATCH_INTERVAL_S = 0.1
# While all tracks come it is enough to look after this share of the time that one may be silent.
_CALM_SHARE = 1 / 3

# A hole that all tracks share and that is longer than this is a discontinuity; one track's alone
# is filled.
_SHARED_HOLE_MS = 1000
# Up to this a hole of one track is believed; a longer one is a clock that was set anew.
_LONGEST_HOLE_MS = 10_000


class Run:
    """Holds the lane of each track, and looks after lanes that fall silent.

    `now` is monotonic seconds. `lanes` are those that take samples now: whoever hands a sample to
    one says when it `arrived`, and gives it to `bridge` if the lane refuses it. `watch` is due
    again at `next_watch`. The run ends with `finish`, after which it takes nothing more.
    """

    def __init__(
        self,
        settings: SegmenterSettings,
        leader: LeadingLane,
        cuts: CutList,
        clock: MediaClock,
        changes: list[Change],
    ) -> None:
        self.cuts = cuts
        self.clock = clock
        self.leader = leader
        self._settings = settings
        self._changes = changes
        self.lanes: dict[str, Lane] = {leader.name: leader}
        self.next_watch = 0.0
        self._calm_interval_s = settings.stall_wait_ms / 1000 * _CALM_SHARE
        self._followers: dict[str, FollowingLane] = {}
        self._patience: dict[str, Patience] = {leader.name: Patience(settings)}
        self._warned: set[str] = set()

    def track(self, name: str) -> Track | None:
        """Find the description of the track that a lane takes samples of."""
        lane = self.lanes.get(name)
        return lane.track if lane is not None else None

    def release(self, name: str) -> None:
        """Take no more samples for this follower: another with a new configuration will come."""
        del self.lanes[name]
        self._followers[name].is_absent = True
        self.next_watch = 0.0

    def follow(self, follower: FollowingLane, *, from_next_segment: bool) -> None:
        """Let a follower take part; in place of an earlier lane of its name, if there is one."""
        name = follower.name
        replaced = self._followers.get(name)
        self._followers[name] = self.lanes[name] = follower
        self._patience[name] = Patience(self._settings)
        self.next_watch = 0.0
        if not from_next_segment:
            self.cuts.add(follower)
            return
        self.cuts.add_at_next_segment(follower, replaced)

    def receive(self, lane: Lane, sample: Sample, now: float) -> bool:
        """Hand a sample to a lane; says False, without taking it, where a new run must begin."""
        lane.arrived = now
        return lane.receive(sample) or self.bridge(lane, sample)

    def end_track(self, name: str) -> None:
        """No more samples of this track will come: what others need of it is filled at once."""
        lane = self.lanes.get(name)
        if lane is None:
            return
        lane.is_absent = True
        self.next_watch = 0.0
        if lane is not self.leader:
            lane.fill(lane.timescale * (head_ms(self.leader) + 1) // 1000)

    def watch(self, now: float) -> None:
        """Fill in for lanes that have stalled. Looks when it is due, however often asked."""
        if now < self.next_watch:
            return
        leader = self.leader
        others_ms = furthest_ms(self._followers.values())
        if others_ms is not None:
            patience = self._patience[leader.name]
            if leader.is_absent:
                leader.fill(others_ms * leader.timescale // 1000)
            elif patience.judge(leader, others_ms, now, may_lag=True):
                self._warn(leader.name)
                leader.fill(patience.fill_until_ms(others_ms, now) * leader.timescale // 1000)
        leader_ms = head_ms(leader)
        for follower in self._followers.values():
            patience = self._patience[follower.name]
            if not follower.is_absent and patience.judge(follower, leader_ms, now, may_lag=False):
                self._warn(follower.name)
                until_ms = leader_ms - patience.wait_ms // 3
                follower.fill(until_ms * follower.timescale // 1000)
        interval_s = self._calm_interval_s if self._is_calm(now) else _WATCH_INTERVAL_S
        self.next_watch = now + interval_s

    def _is_calm(self, now: float) -> bool:
        """Whether all tracks come, so that for a while none can be missed."""
        heard_after = now - self._calm_interval_s
        for lane in (self.leader, *self._followers.values()):
            if lane.is_absent or lane.arrived < heard_after or self._patience[lane.name].is_stalled:
                return False
        return True

    def due_cuts(self) -> list[DueCut]:
        """Say for each track that has a part to end which sample will."""
        return [
            DueCut(lane.name, lane.newest_ticks, due_ticks, lane.timescale, lane.arrived)
            for lane in self.lanes.values()
            if (due_ticks := lane.due_ticks) < NEVER_DUE
        ]

    def finish(self, now: float) -> None:
        """End the open part and segment of every rendition, at the same place."""
        others_ms = furthest_ms(self._followers.values())
        leader = self.leader
        patience = self._patience[leader.name]
        if others_ms is not None and patience.is_stalled:
            leader.fill(patience.fill_until_ms(others_ms, now) * leader.timescale // 1000)
        leader.finish()

    def bridge(self, lane: Lane, sample: Sample) -> bool:
        """Decide on a sample that its lane refused: its time does not follow on from its track's.

        Says False, without taking it, where a new run must begin.
        """
        dts_ms = (sample.dts + self.clock.shift(lane.timescale)) * 1000 // lane.timescale
        hole_ms = dts_ms - head_ms(lane)
        if hole_ms < 0 and lane.is_absent:
            hole_ms = -hole_ms  # it was filled in beyond this sample, which may come late
        if not 0 <= hole_ms <= _LONGEST_HOLE_MS:
            return False
        others_ms = max(
            (head_ms(other) for other in self.lanes.values() if other is not lane), default=None
        )
        if others_ms is None or dts_ms - others_ms > _SHARED_HOLE_MS:
            return False
        lane.bridge(sample)
        return True

    def _warn(self, name: str) -> None:
        if name in self._warned:
            return
        self._warned.add(name)
        text = f"The {name} track stopped for a while; it was filled in."
        self._changes.append(WarningRaised(PublisherWarning(WarningCode.TRACK_STALLED, text)))
