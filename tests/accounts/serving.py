"""A real server with accounts, an administrator and somebody else, and their tokens."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.support.rillcast_server import rillcast_server

PASSWORD = "a horse and 7 staples"
SETTINGS = {
    "accounts.enabled": "true",
    "accounts.database.wait_s": "60",
    "accounts.api.burst": "1000000",
    "accounts.api.per_minute": "1e9",
    "accounts.passwords.memory_kib": "64",
    "accounts.passwords.passes": "1",
}


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True)
class AccountsOnAir:
    """The running server. `tokens` are access tokens by who has them."""

    url: str
    log: Path
    tokens: dict[str, str] = field(repr=False)
    _numbers: Iterator[int] = field(default_factory=count, repr=False)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answered:
        """Send one request with JSON, each from an address of its own, so that none must wait."""
        number = next(self._numbers)
        sent = {"X-Forwarded-For": f"10.0.{number // 250}.{number % 250}", **(headers or {})}
        if as_ is not None:
            sent["Authorization"] = f"Bearer {self.tokens[as_]}"
        return ask(self.url, method, path, body, sent)

    def document(self) -> Any:
        """Return the API's document."""
        return self.ask("GET", "/api/openapi.json").body


def ask(url: str, method: str, path: str, body: Any, headers: dict[str, str]) -> Answered:
    content = None if body is None else json.dumps(body).encode()
    if content is not None:
        headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url + path, content, headers, method=method)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310 - as above
            return _answered(response.status, response.read(), dict(response.headers))
    except urllib.error.HTTPError as error:
        with error:
            return _answered(error.code, error.read(), dict(error.headers))


def _answered(status: int, content: bytes, headers: dict[str, str]) -> Answered:
    is_json = headers.get("Content-Type", "").split(";")[0].endswith("json")
    return Answered(status, json.loads(content) if is_json else content, headers)


@contextmanager
def accounts_on_air(folder: Path, **settings: str) -> Iterator[AccountsOnAir]:
    """Run a server; an error in its log fails the test."""
    flags = [
        part for name, text in (SETTINGS | settings).items() for part in ("--set", f"{name}={text}")
    ]
    with rillcast_server(folder, *flags) as server:
        token = re.search(r"#token=(\S+)", server.greeting)
        assert token, server.greeting
        on_air = AccountsOnAir(server.http_url, server.log, {})
        person = {"password": PASSWORD, "kind": "client"}
        made = on_air.ask(
            "POST",
            "/api/v1/set-up",
            {"token": token[1], "email": "ann@example.org", "displayName": "Ann", **person},
        )
        assert made.status == 201, made
        on_air.tokens["admin"] = made.body["accessToken"]
        add_user("bob@example.org", "--data", str(server.data), *flags)
        signed_in = on_air.ask("POST", "/api/v1/sessions", {"email": "bob@example.org", **person})
        assert signed_in.status == 201, signed_in
        on_air.tokens["user"] = signed_in.body["accessToken"]
        yield on_air


def add_user(email: str, *flags: str) -> None:
    """Make an account from the command line, beside the running server."""
    subprocess.run(
        [sys.executable, "-m", "config", "user", "add", email, "--name", "Bob", *flags],
        input=f"{PASSWORD}\n{PASSWORD}\n",
        text=True,
        check=True,
        capture_output=True,
        timeout=180,
    )
