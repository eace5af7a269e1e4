"""E-AC-3 sync frames and the `dec3` box made of them (ETSI TS 102 366 annexes E and F.6)."""

from dataclasses import dataclass

from ingest.media.codecs.ac3 import CHANNELS, SAMPLE_RATES_HZ, bitstream_id
from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.track import AudioFormat

_DEPENDENT, _CONVERTED = 1, 2  # table E.1.2, strmtyp; 0 is independent
_BSIDS = range(11, 17)
_BLOCKS = (1, 2, 3, 6)  # table E.1.3, numblkscod
_BLOCK_SAMPLES = 256
_HALF_RATES_HZ = (24_000, 22_050, 16_000)
_MAX_FRAMES = 6 * 2 * 8  # six single blocks of eight programmes with a dependent substream
# Table E.1.4: speakers of each custom channel map bit, the most significant (left) first.
_MAP_SPEAKERS = (1, 1, 1, 1, 1, 2, 2, 1, 1, 2, 2, 2, 1, 2, 1, 1)
# Table F.6.1: chan_loc holds the map's bits from Lc/Rc to LFE2; (bit of chanmap, bit of chan_loc).
_CHAN_LOC_BITS = ((5, 0), (6, 1), (7, 2), (8, 3), (9, 4), (10, 5), (11, 6), (12, 7), (14, 8))
# The speakers that a map may share with the independent substream, which it then replaces.
_MAIN_SPEAKERS, _MAP_LFE = 5, 15


@dataclass(frozen=True, slots=True)
class Eac3Frame:
    """A sync frame's header. `channel_map` is that of a dependent substream, or None."""

    stream_type: int
    substream_id: int
    frame_bytes: int
    rate_code: int
    sample_rate_hz: int
    samples: int
    acmod: int
    lfe: int
    bsid: int
    channel_map: int | None

    @property
    def is_dependent(self) -> bool:
        """Whether the frame adds channels to the substream before it."""
        return self.stream_type == _DEPENDENT


@dataclass(frozen=True, slots=True)
class Eac3Unit:
    """All sync frames of one sample: the body of their `dec3` box, format and duration."""

    dec3: bytes
    audio: AudioFormat
    samples: int


def parse_eac3_unit(unit: bytes, start: int = 0) -> Eac3Unit:
    """Read the frames from `start` to the end of the unit.

    The programme that players choose is independent substream 0; its frames' blocks are the
    unit's duration (an unit of 6 blocks may be one frame, or up to six).
    """
    frames: list[Eac3Frame] = []
    position = start
    while position < len(unit) and len(frames) < _MAX_FRAMES:
        frame = parse_eac3_frame(unit, position)
        position += frame.frame_bytes
        frames.append(frame)
    if not frames or position != len(unit):
        raise BitstreamError(
            f"E-AC-3: frames add up to {position - start} bytes, got {len(unit) - start}"
        )
    main = frames[0]
    if main.is_dependent or main.substream_id:
        raise BitstreamError("E-AC-3: expected independent substream 0 first")
    samples = sum(
        frame.samples for frame in frames if not frame.is_dependent and not frame.substream_id
    )
    programmes = _programmes(frames)
    channels = CHANNELS[main.acmod] + main.lfe
    channels += sum(_added_channels(frame) for frame in programmes[0][1:])
    rate_hz = main.sample_rate_hz
    audio = AudioFormat(rate_hz, channels, samples)
    bit_rate_kbps = (len(unit) - start) * 8 * rate_hz // (samples * 1000)
    return Eac3Unit(_write_dec3(programmes, bit_rate_kbps), audio, samples)


def parse_eac3_frame(unit: bytes, start: int) -> Eac3Frame:
    """Read syncinfo and bsi of one frame (E.1.2.2) as far as the channel map."""
    bsid = bitstream_id(unit, start)
    if bsid not in _BSIDS:
        raise BitstreamError(f"E-AC-3: expected bsid 11 to 16, got {bsid}")
    reader = BitReader(unit[start + 2 : start + 64])
    stream_type, substream_id = reader.bits(2), reader.bits(3)
    frame_bytes = (reader.bits(11) + 1) * 2
    rate_code = reader.bits(2)
    if rate_code == 3:
        half_rate_code = reader.bits(2)
        if half_rate_code == 3:
            raise BitstreamError("E-AC-3: reserved fscod2")
        rate_hz, blocks = _HALF_RATES_HZ[half_rate_code], 6
    else:
        rate_hz, blocks = SAMPLE_RATES_HZ[rate_code], _BLOCKS[reader.bits(2)]
    if stream_type > _CONVERTED:
        raise BitstreamError("E-AC-3: reserved strmtyp")
    acmod, lfe = reader.bits(3), reader.bits(1)
    reader.skip(5)  # bsid
    for _ in range(1 if acmod else 2):
        reader.skip(5)  # dialnorm
        if reader.flag():
            reader.skip(8)  # compr
    channel_map = None
    if stream_type == _DEPENDENT and reader.flag():
        channel_map = reader.bits(16)
    return Eac3Frame(
        stream_type,
        substream_id,
        frame_bytes,
        rate_code,
        rate_hz,
        blocks * _BLOCK_SAMPLES,
        acmod,
        lfe,
        bsid,
        channel_map,
    )


def _programmes(frames: list[Eac3Frame]) -> list[list[Eac3Frame]]:
    """Group the first frame of each independent substream with its dependent ones."""
    programmes: dict[int, dict[int, Eac3Frame]] = {}
    dependents: dict[int, Eac3Frame] = {}
    independents: dict[int, Eac3Frame] = {}
    for frame in frames:
        if frame.is_dependent:
            dependents.setdefault(frame.substream_id, frame)
        else:
            independents.setdefault(frame.substream_id, frame)
            dependents = programmes.setdefault(frame.substream_id, {})
    return [
        [independents[substream_id], *of_programme.values()]
        for substream_id, of_programme in programmes.items()
    ]


def _added_channels(frame: Eac3Frame) -> int:
    """Count the speakers that a dependent substream adds beyond those of the main one."""
    if frame.channel_map is None:
        return 0
    return sum(
        speakers
        for index, speakers in enumerate(_MAP_SPEAKERS)
        if index >= _MAIN_SPEAKERS and index != _MAP_LFE and frame.channel_map >> (15 - index) & 1
    )


def _write_dec3(programmes: list[list[Eac3Frame]], bit_rate_kbps: int) -> bytes:
    """Write EC3SpecificBox (F.6.2)."""
    box, bit_count = min(bit_rate_kbps, 0x1FFF) << 3 | len(programmes) - 1, 16
    for main, *dependents in programmes:
        fields = main.rate_code << 5 | main.bsid
        fields = fields << 2  # reserved, asvc
        # bsmod 0, a complete main programme: the true one lies behind the mixing metadata.
        fields = fields << 6 | main.acmod
        fields = (fields << 1 | main.lfe) << 3  # reserved
        fields = fields << 4 | len(dependents)
        box, bit_count = box << 23 | fields, bit_count + 23
        if dependents:
            box, bit_count = box << 9 | _channel_locations(dependents), bit_count + 9
        else:
            box, bit_count = box << 1, bit_count + 1
    return box.to_bytes(bit_count // 8, "big")


def _channel_locations(dependents: list[Eac3Frame]) -> int:
    """Gather chan_loc of a programme's dependent substreams (table F.6.1)."""
    locations = 0
    for frame in dependents:
        for map_bit, location_bit in _CHAN_LOC_BITS:
            if (frame.channel_map or 0) >> (15 - map_bit) & 1:
                locations |= 1 << location_bit
    return locations
