"""Real encoders publish, and what viewers get holds every rule that the validator knows."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest

from conformance.follow_settings import FollowSettings
from conformance.following import follow
from tests.support.clean_report import assert_clean
from tests.support.encoder import encoder, ffmpeg_command, gstreamer_command
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import (
    AudioSettings,
    RtmpPublisher,
    VideoSettings,
    make_show,
)
from tests.support.viewer import viewer

pytestmark = pytest.mark.real


@pytest.mark.parametrize("command", [ffmpeg_command, gstreamer_command])
async def test_a_show_of_a_real_encoder_keeps_the_rules_and_decodes(
    server: RillcastServer, command: Callable[[str], list[str]]
) -> None:
    channel = command.__name__.replace("_", "-")
    with encoder(command(f"{server.rtmp_url}/{channel}")):
        async with viewer(server.live_url(channel)) as watching:
            await watching.wait_until_live()
            settings = FollowSettings(checks_actively=True, segment_every=1)
            report = await follow(watching.url, duration_s=12, settings=settings)
            video = await watching.decode("video")
            audio = await watching.decode("audio")
    assert_clean(report)
    assert {rendition.name for rendition in report.renditions} == {"video", "audio"}
    assert not video.complaints
    assert not audio.complaints
    assert video.codecs == ("h264",)
    assert audio.codecs == ("aac",)
    assert abs(video.times_s[0] - audio.times_s[0]) < 0.05
    assert len(video.times_s) >= 5 * 30


@pytest.mark.parametrize(
    ("frame_rate", "sample_rate_hz"),
    [("24000/1001", 44_100), ("25", 48_000), ("30000/1001", 48_000), ("60000/1001", 44_100)],
)
async def test_every_usual_frame_rate_keeps_the_rules(
    server: RillcastServer, frame_rate: str, sample_rate_hz: int
) -> None:
    rate = Fraction(frame_rate)
    show = make_show(
        VideoSettings(frame_rate=rate, gop_frames=round(2 * rate), duration_s=4, b_frames=2),
        AudioSettings(sample_rate_hz=sample_rate_hz, duration_s=4),
    )
    channel = f"rate-{rate.numerator}-{sample_rate_hz}"
    async with (
        viewer(server.live_url(channel)) as watching,
        RtmpPublisher(f"{server.rtmp_url}/{channel}") as publisher,
        publisher.sending(show),
    ):
        await watching.wait_until_live()
        report = await follow(watching.url, duration_s=8)
        video = await watching.decode("video")
        audio = await watching.decode("audio")
    assert_clean(report)
    assert not video.complaints
    assert not audio.complaints
    gaps = [later - earlier for earlier, later in pairwise(video.times_s)]
    assert max(gaps) < 1.2 / rate
    assert min(gaps) > 0.8 / rate
