"""Decoder configurations and coded units of every codec: a description, or BitstreamError.

An entry: one byte chooses the codec, then records and units follow, each with its length and,
in the length's highest bit, whether it is a record.
"""

from fuzz.entry_reader import EntryReader
from fuzz.harness.described_track import check_description
from ingest.flv.units import audio_reader, video_reader
from ingest.flv.units.reader import AudioDescription, VideoDescription
from ingest.media import Codec, MediaKind, Track
from ingest.media.codecs.errors import BitstreamError

_CODECS = tuple(Codec)
_IS_RECORD = 0x8000
_VIDEO_TIMESCALE = 90_000


def check(entry: bytes) -> None:
    """Configure a codec's reader, let it read units, and write down what it says of the track."""
    reader = EntryReader(entry)
    codec = reader.pick(_CODECS)
    units = video_reader(codec) if codec.kind is MediaKind.VIDEO else audio_reader(codec)
    described: VideoDescription | AudioDescription | None = None
    while not reader.is_at_end:
        head = reader.integer(2)
        body = reader.take(head & ~_IS_RECORD)
        try:
            if head & _IS_RECORD:
                units.configure(body)
            elif body:
                for unit in units.read(body, 0):
                    assert unit.payload
        except BitstreamError:
            continue
        finally:
            if units.description is not None and units.description != described:
                described = units.description
                check_description(_track(codec, described))


def _track(codec: Codec, description: VideoDescription | AudioDescription) -> Track:
    """Give the track as `ingest.flv` would tell of it."""
    record = description.decoder_configuration
    if isinstance(description, VideoDescription):
        return Track("video", 0, codec, _VIDEO_TIMESCALE, record, video=description.video)
    rate_hz = description.audio.sample_rate_hz
    return Track("audio", 0, codec, rate_hz, record, audio=description.audio)
