"""The parameter sets of one AVC or HEVC track, from its record and from in-band changes."""

from typing import Protocol

from ingest.flv.units.reader import VideoDescription
from ingest.media.codecs.avc import (
    AvcConfiguration,
    parse_avc_configuration,
    parse_avc_sequence,
    write_avc_configuration,
)
from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.hevc import (
    PPS,
    SPS,
    VPS,
    HevcConfiguration,
    complete_arrays,
    nal_unit_type,
    parameter_set_id,
    parse_hevc_configuration,
    write_hevc_configuration,
)
from ingest.media.codecs.hevc_sequence import parse_hevc_sequence
from ingest.media.codecs.nal_unit import unescape

_AVC_SPS = 7
_HEVC_SETS = (VPS, SPS, PPS)  # in the order in which a decoder needs them
# More than any encoder keeps at once; a sender of endless new ones must not fill the memory.
MAX_PARAMETER_SETS = 16


class ParameterSets(Protocol):
    """What a NalReader needs to know about its codec."""

    @property
    def length_size(self) -> int:
        """Bytes in the length prefix of each NAL unit."""
        ...

    def load(self, record: bytes) -> None:
        """Take a decoder configuration record: it replaces all that was known."""
        ...

    def take(self, nal_unit: bytes) -> bool:
        """Take a parameter set found among the pictures; tells whether it was news."""
        ...

    def describe(self) -> VideoDescription | None:
        """Describe the track, or give None while a parameter set is missing."""
        ...


class AvcParameterSets:
    """SPS and PPS by their ids (H.264 7.4.1.2.1: a new one with the same id replaces the old)."""

    def __init__(self) -> None:
        self.length_size = 4
        self._record: bytes | None = None
        self._sps: dict[int, bytes] = {}
        self._pps: dict[int, bytes] = {}

    def load(self, record: bytes) -> None:
        """Take an AVCDecoderConfigurationRecord."""
        configuration = parse_avc_configuration(record)
        sps = {
            parse_avc_sequence(unit).parameter_set_id: unit
            for unit in configuration.sequence_parameter_sets
        }
        pps = {_pps_id(unit): unit for unit in configuration.picture_parameter_sets}
        self.length_size = configuration.length_size
        self._record, self._sps, self._pps = record, sps, pps

    def take(self, nal_unit: bytes) -> bool:
        """Take an SPS or PPS NAL unit."""
        if nal_unit[0] & 0x1F == _AVC_SPS:
            known, set_id = self._sps, parse_avc_sequence(nal_unit).parameter_set_id
        else:
            known, set_id = self._pps, _pps_id(nal_unit)
        if not _is_news(known, set_id, nal_unit):
            return False
        known[set_id] = nal_unit
        self._record = None
        return True

    def describe(self) -> VideoDescription | None:
        """Describe the track by its record, written anew if parameter sets came in-band."""
        if not self._sps or not self._pps:
            return None
        sps = tuple(self._sps.values())
        if self._record is None:
            self._record = write_avc_configuration(
                AvcConfiguration(self.length_size, sps, tuple(self._pps.values()))
            )
        return VideoDescription(self._record, parse_avc_sequence(sps[0]).video)


class HevcParameterSets:
    """VPS, SPS, PPS and other arrays of the record, by type and id."""

    def __init__(self) -> None:
        self.length_size = 4
        self._record: bytes | None = None
        self._arrays: dict[int, dict[int, bytes]] = {}

    def load(self, record: bytes) -> None:
        """Take an HEVCDecoderConfigurationRecord."""
        configuration = parse_hevc_configuration(record)
        arrays: dict[int, dict[int, bytes]] = {}
        for kind, units in configuration.arrays:
            if kind in _HEVC_SETS:
                known = arrays.setdefault(kind, {})
                known.update((parameter_set_id(unit), unit) for unit in units)
        self.length_size = configuration.length_size
        self._record, self._arrays = complete_arrays(record), arrays

    def take(self, nal_unit: bytes) -> bool:
        """Take a VPS, SPS or PPS NAL unit."""
        known = self._arrays.setdefault(nal_unit_type(nal_unit), {})
        set_id = parameter_set_id(nal_unit)
        if not _is_news(known, set_id, nal_unit):
            return False
        known[set_id] = nal_unit
        self._record = None
        return True

    def describe(self) -> VideoDescription | None:
        """Describe the track by its record, written anew if parameter sets came in-band."""
        if not all(self._arrays.get(kind) for kind in _HEVC_SETS):
            return None
        if self._record is None:
            arrays = tuple((kind, tuple(self._arrays[kind].values())) for kind in _HEVC_SETS)
            self._record = write_hevc_configuration(HevcConfiguration(self.length_size, arrays))
        sps = next(iter(self._arrays[SPS].values()))
        return VideoDescription(self._record, parse_hevc_sequence(sps).video)


def _is_news(known: dict[int, bytes], set_id: int, nal_unit: bytes) -> bool:
    """Whether a parameter set differs from the known one with its id, and there is room for it."""
    if set_id in known:
        return known[set_id] != nal_unit
    return len(known) < MAX_PARAMETER_SETS


def _pps_id(nal_unit: bytes) -> int:
    """Read pic_parameter_set_id, the first field of a PPS (H.264 7.3.2.2)."""
    return BitReader(unescape(nal_unit[:16])[1:]).ue()
