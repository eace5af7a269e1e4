"""Stage: a real server that tells what happens in a world of channels, and clients that listen."""

import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp
import websockets
from aiohttp import web

from accounts.api.caller import ANONYMOUS, Caller
from accounts.api.service import RestApi
from accounts.channels.live_fact import LiveEnded, LiveStarted
from accounts.people.scopes import SCOPES
from accounts.settings import AccountsSettings
from accounts.storage import Database
from config.notify_side import NotifySide
from notify.events import ChannelChanged
from notify.settings import NotifySettings
from notify.topic import channel_key
from tests.accounts.channels.world import OWNER, World

COOKIE = "__Host-rillcast"


class Names:
    """Whoever sends a name is that person, with a personal token unless `ended` says otherwise.

    `scopes` are those of a token that has not all; `demoted` is who was an administrator.
    """

    def __init__(self) -> None:
        self.ended: set[str] = set()
        self.scopes: dict[str, frozenset[str]] = {}
        self.demoted: set[str] = set()

    async def authenticate(self, cookie: str | None, bearer: str | None) -> Caller:
        name = bearer or cookie
        if name is None or name in self.ended or not name.isupper():
            return ANONYMOUS
        return Caller(
            account_id=f"acc_{name}",
            role="admin" if name == "ADMIN" and name not in self.demoted else "user",
            scopes=self.scopes.get(name, frozenset(SCOPES)),
            via="personal-token",
        )


class Ear:
    """A WebSocket client that has been welcomed."""

    def __init__(self, socket: websockets.ClientConnection, welcome: Any) -> None:
        self.socket = socket
        self.welcome = welcome

    async def hear(self) -> Any:
        """Return the next message."""
        return json.loads(await self.socket.recv())

    async def ask(self, type_: str, **members: Any) -> Any:
        """Send a command and return the next message."""
        await self.socket.send(json.dumps({"type": type_, **members}))
        return await self.hear()

    async def titles(self, number: int) -> list[str]:
        """Return the titles of the next events."""
        return [(await self.hear())["title"] for _ in range(number)]

    async def closed(self) -> int:
        """Read to the end; return the close code."""
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await self.socket.recv()
        assert self.socket.close_code is not None
        return self.socket.close_code


class Stage:
    """Everything that tests call."""

    def __init__(self, world: World, side: NotifySide, names: Names, port: int) -> None:
        self.world = world
        self.side = side
        self.names = names
        self.url = f"127.0.0.1:{port}"
        self._epochs = count(1)

    async def titled(self, title: str, channel: str = "studio") -> None:
        """Tell an event by giving a channel another title, without the database in between."""
        found = await self.world.channels.see(channel, OWNER)
        self.tell(found.channel.id, channel, title)

    def tell(self, channel_id: str, channel: str, title: str) -> None:
        """Tell an event of the moment."""
        self.side._bus.publish(
            ChannelChanged(at=0, channel=channel, changed=("title",), title=title, category=None),
            topics=[f"channel:{channel}"],
            keys=[channel_key(channel_id)],
        )

    async def go_live(self, channel: str = "studio") -> None:
        """Begin a broadcast."""
        epoch = f"e{next(self._epochs)}"
        await self.world.recorder.write(
            LiveStarted(channel=channel, epoch=epoch, at_ms=self.world.now_ms)
        )
        self.side._dispatcher.wake()

    async def go_off(self, channel: str = "studio") -> None:
        """End it."""
        epoch = self.world.recorder._open[channel].epoch
        await self.world.recorder.write(
            LiveEnded(channel=channel, epoch=epoch, at_ms=self.world.now_ms, technical=None)
        )
        self.side._dispatcher.wake()

    @asynccontextmanager
    async def ear(self, *, as_: str | None = None, **options: Any) -> AsyncIterator[Ear]:
        """Listen."""
        headers = dict(options.pop("headers", {}))
        if as_ is not None:
            headers["Authorization"] = f"Bearer {as_}"
        options.setdefault("max_queue", None)  # else it does not see a close behind what waits
        # A machine that is held up is no server that does not answer.
        options = {"open_timeout": 120, "ping_interval": None, **options}
        async with websockets.connect(
            f"ws://{self.url}/ws", additional_headers=headers, **options
        ) as socket:
            yield Ear(socket, json.loads(await socket.recv()))

    @asynccontextmanager
    async def http(self, as_: str | None = None) -> AsyncIterator[aiohttp.ClientSession]:
        """Ask by HTTP."""
        headers = {} if as_ is None else {"Authorization": f"Bearer {as_}"}
        async with aiohttp.ClientSession(f"http://{self.url}", headers=headers) as session:
            yield session


@asynccontextmanager
async def stage(database: Database, **settings: Any) -> AsyncIterator[Stage]:
    """Serve a channel `studio` and an open one `garden`; stop at the end."""
    world = World(database)
    await world.populate()
    for name in ("studio", "garden"):
        await world.channel(name)
    async with stage_of(world, **settings) as made:
        yield made


@asynccontextmanager
async def stage_of(world: World, **settings: Any) -> AsyncIterator[Stage]:
    """Serve a world that there is."""
    names = Names()
    accounts = AccountsSettings(enabled=True)
    side = NotifySide(
        world.database,
        world.clock,
        world.emit,
        NotifySettings(**settings),
        accounts=accounts,
        authenticator=names,
        playback=world.playback,
        trusted_proxies=frozenset({"127.0.0.1"}),
    )
    world.listeners.append(side.note)
    api = RestApi(side.resources, world.database, names, accounts, world.clock)
    application = web.Application()
    side.add_routes(application)
    api.add_to(application)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    await side.start()
    try:
        yield Stage(world, side, names, runner.addresses[0][1])
    finally:
        world.listeners.remove(side.note)
        side.send_away()
        await api.close()
        await side.wait_gone(10)
        await runner.cleanup()
        await side.stop()
