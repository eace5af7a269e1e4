"""FLAC frames (RFC 9639 section 9)."""

from ingest.flv.units.reader import AudioDescription, AudioUnit
from ingest.media.codecs.flac import frame_samples, parse_stream_info


class FlacReader:
    """Reads the FLAC of one track: a message is a frame."""

    def __init__(self) -> None:
        self.description: AudioDescription | None = None
        self._formats = b""

    def configure(self, record: bytes) -> None:
        """Take `fLaC` and STREAMINFO."""
        stream_info = parse_stream_info(record)
        # FFmpeg sends the header again with frame sizes, length and checksum once it knows them;
        # a decoder does without.
        if self._formats != stream_info.formats:
            self._formats = stream_info.formats
            self.description = AudioDescription(stream_info.block, stream_info.audio)

    def read(self, payload: bytes, start: int) -> tuple[AudioUnit, ...]:
        """Take one frame."""
        return (AudioUnit(payload[start:], frame_samples(payload, start)),)
