"""AAC: from an esds box to the audio object type (ISO/IEC 14496-1 7.2.6, 14496-3 1.6.2)."""

from conformance.errors import Mp4Error

_ES_DESCRIPTOR, _DECODER_CONFIG, _DECODER_SPECIFIC = 0x03, 0x04, 0x05
_AUDIO_ISO_14496_3 = 0x40


def decoder_specific_config(esds: bytes) -> bytes:
    """Find the AudioSpecificConfig in an esds payload (FullBox header included).

    Raises Mp4Error for another object type than MPEG-4 audio, or if a descriptor is cut short.
    """
    es_body = _descriptor(esds, 4, _ES_DESCRIPTOR)
    flags = es_body[2] if len(es_body) > 2 else 0
    position = 3 + (2 if flags & 0x80 else 0)
    if flags & 0x40 and position < len(es_body):
        position += 1 + es_body[position]
    position += 2 if flags & 0x20 else 0
    config = _descriptor(es_body, position, _DECODER_CONFIG)
    if not config or config[0] != _AUDIO_ISO_14496_3:
        got = f"0x{config[0]:02x}" if config else "nothing"
        raise Mp4Error(0, f"esds: expected object type 0x40 (MPEG-4 audio), got {got}")
    return _descriptor(config, 13, _DECODER_SPECIFIC)


def audio_object_type(config: bytes) -> int:
    """Read the audio object type of an AudioSpecificConfig: 2 LC, 5 SBR, 29 PS, 42 xHE."""
    if len(config) < 2:
        raise Mp4Error(0, f"AudioSpecificConfig: expected 2 bytes or more, got {len(config)}")
    object_type = config[0] >> 3
    if object_type == 31:  # escape: 32 + the next six bits
        return 32 + ((config[0] & 0x07) << 3 | config[1] >> 5)
    return object_type


def _descriptor(body: bytes, start: int, tag: int) -> bytes:
    """Read the descriptor at `start`: its tag, a length in groups of seven bits, its bytes."""
    if start >= len(body) or body[start] != tag:
        got = f"0x{body[start]:02x}" if start < len(body) else "the end"
        raise Mp4Error(start, f"esds: expected descriptor 0x{tag:02x}, got {got}")
    length = 0
    position = start + 1
    for _ in range(4):
        if position >= len(body):
            raise Mp4Error(position, "esds: expected a descriptor length, got the end")
        byte = body[position]
        position += 1
        length = length << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    if position + length > len(body):
        raise Mp4Error(
            position, f"esds: expected {length} bytes of descriptor, got {len(body) - position}"
        )
    return body[position : position + length]
