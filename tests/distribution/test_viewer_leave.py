"""Channels that not everybody may watch: a token in the path, the same bytes for all who may."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

import pytest
from structlog.testing import capture_logs

from conformance.playlist import read_multivariant_playlist
from distribution.live.token_path import split_token, without_token
from distribution.ports import View
from tests.distribution.conftest import Serve, Served
from tests.distribution.show import Show


@dataclass
class Doorkeeper:
    """Lets in whoever has the word "good". Implements ViewerAuthorizer."""

    is_open: bool = False
    is_over: bool = False
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def authorize_view(self, channel: str, token: str | None) -> View:
        self.asked.append((channel, token))
        if self.is_open:
            return View.SHARED if token is None else View.PERSONAL
        if token is None or not token.startswith("good"):
            return View.UNKNOWN
        return View.OVER if self.is_over else View.PERSONAL

    def is_listed(self, channel: str) -> bool:
        assert channel
        return self.is_open


async def guarded(serve: Serve) -> tuple[Served, Show, Doorkeeper]:
    show, doorkeeper = Show(), Doorkeeper()
    show.add_segments(3)
    return await serve(show, viewers=doorkeeper), show, doorkeeper


@pytest.mark.parametrize(
    ("path", "token", "rest"),
    [
        ("/live/ada/index.m3u8", None, "/live/ada/index.m3u8"),
        ("/live/~good/ada/index.m3u8", "good", "/live/ada/index.m3u8"),
        ("/live/~/ada/index.m3u8", "", "/live/ada/index.m3u8"),
        ("/live/~good", "good", "/live/"),
        ("/live/~a/~b/ada/index.m3u8", "a", "/live/~b/ada/index.m3u8"),
        ("/ada", None, "/ada"),
    ],
)
def test_a_token_is_split_off(path: str, token: str | None, rest: str) -> None:
    assert split_token(path) == (token, rest)
    assert "good" not in without_token(path)
    assert without_token(f"/api/v1{path}") == f"/api/v1{without_token(path)}"


async def test_every_address_in_the_playlists_inherits_the_token(serve: Serve) -> None:
    served, _, _ = await guarded(serve)
    start = "/live/~good1/ada/index.m3u8"
    response, body = await served.get(start)
    assert response.status == 200
    for uri in read_multivariant_playlist(body).rendition_uris():
        playlist = urljoin(start, uri)
        assert playlist.startswith("/live/~good1/ada/e1/")
        response, text = await served.get(playlist)
        assert response.status == 200
        named = [line for line in text.decode().splitlines() if line.endswith(".m4s")]
        response, _ = await served.get(urljoin(playlist, named[-1]))
        assert response.status == 200
    response, manifest = await served.get("/live/~good1/ada/manifest.mpd")
    assert response.status == 200
    assert b"good1" not in manifest
    named_clock = re.search(rb'<UTCTiming [^>]*value="([^"]+)"', manifest)
    assert named_clock is not None
    clock = urljoin("/live/~good1/ada/manifest.mpd", named_clock[1].decode())
    response, now = await served.get(clock)
    assert response.status == 200
    assert datetime.fromisoformat(now.decode()).tzinfo is not None
    assert b"//live" not in manifest.replace(b"http", b"")


async def test_all_who_may_watch_get_the_same_bytes_but_for_their_own_cache(serve: Serve) -> None:
    served, show, doorkeeper = await guarded(serve)
    for path in ("ada/index.m3u8", "ada/manifest.mpd", "ada/e1/video/index.m3u8",
                 "ada/e1/video/init-1.mp4", "ada/e1/video/part-3.m4s",
                 "ada/e1/video/segment-2.m4s"):  # fmt: skip
        doorkeeper.is_open = False
        first, one = await served.get(f"/live/~good1/{path}")
        second, two = await served.get(f"/live/~good2/{path}")
        doorkeeper.is_open = True
        shared, everybody = await served.get(f"/live/{path}")
        assert one == two == everybody
        assert first.headers["Cache-Control"] == second.headers["Cache-Control"]
        assert "public" not in first.headers["Cache-Control"]
        again, _ = await served.get(f"/live/{path}")
        assert again.headers["Cache-Control"] == shared.headers["Cache-Control"]
        if "max-age" in shared.headers["Cache-Control"]:
            assert first.headers["Cache-Control"] == shared.headers["Cache-Control"].replace(
                "public", "private"
            )
    assert show.msn > 1


@pytest.mark.parametrize("path", ["index.m3u8", "manifest.mpd", "e1/video/index.m3u8",
                                  "e1/video/part-3.m4s", "e1/video/segment-2.m4s"])  # fmt: skip
async def test_who_may_not_watch_learns_nothing(serve: Serve, path: str) -> None:
    served, _, doorkeeper = await guarded(serve)
    for prefix in ("", "~", "~/", "~bad/", "~goo/"):
        response, body = await served.get(f"/live/{prefix}ada/{path}")
        assert response.status == 404
        unknown, nothing = await served.get(f"/live/{prefix}nobody/index.m3u8")
        assert (unknown.status, nothing) == (404, body) or prefix == "~"
    await served.get(f"/live/~good/ada/{path}")  # is ready for others now
    response, _ = await served.get(f"/live/ada/{path}")
    assert response.status == 404
    doorkeeper.is_over = True
    response, _ = await served.get(f"/live/~good/ada/{path}")
    assert (response.status, response.headers["Cache-Control"]) == (403, "no-store")


async def test_who_waits_for_media_gets_none_after_the_leave_has_ended(serve: Serve) -> None:
    served, show, doorkeeper = await guarded(serve)
    path = f"/live/~good/ada/e1/video/index.m3u8?_HLS_msn={show.msn}&_HLS_part={show.index}"
    waiting = asyncio.create_task(served.get(path))
    await served.blocked(1)
    doorkeeper.is_over = True
    show.add_part()
    response, _ = await waiting
    assert response.status == 403


async def test_the_status_api_tells_of_a_channel_to_who_may_watch_it(serve: Serve) -> None:
    served, _, doorkeeper = await guarded(serve)

    async def status(path: str) -> dict[str, object]:
        _, body = await served.get(f"/api/v1/live{path}")
        found: dict[str, object] = json.loads(body)
        return found

    assert (await status(""))["channels"] == []
    for path in ("/ada", "/~bad/ada"):
        hidden = await status(path)
        unknown = await status("/nobody")
        hidden.pop("serverTime"), unknown.pop("serverTime")
        assert hidden == unknown | {"channel": "ada"}
    shown = await status("/~good/ada")
    assert (shown["state"], shown["playlist"]) == ("live", "/live/~good/ada/index.m3u8")
    doorkeeper.is_open = True
    assert len((await status(""))["channels"]) == 1  # type: ignore[arg-type] # a list


async def test_a_token_is_in_no_log_though_something_goes_wrong(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    served, _, doorkeeper = await guarded(serve)

    def fail(channel: str, token: str | None) -> View:
        raise RuntimeError(f"of {channel}, {token is None}")

    monkeypatch.setattr(doorkeeper, "authorize_view", fail)
    with capture_logs() as logs:
        response, body = await served.get("/live/~good-secret/ada/index.m3u8")
        await served.client.post("/live/~good-secret/ada/index.m3u8")
    assert response.status == 500
    assert b"good-secret" not in body
    assert "good-secret" not in str(logs)
