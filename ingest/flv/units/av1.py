"""AV1 temporal units (AV1 in ISOBMFF 2.4)."""

from ingest.flv.units.reader import VideoDescription, VideoUnit
from ingest.media.codecs.av1 import (
    OBU_FRAME,
    OBU_FRAME_HEADER,
    OBU_PADDING,
    OBU_SEQUENCE_HEADER,
    OBU_TEMPORAL_DELIMITER,
    Obu,
    is_shown_key_frame,
    parse_av1_configuration,
    parse_av1_sequence,
    split_obus,
    write_av1_configuration,
)


class Av1Reader:
    """Reads the temporal units of one AV1 track.

    Temporal delimiters and padding do not belong into samples. A sync sample is a shown key frame
    with its sequence header (AV1 in ISOBMFF 2.4); where the encoder has left that to the record,
    it is put in front.
    """

    def __init__(self) -> None:
        self.description: VideoDescription | None = None
        self._sequence_header = b""  # the whole OBU
        self._is_still = False

    def configure(self, record: bytes) -> None:
        """Take an AV1CodecConfigurationRecord."""
        config_obus = parse_av1_configuration(record)
        for obu in split_obus(config_obus):
            if obu.kind == OBU_SEQUENCE_HEADER:
                self._take_sequence_header(config_obus, obu, record)

    def read(self, payload: bytes, start: int) -> tuple[VideoUnit, ...]:
        """Take one temporal unit."""
        kept: list[bytes] = []
        kept_from = start
        is_key = has_sequence_header = False
        has_frame = False
        for obu in split_obus(payload, start):
            kind = obu.kind
            if kind in (OBU_TEMPORAL_DELIMITER, OBU_PADDING):
                kept.append(payload[kept_from : obu.start])
                kept_from = obu.end
            elif kind == OBU_SEQUENCE_HEADER:
                has_sequence_header = True
                if payload[obu.start : obu.end] != self._sequence_header:
                    self._take_sequence_header(payload, obu, None)
            elif kind in (OBU_FRAME, OBU_FRAME_HEADER) and not has_frame:
                has_frame = True
                is_key = self._is_still or is_shown_key_frame(payload, obu)
        if not has_frame:
            return ()
        if is_key and not has_sequence_header:
            kept.insert(0, self._sequence_header)
        kept.append(payload[kept_from:])
        unit = kept[0] if len(kept) == 1 else b"".join(kept)
        return (VideoUnit(unit, is_key and bool(self._sequence_header)),)

    def _take_sequence_header(self, data: bytes, obu: Obu, record: bytes | None) -> None:
        """Describe the track by a sequence header, with the record that held it or a new one."""
        sequence = parse_av1_sequence(data[obu.body : obu.end])
        header = data[obu.start : obu.end]
        self._sequence_header = header
        self._is_still = sequence.is_still
        configuration = record or write_av1_configuration(sequence, header)
        self.description = VideoDescription(configuration, sequence.video)
