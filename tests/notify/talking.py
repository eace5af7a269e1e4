"""TalkStage: a stage whose people talk in rooms, over WebSockets and by HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import web

from accounts.api.service import RestApi
from accounts.chat.settings import ChatSettings
from accounts.images import PictureFolder
from accounts.settings import AccountsSettings, ApiSettings
from accounts.storage import Database
from config.chat_side import ChatSide
from config.chat_tellings import RoomTelling
from config.notify_side import NotifySide
from notify.settings import NotifySettings
from tests.accounts.channels.world import World
from tests.notify.listening import Ear, Names, Stage


class TalkStage(Stage):
    """One server's rooms, and all else that tests call."""

    rooms: ChatSide
    api: RestApi
    _addresses = count()

    async def ask(
        self, as_: str | None, method: str, path: str, json_: Any = None, **more: Any
    ) -> tuple[int, Any]:
        """Ask the API, from another address each time; return status and JSON."""
        number = next(self._addresses)
        headers = {
            "X-Forwarded-For": f"10.0.{number // 250}.{number % 250}",
            **more.pop("headers", {}),
        }
        async with (
            self.http(as_) as http,
            http.request(method, f"/api/v1{path}", json=json_, headers=headers, **more) as answer,
        ):
            body = await answer.json(content_type=None) if answer.status != 204 else None
            return answer.status, body

    async def edit(self, as_: str, json_: Any, channel: str = "studio") -> tuple[int, Any]:
        """Change a room's rules as they are now."""
        path = f"/api/v1/channels/{channel}/chat"
        async with self.http(as_) as http:
            async with http.get(path) as seen:
                tag = seen.headers["ETag"]
            async with http.patch(path, json=json_, headers={"If-Match": tag}) as answer:
                return answer.status, await answer.json(content_type=None)

    async def texts(self, as_: str | None = None, query: str = "") -> list[str]:
        """Return the history's texts, as they come."""
        status, body = await self.ask(as_, "GET", f"/channels/studio/chat/messages{query}")
        assert status == 200, body
        return [each["text"] for each in body["items"]]


class Mouth:
    """A WebSocket client that keeps replies and events apart."""

    def __init__(self, ear: Ear) -> None:
        self.ear = ear
        self.events: list[Any] = []
        self.replies: asyncio.Queue[Any] = asyncio.Queue()
        self._heard = asyncio.Condition()
        self._number = 0

    async def listen(self) -> None:
        """Take what comes, until cancelled or closed."""
        async for text in self.ear.socket:
            said = json.loads(text)
            if "ref" in said:
                await self.replies.put(said)
                continue
            async with self._heard:
                self.events.append(said)
                self._heard.notify_all()

    async def do(self, type_: str, **members: Any) -> Any:
        """Send a command and return its reply."""
        self._number += 1
        ref = self._number
        await self.ear.socket.send(json.dumps({"type": type_, "ref": ref, **members}))
        reply = await self.replies.get()
        assert reply["ref"] == ref
        return reply

    async def say(self, text: str, channel: str = "studio", **more: Any) -> Any:
        """Say something and return the reply."""
        return await self.do("say", channel=channel, text=text, **more)

    async def join(self, channel: str = "studio", **more: Any) -> Any:
        """Subscribe to a room and to oneself."""
        return await self.do("subscribe", topics=[f"chat:{channel}", "me"], **more)

    async def hears(self, is_it: Callable[[Any], bool]) -> Any:
        """Return the first event of which this is true, waiting for it."""
        async with self._heard:
            await self._heard.wait_for(lambda: any(map(is_it, self.events)))
        return next(filter(is_it, self.events))

    async def hears_text(self, text: str) -> Any:
        """Return the message with a text."""
        return await self.hears(lambda each: each.get("text") == text)

    async def hears_texts(self, number: int) -> None:
        """Wait until so many messages were heard."""
        async with self._heard:
            await self._heard.wait_for(lambda: len(self.texts()) >= number)

    async def hears_type(self, type_: str) -> Any:
        """Return the first event of a type."""
        return await self.hears(lambda each: each["type"] == type_)

    def texts(self) -> list[str]:
        """Return what was said, as it was heard."""
        return [each["text"] for each in self.events if each["type"] == "chat.message"]


@asynccontextmanager
async def talk_stage(database: Database, folder: Path, **chat: Any) -> AsyncIterator[TalkStage]:
    """Serve a channel `studio` of Olga's; Fay and Otto come by."""
    world = World(database)
    await world.populate()
    await world.channel("studio")
    async with talk_stage_of(world, folder, **chat) as made:
        yield made


@asynccontextmanager
async def talk_stage_of(world: World, folder: Path, **chat: Any) -> AsyncIterator[TalkStage]:
    """Serve a world that there is; several may serve the same."""
    names = Names()
    accounts = AccountsSettings(api=ApiSettings(burst=100_000, per_minute=1e6))
    pictures = PictureFolder(folder / "pictures")

    def tell(telling: RoomTelling) -> None:
        side.tell_room(telling)

    rooms = ChatSide(
        world.database,
        world.clock,
        ChatSettings(**{"burst": 1000, "per_minute": 60_000.0, **chat}),
        bans=world.viewer_bans,
        moderators=world.moderators,
        playback=world.playback,
        pictures=pictures,
        tell=tell,
    )
    side = NotifySide(
        world.database,
        world.clock,
        world.emit,
        NotifySettings(commands_burst=10_000),
        accounts=accounts,
        authenticator=names,
        playback=world.playback,
        trusted_proxies=frozenset({"127.0.0.1"}),
        rooms=rooms,
    )
    world.listeners.append(side.note)
    api = RestApi(
        [*side.resources, *rooms.resources],
        world.database,
        names,
        accounts,
        world.clock,
        trusted_proxies={"127.0.0.1"},
    )
    application = web.Application()
    side.add_routes(application)
    api.add_to(application)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    await rooms.start()
    await side.start()
    made = TalkStage(world, side, names, runner.addresses[0][1])
    made.rooms, made.api = rooms, api
    try:
        yield made
    finally:
        world.listeners.remove(side.note)
        side.send_away()
        await api.close()
        await runner.cleanup()
        await rooms.stop()
        await side.stop()
        pictures.close()


@asynccontextmanager
async def talking(on: TalkStage, *who: str | None) -> AsyncIterator[list[Mouth]]:
    """Connect people; None is anybody."""
    async with AsyncExitStack() as stack:
        made = []
        tasks = []
        for name in who:
            mouth = Mouth(await stack.enter_async_context(on.ear(as_=name)))
            tasks.append(asyncio.create_task(mouth.listen()))
            made.append(mouth)
        try:
            yield made
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
