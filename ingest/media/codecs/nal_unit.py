"""NAL units of AVC and HEVC: their bytes, not their meaning (H.264 annex B, 14496-15)."""

from ingest.media.codecs.errors import BitstreamError

# A parameter set with all scaling lists and a VUI stays well below this; what lies beyond is
# never needed here, and an integer of the whole would make each bit read slow.
_MAX_PARAMETER_SET_BYTES = 1024
# H.264 A.3.1 and H.265 A.4.1 allow 600 slices to a picture at their highest levels; SEI and the
# like are few. A message of nothing but tiny units must not hold up other publishers.
MAX_NAL_UNITS = 2048
_MAX_SIZED_UNITS = 255  # the most picture parameter sets that there may be (H.264 7.4.2.2)


def unescape(nal_unit: bytes) -> bytes:
    """Give the RBSP of a NAL unit's beginning: emulation prevention bytes removed (7.4.1)."""
    head = nal_unit[:_MAX_PARAMETER_SET_BYTES]
    if b"\x00\x00\x03" not in head:
        return head
    rbsp = bytearray()
    start = 0
    while (found := head.find(b"\x00\x00\x03", start)) >= 0:
        rbsp += head[start : found + 2]
        start = found + 3
    rbsp += head[start:]
    return bytes(rbsp)


def split_annex_b(stream: bytes) -> list[bytes]:
    """Split a byte stream at its start codes into NAL units without them (annex B).

    Zero bytes before a start code belong to it (trailing_zero_8bits); empty units are left out.
    """
    units: list[bytes] = []
    start = stream.find(b"\x00\x00\x01")
    for _ in range(MAX_NAL_UNITS):
        if start < 0:
            return units
        start += 3
        end = stream.find(b"\x00\x00\x01", start)
        unit = (stream[start:] if end < 0 else stream[start:end]).rstrip(b"\x00")
        if unit:
            units.append(unit)
        start = end
    raise BitstreamError(f"expected up to {MAX_NAL_UNITS} NAL units in an access unit")


def read_sized_nal_units(data: bytes, position: int, count: int) -> tuple[tuple[bytes, ...], int]:
    """Read `count` NAL units with 16-bit sizes, as decoder configuration records hold them.

    Returns the units and the position after them.
    """
    if count > _MAX_SIZED_UNITS:
        raise BitstreamError(f"expected up to {_MAX_SIZED_UNITS} parameter sets, got {count}")
    units = []
    for _ in range(count):
        end_of_size = position + 2
        size = int.from_bytes(data[position:end_of_size], "big")
        position = end_of_size + size
        if position > len(data):
            raise BitstreamError(
                f"decoder configuration ends early: expected {position} bytes, got {len(data)}"
            )
        units.append(data[end_of_size:position])
    return tuple(units), position
