"""HttpServer: the listening socket, and an end that viewers hardly notice."""

import asyncio
import os
import socket
from typing import Final

import structlog
from aiohttp import web

from distribution.application import Application
from distribution.viewer_server import ViewerServer

_log: structlog.stdlib.BoundLogger = structlog.get_logger("distribution.server")

_BACKLOG: Final = 1024  # players of one show connect within the same second
# libuv accepts one connection a listener in each turn of the loop, and a turn takes up to 10 ms
# while viewers are woken: a thousand newcomers would wait for ten seconds.
_LISTENERS: Final = 8


class HttpServer:
    """Serves an Application on one TCP port. Start and stop it once, on one event loop."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._settings = application.settings
        self._runner = web.AppRunner(application.routes, access_log=None)
        self._viewers: ViewerServer | None = None
        self._listeners: list[asyncio.Server] = []
        self._watch: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port that it listens on, which the system chose if the settings say 0."""
        if not self._listeners:
            raise RuntimeError("expected a started server")
        return int(self._listeners[0].sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen and serve. Raises OSError if the address cannot be had."""
        await self._runner.setup()
        routed = self._runner.server
        assert routed is not None  # noqa: S101 - set by setup()
        self._viewers = ViewerServer(
            self._application.live,
            self._application.dispatcher(routed.request_handler),
            routed.request_factory,
            self._application.connections,
            self._settings,
            listener=self._application.listener,
        )
        try:
            self._listeners = await self._listen(self._viewers)
        except OSError:
            await self._runner.cleanup()
            raise
        self._watch = asyncio.create_task(self._watch_connections(), name="http-connections")
        _log.info("http listening", host=self._settings.host, port=self.port)

    def begin_draining(self) -> None:
        """Say that new viewers should go elsewhere, while there is media for those who wait."""
        self._application.begin_draining()

    async def stop(self, within_s: float | None = None) -> None:
        """Accept nobody, send home who waits, finish what runs, and close the rest.

        That is within `drain_s`, or `within_s` if that is less.
        """
        listeners, viewers, watch = self._listeners, self._viewers, self._watch
        if not listeners or viewers is None or watch is None:
            return
        self._listeners = []
        connections = self._application.connections
        connection_count = len(connections)
        for listener in listeners:
            listener.close()
        self._application.begin_draining()
        self._application.wake_all()
        limit_s = self._settings.drain_s if within_s is None else within_s
        try:
            async with asyncio.timeout(min(limit_s, self._settings.drain_s)):
                await viewers.finish()
                await connections.wait_empty()
        except TimeoutError:
            _log.warning("http drain cut short", connection_count=len(connections))
            connections.abort_all()
        watch.cancel()
        await self._runner.cleanup()
        _log.info("http stopped", connection_count=connection_count)

    async def _listen(self, viewers: ViewerServer) -> list[asyncio.Server]:
        """Listen on all of the host's addresses, with several listeners to each socket."""
        loop = asyncio.get_running_loop()
        listeners = [
            await loop.create_server(
                viewers, self._settings.host, self._settings.port, backlog=_BACKLOG
            )
        ]
        for bound in listeners[0].sockets:
            for _ in range(_LISTENERS - 1):
                shared = socket.socket(fileno=os.dup(bound.fileno()))
                listeners.append(await loop.create_server(viewers, sock=shared, backlog=_BACKLOG))
        return listeners

    async def _watch_connections(self) -> None:
        loop = asyncio.get_running_loop()
        interval_s = min(1.0, self._settings.write_stall_s / 4, self._settings.keep_alive_s / 4)
        while True:
            await asyncio.sleep(interval_s)
            try:
                self._application.connections.cut_stalled(loop.time())
                self._application.connections.close_silent(loop.time())
            except Exception:  # noqa: BLE001 - nobody awaits this task: it would die unheard
                _log.exception("http connection watch failed")
