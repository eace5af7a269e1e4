"""VP9 frames and superframes (VP9 bitstream specification, annex B)."""

from ingest.flv.units.reader import VideoDescription, VideoUnit
from ingest.media import VideoFormat
from ingest.media.codecs.vp9 import (
    Vp9Configuration,
    Vp9KeyFrame,
    parse_vp9_configuration,
    parse_vp9_key_frame,
    write_vp9_configuration,
)


class Vp9Reader:
    """Reads the frames of one VP9 track.

    The configuration record tells no picture size, so the track is described at its key frames;
    without a record, all comes from them.
    """

    def __init__(self) -> None:
        self.description: VideoDescription | None = None
        self._configuration: Vp9Configuration | None = None
        self._key_frame: Vp9KeyFrame | None = None

    def configure(self, record: bytes) -> None:
        """Take a VPCodecConfigurationRecord."""
        self._configuration = parse_vp9_configuration(record)
        if self._key_frame is not None:
            self._describe(self._key_frame)

    def read(self, payload: bytes, start: int) -> tuple[VideoUnit, ...]:
        """Take one frame or superframe."""
        key_frame = parse_vp9_key_frame(payload, start)
        if key_frame is not None and key_frame != self._key_frame:
            self._describe(key_frame)
        return (VideoUnit(payload[start:], key_frame is not None),)

    def _describe(self, key_frame: Vp9KeyFrame) -> None:
        """Describe the track; the record's colours are finer than those of the bitstream."""
        self._key_frame = key_frame
        configuration = self._configuration
        record = configuration.record if configuration else write_vp9_configuration(key_frame)
        video = VideoFormat(
            key_frame.width_px,
            key_frame.height_px,
            bit_depth=key_frame.bit_depth,
            color=(configuration and configuration.color) or key_frame.color,
        )
        self.description = VideoDescription(record, video)
