"""CodedShow: a few seconds of coded picture and sound as FLV tags, which are RTMP's messages.

Encoded once for each quality and kept in a folder, because x264 is slower than what is measured.
The picture is a moving test card under fresh noise, so that the encoder needs every bit it gets.
"""

import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

CACHE = Path(__file__).parents[2] / "build" / "bench" / "shows"
AUDIO_RATE_HZ = 48_000
AAC_FRAME = 1024
# The shortest time that is whole in GOPs of 2 s and in AAC frames of 64/3 ms, and so can loop.
LOOP_S = 8
GOP_S = 2

AUDIO, VIDEO, SCRIPT = 8, 9, 18
_TAG_HEADER_BYTES = 11
_FILE_HEADER_BYTES = 9 + 4


@dataclass(frozen=True, slots=True)
class Quality:
    """What a publisher sends."""

    name: str
    width_px: int
    height_px: int
    frame_rate: int
    bitrate_bps: int


QUALITIES = {
    quality.name: quality
    for quality in (
        Quality("360p30", 640, 360, 30, 800_000),
        Quality("720p30", 1280, 720, 30, 4_000_000),
        Quality("1080p60", 1920, 1080, 60, 8_000_000),
    )
}


@dataclass(frozen=True, slots=True)
class Tag:
    """One FLV tag: an RTMP message's type, time and body."""

    type_id: int
    timestamp_ms: int
    body: bytes

    @property
    def is_configuration(self) -> bool:
        """Say whether it is a sequence header: AVC or AAC with packet type 0."""
        return self.type_id in {AUDIO, VIDEO} and self.body[1] == 0


@dataclass(frozen=True, slots=True)
class CodedShow:
    """`head` is sent once; `media` follows over and over, LOOP_S seconds long, in time order."""

    quality: Quality
    head: tuple[Tag, ...]
    media: tuple[Tag, ...]

    @property
    def bitrate_bps(self) -> int:
        """Return what the media really has, sound included."""
        return sum(len(tag.body) for tag in self.media) * 8 // LOOP_S


def coded_show(quality: Quality, cache: Path = CACHE) -> CodedShow:
    """Return the show of this quality, from the cache if it was made before."""
    path = cache / f"{quality.name}-{quality.bitrate_bps // 1000}k.flv"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(_encode(quality))
        unfinished.rename(path)
    return _read_show(quality, path.read_bytes())


def _read_show(quality: Quality, flv: bytes) -> CodedShow:
    tags = read_tags(flv)
    head = [tag for tag in tags if tag.type_id == SCRIPT or tag.is_configuration]
    media = []
    for type_id, count in (
        (VIDEO, LOOP_S * quality.frame_rate),
        (AUDIO, LOOP_S * AUDIO_RATE_HZ // AAC_FRAME),
    ):
        own = [tag for tag in tags if tag.type_id == type_id and not tag.is_configuration]
        # FLV ends AVC with an end-of-sequence tag, and AAC has frames to spare.
        first_ms = own[0].timestamp_ms
        media += [Tag(type_id, tag.timestamp_ms - first_ms, tag.body) for tag in own[:count]]
    # A keyframe comes first, and at one time the picture stands before the sound.
    media.sort(key=lambda tag: (tag.timestamp_ms, -tag.type_id))
    at_zero = [Tag(tag.type_id, 0, tag.body) for tag in head]
    return CodedShow(quality, tuple(at_zero), tuple(media))


def read_tags(flv: bytes) -> list[Tag]:
    """Read all tags of an FLV file. Source: Video File Format Specification 10.1, annex E."""
    tags, at = [], _FILE_HEADER_BYTES
    while at < len(flv):
        length = int.from_bytes(flv[at + 1 : at + 4], "big")
        timestamp_ms = int.from_bytes(flv[at + 7 : at + 8] + flv[at + 4 : at + 7], "big")
        start = at + _TAG_HEADER_BYTES
        tags.append(Tag(flv[at], timestamp_ms, flv[start : start + length]))
        at = start + length + 4
    return tags


def _encode(quality: Quality) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="flv", options={"flvflags": "no_duration_filesize"}) as flv:
        video = flv.add_stream("libx264", quality.frame_rate, options=_x264_options(quality))
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = quality.width_px, quality.height_px, "yuv420p"
        video.bit_rate = quality.bitrate_bps
        video.codec_context.time_base = Fraction(1, quality.frame_rate)
        audio = flv.add_stream("aac", AUDIO_RATE_HZ)
        assert isinstance(audio, AudioStream)
        audio.layout, audio.bit_rate = "stereo", 128_000
        pictures = _source(
            f"testsrc2=size={quality.width_px}x{quality.height_px}:rate={quality.frame_rate},"
            "noise=alls=24:allf=t,format=yuv420p"
        )
        for _ in range(LOOP_S * quality.frame_rate):
            picture = pictures.vpull()
            picture.pict_type = av.video.frame.PictureType.NONE  # else each asks to be a keyframe
            flv.mux(video.encode(picture))
        flv.mux(video.encode(None))
        sounds = _source(
            f"sine=frequency=440:sample_rate={AUDIO_RATE_HZ}:samples_per_frame={AAC_FRAME},"
            "aformat=sample_fmts=fltp:channel_layouts=stereo"
        )
        for _ in range(LOOP_S * AUDIO_RATE_HZ // AAC_FRAME + 4):
            sound = sounds.pull()
            assert isinstance(sound, av.AudioFrame)
            flv.mux(audio.encode(sound))
        flv.mux(audio.encode(None))
    return buffer.getvalue()


def _x264_options(quality: Quality) -> dict[str, str]:
    """Give what OBS sets for streaming: constant bitrate, a keyframe every 2 s."""
    kbps, gop = quality.bitrate_bps // 1000, GOP_S * quality.frame_rate
    return {
        "preset": "veryfast",
        "x264-params": (
            f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:bframes=2:"
            f"nal-hrd=cbr:vbv-maxrate={kbps}:vbv-bufsize={kbps}:threads=2"
        ),
    }


def _source(description: str) -> av.filter.Graph:
    """Make a filter chain without input."""
    graph = av.filter.Graph()
    links = []
    for step in description.split(","):
        name, _, arguments = step.partition("=")
        links.append(graph.add(name, arguments or None))
    links.append(graph.add("abuffersink" if description.startswith("sine") else "buffersink"))
    graph.link_nodes(*links).configure()
    return graph
