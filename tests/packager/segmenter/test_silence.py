"""Silent units, held against an independent decoder."""

import struct
from dataclasses import replace

import av
import pytest

from ingest.media import AudioFormat, Codec, Track
from packager.segmenter.silence import silent_unit
from tests.packager.segmenter.publisher import audio_track


def aac_track(channel_configuration: int, config: bytes, rate_hz: int = 48_000) -> Track:
    audio = AudioFormat(rate_hz, channel_configuration, 1024)
    return Track("audio", 0, Codec.AAC, rate_hz, config, audio=audio)


def loudest(
    codec: str, extradata: bytes, payload: bytes, options: dict[str, str] | None = None
) -> tuple[float, set[int], int]:
    """The loudest value, the lengths and the channels of some decoded units."""
    context = av.CodecContext.create(codec, "r")
    assert isinstance(context, av.AudioCodecContext)
    context.extradata = extradata
    context.options = options or {}
    frames = [frame for _ in range(4) for frame in context.decode(av.Packet(payload))]
    channels = len(frames[0].layout.channels)
    values = [
        value
        for frame in frames
        for plane in frame.planes[:channels]  # PyAV makes up a ninth of eight
        for value in struct.unpack(f"<{len(bytes(plane)) // 4}f", bytes(plane))
    ]
    return max(map(abs, values)), {frame.samples for frame in frames}, channels


@pytest.mark.parametrize("frequency_index", [3, 4, 7])
@pytest.mark.parametrize(
    ("channel_configuration", "channels"),
    [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 8), (11, 7), (12, 8), (14, 8)],
)
def test_silent_aac_decodes_to_nothing_but_silence(
    frequency_index: int, channel_configuration: int, channels: int
) -> None:
    config = struct.pack(">H", 2 << 11 | frequency_index << 7 | channel_configuration << 3)
    unit = silent_unit(aac_track(channels, config), 1024)
    assert unit.duration_ticks == 1024
    assert loudest("aac", config, unit.payload) == (0.0, {1024}, channels)


def test_silent_he_aac_lasts_as_long_as_its_own_units() -> None:
    config = bytes.fromhex("2b118800")  # SBR signalled, 24 kHz core, 48 kHz output, stereo
    unit = silent_unit(aac_track(2, config), 2048)
    assert unit.duration_ticks == 2048
    assert loudest("aac", config, unit.payload) == (0.0, {2048}, 2)


@pytest.mark.parametrize("channels", [1, 2])
def test_silent_opus_decodes_to_twenty_silent_milliseconds(channels: int) -> None:
    unit = silent_unit(audio_track(codec=Codec.OPUS, channels=channels), 120)
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, channels, 0, 48_000, 0, 0)
    assert unit.duration_ticks == 960
    assert loudest("opus", head, unit.payload) == (0.0, {960}, channels)


@pytest.mark.parametrize(
    ("channels", "streams", "coupled", "mapping"),
    [
        (3, 2, 1, "000201"),
        (4, 2, 2, "00010203"),
        (6, 4, 2, "000401020305"),
        (8, 5, 3, "0006010203040507"),
    ],
)
def test_silent_opus_of_several_streams_is_silent_in_each(
    channels: int, streams: int, coupled: int, mapping: str
) -> None:
    head = b"OpusHead" + struct.pack("<BBHIhBBB", 1, channels, 0, 48_000, 0, 1, streams, coupled)
    head += bytes.fromhex(mapping)
    track = replace(audio_track(codec=Codec.OPUS, channels=channels), decoder_configuration=head)
    unit = silent_unit(track, 120)
    assert unit.duration_ticks == 960
    assert loudest("opus", head, unit.payload) == (0.0, {960}, channels)


WHOLE = {"err_detect": "crccheck+bitstream+buffer+explode"}
DOLBY_RATES_HZ = (48_000, 44_100, 32_000)  # by fscod
DOLBY_CHANNELS = (2, 1, 2, 3, 3, 4, 4, 5)  # by acmod, without LFE


def dolby_track(codec: Codec, record: bytes, channels: int, rate_hz: int) -> Track:
    audio = AudioFormat(rate_hz, channels, 1536)
    return Track("audio", 0, codec, rate_hz, record, audio=audio)


@pytest.mark.parametrize("lfeon", [0, 1])
@pytest.mark.parametrize("acmod", range(8))
@pytest.mark.parametrize(
    ("rate_hz", "bit_rate_code", "size_bytes"),
    [(48_000, 14, 1536), (44_100, 10, 834), (32_000, 18, 3840), (48_000, 4, 256)],
)
def test_silent_ac3_decodes_to_nothing_but_silence(
    rate_hz: int, bit_rate_code: int, size_bytes: int, acmod: int, lfeon: int
) -> None:
    fscod = DOLBY_RATES_HZ.index(rate_hz)
    fields = fscod << 22 | 8 << 17 | acmod << 11 | lfeon << 10 | bit_rate_code << 5
    channels = DOLBY_CHANNELS[acmod] + lfeon
    track = dolby_track(Codec.AC3, fields.to_bytes(3, "big"), channels, rate_hz)
    unit = silent_unit(track, 1536)
    assert (unit.duration_ticks, len(unit.payload)) == (1536, size_bytes)
    assert loudest("ac3", b"", unit.payload, WHOLE) == (0.0, {1536}, channels)


@pytest.mark.parametrize("lfeon", [0, 1])
@pytest.mark.parametrize("acmod", range(8))
@pytest.mark.parametrize("rate_hz", DOLBY_RATES_HZ)
def test_silent_eac3_decodes_to_nothing_but_silence(rate_hz: int, acmod: int, lfeon: int) -> None:
    fscod = DOLBY_RATES_HZ.index(rate_hz)
    substream = fscod << 22 | 16 << 17 | acmod << 9 | lfeon << 8
    record = (448 << 3).to_bytes(2, "big") + substream.to_bytes(3, "big")
    channels = DOLBY_CHANNELS[acmod] + lfeon
    unit = silent_unit(dolby_track(Codec.EAC3, record, channels, rate_hz), 1536)
    assert unit.duration_ticks == 1536
    assert loudest("eac3", b"", unit.payload, WHOLE) == (0.0, {1536}, channels)


def streaminfo(channels: int, depth_bits: int, block_samples: int) -> bytes:
    block = struct.pack(">HH6x", block_samples, block_samples)
    return (
        block
        + (48_000 << 12 | (channels - 1) << 9 | (depth_bits - 1) << 4).to_bytes(4, "big")
        + bytes(20)
    )


def flac_track(channels: int, depth_bits: int, block_samples: int = 4608) -> Track:
    audio = AudioFormat(48_000, channels, 0)
    described = streaminfo(channels, depth_bits, block_samples)
    return Track("audio", 0, Codec.FLAC, 48_000, described, audio=audio)


@pytest.mark.parametrize("depth_bits", [16, 24])
@pytest.mark.parametrize("channels", [1, 2, 6, 8])
def test_silent_flac_decodes_to_zeros(channels: int, depth_bits: int) -> None:
    track = flac_track(channels, depth_bits)
    unit = silent_unit(track, 4608)
    context = av.CodecContext.create("flac", "r")
    assert isinstance(context, av.AudioCodecContext)
    context.extradata = track.decoder_configuration
    context.options = {"err_detect": "crccheck+explode"}
    frames = [frame for _ in range(3) for frame in context.decode(av.Packet(unit.payload))]
    assert [frame.samples for frame in frames] == [4608] * 3
    assert all(not any(bytes(plane)) for frame in frames for plane in frame.planes)
    assert len(frames[0].layout.channels) == channels


@pytest.mark.parametrize("unit_ticks", [15, 4609])
def test_flac_has_no_block_that_is_too_short_or_that_its_decoder_has_no_room_for(
    unit_ticks: int,
) -> None:
    assert silent_unit(flac_track(2, 16), unit_ticks).payload == b""


@pytest.mark.parametrize(
    "track",
    [
        audio_track(codec=Codec.FLAC),
        dolby_track(Codec.AC3, b"\xd0\x11\x40", 2, 48_000),  # no such rate
        dolby_track(Codec.EAC3, bytes.fromhex("0e00200402"), 8, 48_000),  # a dependent substream
        dolby_track(Codec.EAC3, bytes.fromhex("0e01200400"), 2, 48_000),  # two programmes
        dolby_track(Codec.EAC3, b"\x0e", 2, 48_000),
        audio_track(codec=Codec.OPUS, channels=6),  # without a mapping
        aac_track(2, b"\x11\x80"),  # channel configuration in a program_config_element
        aac_track(2, b"\x11\x94"),  # units of 960
        aac_track(2, b"\x17\x80\x5d\xc0"),  # explicit rate
        aac_track(2, b"\xf9\x48"),  # xHE-AAC
        aac_track(2, b"\x11"),
    ],
)
def test_where_no_silence_is_known_the_unit_is_empty(track: Track) -> None:
    unit = silent_unit(track, 1536)
    assert (unit.duration_ticks, unit.payload) == (1536, b"")
