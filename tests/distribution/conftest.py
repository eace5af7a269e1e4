"""A real server on a real port, and a real client, on uvloop as in production."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
import uvloop
from prometheus_client.registry import Collector

from distribution.application import Application
from distribution.ports import Audience, PlayerListener, ViewerAuthorizer
from distribution.publishing_api import PublishAddress
from distribution.server import HttpServer
from distribution.settings import HttpSettings
from packager.live import Publications
from tests.distribution.raw import RawViewer
from tests.distribution.show import Show


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"uvloop": uvloop.new_event_loop}


class Served:
    """A running server, what it serves, and a client that connects to it."""

    def __init__(
        self, application: Application, publications: Publications, server: HttpServer
    ) -> None:
        self.application = application
        self.publications = publications
        self.server = server
        self._viewers: list[RawViewer] = []
        self.origin = f"http://127.0.0.1:{server.port}"
        self.client = aiohttp.ClientSession(
            self.origin,
            connector=aiohttp.TCPConnector(limit=0),
            auto_decompress=False,
            skip_auto_headers=["Accept-Encoding"],
        )

    async def get(self, path: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
        """GET a path with headers whose names are written with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.get(path, headers=named) as response:
            return response, await response.read()

    async def blocked(self, count: int) -> None:
        """Return once that many requests wait."""
        async with asyncio.timeout(120):
            # Nobody announces that a request has begun to wait.
            while sum(p.waiter_count for p in self.publications) != count:  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.001)

    async def connect(self) -> RawViewer:
        viewer = await RawViewer.connect(self.server.port)
        self._viewers.append(viewer)
        return viewer

    async def stop(self) -> None:
        for viewer in self._viewers:
            viewer.close()
        await self.client.close()
        await self.server.stop()


# Whom a machine that is held up keeps from asking and reading is not cut, but where tests say so.
PATIENT: dict[str, object] = {"header_timeout_s": 60.0, "write_stall_s": 60.0}
Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Serve]:
    started: list[Served] = []

    async def start(
        *shows: Show,
        pages_folder: Path = tmp_path / "pages",
        collectors: tuple[Collector, ...] = (),
        publish_address: PublishAddress | None = None,
        viewers: ViewerAuthorizer | None = None,
        has_accounts: bool = False,
        audience: Audience | None = None,
        listener: PlayerListener | None = None,
        **settings: object,
    ) -> Served:
        publications = Publications(8)
        for show in shows:
            publications.open(show.publication)
        application = Application(
            publications,
            HttpSettings(host="127.0.0.1", port=0, **(PATIENT | settings)),  # type: ignore[arg-type] # by name
            publish_address=None if publish_address is None else lambda: publish_address,
            pages_folder=pages_folder,
            collectors=collectors,
            viewers=viewers,
            has_accounts=has_accounts,
            audience=audience,
            listener=listener,
        )
        server = HttpServer(application)
        await server.start()
        started.append(Served(application, publications, server))
        return started[-1]

    yield start
    for served in started:
        await served.stop()
