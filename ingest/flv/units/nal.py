"""Access units of NAL units with length prefixes: AVC and HEVC (ISO/IEC 14496-15 4.3.2)."""

from struct import Struct

from ingest.flv.units.parameter_sets import AvcParameterSets, HevcParameterSets, ParameterSets
from ingest.flv.units.reader import VideoDescription, VideoUnit
from ingest.media.codecs.errors import BitstreamError
from ingest.media.codecs.nal_unit import MAX_NAL_UNITS, split_annex_b

_KEEP, _SYNC, _PARAMETER_SET, _DROP = range(4)

# H.264 table 7-1. Only IDR pictures (5) are sync samples; filler data (12) says nothing.
_AVC_ACTIONS = {5: _SYNC, 7: _PARAMETER_SET, 8: _PARAMETER_SET, 12: _DROP}
# H.265 table 7-1. BLA, IDR and CRA (16 to 21) are sync samples; VPS, SPS, PPS; filler data (38).
_HEVC_ACTIONS = {
    **dict.fromkeys(range(16, 22), _SYNC),
    **dict.fromkeys((32, 33, 34), _PARAMETER_SET),
    38: _DROP,
}
_NAL_UNITS = range(MAX_NAL_UNITS)
_LENGTH_4 = Struct(">I")
_START_CODES = (b"\x00\x00\x01", b"\x00\x00\x00\x01")


class NalReader:
    """Reads the access units of one AVC or HEVC track.

    What marks a sync sample is the NAL unit type: senders set FLV's frame type on pictures that
    are none, and forget it on some that are. Length prefixes keep the size that the record names.
    """

    def __init__(self, parameter_sets: ParameterSets, actions: bytes) -> None:
        self.description: VideoDescription | None = None
        self._parameter_sets = parameter_sets
        self._actions = actions  # by the first byte of a NAL unit

    def configure(self, record: bytes) -> None:
        """Take a decoder configuration record."""
        self._parameter_sets.load(record)
        self.description = self._parameter_sets.describe()

    def read(self, payload: bytes, start: int) -> tuple[VideoUnit, ...]:
        """Take one access unit.

        Parameter sets in-band, filler data and empty NAL units are left out: players want the
        first in the sample entry alone (`avc1`, `hvc1`), and the others carry no picture.
        """
        size = self._parameter_sets.length_size
        actions = self._actions
        end = len(payload)
        position = start
        is_sync = is_untidy = False
        for _ in _NAL_UNITS:
            body = position + size
            if body >= end:
                break
            if size == 4:  # as all encoders have it
                (length,) = _LENGTH_4.unpack_from(payload, position)
            else:
                length = int.from_bytes(payload[position:body], "big")
            action = actions[payload[body]]
            if action or not length:
                if action == _SYNC and length:
                    is_sync = True
                else:
                    is_untidy = True
            position = body + length
        if position != end or is_untidy:
            return self._read_untidy(payload, start)
        # A view: the picture is copied into its part, and would be copied twice.
        return (tuple.__new__(VideoUnit, (memoryview(payload)[start:], is_sync)),)

    def _read_untidy(self, payload: bytes, start: int) -> tuple[VideoUnit, ...]:
        """Take an access unit that cannot go into a sample as it is."""
        nal_units = self._split(payload, start)
        kept = []
        is_sync = has_new_parameters = False
        for nal_unit in nal_units:
            action = self._actions[nal_unit[0]]
            if action == _PARAMETER_SET:
                has_new_parameters |= self._parameter_sets.take(nal_unit)
            elif action != _DROP:
                is_sync |= action == _SYNC
                kept.append(nal_unit)
        if has_new_parameters:
            self.description = self._parameter_sets.describe()
        if not kept:
            return ()
        size = self._parameter_sets.length_size
        if size < 4 and max(map(len, kept)) >= 1 << 8 * size:
            raise BitstreamError(f"NAL unit too long for a length of {size} bytes")
        joined = b"".join(
            part for nal_unit in kept for part in (len(nal_unit).to_bytes(size, "big"), nal_unit)
        )
        return (VideoUnit(joined, is_sync),)

    def _split(self, payload: bytes, start: int) -> list[bytes]:
        """Split into NAL units by their lengths, or by start codes where lengths make no sense."""
        size = self._parameter_sets.length_size
        nal_units = []
        position = start
        for _ in _NAL_UNITS:
            body = position + size
            if body > len(payload):
                break
            position = body + int.from_bytes(payload[position:body], "big")
            if position > body:
                nal_units.append(payload[body:position])
        if position == len(payload):
            return nal_units
        if payload.startswith(_START_CODES, start):
            return split_annex_b(payload[start:])
        raise BitstreamError(
            f"NAL unit lengths add up to {position - start} bytes, got {len(payload) - start}"
        )


class AvcReader(NalReader):
    """Reads the access units of an AVC track (ISO/IEC 14496-15 section 5)."""

    def __init__(self) -> None:
        super().__init__(AvcParameterSets(), _AVC_TABLE)


class HevcReader(NalReader):
    """Reads the access units of an HEVC track (ISO/IEC 14496-15 section 8)."""

    def __init__(self) -> None:
        super().__init__(HevcParameterSets(), _HEVC_TABLE)


_AVC_TABLE = bytes(_AVC_ACTIONS.get(byte & 0x1F, _KEEP) for byte in range(256))
_HEVC_TABLE = bytes(_HEVC_ACTIONS.get(byte >> 1 & 0x3F, _KEEP) for byte in range(256))
