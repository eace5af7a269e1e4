"""What a publisher sends, made up: a clean stream, and every fault that a parameter can be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import merge

from analytics.doctor.examination import Examination
from analytics.doctor.finding import Finding, Severity
from ingest.events import MediaStretch, SampleMeasure
from ingest.media import AudioFormat, Codec, ColorDescription, Track, TrackStarted, VideoFormat

START_MS = 1_700_000_000_000
_READ_S = 1 / 3


def avc_record(profile: int = 100, level: int = 41) -> bytes:
    """The first bytes of an AVCDecoderConfigurationRecord."""
    return bytes((1, profile, 0, level, 0xFF, 0xE0, 0))


@dataclass(frozen=True, kw_only=True)
class Made:
    """A stream of `length_s`. The defaults are what OBS sends at 1080p30 with good settings.

    `late_s` says how late what is sent at that time arrives, and all behind it waits; sound is
    sent `audio_late_s` later than pictures of its time.
    """

    length_s: float = 30.0
    fps: Fraction = Fraction(30)
    gop_s: float = 2.0
    gop_of: Callable[[int], float] | None = None  # seconds, by number of the group
    b_frames: int = 0
    video_bps: int = 5_000_000
    video_bps_of: Callable[[float], int] | None = None
    codec: Codec = Codec.AVC
    record: bytes = field(default_factory=avc_record)
    form: VideoFormat = field(default_factory=lambda: VideoFormat(1920, 1080))
    drops: Callable[[int], bool] = lambda _: False
    shake_ticks: Callable[[int], int] = lambda _: 0
    has_video: bool = True
    has_audio: bool = True
    video_until_s: float = 1e9
    audio_until_s: float = 1e9
    audio_codec: Codec = Codec.AAC
    audio_record: bytes = b"\x11\x90"
    audio_bps: int = 160_000
    rate_hz: int = 48_000
    channels: int = 2
    audio_starts_s: float = 0.0
    audio_speed: float = 1.0
    audio_late_s: float = 0.0
    audio_hole: Callable[[int], bool] = lambda _: False
    late_s: Callable[[float], float] = lambda _: 0.0
    clock_speed: float = 1.0

    def samples(self) -> Iterator[tuple[float, SampleMeasure]]:
        """All samples, each with when it arrives, in the order of their arrival."""
        streams = []
        if self.has_video:
            streams.append(self._pictures())
        if self.has_audio:
            streams.append(self._sound())
        arrived_s = 0.0
        for sent_s, sample in merge(*streams):
            arrived_s = max(arrived_s, sent_s + self.late_s(sent_s))
            yield arrived_s, sample

    def tracks(self) -> tuple[TrackStarted, ...]:
        """What begins first."""
        tracks = []
        if self.has_video:
            tracks.append(Track("video", 0, self.codec, 90_000, self.record, video=self.form))
        if self.has_audio:
            form = AudioFormat(self.rate_hz, self.channels, 1024)
            tracks.append(
                Track("audio", 0, self.audio_codec, self.rate_hz, self.audio_record, audio=form)
            )
        return tuple(map(TrackStarted, tracks))

    def stretches(self) -> Iterator[MediaStretch]:
        """Reads of the socket: three a second, and what lies there then."""
        changes, read_at = self.tracks(), _READ_S
        waiting: list[SampleMeasure] = []
        for arrival_s, sample in self.samples():
            while arrival_s > read_at:
                if waiting:
                    yield MediaStretch(1000 + read_at, changes, waiting)
                    changes, waiting = (), []
                    read_at += _READ_S
                else:
                    read_at = arrival_s  # read in vain, and then with the first byte
            waiting.append(sample)
        if waiting:
            yield MediaStretch(1000 + read_at, changes, waiting)

    def _pictures(self) -> Iterator[tuple[float, SampleMeasure]]:
        step = 90_000 / self.fps
        sync_at, gop = 0.0, 0
        for number in range(int(self.length_s * self.fps)):
            media_s = float(number / self.fps)
            if media_s >= self.video_until_s:
                return
            is_sync = media_s >= sync_at - 1e-9
            if is_sync:
                sync_at = media_s + (self.gop_s if self.gop_of is None else self.gop_of(gop))
                gop += 1
            if self.drops(number) and not is_sync:
                continue
            dts = round(number * step) + self.shake_ticks(number)
            bps = self.video_bps if self.video_bps_of is None else self.video_bps_of(media_s)
            size = int(bps / 8 / self.fps)
            pts = dts + round(self._shift(number) * step)
            yield media_s / self.clock_speed, ("video", dts, pts, is_sync, size)

    def _shift(self, number: int) -> int:
        """Pictures of delay from decoding to showing: I P B B P B B."""
        if self.b_frames == 0:
            return 0
        return self.b_frames + 1 if number % (self.b_frames + 1) == 1 or number == 0 else 0

    def _sound(self) -> Iterator[tuple[float, SampleMeasure]]:
        for number in range(int(self.length_s * self.rate_hz / 1024)):
            media_s = number * 1024 / self.rate_hz
            if media_s >= self.audio_until_s:
                return
            if self.audio_hole(number):
                continue
            ticks = round((media_s * self.audio_speed + self.audio_starts_s) * self.rate_hz)
            sent_s = (media_s + self.audio_starts_s) / self.clock_speed + self.audio_late_s
            size = self.audio_bps * 1024 // self.rate_hz // 8
            yield sent_s, ("audio", ticks, ticks, True, size)


def hdr_form(bit_depth: int) -> VideoFormat:
    """A picture for HDR (PQ)."""
    return VideoFormat(1920, 1080, bit_depth=bit_depth, color=ColorDescription(9, 16, 9))


def examine(
    made: Made,
    profile: str = "normal",
    *,
    more_s: float = 0.0,
    examination: Examination | None = None,
) -> Examination:
    """Examine it second by second, and `more_s` after its last sample."""
    examination = examination or Examination(profile, START_MS)
    examination.begin(1, "made", 1000.0)
    now_s = 1000.0
    held: list[MediaStretch] = []
    for stretch in made.stretches():
        while stretch.read_at_s > now_s + 1:
            now_s += 1
            examination.receive(held)
            held = []
            examination.advance(now_s, wall_ms(now_s))
        held.append(stretch)
    examination.receive(held)
    end_s = held[-1].read_at_s + more_s if held else now_s + more_s
    while now_s < end_s:
        now_s += 1
        examination.advance(now_s, wall_ms(now_s))
    return examination


def wall_ms(now_s: float) -> int:
    """The wall clock at a moment of the monotonic one."""
    return START_MS + round((now_s - 1000) * 1000)


def findings(made: Made, profile: str = "normal", *, more_s: float = 0.0) -> dict[str, Finding]:
    """All that was found, by code, without what is good."""
    report = examine(made, profile, more_s=more_s).report(
        1000 + made.length_s + more_s, wall_ms(1000 + made.length_s + more_s)
    )
    found = (*report.findings, *report.past_findings)
    return {each.code: each for each in found if each.severity is not Severity.GOOD}
