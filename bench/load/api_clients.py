"""API clients in one process: a mix of requests at a steady rate, whatever the answers take.

    .venv/bin/python -m bench.load.api_clients http://127.0.0.1:8080 names.json --rate 200 \\
        --seconds 30

Each request has its time, and its delay counts from then: a slow answer makes the next ones no
later (no coordinated omission). One line of JSON comes at the end: the delays by kind, what else
was answered than expected, and how late this process itself was.
"""

import argparse
import asyncio
import json
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import uvloop

from bench.furnished_accounts import PASSWORD

READS: Final = (
    # weight, path, whether only people may ask
    (22, "/directory/live", False),
    (8, "/directory/channels?category={category}", False),
    (4, "/directory/categories", False),
    (6, "/search/channels?q={word}", False),
    (20, "/channels/{channel}", False),
    (8, "/channels/{channel}/broadcasts", False),
    (8, "/session", True),
    (5, "/me", True),
    (4, "/me/channels", True),
    (4, "/me/following", True),
)
WRITES: Final = (
    (4, "POST", "/channels/{channel}/playback"),
    (3, "PUT", "/channels/{channel}/follow"),
    (2, "DELETE", "/channels/{channel}/follow"),
    (1, "PATCH", "/channels/{own}"),
)
SIGN_INS: Final = 1
_CATEGORIES: Final = ("music", "gaming", "talk", "sports")
_SEARCHED: Final = ("jazz", "night", "gar", "open river")
_CONNECTIONS: Final = 64
_LIMIT_S: Final = 10.0


@dataclass(slots=True)
class Person:
    """Somebody who has signed in; `own` are channels that they may edit."""

    email: str
    headers: dict[str, str]
    own: tuple[str, ...]


@dataclass(slots=True)
class Delays:
    """Milliseconds by kind ("read", "write", "sign-in"), and what went wrong."""

    by_kind: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    by_path: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    unexpected: Counter[str] = field(default_factory=Counter)
    late_ms: list[float] = field(default_factory=list)


class ApiClients:
    """Sends the mix. Seeded: two runs ask for the same."""

    def __init__(self, session: aiohttp.ClientSession, names: Any) -> None:
        self._session = session
        self._emails: list[str] = names["people"]
        self._channels: list[str] = names["channels"]
        self._people: list[Person] = []
        self._random = random.Random(4)
        self._addresses = 0
        self.delays = Delays()

    async def sign_in_all(self) -> None:
        """Be everybody, before anything is measured."""
        for number, email in enumerate(self._emails):
            status, made = await self._ask("POST", "/sessions", self._address(), _sign_in(email))
            assert status == 201, made
            headers = {"Authorization": f"Bearer {made['accessToken']}"}
            own = tuple(self._channels[5 * number : 5 * number + 5])
            self._people.append(Person(email, headers, own))

    async def run(self, rate: float, seconds: float) -> None:
        """Send requests at their times; return when all are answered."""
        began_s = time.monotonic()
        tasks: set[asyncio.Task[None]] = set()
        for number in range(round(rate * seconds)):
            due_s = began_s + number / rate
            if (left_s := due_s - time.monotonic()) > 0:
                await asyncio.sleep(left_s)
            self.delays.late_ms.append((time.monotonic() - due_s) * 1000)
            task = asyncio.create_task(self._send_one(due_s))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            await asyncio.wait(tasks, timeout=_LIMIT_S)

    async def _send_one(self, due_s: float) -> None:
        dice = self._random.randrange(100)
        try:
            if dice < SIGN_INS:
                kind, path = "sign-in", "POST /sessions"
                email = self._random.choice(self._emails)
                status, _ = await self._ask("POST", "/sessions", self._address(), _sign_in(email))
            elif dice < SIGN_INS + sum(weight for weight, *_ in WRITES):
                kind = "write"
                path, status = await self._write()
            else:
                kind = "read"
                path, status = await self._read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self.delays.unexpected[type(error).__name__] += 1
            return
        if status not in {200, 201, 204, 304}:
            self.delays.unexpected[f"{status} {path}"] += 1
        delay_ms = (time.monotonic() - due_s) * 1000
        self.delays.by_kind[kind].append(delay_ms)
        self.delays.by_path[path].append(delay_ms)

    async def _read(self) -> tuple[str, int]:
        (_, path, is_personal) = self._random.choices(READS, [each[0] for each in READS])[0]
        headers = self._address()
        if is_personal or self._random.random() < 0.5:
            headers |= self._random.choice(self._people).headers
        status, _ = await self._ask("GET", self._filled(path), headers)
        return f"GET {path}", status

    async def _write(self) -> tuple[str, int]:
        (_, method, path) = self._random.choices(WRITES, [each[0] for each in WRITES])[0]
        owners = [each for each in self._people if each.own]
        person = self._random.choice(owners if "{own}" in path else self._people)
        headers = self._address() | person.headers
        body: dict[str, Any] | None = {}
        if method == "PATCH":
            path_ = path.replace("{own}", self._random.choice(person.own))
            headers["If-Match"] = "*"
            body = {"title": f"open session {self._random.randrange(1000)}"}
        else:
            others = [each for each in self._channels if each not in person.own]
            path_ = path.replace("{channel}", self._random.choice(others))
            body = None if method == "DELETE" else {}
        status, _ = await self._ask(method, path_, headers, body)
        return f"{method} {path}", status

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], body: Any = None
    ) -> tuple[int, Any]:
        async with self._session.request(
            method, f"/api/v1{path}", json=body, headers=headers
        ) as response:
            content = await response.read()
            return response.status, json.loads(content) if content else None

    def _address(self) -> dict[str, str]:
        """Come from many networks, as people do."""
        self._addresses = (self._addresses + 1) % 60_000
        return {"X-Forwarded-For": f"10.{self._addresses // 250}.{self._addresses % 250}.1"}

    def _filled(self, path: str) -> str:
        return path.format(
            channel=self._random.choice(self._channels),
            category=self._random.choice(_CATEGORIES),
            word=self._random.choice(_SEARCHED).replace(" ", "+"),
        )


def _sign_in(email: str) -> dict[str, str]:
    return {"email": email, "password": PASSWORD, "kind": "client"}


async def _main(options: argparse.Namespace) -> None:
    connector = aiohttp.TCPConnector(limit=_CONNECTIONS)
    timeout = aiohttp.ClientTimeout(total=_LIMIT_S)
    async with aiohttp.ClientSession(options.url, connector=connector, timeout=timeout) as session:
        clients = ApiClients(session, json.loads(options.names.read_text()))
        await clients.sign_in_all()
        print("signed in", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        began_s, usage = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
        used_s = usage.ru_utime + usage.ru_stime
        await clients.run(options.rate, options.seconds)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        delays = clients.delays
        report = {
            "by_kind": delays.by_kind,
            "by_path": delays.by_path,
            "unexpected": delays.unexpected,
            "late_ms": delays.late_ms,
            "core": (usage.ru_utime + usage.ru_stime - used_s) / (time.monotonic() - began_s),
        }
        print(json.dumps(report), flush=True)


def main() -> None:
    """Run until all was asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", help="http://HOST:PORT")
    parser.add_argument(
        "names", type=Path, help="people and channels, as furnished_accounts writes"
    )
    parser.add_argument("--rate", type=float, default=200, help="requests a second")
    parser.add_argument("--seconds", type=float, default=30)
    uvloop.run(_main(parser.parse_args()))


if __name__ == "__main__":
    main()
