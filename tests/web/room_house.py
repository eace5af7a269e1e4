"""A house with rooms: a server where people talk and are told of things, and pages of theirs.

Everybody signs in once, however many tests they are in.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientSession
from playwright.async_api import Browser, Locator, Page, StorageState, expect

from tests.support.accounts_server import PASSWORD, Person, accounts_server, signed_in
from tests.support.rillcast_server import RillcastServer
from tests.web.chromium import STATE_LIMIT_MS
from tests.web.signed_in_page import SIGN_IN

# Webhooks and alerts of these tests go to receivers on this machine. Tokens are good for as long as
# all tests of a browser take. Mails do not wait for what else happens.
_FLAGS: Final = (
    *("--set", "accounts.sessions.access_token_s=36000"),
    *("--set", "accounts.channels.per_account=40"),
    *("--set", "accounts.outbound.allow_private=true"),
    *("--set", "accounts.mail_alerts.window_s=0"),
    *("--set", "accounts.mail_alerts.interval_s=0"),
)
_NUMBERS: Final = count(1)


@dataclass(frozen=True)
class RoomHouse:
    """Olga has channels, Fay comes by, Ada administrates."""

    server: RillcastServer
    _states: dict[str, StorageState] = field(default_factory=dict, repr=False)
    _bearers: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    @property
    def url(self) -> str:
        return self.server.http_url

    @asynccontextmanager
    async def page(
        self, browser: Browser, path: str, name: str | None = None, **options: Any
    ) -> AsyncIterator[Page]:
        """Open a page as somebody, or as a visitor. What its scripts throw fails the test."""
        if name is not None and name not in self._states:
            self._states[name] = await self._sign_in(browser, name)
        state = None if name is None else self._states[name]
        context = await browser.new_context(storage_state=state, **options)
        context.set_default_timeout(STATE_LIMIT_MS)
        complaints: list[str] = []
        try:
            page = await context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(self.url + path)
            yield page
        finally:
            await context.close()
        assert complaints == []

    @asynccontextmanager
    async def person(self, name: str) -> AsyncIterator[Person]:
        """Be somebody who has no browser."""
        if name not in self._bearers:
            async with signed_in(self.server, name) as person:
                self._bearers[name] = person.headers
        async with ClientSession(self.url) as session:
            yield Person(session, self._bearers[name])

    async def channel(self, word: str, **fields: str) -> str:
        """Make a channel of Olga's that says this of itself, and return its name.

        It begins with the word, and is another each time: a test may be run again.
        """
        name = f"{word}-{next(_NUMBERS)}"
        async with self.person("olga") as olga:
            status, answer = await olga.ask("POST", "/channels", {"name": name, **fields})
            assert status == 201, answer
        return name

    async def key(self, channel: str) -> str:
        """Make a stream key of a channel."""
        async with self.person("olga") as olga:
            status, made = await olga.ask("POST", f"/channels/{channel}/keys", {"name": "studio"})
            assert status == 201, made
            key: str = made["key"]
            return key

    async def say(self, name: str, channel: str, *texts: str) -> None:
        """Say something as somebody who has no browser."""
        path = f"/channels/{channel}/chat/messages"
        async with self.person(name) as person:
            for text in texts:
                status, answer = await person.ask("POST", path, {"text": text})
                assert status == 201, answer

    async def follow(self, name: str, channel: str) -> None:
        """Follow a channel as somebody who has no browser."""
        async with self.person(name) as person:
            path = f"/channels/{channel}/follow"
            status, answer = await person.ask("PUT", path, {"notifications": "live"})
            assert status == 200, answer

    async def read_all(self, *names: str) -> None:
        """Leave nothing unread that earlier tests have told somebody."""
        for name in names:
            async with self.person(name) as person:
                status, answer = await person.ask("POST", "/me/notifications/read-all", {})
                assert status == 200, answer

    async def _sign_in(self, browser: Browser, name: str) -> StorageState:
        context = await browser.new_context()
        context.set_default_timeout(STATE_LIMIT_MS)
        try:
            page = await context.new_page()
            await page.goto(f"{self.url}/health")
            status = await page.evaluate(SIGN_IN, [f"{name}@example.org", PASSWORD])
            assert status == 201, status
            return await context.storage_state()
        finally:
            await context.close()


@contextmanager
def room_house(folder: Path) -> Iterator[RoomHouse]:
    """Run the server."""
    with accounts_server(folder, *_FLAGS) as server:
        yield RoomHouse(server)


def said(page: Page, text: str) -> Locator:
    """Find a message by its text."""
    return page.locator("rillcast-message-list .line").filter(has_text=text)


async def say(page: Page, text: str) -> None:
    """Write a message and see it."""
    await page.get_by_label("Write a message").fill(text)
    await page.get_by_label("Write a message").press("Enter")
    await expect(said(page, text)).to_be_visible()
