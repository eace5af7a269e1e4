"""Requests that are answered before aiohttp sees them, among those that are not."""

import asyncio
import gzip
import http.client
import re
import shutil

import pytest

from tests.distribution.conftest import Serve, Served
from tests.distribution.show import Show

VIDEO = "/live/ada/e1/video"
LAST = "Connection: close"


def three_segments() -> Show:
    show = Show()
    show.add_segments(3)
    return show


async def answers_to(served: Served, sent: bytes, *, step: int | None = None) -> bytes:
    """Send bytes, in pieces if asked for, and read until the server closes."""
    viewer = await served.connect()
    for start in range(0, len(sent), step or len(sent)):
        await viewer.send(sent[start : start + (step or len(sent))])
        if step is not None:
            await asyncio.sleep(0)
    return without_date(await viewer.read_all())


def without_date(answer: bytes) -> bytes:
    return re.sub(rb"Date: [^\r]*\r\n", b"", answer)


def get(path: str, *lines: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: a.example", *lines, "", ""]).encode()


REQUESTS = {
    "playlist": get(f"{VIDEO}/index.m3u8"),
    "gzip": get(f"{VIDEO}/index.m3u8", "Accept-Encoding: gzip"),
    "delta": get(f"{VIDEO}/index.m3u8?_HLS_skip=YES"),
    "there": get(f"{VIDEO}/index.m3u8?_HLS_msn=3&_HLS_part=1"),
    "malformed directives": get(f"{VIDEO}/index.m3u8?_HLS_part=1"),
    "multivariant": get("/live/ada/index.m3u8", "Origin: https://a.example"),
    "manifest": get("/live/ada/manifest.mpd"),
    "part": get(f"{VIDEO}/part-2.m4s"),
    "segment": get(f"{VIDEO}/segment-2.m4s"),
    "init": get(f"{VIDEO}/init-1.mp4"),
    "range": get(f"{VIDEO}/segment-2.m4s", "Range: bytes=3990-4010"),
    "suffix": get(f"{VIDEO}/part-2.m4s", "Range: bytes=-5"),
    "no such range": get(f"{VIDEO}/part-2.m4s", "Range: bytes=4000-"),
    "conditional range": get(f"{VIDEO}/part-2.m4s", "Range: bytes=0-4", 'If-Range: "a"'),
    "head": get(f"{VIDEO}/part-2.m4s", "Range: bytes=0-4", method="HEAD"),
    "head of a playlist": get(f"{VIDEO}/index.m3u8", method="HEAD"),
    "preflight": get(f"{VIDEO}/part-2.m4s", "Origin: https://a.example", method="OPTIONS"),
    "no such channel": get("/live/nobody/index.m3u8"),
    "no such name": get("/live/<b>/index.m3u8"),
    "absolute form": get(f"http://a.example{VIDEO}/part-3.m4s"),
    "segment by proxy": get(f"{VIDEO}/segment-1.m4s", "X-Forwarded-For: ::1", "Via: 1.1 a"),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_the_answer_is_the_same_through_aiohttp(serve: Serve, name: str) -> None:
    """Behind a request with a body, aiohttp reads all others of its connection."""
    served = await serve(three_segments(), allowed_origins=("https://a.example",))
    request, last = REQUESTS[name], get("/health", LAST)
    posted = get("/health", "Content-Length: 3", method="POST") + b"abc"
    plain = await answers_to(served, request + request + last)
    foreign = await answers_to(served, posted + request + request + last)
    refused = await answers_to(served, posted + last)
    end = await answers_to(served, last)
    assert plain.count(b"HTTP/1.1 ") == 3
    assert refused.startswith(b"HTTP/1.1 405 ")
    assert foreign == refused.removesuffix(end) + plain


async def test_requests_cut_anywhere_get_the_same_answers_in_the_same_order(serve: Serve) -> None:
    served = await serve(three_segments())
    sent = b"".join([*REQUESTS.values(), get("/ready"), *REQUESTS.values(), get("/health", LAST)])
    whole = await answers_to(served, sent)
    assert whole.count(b"HTTP/1.1 ") == 2 * len(REQUESTS) + 2
    for step in (1, 7, 61, 1000):
        assert await answers_to(served, sent, step=step) == whole


async def test_a_request_behind_one_that_waits_is_answered_after_it(serve: Serve) -> None:
    show = three_segments()
    served = await serve(show)
    viewer = await served.connect()
    waiting = get(f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=0")
    await viewer.send(waiting + waiting + get("/health") + get(f"{VIDEO}/part-13.m4s", LAST))
    await served.blocked(1)
    show.add_part()
    received = await viewer.read_all()
    positions = [
        received.index(b'URI="part-13.m4s"'),
        received.rindex(b'URI="part-13.m4s"'),
        received.index(b"alive\n"),
        received.index(show.part_body("video", 13)),
    ]
    assert positions == sorted(set(positions))


async def test_routes_and_media_take_turns_on_one_connection(serve: Serve) -> None:
    show = three_segments()
    served = await serve(show)
    viewer = await served.connect()
    for number in range(1, 6):
        for path, body in (
            (f"{VIDEO}/part-{number}.m4s", show.part_body("video", number)),
            ("/health", b"alive\n"),
        ):
            await viewer.ask(path)
            received = b""
            while not received.endswith(body):
                received += await viewer.read_some()
    (connection,) = served.application.connections._connections
    assert not connection._is_with_aiohttp()  # type: ignore[attr-defined] # a ViewerConnection's


async def test_a_viewer_who_sends_without_end_while_it_waits_is_not_read_from(
    serve: Serve,
) -> None:
    show = three_segments()
    served = await serve(show)
    viewer = await served.connect()
    await viewer.ask(f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=0")
    await served.blocked(1)
    request = get(f"{VIDEO}/init-1.mp4")
    sending = asyncio.create_task(viewer.send(request * 100_000 + get("/health", LAST)))
    (connection,) = served.application.connections._connections
    held = connection._held  # type: ignore[attr-defined] # a ViewerConnection's
    async with asyncio.timeout(120):
        while len(held) < 64 * 1024:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.001)
    assert not sending.done()
    assert len(held) <= 64 * 1024 + 256 * 1024
    show.add_part()
    received = await viewer.read_all()
    await sending
    assert received.count(b"HTTP/1.1 200 OK") == 100_002


@pytest.mark.parametrize("path", ["/health", f"{VIDEO}/init-1.mp4"])
async def test_who_asks_now_and_then_is_not_silent(serve: Serve, path: str) -> None:
    served = await serve(three_segments())
    viewer = await served.connect()
    table, began_s = served.application.connections, asyncio.get_running_loop().time()
    for minute in range(1, 6):
        await viewer.ask(path)
        assert await viewer.read_some()
        table.close_silent(began_s + 60 * minute)
        assert len(table) == 1
    table.close_silent(began_s + 360)
    table.close_silent(began_s + 376)
    assert await viewer.read_all() == b""
    assert table.cut_count == 0


async def test_silence_while_media_is_awaited_is_not_idleness(serve: Serve) -> None:
    show = three_segments()
    served = await serve(show, keep_alive_s=0.05, header_timeout_s=0.05)
    viewer = await served.connect()
    await viewer.ask(f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=0")
    await served.blocked(1)
    table = served.application.connections
    loop = asyncio.get_running_loop()
    for seconds in range(5):
        table.close_silent(loop.time() + seconds)
    assert len(table) == 1
    show.add_part()
    assert b"part-13.m4s" in await viewer.read_all()  # and is closed when it is silent at last
    assert table.cut_count == 0


async def test_a_viewer_who_leaves_between_waking_and_answer_harms_nobody(serve: Serve) -> None:
    show = three_segments()
    served = await serve(show)
    path = f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=0"
    staying = [asyncio.create_task(served.get(path)) for _ in range(20)]
    leaving = [await served.connect() for _ in range(20)]
    for viewer in leaving:
        await viewer.ask(path)
    await served.blocked(40)
    for viewer in leaving:
        viewer.close()
    show.add_part()
    for task in staying:
        response, _ = await task
        assert response.status == 200


async def test_a_thousand_viewers_get_what_was_rendered_once(serve: Serve) -> None:
    show = three_segments()
    served = await serve(show, address_connection_limit=2_000)
    path = f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=0"
    asking = [asyncio.create_task(served.get(path)) for _ in range(1_000)]
    await served.blocked(1_000)
    show.add_part()
    assert len(served.application.live._blocked) == 1_000  # until the changes are complete
    bodies = {(await task)[1] for task in asking}
    assert len(bodies) == 1
    assert show.publication.renditions["video"].render_count == 1


async def test_pythons_own_client_reads_several_over_one_connection(serve: Serve) -> None:
    show = three_segments()
    served = await serve(show)

    def read(connection: http.client.HTTPConnection) -> None:
        connection.request("GET", f"{VIDEO}/index.m3u8", headers={"Accept-Encoding": "gzip"})
        playlist = connection.getresponse()
        assert gzip.decompress(playlist.read()).startswith(b"#EXTM3U\n")
        connection.request("GET", f"{VIDEO}/part-3.m4s", headers={"Range": "bytes=10-19"})
        part = connection.getresponse()
        assert (part.status, part.read()) == (206, show.part_body("video", 3)[10:20])
        connection.request("HEAD", f"{VIDEO}/segment-2.m4s")
        head = connection.getresponse()
        assert (head.getheader("Content-Length"), head.read()) == ("16000", b"")
        connection.request("GET", "/health")
        assert connection.getresponse().read() == b"alive\n"
        connection.close()

    await asyncio.to_thread(read, http.client.HTTPConnection("127.0.0.1", served.server.port))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_curl_reads_several_over_one_connection(serve: Serve) -> None:
    show = three_segments()
    served = await serve(show)
    names = ("part-1.m4s", "segment-2.m4s", "part-5.m4s")
    urls = [f"{served.origin}{VIDEO}/{name}" for name in names]
    command = ["curl", "-sS", "--compressed", "-w", "%{num_connects}", *urls]
    curl = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await curl.communicate()
    assert curl.returncode == 0
    assert output == (
        show.part_body("video", 1)
        + b"1"
        + show.segment_body("video", 2)
        + b"0"
        + show.part_body("video", 5)
        + b"0"
    )
