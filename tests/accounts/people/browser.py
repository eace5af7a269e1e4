"""A real server of the people API, and clients that behave like browsers and like programs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from accounts.api.resources.people import people_resources
from accounts.api.service import RestApi
from tests.accounts.people.world import PASSWORD, PUBLIC_URL, PeopleWorld


@dataclass
class Reply:
    """An answer, read to its end."""

    status: int
    headers: Any
    body: Any
    content: bytes = field(repr=False)

    @property
    def code(self) -> str:
        """What kind of problem it is."""
        return str(self.body["code"])

    @property
    def paths(self) -> list[str]:
        """Which fields are wrong."""
        return [each["path"] for each in self.body["errors"]]


class Client:
    """Sends requests. A browser keeps cookies and says where its pages come from."""

    def __init__(self, session: aiohttp.ClientSession, *, is_browser: bool) -> None:
        self._session = session
        self._is_browser = is_browser
        self.cookies: dict[str, str] = {}
        self.bearer: str | None = None

    async def ask(self, method: str, path: str, json: Any = None, **more: Any) -> Reply:
        headers: dict[str, str] = {}
        if self._is_browser:
            headers["Sec-Fetch-Site"] = "same-origin"
            if method != "GET":
                headers["Origin"] = PUBLIC_URL
            if self.cookies:
                pairs = (f"{name}={text}" for name, text in self.cookies.items())
                headers["Cookie"] = "; ".join(pairs)
        if self.bearer is not None:
            headers["Authorization"] = f"Bearer {self.bearer}"
        headers |= more.pop("headers", {})
        if json is not None:
            more["json"] = json
        async with self._session.request(
            method, f"/api/v1{path}", headers=headers, allow_redirects=False, **more
        ) as response:
            content = await response.read()
            for name, morsel in response.cookies.items():
                if not self._is_browser:
                    continue
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
            body = None
            if response.content_type.endswith("json"):
                body = await response.json(content_type=None)
            return Reply(response.status, response.headers, body, content)

    async def edit_me(self, **changes: Any) -> Reply:
        """Read one's account, then change it as it was read."""
        seen = await self.ask("GET", "/me")
        return await self.ask("PATCH", "/me", changes, headers={"If-Match": seen.headers["ETag"]})


@dataclass
class ServedPeople:
    """A running server. Clients are closed with it."""

    world: PeopleWorld
    session: aiohttp.ClientSession
    url: str

    def client(self) -> Client:
        """A program."""
        return Client(self.session, is_browser=False)

    def browser(self) -> Client:
        """A browser with no cookies."""
        return Client(self.session, is_browser=True)

    async def signed_in(
        self, email: str = "ann@example.org", password: str = PASSWORD, *, browser: bool = False
    ) -> Client:
        """A client of somebody who has an account."""
        client = self.browser() if browser else self.client()
        kind = "browser" if browser else "client"
        body = {"email": email, "password": password, "kind": kind}
        reply = await client.ask("POST", "/sessions", body)
        assert reply.status == 201, reply.body
        if not browser:
            client.bearer = reply.body["accessToken"]
        return client


@asynccontextmanager
async def serve_people(world: PeopleWorld) -> AsyncIterator[ServedPeople]:
    """Serve the API on a free port, as if a proxy served it at the public address."""
    api = RestApi(
        people_resources(world.people, public_url=world.settings.public_url),
        world.database,
        world.people.authenticator,
        world.settings,
        lambda: world.now_ms,
        trusted_proxies=("127.0.0.1",),
    )
    application = web.Application()
    api.add_to(application)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    jar = aiohttp.DummyCookieJar()
    try:
        async with aiohttp.ClientSession(url, cookie_jar=jar) as session:
            yield ServedPeople(world, session, url)
    finally:
        await api.close()
        await runner.cleanup()
