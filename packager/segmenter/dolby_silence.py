"""AC-3 and E-AC-3 frames of digital silence (ETSI TS 102 366), for the track's own configuration.

All bit allocations are zero, so that there are no mantissas; nothing is dithered. Frames have six
blocks, which last 1,536 samples.
"""

from packager.segmenter.bit_string import BitString

FRAME_SAMPLES = 1536
_BLOCKS = 6
_SYNCWORD = 0x0B77
_CRC_POLYNOMIAL = 0x8005  # 6.1.7: x^16 + x^15 + x^2 + 1
_FULL_CHANNELS = (2, 1, 2, 3, 3, 4, 4, 5)  # table 4.3: by acmod, without the LFE channel
_DUAL_MONO, _MONO, _STEREO = 0, 1, 2
_DIALNORM = 31  # play as it is
# Exponents of 15 throughout, in groups of three differences of which each is 0 (6.1.3).
_D45, _D15, _REUSE = 3, 1, 0
_GROUP_OF_EQUALS = (62, 7)
_CHANNEL_GROUPS, _LFE_GROUPS = 6, 2  # the least bandwidth, in groups of four
_AC3_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
_BITS_A_WORD = 16
_RATES_HZ = (48_000, 44_100, 32_000)
_EAC3_BSID = 16


def silent_ac3_frame(dac3: bytes) -> bytes:
    """Write a frame as long as the track's own (AC3SpecificBox, F.4), or none if it has no size."""
    if len(dac3) < 3:
        return b""
    fields = int.from_bytes(dac3[:3], "big")
    fscod, bsid, bsmod = fields >> 22, fields >> 17 & 31, fields >> 14 & 7
    acmod, lfeon, bit_rate_code = fields >> 11 & 7, fields >> 10 & 1, fields >> 5 & 31
    if fscod >= len(_RATES_HZ) or bsid > 8 or bit_rate_code >= len(_AC3_KBPS):
        return b""
    bits = _AC3_KBPS[bit_rate_code] * 1000 * FRAME_SAMPLES // _RATES_HZ[fscod]
    size_bytes = bits // _BITS_A_WORD * 2
    frame = BitString()
    frame.put_fields((_SYNCWORD, 16), (0, 16), (fscod, 2), (2 * bit_rate_code, 6))
    frame.put_fields((bsid, 5), (bsmod, 3), (acmod, 3))
    if acmod & 1 and acmod != _MONO:
        frame.put(0, 2)  # cmixlev
    if acmod & 4:
        frame.put(0, 2)  # surmixlev
    if acmod == _STEREO:
        frame.put(0, 2)  # dsurmod
    frame.put(lfeon, 1)
    for _ in range(2 if acmod == _DUAL_MONO else 1):
        frame.put_fields((_DIALNORM, 5), (0, 3))  # no compression, language or production
    frame.put(0, 5)  # copyright, original, time codes, additional information
    for block in range(_BLOCKS):
        _put_ac3_block(frame, acmod, lfeon, is_first=block == 0)
    return _with_both_checks(frame, size_bytes)


def silent_eac3_frame(dec3: bytes) -> bytes:
    """Write the shortest frame of the track's one substream (EC3SpecificBox, F.6).

    None where there are more of them, or where the sample rate is halved.
    """
    if len(dec3) < 5 or dec3[1] & 7:
        return b""
    fields = int.from_bytes(dec3[2:5], "big")
    fscod, bsid, acmod = fields >> 22, fields >> 17 & 31, fields >> 9 & 7
    lfeon, dependent_count = fields >> 8 & 1, fields >> 1 & 15
    if fscod >= len(_RATES_HZ) or not 10 < bsid <= _EAC3_BSID or dependent_count:
        return b""
    body = BitString()
    body.put_fields((fscod, 2), (3, 2), (acmod, 3), (lfeon, 1), (bsid, 5))
    for _ in range(2 if acmod == _DUAL_MONO else 1):
        body.put_fields((_DIALNORM, 5), (0, 1))
    body.put(0, 3)  # mixmdate, infomdate, addbsie
    _put_eac3_frame_information(body, acmod, lfeon)
    for block in range(_BLOCKS):
        _put_eac3_block(body, acmod, lfeon, is_first=block == 0)
    tail_bits = 2 + 16  # auxdatae, encinfo, crc2
    words = -(-(32 + body.size_bits + tail_bits) // _BITS_A_WORD)
    frame = BitString()
    frame.put_fields((_SYNCWORD, 16), (0, 2), (0, 3), (words - 1, 11))
    frame.put(int.from_bytes(body.to_bytes(), "big") >> -body.size_bits % 8, body.size_bits)
    checked = frame.to_bytes(2 * words - 2)
    return checked + _crc(checked[2:]).to_bytes(2, "big")


def _put_ac3_block(frame: BitString, acmod: int, lfeon: int, *, is_first: bool) -> None:
    """Write one audio block (5.4.3)."""
    channel_count = _FULL_CHANNELS[acmod]
    frame.put(0, 2 * channel_count)  # blksw, dithflag
    frame.put(0, 2 if acmod == _DUAL_MONO else 1)  # dynrnge, dynrng2e
    frame.put_fields((1, 1), (0, 1)) if is_first else frame.put(0, 1)  # cplstre, cplinu
    _put_rematrixing(frame, acmod, has_strategy=True, is_first=is_first)
    frame_strategy = _D45 if is_first else _REUSE
    for _ in range(channel_count):
        frame.put(frame_strategy, 2)
    if lfeon:
        frame.put(_D15 if is_first else _REUSE, 1)
    if is_first:
        _put_exponents(frame, channel_count, lfeon)
        frame.put_fields((1, 1), (0, 2 + 2 + 2 + 2 + 3))  # baie and the bit allocation of a novice
        frame.put_fields((1, 1), (0, 6), (0, 7 * (channel_count + lfeon)))  # snroffste: all zero
    else:
        frame.put(0, 2)  # baie, snroffste
    frame.put(0, 2)  # deltbaie, skiple


def _put_eac3_frame_information(body: BitString, acmod: int, lfeon: int) -> None:
    """Write audfrm (E.1.2.3)."""
    channel_count = _FULL_CHANNELS[acmod]
    body.put_fields((1, 1), (0, 1), (0, 2), (0, 1))  # expstre, ahte, snroffststr, transproce
    body.put_fields((0, 1), (1, 1), (0, 5))  # blkswe, dithflage, and five that are off
    if acmod > _MONO:
        body.put(0, 1)  # cplinu
        body.put(0, _BLOCKS - 1)  # cplstre
    for block in range(_BLOCKS):
        for _ in range(channel_count):
            body.put(_D45 if block == 0 else _REUSE, 2)
    if lfeon:
        body.put_fields((_D15, 1), (_REUSE, _BLOCKS - 1))
    body.put(0, 5 * channel_count)  # convexpstr
    body.put_fields((0, 6), (0, 4))  # frmcsnroffst, frmfsnroffst
    body.put(0, 1)  # blkstrtinfoe


def _put_eac3_block(body: BitString, acmod: int, lfeon: int, *, is_first: bool) -> None:
    """Write one audio block (E.1.2.4)."""
    channel_count = _FULL_CHANNELS[acmod]
    body.put(0, channel_count)  # dithflag
    body.put(0, 2 if acmod == _DUAL_MONO else 1)  # dynrnge, dynrng2e
    body.put(0, 1)  # spxinu, spxstre
    _put_rematrixing(body, acmod, has_strategy=not is_first, is_first=is_first)
    if is_first:
        _put_exponents(body, channel_count, lfeon)
    body.put(0, 1)  # convsnroffste


def _put_rematrixing(bits: BitString, acmod: int, *, has_strategy: bool, is_first: bool) -> None:
    if acmod != _STEREO:
        return
    if has_strategy:
        bits.put(int(is_first), 1)
    if is_first:
        bits.put(0, 4)


def _put_exponents(bits: BitString, channel_count: int, lfeon: int) -> None:
    bits.put(0, 6 * channel_count)  # chbwcod
    for _ in range(channel_count):
        bits.put_fields((15, 4), *[_GROUP_OF_EQUALS] * _CHANNEL_GROUPS, (0, 2))  # gainrng
    if lfeon:
        bits.put_fields((15, 4), *[_GROUP_OF_EQUALS] * _LFE_GROUPS)


def _with_both_checks(frame: BitString, size_bytes: int) -> bytes:
    """Check the first five eighths of a frame and all of it (6.1.7), each to a remainder of 0."""
    checked = frame.to_bytes(size_bytes - 2)
    words = size_bytes // 2
    first_bytes = 2 * ((words >> 1) + (words >> 3))
    first = _crc_to_begin_with(checked[4:first_bytes]).to_bytes(2, "big")
    checked = checked[:2] + first + checked[4:]
    return checked + _crc(checked[2:]).to_bytes(2, "big")


def _crc(covered: bytes) -> int:
    crc = 0
    for byte in covered:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ _CRC_POLYNOMIAL if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _crc_to_begin_with(following: bytes) -> int:
    """Find the two bytes before these that make a remainder of 0: divide, last bit first."""
    crc = 0
    for byte in reversed(following):
        crc = _step_back(crc) ^ byte << 8
    return _step_back(_step_back(crc))


def _step_back(crc: int) -> int:
    """Undo the division of eight bits."""
    for _ in range(8):
        crc = (crc ^ _CRC_POLYNOMIAL) >> 1 | 0x8000 if crc & 1 else crc >> 1
    return crc
