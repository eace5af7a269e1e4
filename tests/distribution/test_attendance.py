"""Who counts viewers is told of what they take; what is shared stays the same for all."""

import asyncio
import re

import pytest

from tests.distribution.attendance import Attendance
from tests.distribution.conftest import Serve, Served
from tests.distribution.show import Show

FOLDER = "/live/ada"
VIDEO = f"{FOLDER}/e1/video/index.m3u8"
HERE = "127.0.0.1"


@pytest.fixture
def attendance() -> Attendance:
    return Attendance()


@pytest.fixture
async def served(serve: Serve, attendance: Attendance) -> Served:
    show = Show()
    show.add_segments(3)
    return await serve(show, audience=attendance)


async def test_each_player_begins_with_a_session_of_its_own(
    served: Served, attendance: Attendance
) -> None:
    texts = []
    for number in (1, 2):
        response, body = await served.get(f"{FOLDER}/index.m3u8", Accept_Encoding="gzip")
        assert response.headers["Cache-Control"] == "no-store"
        uris = re.findall(rb'[^"\n]+/index\.m3u8[^"\n]*', body)
        assert {uri.partition(b"?")[2] for uri in uris} == {b"s=session%05d" % number}
        texts.append(body.replace(b"session%05d" % number, b""))
    assert texts[0] == texts[1]
    assert attendance.noted == []


async def test_who_begins_with_a_session_goes_on_with_it(served: Served) -> None:
    for shown, given in (("?s=session00077", "session00077"), ("?s=made-up-name", "session00001")):
        response, body = await served.get(f"{FOLDER}/index.m3u8{shown}")
        assert response.headers["Cache-Control"] == "no-store"
        assert set(re.findall(rb"/index\.m3u8\?s=([^\"\n]*)", body)) == {given.encode()}


async def test_playlists_are_shared_by_all_sessions(served: Served, attendance: Attendance) -> None:
    bodies = set()
    for session in ("", "?s=session00001", "?s=session00002"):
        response, body = await served.get(VIDEO + session)
        assert response.headers["Cache-Control"].startswith("public")
        bodies.add(body)
    assert len(bodies) == 1
    assert len(served.publications.get("ada").renditions["video"].answers) == 1  # type: ignore[union-attr] # it is there
    assert attendance.noted == [
        ("playlist", "ada", "video", HERE, ""),
        ("playlist", "ada", "video", HERE, "session00001"),
        ("playlist", "ada", "video", HERE, "session00002"),
    ]


async def test_a_session_stands_beside_directives(served: Served, attendance: Attendance) -> None:
    plain = await served.get(f"{VIDEO}?_HLS_msn=2&_HLS_skip=YES")
    named = await served.get(f"{VIDEO}?s=session00001&_HLS_msn=2&_HLS_skip=YES")
    assert named[1] == plain[1]
    refused, _ = await served.get(f"{VIDEO}?s=session00001&_HLS_part=2")
    assert refused.status == 400
    assert [note[-1] for note in attendance.noted] == ["", "session00001"]


async def test_a_show_is_followed_with_a_session(served: Served, attendance: Attendance) -> None:
    response, first = await served.get(f"{FOLDER}/manifest.mpd")
    assert response.headers["Cache-Control"] == "no-store"
    location = re.search(rb"<Location>([^<]*)</Location>", first)
    assert location is not None
    address = location[1].decode().replace("&amp;", "&")
    assert address == "manifest.mpd?s=session00001&show=e1"
    response, followed = await served.get(f"{FOLDER}/{address}")
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert followed == first.replace(location[0] + b"\n", b"")
    assert attendance.noted == [
        ("start", "ada", HERE, ""),
        ("playlist", "ada", "all", HERE, "session00001"),
    ]


async def test_what_was_not_taken_is_not_noted(served: Served, attendance: Attendance) -> None:
    for path in (VIDEO, f"{FOLDER}/e1/video/part-1.m4s"):
        for method in ("HEAD", "OPTIONS"):
            async with served.client.request(method, path):
                pass
    for path in ("/live/bob/e1/video/index.m3u8", f"{FOLDER}/e9/video/index.m3u8"):
        assert (await served.get(path))[0].status == 404
    assert attendance.noted == []
    await served.get(f"{FOLDER}/e1/video/part-9.m4s")
    await served.get(f"{FOLDER}/e1/video/segment-2.m4s", Range="bytes=0-9")
    assert attendance.noted == [("media", "")] * 2


async def test_who_leaves_while_waiting_has_hung_up(served: Served, attendance: Attendance) -> None:
    viewer = await served.connect()
    await viewer.ask(f"{VIDEO}?s=session00001&_HLS_msn=4&_HLS_part=0")
    await served.blocked(1)
    viewer.close()
    await served.blocked(0)
    assert attendance.noted == [
        ("playlist", "ada", "video", HERE, "session00001"),
        ("hung up", "session00001"),
    ]


async def test_a_cache_says_what_it_has_answered(served: Served, attendance: Attendance) -> None:
    for path in (
        f"{VIDEO}?seen=1",
        f"{VIDEO}?s=session00001&seen=1",
        f"{FOLDER}/manifest.mpd?s=session00001&show=e1&seen=1",
    ):
        response, body = await served.get(path, X_Forwarded_For="198.51.100.1")
        assert (response.status, body) == (204, b"")
        assert response.headers["Cache-Control"] == "no-store"
    missing, _ = await served.get(f"{FOLDER}/e9/video/index.m3u8?seen=1")
    assert missing.status == 404
    assert attendance.noted == [
        ("playlist", "ada", "video", "198.51.100.1", ""),
        ("playlist", "ada", "video", "198.51.100.1", "session00001"),
        ("playlist", "ada", "all", "198.51.100.1", "session00001"),
    ]


async def test_requests_that_are_not_plain_are_noted_alike(
    served: Served, attendance: Attendance
) -> None:
    async with served.client.get(f"{VIDEO}?s=session00001", data=b"body") as response:
        assert response.status == 200
    assert attendance.noted == [("playlist", "ada", "video", HERE, "session00001")]


async def test_only_what_the_viewer_closes_says_that_he_has_left(
    serve: Serve, attendance: Attendance
) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show, audience=attendance)
    host, port = "127.0.0.1", served.server.port
    request = f"GET {VIDEO} HTTP/1.1\r\nHost: here\r\n".encode()
    for closing in (b"Connection: close\r\n", b""):
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(request + closing + b"\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        if closing:
            await reader.read()  # until the server has closed
            assert attendance.left_count == 0
        writer.close()
        await writer.wait_closed()
    async with asyncio.timeout(60):
        while attendance.left_count < 1:  # noqa: ASYNC110 - nobody tells of what is noted
            await asyncio.sleep(0.02)
    assert attendance.left_count == 1
