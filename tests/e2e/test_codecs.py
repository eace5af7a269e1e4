"""Every codec goes through the real server and comes out so that FFmpeg decodes it all."""

import pytest

from conformance.following import follow
from ingest.media import Codec
from tests.support.clean_report import assert_clean
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import (
    AudioSettings,
    Form,
    RtmpPublisher,
    Show,
    VideoSettings,
    make_show,
)
from tests.support.viewer import viewer

pytestmark = pytest.mark.real

DECODER_NAMES = {
    Codec.AVC: {"h264"},
    Codec.HEVC: {"hevc"},
    Codec.AV1: {"av1", "libdav1d"},
    Codec.VP9: {"vp9", "libvpx-vp9"},
    Codec.AAC: {"aac"},
    Codec.OPUS: {"opus", "libopus"},
    Codec.FLAC: {"flac"},
    Codec.AC3: {"ac3"},
    Codec.EAC3: {"eac3"},
}


async def publish_and_follow(server: RillcastServer, channel: str, show: Show) -> None:
    async with (
        viewer(server.live_url(channel)) as watching,
        RtmpPublisher(f"{server.rtmp_url}/{channel}") as publisher,
        publisher.sending(show),
    ):
        await watching.wait_until_live()
        report = await follow(watching.url, duration_s=7)
        names = list(await watching.rendition_urls())
        decoded = [await watching.decode(name) for name in names]
    assert_clean(report)
    assert len(names) == len(show.video) + len(show.audio)
    for rendition in decoded:
        kind, _, number = rendition.name.partition("-")
        tracks = show.video if kind == "video" else show.audio
        codec = tracks[int(number or 0)].settings.codec
        assert set(rendition.codecs) <= DECODER_NAMES[codec], rendition.name
        assert not rendition.complaints, (rendition.name, rendition.complaints)
        assert rendition.times_s, rendition.name


@pytest.mark.parametrize(
    ("video", "audio"),
    [
        (Codec.HEVC, Codec.OPUS),
        (Codec.AV1, Codec.FLAC),
        (Codec.VP9, Codec.AC3),
        (Codec.AVC, Codec.EAC3),
    ],
)
async def test_an_enhanced_publisher_reaches_viewers_in_its_own_codecs(
    server: RillcastServer, video: Codec, audio: Codec
) -> None:
    show = make_show(VideoSettings(codec=video, gop_frames=60), AudioSettings(codec=audio))
    await publish_and_follow(server, f"{video.name}-{audio.name}", show)


@pytest.mark.parametrize("form", [Form.AS_OBS, Form.MANY_TRACKS, Form.MANY_TRACKS_MANY_CODECS])
async def test_several_tracks_become_several_renditions(server: RillcastServer, form: Form) -> None:
    sizes = [(640, 360), (320, 180)]
    show = make_show(
        [VideoSettings(width_px=w, height_px=h, gop_frames=60) for w, h in sizes],
        [AudioSettings(), AudioSettings(bitrate_bps=64_000)],
        form=form,
    )
    await publish_and_follow(server, f"tracks-{form.name}", show)
