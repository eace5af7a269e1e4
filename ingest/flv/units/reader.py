"""What a reader of coded units gives and keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ingest.media import AudioFormat, VideoFormat

# Of audio in one message: encoders send one, or a few to save headers.
MAX_FRAMES = 64


@dataclass(frozen=True, slots=True)
class VideoDescription:
    """A decoder configuration as `Track.decoder_configuration` has it, and what it says."""

    decoder_configuration: bytes
    video: VideoFormat


@dataclass(frozen=True, slots=True)
class AudioDescription:
    """A decoder configuration as `Track.decoder_configuration` has it, and what it says."""

    decoder_configuration: bytes
    audio: AudioFormat


class VideoUnit(NamedTuple):
    """A coded picture ready for an `mdat`.

    Mostly made with `tuple.__new__`, like BodyUnit.
    """

    payload: bytes | memoryview
    is_sync: bool


class AudioUnit(NamedTuple):
    """A coded audio frame ready for an `mdat`; `duration` counts samples, 1 or more."""

    payload: bytes
    duration: int


class VideoReader(Protocol):
    """Reads the message bodies of one video track.

    `description` is None until enough is known to decode; a new object says that it may have
    changed. All methods raise BitstreamError for bytes that break the codec's specification.
    """

    description: VideoDescription | None

    def configure(self, record: bytes) -> None:
        """Take the body of a sequence header."""
        ...

    def read(self, payload: bytes, start: int) -> Sequence[VideoUnit]:
        """Take the coded units from `start` to the end of `payload`: mostly one, maybe none."""
        ...


class AudioReader(Protocol):
    """Reads the message bodies of one audio track, in the manner of VideoReader."""

    description: AudioDescription | None

    def configure(self, record: bytes) -> None:
        """Take the body of a sequence header."""
        ...

    def read(self, payload: bytes, start: int) -> Sequence[AudioUnit]:
        """Take the coded units from `start` to the end of `payload`: mostly one, maybe none."""
        ...
