"""What one connection may take: slow readers, slow senders, limits, malformed requests."""

import asyncio
import contextlib
import random
import re
import resource
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from distribution.connection import ViewerConnection
from tests.distribution.conftest import Serve, Served
from tests.distribution.show import Show

SEGMENT = "/live/ada/e1/video/segment-1.m4s"


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not is_so():  # noqa: ASYNC110 - the kernel announces nothing
            await asyncio.sleep(0.005)


def unsent_bytes(served: Served) -> list[int]:
    sockets = [
        connection._socket
        for connection in served.application.connections._connections
        if isinstance(connection, ViewerConnection)
    ]
    return [transport.get_write_buffer_size() for transport in sockets if transport is not None]


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def large_show() -> Show:
    show = Show(part_bytes=2_000_000, tracks=1)
    show.add_segments(1)
    return show


async def test_reader_who_takes_nothing_is_cut(serve: Serve) -> None:
    served = await serve(large_show(), write_stall_s=0.2)
    viewer = await served.connect()
    await viewer.ask(SEGMENT)
    await until(lambda: served.application.connections.cut_count == 1)
    await until(lambda: len(served.application.connections) == 0)
    assert len(await viewer.read_all()) < 1_000_000


async def test_fault_of_the_watch_does_not_end_the_watch(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served = await serve(large_show(), write_stall_s=0.2)
    table = served.application.connections
    cut_stalled = table.cut_stalled
    rounds: list[float] = []

    def fail_once(now: float) -> None:
        rounds.append(now)
        if len(rounds) == 1:
            raise RuntimeError("no such descriptor")
        cut_stalled(now)

    monkeypatch.setattr(table, "cut_stalled", fail_once)
    viewer = await served.connect()
    await viewer.ask(SEGMENT)
    await until(lambda: table.cut_count == 1)
    assert "http connection watch failed" in capsys.readouterr().out


async def test_reader_who_takes_too_little_is_cut(serve: Serve) -> None:
    served = await serve(large_show(), write_stall_s=0.2, write_limit_s=0.6)
    viewer = await served.connect()
    await viewer.ask(SEGMENT)
    received_bytes = 0
    try:
        while chunk := await viewer.read_some(20_000):
            received_bytes += len(chunk)
            await asyncio.sleep(0.01)
    except ConnectionResetError:
        pass
    assert received_bytes < 8_000_000
    assert served.application.connections.cut_count == 1


async def test_slow_reader_who_goes_on_gets_everything(serve: Serve) -> None:
    show = large_show()
    served = await serve(show, write_stall_s=0.5)
    viewer = await served.connect()
    await viewer.ask(SEGMENT, "Connection: close")
    received = bytearray()
    paused_at_bytes = 0
    while chunk := await viewer.read_some():
        received += chunk
        if len(received) - paused_at_bytes > 100_000:
            paused_at_bytes = len(received)
            await asyncio.sleep(0.01)
    assert received.endswith(show.segment_body("video", 1))
    assert served.application.connections.cut_count == 0


async def test_slow_readers_share_one_copy_of_the_bytes(serve: Serve) -> None:
    served = await serve(large_show())
    async with served.client.get(SEGMENT) as response:
        await response.read()
    before_bytes = resident_bytes()
    viewers = [await served.connect() for _ in range(40)]
    for viewer in viewers:
        await viewer.ask(SEGMENT)
    await until(lambda: sum(size > 0 for size in unsent_bytes(served)) == 40)
    assert sum(unsent_bytes(served)) > 100_000_000
    assert resident_bytes() - before_bytes < 50_000_000


async def test_pipelined_requests_wait_until_the_response_before_is_taken(serve: Serve) -> None:
    served = await serve(large_show())
    viewer = await served.connect()
    for _ in range(30):
        await viewer.ask(SEGMENT)
    await until(lambda: unsent_bytes(served) > [0])
    await served.get("/health")
    assert unsent_bytes(served)[0] <= 8_000_000 + served.application.settings.write_buffer_bytes


async def test_connection_that_sends_no_whole_request_is_cut(serve: Serve) -> None:
    served = await serve(header_timeout_s=0.2, write_stall_s=0.2)
    silent = await served.connect()
    dripping = await served.connect()
    await dripping.send(b"GET /health HTTP/1.1\r\nHost: a")
    assert await silent.read_all() == b""
    assert await dripping.read_all() == b""


async def test_silent_connection_is_closed_after_its_keep_alive(serve: Serve) -> None:
    served = await serve(keep_alive_s=0.2)
    viewer = await served.connect()
    await viewer.ask("/health")
    assert (await viewer.read_all()).endswith(b"\r\n\r\nalive\n")
    assert served.application.connections.cut_count == 0


async def test_too_many_connections_are_told_so(serve: Serve) -> None:
    served = await serve(connection_limit=2)
    first, _second = [await served.connect() for _ in range(2)]
    await until(lambda: len(served.application.connections) == 2)
    refused = await served.connect()
    answer = await refused.read_all()
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 2\r\n" in answer
    assert answer.endswith(b"\r\n\r\ntoo many connections\n")
    first.close()
    await until(lambda: len(served.application.connections) == 1)
    admitted = await served.connect()
    await admitted.ask("/health", "Connection: close")
    assert (await admitted.read_all()).startswith(b"HTTP/1.1 200 ")
    assert served.application.connections.refused_count == 1


async def test_a_crowd_is_let_in_within_few_turns_of_the_loop(serve: Serve) -> None:
    """A turn takes up to 10 ms while a thousand viewers are woken."""
    served = await serve(large_show())
    with contextlib.ExitStack() as crowd:
        for _ in range(64):
            crowd.enter_context(socket.create_connection(("127.0.0.1", served.server.port)))
        turns = 0
        while len(served.application.connections) < 64:
            await asyncio.sleep(0)
            turns += 1
    assert turns <= 32


async def test_one_address_has_its_own_limit_unless_it_is_a_proxy(serve: Serve) -> None:
    served = await serve(address_connection_limit=1, proxy_addresses=frozenset())
    proxied = await serve(address_connection_limit=1)
    for instance, expected in ((served, b"HTTP/1.1 503 "), (proxied, b"HTTP/1.1 200 ")):
        await instance.connect()
        await until(lambda instance=instance: len(instance.application.connections) == 1)  # type: ignore[misc] # binds now
        second = await instance.connect()
        if expected.endswith(b"200 "):
            await second.ask("/health", "Connection: close")
        assert (await second.read_all()).startswith(expected)


@pytest.mark.parametrize(
    "sent",
    [
        b"EHLO <script>\r\n\r\n",
        b"GET /health HTTP/9.9\r\nHost: a\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\nabcd",
        b"GET /health HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 200 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_not_http_is_refused_without_repeating_it(serve: Serve, sent: bytes) -> None:
    served = await serve()
    viewer = await served.connect()
    await viewer.send(sent)
    answer = await viewer.read_all()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"\r\n\r\nthis request could not be read as HTTP/1.1\n")
    assert b"aiohttp" not in answer
    assert served.application.connections.malformed_count == 1


async def test_noise_is_answered_or_dropped_and_harms_nobody(serve: Serve) -> None:
    served = await serve(keep_alive_s=0.1, header_timeout_s=10.0)
    noise = random.Random(8216)
    request = (
        b"GET /live/ada/e1/video/part-1.m4s?x=1 HTTP/1.1\r\nHost: a\r\nRange: bytes=0-\r\n\r\n"
    )
    for _ in range(150):
        sent = bytearray(request)
        for _ in range(noise.randrange(1, 9)):
            at = noise.randrange(len(sent))
            sent[at : at + noise.randrange(2)] = noise.randbytes(noise.randrange(3))
        viewer = await served.connect()
        await viewer.send(bytes(sent))
        answer = await viewer.read_all()
        assert answer == b"" or re.match(rb"HTTP/1\.1 (200|400|404|405|416|417) ", answer)
    response, _ = await served.get("/health")
    assert response.status == 200


async def test_names_in_a_url_are_not_repeated(serve: Serve) -> None:
    served = await serve()
    for path in ("/<script>alert(1)</script>", "/live/<script>/index.m3u8", "/api/v1/live/<b>"):
        viewer = await served.connect()
        await viewer.ask(path, "Connection: close")
        answer = await viewer.read_all()
        assert answer.startswith(b"HTTP/1.1 404 ")
        assert b"<" not in answer


async def test_reader_of_http_1_0_gets_a_body_and_an_end(serve: Serve) -> None:
    served = await serve()
    viewer = await served.connect()
    await viewer.send(b"GET /health HTTP/1.0\r\n\r\n")
    answer = await viewer.read_all()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.endswith(b"\r\n\r\nalive\n")


async def test_url_with_its_host_means_the_same(serve: Serve) -> None:
    show = Show()
    show.add_segments(1)
    served = await serve(show)
    viewer = await served.connect()
    await viewer.ask("http://a.example/live/ada/index.m3u8?x=1", "Connection: close")
    assert (await viewer.read_all()).startswith(b"HTTP/1.1 200 ")


async def test_one_connection_carries_many_requests(serve: Serve) -> None:
    show = Show()
    show.add_segments(1)
    served = await serve(show)
    viewer = await served.connect()
    for _ in range(20):
        await viewer.ask("/live/ada/e1/video/part-1.m4s")
    await viewer.ask("/health", "Connection: close")
    answer = await viewer.read_all()
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 21
