"""Initialisation segments, box by box."""

from struct import pack, unpack

import pytest

from ingest.media import AudioFormat, Codec, ColorDescription, Track, VideoFormat
from packager.cmaf import DecoderConfigurationError, TrackFormatError, write_init
from packager.cmaf.errors import CmafError
from tests.packager.cmaf.mp4_reader import Box, boxes, find, tree
from tests.packager.cmaf.tracks import bare_track

AVC = bytes.fromhex("0164001fffe1000a6764001facd94050051001000568ebecb22c")
ASC = bytes.fromhex("1190")
STREAMINFO = bytes.fromhex("120012000005040005170bb802f000016800e045af525bc80ced10179419ab97866a")
VISUAL_FIELDS_BYTES = 78
AUDIO_FIELDS_BYTES = 28


def _sample_entry(track: Track) -> tuple[bytes, bytes, dict[bytes, bytes]]:
    """Give the entry's type, its fixed fields and the boxes behind them."""
    stsd = find(write_init(track), b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    assert stsd[:8] == pack(">II", 0, 1)
    (entry,) = boxes(stsd[8:])
    fixed = VISUAL_FIELDS_BYTES if track.video else AUDIO_FIELDS_BYTES
    extensions: list[Box] = list(boxes(entry.body[fixed:]))
    assert len({box.kind for box in extensions}) == len(extensions)
    return entry.kind, entry.body[:fixed], {box.kind: box.body for box in extensions}


def test_boxes_are_those_that_hls_asks_for_and_no_edit_list() -> None:
    head = "moov/trak/mdia"
    assert tree(write_init(bare_track(Codec.AVC, AVC))) == [
        "ftyp",
        "moov",
        "moov/mvhd",
        "moov/trak",
        "moov/trak/tkhd",
        "moov/trak/mdia",
        f"{head}/mdhd",
        f"{head}/hdlr",
        f"{head}/minf",
        f"{head}/minf/vmhd",
        f"{head}/minf/dinf",
        f"{head}/minf/dinf/dref",
        f"{head}/minf/stbl",
        f"{head}/minf/stbl/stsd",
        f"{head}/minf/stbl/stts",
        f"{head}/minf/stbl/stsc",
        f"{head}/minf/stbl/stsz",
        f"{head}/minf/stbl/stco",
        "moov/mvex",
        "moov/mvex/trex",
    ]
    assert "moov/trak/mdia/minf/smhd" in tree(write_init(bare_track(Codec.AAC, ASC)))


def test_brands_promise_cmaf_without_edit_lists() -> None:
    ftyp = find(write_init(bare_track(Codec.AVC, AVC)), b"ftyp")
    assert ftyp == b"iso6" + bytes(4) + b"iso6cmfccmf2"
    ftyp = find(write_init(bare_track(Codec.AV1, bytes.fromhex("81000c00"))), b"ftyp")
    assert ftyp.endswith(b"av01")


def test_durations_and_sample_counts_are_zero() -> None:
    init = write_init(bare_track(Codec.AAC, ASC))
    mvhd, trak = find(init, b"moov", b"mvhd"), find(init, b"moov", b"trak")
    stbl = find(trak, b"mdia", b"minf", b"stbl")
    assert mvhd[16:20] == find(trak, b"tkhd")[20:24] == bytes(4)
    assert find(trak, b"mdia", b"mdhd")[16:20] == bytes(4)
    assert len(mvhd) == 100
    assert len(find(trak, b"tkhd")) == 84
    for table, size in ((b"stts", 8), (b"stsc", 8), (b"stsz", 12), (b"stco", 8)):
        assert find(stbl, table) == bytes(size)


def test_sample_flags_default_to_sync_for_audio_alone() -> None:
    def trex(track: Track) -> tuple[int, ...]:
        return unpack(">6I", find(write_init(track), b"moov", b"mvex", b"trex"))

    assert trex(bare_track(Codec.AAC, ASC)) == (0, 1, 1, 0, 0, 0x02000000)
    assert trex(bare_track(Codec.AVC, AVC)) == (0, 1, 1, 0, 0, 0x01010000)


def test_timescale_is_the_tracks() -> None:
    mdhd = find(write_init(bare_track(Codec.AAC, ASC)), b"moov", b"trak", b"mdia", b"mdhd")
    assert unpack(">I", mdhd[12:16]) == (48_000,)


@pytest.mark.parametrize(
    ("language", "written"),
    [("und", "und"), ("eng", "eng"), ("zho", "zho"), ("en-US", "und"), ("", "und"), ("ÄÖÜ", "und")],
)
def test_language_is_three_letters_or_undetermined(language: str, written: str) -> None:
    init = write_init(bare_track(Codec.AAC, ASC, language=language))
    packed = int.from_bytes(find(init, b"moov", b"trak", b"mdia", b"mdhd")[20:22], "big")
    assert "".join(chr(0x60 + (packed >> shift & 31)) for shift in (10, 5, 0)) == written


def test_track_header_has_the_displayed_size_and_the_entry_the_coded_one() -> None:
    track = bare_track(Codec.AVC, AVC, video=VideoFormat(720, 576, sample_aspect=(16, 11)))
    tkhd = find(write_init(track), b"moov", b"trak", b"tkhd")
    width_fixed, height_fixed = unpack(">II", tkhd[-8:])
    assert (width_fixed >> 16, height_fixed) == (1047, 576 << 16)
    _, fields, extensions = _sample_entry(track)
    assert unpack(">HH", fields[24:28]) == (720, 576)
    assert extensions[b"pasp"] == pack(">II", 16, 11)


def test_absurd_sample_aspect_is_written_as_far_as_there_is_room() -> None:
    track = bare_track(Codec.AVC, AVC, video=VideoFormat(16_384, 16, sample_aspect=(65_535, 1)))
    tkhd = find(write_init(track), b"moov", b"trak", b"tkhd")
    assert unpack(">II", tkhd[-8:]) == (0xFFFFFFFF, 16 << 16)
    _, _, extensions = _sample_entry(track)
    assert extensions[b"pasp"] == pack(">II", 65_535, 1)


def test_square_samples_need_no_shape_and_no_claim_no_bit_rate() -> None:
    _, _, extensions = _sample_entry(bare_track(Codec.AVC, AVC))
    assert extensions == {b"avcC": AVC}


def test_high_dynamic_range_is_described_in_the_entry() -> None:
    video = VideoFormat(
        3840,
        2160,
        color=ColorDescription(9, 16, 9, full_range=True),
        mastering_display=bytes(range(24)),
        content_light_level=b"\x03\xe8\x01\x90",
    )
    _, _, extensions = _sample_entry(bare_track(Codec.AVC, AVC, video=video, bitrate_bps=8_000_000))
    assert extensions[b"colr"] == b"nclx" + pack(">HHHB", 9, 16, 9, 0x80)
    assert extensions[b"mdcv"] == bytes(range(24))
    assert extensions[b"clli"] == b"\x03\xe8\x01\x90"
    assert extensions[b"btrt"] == pack(">III", 0, 8_000_000, 8_000_000)


def test_an_absurd_claim_of_bit_rate_is_not_written() -> None:
    _, _, extensions = _sample_entry(bare_track(Codec.AVC, AVC, bitrate_bps=2**32))
    assert b"btrt" not in extensions


def test_hevc_is_hvc1_with_its_parameter_sets_declared_complete() -> None:
    arrays = (
        bytes((0x20, 0, 1, 0, 2)) + b"vv"
        + bytes((0x21, 0, 2, 0, 3)) + b"sss" + bytes((0, 1)) + b"s"
        + bytes((0xA2, 0, 1, 0, 1)) + b"p"
        + bytes((0x27, 0, 1, 0, 1)) + b"e"
    )  # fmt: skip
    record = bytes(22) + b"\x04" + arrays
    kind, _, extensions = _sample_entry(bare_track(Codec.HEVC, record))
    assert kind == b"hvc1"
    written = extensions[b"hvcC"]
    assert [written[23], written[30], written[41], written[47]] == [0xA0, 0xA1, 0xA2, 0x27]
    assert bytes(byte & 0x7F for byte in written) == bytes(byte & 0x7F for byte in record)


@pytest.mark.parametrize("kept", [23, 24, 26, 28, 29])
def test_a_hevc_record_that_ends_early_is_our_error(kept: int) -> None:
    record = bytes(22) + b"\x01" + bytes((0x20, 0, 1, 0, 2)) + b"vv"
    with pytest.raises(DecoderConfigurationError, match="1 arrays of NAL units"):
        write_init(bare_track(Codec.HEVC, record[:kept]))


def test_vp9_configuration_gets_the_version_that_the_record_lacks() -> None:
    record = bytes.fromhex("000b820202020000")
    kind, _, extensions = _sample_entry(bare_track(Codec.VP9, record))
    assert (kind, extensions[b"vpcC"]) == (b"vp09", b"\x01\0\0\0" + record)


def test_aac_descriptors_nest_and_carry_the_claim() -> None:
    kind, fields, extensions = _sample_entry(bare_track(Codec.AAC, ASC, bitrate_bps=128_000))
    assert kind == b"mp4a"
    assert unpack(">HH", fields[16:20]) == (2, 16)
    assert unpack(">I", fields[24:]) == (48_000 << 16,)
    assert (
        extensions
        == {
            b"esds": bytes.fromhex(
                "00000000"  # version, flags
                "0319" + "000000"  # ES_Descriptor
                "0411" + "4015000000" + "0001f400" + "0001f400"  # DecoderConfigDescriptor
                "0502" + "1190"  # DecoderSpecificInfo
                "060102"  # SLConfigDescriptor
            )
        }
    )


def test_a_long_aac_configuration_gets_a_length_of_two_bytes() -> None:
    config = ASC + bytes(198)
    _, _, extensions = _sample_entry(bare_track(Codec.AAC, config))
    assert b"\x05\x81\x48" + config in extensions[b"esds"]


def test_he_aac_entry_has_the_rate_of_the_core() -> None:
    track = bare_track(Codec.AAC, bytes.fromhex("131056e598"))  # 24 kHz core, 48 kHz out
    _, fields, _ = _sample_entry(track)
    assert unpack(">I", fields[24:]) == (24_000 << 16,)


@pytest.mark.parametrize(
    ("codec", "configuration", "rate_hz", "written_hz"),
    [
        (Codec.AAC, bytes.fromhex("1010"), 96_000, 0),
        (Codec.FLAC, STREAMINFO, 96_000, 48_000),
        (Codec.FLAC, STREAMINFO, 176_400, 44_100),
        (Codec.FLAC, STREAMINFO, 44_100, 44_100),
    ],
)
def test_a_rate_without_room_is_zero_or_what_the_codecs_binding_says(
    codec: Codec, configuration: bytes, rate_hz: int, written_hz: int
) -> None:
    track = bare_track(codec, configuration, audio=AudioFormat(rate_hz, 2, 0))
    _, fields, _ = _sample_entry(track)
    assert unpack(">I", fields[24:]) == (written_hz << 16,)


def test_opus_header_is_turned_from_little_to_big_endian() -> None:
    head = b"OpusHead" + bytes((1, 2)) + pack("<HIh", 312, 44_100, -256) + b"\0"
    kind, fields, extensions = _sample_entry(bare_track(Codec.OPUS, head))
    assert kind == b"Opus"
    assert unpack(">I", fields[24:]) == (48_000 << 16,)
    assert extensions[b"dOps"] == bytes((0, 2)) + pack(">HIh", 312, 44_100, -256) + b"\0"


def test_opus_channel_mapping_stays_as_it_is() -> None:
    mapping = bytes((4, 2, 0, 4, 1, 2, 3, 5))
    head = b"OpusHead" + bytes((1, 6)) + pack("<HIh", 312, 48_000, 0) + b"\1" + mapping
    audio = AudioFormat(48_000, 6, 0)
    _, fields, extensions = _sample_entry(bare_track(Codec.OPUS, head + b"tail", audio=audio))
    assert extensions[b"dOps"].endswith(b"\1" + mapping)
    assert unpack(">H", fields[16:18]) == (6,)


@pytest.mark.parametrize(
    "head",
    [b"", b"OpusHea", b"OpusTags" + bytes(11), b"OpusHead" + bytes((1, 6)) + bytes(8) + b"\1\4\2"],
)
def test_an_opus_header_that_is_none_is_our_error(head: bytes) -> None:
    with pytest.raises(DecoderConfigurationError, match="Opus track audio"):
        write_init(bare_track(Codec.OPUS, head))


def test_flac_has_one_metadata_block_and_its_own_sample_size() -> None:
    kind, fields, extensions = _sample_entry(bare_track(Codec.FLAC, STREAMINFO))
    assert kind == b"fLaC"
    assert unpack(">HH", fields[16:20]) == (2, 16)
    assert extensions[b"dfLa"] == bytes.fromhex("0000000080000022") + STREAMINFO


@pytest.mark.parametrize(
    ("codec", "kind", "box_kind", "body"),
    [
        (Codec.AC3, b"ac-3", b"dac3", bytes.fromhex("1010c0")),
        (Codec.EAC3, b"ec-3", b"dec3", bytes.fromhex("0300200400")),
        (Codec.AV1, b"av01", b"av1C", bytes.fromhex("81000c000a0b000000043cfecc02f80040")),
        (Codec.AVC, b"avc1", b"avcC", AVC),
    ],
)
def test_records_that_are_box_bodies_are_written_as_they_came(
    codec: Codec, kind: bytes, box_kind: bytes, body: bytes
) -> None:
    entry_kind, _, extensions = _sample_entry(bare_track(codec, body))
    assert (entry_kind, extensions[box_kind]) == (kind, body)


@pytest.mark.parametrize("codec", Codec)
def test_a_track_without_configuration_is_our_error(codec: Codec) -> None:
    with pytest.raises(CmafError):
        write_init(bare_track(codec, b""))


def test_a_track_without_its_format_is_our_error() -> None:
    for codec, record in ((Codec.AVC, AVC), (Codec.AAC, ASC)):
        track = Track("bare", 0, codec, 1000, record)
        with pytest.raises(TrackFormatError, match="track bare"):
            write_init(track)
