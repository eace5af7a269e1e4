"""An encoder whose devices run on clocks of their own: each track is sent at its own pace."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.support.rtmp_publisher import MessageType, RtmpPublisher, Show

_LONG_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """How fast tracks come, 1.0 being right; and how much later than pictures sound is sent."""

    video_speed: float = 1.0
    audio_speed: float = 1.0
    audio_late_s: float = 0.0


@asynccontextmanager
async def publishing_by(clocks: Clocks, url: str, show: Show) -> AsyncIterator[None]:
    """Send a show meanwhile, over and over, with the times that it should have."""
    async with RtmpPublisher(url) as publisher:
        await publisher.send_media([show.metadata(), *show.sequence_starts()])
        began_s = asyncio.get_running_loop().time()
        tracks = [
            (MessageType.VIDEO, clocks.video_speed, began_s),
            (MessageType.AUDIO, clocks.audio_speed, began_s + clocks.audio_late_s),
        ]
        sending = [
            asyncio.create_task(_send(publisher, show, kind, speed, from_s))
            for kind, speed, from_s in tracks
        ]
        try:
            yield
            assert not any(task.done() for task in sending), sending
        finally:
            for task in sending:
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)


async def _send(
    publisher: RtmpPublisher, show: Show, kind: MessageType, speed: float, began_s: float
) -> None:
    loop = asyncio.get_running_loop()
    for message in show.media(_LONG_S):
        if message.type_id is kind:
            await asyncio.sleep(began_s + message.timestamp_ms / 1000 / speed - loop.time())
            await publisher.send_media([message])
