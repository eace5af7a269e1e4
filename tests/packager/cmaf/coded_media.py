"""Tracks of real encoders in the form that this package takes, and cut into fragments."""

from dataclasses import dataclass

from ingest.media import AudioFormat, Codec, Track, VideoFormat
from packager.cmaf import write_fragment, write_init
from packager.segmenter.change import FragmentSample
from tests.support.rtmp_publisher.coded_track import (
    AudioSettings,
    CodedTrack,
    VideoSettings,
    encode_audio,
    encode_video,
)

_ORIGIN_S = 10  # added to every time, as the segmenter does
_CHANNELS = {"mono": 1, "stereo": 2, "5.1": 6}
_AUDIO_UNIT_SAMPLES = {Codec.AAC: 1024, Codec.AC3: 1536, Codec.EAC3: 1536}


@dataclass(frozen=True, slots=True)
class CodedMedia:
    """A track with its samples; `decode_time_ticks` is that of the first."""

    track: Track
    decode_time_ticks: int
    samples: tuple[FragmentSample, ...]

    def presentation_times(self) -> list[int]:
        """Give every sample's pts in decode order, in ticks."""
        times, now = [], self.decode_time_ticks
        for sample in self.samples:
            times.append(now + sample.composition_offset_ticks)
            now += sample.duration_ticks
        return times

    def with_signed_offsets(self) -> "CodedMedia":
        """Give the same presentation with decode times so late that some pts lie before them."""
        delay = self.samples[0].composition_offset_ticks
        samples = tuple(
            sample._replace(composition_offset_ticks=sample.composition_offset_ticks - delay)
            for sample in self.samples
        )
        return CodedMedia(self.track, self.decode_time_ticks + delay, samples)

    def fragments(self, samples_each: int) -> list[bytes]:
        """Cut the samples into fragments of so many samples; every third starts a segment."""
        written, now = [], self.decode_time_ticks
        for number, first in enumerate(range(0, len(self.samples), samples_each), start=1):
            part = self.samples[first : first + samples_each]
            written.append(
                write_fragment(number, self.track, now, part, starts_segment=number % 3 == 1)
            )
            now += sum(sample.duration_ticks for sample in part)
        return written

    def file(self, samples_each: int = 10) -> bytes:
        """Give the initialisation segment and all fragments in one."""
        return write_init(self.track) + b"".join(self.fragments(samples_each))


def coded_video(settings: VideoSettings) -> CodedMedia:
    """Encode a test picture."""
    coded = encode_video(settings)
    video = VideoFormat(settings.width_px, settings.height_px, frame_rate=settings.frame_rate)
    track = Track(
        name="video",
        track_id=0,
        codec=settings.codec,
        timescale=coded.timescale,
        decoder_configuration=coded.configuration,
        video=video,
        bitrate_bps=settings.bitrate_bps,
    )
    return _media(track, coded)


def coded_audio(settings: AudioSettings) -> CodedMedia:
    """Encode a tone."""
    coded = encode_audio(settings)
    track = Track(
        name="audio",
        track_id=0,
        codec=settings.codec,
        timescale=coded.timescale,
        decoder_configuration=coded.configuration,
        audio=AudioFormat(
            settings.sample_rate_hz,
            _CHANNELS[settings.channel_layout],
            _AUDIO_UNIT_SAMPLES.get(settings.codec, 0),
        ),
        bitrate_bps=settings.bitrate_bps,
    )
    return _media(track, coded)


def _media(track: Track, coded: CodedTrack) -> CodedMedia:
    units = coded.units
    next_times = [unit.dts for unit in units[1:]] + [units[-1].dts + units[-1].duration]
    samples = tuple(
        FragmentSample(next_dts - unit.dts, unit.pts - unit.dts, unit.is_sync, unit.payload)
        for unit, next_dts in zip(units, next_times, strict=True)
    )
    return CodedMedia(track, units[0].dts + _ORIGIN_S * track.timescale, samples)
