"""Files with a fault each, made by ffmpeg, and published in real time as they are."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_PUBLISH_ENHANCED = Path(__file__).with_name("enhanced_encoder.py")
X264 = ("libx264", "-preset", "superfast", "-sc_threshold", "0")
X265 = ("libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:scenecut=0:pools=1")
# Not SVT-AV1, which makes itself real-time where it may.
AOM = ("libaom-av1", "-cpu-used", "8", "-usage", "realtime", "-row-mt", "0")
AAC = ("aac", "-ac", "2", "-b:a", "128k")
TONE, SILENCE = "sine=frequency=440:sample_rate=48000", "anullsrc=sample_rate=48000"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyFile:
    """How a file is made. The defaults are a good stream, small enough to be encoded quickly.

    `picture` is a source of ffmpeg's, `picture_coder` and `sound_coder` its encoders with their
    options; None leaves that out.
    """

    picture: str | None = "testsrc2=size=320x180:rate=30"
    filters: str = "null"
    picture_coder: tuple[str, ...] = X264
    video: tuple[str, ...] = ("-b:v", "600k")
    gop: int = 60
    pixels: str = "yuv420p"
    sound: str = TONE
    sound_coder: tuple[str, ...] | None = AAC
    sound_s: int | None = None
    sound_offset_s: float = 0.0
    length_s: int = 18

    @property
    def suffix(self) -> str:
        """FLV, as far as FFmpeg 5 can; newer codecs are put into it by a newer one."""
        return ".flv" if self.picture_coder[0] == "libx264" else ".mkv"

    def make(self, path: Path) -> None:
        """Encode it."""
        inputs: list[str] = []
        coding: list[str] = []
        if self.picture is not None:
            inputs += ["-f", "lavfi", "-i", self.picture]
            coding += [
                *("-c:v", *self.picture_coder, "-pix_fmt", self.pixels, "-vf", self.filters),
                *("-g", str(self.gop), "-keyint_min", str(self.gop), *self.video),
            ]
        if self.sound_coder is not None:
            if self.sound_offset_s:
                inputs += ["-itsoffset", str(self.sound_offset_s)]
            if self.sound_s is not None:
                inputs += ["-t", str(self.sound_s)]
            inputs += ["-f", "lavfi", "-i", self.sound]
            coding += ["-c:a", *self.sound_coder]
        subprocess.run(
            [
                *("ffmpeg", "-v", "error", "-y", "-filter_threads", "1", *inputs),
                *("-threads", "1", *coding, "-t", str(self.length_s), str(path)),
            ],
            check=True,
            timeout=120,
        )


CLEAN = FaultyFile()


def publish_command(path: Path, url: str, *bends: str, rate: str = "1") -> list[str]:
    """Publish a file as it is, in real time or at another rate; pictures wait little for sound.

    `bends` are options of the output, such as filters that leave coded units out.
    """
    return [
        *("ffmpeg", "-v", "error", "-readrate", rate, "-i", str(path), "-c", "copy", *bends),
        *("-max_interleave_delta", "500000", "-f", "flv", url),
    ]


def publish_enhanced_command(path: Path, url: str) -> list[str]:
    """Publish a file in real time as Enhanced RTMP, with the newer FFmpeg that PyAV brings."""
    return [sys.executable, str(_PUBLISH_ENHANCED), str(path), url]
