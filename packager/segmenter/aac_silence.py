"""AAC units of digital silence for every channel configuration (ISO/IEC 14496-3, table 1.19)."""

from packager.segmenter.bit_string import BitString

# Syntactic elements without any coded spectrum, as hls.js appends them for missing frames:
# id_syn_ele (3 bits), element_instance_tag (4 bits), the rest. Values and widths of the rest.
_ONE_CHANNEL_REST = (0x32002008, 31)
_PAIR_REST = (0x40126400864008, 55)
_SCE, _CPE, _LFE, _END = 0, 1, 3, 7
_REST = {_SCE: _ONE_CHANNEL_REST, _CPE: _PAIR_REST, _LFE: _ONE_CHANNEL_REST}

# Channel configuration to its elements, in their order.
_ELEMENTS = {
    1: (_SCE,),
    2: (_CPE,),
    3: (_SCE, _CPE),
    4: (_SCE, _CPE, _SCE),
    5: (_SCE, _CPE, _CPE),
    6: (_SCE, _CPE, _CPE, _LFE),
    7: (_SCE, _CPE, _CPE, _CPE, _LFE),
    11: (_SCE, _CPE, _CPE, _SCE, _LFE),
    12: (_SCE, _CPE, _CPE, _CPE, _LFE),
    14: (_SCE, _CPE, _CPE, _LFE, _CPE),
}
_LC = 2
_SBR, _PS = 5, 29  # their decoders take a unit without the extension


def silent_aac_unit(audio_specific_config: bytes) -> bytes:
    """Write a raw_data_block of silence, or none where the configuration is not a usual one."""
    if not _is_plain(audio_specific_config):
        return b""
    channel_configuration = audio_specific_config[1] >> 3 & 0x0F
    if channel_configuration not in _ELEMENTS:
        return b""
    unit = BitString()
    tags = dict.fromkeys(_REST, 0)
    for element in _ELEMENTS[channel_configuration]:
        unit.put_fields((element, 3), (tags[element], 4), _REST[element])
        tags[element] += 1
    unit.put(_END, 3)
    return unit.to_bytes()


def _is_plain(audio_specific_config: bytes) -> bool:
    # ISO/IEC 14496-3 1.6.2.1: 5 bits object type, 4 bits frequency index (15: 24 bits follow),
    # 4 bits channel configuration; then frameLengthFlag, 1 for units of 960 samples.
    if len(audio_specific_config) < 2:
        return False
    object_type = audio_specific_config[0] >> 3
    frequency_index = (audio_specific_config[0] & 7) << 1 | audio_specific_config[1] >> 7
    is_short_unit = object_type == _LC and bool(audio_specific_config[1] & 4)
    return object_type in (_LC, _SBR, _PS) and frequency_index != 15 and not is_short_unit
