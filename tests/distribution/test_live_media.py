"""Parts, segments and init segments over real HTTP: hints, HEAD, Range, CORS."""

import asyncio

import pytest

from tests.distribution.conftest import Serve
from tests.distribution.show import Show

VIDEO = "/live/ada/e1/video"


@pytest.mark.parametrize(
    ("rendition", "content_type"), [("video", "video/mp4"), ("audio", "audio/mp4")]
)
async def test_media_is_immutable_and_typed_by_its_rendition(
    serve: Serve, rendition: str, content_type: str
) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    for name, expected in (
        ("init-1.mp4", show.init_body(rendition)),
        ("part-6.m4s", show.part_body(rendition, 6)),
        ("segment-2.m4s", show.segment_body(rendition, 2)),
    ):
        response, body = await served.get(
            f"/live/ada/e1/{rendition}/{name}", Accept_Encoding="gzip"
        )
        assert response.status == 200
        assert body == expected
        assert response.headers["Content-Type"] == content_type
        assert response.headers["Content-Length"] == str(len(expected))
        assert response.headers["Cache-Control"] == "public, max-age=3600, immutable"
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Timing-Allow-Origin"] == "*"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Encoding" not in response.headers


async def test_large_segment_arrives_whole(serve: Serve) -> None:
    show = Show(part_bytes=1_500_000)
    show.add_segments(1)
    served = await serve(show)
    _, body = await served.get(f"{VIDEO}/segment-1.m4s")
    assert body == show.segment_body("video", 1)


async def test_hinted_part_is_sent_as_soon_as_it_is_complete(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    asking = [asyncio.create_task(served.get(f"{VIDEO}/part-13.m4s")) for _ in range(50)]
    await served.blocked(50)
    show.add_part()
    for task in asking:
        response, body = await task
        assert response.status == 200
        assert body == show.part_body("video", 13)
        assert response.headers["Cache-Control"] == "public, max-age=3600, immutable"


async def test_hint_holds_across_the_end_of_its_segment(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    for _ in range(3):
        show.add_part()
    served = await serve(show)
    asking = asyncio.create_task(served.get(f"{VIDEO}/part-17.m4s"))
    response, _ = await asking
    assert response.status == 404  # only the very next part is hinted
    show.add_part()
    asking = asyncio.create_task(served.get(f"{VIDEO}/part-17.m4s"))
    await served.blocked(1)
    show.add_part()
    response, body = await asking
    assert response.status == 200
    assert body == show.part_body("video", 17)


@pytest.mark.parametrize(
    "path",
    [
        "/live/ada/index.m3u8",
        f"{VIDEO}/index.m3u8",
        f"{VIDEO}/index.m3u8?_HLS_msn=99",
        f"{VIDEO}/init-1.mp4",
        f"{VIDEO}/part-5.m4s",
        f"{VIDEO}/part-500.m4s",
        f"{VIDEO}/segment-2.m4s",
        "/live/nobody/index.m3u8",
        "/api/v1/live",
        "/api/v1/live/ada",
        "/health",
        "/ready",
    ],
)
async def test_head_is_get_without_the_body(serve: Serve, path: str) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    response, _ = await served.get(path)
    async with served.client.head(path) as head:
        assert await head.read() == b""
    assert head.status == response.status
    ignored = {"Date"}
    assert {k: v for k, v in head.headers.items() if k not in ignored} == {
        k: v for k, v in response.headers.items() if k not in ignored
    }


@pytest.mark.parametrize(
    ("asked", "status", "first", "end"),
    [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=0-3999", 206, 0, 4000),
        ("bytes=3990-4010", 206, 3990, 4011),
        ("bytes=100-15899", 206, 100, 15900),
        ("bytes=8000-", 206, 8000, 16000),
        ("bytes=15999-9007199254740991", 206, 15999, 16000),
        ("bytes=-1", 206, 15999, 16000),
        ("bytes=-99999", 206, 0, 16000),
        ("BYTES= 5-9 ", 206, 5, 10),
        ("bytes=16000-", 416, 0, 0),
        ("bytes=99999-100000", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=0-0,5-9", 200, 0, 16000),
        ("bytes=9-5", 200, 0, 16000),
        ("bytes=-", 200, 0, 16000),
        ("bytes=a-b", 200, 0, 16000),
        ("items=0-5", 200, 0, 16000),
    ],
)
async def test_range_of_a_segment(
    serve: Serve, asked: str, status: int, first: int, end: int
) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    whole = show.segment_body("video", 2)
    response, body = await served.get(f"{VIDEO}/segment-2.m4s", Range=asked)
    assert response.status == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    if status == 416:
        assert response.headers["Content-Range"] == "bytes */16000"
        return
    assert body == whole[first:end]
    assert response.headers["Content-Length"] == str(end - first)
    assert response.headers["Content-Type"] == "video/mp4"
    expected = f"bytes {first}-{end - 1}/16000" if status == 206 else None
    assert response.headers.get("Content-Range") == expected


async def test_range_is_ignored_with_if_range_and_for_head(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    response, body = await served.get(f"{VIDEO}/segment-2.m4s", Range="bytes=0-9", If_Range='"tag"')
    assert (response.status, len(body)) == (200, 16_000)
    async with served.client.head(f"{VIDEO}/segment-2.m4s", headers={"Range": "bytes=0-9"}) as head:
        assert (head.status, head.headers["Content-Length"]) == (200, "16000")


async def test_range_of_a_hinted_part_blocks_and_then_comes(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    asking = asyncio.create_task(
        served.get(f"{VIDEO}/part-13.m4s", Range="bytes=0-9007199254740991")
    )
    await served.blocked(1)
    show.add_part()
    response, body = await asking
    assert response.status == 206
    assert body == show.part_body("video", 13)


async def test_preflight_is_answered_for_everything_below_live_and_api(serve: Serve) -> None:
    served = await serve()
    for path in (f"{VIDEO}/part-1.m4s", "/api/v1/live"):
        async with served.client.options(
            path,
            headers={"Origin": "https://a.example", "Access-Control-Request-Method": "GET"},
        ) as response:
            assert response.status == 204
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            assert "GET" in response.headers["Access-Control-Allow-Methods"]
            assert "Range" in response.headers["Access-Control-Allow-Headers"]
            assert "Content-Length" not in response.headers


async def test_listed_origins_alone_may_read_when_there_is_a_list(serve: Serve) -> None:
    show = Show()
    show.add_segments(1)
    served = await serve(show, allowed_origins=("https://a.example", "https://b.example"))
    for path in (f"{VIDEO}/part-1.m4s", "/live/nobody/index.m3u8", "/api/v1/live"):
        response, _ = await served.get(path, Origin="https://b.example")
        assert response.headers["Access-Control-Allow-Origin"] == "https://b.example"
        assert response.headers["Vary"] == "Origin"
        for origin in ("https://evil.example", "https://a.example.evil.example", "null"):
            response, _ = await served.get(path, Origin=origin)
            assert "Access-Control-Allow-Origin" not in response.headers
            assert response.headers["Vary"] == "Origin"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_other_methods_are_told_which_are_right(serve: Serve, method: str) -> None:
    show = Show()
    show.add_segments(1)
    served = await serve(show)
    for path in (f"{VIDEO}/part-1.m4s", "/api/v1/live", "/health"):
        async with served.client.request(method, path, data=b"x" * 100) as response:
            assert response.status == 405
            assert "GET" in response.headers["Allow"]
            assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
