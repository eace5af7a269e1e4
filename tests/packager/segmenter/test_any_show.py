"""Whatever publishers do, what is published keeps the rules that Show checks.

A script of troubles is played by simple publishers: pauses, frame rates that change, tracks that
end and change, clocks that jump, bursts, reconnects.
"""

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.media import (
    Codec,
    Discontinuity,
    MediaEvent,
    Sample,
    Track,
    TrackEnded,
    TracksAnnounced,
    TrackStarted,
)
from packager.cadence import LatencyProfile
from tests.packager.segmenter.publisher import AVC_RECORD, audio_track, video_track
from tests.packager.segmenter.show import Show

TRACK_SETS: list[list[Track]] = [
    [video_track(), audio_track()],
    [video_track(60), audio_track(44_100)],
    [video_track(None), audio_track(codec=Codec.OPUS)],
    [video_track(25), audio_track(codec=Codec.AC3)],
    [video_track(), video_track(name="video-1"), audio_track(), audio_track(name="audio-1")],
    [audio_track()],
    [video_track()],
]


@dataclass
class Source:
    """One track of a publisher: where its clock is and how it goes on."""

    track: Track
    clock_s: float
    step_s: float
    gop_s: float
    is_silent: bool = False
    is_stuck: bool = False
    is_announced: bool = False
    last_sync_s: float = -1e9
    last_dts: int | None = None

    def next_events(self) -> list[MediaEvent]:
        events: list[MediaEvent] = []
        if not self.is_announced:
            self.is_announced = True
            events.append(TrackStarted(self.track))
        at_s = self.clock_s
        self.clock_s += self.step_s
        dts = round(at_s * self.track.timescale)
        if self.is_stuck and self.last_dts is not None:
            dts = self.last_dts + 1  # as ingest makes times rise that do not
        if self.is_silent or (self.last_dts is not None and dts <= self.last_dts):
            return events
        self.last_dts = dts
        is_video = self.track.video is not None
        is_sync = not is_video or at_s - self.last_sync_s >= self.gop_s - 1e-6
        if is_sync:
            self.last_sync_s = at_s
        duration = 0 if is_video else round(self.step_s * self.track.timescale)
        offset = 6000 if is_video and not is_sync else 0
        events.append(Sample(self.track.name, dts, dts + offset, duration, is_sync, b"media"))
        return events


def unit_s(track: Track, fps: int) -> float:
    if track.video is not None:
        return 1 / fps
    assert track.audio is not None
    return (track.audio.samples_per_frame or 960) / track.timescale


@dataclass(frozen=True)
class Trouble:
    """Something that happens to a publisher after a while."""

    after_s: float
    kind: str
    track: int
    amount: float


@dataclass(frozen=True)
class Script:
    """What one publisher does, and how its bytes come in."""

    tracks: int
    start_s: float
    late_s: float
    fps: int
    gop_s: float
    burst_s: float
    is_announced: bool
    length_s: float
    away_s: float
    troubles: list[Trouble] = field(default_factory=list)


troubles = st.builds(
    Trouble,
    st.sampled_from([0.3, 1.0, 2.5]),
    st.sampled_from(
        ["pause", "all pause", "rate", "end", "change", "anew", "jump", "silence", "stick"]
    ),
    st.integers(0, 3),
    st.sampled_from([0.2, 0.7, 1.2, 2.0, 5.0, 9.0, 30.0, -0.5, -20.0]),
)
scripts = st.builds(
    Script,
    st.integers(0, len(TRACK_SETS) - 1),
    st.sampled_from([0.0, 7.3, -40.0]),
    st.sampled_from([0.0, 0.1, 1.7, 4.0]),
    st.sampled_from([10, 25, 30, 60]),
    st.sampled_from([0.5, 1.0, 2.0, 3.3, 8.0]),
    st.sampled_from([0.0, 0.3, 3.0]),
    st.booleans(),
    st.sampled_from([1.0, 6.0, 12.0]),
    st.sampled_from([0.1, 8.0]),
    st.lists(troubles, max_size=4),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(scripts, min_size=1, max_size=3), st.sampled_from(LatencyProfile))
def test_every_show_keeps_the_rules(publishers: list[Script], profile: LatencyProfile) -> None:
    show = Show(profile=profile)
    at_s = 100.0
    for script in publishers:
        show.start(at_s)
        at_s = publish(show, script, at_s)
        show.end(at_s)
        at_s += script.away_s
    for rendition in show.renditions.values():
        last = show.renditions[next(iter(show.renditions))].segments[-1]
        assert rendition.segments[-1].msn == last.msn, "no rendition is left behind"


def publish(show: Show, script: Script, at_s: float) -> float:
    """Play a script from this moment of the test's clock on; returns when it is over."""
    sources = [
        Source(track, script.start_s, unit_s(track, script.fps), script.gop_s)
        for track in TRACK_SETS[script.tracks]
    ]
    sources[-1].clock_s += script.late_s
    pending: list[MediaEvent] = []
    if script.is_announced:
        pending.append(TracksAnnounced(frozenset(source.track.name for source in sources)))
    played_s, flushed_s, until_s = 0.0, 0.0, 0.0
    for trouble in [*script.troubles, None]:
        until_s += script.length_s if trouble is None else trouble.after_s
        while played_s < until_s:
            played_s += 1 / 120
            live_s = script.start_s + played_s
            for source in sources:
                while source.clock_s <= live_s:
                    pending.extend(source.next_events())
            if played_s - flushed_s >= script.burst_s:
                flushed_s = played_s
                show.receive(pending, at_s + played_s)
                pending = []
        if trouble is not None:
            pending.extend(strike(trouble, sources))
    show.receive(pending, at_s + played_s)
    return at_s + played_s


def strike(trouble: Trouble, sources: list[Source]) -> list[MediaEvent]:
    source = sources[trouble.track % len(sources)]
    match trouble.kind:
        case "pause":
            source.clock_s += abs(trouble.amount)
        case "all pause":
            for each in sources:
                each.clock_s += abs(trouble.amount)
        case "rate" if source.track.video is not None:
            source.step_s = min(max(abs(trouble.amount), 0.01), 2.0)
        case "silence":
            source.is_silent = not source.is_silent
        case "stick":
            for each in sources:
                each.is_stuck = not each.is_stuck
        case "end":
            source.is_silent = True
            return [TrackEnded(source.track.name)]
        case "change":
            record = AVC_RECORD + bytes([int(abs(trouble.amount))])
            source.track = replace(source.track, decoder_configuration=record)
            source.last_sync_s = -1e9
            return [TrackStarted(source.track)]
        case "anew":
            for each in sources:
                each.last_dts = None
                each.last_sync_s = -1e9
            return [Discontinuity("the script says so")]
        case "jump":
            source.clock_s += trouble.amount
            source.last_dts = None
        case _:
            pass
    return []
