"""A show goes on at the same addresses whatever its publisher changes, with a break at most."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from fractions import Fraction

import pytest

from conformance.follow_settings import FollowSettings
from conformance.following import follow
from ingest.media import Codec
from tests.support.clean_report import assert_clean
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import (
    AudioSettings,
    Message,
    RtmpPublisher,
    Show,
    VideoSettings,
    make_show,
)
from tests.support.viewer import Viewer, viewer

pytestmark = pytest.mark.real

SETTINGS = FollowSettings(segment_every=1)
STAY_S = 6.0

H264, AAC = VideoSettings(), AudioSettings()
HEVC = VideoSettings(codec=Codec.HEVC)
AV1 = VideoSettings(codec=Codec.AV1)
LARGE_60 = VideoSettings(width_px=640, height_px=360, frame_rate=Fraction(60), gop_frames=120)
MONO_44 = AudioSettings(sample_rate_hz=44_100, channel_layout="mono")
OPUS = AudioSettings(codec=Codec.OPUS)

# What the publisher sends one after the other; None for a kind that is not there.
Stage = tuple[VideoSettings | None, AudioSettings | None]
CODECS: Sequence[Stage] = ((H264, AAC), (HEVC, MONO_44), (AV1, OPUS), (H264, AAC))
FORMATS: Sequence[Stage] = ((H264, AAC), (LARGE_60, AAC), (LARGE_60, MONO_44), (H264, MONO_44))
KINDS: Sequence[Stage] = ((H264, AAC), (H264, None), (H264, AAC), (None, AAC), (H264, AAC))
LATE_KINDS: Sequence[Stage] = ((None, AAC), (H264, AAC), (H264, None))
CHANGES = {"codecs": CODECS, "formats": FORMATS, "kinds": KINDS, "late kinds": LATE_KINDS}


def shows(stages: Sequence[Stage]) -> list[Show]:
    made = {stage: make_show(*stage) for stage in dict.fromkeys(stages)}
    return [made[stage] for stage in stages]


@asynccontextmanager
async def watched(
    server: RillcastServer, channel: str, sending: asyncio.Task[None]
) -> AsyncIterator[Viewer]:
    """Follow a show over HLS and DASH: same addresses, no rule broken, all that is listed plays.

    Every rendition has every break, at the same segment.
    """
    async with viewer(server.live_url(channel)) as watching:
        multivariant = await watching.wait_until_live()
        assert multivariant.rendition_uris()
        first = await watching.rendition_urls()
        stop = asyncio.Event()
        following = [
            asyncio.create_task(follow(url, settings=SETTINGS, stop=stop))
            for url in (watching.url, watching.url.replace("index.m3u8", "manifest.mpd"))
        ]
        yield watching
        await sending
        stop.set()
        for report in await asyncio.gather(*following):
            assert_clean(report)
        last = await watching.rendition_urls()
        assert first.items() <= last.items()
        ends = set()
        for name in last:
            decoded = await watching.decode(name)
            assert not decoded.complaints, (name, decoded.complaints)
            playlist = decoded.playlist
            listed = [segment.msn for segment in playlist.segments if segment.is_discontinuous]
            ends.add((playlist.next_msn, playlist.discontinuity_sequence + len(listed)))
        assert len(ends) == 1, ends


@pytest.mark.parametrize("change", CHANGES)
async def test_an_encoder_that_comes_back_with_something_else_goes_on(
    server: RillcastServer, change: str
) -> None:
    channel = f"back-{change.replace(' ', '-')}"
    stages = shows(CHANGES[change])  # encoding holds up the loop, however long it takes

    async def send() -> None:
        for show in stages:
            async with RtmpPublisher(f"{server.rtmp_url}/{channel}") as publisher:
                await publisher.send(show, realtime=True, duration_s=STAY_S)
                publisher.cut()
            await asyncio.sleep(0.5)

    sending = asyncio.create_task(send())
    async with watched(server, channel, sending):
        pass


@pytest.mark.parametrize("change", CHANGES)
async def test_an_encoder_that_changes_on_the_same_connection_goes_on(
    server: RillcastServer, change: str
) -> None:
    channel = f"same-{change.replace(' ', '-')}"
    stages = shows(CHANGES[change])

    async def send() -> None:
        async with RtmpPublisher(f"{server.rtmp_url}/{channel}") as publisher:
            from_ms = 0
            for show in stages:
                from_ms = await publisher.send(
                    show, realtime=True, duration_s=STAY_S, from_ms=from_ms
                )

    sending = asyncio.create_task(send())
    async with watched(server, channel, sending):
        pass


@pytest.mark.parametrize("jump_s", [-3600.0, -5.0, -0.5, 0.7, 4.0, 9.0, 30.0, 7200.0])
async def test_an_encoder_whose_clock_jumps_goes_on_at_the_same_distance(
    server: RillcastServer, jump_s: float
) -> None:
    """The jump is in all tracks at once, as when a computer's clock is set."""
    channel = f"jump{jump_s:+.1f}".replace(".", "_").replace("+", "p")
    show = make_show()
    loop = asyncio.get_running_loop()

    def jumped(message: Message) -> Message:
        if message.timestamp_ms < 8000:
            return message
        return replace(message, timestamp_ms=message.timestamp_ms + round(jump_s * 1000))

    async def send() -> None:
        async with RtmpPublisher(f"{server.rtmp_url}/{channel}") as publisher:
            head = [show.metadata(), *show.sequence_starts()]
            await publisher.send_media(head, from_ms=4_000_000)
            started_s = loop.time()
            for message in show.media(18):
                wait_s = started_s + message.timestamp_ms / 1000 - loop.time()
                if wait_s > 0:
                    await asyncio.sleep(wait_s)
                await publisher.send_media([jumped(message)], from_ms=4_000_000)

    sending = asyncio.create_task(send())
    async with watched(server, channel, sending) as watching:
        url = (await watching.rendition_urls())["video"]
        await sending
        playlist = await watching.playlist(url)
        assert playlist.next_msn >= 8  # all that was sent is there: no socket was made to rest
    assert f"publisher sends faster than real time channel={channel}" not in server.log_text()
