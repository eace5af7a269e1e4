"""A real server with accounts, furnished by the command line, and people who talk to its API."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from typer.testing import CliRunner

from config.cli import command_line
from tests.support.rillcast_server import RillcastServer, rillcast_server

PASSWORD = "nine unrelated llamas"
# Nobody is sent away because a busy machine keeps them waiting for the database.
ENABLED = ("--set", "accounts.enabled=true", "--set", "accounts.database.wait_s=60")


def run_command(data: Path, *words: str, typed: str = "") -> str:
    """Run `rillcast` beside the server and return what it printed last.

    In a thread: commands have an event loop of their own, and may be run by a test that has one.
    """
    arguments = [*words, "--data", str(data)]
    with ThreadPoolExecutor(1) as thread:
        result = thread.submit(CliRunner().invoke, command_line(), arguments, input=typed).result()
    assert result.exit_code == 0, result.output
    lines = result.stdout.strip().splitlines()
    return lines[-1] if lines else ""


@dataclass
class Person:
    """Somebody who has signed in."""

    session: aiohttp.ClientSession
    headers: dict[str, str]

    async def ask(
        self, method: str, path: str, json: Any = None, **headers: str
    ) -> tuple[int, Any]:
        """Send a request below /api/v1; return status and JSON."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        async with self.session.request(
            method, f"/api/v1{path}", json=json, headers=self.headers | named
        ) as response:
            body = await response.json(content_type=None) if response.status != 204 else None
            return response.status, body


@contextmanager
def accounts_server(folder: Path, *flags: str) -> Iterator[RillcastServer]:
    """Run a server where Olga owns the channel `studio`, Fay is a fan, and Ada administrates."""
    data = folder / "data"
    for name, role in (("ada", "admin"), ("olga", "user"), ("fay", "user")):
        run_command(
            data, "user", "add", f"{name}@example.org", "--name", name, "--role", role,
            typed=f"{PASSWORD}\n{PASSWORD}\n",
        )  # fmt: skip
    run_command(data, "channel", "add", "studio", "--owner", "olga@example.org")
    with rillcast_server(folder, *ENABLED, *flags) as running:
        yield running


def stream_key(server: RillcastServer, channel: str = "studio") -> str:
    """Make a key of a channel."""
    return run_command(server.data, "key", "add", channel, *ENABLED)


@asynccontextmanager
async def signed_in(server: RillcastServer, name: str) -> AsyncIterator[Person]:
    """Be somebody."""
    async with aiohttp.ClientSession(server.http_url) as session:
        person = Person(session, {})
        status, made = await person.ask(
            "POST",
            "/sessions",
            {"email": f"{name}@example.org", "password": PASSWORD, "kind": "client"},
        )
        assert status in {200, 201}, made
        person.headers["Authorization"] = f"Bearer {made['accessToken']}"
        yield person
