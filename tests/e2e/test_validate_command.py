"""`rillcast validate` against a real server: HLS, a single playlist, DASH, and nobody there."""

import asyncio
import json
import subprocess
import sys

import pytest

from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import RtmpPublisher, VideoSettings, make_show
from tests.support.viewer import viewer

pytestmark = pytest.mark.real


def run_validate(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config", "validate", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


async def test_a_live_show_is_right_over_hls_and_dash(server: RillcastServer) -> None:
    show = make_show(VideoSettings(gop_frames=60, duration_s=4.0))
    async with (
        viewer(server.live_url("validated")) as watching,
        RtmpPublisher(f"{server.rtmp_url}/validated") as publisher,
    ):
        sending = asyncio.create_task(publisher.send(show, realtime=True, duration_s=170))
        await watching.wait_until_live()
        urls = [
            watching.url,
            (await watching.rendition_urls())["video"],
            watching.url.replace("index.m3u8", "manifest.mpd"),
        ]
        ended = await asyncio.gather(
            *(
                asyncio.to_thread(run_validate, url, "--seconds", "8", "--waiters", "200", "--json")
                for url in urls
            )
        )
        sending.cancel()
    for url, each in zip(urls, ended, strict=True):
        report = json.loads(each.stdout)
        assert each.returncode == 0, (url, report.get("findings"))
        assert all(rendition["parts"] > 5 for rendition in report["renditions"])
    assert len(json.loads(ended[1].stdout)["renditions"]) == 1


def test_nobody_there_and_wrong_usage_exit_2(server: RillcastServer) -> None:
    nobody = run_validate(server.live_url("nobody"))
    assert nobody.returncode == 2
    assert "nothing is live there" in " ".join(nobody.stdout.split())
    page = run_validate(f"{server.http_url}/health")
    assert page.returncode == 2, page.stdout
    home = run_validate(f"{server.http_url}/")
    assert home.returncode == 2
    assert "is a web page" in " ".join(home.stdout.split())
    bare = run_validate("localhost:8080/live/studio/index.m3u8")
    assert bare.returncode == 2
    assert "expected an http or https URL" in " ".join(bare.stdout.split())
    assert run_validate().returncode == 2
    assert run_validate(server.live_url("x"), "--seconds", "soon").returncode == 2
