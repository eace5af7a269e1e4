"""Opus packets (RFC 6716 section 3)."""

from ingest.flv.units.reader import AudioDescription, AudioUnit
from ingest.media.codecs.errors import BitstreamError
from ingest.media.codecs.opus import packet_samples, parse_opus_head, write_opus_head

_STEREO = 2


class OpusReader:
    """Reads the Opus of one track.

    The header may be empty or missing (Enhanced RTMP v2 leaves it optional): then the channels are
    those of a MultichannelConfig, or stereo once media comes.
    """

    def __init__(self) -> None:
        self.description: AudioDescription | None = None
        self._has_head = False

    def configure(self, record: bytes) -> None:
        """Take an OpusHead, or nothing."""
        if record:
            self.description = AudioDescription(record, parse_opus_head(record).audio)
            self._has_head = True

    def set_channels(self, body: bytes) -> None:
        """Take a MultichannelConfig body: channel order, channel count, a map that is not needed.

        Opus keeps its own order (RFC 7845 5.1.1.2), which every mapping here must have.
        """
        if len(body) < 2:
            raise BitstreamError(f"multichannel configuration: expected 2 bytes, got {len(body)}")
        if not self._has_head:
            self._describe(body[1])

    def read(self, payload: bytes, start: int) -> tuple[AudioUnit, ...]:
        """Take one packet."""
        if self.description is None:
            self._describe(_STEREO)
        return (AudioUnit(payload[start:], packet_samples(payload, start)),)

    def _describe(self, channel_count: int) -> None:
        """Write the header that the publisher left out."""
        head = write_opus_head(channel_count)
        self.description = AudioDescription(head, parse_opus_head(head).audio)
