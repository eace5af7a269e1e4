"""FLV and Enhanced RTMP bodies: byte vectors of every packet type."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.flv.body import BodyUnit, UnitRole, parse_audio_body, parse_video_body
from ingest.flv.errors import RemoteProtocolError
from ingest.media import Codec

START, CODED, END = UnitRole.SEQUENCE_START, UnitRole.CODED, UnitRole.SEQUENCE_END
METADATA, CHANNELS = UnitRole.METADATA, UnitRole.MULTICHANNEL_CONFIG

AVC1, HVC1, AV01, VP09 = (name.hex() for name in (b"avc1", b"hvc1", b"av01", b"vp09"))
MP4A, OPUS, FLAC, AC3, EC3 = (name.hex() for name in (b"mp4a", b"Opus", b"fLaC", b"ac-3", b"ec-3"))

# body, then role, track id, codec, composition time, nanoseconds and bytes of each unit.
Unit = tuple[UnitRole, int, Codec | str, int, int, str]
VIDEO: dict[str, tuple[str, list[Unit]]] = {
    "legacy AVC header": ("1700000000 0164", [(START, 0, Codec.AVC, 0, 0, "0164")]),
    "legacy AVC, CTS -34": ("1701ffffde 010203", [(CODED, 0, Codec.AVC, -34, 0, "010203")]),
    "legacy AVC, CTS 67": ("2701000043 aa", [(CODED, 0, Codec.AVC, 67, 0, "aa")]),
    "legacy AVC, end": ("1702000000", [(END, 0, Codec.AVC, 0, 0, "")]),
    "legacy HEVC": ("1c01000000 aa", [(CODED, 0, Codec.HEVC, 0, 0, "aa")]),
    "legacy H.263": ("12 aabb", [(CODED, 0, "H.263", 0, 0, "aabb")]),
    "legacy command": ("5700", []),
    "empty": ("", []),
    "empty AVC": ("1701000000", []),
    "HEVC header": (f"90 {HVC1} 01aa", [(START, 0, Codec.HEVC, 0, 0, "01aa")]),
    "HEVC coded, CTS": (f"91 {HVC1} 000021 aa", [(CODED, 0, Codec.HEVC, 33, 0, "aa")]),
    "HEVC coded, CTS -1": (f"a1 {HVC1} ffffff aa", [(CODED, 0, Codec.HEVC, -1, 0, "aa")]),
    "HEVC coded X": (f"a3 {HVC1} aabb", [(CODED, 0, Codec.HEVC, 0, 0, "aabb")]),
    "HEVC end": (f"92 {HVC1}", [(END, 0, Codec.HEVC, 0, 0, "")]),
    "enhanced AVC coded": (f"91 {AVC1} 000001 aa", [(CODED, 0, Codec.AVC, 1, 0, "aa")]),
    "AV1 coded has no CTS": (f"91 {AV01} 12000a", [(CODED, 0, Codec.AV1, 0, 0, "12000a")]),
    "VP9 coded has no CTS": (f"a1 {VP09} 8649", [(CODED, 0, Codec.VP9, 0, 0, "8649")]),
    "AV1 MPEG-2 TS start": (f"95 {AV01} aa", []),
    "metadata of OBS": (f"84 {HVC1} 02", [(METADATA, 0, Codec.HEVC, 0, 0, "02")]),
    "metadata with command bits": (f"d4 {HVC1} 02", [(METADATA, 0, Codec.HEVC, 0, 0, "02")]),
    "enhanced command": ("d100", []),
    "unknown packet type": (f"9f {HVC1} aa", []),
    "unknown FourCC": ("91 61626364 aa", [(CODED, 0, "codec 'abcd'", 0, 0, "aa")]),
    "one track": (f"a6 01 {HVC1} 03 000021 aa", [(CODED, 3, Codec.HEVC, 33, 0, "aa")]),
    "metadata in one track": (f"86 04 {AV01} 01 02", [(METADATA, 1, Codec.AV1, 0, 0, "02")]),
    "many tracks": (
        f"a6 11 {AVC1} 00 000004 000021aa 02 000005 ffffffbbcc",
        [(CODED, 0, Codec.AVC, 33, 0, "aa"), (CODED, 2, Codec.AVC, -1, 0, "bbcc")],
    ),
    "many tracks, many codecs": (
        f"96 23 {AVC1} 00 000001 aa {AV01} 01 000002 bbcc 61626364 02 000001 dd",
        [
            (CODED, 0, Codec.AVC, 0, 0, "aa"),
            (CODED, 1, Codec.AV1, 0, 0, "bbcc"),
            (CODED, 2, "codec 'abcd'", 0, 0, "dd"),
        ],
    ),
    "ModEx nanoseconds": (f"a7 02 0f4000 03 {HVC1} aa", [(CODED, 0, Codec.HEVC, 0, 999_424, "aa")]),
    "ModEx nanoseconds too many": (
        f"a7 02 ffffff 03 {HVC1} aa",
        [(CODED, 0, Codec.HEVC, 0, 999_999, "aa")],
    ),
    "ModEx unknown, 1 byte": (f"a7 00 ee 13 {HVC1} aa", [(CODED, 0, Codec.HEVC, 0, 0, "aa")]),
    "ModEx unknown, 255 bytes": (
        f"a7 fe {'ee' * 255} 13 {HVC1} aa",
        [(CODED, 0, Codec.HEVC, 0, 0, "aa")],
    ),
    "ModEx unknown, 256 bytes": (
        f"a7 ff 00ff {'ee' * 256} 13 {HVC1} aa",
        [(CODED, 0, Codec.HEVC, 0, 0, "aa")],
    ),
    "ModEx unknown, 65536 bytes": (
        f"a7 ff ffff {'ee' * 65_536} 13 {HVC1} aa",
        [(CODED, 0, Codec.HEVC, 0, 0, "aa")],
    ),
    "ModEx twice, then one track": (
        f"a7 00 ee 17 02 000064 06 03 {HVC1} 01 aa",
        [(CODED, 1, Codec.HEVC, 0, 100, "aa")],
    ),
}
AUDIO: dict[str, tuple[str, list[Unit]]] = {
    "legacy AAC header": ("af00 1190", [(START, 0, Codec.AAC, 0, 0, "1190")]),
    "legacy AAC": ("af01 2100", [(CODED, 0, Codec.AAC, 0, 0, "2100")]),
    "legacy AAC with other bits": ("a201 2100", [(CODED, 0, Codec.AAC, 0, 0, "2100")]),
    "legacy MP3": ("2f fffb", [(CODED, 0, "MP3", 0, 0, "fffb")]),
    "legacy Speex": ("b2 00", [(CODED, 0, "Speex", 0, 0, "00")]),
    "empty": ("", []),
    "empty AAC": ("af01", []),
    "no packet type": ("af", []),
    "Opus header": (f"90 {OPUS} 4f70", [(START, 0, Codec.OPUS, 0, 0, "4f70")]),
    "Opus header, empty": (f"90 {OPUS}", [(START, 0, Codec.OPUS, 0, 0, "")]),
    "Opus coded": (f"91 {OPUS} fcff", [(CODED, 0, Codec.OPUS, 0, 0, "fcff")]),
    "FLAC end": (f"92 {FLAC}", [(END, 0, Codec.FLAC, 0, 0, "")]),
    "multichannel": (f"94 {OPUS} 01 02", [(CHANNELS, 0, Codec.OPUS, 0, 0, "0102")]),
    "AC-3 coded": (f"91 {AC3} 0b77", [(CODED, 0, Codec.AC3, 0, 0, "0b77")]),
    "E-AC-3 coded": (f"91 {EC3} 0b77", [(CODED, 0, Codec.EAC3, 0, 0, "0b77")]),
    "one track of OBS": (f"95 01 {MP4A} 02 2100", [(CODED, 2, Codec.AAC, 0, 0, "2100")]),
    "many codecs": (
        f"95 21 {MP4A} 00 000001 aa {OPUS} 01 000001 bb",
        [(CODED, 0, Codec.AAC, 0, 0, "aa"), (CODED, 1, Codec.OPUS, 0, 0, "bb")],
    ),
    "ModEx": (f"97 02 000064 01 {MP4A} aa", [(CODED, 0, Codec.AAC, 0, 100, "aa")]),
    "unknown packet type": (f"9a {OPUS} aa", []),
    "MP3 FourCC": ("91 2e6d7033 aa", [(CODED, 0, "MP3", 0, 0, "aa")]),
}


def values_of(units: list[BodyUnit]) -> list[Unit]:
    return [(*unit[:5], unit.payload[unit.start :].hex()) for unit in units]


def read_video(body: bytes) -> list[Unit]:
    return values_of(parse_video_body(body))


def read_audio(body: bytes) -> list[Unit]:
    return values_of(parse_audio_body(body))


@pytest.mark.parametrize(("body", "expected"), VIDEO.values(), ids=VIDEO.keys())
def test_a_video_body_is_read(body: str, expected: list[Unit]) -> None:
    assert read_video(bytes.fromhex(body)) == expected


@pytest.mark.parametrize(("body", "expected"), AUDIO.values(), ids=AUDIO.keys())
def test_an_audio_body_is_read(body: str, expected: list[Unit]) -> None:
    assert read_audio(bytes.fromhex(body)) == expected


def test_a_body_cut_anywhere_is_read_or_refused() -> None:
    for read, vectors in ((read_video, VIDEO), (read_audio, AUDIO)):
        for body, _ in vectors.values():
            whole = bytes.fromhex(body)
            for length in range(min(len(whole), 300)):
                with suppress(RemoteProtocolError):
                    read(whole[:length])


@pytest.mark.parametrize(
    "body",
    [
        f"a6 06 {HVC1} 00 aa",  # multitrack within multitrack
        f"a6 31 {HVC1} 00 aa",  # no such multitrack type
        f"a6 11 {HVC1} 00 000009 aa",  # a track longer than the message
        f"a6 11 {HVC1} " + "00 000000" * 65,  # more tracks than anybody sends
        f"91 {HVC1} 00",  # ends within the composition time
        "a7 ff 00",  # ends within ModEx
    ],
)
def test_a_body_against_the_specification_is_refused(body: str) -> None:
    with pytest.raises(RemoteProtocolError):
        parse_video_body(bytes.fromhex(body))


@settings(deadline=None, max_examples=500)
@given(body=st.binary(max_size=64), first=st.integers(0, 255))
def test_any_bytes_are_read_or_refused(body: bytes, first: int) -> None:
    for parse in (parse_video_body, parse_audio_body):
        try:
            units = parse(bytes((first,)) + body)
        except RemoteProtocolError:
            continue
        assert all(unit.start <= len(unit.payload) for unit in units)
