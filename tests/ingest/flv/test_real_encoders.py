"""Bitstreams of real encoders, compared with what FFmpeg's own reader says of them."""

import io
from fractions import Fraction
from itertools import pairwise

import av
import pytest

from ingest.media import Codec, MediaKind, PublisherWarning
from tests.ingest.flv.recording import Recording, receive_all, record, samples_of, tracks_of

VIDEO = {
    "libx264": Codec.AVC,
    "libx265": Codec.HEVC,
    "libsvtav1": Codec.AV1,
    "libvpx-vp9": Codec.VP9,
}
AUDIO = {
    "aac": Codec.AAC,
    "libopus": Codec.OPUS,
    "flac": Codec.FLAC,
    "ac3": Codec.AC3,
    "eac3": Codec.EAC3,
}


def read_by_ffmpeg(recording: Recording, kind: MediaKind) -> list[tuple[int, int, bool, bytes]]:
    """Give dts and pts in milliseconds, the key flag and the bytes of each packet."""
    with av.open(io.BytesIO(recording.flv), "r") as container:
        stream = next(stream for stream in container.streams if stream.type == kind.value)
        return [
            (packet.dts, packet.pts, packet.is_keyframe, bytes(packet))
            for packet in container.demux(stream)
            if packet.dts is not None and packet.pts is not None and packet.size
        ]


@pytest.mark.parametrize("encoder", VIDEO)
def test_video_is_described_as_ffmpeg_describes_it(encoder: str) -> None:
    recording = record(encoder, "aac", size=(426, 240))
    track = tracks_of(receive_all(recording.messages), "video")[-1]
    assert track.codec is VIDEO[encoder]
    assert track.video is not None
    assert (track.video.width_px, track.video.height_px) == (426, 240)
    assert (track.timescale, track.video.bit_depth) == (90_000, 8)


@pytest.mark.parametrize("encoder", VIDEO)
def test_every_picture_keeps_its_bytes_and_its_time(encoder: str) -> None:
    recording = record(encoder, None, rate=Fraction(30_000, 1001))
    expected = read_by_ffmpeg(recording, MediaKind.VIDEO)
    samples = samples_of(receive_all(recording.messages), "video")
    assert len(samples) == len(expected) == 59
    origin_ms = expected[0][0]
    for sample, (dts_ms, pts_ms, is_key, payload) in zip(samples, expected, strict=True):
        assert abs(sample.dts - (dts_ms - origin_ms) * 90) <= 135
        assert abs(sample.pts - (pts_ms - origin_ms) * 90) <= 135
        assert sample.is_sync == is_key
        # AV1 loses its temporal delimiter (two bytes).
        assert payload.endswith(sample.payload)
        assert len(payload) - len(sample.payload) <= 2


@pytest.mark.parametrize("encoder", AUDIO)
def test_every_audio_frame_keeps_its_bytes_and_lasts_exactly(encoder: str) -> None:
    recording = record(None, encoder)
    expected = read_by_ffmpeg(recording, MediaKind.AUDIO)
    events = receive_all(recording.messages)
    [track] = tracks_of(events, "audio")
    samples = samples_of(events, "audio")
    assert track.codec is AUDIO[encoder]
    assert track.audio is not None
    assert (track.audio.channel_count, track.timescale) == (2, 48_000)
    assert [sample.payload for sample in samples] == [payload for *_, payload in expected]
    for sample, following in pairwise(samples):
        assert following.dts == sample.dts + sample.duration
    origin_ms = expected[0][0]
    for sample, (dts_ms, *_) in zip(samples, expected, strict=True):
        assert abs(sample.dts - (dts_ms - origin_ms) * 48) <= 96


@pytest.mark.parametrize(
    ("encoder", "layout", "channels"),
    [("ac3", "5.1", 6), ("eac3", "5.1", 6), ("aac", "5.1", 6), ("libopus", "5.1", 6)],
)
def test_surround_sound_is_counted(encoder: str, layout: str, channels: int) -> None:
    recording = record(None, encoder, layout=layout)
    [track] = tracks_of(receive_all(recording.messages), "audio")
    assert track.audio is not None
    assert track.audio.channel_count == channels


@pytest.mark.parametrize("rate", ["24000/1001", "24", "25", "30000/1001", "50", "60000/1001", "60"])
def test_frame_rates_become_exact_durations(rate: str) -> None:
    recording = record("libx264", None, rate=Fraction(rate))
    samples = samples_of(receive_all(recording.messages), "video")
    period = 90_000 / Fraction(rate)
    for index, sample in enumerate(samples):
        assert abs(sample.dts - index * period) <= Fraction(1, 2)


@pytest.mark.parametrize("encoder", VIDEO)
def test_a_frame_rate_that_only_the_metadata_claims_is_told(encoder: str) -> None:
    recording = record(encoder, None)
    events = receive_all(
        recording.messages, {"videocodecid": 7.0, "framerate": 29.97, "videodatarate": 4000.0}
    )
    track = tracks_of(events, "video")[0]
    assert track.video is not None
    assert track.video.frame_rate == Fraction(30_000, 1001)
    assert track.bitrate_bps == 4_000_000


def test_avc_colours_and_sample_aspect_come_from_the_bitstream() -> None:
    options = (
        ("x264-params", "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:sar=4/3"),
        ("profile", "high10"),
    )
    recording = record(
        "libx264", None, size=(640, 362), pixel_format="yuv420p10le", video_options=options
    )
    track = tracks_of(receive_all(recording.messages), "video")[0]
    assert track.video is not None
    assert (track.video.width_px, track.video.height_px) == (640, 362)
    assert track.video.bit_depth == 10
    assert track.video.sample_aspect == (4, 3)
    color = track.video.color
    assert color is not None
    assert (color.primaries, color.transfer, color.matrix) == (9, 16, 9)


def test_hevc_main_10_with_hdr_metadata_is_described() -> None:
    options = (
        (
            "x265-params",
            "log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:sar=2",
        ),
    )
    recording = record(
        "libx265", None, size=(1280, 718), pixel_format="yuv420p10le", video_options=options
    )
    track = tracks_of(receive_all(recording.messages), "video")[-1]
    assert track.video is not None
    assert (track.video.width_px, track.video.height_px) == (1280, 718)
    assert (track.video.bit_depth, track.video.sample_aspect) == (10, (12, 11))
    assert track.video.frame_rate == 30
    assert track.video.color is not None
    assert track.video.color.transfer == 18


@pytest.mark.parametrize("encoder", VIDEO)
def test_a_clean_recording_raises_no_warning(encoder: str) -> None:
    events = receive_all(record(encoder, "aac").messages)
    assert [event for event in events if isinstance(event, PublisherWarning)] == []
