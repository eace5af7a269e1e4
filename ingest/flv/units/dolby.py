"""AC-3 and E-AC-3 frames (ETSI TS 102 366): they have no sequence header, each tells all."""

from ingest.flv.units.reader import MAX_FRAMES, AudioDescription, AudioUnit
from ingest.media.codecs.ac3 import parse_ac3_frame
from ingest.media.codecs.eac3 import parse_eac3_unit
from ingest.media.codecs.errors import BitstreamError


class Ac3Reader:
    """Reads the AC-3 of one track; a message may hold several frames."""

    def __init__(self) -> None:
        self.description: AudioDescription | None = None

    def configure(self, record: bytes) -> None:
        """Take a sequence start, which Enhanced RTMP leaves empty for this codec."""

    def read(self, payload: bytes, start: int) -> list[AudioUnit]:
        """Take a run of frames, each a sample."""
        units: list[AudioUnit] = []
        while start < len(payload):
            frame = parse_ac3_frame(payload, start)
            end = start + frame.frame_bytes
            if len(units) >= MAX_FRAMES:
                raise BitstreamError(f"AC-3: expected up to {MAX_FRAMES} frames in a message")
            if end > len(payload):
                raise BitstreamError(
                    f"AC-3: expected a frame of {frame.frame_bytes} bytes, "
                    f"got {len(payload) - start}"
                )
            description = AudioDescription(frame.dac3, frame.audio)
            if description != self.description:
                self.description = description
            units.append(AudioUnit(payload[start:end], frame.audio.samples_per_frame))
            start = end
        return units


class Eac3Reader:
    """Reads the E-AC-3 of one track; a message holds the frames of all substreams."""

    def __init__(self) -> None:
        self.description: AudioDescription | None = None

    def configure(self, record: bytes) -> None:
        """Take a sequence start, which Enhanced RTMP leaves empty for this codec."""

    def read(self, payload: bytes, start: int) -> tuple[AudioUnit, ...]:
        """Take one unit. A bit rate that varies does not describe the track anew."""
        unit = parse_eac3_unit(payload, start)
        known = self.description
        if (
            known is None
            or known.audio != unit.audio
            or _without_bit_rate(known.decoder_configuration) != _without_bit_rate(unit.dec3)
        ):
            self.description = AudioDescription(unit.dec3, unit.audio)
        return (AudioUnit(payload[start:], unit.samples),)


def _without_bit_rate(dec3: bytes) -> bytes:
    """Give a dec3 body with its first field, data_rate (13 bits), zeroed."""
    return bytes((dec3[1] & 7,)) + dec3[2:]
