"""A short show as CMAF parts, cut out of what FFmpeg's muxer writes one sample at a time."""

import array
import io
import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

FRAMES_PER_S = 30
FRAMES_PER_PART = 6
PARTS_PER_SEGMENT = 5
SAMPLE_RATE_HZ = 48_000
SEGMENTS = 20


@dataclass(frozen=True)
class ShowPart:
    number: int
    msn: int
    index: int
    duration_us: int
    end_us: int
    is_independent: bool
    body: bytes


@dataclass(frozen=True)
class ShowTrack:
    name: str
    init: bytes
    parts: tuple[ShowPart, ...]

    def segment(self, msn: int) -> tuple[ShowPart, ...]:
        return tuple(part for part in self.parts if part.msn == msn)


@cache
def show() -> dict[str, ShowTrack]:
    """Twenty seconds of moving noise and a tone: 1 s segments of five 0.2 s parts, MSN from 1."""
    return {"video": _video(), "audio": _audio()}


def muxed(encode: str, **movflags: str) -> bytes:
    """A fragmented MP4 with a fragment per sample, or as `movflags` say."""
    target = io.BytesIO()
    options = {
        "movflags": "+frag_every_frame+empty_moov+default_base_moof+cmaf",
        "use_editlist": "0",
        "video_track_timescale": "90000",
        **movflags,
    }
    with av.open(target, "w", format="mp4", options=options) as container:
        if encode == "video":
            video = container.add_stream("libx264", rate=FRAMES_PER_S)
            video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
            video.codec_context.gop_size = FRAMES_PER_S
            video.options = {
                "preset": "ultrafast",
                "tune": "zerolatency",
                "x264-params": f"keyint={FRAMES_PER_S}:min-keyint={FRAMES_PER_S}:scenecut=0",
            }
            for number in range(SEGMENTS * FRAMES_PER_S):
                frame = VideoFrame(160, 90, "yuv420p")
                for plane in frame.planes:
                    plane.update(bytes((number * 3 + at) % 256 for at in range(plane.buffer_size)))
                frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_S)
                container.mux(video.encode(frame))
            container.mux(video.encode(None))
        else:
            audio = container.add_stream("aac", rate=SAMPLE_RATE_HZ)
            audio.codec_context.layout = "stereo"
            tone = array.array(
                "f", (0.2 * math.sin(2 * math.pi * 468.75 * at / 48_000) for at in range(1024))
            ).tobytes()
            for number in range(SEGMENTS * SAMPLE_RATE_HZ // 1024 + 1):
                sound = AudioFrame("fltp", "stereo", 1024)
                for channel in sound.planes:
                    channel.update(tone)
                sound.sample_rate = SAMPLE_RATE_HZ
                sound.pts, sound.time_base = number * 1024, Fraction(1, SAMPLE_RATE_HZ)
                container.mux(audio.encode(sound))
            container.mux(audio.encode(None))
    return target.getvalue()


def split(body: bytes) -> tuple[bytes, list[bytes]]:
    """The init segment, and each moof with its mdat."""
    fragments: list[bytes] = []
    init_end, moof_start, position = 0, None, 0
    while position < len(body):
        size, kind = int.from_bytes(body[position : position + 4], "big"), body[position + 4 :][:4]
        if kind == b"moov":
            init_end = position + size
        elif kind == b"moof":
            moof_start = position
        elif kind == b"mdat":
            assert moof_start is not None
            fragments.append(body[moof_start : position + size])
        position += size
    return body[:init_end], fragments


def _video() -> ShowTrack:
    init, samples = split(muxed("video"))
    parts = []
    for number in range(SEGMENTS * PARTS_PER_SEGMENT):
        body = b"".join(samples[number * FRAMES_PER_PART : (number + 1) * FRAMES_PER_PART])
        parts.append(
            ShowPart(
                number + 1,
                number // PARTS_PER_SEGMENT + 1,
                number % PARTS_PER_SEGMENT,
                200_000,
                (number + 1) * 200_000,
                number % PARTS_PER_SEGMENT == 0,
                body,
            )
        )
    return ShowTrack("video", init, tuple(parts))


def _audio() -> ShowTrack:
    init, samples = split(muxed("audio"))
    parts = []
    done = 0
    for number in range(SEGMENTS * PARTS_PER_SEGMENT):
        # As many whole frames as end before or at the video's boundary, rounded.
        until = round((number + 1) * 0.2 * SAMPLE_RATE_HZ / 1024)
        parts.append(
            ShowPart(
                number + 1,
                number // PARTS_PER_SEGMENT + 1,
                number % PARTS_PER_SEGMENT,
                ((until - done) * 1024 * 1_000_000 * 2 // SAMPLE_RATE_HZ + 1) // 2,
                until * 1024 * 1_000_000 // SAMPLE_RATE_HZ,
                is_independent=True,
                body=b"".join(samples[done:until]),
            )
        )
        done = until
    return ShowTrack("audio", init, tuple(parts))
