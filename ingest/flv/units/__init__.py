"""Coded units made fit for an `mdat`, one reader per family of codecs.

A reader keeps the decoder configuration of its track, from sequence headers and from the units
themselves.
"""

from collections.abc import Callable

from ingest.flv.units.aac import AacReader
from ingest.flv.units.av1 import Av1Reader
from ingest.flv.units.dolby import Ac3Reader, Eac3Reader
from ingest.flv.units.flac import FlacReader
from ingest.flv.units.nal import AvcReader, HevcReader
from ingest.flv.units.opus import OpusReader
from ingest.flv.units.reader import (
    AudioDescription,
    AudioReader,
    AudioUnit,
    VideoDescription,
    VideoReader,
    VideoUnit,
)
from ingest.flv.units.vp9 import Vp9Reader
from ingest.media import Codec

__all__ = [
    "AudioDescription",
    "AudioReader",
    "AudioUnit",
    "OpusReader",
    "VideoDescription",
    "VideoReader",
    "VideoUnit",
    "audio_reader",
    "video_reader",
]

_VIDEO_READERS: dict[Codec, Callable[[], VideoReader]] = {
    Codec.AVC: AvcReader,
    Codec.HEVC: HevcReader,
    Codec.AV1: Av1Reader,
    Codec.VP9: Vp9Reader,
}
_AUDIO_READERS: dict[Codec, Callable[[], AudioReader]] = {
    Codec.AAC: AacReader,
    Codec.OPUS: OpusReader,
    Codec.FLAC: FlacReader,
    Codec.AC3: Ac3Reader,
    Codec.EAC3: Eac3Reader,
}


def video_reader(codec: Codec) -> VideoReader:
    """Make the reader of a video track."""
    return _VIDEO_READERS[codec]()


def audio_reader(codec: Codec) -> AudioReader:
    """Make the reader of an audio track."""
    return _AUDIO_READERS[codec]()
