"""Shows that real streamers send and that break servers: playback goes on in each case."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from conformance.following import follow
from conformance.report import Report
from tests.support.clean_report import assert_clean
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import (
    AudioSettings,
    Message,
    MessageType,
    RtmpPublisher,
    Show,
    VideoSettings,
    make_show,
)
from tests.support.viewer import DecodedRendition, Viewer, viewer

pytestmark = pytest.mark.real

LONG_S = 400.0


@asynccontextmanager
async def publishing(server: RillcastServer, channel: str) -> AsyncIterator[RtmpPublisher]:
    async with RtmpPublisher(f"{server.rtmp_url}/{channel}") as publisher:
        yield publisher


@asynccontextmanager
async def sending(
    publisher: RtmpPublisher, messages: list[tuple[float, Message]]
) -> AsyncIterator[None]:
    """Send each message when its time, in seconds from now, has come; the rest is for nobody."""
    task = asyncio.create_task(send_at(publisher, messages))
    try:
        yield
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def send_at(publisher: RtmpPublisher, messages: list[tuple[float, Message]]) -> None:
    loop = asyncio.get_running_loop()
    started_s = loop.time()
    for at_s, message in sorted(messages, key=lambda entry: entry[0]):
        if (wait_s := started_s + at_s - loop.time()) > 0:
            await asyncio.sleep(wait_s)
        await publisher.send_media([message])


def on_time(show: Show) -> list[tuple[float, Message]]:
    """Give a show that is longer than anybody watches it, however busy the machine."""
    start = [(0.0, message) for message in [show.metadata(), *show.sequence_starts()]]
    return start + [(m.timestamp_ms / 1000, m) for m in show.media(LONG_S)]


async def watch(watching: Viewer, duration_s: float) -> tuple[Report, dict[str, DecodedRendition]]:
    await watching.wait_until_live()
    report = await follow(watching.url, duration_s=duration_s)
    names = await watching.rendition_urls()
    return report, {name: await watching.decode(name) for name in names}


def assert_plays(decoded: DecodedRendition, longest_gap_s: float) -> None:
    assert not decoded.complaints, decoded.complaints
    gaps = [later - earlier for earlier, later in pairwise(decoded.times_s)]
    assert gaps, decoded
    assert max(gaps) <= longest_gap_s, (decoded.name, max(gaps))


async def test_a_keyframe_every_eight_seconds_plays_and_warns_the_streamer(
    server: RillcastServer,
) -> None:
    show = make_show(VideoSettings(gop_frames=250, duration_s=250 / 30), AudioSettings())
    async with (
        viewer(server.live_url("long-gop")) as watching,
        publishing(server, "long-gop") as publisher,
        publisher.sending(show),
    ):
        report, decoded = await watch(watching, 22)
    assert_clean(report)
    assert_plays(decoded["video"], 0.05)
    assert_plays(decoded["audio"], 0.05)
    assert "long-gop" in server.log_text()


@pytest.mark.parametrize("kind", ["video", "audio"])
async def test_a_show_of_one_kind_plays(server: RillcastServer, kind: str) -> None:
    show = make_show(audio=None) if kind == "video" else make_show(video=None)
    async with (
        viewer(server.live_url(f"only-{kind}")) as watching,
        publishing(server, f"only-{kind}") as publisher,
        publisher.sending(show),
    ):
        report, decoded = await watch(watching, 8)
    assert_clean(report)
    assert list(decoded) == [kind]
    assert_plays(decoded[kind], 0.05)


async def test_sound_that_comes_late_joins_the_show(server: RillcastServer) -> None:
    show = make_show()
    was_seen_mute = asyncio.Event()

    async def send(publisher: RtmpPublisher) -> None:
        """Send no sound before somebody has seen the show without."""
        has_sound = False
        for at_s, message in on_time(show):
            if message.type_id == MessageType.DATA_AMF0:
                continue
            if message.type_id == MessageType.AUDIO and not has_sound:
                if not was_seen_mute.is_set():
                    continue
                has_sound = True
                starts = show.sequence_starts(round(at_s * 1000))
                await publisher.send_media([m for m in starts if m.type_id == MessageType.AUDIO])
            await asyncio.sleep(max(0.0, began_s + at_s - loop.time()))
            await publisher.send_media([message])

    loop = asyncio.get_running_loop()
    async with (
        viewer(server.live_url("late-sound")) as watching,
        publishing(server, "late-sound") as publisher,
    ):
        began_s = loop.time()
        sending = asyncio.create_task(send(publisher))
        await watching.wait_until_live()
        assert list(await watching.rendition_urls()) == ["video"]
        was_seen_mute.set()
        await watching.wait_for_rendition("audio")
        report, decoded = await watch(watching, 5)
        assert not sending.done(), sending
        sending.cancel()
    assert_clean(report)
    assert_plays(decoded["video"], 0.05)
    assert_plays(decoded["audio"], 0.05)


async def test_sound_that_ends_becomes_silence_and_the_picture_goes_on(
    server: RillcastServer,
) -> None:
    messages = [
        (at_s, message)
        for at_s, message in on_time(make_show())
        if message.type_id != MessageType.AUDIO or at_s < 5
    ]
    async with (
        viewer(server.live_url("sound-ends")) as watching,
        publishing(server, "sound-ends") as publisher,
        sending(publisher, messages),
    ):
        report, decoded = await watch(watching, 12)
    assert_clean(report)
    assert_plays(decoded["video"], 0.05)
    assert_plays(decoded["audio"], 0.05)
    assert abs(decoded["audio"].times_s[-1] - decoded["video"].times_s[-1]) < 2.5


async def test_dropped_frames_and_a_stall_with_a_burst_play_on(server: RillcastServer) -> None:
    """Half a second of video is missing; later the line hangs for 5 s and then all comes."""
    messages = [
        (12.0 if 7 <= at_s < 12 else at_s, message)
        for at_s, message in on_time(make_show())
        if not (message.type_id == MessageType.VIDEO and 4 <= at_s < 4.5)
    ]
    async with (
        viewer(server.live_url("stall")) as watching,
        publishing(server, "stall") as publisher,
        sending(publisher, messages),
    ):
        report, decoded = await watch(watching, 16)
    assert_clean(report)
    assert_plays(decoded["video"], 0.6)
    assert_plays(decoded["audio"], 0.05)


async def test_a_variable_frame_rate_plays(server: RillcastServer) -> None:
    """As a screen capture: 30 frames a second, then 5, then 30 again."""
    messages = [
        (at_s, message)
        for number, (at_s, message) in enumerate(on_time(make_show()))
        if not (
            message.type_id == MessageType.VIDEO
            and 5 <= at_s < 10
            and message.payload[0] >> 4 != 1
            and number % 6
        )
    ]
    async with (
        viewer(server.live_url("vfr")) as watching,
        publishing(server, "vfr") as publisher,
        sending(publisher, messages),
    ):
        report, decoded = await watch(watching, 13)
    assert_clean(report)
    assert_plays(decoded["audio"], 0.05)


async def test_a_new_resolution_mid_show_is_a_discontinuity_with_a_new_init(
    server: RillcastServer,
) -> None:
    small, large = (
        make_show(VideoSettings(width_px=w, height_px=h)) for w, h in ((320, 180), (640, 360))
    )
    async with (
        viewer(server.live_url("resize")) as watching,
        publishing(server, "resize") as publisher,
    ):
        await publisher.send(small, realtime=True, duration_s=6)
        sending = asyncio.create_task(
            publisher.send(large, realtime=True, duration_s=10, from_ms=6000)
        )
        report = await follow(watching.url, duration_s=7)
        video = await watching.decode("video")
        await sending
    assert_clean(report)
    assert not video.complaints
    maps = {segment.map.uri for segment in video.playlist.segments if segment.map}
    assert len(maps) == 2
    assert sum(segment.is_discontinuous for segment in video.playlist.segments) == 1


async def test_a_file_sent_at_full_speed_is_played_at_its_own(server: RillcastServer) -> None:
    show = make_show(VideoSettings(bitrate_bps=4_000_000))
    loop = asyncio.get_running_loop()
    started_s = loop.time()
    async with (
        viewer(server.live_url("too-fast")) as watching,
        publishing(server, "too-fast") as publisher,
    ):
        await publisher.send(show, duration_s=20)
        await watching.wait_for_segment("video", 9)
    assert loop.time() - started_s > 20 - 3 - 3  # 3 s and what sockets hold may be ahead
