"""Raw AAC frames (ISO/IEC 14496-3 4.5.2.1)."""

from ingest.flv.units.reader import MAX_FRAMES, AudioDescription, AudioUnit
from ingest.media.codecs.aac import parse_adts_header, parse_audio_specific_config


class AacReader:
    """Reads the AAC of one track; strips the ADTS headers that some encoders leave on."""

    def __init__(self) -> None:
        self.description: AudioDescription | None = None
        self._samples_per_frame = 0

    def configure(self, record: bytes) -> None:
        """Take an AudioSpecificConfig."""
        audio = parse_audio_specific_config(record)
        self._samples_per_frame = audio.samples_per_frame
        self.description = AudioDescription(record, audio)

    def read(self, payload: bytes, start: int) -> list[AudioUnit]:
        """Take one raw frame, or a run of ADTS frames."""
        if payload[start] == 0xFF:
            units = self._read_adts(payload, start)
            if units:
                return units
        return [tuple.__new__(AudioUnit, (payload[start:], self._samples_per_frame))]

    def _read_adts(self, payload: bytes, start: int) -> list[AudioUnit]:
        """Take a run of ADTS frames; none if these are none."""
        units: list[AudioUnit] = []
        while len(units) < MAX_FRAMES and (header := parse_adts_header(payload, start)):
            if self.description is None:
                self.configure(header.audio_specific_config)
            end = start + header.frame_bytes
            raw = payload[start + header.header_bytes : end]
            units.append(AudioUnit(raw, self._samples_per_frame))
            start = end
        return units
