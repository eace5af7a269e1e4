"""Many viewers who wait for the same part: they wake together, with the same bytes (53)."""

import asyncio
import errno
import gzip
import ssl
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from conformance.active.query import with_query
from conformance.check import Check
from conformance.finding import Finding, error, warning
from conformance.http_client import HttpClient
from conformance.playlist import MediaPlaylist, read_media_playlist

_CONNECTING_AT_ONCE = 100  # a listening socket's backlog is often 128
_CONNECT_LIMIT_S = 30.0
_VERSIONS_AT_MOST = 3  # those who ask late may rightly get the next one


class _Waiter(asyncio.Protocol):
    """One HTTP/1.1 connection that sends one request; cheap, so that the client is not the limit.

    Times are those of the event loop.
    """

    def __init__(self) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self.first_byte_s: float | None = None
        self.last_byte_s = 0.0
        self.status = 0
        self.body = b""
        self._received = bytearray()
        self._whole_bytes: int | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - we connect over TCP
        self._transport = transport

    def send(self, request: bytes) -> None:
        if self._transport is not None:
            self._transport.write(request)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        now_s = asyncio.get_running_loop().time()
        self.first_byte_s = self.first_byte_s if self.first_byte_s is not None else now_s
        self.last_byte_s = now_s
        self._received += data
        if self._whole_bytes is None:
            self._read_head()
        if self._whole_bytes is not None and len(self._received) >= self._whole_bytes:
            self._finish()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._finish()

    def _read_head(self) -> None:
        head_end = self._received.find(b"\r\n\r\n")
        if head_end < 0:
            return
        lines = self._received[:head_end].decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        self.status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
        headers = dict(line.lower().split(":", 1) for line in lines[1:] if ":" in line)
        length = headers.get("content-length", "").strip()
        self._whole_bytes = head_end + 4 + (int(length) if length.isdigit() else 0)

    def _finish(self) -> None:
        if not self.done.done():
            if self._whole_bytes is not None:
                self.body = bytes(self._received[self._received.find(b"\r\n\r\n") + 4 :])
            self.done.set_result(None)


async def check_waiters(client: HttpClient, url: str, count: int) -> AsyncIterator[Finding]:
    """Let `count` viewers wait for the part after the next one, each on its own connection.

    All must be answered alike; the last of them less than a part after the first. A playlist
    without blocking reload is not judged.
    """
    waiters = await _connect(url, count)
    try:
        exchange = await client.get(url)
        if exchange.status != 200 or not waiters:
            return
        playlist = read_media_playlist(exchange.body)
        control = playlist.server_control
        if control is None or not control.can_block_reload or playlist.part_target_us is None:
            return
        opened = playlist.open_segment
        # Not the next one: it may come while the requests are still being sent.
        query = f"_HLS_msn={opened.msn}&_HLS_part={len(opened.parts) + 1}"
        request = _request(with_query(url, query))
        for waiter in waiters:
            waiter.send(request)
        await asyncio.wait(
            [waiter.done for waiter in waiters],
            timeout=3.0 * playlist.target_duration_s + _CONNECT_LIMIT_S,
        )
        for finding in _judge(with_query(url, query), playlist, waiters):
            yield finding
    finally:
        for waiter in waiters:
            waiter.close()


def _judge(url: str, playlist: MediaPlaylist, waiters: list[_Waiter]) -> list[Finding]:
    statuses = Counter(waiter.status for waiter in waiters)
    if set(statuses) != {200}:
        got = ", ".join(
            f"{status or 'no answer'} for {count}" for status, count in sorted(statuses.items())
        )
        return [
            error(
                Check.WAITERS,
                url,
                f"{len(waiters)} waiters: expected status 200 for all, got {got}",
            )
        ]
    findings: list[Finding] = []
    sent = {waiter.body for waiter in waiters}
    playlists = {_unzipped(body) for body in sent}
    if len(sent) > len(playlists):
        findings.append(
            error(
                Check.WAITERS,
                url,
                f"{len(waiters)} waiters: expected the same bytes for the same playlist, got "
                f"{len(sent)} forms of {len(playlists)}: it was rendered more than once",
            )
        )
    if len(playlists) > _VERSIONS_AT_MOST:
        findings.append(
            warning(
                Check.WAITERS,
                url,
                f"{len(waiters)} waiters: expected one playlist for all, got {len(playlists)}",
            )
        )
    first_s = min(waiter.first_byte_s or 0.0 for waiter in waiters)
    spread_s = max(waiter.last_byte_s for waiter in waiters) - first_s
    part_s = (playlist.part_target_us or 0) / 1_000_000
    if spread_s > part_s:
        findings.append(
            warning(
                Check.WAITERS,
                url,
                f"{len(waiters)} waiters: expected the last answer within {part_s:.3f} s of the "
                f"first, got {spread_s:.3f} s",
            )
        )
    return findings


async def _connect(url: str, count: int) -> list[_Waiter]:
    """Open connections, as many as this system allows."""
    loop = asyncio.get_running_loop()
    parts = urlsplit(url)
    host = parts.hostname or ""
    context = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if context else 80)
    waiters: list[_Waiter] = []
    while len(waiters) < count:
        batch = min(_CONNECTING_AT_ONCE, count - len(waiters))
        opened = await asyncio.gather(
            *(loop.create_connection(_Waiter, host, port, ssl=context) for _ in range(batch)),
            return_exceptions=True,
        )
        for each in opened:
            if isinstance(each, OSError) and each.errno != errno.EMFILE:
                for waiter in waiters:
                    waiter.close()
                raise each
            if not isinstance(each, BaseException):
                waiters.append(each[1])
        if len(opened) > sum(not isinstance(each, BaseException) for each in opened):
            break  # no more file descriptors: fewer must do
    return waiters


def _request(url: str) -> bytes:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Accept-Encoding: gzip",
        "User-Agent: rillcast-validate",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii", "replace")


def _unzipped(body: bytes) -> bytes:
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        return body
