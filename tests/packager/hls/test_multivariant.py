"""Whole multivariant playlists, written by hand from rfc8216bis 4.4.6."""

from dataclasses import replace
from fractions import Fraction

import pytest

from ingest.media import AudioFormat, Codec, ColorDescription, Track, VideoFormat
from packager.hls import RenditionDescription, render_multivariant


def video(
    name: str = "video", peak_bps: int = 4_400_000, codecs: str = "avc1.64001f"
) -> RenditionDescription:
    return RenditionDescription(
        uri=f"e1/{name}/index.m3u8",
        track=Track(
            name,
            0,
            Codec.AVC,
            90_000,
            b"",
            video=VideoFormat(1280, 720, frame_rate=Fraction(30_000, 1001)),
        ),
        codecs=codecs,
        peak_bps=peak_bps,
        average_bps=peak_bps - 400_000,
    )


def audio(
    track_id: int = 0,
    codec: Codec = Codec.AAC,
    codecs: str = "mp4a.40.2",
    *,
    peak_bps: int = 170_000,
    language: str = "und",
    channel_count: int = 2,
) -> RenditionDescription:
    name = f"audio-{track_id}" if track_id else "audio"
    return RenditionDescription(
        uri=f"e1/{name}/index.m3u8",
        track=Track(
            name,
            track_id,
            codec,
            48_000,
            b"",
            audio=AudioFormat(48_000, channel_count, 1024),
            language=language,
        ),
        codecs=codecs,
        peak_bps=peak_bps,
        average_bps=peak_bps - 10_000,
    )


def test_one_video_and_one_audio() -> None:
    assert render_multivariant([video(), audio()], is_independent=True) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="Audio",LANGUAGE="und",'
        'DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="e1/audio/index.m3u8"\n'
        "#EXT-X-STREAM-INF:BANDWIDTH=4570000,AVERAGE-BANDWIDTH=4160000,"
        'CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,'
        'VIDEO-RANGE=SDR,AUDIO="aac"\n'
        "e1/video/index.m3u8\n"
    )


def test_a_ladder_with_two_languages() -> None:
    text = render_multivariant(
        [
            video(),
            video("video-1", 1_400_000, "avc1.4d401e"),
            audio(language="en"),
            audio(1, language="de", peak_bps=200_000),
            audio(2, language="en"),
        ],
        is_independent=False,
    )
    assert text == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="Audio",LANGUAGE="en",'
        'DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="e1/audio/index.m3u8"\n'
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="Audio 2",LANGUAGE="de",'
        'DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="e1/audio-1/index.m3u8"\n'
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="Audio 3",LANGUAGE="en",'
        'DEFAULT=NO,AUTOSELECT=NO,CHANNELS="2",URI="e1/audio-2/index.m3u8"\n'
        "#EXT-X-STREAM-INF:BANDWIDTH=4600000,AVERAGE-BANDWIDTH=4190000,"
        'CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,'
        'VIDEO-RANGE=SDR,AUDIO="aac"\n'
        "e1/video/index.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1600000,AVERAGE-BANDWIDTH=1190000,"
        'CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,'
        'VIDEO-RANGE=SDR,AUDIO="aac"\n'
        "e1/video-1/index.m3u8\n"
    )


def test_each_audio_codec_has_its_own_group_and_variant() -> None:
    text = render_multivariant(
        [video(), audio(), audio(1, Codec.OPUS, "Opus", channel_count=6)], is_independent=True
    )
    assert text == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="Audio",LANGUAGE="und",'
        'DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="e1/audio/index.m3u8"\n'
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="opus",NAME="Audio 2",LANGUAGE="und",'
        'DEFAULT=YES,AUTOSELECT=YES,CHANNELS="6",URI="e1/audio-1/index.m3u8"\n'
        "#EXT-X-STREAM-INF:BANDWIDTH=4570000,AVERAGE-BANDWIDTH=4160000,"
        'CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,'
        'VIDEO-RANGE=SDR,AUDIO="aac"\n'
        "e1/video/index.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=4570000,AVERAGE-BANDWIDTH=4160000,"
        'CODECS="avc1.64001f,Opus",RESOLUTION=1280x720,FRAME-RATE=29.970,'
        'VIDEO-RANGE=SDR,AUDIO="opus"\n'
        "e1/video/index.m3u8\n"
    )


def test_video_alone_has_no_group() -> None:
    assert render_multivariant([video()], is_independent=True) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=4400000,AVERAGE-BANDWIDTH=4000000,"
        'CODECS="avc1.64001f",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR\n'
        "e1/video/index.m3u8\n"
    )


def test_one_audio_alone_is_the_variant() -> None:
    assert render_multivariant([audio()], is_independent=True) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=170000,AVERAGE-BANDWIDTH=160000,CODECS="mp4a.40.2"\n'
        "e1/audio/index.m3u8\n"
    )


def test_several_audios_alone_are_a_group_whose_first_is_the_variant() -> None:
    text = render_multivariant([audio(), audio(1, peak_bps=330_000)], is_independent=True)
    assert text == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="Audio",LANGUAGE="und",'
        'DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="e1/audio/index.m3u8"\n'
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="Audio 2",LANGUAGE="und",'
        'DEFAULT=NO,AUTOSELECT=NO,CHANNELS="2",URI="e1/audio-1/index.m3u8"\n'
        "#EXT-X-STREAM-INF:BANDWIDTH=330000,AVERAGE-BANDWIDTH=320000,"
        'CODECS="mp4a.40.2",AUDIO="aac"\n'
        "e1/audio/index.m3u8\n"
    )


@pytest.mark.parametrize(
    ("transfer", "video_range"), [(1, "SDR"), (16, "PQ"), (18, "HLG"), (None, "SDR")]
)
def test_video_range_follows_the_transfer_function(transfer: int | None, video_range: str) -> None:
    color = ColorDescription(9, transfer, 9) if transfer is not None else None
    hdr = video()
    hdr = replace(
        hdr, track=replace(hdr.track, video=VideoFormat(3840, 2160, color=color, bit_depth=10))
    )
    text = render_multivariant([hdr], is_independent=True)
    assert f"RESOLUTION=3840x2160,VIDEO-RANGE={video_range}\n" in text


def test_resolution_is_that_of_square_pixels() -> None:
    wide = video()
    wide = replace(
        wide, track=replace(wide.track, video=VideoFormat(1440, 1080, sample_aspect=(4, 3)))
    )
    assert "RESOLUTION=1920x1080" in render_multivariant([wide], is_independent=True)


@pytest.mark.parametrize("language", ['e"n', "", "deutsch!", "x"])
def test_a_language_that_is_no_tag_is_undetermined(language: str) -> None:
    text = render_multivariant([video(), audio(language=language)], is_independent=True)
    assert 'LANGUAGE="und"' in text
