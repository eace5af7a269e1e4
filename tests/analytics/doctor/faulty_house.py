"""A server that faulty streams are published to, and what it says of them."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.analytics.doctor.faulty_encoder import FaultyFile
from tests.support.accounts_server import (
    Person,
    accounts_server,
    run_command,
    stream_key,
)
from tests.support.certificate import make_certificate
from tests.support.port import free_port
from tests.support.rillcast_server import RillcastServer

_LIMIT_S = 240


@dataclass
class House:
    """The server, and files that are made once each."""

    server: RillcastServer
    secure_url: str
    folder: Path
    keys: dict[str, str]
    _making: dict[FaultyFile, asyncio.Task[Path]] = field(default_factory=dict)
    _encoders: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    def url(self, channel: str, *, is_secure: bool = False) -> str:
        """Return where a channel is published."""
        base = self.secure_url if is_secure else self.server.rtmp_url
        return f"{base}/{self.keys[channel]}"

    async def file(self, made: FaultyFile) -> Path:
        """Return the file, once it is made."""
        if made not in self._making:
            path = self.folder / f"{len(self._making)}{made.suffix}"
            self._making[made] = asyncio.create_task(self._make(made, path))
        return await self._making[made]

    async def _make(self, made: FaultyFile, path: Path) -> Path:
        async with self._encoders:
            await asyncio.to_thread(made.make, path)
        return path


@contextmanager
def faulty_house(folder: Path, channels: Sequence[str], *settings: str) -> Iterator[House]:
    """Run a server with RTMPS where Olga has these channels."""
    certificate, key = make_certificate(folder)
    port = free_port()
    settings = (
        *settings,
        "accounts.channels.per_account=40",
        "rtmp.tls.host=127.0.0.1",
        f"rtmp.tls.port={port}",
        f"rtmp.tls.certificate={certificate}",
        f"rtmp.tls.private_key={key}",
    )
    flags = [word for each in settings for word in ("--set", each)]
    with accounts_server(folder, *flags) as running:
        keys = {}
        for channel in channels:
            run_command(
                running.data, "channel", "add", channel, "--owner", "olga@example.org", *flags
            )
            keys[channel] = stream_key(running, channel)
        yield House(running, f"rtmps://127.0.0.1:{port}/live", folder, keys)


def codes_of(report: dict[str, Any]) -> dict[str, str]:
    """Return what was found since the beginning, without what is good."""
    found = (*report["findings"], *report["pastFindings"])
    return {each["code"]: each["severity"] for each in found if each["severity"] != "good"}


async def until_found(
    person: Person,
    path: str,
    expected: Mapping[str, str],
    *,
    or_else: str | None = None,
    observed_ms: int = 0,
) -> dict[str, Any]:
    """Wait until all that is expected was found, or the code `or_else`; return the answer."""
    found: dict[str, str] = {}
    for _ in range(_LIMIT_S):
        status, answer = await person.ask("GET", path)
        assert status == 200, answer
        if (report := answer["report"]) is not None:
            found = codes_of(report)
            is_found = expected.items() <= found.items() or or_else in found
            if is_found and report["observedMs"] >= observed_ms:
                return dict(answer)
        await asyncio.sleep(1)
    raise AssertionError(f"{path}: expected {expected}, found {found}")


async def until_gone(person: Person, path: str, code: str) -> None:
    """Wait until a finding does not hold any more."""
    for _ in range(_LIMIT_S):
        _, answer = await person.ask("GET", path)
        report = answer["report"]
        if report is not None and code not in {each["code"] for each in report["findings"]}:
            return
        await asyncio.sleep(1)
    raise AssertionError(f"{path}: expected {code} to go")


@asynccontextmanager
async def hearing(person: Person, channels: list[str]) -> AsyncIterator[dict[str, set[str]]]:
    """Collect the codes that are told of each channel meanwhile."""
    heard: dict[str, set[str]] = defaultdict(set)

    async def collect(socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            told = json.loads(message.data)
            if told["type"] == "publisher.findings":
                heard[told["channel"]] |= {each["code"] for each in told["findings"]}

    async with person.session.ws_connect("/ws", headers=person.headers) as socket:
        topics = [f"channel:{channel}" for channel in channels]
        await socket.send_json({"type": "subscribe", "topics": topics})
        task = asyncio.create_task(collect(socket))
        yield heard
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
