"""FLAC frames of digital silence (RFC 9639), for any stream that has a STREAMINFO block."""

STREAMINFO_BYTES = 34
_LEAST_BLOCK, _LARGEST_BLOCK = 16, 65_535  # RFC 9639 9.1.1 and 8.2

_SYNC_AND_FIXED_BLOCKS = b"\xff\xf8"
_BLOCK_IN_16_BITS = 0b0111
_CRC_8_POLYNOMIAL, _CRC_16_POLYNOMIAL = 0x07, 0x8005


def silent_flac_frame(streaminfo: bytes, block_samples: int) -> bytes:
    """Write a frame of so many zeros in each channel, or none if there can be no such frame.

    Sample rate and bit depth are left to `streaminfo`. The frame's number is 0: fragments are
    sought by their times, and decoders do not look at it. Source: RFC 9639 9.1 and 9.2.
    """
    if len(streaminfo) < STREAMINFO_BYTES or not _LEAST_BLOCK <= block_samples <= _LARGEST_BLOCK:
        return b""
    if block_samples > int.from_bytes(streaminfo[2:4], "big"):
        return b""  # a decoder has no room for it
    rate_channels_depth = int.from_bytes(streaminfo[10:14], "big")
    channel_count = (rate_channels_depth >> 9 & 0x07) + 1
    depth_bits = (rate_channels_depth >> 4 & 0x1F) + 1
    header = _SYNC_AND_FIXED_BLOCKS + bytes(
        (
            _BLOCK_IN_16_BITS << 4,  # the sample rate is that of STREAMINFO
            (channel_count - 1) << 4,  # so is the depth; channels stand for themselves
            0,  # the frame's number
            *(block_samples - 1).to_bytes(2, "big"),
        )
    )
    header += bytes((_crc(header, _CRC_8_POLYNOMIAL, 8),))
    # A constant subframe: a head of one zero byte, and the value in as many bits as a sample has.
    frame = header + bytes(-(-channel_count * (8 + depth_bits) // 8))
    return frame + _crc(frame, _CRC_16_POLYNOMIAL, 16).to_bytes(2, "big")


def _crc(covered: bytes, polynomial: int, width_bits: int) -> int:
    """Divide as RFC 9639 9.1.8 and 9.3 say: from 0, highest bit first, nothing inverted."""
    crc, highest = 0, 1 << (width_bits - 1)
    for byte in covered:
        crc ^= byte << (width_bits - 8)
        for _ in range(8):
            crc = (crc << 1) ^ polynomial if crc & highest else crc << 1
        crc &= (1 << width_bits) - 1
    return crc
