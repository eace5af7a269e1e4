"""Real streams with a fault or a few, and what has to be found in each: all findings together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.analytics.doctor.faulty_encoder import (
    AOM,
    CLEAN,
    SILENCE,
    X264,
    X265,
    FaultyFile,
    publish_command,
    publish_enhanced_command,
)
from tests.analytics.doctor.two_clocks import Clocks

_NOISE = "noise=alls=60:allf=t"
_SCENE_CUTS = "1,3.5,4.2,7,8.4,10.9,12.1,15,15.9"
_HDR = ("-color_trc", "smpte2084", "-color_primaries", "bt2020", "-colorspace", "bt2020nc")
_CBR = ("-b:v", "10M", "-maxrate", "10M", "-minrate", "10M", "-bufsize", "10M")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyStream:
    """What is published, how, and what must be found: severities by code.

    `or_else`: what may be found instead. `letter`: the grade that a test of it gets, where it is
    published to a test key as well.
    """

    expected: dict[str, str]
    file: FaultyFile = CLEAN
    command: Callable[[Path, str], list[str]] = publish_command
    or_else: str | None = None
    is_secure: bool = False
    profile: str | None = None
    letter: str | None = None


def _with_sound_missing(path: Path, url: str) -> list[str]:
    return publish_command(path, url, "-bsf:a", r"noise=drop=lt(mod(n\,150)\,6)")


def _with_pictures_ending(path: Path, url: str) -> list[str]:
    return publish_command(path, url, "-bsf:v", r"noise=drop=gte(n\,210)")


# By channel. Faults of the picture or the sound: exactly these are found.
STREAMS: dict[str, FaultyStream] = {
    "clean": FaultyStream(expected={}, letter="A"),
    "sparse": FaultyStream(
        file=FaultyFile(
            gop=150, video=("-b:v", "600k", "-bf", "3", "-b_strategy", "0"),
            sound_coder=("aac", "-ac", "1", "-ar", "32000", "-b:a", "64k"),
        ),
        expected={
            "keyframe-interval-long": "warning", "audio-mono": "advice",
            "sample-rate-unusual": "advice", "b-frames": "warning",
        },
        is_secure=True, profile="low",
    ),
    "dense": FaultyStream(
        file=FaultyFile(
            gop=15, filters="setsar=4/3", video=("-b:v", "600k", "-bf", "4", "-b_strategy", "0"),
            sound_coder=("aac", "-ac", "2", "-b:a", "32k"),
        ),
        expected={
            "keyframe-interval-short": "advice", "b-frames": "advice",
            "resolution-odd": "advice", "audio-bitrate-low": "warning",
        },
        letter="C",
    ),
    "scenes": FaultyStream(
        file=FaultyFile(
            picture="testsrc2=size=160x90:rate=90", gop=900,
            video=("-b:v", "300k", "-level", "1.0", "-force_key_frames", _SCENE_CUTS),
        ),
        expected={
            "keyframe-interval-irregular": "advice", "frame-rate-high": "advice",
            "level-exceeded": "warning",
        },
    ),
    "never": FaultyStream(
        file=FaultyFile(gop=9999), expected={"keyframes-missing": "problem"}, letter="E"
    ),
    "slow": FaultyStream(
        file=FaultyFile(
            picture="testsrc2=size=320x180:rate=12", gop=24, sound_coder=None,
            picture_coder=(*X264, "-profile:v", "baseline"),
        ),
        expected={
            "frame-rate-low": "warning", "profile-baseline": "advice", "audio-missing": "warning",
        },
        letter="D",
    ),
    "vary": FaultyStream(
        file=FaultyFile(
            filters=r"settb=1/1000,setpts=PTS+floor(mod(N*7919\,13))*0.0021/TB",
            video=("-b:v", "600k", "-fps_mode", "passthrough", "-enc_time_base", "1:1000"),
            sound=SILENCE,
        ),
        expected={"frame-rate-variable": "warning", "audio-silent": "warning"},
    ),
    "differs": FaultyStream(
        file=FaultyFile(
            picture="testsrc2=size=320x180:rate=60", filters=r"select=mod(n\,2)",
            video=("-b:v", "600k", "-fps_mode", "passthrough"), sound_offset_s=0.6,
        ),
        expected={"frame-rate-differs": "warning", "av-offset": "advice"},
    ),
    "lossy": FaultyStream(
        file=FaultyFile(
            filters=r"select=mod(n\,40)-7", sound_s=5, length_s=28,
            video=("-b:v", "600k", "-fps_mode", "passthrough"),
        ),
        expected={"frames-dropped": "warning", "audio-stalled": "problem"},
    ),
    "odd": FaultyStream(
        file=FaultyFile(filters="format=yuv444p,crop=319:179:exact=1", pixels="yuv444p"),
        expected={"profile-unplayable": "problem", "resolution-odd": "warning"},
    ),
    "bright": FaultyStream(
        file=FaultyFile(video=(*_CBR, "-x264-params", "nal-hrd=cbr", *_HDR), filters=_NOISE),
        expected={"hdr-in-8-bit": "warning", "bitrate-high": "advice"},
    ),
    "peaks": FaultyStream(
        file=FaultyFile(
            filters=f"{_NOISE}:enable='gt(mod(t,8),6)'", video=("-crf", "23", "-level", "4.1")
        ),
        expected={"bitrate-unstable": "advice"},
    ),
    "large": FaultyStream(
        file=FaultyFile(
            picture="color=size=2560x1600:rate=25", video=("-b:v", "4M"), gop=50, length_s=15,
        ),
        expected={"resolution-high": "advice", "bitrate-low": "warning"},
    ),
    "radio": FaultyStream(file=FaultyFile(picture=None), expected={"video-missing": "advice"}),
    "frozen": FaultyStream(
        file=FaultyFile(length_s=28), command=_with_pictures_ending,
        expected={"video-stalled": "problem"},
    ),
    "gaps": FaultyStream(command=_with_sound_missing, expected={"audio-gaps": "warning"}),
    "hevc": FaultyStream(
        file=FaultyFile(
            picture_coder=X265, sound_coder=("libopus", "-ac", "2", "-b:a", "96k"),
        ),
        command=publish_enhanced_command,
        expected={"codec-limited": "advice"},
        letter="B",
    ),
    "av1": FaultyStream(
        file=FaultyFile(picture_coder=AOM, sound_coder=("flac", "-ac", "2")),
        command=publish_enhanced_command,
        expected={"codec-limited": "advice", "audio-codec-limited": "advice"},
        letter="B",
    ),
}  # fmt: skip

# Faults of the line: these are found, and whatever a busy machine adds.
LINES: dict[str, FaultyStream] = {
    "behind": FaultyStream(
        file=FaultyFile(length_s=90),
        command=lambda path, url: publish_command(path, url, rate="0.95"),
        expected={"upload-falls-behind": "problem"},
    ),
    "uneven": FaultyStream(
        file=FaultyFile(length_s=90),
        expected={"arrival-uneven": "warning"},
        or_else="upload-stalls",  # which says more, where the machine adds its own
    ),
}

# Faults of clocks, sent by a publisher that has two of them.
CLOCKS: dict[str, tuple[Clocks, dict[str, str]]] = {
    "late": (Clocks(audio_late_s=0.4), {"av-offset": "warning"}),
    "drift": (Clocks(audio_speed=1.003), {"av-drift": "warning"}),
    "fast": (Clocks(video_speed=1.01, audio_speed=1.01), {"clock-drift": "warning"}),
}
