"""Strangers who trickle, flood, lie and babble: the show on air meanwhile does not notice.

Judged by what was published and by counters, not by the clock: every part is there, in order, and
decodes without a hole; the publisher was never lost.
"""

import asyncio
import random
import re
import struct
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.rtmp_publisher import Message, MessageType, RtmpPublisher, make_show
from tests.support.rtmp_publisher.chunk_writer import ChunkWriter
from tests.support.viewer import Viewer, viewer

pytestmark = pytest.mark.real

LEAVE_LIMIT_S = 90
HANDSHAKE = b"\x03" + bytes(2 * 1536)
RTMP_LIMIT, HTTP_LIMIT = 1100, 1200
# What 1,000 strangers with small buffers may cost for a moment; lies about lengths cost nothing.
GROWTH_LIMIT_BYTES = 96 * 2**20


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    """A server with short time limits, and room for RTMP_LIMIT and HTTP_LIMIT connections."""
    settings = (
        f"rtmp.connection_limit={RTMP_LIMIT}",
        "rtmp.limits.handshake_timeout_s=2",
        "rtmp.limits.publish_timeout_s=2",
        f"http.connection_limit={HTTP_LIMIT}",
        "http.header_timeout_s=2",
        "http.write_stall_s=2",
    )
    flags = [word for setting in settings for word in ("--set", setting)]
    with rillcast_server(Path(tmp_path_factory.mktemp("besieged")), "--open", *flags) as running:
        yield running


def address(server: RillcastServer, kind: str) -> tuple[str, int]:
    url = server.rtmp_url if kind == "rtmp" else server.http_url
    found = re.search(r"//([^:/]+):(\d+)", url)
    assert found, url
    return found[1], int(found[2])


async def metrics(watching: Viewer, server: RillcastServer) -> dict[str, float]:
    _, body = await watching.get(f"{server.http_url}/metrics")
    lines = (line.rpartition(" ") for line in body.decode().splitlines() if line[:1] != "#")
    return {name: float(value) for name, _, value in lines}


def resident_bytes(server: RillcastServer) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


@asynccontextmanager
async def on_air(server: RillcastServer, channel: str) -> AsyncIterator[Viewer]:
    """Keep a show on air; in the end it must have gone on as if nothing had happened."""
    async with (
        viewer(server.live_url(channel)) as watching,
        RtmpPublisher(f"{server.rtmp_url}/{channel}") as publisher,
    ):
        sending = asyncio.create_task(publisher.send(make_show(), realtime=True, duration_s=580))
        await watching.wait_for_segment("video", 1)
        url = (await watching.rendition_urls())["video"]
        before, bytes_before = await metrics(watching, server), resident_bytes(server)
        first = await watching.playlist(url)
        yield watching
        playlist = await watching.wait_for_segment("video", first.next_msn + 2)
        after = await metrics(watching, server)
        assert not sending.done(), "the publisher was not lost"
        assert (await watching.rendition_urls())["video"] == url
        for name in ("video", "audio"):
            decoded = await watching.decode(name)
            assert not decoded.complaints, (name, decoded.complaints)
            assert max(b - a for a, b in pairwise(decoded.times_s)) <= 0.05, name
        assert not any(s.is_gap or s.is_discontinuous for s in playlist.segments)
        assert not any(part.is_gap for s in playlist.all_segments() for part in s.parts)
        assert warnings(after) == warnings(before)
        assert after["rillcast_publishers"] == before["rillcast_publishers"]
        assert resident_bytes(server) - bytes_before < GROWTH_LIMIT_BYTES
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


def warnings(counted: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in counted.items() if "publisher_warnings" in name}


async def attack(server: RillcastServer, kind: str, pieces: list[bytes], pause_s: float) -> None:
    """Send pieces slowly, or none; return when the server has closed the connection."""
    reader, writer = await asyncio.open_connection(*address(server, kind))
    with suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            if reader.at_eof():
                break
            await asyncio.sleep(pause_s)
    async with asyncio.timeout(LEAVE_LIMIT_S):
        with suppress(ConnectionError):
            while await reader.read(65_536):
                pass
    writer.close()


async def many(count: int, one: Callable[[int], Coroutine[None, None, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(one(number))


@pytest.mark.parametrize("kind", ["rtmp", "http"])
async def test_trickling_beginnings_are_cut_off(besieged: RillcastServer, kind: str) -> None:
    """Slowloris: a byte now and then, so that no read ever fails."""
    start = HANDSHAKE if kind == "rtmp" else b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"b" * 3000
    pieces = [start[at : at + 1] for at in range(60)]
    async with on_air(besieged, f"trickle-{kind}"):
        await many(200, lambda _: attack(besieged, kind, pieces, 0.2))


@pytest.mark.parametrize("kind", ["rtmp", "http"])
async def test_a_thousand_silent_connections_are_cut_off(
    besieged: RillcastServer, kind: str
) -> None:
    async with on_air(besieged, f"silent-{kind}") as watching:
        await many(1000, lambda _: attack(besieged, kind, [], 0))
        open_now = (await metrics(watching, besieged))[f"rillcast_{kind}_connections"]
        assert open_now <= 20


@pytest.mark.parametrize("kind", ["rtmp", "http"])
async def test_babble_is_cut_off(besieged: RillcastServer, kind: str) -> None:
    async def babble(number: int) -> None:
        noise = random.Random(number)
        # As if it were the right protocol, for every second one.
        head = (b"", HANDSHAKE if kind == "rtmp" else b"GET /live/")[number % 2]
        await attack(besieged, kind, [head + noise.randbytes(noise.randrange(1, 20_000))], 0)

    async with on_air(besieged, f"babble-{kind}"):
        await many(300, babble)


async def test_tls_and_http_on_the_rtmp_port_are_cut_off(besieged: RillcastServer) -> None:
    greetings = [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/1.1\r\n\r\n"]
    async with on_air(besieged, "strangers"):
        await many(100, lambda number: attack(besieged, "rtmp", [greetings[number % 2]], 0))


async def test_claims_of_giant_messages_cost_nothing(besieged: RillcastServer) -> None:
    """Each claims 16 MiB on as many chunk streams as there are, and sends a little of each."""

    def claims() -> bytes:
        sent = bytearray(HANDSHAKE)
        for csid in range(3, 64):
            sent += bytes((csid,)) + b"\0\0\0\xff\xff\xff\x09\x01\0\0\0" + bytes(128)
        return bytes(sent)

    writer = ChunkWriter()
    largest_chunks = Message(MessageType.SET_CHUNK_SIZE, 0, struct.pack(">I", 0x7FFFFFFF))
    one_chunk = HANDSHAKE + writer.write(largest_chunks, 2)
    one_chunk += b"\x04\0\0\0\xff\xff\xff\x12\x01\0\0\0" + bytes(5000)
    async with on_air(besieged, "giants"):
        await many(
            200, lambda number: attack(besieged, "rtmp", [(claims(), one_chunk)[number % 2]], 0)
        )


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 50_000,
        b"POST /api/v1/live HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["path", "header", "headers", "length", "chunk", "negative", "both"],
)
async def test_giant_and_broken_requests_get_an_error_or_nothing(
    besieged: RillcastServer, request_bytes: bytes
) -> None:
    reader, writer = await asyncio.open_connection(*address(besieged, "http"))
    answer = b""
    with suppress(ConnectionError):
        writer.write(request_bytes)
        await writer.drain()
        async with asyncio.timeout(LEAVE_LIMIT_S):
            answer = await reader.readline()
    writer.close()
    assert not answer or answer.split()[1][:1] == b"4", answer


async def test_floods_are_held_at_the_limit_and_the_show_goes_on(
    besieged: RillcastServer,
) -> None:
    """More than there is room for, on both ports at once; those in excess are closed at once."""

    async def flood(number: int) -> None:
        with suppress(ConnectionError):
            await attack(besieged, ("rtmp", "http")[number % 2], [], 0)

    async with on_air(besieged, "flooded") as watching:
        await many(2 * (HTTP_LIMIT + 200), flood)
        counted = await metrics(watching, besieged)
        assert counted["rillcast_http_connections_refused_total"] > 0
    assert "connection limit reached" in besieged.log_text()
