"""ffmpeg and GStreamer against a running server."""

import asyncio
import shlex
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ingest.media import TrackStarted
from ingest.ports import EndReason
from ingest.publisher import CertificateError, TlsSettings
from tests.ingest.publisher.recording import RecordingSink
from tests.ingest.publisher.studio import Studio, settings

pytestmark = pytest.mark.real

_PICTURES = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30"]
_SOUND = ["-f", "lavfi", "-i", "sine=sample_rate=48000"]
_H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-bf", "2", "-pix_fmt", "yuv420p"]
_AAC = ["-c:a", "aac"]

_GSTREAMER = """
gst-launch-1.0 -q flvmux name=mux streamable=true ! rtmp2sink location={url}
videotestsrc num-buffers=60 ! video/x-raw,width=320,height=180,framerate=30/1
! x264enc key-int-max=30 tune=zerolatency ! h264parse ! mux.
audiotestsrc num-buffers=90 ! audio/x-raw,rate=48000 ! avenc_aac ! aacparse ! mux.
"""


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run an encoder, and end it if the test has not."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def ffmpeg(url: str, *, seconds: float = 60, realtime: bool = True) -> list[str]:
    return [
        *("ffmpeg", "-hide_banner", "-loglevel", "error"),
        *(("-re",) if realtime else ()),
        *_PICTURES,
        *(("-re",) if realtime else ()),
        *_SOUND,
        *("-t", str(seconds)),
        *_H264,
        *_AAC,
        *("-f", "flv", url),
    ]


async def samples(studio: Studio, sink: RecordingSink, count: int) -> None:
    await studio.journal.until(lambda: len(sink.samples) >= count)


async def test_ffmpeg_publishes_to_its_end() -> None:
    async with Studio() as studio:
        async with running(*ffmpeg(f"{studio.url}/key?token=x", seconds=3, realtime=False)) as run:
            sink = await studio.gateway.sink()
            await studio.journal.until(lambda: sink.end)
            assert await run.wait() == 0
        assert sink.end is EndReason.UNPUBLISHED
        assert sink.codecs == {"H.264", "AAC"}
        video = [sample for sample in sink.samples if sample.track == "video"]
        audio = [sample for sample in sink.samples if sample.track == "audio"]
        assert len(video) == 90
        assert sum(sample.duration for sample in audio) == pytest.approx(3 * 48_000, abs=3 * 1024)
        assert sum(sample.is_sync for sample in video) == 3
        assert studio.keys.attempts[0].query == {"token": "x"}
        assert "Lavf" in studio.keys.attempts[0].encoder


async def test_ffmpeg_learns_why_it_was_refused() -> None:
    async with Studio() as studio:
        async with running(*ffmpeg(f"{studio.url}/wrong")) as run:
            _, stderr = await run.communicate()
            assert run.returncode != 0
        assert b"Unknown stream key." in stderr


async def test_ffmpeg_learns_that_its_codec_is_not_carried() -> None:
    async with Studio() as studio:
        command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-re", *_PICTURES]
        command += ["-c:v", "flv1", "-f", "flv", f"{studio.url}/key"]
        async with running(*command) as run:
            sink = await studio.gateway.sink()
            await studio.journal.until(lambda: sink.end)
            assert sink.end is EndReason.PROTOCOL_ERROR
            assert await run.wait() != 0


async def test_newer_ffmpeg_takes_over() -> None:
    async with Studio() as studio, running(*ffmpeg(f"{studio.url}/key")) as old:
        first = await studio.gateway.sink()
        await samples(studio, first, 20)
        async with running(*ffmpeg(f"{studio.url}/key")) as new:
            second = await studio.gateway.sink(2)
            assert first.end is EndReason.TAKEN_OVER
            assert await old.wait() != 0
            await samples(studio, second, 20)
            new.terminate()
            await studio.journal.until(lambda: second.end)
            assert second.end is EndReason.UNPUBLISHED


async def test_killed_ffmpeg_is_lost_at_once() -> None:
    async with Studio() as studio, running(*ffmpeg(f"{studio.url}/key")) as run:
        sink = await studio.gateway.sink()
        await samples(studio, sink, 20)
        run.kill()
        await studio.journal.until(lambda: sink.end)
        assert sink.end is EndReason.CONNECTION_LOST


async def test_frozen_ffmpeg_is_taken_for_lost() -> None:
    async with (
        Studio(settings(idle_timeout_s=5.0)) as studio,
        running(*ffmpeg(f"{studio.url}/key")) as run,
    ):
        sink = await studio.gateway.sink()
        await samples(studio, sink, 20)
        run.send_signal(19)  # SIGSTOP: the connection stays open, nothing comes
        await studio.journal.until(lambda: sink.end)
        assert sink.end is EndReason.SILENT


async def test_full_sink_holds_a_hurried_ffmpeg_back() -> None:
    async with Studio() as studio:
        studio.gateway.opens_full = True
        command = ffmpeg(f"{studio.url}/key", seconds=120, realtime=False)
        async with running(*command):
            sink = await studio.gateway.sink()
            await studio.journal.until(lambda: sink.waits)
            waiting_for = len(sink.samples)
            sink.make_room()
            await samples(studio, sink, waiting_for + 100)


async def test_gstreamer_publishes_to_its_end() -> None:
    async with Studio() as studio:
        pipeline = shlex.split(_GSTREAMER.format(url=f"{studio.url}/key"))
        async with running(*pipeline) as run:
            sink = await studio.gateway.sink()
            await studio.journal.until(lambda: sink.end)
            _, stderr = await run.communicate()
            assert run.returncode == 0, stderr
        assert sink.end is EndReason.UNPUBLISHED
        assert sink.codecs == {"H.264", "AAC"}
        assert len([sample for sample in sink.samples if sample.track == "video"]) == 60


async def test_gstreamer_learns_why_it_was_refused() -> None:
    async with Studio() as studio:
        pipeline = shlex.split(_GSTREAMER.format(url=f"{studio.url}/wrong"))
        async with running(*pipeline) as run:
            _, stderr = await run.communicate()
            assert run.returncode != 0
        assert b"Unknown stream key." in stderr


# A process of its own: PyAV keeps the interpreter to itself while it waits for the server.
_PUBLISH_HEVC = """
import sys, av
with av.open(sys.argv[1], "w", format="flv") as output:
    video = output.add_stream("libx265", rate=30, options={"x265-params": "log-level=none"})
    video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
    for _ in range(30):
        output.mux(video.encode(av.VideoFrame(320, 180, "yuv420p")))
    output.mux(video.encode(None))
"""


async def test_enhanced_rtmp_of_a_newer_ffmpeg_is_understood() -> None:
    async with Studio() as studio:
        async with running(sys.executable, "-c", _PUBLISH_HEVC, f"{studio.url}/key") as run:
            sink = await studio.gateway.sink()
            await studio.journal.until(lambda: sink.end)
            assert await run.wait() == 0
        assert sink.codecs == {"HEVC"}
        assert len(sink.samples) == 30
        (started,) = [event for event in sink.events if isinstance(event, TrackStarted)]
        assert started.track.video is not None
        assert (started.track.video.width_px, started.track.video.height_px) == (320, 180)


@pytest.fixture
def certificate(tmp_path: Path) -> TlsSettings:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    command += ["-out", str(chain), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return TlsSettings(certificate=chain, private_key=key, host="127.0.0.1", port=0)


async def test_ffmpeg_publishes_over_tls(certificate: TlsSettings) -> None:
    async with Studio(settings(tls=certificate)) as studio:
        url = f"rtmps://127.0.0.1:{studio.server.tls_port}/live/key"
        async with running(*ffmpeg(url, seconds=2, realtime=False)) as run:
            sink = await studio.gateway.sink()
            await studio.journal.until(lambda: sink.end)
            assert await run.wait() == 0
        assert sink.end is EndReason.UNPUBLISHED
        assert len([sample for sample in sink.samples if sample.track == "video"]) == 60


async def test_what_comes_with_the_end_of_the_tls_handshake_is_read(
    certificate: TlsSettings,
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate.certificate))
    async with Studio(settings(tls=certificate)) as studio:
        encoder = await studio.encoder(tls=trusting)
        await encoder.publish()
        encoder.send_audio(10)
        sink = await studio.gateway.sink()
        await studio.journal.until(lambda: len(sink.samples) == 10)


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00", b"\x03" + bytes(2000)])
async def test_peer_that_does_not_finish_tls_is_closed(
    certificate: TlsSettings, said: bytes
) -> None:
    limits = settings().limits
    quick = settings(
        tls=certificate, limits=type(limits)(handshake_timeout_s=0.5), address_connection_limit=1
    )
    async with Studio(quick) as studio:
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", studio.server.tls_port)
            writer.write(said)
            async with asyncio.timeout(60):
                try:
                    while await reader.read(1000):
                        pass
                except ConnectionError:
                    pass
            writer.close()


async def test_stopping_server_does_not_wait_for_a_tls_handshake(
    certificate: TlsSettings,
) -> None:
    async with Studio(settings(tls=certificate, stop_timeout_s=0.2)) as studio:
        _, writer = await asyncio.open_connection("127.0.0.1", studio.server.tls_port)
        await studio.encoder()
    writer.close()


async def test_certificate_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    absent = TlsSettings(certificate=tmp_path / "absent.pem", private_key=tmp_path / "absent.pem")
    with pytest.raises(CertificateError, match=r"absent\.pem: No such file"):
        await Studio(settings(tls=absent)).server.start()
    (tmp_path / "absent.pem").write_text("no certificate")
    with pytest.raises(CertificateError, match=r"absent\.pem: \[SSL\]"):
        await Studio(settings(tls=absent)).server.start()
