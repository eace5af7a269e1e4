"""Playlists over real HTTP: blocking reload, status codes, caching, coding."""

import asyncio
import gzip

import pytest

from tests.distribution.conftest import Serve
from tests.distribution.show import Show

VIDEO = "/live/ada/e1/video"


async def test_playlist_is_sent_with_its_type_cache_time_and_cors(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    response, body = await served.get(f"{VIDEO}/index.m3u8")
    assert response.status == 200
    assert body == show.publication.renditions["video"].playlist().identity
    assert response.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Length" in response.headers["Access-Control-Expose-Headers"]
    assert response.headers["Content-Length"] == str(len(body))
    assert "Date" in response.headers
    assert "Age" not in response.headers
    assert "Server" not in response.headers


async def test_multivariant_playlist_names_the_epoch(serve: Serve) -> None:
    show = Show(epoch="e7")
    show.add_segments(1)
    served = await serve(show)
    response, body = await served.get("/live/ada/index.m3u8")
    assert response.status == 200
    assert b"\ne7/video/index.m3u8\n" in body
    assert response.headers["Cache-Control"] == "public, max-age=1"


async def test_gzip_is_for_those_who_take_it_and_the_same_text(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    _, plain = await served.get(f"{VIDEO}/index.m3u8")
    for accept in ("gzip", "br;q=1.0, GZIP;q=0.2", "*"):
        response, body = await served.get(f"{VIDEO}/index.m3u8", Accept_Encoding=accept)
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(body) == plain
    for accept in ("identity", "gzip;q=0", "br", "*;q=0", "gzip;q=zero"):
        response, body = await served.get(f"{VIDEO}/index.m3u8", Accept_Encoding=accept)
        assert "Content-Encoding" not in response.headers
        assert body == plain


async def test_blocking_request_gets_the_part_it_waited_for(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    asking = asyncio.create_task(served.get(f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=1"))
    await served.blocked(1)
    show.add_part()
    await asyncio.sleep(0)
    assert not asking.done()
    show.add_part()
    response, body = await asking
    assert response.status == 200
    assert b'URI="part-14.m4s"' in body
    assert response.headers["Cache-Control"] == "public, max-age=12"


async def test_blocking_request_for_a_whole_segment_waits_for_its_end(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    asking = asyncio.create_task(served.get(f"{VIDEO}/index.m3u8?_HLS_msn=4"))
    await served.blocked(1)
    show.add_segments(1)
    response, body = await asking
    assert response.status == 200
    assert b"\nsegment-4.m4s\n" in body


async def test_part_beyond_the_end_of_a_segment_is_the_first_of_the_next(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    asking = asyncio.create_task(served.get(f"{VIDEO}/index.m3u8?_HLS_msn=3&_HLS_part=4"))
    await served.blocked(1)
    show.add_part()
    response, body = await asking
    assert response.status == 200
    assert b'URI="part-13.m4s"' in body


async def test_one_part_wakes_a_thousand_requests_with_one_rendering(serve: Serve) -> None:
    show = Show(tracks=1)
    show.add_segments(3)
    served = await serve(show, address_connection_limit=2000)
    path = f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=0"
    asking = [asyncio.create_task(served.get(path)) for _ in range(1000)]
    await served.blocked(1000)
    rendered_before = show.publication.render_count
    show.add_part()
    bodies = {body for _, body in await asyncio.gather(*asking)}
    assert len(bodies) == 1
    assert {task.result()[0].status for task in asking} == {200}
    assert show.publication.render_count == rendered_before + 1
    assert show.publication.waiter_count == 0


async def test_answers_are_shared_by_viewers_of_one_version_and_of_no_other(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    rendition = show.publication.renditions["video"]
    # More different queries than are remembered: they mean the same and get the same.
    queries = ["", "_HLS_msn=3", *(f"v={number}" for number in range(50))]
    for _ in range(3):
        for query in (*queries, *queries):
            _, body = await served.get(f"{VIDEO}/index.m3u8?{query}")
            assert body == rendition.playlist().identity
        assert len(rendition.answers) <= 32
        show.add_part()
        assert not rendition.answers


@pytest.mark.parametrize(
    ("query", "cache_control"),
    [
        ("_HLS_part=1", "public, max-age=8"),
        ("_HLS_msn=-1", "public, max-age=8"),
        ("_HLS_msn=four", "public, max-age=8"),
        ("_HLS_msn=4&_HLS_part=", "public, max-age=8"),
        ("_HLS_msn=7", "public, max-age=1"),
        ("_HLS_msn=4&_HLS_part=9", "public, max-age=1"),
    ],
)
async def test_directives_that_no_player_may_send_are_bad_requests(
    serve: Serve, query: str, cache_control: str
) -> None:
    show = Show()
    show.add_segments(3)
    show.add_part()
    served = await serve(show)
    response, body = await served.get(f"{VIDEO}/index.m3u8?{query}")
    assert response.status == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == cache_control
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert body.startswith(b"_HLS_")
    assert b"four" not in body


async def test_position_that_left_the_window_is_answered_at_once(serve: Serve) -> None:
    show = Show()
    show.add_segments(20)
    served = await serve(show)
    response, body = await served.get(f"{VIDEO}/index.m3u8?_HLS_msn=2&_HLS_part=1")
    assert response.status == 200
    assert b"segment-20.m4s" in body


async def test_ended_playlist_ignores_directives(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    show.publication.end()
    served = await serve(show)
    response, body = await served.get(f"{VIDEO}/index.m3u8?_HLS_msn=900&_HLS_part=7")
    assert response.status == 200
    assert b"#EXT-X-ENDLIST" in body


async def test_end_of_the_show_wakes_who_waits(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    playlist = asyncio.create_task(served.get(f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=1"))
    hinted = asyncio.create_task(served.get(f"{VIDEO}/part-13.m4s"))
    await served.blocked(2)
    show.publication.end()
    response, body = await playlist
    assert response.status == 200
    assert b"#EXT-X-ENDLIST" in body
    response, _ = await hinted
    assert response.status == 404
    assert response.headers["Cache-Control"] == "public, max-age=1"


async def test_first_viewers_wait_for_the_first_segment(serve: Serve) -> None:
    show = Show()
    show.add_part()
    served = await serve(show)
    multivariant = asyncio.create_task(served.get("/live/ada/index.m3u8"))
    media = asyncio.create_task(served.get(f"{VIDEO}/index.m3u8"))
    await served.blocked(2)
    for _ in range(3):
        show.add_part()
    response, body = await multivariant
    assert response.status == 200
    assert b"audio/index.m3u8" in body
    response, body = await media
    assert response.status == 200
    assert b"segment-1.m4s" in body


async def test_blocked_request_gives_up_after_its_limit(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("distribution.live.deciding._MAX_WAIT_S", 0.05)
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    for path in (
        f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=1",
        f"{VIDEO}/part-13.m4s",
    ):
        response, _ = await served.get(path)
        assert response.status == 503
        assert response.headers["Retry-After"] == "1"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_only_so_many_requests_may_wait(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show, blocked_limit=3)
    path = f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=0"
    asking = [asyncio.create_task(served.get(path)) for _ in range(3)]
    await served.blocked(3)
    response, _ = await served.get(path)
    assert response.status == 503
    assert response.headers["Retry-After"] == "1"
    show.add_part()
    for task in asking:
        response, _ = await task
        assert response.status == 200


async def test_viewer_who_leaves_ends_the_wait(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    asking = asyncio.create_task(served.get(f"{VIDEO}/index.m3u8?_HLS_msn=4&_HLS_part=0"))
    await served.blocked(1)
    asking.cancel()
    await served.blocked(0)


@pytest.mark.parametrize(
    "path",
    [
        "/live/nobody/index.m3u8",
        "/live/nobody/e1/video/index.m3u8",
        "/live/ada/e0/video/index.m3u8",
        "/live/ada/e1/video-9/index.m3u8",
        "/live/ada/e1/video/part-900.m4s",
        "/live/ada/e1/video/segment-5.m4s",
        "/live/ada/e1/video/segment-900.m4s",
        "/live/ada/e1/video/init-2.mp4",
        "/live/ada/e1/video/init-1.m4s",
        "/live/ada/e1/video/part-01.m4s",
        "/live/ada/e1/video/part-0.m4s",
        "/live/ada/e1/video/part-99999999999999999999.m4s",
        "/live/ada/e1/video/",
        "/live/ada/e1/video",
        "/live/ada/e1/video/index.m3u8/",
        "/live/ada/",
        "/live/ada",
        "/live/",
        "/live//index.m3u8",
        "/live/health/index.m3u8",
        "/live/a%2Fb/index.m3u8",
        "/live/" + "a" * 65 + "/index.m3u8",
    ],
)
async def test_what_is_not_there_is_a_cheap_404(serve: Serve, path: str) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    rendered_before = show.publication.render_count
    response, body = await served.get(path)
    assert response.status == 404
    assert len(body) < 100
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert show.publication.render_count == rendered_before


async def test_channel_that_has_nothing_yet_is_asked_again_soon(serve: Serve) -> None:
    show = Show(tracks=0)
    served = await serve(show)
    response, _ = await served.get("/live/ada/index.m3u8")
    assert response.status == 503
    assert response.headers["Retry-After"] == "1"
    show.publication.end()
    response, _ = await served.get("/live/ada/index.m3u8")
    assert response.status == 404
