"""A house for people: a server with accounts and an issuer, and pages of somebody in it."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Locator, Page, expect

from tests.support.accounts_server import ENABLED, PASSWORD, run_command
from tests.support.openid_issuer import CLIENT_ID, CLIENT_SECRET, openid_issuer
from tests.support.port import free_port
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.web.chromium import opened

ADMINISTRATOR: Final = "ada@example.org"
ISSUER_TITLE: Final = "At home"
_GUESTS: Final[dict[str, dict[str, Any]]] = {
    name: {"email": f"{name}@home.example", "email_verified": True, "name": name}
    for name in ("nina", "otto")
}
_SETTINGS: Final = """
[accounts.openid.issuers.home]
issuer = "{issuer}"
client_id = "{id}"
client_secret = "{secret}"
title = "{title}"
allow_http = true
"""


@dataclass(frozen=True)
class House:
    """A running server, open to all, whose administrator is Ada."""

    server: RillcastServer
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        return self.server.http_url

    @property
    def data(self) -> Path:
        return self.server.data

    def new_address(self, name: str) -> str:
        """Return an address that nobody has, in a test that is run once more, too."""
        return f"{name}.{next(self._numbers)}@example.org"

    def add_person(self, name: str) -> str:
        """Make an account from the command line and return its address."""
        email = self.new_address(name)
        add_person(self.data, name, email)
        return email

    @asynccontextmanager
    async def signed_in(self, browser: Browser, email: str, path: str) -> AsyncIterator[Page]:
        """Open a page as somebody. What its scripts complain about fails the test."""
        async with opened(browser, "about:blank") as page:
            answer = await page.context.request.post(
                f"{self.url}/api/v1/sessions",
                data={"email": email, "password": PASSWORD},
                headers={"Origin": self.url},
            )
            assert answer.status == 201, await answer.text()
            await page.goto(self.url + path)
            yield page


@contextmanager
def people_house(folder: Path) -> Iterator[House]:
    """Run the server and its issuer; who comes from there is whom the header X-User names."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    add_person(folder / "data", "ada", ADMINISTRATOR, "admin")
    with openid_issuer(_GUESTS, [f"{url}/api/v1/openid/home/callback"]) as issuer:
        settings = folder / "rillcast.toml"
        settings.write_text(
            _SETTINGS.format(issuer=issuer, id=CLIENT_ID, secret=CLIENT_SECRET, title=ISSUER_TITLE)
        )
        flags = (
            *ENABLED,
            *("--set", "accounts.registration.mode=open"),
            *("--config", str(settings), "--http", f"127.0.0.1:{port}"),
        )
        with rillcast_server(folder, *flags) as server:
            yield House(server)


def add_person(data: Path, name: str, email: str, role: str = "user") -> None:
    """Make an account in a data folder."""
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    run_command(data, "user", "add", email, "--name", name, "--role", role, typed=typed)


async def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the page for signing in."""
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def confirm(page: Page, action: str, password: str | None = None) -> Locator:
    """Agree to what a dialog asks, by password if it asks for one."""
    dialog = page.get_by_role("dialog")
    if password is not None:
        await dialog.get_by_label("Your password").fill(password)
    await dialog.get_by_role("button", name=action).click()
    return dialog


def account_menu(page: Page) -> Locator:
    """Find the button of who has signed in."""
    return page.get_by_role("button", name=re.compile("^Your account"))


async def sign_out(page: Page) -> None:
    """Sign out by the menu."""
    await account_menu(page).click()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
