"""Real encoders in processes of their own, publishing in real time until they are stopped."""

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# Whoever is killed cannot take back what it made, as the demo its key: 5 s on a busy machine.
_END_LIMIT_S = 60
VIDEO_SOURCE = ("-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30")
AUDIO_SOURCE = ("-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "96k")


def ffmpeg_command(url: str, *, gop_frames: int = 60, more: Sequence[str] = ()) -> list[str]:
    """Publish a test picture and a tone as streamers who use ffmpeg do."""
    keyframes = ("-g", str(gop_frames), "-keyint_min", str(gop_frames), "-sc_threshold", "0")
    source = [*VIDEO_SOURCE, *AUDIO_SOURCE]
    return ["ffmpeg", "-v", "error", *source, *X264, *keyframes, *AAC, *more, "-f", "flv", url]


def gstreamer_command(url: str) -> list[str]:
    """Publish with GStreamer's rtmp2sink."""
    video = "videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=30/1"
    encoder = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=60 bitrate=800"
    audio = "audiotestsrc is-live=true ! audio/x-raw,rate=48000 ! avenc_aac ! aacparse"
    sink = f"flvmux name=mux streamable=true ! rtmp2sink location={url}"
    pipeline = f"{video} ! {encoder} ! h264parse ! mux. {audio} ! mux. {sink}"
    return ["gst-launch-1.0", "-q", *pipeline.split()]


@contextmanager
def encoder(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """Run an encoder; let it say goodbye in the end, and kill it if it does not."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=_END_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
