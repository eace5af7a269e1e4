"""Encoders that come back by themselves until they are told to stop, as OBS does."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager

from tests.support.rtmp_publisher import PublisherError, RtmpPublisher, Show

_RETRY_S = 0.5  # OBS waits 2 s, which would only make tests longer
_LONG_S = 600.0


@asynccontextmanager
async def returning_publisher(url: str, show: Show) -> AsyncIterator[None]:
    """Publish a show in real time, on every connection from its time 0 on."""
    async with _running(_publish(url, show)):
        yield


@asynccontextmanager
async def returning_encoder(command: Sequence[str]) -> AsyncIterator[None]:
    """Run an encoder, and again whenever it has ended."""
    async with _running(_encode(command)):
        yield


@asynccontextmanager
async def _running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _publish(url: str, show: Show) -> None:
    while True:
        publisher = RtmpPublisher(url)
        try:
            async with publisher:
                await publisher.send(show, realtime=True, duration_s=_LONG_S)
        except (OSError, PublisherError, TimeoutError):
            publisher.cut()
            await asyncio.sleep(_RETRY_S)


async def _encode(command: Sequence[str]) -> None:
    while True:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            await process.wait()
            await asyncio.sleep(_RETRY_S)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
                await process.wait()
