"""Opus packets of silence, for one stream or for several side by side (RFC 6716, RFC 7845)."""

PACKET_TICKS = 960  # of Opus's own 48,000 a second
# RFC 6716 3.1: configuration 31 (CELT, fullband, 20 ms), code 0; then an empty range coder.
_MONO, _STEREO = 0xF8, 0xFC
_FRAME = b"\xff\xfe"
_HEAD_BYTES = 19
_FAMILY_AT = 18


def silent_opus_packet(opus_head: bytes, channel_count: int) -> bytes:
    """Write 20 ms of silence, or none where OpusHead does not say which streams there are."""
    family = opus_head[_FAMILY_AT] if len(opus_head) >= _HEAD_BYTES else 0
    if family == 0:
        streams, coupled = 1, channel_count - 1
        if channel_count not in (1, 2):
            return b""
    elif len(opus_head) < _HEAD_BYTES + 2:
        return b""
    else:
        streams, coupled = opus_head[_HEAD_BYTES], opus_head[_HEAD_BYTES + 1]
        if not 0 < streams <= 255 - coupled or coupled > streams:
            return b""
    tocs = [_STEREO] * coupled + [_MONO] * (streams - coupled)
    # RFC 7845 3 and RFC 6716 B: all but the last delimit themselves, by the length of the frame.
    delimited = b"".join(bytes((toc, len(_FRAME))) + _FRAME for toc in tocs[:-1])
    return delimited + bytes((tocs[-1],)) + _FRAME
