"""Recordings of Enhanced RTMP replayed to the real server come out whole."""

import asyncio
from collections.abc import Iterator
from itertools import groupby

import pytest

from ingest.media import Codec
from tests.support.flv_vectors import VECTORS, Vector
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import Message, RtmpPublisher
from tests.support.viewer import DecodedRendition, viewer

pytestmark = pytest.mark.real

SHOW_S = 9
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


def moments(vector: Vector) -> Iterator[tuple[int, list[Message]]]:
    for at_ms, messages in groupby(vector.repeated(SHOW_S), lambda each: each.timestamp_ms):
        yield at_ms, list(messages)


async def replay(publisher: RtmpPublisher, vector: Vector) -> None:
    loop = asyncio.get_running_loop()
    started_s = loop.time()
    for at_ms, messages in moments(vector):
        await asyncio.sleep(max(0.0, started_s + at_ms / 1000 - loop.time()))
        await publisher.send_media(messages)


Seen = tuple[bytes, list[DecodedRendition]]


async def watch(server: RillcastServer, vector: Vector, decoding: asyncio.Lock) -> Seen:
    """Replay a recording and fetch what viewers get of it, decoded one after the other."""
    async with (
        viewer(server.live_url(vector.name)) as watching,
        RtmpPublisher(f"{server.rtmp_url}/{vector.name}") as publisher,
    ):
        sending = asyncio.create_task(replay(publisher, vector))
        await watching.wait_until_live()
        _, multivariant = await watching.get(watching.url)
        for name in vector.codecs:
            await watching.wait_for_segment(name, 2)
        async with decoding:  # FFmpeg's complaints are the whole process's
            decoded = [await watching.decode(name) for name in await watching.rendition_urls()]
        await sending
        return multivariant, decoded


@pytest.fixture(scope="module")
def watched(server: RillcastServer) -> dict[str, Seen]:
    """All recordings, replayed at the same time."""

    async def watch_all() -> list[Seen]:
        decoding = asyncio.Lock()
        return await asyncio.gather(*(watch(server, vector, decoding) for vector in VECTORS))

    return {
        vector.name: seen for vector, seen in zip(VECTORS, asyncio.run(watch_all()), strict=True)
    }


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_recording_is_served_and_decodes(vector: Vector, watched: dict[str, Seen]) -> None:
    _, decoded = watched[vector.name]
    assert {rendition.name for rendition in decoded} == set(vector.codecs)
    for rendition in decoded:
        codec = vector.codecs[rendition.name]
        assert set(rendition.codecs) <= DECODER_NAMES[codec], rendition.name
        assert not rendition.complaints, (rendition.name, rendition.complaints)
        assert len(rendition.times_s) >= 10, rendition.name


def test_hdr_metadata_reaches_the_playlist(watched: dict[str, Seen]) -> None:
    multivariant, _ = watched["obs-hevc-hdr"]
    assert b"VIDEO-RANGE=PQ" in multivariant
