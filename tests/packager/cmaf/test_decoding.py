"""What we write, read by FFmpeg: PyAV's libraries, and the ffprobe of the system, years older."""

import io
import json
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import pytest

from ingest.media import Codec
from tests.packager.cmaf.coded_media import CodedMedia, coded_audio, coded_video
from tests.packager.cmaf.mp4_reader import read_fragment
from tests.support.ffmpeg_log import ffmpeg_complaints
from tests.support.rtmp_publisher.coded_track import AudioSettings, VideoSettings

SHOWS: dict[str, VideoSettings | AudioSettings] = {
    "avc": VideoSettings(),
    "avc-b-frames": VideoSettings(b_frames=3),
    "avc-29.97": VideoSettings(frame_rate=Fraction(30_000, 1001), b_frames=2),
    "hevc": VideoSettings(codec=Codec.HEVC),
    "hevc-b-frames": VideoSettings(codec=Codec.HEVC, b_frames=3),
    "av1": VideoSettings(codec=Codec.AV1),
    "vp9": VideoSettings(codec=Codec.VP9),
    "aac": AudioSettings(),
    "aac-mono-44100": AudioSettings(sample_rate_hz=44_100, channel_layout="mono"),
    "aac-surround": AudioSettings(channel_layout="5.1", bitrate_bps=320_000),
    "aac-96000": AudioSettings(sample_rate_hz=96_000),
    "opus": AudioSettings(codec=Codec.OPUS),
    "opus-surround": AudioSettings(codec=Codec.OPUS, channel_layout="5.1", bitrate_bps=256_000),
    "flac": AudioSettings(codec=Codec.FLAC),
    "flac-96000": AudioSettings(codec=Codec.FLAC, sample_rate_hz=96_000),
    "ac3": AudioSettings(codec=Codec.AC3),
    "eac3": AudioSettings(codec=Codec.EAC3),
    "eac3-surround": AudioSettings(codec=Codec.EAC3, channel_layout="5.1", bitrate_bps=320_000),
}
_FFPROBE_NAMES = {
    Codec.AVC: ("h264", "avc1"),
    Codec.HEVC: ("hevc", "hvc1"),
    Codec.AV1: ("av1", "av01"),
    Codec.VP9: ("vp9", "vp09"),
    Codec.AAC: ("aac", "mp4a"),
    Codec.OPUS: ("opus", "Opus"),
    Codec.FLAC: ("flac", "fLaC"),
    Codec.AC3: ("ac3", "ac-3"),
    Codec.EAC3: ("eac3", "ec-3"),
}


@pytest.fixture(params=list(SHOWS.values()), ids=list(SHOWS))
def media(request: pytest.FixtureRequest) -> CodedMedia:
    settings: VideoSettings | AudioSettings = request.param
    if isinstance(settings, VideoSettings):
        return coded_video(settings)
    return coded_audio(settings)


def test_ffmpeg_decodes_every_sample_at_its_time_without_a_complaint(media: CodedMedia) -> None:
    with ffmpeg_complaints() as complaints, av.open(io.BytesIO(media.file()), "r") as file:
        (stream,) = file.streams
        assert stream.time_base == Fraction(1, media.track.timescale)
        packets, decoded_times = [], []
        for packet in file.demux(stream):
            if packet.size:
                packets.append(packet)
            for decoded in packet.decode():
                assert isinstance(decoded, av.VideoFrame | av.AudioFrame)
                decoded_times.append(decoded.pts)
    assert complaints == []
    assert [bytes(packet) for packet in packets] == [sample.payload for sample in media.samples]
    assert [packet.pts for packet in packets] == media.presentation_times()
    assert [packet.is_keyframe for packet in packets] == [s.is_sync for s in media.samples]
    expected_times = sorted(media.presentation_times())
    if media.track.codec is Codec.OPUS:
        # The decoder starts with what is left of the first unit after the pre-skip (RFC 7845, 4.2).
        expected_times[0] += int.from_bytes(media.track.decoder_configuration[10:12], "little")
    assert decoded_times == expected_times


@pytest.mark.parametrize("codec", [Codec.AVC, Codec.HEVC])
def test_signed_composition_offsets_keep_the_distances_of_pictures(codec: Codec) -> None:
    media = coded_video(VideoSettings(codec=codec, b_frames=2)).with_signed_offsets()
    lowest = min(sample.composition_offset_ticks for sample in media.samples)
    assert lowest < 0
    with ffmpeg_complaints() as complaints, av.open(io.BytesIO(media.file()), "r") as file:
        times = [packet.pts for packet in file.demux() if packet.size]
    assert complaints == []
    # FFmpeg alone delays all of the track so that no pts lies before its dts.
    assert times == [pts - lowest for pts in media.presentation_times()]


@pytest.mark.real
def test_an_older_ffprobe_sees_the_right_codec_without_a_complaint(
    media: CodedMedia, tmp_path: Path
) -> None:
    path = tmp_path / "track.mp4"
    path.write_bytes(media.file())
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-count_packets"]
    result = subprocess.run([*command, path], capture_output=True, text=True, check=True)
    assert result.stderr == ""
    (stream,) = json.loads(result.stdout)["streams"]
    name, tag = _FFPROBE_NAMES[media.track.codec]
    assert (stream["codec_name"], stream["codec_tag_string"]) == (name, tag)
    assert stream["time_base"] == f"1/{media.track.timescale}"
    assert int(stream["nb_read_packets"]) == len(media.samples)
    if media.track.video is not None:
        assert stream["width"] == media.track.video.width_px
        assert stream["height"] == media.track.video.height_px
    if media.track.audio is not None:
        assert int(stream["sample_rate"]) == media.track.audio.sample_rate_hz
        assert stream["channels"] == media.track.audio.channel_count


def test_decode_times_run_on_without_a_hole_from_fragment_to_fragment(media: CodedMedia) -> None:
    expected = media.decode_time_ticks
    for number, written in enumerate(media.fragments(samples_each=7), start=1):
        fragment = read_fragment(written)
        assert fragment.sequence_number == number
        assert fragment.decode_time == expected
        expected += sum(sample.duration for sample in fragment.samples)
    assert expected == media.decode_time_ticks + sum(s.duration_ticks for s in media.samples)
