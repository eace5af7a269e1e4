"""The channels' API on a real server: whoever sends a name as bearer token is that person."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import Table

from accounts.api.caller import ANONYMOUS, Caller
from accounts.api.resources.admin_channels import AdminChannelsResource
from accounts.api.resources.blocks import BlocksResource
from accounts.api.resources.broadcasts import BroadcastsResource
from accounts.api.resources.channel_people import ChannelPeopleResource
from accounts.api.resources.channels import ChannelsResource
from accounts.api.resources.directory import DirectoryResource
from accounts.api.resources.follows import FollowsResource
from accounts.api.resources.keys import KeysResource
from accounts.api.resources.moderators import ModeratorsResource
from accounts.api.resources.playback import PlaybackResource
from accounts.api.service import RestApi
from accounts.images import PictureFolder
from accounts.settings import AccountsSettings, ApiSettings
from analytics.schema import metadata
from tests.accounts.channels.world import World

ALL_SCOPES = ("channels:read", "channels:write", "follows:read", "follows:write", "admin")


@dataclass
class Reply:
    """An answer, read to its end."""

    status: int
    headers: Any
    body: Any
    text: str


class NameAuthenticator:
    """Takes "OWNER" for the account acc_OWNER, and "OWNER:scope,scope" for a token of it."""

    async def authenticate(self, cookie: str | None, bearer: str | None) -> Caller:
        if cookie is not None or bearer is None:
            return ANONYMOUS
        name, _, scopes = bearer.partition(":")
        return Caller(
            account_id=f"acc_{name}",
            role="admin" if name == "ADMIN" else "user",
            via="personal-token" if ":" in bearer else "bearer",
            scopes=frozenset(scopes.split(",")),
        )


@dataclass
class ChannelServer:
    """A running API, and the world behind it."""

    world: World
    api: RestApi
    session: aiohttp.ClientSession

    async def ask(
        self, method: str, path: str, as_: str | None = None, json: Any = None, **more: Any
    ) -> Reply:
        """Send a request below /api/v1."""
        headers = dict(more.pop("headers", {}))
        if as_ is not None:
            headers["Authorization"] = f"Bearer {as_}"
        if json is not None:
            more["json"] = json
        async with self.session.request(
            method, f"/api/v1{path}", headers=headers, **more
        ) as response:
            text = await response.text()
            body = (
                await response.json(content_type=None)
                if response.content_type.endswith("json")
                else None
            )
            return Reply(response.status, response.headers, body, text)

    def world_tables(self) -> list[Table]:
        """Return every table there is."""
        return list(metadata.sorted_tables)

    async def edit(self, path: str, as_: str, json: Any, method: str = "PATCH") -> Reply:
        """Read something, then change it as it was read."""
        seen = await self.ask("GET", path, as_)
        tag = seen.headers.get("ETag", '"none"')
        return await self.ask(method, path, as_, json, headers={"If-Match": tag})


@asynccontextmanager
async def channel_server(
    world: World, folder: Path, more: Sequence[object] = ()
) -> AsyncIterator[ChannelServer]:
    """Serve the world's channels, and `more` resources beside them."""
    resources = [
        ChannelsResource(world.channels, PictureFolder(folder)),
        KeysResource(world.keys),
        FollowsResource(world.follows),
        BlocksResource(world.blocks),
        ModeratorsResource(world.moderators, world.viewer_bans),
        ChannelPeopleResource(world.lookup),
        BroadcastsResource(world.broadcasts),
        DirectoryResource(world.directory),
        PlaybackResource(world.playback),
        AdminChannelsResource(world.administration),
        *more,
    ]
    settings = AccountsSettings(
        enabled=True, api=ApiSettings(burst=100_000, per_minute=1_000_000, shared_s=0)
    )
    api = RestApi(resources, world.database, NameAuthenticator(), settings, world.clock)
    application = web.Application()
    api.add_to(application)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    session = aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookie_jar=aiohttp.DummyCookieJar())
    try:
        yield ChannelServer(world, api, session)
    finally:
        await session.close()
        await api.close()
        await runner.cleanup()
