"""The open segment over real sockets: part by part as it is made, and never half of it as whole."""

import asyncio

import aiohttp
import pytest

from packager.segmenter.change import SegmentOpened
from tests.distribution.conftest import Serve
from tests.distribution.raw import RawViewer
from tests.distribution.show import PARTS_PER_SEGMENT, Show

VIDEO = "/live/ada/e1/video"
OPEN = f"{VIDEO}/segment-4.m4s"
NEXT = f"{VIDEO}/segment-5.m4s"


def show_with_open_segment(part_count: int = 1, **shape: int) -> Show:
    """Three complete segments, and some parts of the fourth."""
    show = Show(**shape)  # type: ignore[arg-type] # by name
    show.add_segments(3)
    for _ in range(part_count):
        show.add_part()
    return show


def http_chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


async def read_exactly(viewer: RawViewer, count: int) -> bytes:
    received = b""
    while len(received) < count:
        some = await viewer.read_some(count - len(received))
        assert some, f"expected {count} bytes, got an end after {received!r}"
        received += some
    return received


async def read_head(viewer: RawViewer) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += await read_exactly(viewer, 1)
    return head


async def read_until_reset(viewer: RawViewer) -> None:
    """Raise ConnectionResetError as it comes, for HTTP/1.0's only sign of a body that is cut."""
    while await viewer.read_some():
        pass


async def test_parts_are_http_chunks_that_come_one_by_one(serve: Serve) -> None:
    show = show_with_open_segment(2)
    served = await serve(show)
    viewer = await served.connect()
    await viewer.ask(OPEN)
    head = await read_head(viewer)
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nTransfer-Encoding: chunked\r\n" in head
    assert b"\r\nContent-Length:" not in head
    assert b"\r\nX-Accel-Buffering: no\r\n" in head
    assert b"\r\nContent-Type: video/mp4\r\n" in head
    for number in (13, 14):
        expected = http_chunk(show.part_body("video", number))
        assert await read_exactly(viewer, len(expected)) == expected
    for number in (15, 16):
        show.add_part()
        expected = http_chunk(show.part_body("video", number))
        assert await read_exactly(viewer, len(expected)) == expected
    assert await read_exactly(viewer, 5) == b"0\r\n\r\n"


async def test_connection_goes_on_with_the_next_segment(serve: Serve) -> None:
    show = show_with_open_segment(3)
    served = await serve(show)
    viewer = await served.connect()
    await viewer.ask(OPEN)
    await viewer.ask(f"{VIDEO}/segment-1.m4s", "Connection: close")
    await read_head(viewer)
    show.add_part()
    received = await viewer.read_all()
    assert received.endswith(show.segment_body("video", 1))
    assert received.count(b"HTTP/1.1 200 OK") == 1


async def test_what_came_in_pieces_is_what_the_complete_segment_is(serve: Serve) -> None:
    show = show_with_open_segment()
    served = await serve(show)
    asking = asyncio.create_task(served.get(OPEN))
    for _ in range(3):
        await served.blocked(1)
        show.add_part()
    response, grown = await asking
    whole_response, whole = await served.get(OPEN)
    assert grown == whole == show.segment_body("video", 4)
    assert "Content-Length" not in response.headers
    assert whole_response.headers["Content-Length"] == str(len(whole))
    assert response.headers["Cache-Control"] == whole_response.headers["Cache-Control"]


async def test_segment_after_the_open_one_begins_as_soon_as_it_does(serve: Serve) -> None:
    show = show_with_open_segment(3)
    served = await serve(show)
    asking = asyncio.create_task(served.get(NEXT))
    await served.blocked(1)
    show.add_part()  # the last one of the open segment
    await served.blocked(1)
    show.add_segments(1)
    response, body = await asking
    assert response.status == 200
    assert body == show.segment_body("video", 5)


async def test_segment_listed_ahead_of_a_break_is_answered_with_nothing(serve: Serve) -> None:
    show = show_with_open_segment(PARTS_PER_SEGMENT)
    served = await serve(show)
    asking = asyncio.create_task(served.get(NEXT))
    await served.blocked(1)
    after_break = SegmentOpened("video", 5, 1_790_000_060_000, True, 1)
    show.publication.apply(after_break)
    for response, body in (await asking, await served.get(NEXT)):
        assert (response.status, body) == (204, b"")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_segment_that_is_a_gap_has_nothing_in_it(serve: Serve) -> None:
    show = Show()
    show.add_segments(1)
    for _ in range(PARTS_PER_SEGMENT):
        show.add_part(is_gap=True)
    show.add_segments(1)
    served = await serve(show)
    response, body = await served.get(f"{VIDEO}/segment-2.m4s")
    assert (response.status, body) == (204, b"")
    _, playlist = await served.get(f"{VIDEO}/index.m3u8")
    assert playlist.count(b"#EXT-X-GAP") == 1


@pytest.mark.parametrize("msn", [6, 7, 400, 9_999_999_999])
async def test_segment_further_ahead_is_not_there(serve: Serve, msn: int) -> None:
    served = await serve(show_with_open_segment())
    response, _ = await served.get(f"{VIDEO}/segment-{msn}.m4s")
    assert response.status == 404
    assert response.headers["Cache-Control"] == "public, max-age=1"


async def test_head_of_the_open_segment_ends_at_once(serve: Serve) -> None:
    served = await serve(show_with_open_segment())
    async with served.client.head(OPEN) as response:
        assert await response.read() == b""
    assert response.status == 200
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in response.headers


async def test_range_of_the_open_segment_is_ignored(serve: Serve) -> None:
    show = show_with_open_segment(3)
    served = await serve(show)
    asking = asyncio.create_task(served.get(OPEN, Range="bytes=0-9"))
    await served.blocked(1)
    show.add_part()
    response, body = await asking
    assert (response.status, len(body)) == (200, 16_000)


async def test_reader_of_http_1_0_gets_it_until_the_connection_ends(serve: Serve) -> None:
    show = show_with_open_segment(3)
    served = await serve(show)
    viewer = await served.connect()
    await viewer.send(f"GET {OPEN} HTTP/1.0\r\n\r\n".encode())
    await served.blocked(1)
    show.add_part()
    head, _, body = (await viewer.read_all()).partition(b"\r\n\r\n")
    assert b"Transfer-Encoding" not in head
    assert b"\r\nConnection: close" in head
    assert body == show.segment_body("video", 4)


async def test_show_that_ends_ends_its_open_segment(serve: Serve) -> None:
    show = show_with_open_segment(2)
    served = await serve(show)
    asking = asyncio.create_task(served.get(OPEN))
    following = asyncio.create_task(served.get(NEXT))
    await served.blocked(2)
    show.publication.end()
    response, body = await asking
    assert response.status == 200
    assert body == show.part_body("video", 13) + show.part_body("video", 14)
    response, _ = await following
    assert response.status == 204
    # A manifest may have listed one more.
    response, _ = await served.get(f"{VIDEO}/segment-6.m4s")
    assert response.status == 204
    response, _ = await served.get(f"{VIDEO}/segment-7.m4s")
    assert response.status == 404


async def test_server_that_stops_does_not_pass_half_a_segment_off_as_whole(serve: Serve) -> None:
    show = show_with_open_segment(2)
    served = await serve(show, drain_s=600.0)
    modern = asyncio.create_task(served.get(OPEN))
    old = await served.connect()
    await old.send(f"GET {OPEN} HTTP/1.0\r\n\r\n".encode())
    waiting = asyncio.create_task(served.get(NEXT))
    await served.blocked(3)
    await read_head(old)
    async with asyncio.timeout(60):
        await served.server.stop()
    with pytest.raises(aiohttp.ClientPayloadError):
        await modern
    with pytest.raises(ConnectionResetError):
        await read_until_reset(old)
    response, _ = await waiting
    assert response.status == 503
    assert response.headers["Retry-After"] == "1"


async def test_server_that_stops_after_the_show_has_ended_sends_the_rest(serve: Serve) -> None:
    show = show_with_open_segment(2)
    served = await serve(show, drain_s=600.0)
    asking = [asyncio.create_task(served.get(OPEN)) for _ in range(20)]
    await served.blocked(20)
    show.add_part()
    show.publication.end()  # in the same turn of the loop
    async with asyncio.timeout(60):
        await served.server.stop()
    for task in asking:
        _, body = await task
        assert body == show.segment_body("video", 4)[: 3 * show.part_bytes]


async def test_segment_that_stands_still_for_too_long_is_cut(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("distribution.live.deciding._MAX_WAIT_S", 0.05)
    served = await serve(show_with_open_segment())
    with pytest.raises(aiohttp.ClientPayloadError):
        await served.get(OPEN)
    response, body = await served.get(NEXT)
    assert response.status == 503
    assert body == b"expected media by now, but none came\n"


async def test_reader_who_takes_nothing_is_cut_and_keeps_no_place(serve: Serve) -> None:
    show = show_with_open_segment(2, part_bytes=2_000_000, tracks=1)
    served = await serve(show, write_stall_s=0.2)
    viewer = await served.connect()
    await viewer.ask(OPEN)
    table = served.application.connections
    async with asyncio.timeout(120):
        while table.cut_count == 0 or len(table):  # noqa: ASYNC110 - the kernel announces nothing
            await asyncio.sleep(0.005)
    assert show.publication.waiter_count == 0
    assert len(await viewer.read_all()) < 2_000_000


async def test_slow_reader_gets_the_rest_after_the_segment_is_complete(serve: Serve) -> None:
    show = show_with_open_segment(1, part_bytes=1_000_000, tracks=1)
    served = await serve(show)
    viewer = await served.connect()
    await viewer.ask(OPEN, "Connection: close")
    await read_head(viewer)
    for _ in range(PARTS_PER_SEGMENT - 1):
        show.add_part()
    show.add_segments(1)
    received = await viewer.read_all()
    parts = (show.part_body("video", number) for number in range(13, 17))
    assert received == b"".join(map(http_chunk, parts)) + b"0\r\n\r\n"


async def test_viewer_who_leaves_gives_his_place_back(serve: Serve) -> None:
    show = show_with_open_segment()
    served = await serve(show)
    viewer = await served.connect()
    await viewer.ask(OPEN)
    await served.blocked(1)
    viewer.close()
    await served.blocked(0)
    show.add_part()


async def test_a_thousand_viewers_of_the_open_segment_share_each_part(serve: Serve) -> None:
    show = show_with_open_segment(tracks=1)
    served = await serve(show, blocked_limit=2_000)
    asking = [asyncio.create_task(served.get(OPEN)) for _ in range(1_000)]
    for _ in range(3):
        await served.blocked(1_000)
        show.add_part()
    expected = show.segment_body("video", 4)
    for task in asking:
        response, body = await task
        assert (response.status, body) == (200, expected)
    assert show.publication.waiter_count == 0


async def test_a_response_that_has_begun_is_not_turned_away(serve: Serve) -> None:
    show = show_with_open_segment()
    served = await serve(show, blocked_limit=1)
    asking = [asyncio.create_task(served.get(OPEN)) for _ in range(5)]
    await served.blocked(5)
    response, _ = await served.get(NEXT)
    assert response.status == 503
    for _ in range(3):
        show.add_part()
    for task in asking:
        _, body = await task
        assert body == show.segment_body("video", 4)


@pytest.mark.parametrize("part_bytes", [1, 15, 4_000, 70_000])
async def test_whenever_it_is_asked_for_a_segment_is_the_sum_of_its_parts(
    serve: Serve, part_bytes: int
) -> None:
    show = show_with_open_segment(part_bytes=part_bytes)
    served = await serve(show)
    asking: dict[int, list[asyncio.Task[tuple[aiohttp.ClientResponse, bytes]]]] = {}
    for _ in range(3 * PARTS_PER_SEGMENT):
        for msn in {show.msn, show.msn + min(show.index, 1)}:
            path = f"{VIDEO}/segment-{msn}.m4s"
            asking.setdefault(msn, []).append(asyncio.create_task(served.get(path)))
        await served.blocked(sum(map(len, asking.values())))
        show.add_part()
        for msn in [msn for msn in asking if msn < show.msn]:
            for task in asking.pop(msn):
                response, body = await task
                assert response.status == 200
                assert body == show.segment_body("video", msn)
    for tasks in asking.values():
        for task in tasks:
            task.cancel()
