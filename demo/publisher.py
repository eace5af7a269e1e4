"""DemoPublisher: encodes the test card and the tone as an encoder would, and sends them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from urllib.parse import quote

import av
import av.error
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from demo.picture import PictureSize, TestCard
from demo.tone import SAMPLE_RATE_HZ, Tone

_AAC_SAMPLES = 1024
_RECONNECT_DELAY_S = 2.0  # as OBS waits
_RECONNECT_TRIES = 25
_CONNECT_TIMEOUT_S = 10.0
_LATE_S = 0.5  # a machine that is further behind than this skips pictures


class DemoError(Exception):
    """The show cannot be published; the text says why, without the key."""


@dataclass(frozen=True, slots=True)
class DemoShow:
    """What to publish: the settings that the documentation recommends for low latency."""

    size: PictureSize = field(default_factory=lambda: PictureSize(1280, 720))
    frames_per_s: int = 30
    video_bps: int = 2_500_000
    audio_bps: int = 128_000
    keyframe_interval_s: int = 2
    duration_s: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no encoder takes."""
        if not 1 <= self.frames_per_s <= 120:
            raise ValueError(f"frames_per_s: expected 1 to 120, got {self.frames_per_s}")
        if not 100_000 <= self.video_bps <= 50_000_000:
            raise ValueError(f"video_bps: expected 100,000 to 50,000,000, got {self.video_bps}")
        if not 1 <= self.keyframe_interval_s <= 20:
            raise ValueError(
                f"keyframe_interval_s: expected 1 to 20, got {self.keyframe_interval_s}"
            )

    @property
    def gop_frames(self) -> int:
        """Return how many pictures there are from one key frame to the next."""
        return self.frames_per_s * self.keyframe_interval_s


class DemoPublisher:
    """Publishes a DemoShow in real time to an RTMP server; blocks the calling thread."""

    def __init__(self, server_url: str, key: str, show: DemoShow) -> None:
        self._server_url = server_url.rstrip("/")
        self._key = key
        self._show = show
        self._card = TestCard(
            show.size, f"{show.size}, {show.frames_per_s} fps, H.264 and AAC, over RTMP"
        )
        self._tone = Tone()
        self.skipped_frames = 0  # for want of time, in all
        self._frames_sent = 0  # since the last connection was made
        self._is_stopping = False

    def stop(self) -> None:
        """End the show with the picture at hand. For signal handlers and other threads."""
        self._is_stopping = True

    def run(self) -> None:
        """Publish until the show is over or stopped; come back when the connection drops.

        Raises DemoError when the server cannot be reached or refuses at the start, or stays away.
        """
        started_s = time.monotonic()
        tries_left = 0  # an encoder that never got through does not try again
        while True:
            try:
                self._publish_once(started_s)
            except av.error.FFmpegError as error:
                if self._is_stopping:
                    return
                if self._frames_sent:
                    tries_left = _RECONNECT_TRIES
                if tries_left == 0:
                    raise DemoError(self._explain(error)) from None
                tries_left -= 1
                time.sleep(_RECONNECT_DELAY_S)
            else:
                return

    def _publish_once(self, started_s: float) -> None:
        show, self._frames_sent = self._show, 0
        with self._open() as (container, video, audio):
            first_s, first_unix_ms = time.monotonic(), time.time_ns() // 1_000_000
            # The beep falls on whole seconds of the wall clock.
            audio_origin = first_unix_ms % 1000 * SAMPLE_RATE_HZ // 1000
            audio_sent = 0
            number = key_frame_due = 0
            while not self._is_over(started_s):
                number += self._frames_to_skip(time.monotonic() - first_s, number)
                _sleep_until(first_s + number / show.frames_per_s)
                unix_ms = first_unix_ms + number * 1000 // show.frames_per_s
                drawn = self._card.draw(number, unix_ms)
                # PyAV leaves its bridge to Pillow untyped.
                picture: VideoFrame = VideoFrame.from_image(drawn)  # type: ignore[no-untyped-call]
                picture.pts, picture.time_base = number, Fraction(1, show.frames_per_s)
                if number >= key_frame_due:
                    # The encoder counts pictures: those that were skipped would stretch its GOP.
                    picture.pict_type = PictureType.I
                    key_frame_due = number - number % show.gop_frames + show.gop_frames
                container.mux(video.encode(picture))
                number += 1
                self._frames_sent += 1
                audio_due = number * SAMPLE_RATE_HZ // show.frames_per_s
                while audio_sent < audio_due:
                    container.mux(audio.encode(self._sound(audio_sent, audio_origin)))
                    audio_sent += _AAC_SAMPLES
            container.mux(video.encode(None))
            container.mux(audio.encode(None))

    def _frames_to_skip(self, elapsed_s: float, number: int) -> int:
        """Live means now: pictures that are overdue are left out, the sound is not."""
        rate = self._show.frames_per_s
        late_s = elapsed_s - number / rate
        skipped = int(late_s * rate) if late_s > _LATE_S else 0
        self.skipped_frames += skipped
        return skipped

    def _sound(self, start: int, origin: int) -> AudioFrame:
        sound = AudioFrame(format="s16", layout="stereo", samples=_AAC_SAMPLES)
        sound.planes[0].update(self._tone.samples(start + origin, _AAC_SAMPLES))
        sound.sample_rate = SAMPLE_RATE_HZ
        sound.pts, sound.time_base = start, Fraction(1, SAMPLE_RATE_HZ)
        return sound

    @contextmanager
    def _open(self) -> Iterator[tuple[OutputContainer, VideoStream, AudioStream]]:
        show = self._show
        container = av.open(
            f"{self._server_url}/{quote(self._key, safe='')}",
            "w",
            format="flv",
            options={"flvflags": "no_duration_filesize"},
            timeout=_CONNECT_TIMEOUT_S,
        )
        try:
            video = container.add_stream(
                "libx264",
                rate=show.frames_per_s,
                options={
                    "preset": "veryfast",
                    "tune": "zerolatency",
                    "sc_threshold": "0",
                    "maxrate": str(show.video_bps),
                    "bufsize": str(show.video_bps),
                },
            )
            video.width, video.height = show.size.width_px, show.size.height_px
            video.pix_fmt = "yuv420p"
            video.bit_rate = show.video_bps
            video.gop_size = show.gop_frames
            audio = container.add_stream("aac", rate=SAMPLE_RATE_HZ, layout="stereo")
            audio.bit_rate = show.audio_bps
            container.start_encoding()
            yield container, video, audio
        finally:
            container.close()

    def _is_over(self, started_s: float) -> bool:
        lasts_s = self._show.duration_s
        return self._is_stopping or (
            lasts_s is not None and time.monotonic() - started_s >= lasts_s
        )

    def _explain(self, error: av.error.FFmpegError) -> str:
        return (
            f"{self._server_url}: {error.strerror}. Is the server running there, "
            "and is the stream key the one that it printed?"
        )


def _sleep_until(moment_s: float) -> None:
    delay_s = moment_s - time.monotonic()
    if delay_s > 0:
        time.sleep(delay_s)
