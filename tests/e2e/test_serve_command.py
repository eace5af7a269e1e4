"""The command line as a user meets it: keys, addresses, Ctrl-C, mistakes."""

import asyncio
import json
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.encoder import encoder, ffmpeg_command
from tests.support.rillcast_server import rillcast_server
from tests.support.rtmp_publisher import PublishRefusedError, RtmpPublisher, make_show
from tests.support.viewer import viewer

pytestmark = pytest.mark.real


def rillcast(*arguments: str, limit_s: float = 300) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config", *arguments],
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )


def test_a_fresh_server_prints_a_key_that_publishes_and_keeps_it(tmp_path: Path) -> None:
    with rillcast_server(tmp_path) as server:
        key = server.key
        assert key is not None
        assert f"Watch    {server.http_url}/studio" in server.greeting
        url = f"{server.rtmp_url}/{key}"
        with encoder(ffmpeg_command(url)):
            asyncio.run(_wait_until_live(server.live_url("studio")))
        assert stat.S_IMODE((server.data / "stream-keys.toml").stat().st_mode) == 0o600
        assert key not in server.log_text()
    public = "https://live.example.org"
    flags = ("--set", f"accounts.public_url={public}")
    with rillcast_server(
        tmp_path, *flags
    ) as again:  # its output goes to a pipe, as a service's does
        assert key not in again.greeting
        assert "rillcast key list" in again.greeting
        assert f"Home     {public}/\n" in again.greeting
        assert f"Watch    {public}/studio\n" in again.greeting
        assert again.http_url.startswith("http://127.0.0.1:")
    listed = rillcast("key", "list", "--data", str(tmp_path / "data"))
    assert listed.stdout == f"studio  {key}\n"


async def _wait_until_live(url: str) -> None:
    async with viewer(url) as watching:
        await watching.wait_until_live()


async def test_a_wrong_key_is_refused_as_encoders_understand_it(tmp_path: Path) -> None:
    with rillcast_server(tmp_path) as server:
        with pytest.raises(PublishRefusedError) as refused:
            async with RtmpPublisher(f"{server.rtmp_url}/not-the-key"):
                pass
        assert refused.value.code in {"NetStream.Publish.Denied", "NetStream.Publish.BadName"}
        assert "stream key" in str(refused.value)
        command = ffmpeg_command(f"{server.rtmp_url}/not-the-key")
        ended = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, timeout=180, check=False
        )
        assert ended.returncode != 0
        assert "Unknown stream key" in ended.stderr
        assert "not-the-key" not in server.log_text()


async def test_a_renewed_key_counts_at_once(tmp_path: Path) -> None:
    with rillcast_server(tmp_path) as server:
        renewed = rillcast("key", "renew", "studio", "--data", str(server.data))
        with pytest.raises(PublishRefusedError):
            async with RtmpPublisher(f"{server.rtmp_url}/{server.key}"):
                pass
        async with RtmpPublisher(f"{server.rtmp_url}/{renewed.stdout.strip()}"):
            pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_stopped_server_that_keeps_no_shows_ends_them_for_viewers(
    tmp_path: Path, number: signal.Signals
) -> None:
    with rillcast_server(tmp_path, "--open", "--set", "packager.journal=false") as server:
        publisher = RtmpPublisher(f"{server.rtmp_url}/show")
        async with publisher, viewer(server.live_url("show")) as watching:
            sending = asyncio.create_task(
                publisher.send(make_show(), realtime=True, duration_s=600)
            )
            playlist = await watching.wait_for_segment("video", 1)
            url = (await watching.rendition_urls())["video"]
            # A player waits for the part after next when the server is told to stop.
            last_msn = playlist.media_sequence + len(playlist.segments)
            blocked = [
                asyncio.create_task(watching.get(f"{url}?_HLS_msn={last_msn + 1}"))
                for _ in range(20)
            ]
            await watching.wait_for_waiting(20)
            server.process.send_signal(number)
            for status, body in await asyncio.wait_for(asyncio.gather(*blocked), 180):
                assert (status, b"#EXT-X-ENDLIST" in body) == (200, True)
            assert await asyncio.to_thread(server.process.wait, 180) == 0
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        for name, other in (("http", "rtmp"), ("rtmp", "http")):
            ended = rillcast(
                *("serve", "--data", str(tmp_path), f"--{name}", address),
                *(f"--{other}", "127.0.0.1:0"),
            )
            assert ended.returncode == 1
            said = f"cannot listen on {name} {address}: Address already in use; choose"
            assert said in ended.stderr
            assert f"--{name} HOST:PORT" in ended.stderr
            assert "Traceback" not in ended.stderr


def test_the_demo_refuses_an_address_that_is_not_of_an_rtmp_server() -> None:
    ended = rillcast("demo", "--url", "http://localhost:8080/live", "--key", "x")
    assert ended.returncode == 1
    assert "expected rtmp://HOST/live or rtmps://HOST/live" in ended.stderr


def test_an_open_server_refuses_other_addresses(tmp_path: Path) -> None:
    ended = rillcast("serve", "--data", str(tmp_path), "--open", "--rtmp", "0.0.0.0:0")
    assert ended.returncode == 1
    assert "anybody who reaches rtmp.host" in ended.stderr
    assert "open_anywhere" in ended.stderr


def test_check_config_prints_settings_that_can_be_read_back(tmp_path: Path) -> None:
    printed = rillcast("check-config", "--set", "packager.profile=low", "--http", ":9000")
    assert printed.returncode == 0, printed.stderr
    assert 'profile = "low"' in printed.stdout
    file = tmp_path / "rillcast.toml"
    file.write_text(printed.stdout)
    again = rillcast("check-config", "--config", str(file))
    assert again.stdout == printed.stdout, again.stderr


def test_check_config_says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "rillcast.toml"
    file.write_text("[http]\nprot = 1\n")
    ended = rillcast("check-config", "--config", str(file))
    assert ended.returncode == 1
    assert "http.prot: unknown setting; did you mean 'port'?" in ended.stderr


async def test_demo_and_probe_work_together(tmp_path: Path) -> None:
    with rillcast_server(tmp_path) as server:
        demo = [sys.executable, "-m", "config", "demo", "--data", str(server.data)]
        demo += ["--url", server.rtmp_url, "--size", "640x360"]
        with encoder(demo):
            url = server.live_url("studio")
            await _wait_until_live(url)
            ended = await asyncio.to_thread(rillcast, "probe", url, "--seconds", "6", "--json")
        report = json.loads(ended.stdout)
        assert ended.returncode == 0, report["findings"]
        assert {rendition["name"] for rendition in report["renditions"]} == {"video", "audio"}
        assert all(rendition["parts"] > 5 for rendition in report["renditions"])
        async with viewer(url) as watching:
            metrics = (await watching.get(f"{server.http_url}/metrics"))[1].decode()
        assert "rillcast_publishers_started_total 1" in metrics
        assert 'rillcast_http_responses_total{kind="part",status="200"}' in metrics


def test_probe_says_that_nothing_is_live(tmp_path: Path) -> None:
    with rillcast_server(tmp_path) as server:
        ended = rillcast("probe", server.live_url("studio"), "--seconds", "3")
    assert ended.returncode == 2
    assert "nothing is live there" in " ".join(ended.stdout.split())
