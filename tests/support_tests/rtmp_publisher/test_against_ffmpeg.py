"""The test publisher against ffmpeg as the server: what it sends is what ffmpeg takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from ingest.media import Codec
from tests.support.port import free_port
from tests.support.rtmp_publisher import (
    ClientBehaviour,
    RtmpPublisher,
    Show,
    Step,
    VideoSettings,
    make_show,
)

pytestmark = pytest.mark.real

_CONNECT_TRIES = 200
LIMIT_S = 180


@dataclass
class FfmpegServer:
    """ffmpeg, listening for one publisher. `packets` are (stream, dts, size) after it ended."""

    url: str
    process: asyncio.subprocess.Process

    async def packets(self) -> list[tuple[int, int, int]]:
        """Wait until ffmpeg has ended by itself; every complaint of it fails the test.

        Only the end of the connection is one that ffmpeg always makes of a publisher that leaves.
        """
        async with asyncio.timeout(LIMIT_S):
            written, complaints = await self.process.communicate()
        assert complaints.decode() == f"{self.url}: Input/output error\n"
        rows = [
            [int(column) for column in line.split(",")[:5]]
            for line in written.decode().splitlines()
            if not line.startswith("#")
        ]
        return [(row[0], row[1], row[4]) for row in rows]


@asynccontextmanager
async def ffmpeg_server() -> AsyncIterator[FfmpegServer]:
    url = f"rtmp://127.0.0.1:{free_port()}/live/show"
    process = await asyncio.create_subprocess_exec(
        *("ffmpeg", "-v", "warning", "-nostdin", "-copyts", "-listen", "1", "-i", url),
        *("-c", "copy", "-f", "framecrc", "-"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield FfmpegServer(url, process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def publish(url: str, show: Show, behaviour: ClientBehaviour) -> RtmpPublisher:
    """Publish to a server that is still starting: nobody else may connect to it before."""
    for _ in range(_CONNECT_TRIES):
        try:
            async with RtmpPublisher(url, behaviour=behaviour) as publisher:
                await publisher.send(show)
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
        else:
            return publisher
    raise AssertionError("ffmpeg does not listen")


@pytest.mark.parametrize(
    "behaviour",
    [
        ClientBehaviour(),
        ClientBehaviour(chunk_size_bytes=128, media_chunk_streams=(4, 6, 5)),
        ClientBehaviour(compresses_headers=False, chunk_size_bytes=65_536),
        ClientBehaviour(omits=frozenset({Step.SET_CHUNK_SIZE, Step.METADATA})),
        ClientBehaviour(start_timestamp_ms=0x1000000),
        ClientBehaviour(handshake_piece_bytes=100, handshake_pause_s=0.001),
    ],
    ids=["as-obs", "small-chunks", "full-headers", "default-chunks", "extended", "slow-handshake"],
)
async def test_ffmpeg_takes_every_unit(behaviour: ClientBehaviour) -> None:
    show = make_show(VideoSettings(b_frames=2))
    async with ffmpeg_server() as server:
        publisher = await publish(server.url, show, behaviour)
        packets = await server.packets()
    assert publisher.voice.status_codes == ["NetStream.Publish.Start"]
    (video,), (audio,) = show.video, show.audio
    sizes = [[size for index, _, size in packets if index == stream] for stream in (0, 1)]
    expected = [[len(unit.payload) for unit in track.units] for track in (video, audio)]
    assert sorted(sizes) == sorted(expected)
    assert packets[0][1] == pytest.approx(behaviour.start_timestamp_ms, abs=100)


def test_the_show_for_ffmpeg_is_of_legacy_codecs() -> None:
    show = make_show()
    assert [track.settings.codec for track in show.video + show.audio] == [Codec.AVC, Codec.AAC]
