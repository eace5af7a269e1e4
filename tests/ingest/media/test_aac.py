"""AudioSpecificConfig in all the ways in which encoders write it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.media import AudioFormat
from ingest.media.codecs.aac import parse_adts_header, parse_audio_specific_config
from ingest.media.codecs.errors import BitstreamError


def bits(text: str) -> bytes:
    """Pack groups of binary digits, filling the last byte with zeros."""
    digits = text.replace(" ", "")
    digits += "0" * (-len(digits) % 8)
    return int(digits, 2).to_bytes(len(digits) // 8, "big")


# instance tag, object type, rate; front 1, side 0, back 1, LFE 1, associated 0, coupling 0; no
# mixdown; front a pair, back a pair, LFE.
PCE = "0000 01 0011 0001 0000 0001 01 000 0000 0 0 0 1 0000 1 0001 0000"
CONFIGS = {
    "LC 48 kHz stereo": (bytes.fromhex("1190"), AudioFormat(48_000, 2, 1024)),
    "LC 44.1 kHz mono": (bytes.fromhex("1208"), AudioFormat(44_100, 1, 1024)),
    "LC 960 samples": (bits("00010 0011 0010 1 0 0"), AudioFormat(48_000, 2, 960)),
    "LC 5.1": (bits("00010 0011 0110 0 0 0"), AudioFormat(48_000, 6, 1024)),
    "LC 7.1": (bits("00010 0011 0111 0 0 0"), AudioFormat(48_000, 8, 1024)),
    "LC 6.1": (bits("00010 0011 1011 0 0 0"), AudioFormat(48_000, 7, 1024)),
    "LC explicit rate": (
        bits("00010 1111 000000001011101110000000 0010 0 0 0"),
        AudioFormat(48_000, 2, 1024),
    ),
    "LC with core coder delay": (
        bits("00010 0011 0010 0 1 00000000000001 0"),
        AudioFormat(48_000, 2, 1024),
    ),
    "LC, channels in a PCE": (
        bits("00010 0011 0000 0 0 0" + PCE + "0000 00000000"),
        AudioFormat(48_000, 5, 1024),
    ),
    "HE explicit": (
        bits("00101 0111 0010 0100 00010 0 0 0"),
        AudioFormat(44_100, 2, 2048),
    ),
    "HE explicit, downsampled": (
        bits("00101 0011 0010 0011 00010 0 0 0"),
        AudioFormat(48_000, 2, 1024),
    ),
    "HE v2 explicit": (bits("11101 0110 0001 0011 00010 0 0 0"), AudioFormat(48_000, 2, 2048)),
    "HE backward compatible": (bytes.fromhex("139056e5a0"), AudioFormat(44_100, 2, 2048)),
    "HE v2 backward compatible": (
        bytes.fromhex("138856e5a54880"),
        AudioFormat(44_100, 2, 2048),
    ),
    "LC that says it has no SBR": (bytes.fromhex("119056e500"), AudioFormat(48_000, 2, 1024)),
    "LD": (bits("10111 0011 0010 0 0 1 000 0"), AudioFormat(48_000, 2, 512)),
    "xHE": (bits("11111 001010 0011 0010"), AudioFormat(48_000, 2, 1024)),
}


@pytest.mark.parametrize(("config", "expected"), CONFIGS.values(), ids=CONFIGS.keys())
def test_a_config_is_read_with_and_without_a_tail(config: bytes, expected: AudioFormat) -> None:
    assert parse_audio_specific_config(config) == expected
    assert parse_audio_specific_config(config + b"\x00\x00\x00") == expected


@pytest.mark.parametrize(
    "config",
    [
        b"",
        b"\x11",
        bits("00010 1101 0010 000"),  # reserved rate
        bits("00010 0011 1000 000"),  # reserved channel configuration
        bits("01100 0011 0010 000"),  # TTSI: no audio of this kind
        bits("00010 1111 000000000000000000000000 0010 000"),
    ],
)
def test_a_config_against_the_specification_is_refused(config: bytes) -> None:
    with pytest.raises(BitstreamError):
        parse_audio_specific_config(config)


@settings(deadline=None, max_examples=500)
@given(st.binary(max_size=40))
def test_any_bytes_are_a_config_or_refused(config: bytes) -> None:
    try:
        audio = parse_audio_specific_config(config)
    except BitstreamError:
        return
    assert audio.sample_rate_hz > 0
    assert audio.channel_count > 0
    assert audio.samples_per_frame > 0


def test_an_adts_header_gives_its_config() -> None:
    header = parse_adts_header(bytes.fromhex("fff14c80017ffc 21100460".replace(" ", "")))
    assert header is not None
    assert (header.header_bytes, header.frame_bytes) == (7, 11)
    assert header.audio_specific_config == bytes.fromhex("1190")


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=20))
def test_an_adts_header_never_reaches_beyond_its_unit(tail: bytes) -> None:
    unit = b"\xff\xf1" + tail
    header = parse_adts_header(unit)
    assert header is None or header.header_bytes < header.frame_bytes <= len(unit)
