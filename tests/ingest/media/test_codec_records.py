"""Decoder configurations of real encoders: whole, with a tail, cut at every byte, and noise."""

import io
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import cast

import av
import pytest
from av.video.stream import VideoStream
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.media import AudioFormat
from ingest.media.codecs.ac3 import parse_ac3_frame
from ingest.media.codecs.av1 import parse_av1_configuration, parse_av1_sequence, split_obus
from ingest.media.codecs.avc import (
    parse_avc_configuration,
    parse_avc_sequence,
    write_avc_configuration,
)
from ingest.media.codecs.eac3 import parse_eac3_unit
from ingest.media.codecs.errors import BitstreamError
from ingest.media.codecs.flac import frame_samples, parse_stream_info
from ingest.media.codecs.hevc import (
    SPS,
    HevcConfiguration,
    complete_arrays,
    parse_hevc_configuration,
    write_hevc_configuration,
)
from ingest.media.codecs.hevc_sequence import parse_hevc_sequence
from ingest.media.codecs.nal_unit import split_annex_b
from ingest.media.codecs.opus import packet_samples, parse_opus_head, write_opus_head
from ingest.media.codecs.vp9 import parse_vp9_configuration, parse_vp9_key_frame


def extradata(encoder: str, size: tuple[int, int], pixel_format: str, options: str) -> bytes:
    """Give the decoder configuration that FFmpeg writes into MP4 and FLV."""
    with av.open(io.BytesIO(), "w", format="flv") as container:
        stream = cast("VideoStream", container.add_stream(encoder, rate=Fraction(30_000, 1001)))
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        key = {"libx264": "x264-params", "libx265": "x265-params"}[encoder]
        stream.options = {key: options}
        picture = av.VideoFrame(*size, pixel_format)
        for plane in picture.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
        return bytes(stream.codec_context.extradata or b"")


def avc_sps(size: tuple[int, int], pixel_format: str, options: str) -> bytes:
    return split_annex_b(extradata("libx264", size, pixel_format, options))[0]


def hevc_sps(size: tuple[int, int], pixel_format: str, options: str) -> bytes:
    return split_annex_b(extradata("libx265", size, pixel_format, f"log-level=none:{options}"))[1]


SIZES = [(16, 16), (176, 144), (426, 240), (854, 480), (1280, 720), (1920, 1080)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("interlaced", ["tff=0", "interlaced=1"])
def test_avc_sizes_are_those_after_cropping(size: tuple[int, int], interlaced: str) -> None:
    sequence = parse_avc_sequence(avc_sps(size, "yuv420p", interlaced))
    assert (sequence.video.width_px, sequence.video.height_px) == size
    assert sequence.video.frame_rate == Fraction(30_000, 1001)


@pytest.mark.parametrize(
    ("pixel_format", "chroma", "depth"),
    [("yuv420p", 1, 8), ("yuv422p", 2, 8), ("yuv444p", 3, 8), ("yuv422p10le", 2, 10)],
)
def test_avc_chroma_and_depth_scale_the_crop(pixel_format: str, chroma: int, depth: int) -> None:
    sps = avc_sps((638, 358), pixel_format, "cqm=jvt")
    sequence = parse_avc_sequence(sps)
    assert (sequence.chroma_format, sequence.video.bit_depth) == (chroma, depth)
    assert (sequence.video.width_px, sequence.video.height_px) == (638, 358)


@pytest.mark.parametrize("size", SIZES[2:], ids=str)
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv420p10le", "yuv422p10le", "yuv444p"])
def test_hevc_sizes_and_depths_are_read(size: tuple[int, int], pixel_format: str) -> None:
    sequence = parse_hevc_sequence(hevc_sps(size, pixel_format, "sar=4:3:fps=25"))
    assert (sequence.video.width_px, sequence.video.height_px) == size
    assert sequence.video.bit_depth == (10 if "10" in pixel_format else 8)


def test_hevc_tools_before_the_vui_are_passed_over() -> None:
    options = "scaling-list=default:colorprim=bt709:transfer=bt709:colormatrix=bt709:range=full"
    sequence = parse_hevc_sequence(hevc_sps((1280, 720), "yuv420p", options))
    color = sequence.video.color
    assert color is not None
    assert (color.primaries, color.transfer, color.matrix, color.full_range) == (1, 1, 1, True)
    assert sequence.video.frame_rate == Fraction(30_000, 1001)


AVCC = bytes.fromhex(
    "0164001fffe1001c6764001facd9405005bb016a02020280000003008000001e478c18cb010006"
    "68ebe3cb22c0fdf8f800"
)
AV1C = bytes.fromhex("81000c000a0b000000043cfecc02f80040")
AC3_FRAME = bytes.fromhex("0b77 5052 1440 43e1 06f5 7d3f")
EAC3_FRAME = bytes.fromhex("0b77 0005 3486 c00c 0000 0000")
STREAM_INFO = bytes.fromhex("12001200 00000e 000010 0bb802f0 0002a400") + bytes(16)
FRAME = bytes.fromhex("fff85a1800d600")


def sequences(record: bytes) -> list[object]:
    obus = parse_av1_configuration(record)
    return [parse_av1_sequence(obus[obu.body : obu.end]) for obu in split_obus(obus)]


def hevc_parameters() -> bytes:
    return extradata("libx265", (320, 180), "yuv420p", "log-level=none")


def hvcc() -> bytes:
    vps, sps, pps, *_ = split_annex_b(hevc_parameters())
    return write_hevc_configuration(
        HevcConfiguration(4, ((32, (vps,)), (SPS, (sps,)), (34, (pps,))))
    )


PARSERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "avcC": (parse_avc_configuration, AVCC),
    "AVC SPS": (parse_avc_sequence, AVCC[8:36]),
    "hvcC": (parse_hevc_configuration, hvcc()),
    "HEVC SPS": (parse_hevc_sequence, split_annex_b(hevc_parameters())[1]),
    "av1C": (sequences, AV1C),
    "AV1 sequence header": (parse_av1_sequence, AV1C[6:]),
    "OBUs": (lambda data: list(split_obus(data)), AV1C[4:]),
    "vpcC": (parse_vp9_configuration, bytes.fromhex("000b820202020000")),
    "VP9 key frame": (parse_vp9_key_frame, bytes.fromhex("824983420013f00b30")),
    "OpusHead": (parse_opus_head, write_opus_head(6)),
    "Opus": (packet_samples, bytes.fromhex("fcfffe")),
    "STREAMINFO": (parse_stream_info, b"fLaC\x80\x00\x00\x22" + STREAM_INFO),
    "FLAC": (frame_samples, FRAME),
    "AC-3": (parse_ac3_frame, AC3_FRAME),
    "E-AC-3": (parse_eac3_unit, EAC3_FRAME),
}


@pytest.mark.parametrize("name", PARSERS)
def test_a_record_cut_at_any_byte_is_read_or_refused(name: str) -> None:
    parse, whole = PARSERS[name]
    parsed = parse(whole)
    for length in range(len(whole)):
        with suppress(BitstreamError):
            parse(whole[:length])
    if name not in {"av1C", "OBUs", "E-AC-3", "vpcC"}:  # their tails belong to them
        assert parse(whole + b"\x00") == parsed


@pytest.mark.parametrize("name", PARSERS)
@settings(deadline=None, max_examples=150)
@given(noise=st.binary(max_size=80), keep=st.integers(0, 20))
def test_noise_is_read_or_refused(name: str, noise: bytes, keep: int) -> None:
    parse, whole = PARSERS[name]
    with suppress(BitstreamError):
        parse(whole[:keep] + noise)


def test_a_written_avcc_reads_back() -> None:
    configuration = parse_avc_configuration(AVCC)
    assert write_avc_configuration(configuration) == AVCC


def test_a_written_hvcc_reads_back_as_complete() -> None:
    sps = hevc_sps((640, 360), "yuv420p10le", "")
    vps, pps = b"\x40\x01\x0c\x01", b"\x44\x01\xc1\x72"
    arrays = ((32, (vps,)), (SPS, (sps,)), (34, (pps,)))
    given_record = b"\x01" + bytes(20) + b"\xff\x03"
    for kind, (unit,) in arrays:
        given_record += bytes((kind, 0, 1)) + len(unit).to_bytes(2, "big") + unit
    configuration = parse_hevc_configuration(given_record)
    assert configuration.arrays == arrays
    written = write_hevc_configuration(configuration)
    assert parse_hevc_configuration(written) == configuration
    assert complete_arrays(written) == written
    assert complete_arrays(given_record) != given_record
    # Main 10, 4:2:0, 10 bits.
    assert (written[1] & 0x1F, written[16] & 3, written[17] & 7, written[18] & 7) == (2, 1, 2, 2)


def test_vpcc_is_read_with_and_without_its_full_box_header() -> None:
    record = bytes.fromhex("000b820101010000")
    assert parse_vp9_configuration(b"\x01\x00\x00\x00" + record) == parse_vp9_configuration(record)


@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        ("fc", 960),  # one frame of 20 ms
        ("fd", 1920),  # two of the same size
        ("fe", 1920),  # two of different sizes
        ("e3 03", 360),  # three of 2.5 ms
        ("18", 2880),  # SILK, 60 ms
        ("1b 02", 5760),
        ("60", 480),  # hybrid, 10 ms
    ],
)
def test_opus_packets_last_as_their_table_of_contents_says(packet: str, samples: int) -> None:
    assert packet_samples(bytes.fromhex(packet)) == samples


@pytest.mark.parametrize("packet", ["", "ff", "ff 00", "1b 03", "fb 3f"])
def test_opus_packets_of_no_or_too_many_frames_are_refused(packet: str) -> None:
    with pytest.raises(BitstreamError):
        packet_samples(bytes.fromhex(packet))


@pytest.mark.parametrize("channels", range(1, 9))
def test_a_written_opus_head_reads_back(channels: int) -> None:
    head = parse_opus_head(write_opus_head(channels))
    assert head.audio == AudioFormat(48_000, channels, 0)


@pytest.mark.parametrize(
    ("code", "number", "size", "samples"),
    [
        (0x1, "00", "", 192),
        (0x5, "00", "", 4608),
        (0x6, "00", "7f", 128),
        (0x7, "00", "11ff", 4608),
        (0x7, "c280", "11ff", 4608),
        (0x7, "febfbfbfbfbfbf", "0000", 1),
        (0xC, "00", "", 4096),
        (0xF, "00", "", 32_768),
    ],
)
def test_flac_block_sizes_are_read(code: int, number: str, size: str, samples: int) -> None:
    frame = b"\xff\xf8" + bytes((code << 4 | 0xA, 0x18)) + bytes.fromhex(number + size + "00")
    assert frame_samples(frame) == samples


@pytest.mark.parametrize("prefix", [b"fLaC\x80\x00\x00\x22", b"\x00\x00\x00\x22", b"", b"fLaC"])
def test_stream_info_is_found_behind_any_header(prefix: bytes) -> None:
    stream_info = parse_stream_info(prefix + STREAM_INFO)
    assert stream_info.block == STREAM_INFO
    assert stream_info.audio == AudioFormat(48_000, 2, 4608)


def test_ac3_at_44100_hz_pads_every_other_frame() -> None:
    # fscod 1, frmsizecod 20 and 21: 192 kbit/s.
    even = parse_ac3_frame(bytes.fromhex("0b77 0000 54 40 43e1 06f5"))
    odd = parse_ac3_frame(bytes.fromhex("0b77 0000 55 40 43e1 06f5"))
    assert (even.frame_bytes, odd.frame_bytes) == (834, 836)
    assert even.dac3 == odd.dac3
    assert even.audio == AudioFormat(44_100, 2, 1536)


def eac3_frame(digits: str, words: int) -> bytes:
    """Pack the bits of syncinfo and bsi from strmtyp to acmod into a frame of so many words."""
    digits = digits.replace(" ", "")
    digits += "0" * (words * 16 - 16 - len(digits))
    return b"\x0b\x77" + int(digits, 2).to_bytes(words * 2 - 2, "big")


def test_eac3_dependent_substreams_add_channels() -> None:
    # 48 kHz, six blocks, 5.1; then a dependent substream of 4 channels: Lrs/Rrs, mapped.
    main = eac3_frame("00 000 00000011111 00 11 111 1 10000 00000 0", 32)
    more = eac3_frame("01 000 00000011111 00 11 110 0 10000 00000 0 1 0001101000000000", 32)
    unit = parse_eac3_unit(main + more)
    assert unit.audio == AudioFormat(48_000, 8, 1536)
    assert unit.samples == 1536
    # data_rate 32, one independent substream; 16 << 1 ...; one dependent; chan_loc Lrs/Rrs.
    assert unit.dec3 == bytes.fromhex("0100 200f 0202")


def test_eac3_units_of_single_blocks_last_as_long_as_their_blocks() -> None:
    block = eac3_frame("00 000 00000000111 00 00 010 0 10000 00000 0", 8)
    assert parse_eac3_unit(block * 6).samples == 1536
    assert parse_eac3_unit(block).samples == 256


@pytest.mark.parametrize(
    "header",
    [
        "01 000 00000000111 00 00 010 0 10000",  # dependent first
        "00 001 00000000111 00 00 010 0 10000",  # substream 1 first
        "11 000 00000000111 00 00 010 0 10000",  # reserved strmtyp
        "00 000 00000000111 11 11 010 0 10000",  # reserved fscod2
        "00 000 00000001111 00 00 010 0 10000",  # longer than the unit
    ],
)
def test_eac3_against_the_specification_is_refused(header: str) -> None:
    with pytest.raises(BitstreamError):
        parse_eac3_unit(eac3_frame(header + "00000 0", 8))


def packed(*fields: tuple[int, int]) -> bytes:
    """Write numbers with so many bits each, and zeros behind."""
    text = "".join(f"{value:0{bit_count}b}" for value, bit_count in fields).ljust(512, "0")
    return int(text, 2).to_bytes(64, "big")


def test_picture_that_no_sample_entry_could_hold_is_refused() -> None:
    key_frame = packed((2, 2), (0, 4), (2, 2), (0x498342, 24), (1, 3), (0, 1), (0xFFFF, 16))
    with pytest.raises(BitstreamError, match=r"VP9: .* up to 16384 px a side, got 65536x1"):
        parse_vp9_key_frame(key_frame)
    still = packed((0, 3), (1, 1), (1, 1), (8, 5), (15, 4), (15, 4), (0xFFFF, 16))
    with pytest.raises(BitstreamError, match=r"AV1: .* up to 16384 px a side, got 65536x1"):
        parse_av1_sequence(still)
