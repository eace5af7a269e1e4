"""Listeners in one process: WebSockets that subscribe, and when each event came to each of them.

    .venv/bin/python -m bench.load.listeners http://127.0.0.1:8080 --cookies cookies.txt \\
        --topics me,live

Each line of the file is one listener's cookie. A line on stdout says how many listen, or what went
wrong; "end" on stdin ends it, and a line of JSON says what came: by event type, milliseconds from
the event's `at` to its arrival, and for alerts when each arrived, by channel. Protocols of
asyncio alone: what a client library costs would be measured, too. `--every N` reads the texts of
each Nth listener only, and counts the bytes of the others. All take compressed messages, as
browsers do.
"""

import argparse
import asyncio
import base64
import json
import sys
import time
import zlib
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import uvloop

from config.open_files import raise_open_file_limit

_AT_ONCE: Final = 100
_TEXT, _CLOSE, _PING = 1, 8, 9
_DEFLATED: Final = 0x40
_FLUSHED: Final = b"\x00\x00\xff\xff"
_LONG: Final = 126
_LIMIT_S: Final = 60.0
_AGAIN_S: Final = 0.5


class Heard:
    """What all listeners of this process heard."""

    def __init__(self) -> None:
        self.delays_ms: dict[str, list[float]] = defaultdict(list)
        self.alerts_ms: dict[str, list[float]] = defaultdict(list)
        self.bytes = 0
        self.again = 0  # times that one was told to try again soon
        self.lost: dict[str, int] = defaultdict(int)

    def take(self, text: bytes) -> None:
        """Note an event that comes now."""
        event = json.loads(text)
        if "at" not in event:
            return
        now_ms = time.time() * 1000
        self.delays_ms[event["type"]].append(now_ms - _unix_ms(event["at"]))
        if event["type"] == "notification.added":
            self.alerts_ms[event["channel"]].append(now_ms)


class Listener(asyncio.Protocol):
    """One WebSocket (RFC 6455); the server sends whole messages, unmasked."""

    def __init__(
        self, heard: Heard, host: str, cookie: str, topics: list[str], *, reads: bool
    ) -> None:
        self._heard = heard
        self._head = (
            f"GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nCookie: rillcast={cookie}\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
        ).encode()
        self._topics = topics
        self._reads = True
        self._reads_later = reads
        self._left = b""
        self._inflating = zlib.decompressobj(-zlib.MAX_WBITS) if reads else None
        self.is_open = False  # answered with 101
        self._transport: asyncio.Transport
        self.listens: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Ask for the upgrade."""
        self._transport = transport
        transport.write(self._head)

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self._heard.bytes += len(data)
        if self.is_open and not self._reads:
            if data[0] == 0x80 | _PING and len(data) < _LONG:  # pings come alone
                self._send(0xA, data[2:])
            return
        data = self._left + data
        if not self.is_open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._left = head
                return
            if b" 101 " not in head[:20]:
                self._fail(head.partition(b"\r\n")[0].decode())
                return
            self._subscribe()
            self.is_open = True
        self._left = self._take_frames(data)

    def connection_lost(self, _error: Exception | None) -> None:
        """Note that nothing more comes."""
        self._fail("connection lost")

    def _subscribe(self) -> None:
        self._send(_TEXT, json.dumps({"type": "subscribe", "topics": self._topics}).encode())

    def _take_frames(self, data: bytes) -> bytes:
        place = 0
        while len(data) - place >= 2:
            opcode, length, begin = data[place] & 15, data[place + 1], place + 2
            if length >= _LONG:
                size = 2 if length == _LONG else 8
                length, begin = int.from_bytes(data[begin : begin + size], "big"), begin + size
            if len(data) < begin + length:
                break
            payload = data[begin : begin + length]
            if data[place] & _DEFLATED and self._inflating is not None:
                payload = self._inflating.decompress(payload + _FLUSHED)
            place = begin + length
            self._take(opcode, payload)
        return data[place:]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _PING:
            self._send(0xA, payload)
        elif opcode == _CLOSE:
            self._fail(f"closed with {int.from_bytes(payload[:2], 'big')}")
        elif not self.listens.done():
            said = json.loads(payload)
            if said.get("code") == "unavailable":
                self._heard.again += 1
                asyncio.get_running_loop().call_later(_AGAIN_S, self._subscribe)
            elif said["type"] == "subscribed":
                self._reads = self._reads_later
                self.listens.set_result(None)
                if said["refused"]:
                    self._heard.lost[f"refused: {said['refused']}"] += 1
        else:
            self._heard.take(payload)

    def _send(self, opcode: int, payload: bytes) -> None:
        # Masked with 0, which leaves the payload as it is (5.3).
        if len(payload) < _LONG:
            head = bytes((0x80 | opcode, 0x80 | len(payload)))
        else:
            head = bytes((0x80 | opcode, 0x80 | _LONG)) + len(payload).to_bytes(2, "big")
        self._transport.write(head + bytes(4) + payload)

    def _fail(self, why: str) -> None:
        self._heard.lost[why] += 1
        if not self.listens.done():
            self.listens.set_result(None)


def _unix_ms(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * 1000


async def _listen(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    place = urlsplit(options.url)
    heard, turnstile = Heard(), asyncio.Semaphore(_AT_ONCE)
    topics = options.topics.split(",")

    async def enter(number: int, cookie: str) -> None:
        async with turnstile:
            _, listener = await loop.create_connection(
                lambda: Listener(
                    heard, place.netloc, cookie, topics, reads=number % options.every == 0
                ),
                place.hostname,
                place.port,
            )
            try:
                await asyncio.wait_for(listener.listens, _LIMIT_S)
            except TimeoutError:
                heard.lost[f"no answer, open: {listener.is_open}"] += 1

    cookies = options.cookies.read_text().split()
    await asyncio.gather(*(enter(number, cookie) for number, cookie in enumerate(cookies)))
    print(
        json.dumps({"listeners": len(cookies), "lost": heard.lost, "again": heard.again}),
        flush=True,
    )
    used_s, began_s = time.process_time(), time.monotonic()
    await loop.run_in_executor(None, sys.stdin.readline)
    print(
        json.dumps(
            {
                "delays_ms": heard.delays_ms,
                "alerts_ms": heard.alerts_ms,
                "bytes": heard.bytes,
                "lost": heard.lost,
                "core": (time.process_time() - used_s) / (time.monotonic() - began_s),
            }
        ),
        flush=True,
    )


def main() -> None:
    """Listen until told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="http://HOST:PORT")
    parser.add_argument("--cookies", type=Path, required=True)
    parser.add_argument("--topics", default="me")
    parser.add_argument("--every", type=int, default=1)
    raise_open_file_limit()
    uvloop.run(_listen(parser.parse_args()))


if __name__ == "__main__":
    main()
