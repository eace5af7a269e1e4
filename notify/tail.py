"""Tail: follows topics of a server from afar, through broken connections and restarts.

A client of /ws; knows nothing of the server but what docs/events.md says.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
_MESSAGE_LIMIT_BYTES: Final = 2**20
_FINAL_CODES: Final = frozenset({4400, 4401, 4409})  # coming back as it is would help nobody
_CONTROL: Final = frozenset({"welcome", "subscribed", "authenticated", "pong"})


class TailError(Exception):
    """The server does not tell what was asked; the text says why."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection is gone; another is tried after `pause_s`."""

    reason: str
    pause_s: float


@dataclass
class Tail:
    """What is followed, and where. `after` is where to resume: the last event's id."""

    url: str
    topics: Sequence[str]
    token: str | None = field(default=None, repr=False)
    after: str | None = None

    async def events(self) -> AsyncGenerator[dict[str, Any] | Disconnected, None]:
        """Tell events until cancelled, and when the connection is gone. Raises TailError."""
        pause_s = _FIRST_PAUSE_S
        while True:
            reason = "the connection was lost"
            try:
                async with connect(
                    websocket_url(self.url),
                    additional_headers=self._headers(),
                    max_size=_MESSAGE_LIMIT_BYTES,
                ) as socket:
                    async for event in self._listen(socket):
                        pause_s = _FIRST_PAUSE_S
                        yield event
            except ConnectionClosed as end:
                reason = _reason_of(end)
            except InvalidStatus as refusal:
                status = refusal.response.status_code
                reason = f"the server answered {status}"
                if status in {401, 403, 404}:
                    raise TailError(reason) from None
            except (OSError, InvalidHandshake, TimeoutError) as error:
                reason = str(error) or type(error).__name__
            yield Disconnected(reason, pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def _listen(self, socket: ClientConnection) -> AsyncIterator[dict[str, Any]]:
        welcome = json.loads(await socket.recv())
        asked: dict[str, Any] = {"type": "subscribe", "topics": list(self.topics)}
        if self.after is not None:
            asked["after"] = self.after
        else:
            self.after = welcome.get("id")
        await socket.send(json.dumps(asked))
        while True:
            said = json.loads(await socket.recv())
            if said["type"] == "subscribed":
                _require_all(said)
            elif said["type"] == "error":
                raise TailError(said["text"])
            elif said["type"] == "unsubscribed":
                raise TailError(f"{', '.join(said['topics'])} cannot be heard any more")
            elif said["type"] not in _CONTROL:
                self.after = said["id"]
                yield said

    def _headers(self) -> dict[str, str]:
        return {} if self.token is None else {"Authorization": f"Bearer {self.token}"}


def websocket_url(url: str) -> str:
    """Return where a server's /ws is. Raises TailError for what is no address of a server."""
    parts = urlsplit(url if "//" in url else f"http://{url}")
    scheme = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}.get(parts.scheme)
    if scheme is None or not parts.netloc:
        raise TailError(f"expected an address such as https://live.example.org, got {url!r}")
    return urlunsplit((scheme, parts.netloc, "/ws", "", ""))


def _require_all(said: dict[str, Any]) -> None:
    for each in said["refused"]:
        raise TailError(f"{each['topic']}: {each['code']}")


def _reason_of(end: ConnectionClosed) -> str:
    if end.rcvd is None:
        return "the connection was lost"
    reason = f"the server closed the connection: {end.rcvd.code} {end.rcvd.reason}"
    if end.rcvd.code in _FINAL_CODES:
        raise TailError(reason)
    return reason
