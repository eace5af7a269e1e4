"""Files with a fault each, made by ffmpeg, and published in real time as they are."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_PICTURE = ("-f", "lavfi", "-i", "testsrc2=size={size}:rate={rate}")
_TONE = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000")
_SILENCE = ("-f", "lavfi", "-i", "anullsrc=sample_rate=48000:channel_layout=stereo")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyFile:
    """How a file is made. The defaults are a good stream, small enough to be encoded quickly."""

    size: str = "640x360"
    rate: str = "30"
    length_s: int = 20
    gop: str = "60"
    video: tuple[str, ...] = ("-b:v", "1500k", "-maxrate", "1500k", "-bufsize", "1500k")
    profile: str = "high"
    filters: str = "null"
    sound: tuple[str, ...] | None = ("-ac", "2", "-ar", "48000", "-b:a", "128k")
    is_silent: bool = False
    sound_s: int | None = None
    sound_offset_s: float = 0.0

    def make(self, path: Path) -> None:
        """Encode it."""
        picture = [part.format(size=self.size, rate=self.rate) for part in _PICTURE]
        sound: list[str] = []
        if self.sound is not None:
            if self.sound_offset_s:
                sound += ["-itsoffset", str(self.sound_offset_s)]
            if self.sound_s is not None:
                sound += ["-t", str(self.sound_s)]
            sound += [*(_SILENCE if self.is_silent else _TONE)]
        coding = [
            *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", self.profile),
            *("-pix_fmt", "yuv420p", "-g", self.gop, "-keyint_min", self.gop),
            *("-sc_threshold", "0", "-vf", self.filters, *self.video),
        ]
        if self.sound is not None:
            coding += ["-c:a", "aac", *self.sound]
        subprocess.run(
            [
                *("ffmpeg", "-v", "error", "-y", "-threads", "1", *picture, *sound, *coding),
                *("-t", str(self.length_s), "-f", "flv", str(path)),
            ],
            check=True,
            timeout=120,
        )


def publish_command(path: Path, url: str) -> list[str]:
    """Publish a file as it is, in real time; pictures wait half a second for sound at most."""
    return [
        *("ffmpeg", "-v", "error", "-re", "-i", str(path), "-c", "copy"),
        *("-max_interleave_delta", "500000", "-f", "flv", url),
    ]
