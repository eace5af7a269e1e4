"""Simulated viewers of a real server: each does over HTTP what one kind of player does."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

import aiohttp

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0"
SAFARI = "AppleCoreMedia/1.0.0.22A3354 (iPhone; U; CPU OS 18_0 like Mac OS X)"


@dataclass
class Simulated:
    """Somebody at an address. `leave` closes all connections, as a closed tab does.

    `address` is what a trusted proxy says; without one they come from `source` themselves.
    """

    url: str  # of the channel's folder, with a slash at the end
    address: str = ""
    agent: str = BROWSER
    source: str = ""
    client: aiohttp.ClientSession = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _media: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        headers = {"User-Agent": self.agent}
        if self.address:
            headers["X-Forwarded-For"] = self.address
        local = (self.source, 0) if self.source else None
        self.client = aiohttp.ClientSession(
            headers=headers, connector=aiohttp.TCPConnector(local_addr=local)
        )

    def begin(self, *kinds: Callable[["Simulated"], Awaitable[None]]) -> "Simulated":
        """Do what players of these kinds do, until `leave`."""
        self._tasks += [asyncio.ensure_future(self._try(kind)) for kind in kinds]
        return self

    async def leave(self) -> None:
        tasks = [*self._tasks, *self._media]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks = []
        await self.client.close()

    async def text(self, url: str) -> str:
        async with self.client.get(url) as response:
            assert response.status == 200, (url, response.status)
            return await response.text()

    def fetch(self, url: str) -> None:
        """Take media meanwhile."""
        task = asyncio.ensure_future(self._fetch(url))
        self._media.add(task)
        task.add_done_callback(self._media.discard)

    async def playlists(self) -> list[str]:
        """Fetch the multivariant playlist; return the media playlists, the picture's first."""
        url = self.url + "index.m3u8"
        text = await self.text(url)
        found = re.findall(r'^[^#\s].*|(?<=URI=")[^"]+', text, re.MULTILINE)
        return sorted({urljoin(url, each) for each in found}, key=lambda each: "/audio/" in each)

    async def _fetch(self, url: str) -> None:
        async with self.client.get(url) as response:
            await response.read()

    async def _try(self, kind: Callable[["Simulated"], Awaitable[None]]) -> None:
        await kind(self)


async def low_latency(viewer: Simulated) -> None:
    """Ask for each next part of picture and sound, as hls.js does, and now and then for media."""
    playlists = await viewer.playlists()
    await asyncio.gather(*(_follow(viewer, url) for url in playlists))


async def picture_alone(viewer: Simulated) -> None:
    """Follow the picture alone, as a browser without the sound's codec does."""
    await _follow(viewer, (await viewer.playlists())[0])


async def polling(viewer: Simulated) -> None:
    """Look every target duration, and take the newest segment, as players of plain HLS do."""
    await asyncio.gather(*(_poll(viewer, url) for url in await viewer.playlists()))


async def dropping_queries(viewer: Simulated) -> None:
    """Poll at addresses without their queries."""
    found = [url.partition("?")[0] for url in await viewer.playlists()]
    await asyncio.gather(*(_poll(viewer, url) for url in found))


async def dash(viewer: Simulated) -> None:
    """Ask for the manifest every second, where it says, and take segments."""
    url = viewer.url + "manifest.mpd"
    while True:
        text = await viewer.text(url)
        location = re.search("<Location>([^<]*)</Location>", text)
        if location is not None:
            url = urljoin(url, location[1].replace("&amp;", "&"))
        await asyncio.sleep(1)


async def dash_without_location(viewer: Simulated) -> None:
    """Ask for the manifest where it was asked for first."""
    while True:
        await viewer.text(viewer.url + "manifest.mpd")
        await asyncio.sleep(1)


async def reloading(viewer: Simulated) -> None:
    """Load the page again every three seconds."""
    while True:
        playing = asyncio.ensure_future(low_latency(viewer))
        await asyncio.sleep(3)
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


async def prefetching(viewer: Simulated) -> None:
    """Fetch every list once, again and again, and never watch."""
    while True:
        for url in await viewer.playlists():
            await viewer.text(url)
        await asyncio.sleep(14)


async def probing(viewer: Simulated) -> None:
    """Ask what there is without taking it."""
    while True:
        for url in [viewer.url + "index.m3u8", *await viewer.playlists()]:
            for ask in (viewer.client.head, viewer.client.options):
                async with ask(url):
                    pass
        await asyncio.sleep(0.5)


async def _follow(viewer: Simulated, url: str) -> None:
    asked = url
    while True:
        text = await viewer.text(asked)
        msn = int(re.findall(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", text)[0])
        msn += len(re.findall(r"^segment-\d+\.m4s", text, re.MULTILINE))
        parts = len(re.findall("#EXT-X-PART:", text.rpartition("#EXTINF")[2]))
        if (hint := re.search(r'PRELOAD-HINT:TYPE=PART,URI="([^"]+)"', text)) is not None:
            viewer.fetch(urljoin(url, hint[1]))  # beside the next request, which waits for it, too
        asked = f"{url}{'&' if '?' in url else '?'}_HLS_msn={msn}&_HLS_part={parts}"


async def _poll(viewer: Simulated, url: str) -> None:
    while True:
        text = await viewer.text(url)
        newest = re.findall(r"^segment-\d+\.m4s", text, re.MULTILINE)[-1]
        async with viewer.client.get(urljoin(url, newest)) as response:
            await response.read()
        await asyncio.sleep(2)
