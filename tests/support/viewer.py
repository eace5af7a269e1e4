"""What a viewer gets from a live channel, fetched over HTTP and decoded by FFmpeg."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp
import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from conformance.playlist import (
    MediaPlaylist,
    MultivariantPlaylist,
    read_media_playlist,
    read_multivariant_playlist,
)
from tests.support.ffmpeg_log import ffmpeg_complaints

LIMIT_S = 120.0  # a machine may be held up for long


@dataclass(frozen=True, slots=True)
class DecodedRendition:
    """A rendition's listed segments as FFmpeg decodes them; `codecs` has one for each init."""

    name: str
    playlist: MediaPlaylist
    codecs: tuple[str, ...]
    times_s: tuple[float, ...]
    complaints: tuple[tuple[int, str, str], ...]


class Viewer:
    """Watches one channel. `url` is its multivariant playlist."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self.url = url

    async def get(self, url: str) -> tuple[int, bytes]:
        """Fetch something and return status and body."""
        async with self._session.get(url) as response:
            return response.status, await response.read()

    async def wait_until_live(self, limit_s: float = LIMIT_S) -> MultivariantPlaylist:
        """Return the multivariant playlist as soon as there is one. Raises TimeoutError."""
        async with asyncio.timeout(limit_s):
            while True:
                status, body = await self.get(self.url)
                if status == 200:
                    return read_multivariant_playlist(body)
                await asyncio.sleep(0.1)

    async def rendition_urls(self) -> dict[str, str]:
        """Return the address of every media playlist by the name of its folder.

        Without the session, which is another in each answer.
        """
        playlist = await self.wait_until_live()
        uris = [uri.partition("?")[0] for uri in playlist.rendition_uris()]
        return {uri.split("/")[-2]: urljoin(self.url, uri) for uri in uris}

    async def wait_for_rendition(self, name: str, limit_s: float = LIMIT_S) -> None:
        """Return once the multivariant playlist lists a rendition. Raises TimeoutError."""
        async with asyncio.timeout(limit_s):
            while name not in await self.rendition_urls():  # noqa: ASYNC110 - it is a server's
                await asyncio.sleep(0.2)

    async def playlist(self, url: str, query: str = "") -> MediaPlaylist:
        """Fetch a media playlist."""
        status, body = await self.get(url + query)
        assert status == 200, (status, body)
        return read_media_playlist(body)

    async def wait_for_segment(
        self, name: str, msn: int, limit_s: float = LIMIT_S
    ) -> MediaPlaylist:
        """Return a rendition's playlist once it lists a complete segment of this number."""
        async with asyncio.timeout(limit_s):
            while True:
                url = (await self.rendition_urls())[name]
                playlist = await self.playlist(url)
                last = playlist.media_sequence + len(playlist.segments) - 1
                if last >= msn or playlist.is_ended:
                    return playlist
                await asyncio.sleep(0.2)

    async def wait_for_waiting(self, count: int, limit_s: float = LIMIT_S) -> None:
        """Return once the server holds so many requests, of anybody's. Raises TimeoutError."""
        async with asyncio.timeout(limit_s):
            while True:
                _, body = await self.get(urljoin(self.url, "/metrics"))
                found = re.search(rb"^rillcast_http_blocked_requests (\S+)", body, re.MULTILINE)
                if found is not None and float(found[1]) >= count:
                    return

    async def decode(self, name: str) -> DecodedRendition:
        """Fetch every listed segment of a rendition and decode it all."""
        url = (await self.rendition_urls())[name]
        playlist = await self.playlist(url)
        runs: list[bytearray] = []  # one for each init segment
        last_map = None
        for segment in playlist.segments:
            if segment.is_gap:
                continue
            assert segment.map is not None
            if segment.map.uri != last_map:
                last_map = segment.map.uri
                runs.append(bytearray(await self._body(urljoin(url, last_map))))
            runs[-1] += await self._body(urljoin(url, segment.uri))
        return await asyncio.to_thread(_decode, name, playlist, runs)

    async def _body(self, url: str) -> bytes:
        status, body = await self.get(url)
        assert status == 200, (url, status)
        return body


def _decode(name: str, playlist: MediaPlaylist, runs: list[bytearray]) -> DecodedRendition:
    times_s: list[float] = []
    codecs: list[str] = []
    with ffmpeg_complaints() as complaints:
        for run in runs:
            with av.open(io.BytesIO(run), "r") as container:
                stream = container.streams[0]
                codecs.append(stream.codec_context.name)
                for frame in container.decode(stream):
                    assert isinstance(frame, VideoFrame | AudioFrame)
                    if frame.pts is not None and frame.time_base is not None:
                        times_s.append(float(frame.pts * frame.time_base))
    return DecodedRendition(name, playlist, tuple(codecs), tuple(times_s), tuple(complaints))


@asynccontextmanager
async def viewer(url: str) -> AsyncIterator[Viewer]:
    """Watch the channel whose multivariant playlist is at `url`."""
    async with aiohttp.ClientSession() as session:
        yield Viewer(session, url)
