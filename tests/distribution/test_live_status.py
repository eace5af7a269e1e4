"""The status API."""

import json
import re
from dataclasses import replace
from fractions import Fraction

from ingest.media import VideoFormat
from tests.distribution.conftest import Serve
from tests.distribution.show import Show

RFC3339_MS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


async def test_channel_that_is_live_says_what_it_is(serve: Serve) -> None:
    show = Show()
    show.add_segments(1)
    served = await serve(show)
    response, body = await served.get("/api/v1/live/ada")
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    status = json.loads(body)
    assert RFC3339_MS.fullmatch(status.pop("serverTime"))
    unused = dict.fromkeys(("width", "height", "frameRate", "sampleRateHz", "channelCount"))
    assert status == {
        "channel": "ada",
        "state": "live",
        "startedAt": "2026-09-21T14:13:20.000Z",
        "revision": show.publication.revision,
        "playlist": "/live/ada/index.m3u8",
        "manifest": "/live/ada/manifest.mpd",
        "partTargetMs": 500,
        "targetDurationS": 2,
        "tracks": [
            unused
            | {"name": "video", "kind": "video", "codec": "H.264", "width": 1280, "height": 720},
            unused
            | {
                "name": "audio",
                "kind": "audio",
                "codec": "AAC",
                "sampleRateHz": 48_000,
                "channelCount": 2,
            },
        ],
    }


async def test_frame_rate_is_a_number_of_frames_a_second(serve: Serve) -> None:
    show = Show()
    show.add_segments(1)
    video = VideoFormat(width_px=1280, height_px=720, frame_rate=Fraction(30_000, 1001))
    rendition = show.publication.renditions["video"]
    rendition.track = replace(rendition.track, video=video)
    served = await serve(show)
    _, body = await served.get("/api/v1/live/ada")
    assert json.loads(body)["tracks"][0]["frameRate"] == 29.97


async def test_state_follows_the_show(serve: Serve) -> None:
    show = Show()
    served = await serve(show)

    async def state() -> tuple[str, bool, bool]:
        _, one = await served.get("/api/v1/live/ada")
        _, every = await served.get("/api/v1/live")
        status = json.loads(one)
        is_listed = bool(json.loads(every)["channels"])
        return status["state"], status["playlist"] is not None, is_listed

    assert await state() == ("starting", False, True)
    show.add_segments(1)
    assert await state() == ("live", True, True)
    show.publication.interrupt()
    assert await state() == ("interrupted", True, True)
    show.publication.resume()
    assert await state() == ("live", True, True)
    show.publication.interrupt(stopped=True)
    assert await state() == ("ended", True, False)
    show.publication.end()
    assert await state() == ("ended", True, False)
    served.publications.remove("ada")
    assert await state() == ("offline", False, False)


async def test_channel_that_was_never_there_is_offline(serve: Serve) -> None:
    served = await serve()
    response, body = await served.get("/api/v1/live/nobody")
    assert response.status == 200
    status = json.loads(body)
    assert status["state"] == "offline"
    assert status["tracks"] == []
    assert status["startedAt"] is status["playlist"] is status["partTargetMs"] is None
    assert status["manifest"] is None


async def test_impossible_channel_name_is_not_found(serve: Serve) -> None:
    served = await serve()
    for name in ("health", "a.b", "%20", "-a", "a" * 65):
        response, _ = await served.get(f"/api/v1/live/{name}")
        assert response.status == 404
        assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_all_channels_are_listed(serve: Serve) -> None:
    first, second = Show("ada"), Show("bob")
    served = await serve(first, second)
    _, body = await served.get("/api/v1/live")
    assert [status["channel"] for status in json.loads(body)["channels"]] == ["ada", "bob"]
