"""An uplink that shakes: a relay before the server, which holds back what it is sent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

_READ_BYTES = 65_536
_MOMENT_S = 0.5
_CAPACITY = 1_000  # pieces on their way; then the encoder waits, as TCP makes it


@asynccontextmanager
async def uneven_line(url: str, lates_s: Sequence[float]) -> AsyncIterator[str]:
    """Give an address that leads to `url`; each half second is late by the next of `lates_s`."""
    place = urlsplit(url)
    running: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(place.hostname, place.port)
        with contextlib.suppress(OSError):
            await asyncio.gather(_pass(reader, back, lates_s), _pass(there, writer, (0.0,)))

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.create_task(carry(reader, writer)))

    relay = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = relay.sockets[0].getsockname()[1]
    try:
        yield urlunsplit(place._replace(netloc=f"127.0.0.1:{port}"))
    finally:
        relay.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lates_s: Sequence[float]
) -> None:
    """Hand on what comes, in its order, and its end."""
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_CAPACITY)

    async def take() -> None:
        piece = b" "
        while piece:
            piece = await reader.read(_READ_BYTES)
            now_s = loop.time()
            place = int((now_s - began_s) / _MOMENT_S) % len(lates_s)
            await waiting.put((now_s + lates_s[place], piece))

    taking = asyncio.create_task(take())
    try:
        while True:
            due_s, piece = await waiting.get()
            await asyncio.sleep(max(due_s - loop.time(), 0))
            if not piece:
                return
            writer.write(piece)
            await writer.drain()
    finally:
        taking.cancel()
        writer.close()
