"""What was filled in, decoded by FFmpeg: nothing that a player would stumble over."""

import io
from collections.abc import Iterator
from fractions import Fraction

import av
import pytest

from ingest.media import AudioFormat, Codec, Sample, Track, VideoFormat
from packager.cmaf import write_fragment, write_init
from tests.packager.segmenter.publisher import Arrival, started
from tests.packager.segmenter.show import RenditionSeen, play_through
from tests.support.rtmp_publisher.coded_track import (
    AudioSettings,
    CodedTrack,
    VideoSettings,
    encode_audio,
    encode_video,
)

DURATION_S = 12


def samples_of(
    track: Track, coded: CodedTrack, missing_s: tuple[float, float]
) -> Iterator[Arrival]:
    for unit in coded.units:
        at_s = unit.dts / track.timescale
        if not missing_s[0] <= at_s < missing_s[1]:
            duration = unit.duration if track.audio is not None else 0
            sample = Sample(track.name, unit.dts, unit.pts, duration, unit.is_sync, unit.payload)
            yield Arrival(100.1 + at_s, (sample,))


def file_of(rendition: RenditionSeen) -> bytes:
    fragments = [
        write_fragment(part.number, rendition.track, part.decode_time_ticks, part.samples)
        for part in rendition.parts
    ]
    return write_init(rendition.track) + b"".join(fragments)


@pytest.mark.parametrize("codec", [Codec.AVC, Codec.HEVC, Codec.AV1, Codec.VP9])
def test_a_show_with_stalls_of_both_tracks_decodes_without_an_error(codec: Codec) -> None:
    coded_pictures = encode_video(
        VideoSettings(
            codec=codec, width_px=160, height_px=96, frame_rate=Fraction(30), duration_s=DURATION_S
        )
    )
    coded_sound = encode_audio(AudioSettings(codec=Codec.AAC, duration_s=DURATION_S))
    video = Track(
        "video",
        0,
        codec,
        coded_pictures.timescale,
        coded_pictures.configuration,
        video=VideoFormat(160, 96, frame_rate=Fraction(30)),
    )
    audio = Track(
        "audio",
        0,
        Codec.AAC,
        coded_sound.timescale,
        coded_sound.configuration,
        audio=AudioFormat(coded_sound.timescale, 2, 1024),
    )
    arrivals = [started(video, audio)]
    arrivals += samples_of(video, coded_pictures, (3.5, 5.9))
    arrivals += samples_of(audio, coded_sound, (7.0, 9.0))
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times(40)
    for rendition in show.renditions.values():
        times = decoded_times(file_of(rendition))
        assert times == sorted(set(times))
        assert len(times) == len(rendition.samples)


def decoded_times(file: bytes) -> list[int]:
    with av.open(io.BytesIO(file), "r", options={"err_detect": "explode"}) as container:
        frames = container.decode(container.streams[0])
        return [frame.pts for frame in frames if frame.pts is not None]
