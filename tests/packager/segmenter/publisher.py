"""Synthetic publishers: samples as ingest hands them over, in the order of arrival."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ingest.media import AudioFormat, Codec, MediaEvent, Sample, Track, TrackStarted, VideoFormat

AVC_RECORD = b"\x01\x64\x00\x1f\xff\xe1\x00\x00\x00"
AAC_LC_48K_STEREO = b"\x11\x90"
AAC_LC_44K_STEREO = b"\x12\x10"


def video_track(
    fps: Fraction | int | None = 30, name: str = "video", record: bytes = AVC_RECORD
) -> Track:
    track_id = int(name.partition("-")[2] or 0)
    frame_rate = Fraction(fps) if fps is not None else None
    return Track(
        name,
        track_id,
        Codec.AVC,
        90_000,
        record,
        video=VideoFormat(1280, 720, frame_rate=frame_rate),
    )


def audio_track(
    rate_hz: int = 48_000, codec: Codec = Codec.AAC, name: str = "audio", channels: int = 2
) -> Track:
    track_id = int(name.partition("-")[2] or 0)
    if codec is Codec.AAC:
        record = AAC_LC_48K_STEREO if rate_hz == 48_000 else AAC_LC_44K_STEREO
        return Track(
            name, track_id, codec, rate_hz, record, audio=AudioFormat(rate_hz, channels, 1024)
        )
    samples_per_frame = 1536 if codec in (Codec.AC3, Codec.EAC3) else 0
    return Track(
        name,
        track_id,
        codec,
        rate_hz,
        b"OpusHead",
        audio=AudioFormat(rate_hz, channels, samples_per_frame),
    )


@dataclass
class Video:
    """Pictures at a steady rate; `stamps_ms` rounds times to whole milliseconds, as RTMP does.

    None are sent in the intervals `skip_s`.
    """

    fps: Fraction | int = 30
    gop_s: Fraction | float = 2
    track: Track = field(default_factory=video_track)
    start_s: float = 0.0
    stamps_ms: bool = False
    b_frames: int = 0
    skip_s: Sequence[tuple[float, float]] = ()
    label: str = ""

    def samples(self, until_s: float) -> Iterator[Sample]:
        gop = max(1, round(Fraction(self.gop_s) * Fraction(self.fps)))
        index = 0
        while index / Fraction(self.fps) + Fraction(self.start_s) < until_s:
            time_s = index / Fraction(self.fps)
            is_sync = index % gop == 0
            # I P b b P b b: shown one frame late, the reference before the pictures between.
            is_reference = (index % gop - 1) % (self.b_frames + 1) == 0
            late = 0 if not self.b_frames else 1 if is_sync else 1 + self.b_frames * is_reference
            dts = self._ticks(time_s)
            pts = self._ticks((index + late) / Fraction(self.fps))
            at_s = time_s + Fraction(self.start_s)
            if not any(begin <= at_s < end for begin, end in self.skip_s):
                payload = (
                    f"{self.track.name}{self.label}{index:06d}{'I' if is_sync else 'P'}".encode()
                )
                yield Sample(self.track.name, dts, pts, 0, is_sync, payload)
            index += 1

    def _ticks(self, time_s: Fraction) -> int:
        time_s += Fraction(self.start_s)
        if self.stamps_ms:
            return round(time_s * 1000) * 90
        return round(time_s * 90_000)


@dataclass
class Audio:
    """Sound in units of equal length, gapless but for `skip_s`."""

    unit: int = 1024
    track: Track = field(default_factory=audio_track)
    start_s: float = 0.0
    skip_s: Sequence[tuple[float, float]] = ()

    def samples(self, until_s: float) -> Iterator[Sample]:
        rate = self.track.timescale
        first = round(self.start_s * rate)
        index = 0
        while first + (index + 1) * self.unit <= until_s * rate:
            dts = first + index * self.unit
            if not any(begin <= dts / rate < end for begin, end in self.skip_s):
                payload = f"{self.track.name}{index:06d}".encode()
                yield Sample(self.track.name, dts, dts, self.unit, True, payload)
            index += 1


Source = Video | Audio


@dataclass(frozen=True)
class Arrival:
    """Events read at one moment, in seconds of the test's clock."""

    at_s: float
    events: tuple[MediaEvent, ...]


def started(*tracks: Track, at_s: float = 100.0) -> Arrival:
    """The descriptions of some tracks."""
    return Arrival(at_s, tuple(TrackStarted(track) for track in tracks))


def interleaved(
    *sources: Source, until_s: float, late_s: float = 0.05, at_s: float = 100.0
) -> list[Arrival]:
    """What a real-time publisher of these sources sends: every sample when its time has come."""
    arrivals = [started(*(source.track for source in sources), at_s=at_s)]
    timed = [
        (sample.dts / source.track.timescale, order, sample)
        for order, source in enumerate(sources)
        for sample in source.samples(until_s)
    ]
    first_s = min((time_s for time_s, _, _ in timed), default=0.0)
    timed.sort(key=lambda entry: (entry[0], entry[1]))
    arrivals.extend(
        Arrival(at_s + late_s + time_s - first_s, (sample,)) for time_s, _, sample in timed
    )
    return arrivals


def shifted(arrivals: Sequence[Arrival], by_s: float) -> list[Arrival]:
    """The same arrivals, later."""
    return [replace(arrival, at_s=arrival.at_s + by_s) for arrival in arrivals]
