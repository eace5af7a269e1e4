"""The wall clock of a real server is set while a show is on air, and its viewers never notice."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from conformance.playlist import MediaPlaylist
from tests.support.port import free_port
from tests.support.returning_publisher import returning_publisher
from tests.support.rillcast_server import rillcast_server
from tests.support.rtmp_publisher import make_show
from tests.support.viewer import Viewer, viewer

pytestmark = pytest.mark.real

CLOCK = Path(__file__).parents[1] / "support" / "settable_clock"
NEAR_S = 60  # whatever a busy machine does, it is no hour


async def assert_dated_now(watching: Viewer, playlist: MediaPlaylist, status_url: str) -> None:
    """Hold what players and pages are told about the time against the media's dates."""
    newest_us = playlist.segments[-1].program_date_time_us
    assert newest_us is not None
    _, status = await watching.get(status_url)
    _, told = await watching.get(watching.url.replace("index.m3u8", "time"))
    for time_text in (told.decode(), json.loads(status)["serverTime"]):
        time_s = datetime.fromisoformat(time_text).timestamp()
        assert abs(time_s - newest_us / 1e6) < NEAR_S


async def test_a_wall_clock_that_is_set_changes_nothing_also_over_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = make_show()
    step_file = tmp_path / "step"
    step_file.write_text("0")
    monkeypatch.setenv("PYTHONPATH", str(CLOCK))
    monkeypatch.setenv("WALL_CLOCK_STEP_FILE", str(step_file))
    http, rtmp = free_port(), free_port()
    flags = ("--open", "--http", f"127.0.0.1:{http}", "--rtmp", f"127.0.0.1:{rtmp}")
    status_url = f"http://127.0.0.1:{http}/api/v1/live/show"
    async with returning_publisher(f"rtmp://127.0.0.1:{rtmp}/live/show", show):
        with rillcast_server(tmp_path, *flags) as server:
            async with viewer(server.live_url("show")) as watching:
                before = await watching.wait_for_segment("video", 1)
                step_file.write_text("3600")
                await assert_dated_now(watching, before, status_url)
        step_file.write_text("-3600")
        with rillcast_server(tmp_path, *flags) as server:
            async with viewer(server.live_url("show")) as watching:
                after = await watching.wait_for_segment("video", before.next_msn + 2)
                await assert_dated_now(watching, after, status_url)
    assert after.discontinuity_sequence or any(each.is_discontinuous for each in after.segments)
