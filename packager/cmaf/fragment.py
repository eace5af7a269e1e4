"""Movie fragments: `moof` + `mdat`, the bytes of one LL-HLS part (ISO/IEC 14496-12, 8.8).

The hot path of the packager: one call per part and rendition. Payloads are copied exactly once,
into the bytes that are returned.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from struct import error as StructError  # noqa: N812 -- the standard library's name breaks PEP 8
from struct import pack

from ingest.media import Track
from packager.cmaf.box import BOX_HEADER, FULL_BOX_HEADER, box
from packager.cmaf.errors import FragmentError
from packager.cmaf.init_segment import NON_SYNC_SAMPLE_FLAGS, SYNC_SAMPLE_FLAGS, TRACK_ID
from packager.cmaf.prft import ProducerReferenceTime, write_prft
from packager.segmenter.change import FragmentSample

# ISO/IEC 14496-12, 8.8.7.1.
_TFHD_DEFAULT_DURATION = 0x000008
_TFHD_DEFAULT_SIZE = 0x000010
_TFHD_DEFAULT_FLAGS = 0x000020
_TFHD_DEFAULT_BASE_IS_MOOF = 0x020000
# ISO/IEC 14496-12, 8.8.8.1.
_TRUN_DATA_OFFSET = 0x000001
_TRUN_FIRST_SAMPLE_FLAGS = 0x000004
_TRUN_DURATIONS = 0x000100
_TRUN_SIZES = 0x000200
_TRUN_FLAGS = 0x000400
_TRUN_COMPOSITION_OFFSETS = 0x000800

_TRUN_HEADER_BYTES = FULL_BOX_HEADER.size + 8  # sample_count and data_offset follow
_MFHD_BYTES = FULL_BOX_HEADER.size + 4
_TFDT_BYTES = FULL_BOX_HEADER.size + 8  # version 1: 64 bits

# A CMAF segment begins with `styp` and lists `cmfs` (ISO/IEC 23000-19, 7.3.3.1); `msdh` is the
# general DASH media segment (ISO/IEC 23009-1, 6.3.4.2).
_SEGMENT_TYPE = box(b"styp", b"msdh", bytes(4), b"msdh", b"cmfs")


def write_fragment(
    sequence_number: int,
    track: Track,
    decode_time_ticks: int,
    samples: Sequence[FragmentSample],
    *,
    prft: ProducerReferenceTime | None = None,
    starts_segment: bool = False,
) -> bytes:
    """Write one CMAF chunk: `[styp] [prft] moof mdat`.

    `sequence_number` rises within the track, 0 to 2**32 - 1; `decode_time_ticks` is the first
    sample's decode time in the track's timescale, 0 to 2**64 - 1. `starts_segment` puts the
    segment type box first. Nothing is left to the defaults of `trex`: the brand `cmf2` wants each
    fragment to say all of it (ISO/IEC 23000-19, 7.7.3).
    Raises FragmentError for no samples, a duration below 1, or a number that has no room.
    """
    if not samples:
        raise FragmentError(f"a fragment of {track.name}: expected 1 sample or more, got none")
    payloads = [sample.payload for sample in samples]
    sizes = list(map(len, payloads))
    try:
        head = (
            _SEGMENT_TYPE if starts_segment else b"",
            b"" if prft is None else write_prft(TRACK_ID, prft),
            _write_moof(sequence_number, decode_time_ticks, samples, sizes),
            BOX_HEADER.pack(BOX_HEADER.size + sum(sizes), b"mdat"),
        )
    except StructError as overflow:
        raise FragmentError(
            f"fragment {sequence_number} of {track.name} at {decode_time_ticks} ticks with "
            f"{sum(sizes)} bytes: expected numbers that fit their fields, got {overflow}"
        ) from overflow
    return b"".join((*head, *payloads))


def _write_moof(
    sequence_number: int,
    decode_time_ticks: int,
    samples: Sequence[FragmentSample],
    sizes: list[int],
) -> bytes:
    """Write the `moof`: what all samples share into `tfhd`, only what differs into `trun`."""
    count = len(samples)
    durations, offsets, syncs, _ = zip(*samples, strict=True)
    tfhd_flags = _TFHD_DEFAULT_BASE_IS_MOOF
    tfhd_fields = [TRACK_ID]
    trun_version = 0
    trun_flags = _TRUN_DATA_OFFSET
    trun_fields: list[int] = []
    columns: list[Iterable[int]] = []  # in the order in which 8.8.8.2 lists a sample's fields

    if min(durations) < 1:
        raise FragmentError(f"sample durations: expected 1 tick or more, got {min(durations)}")
    if durations.count(durations[0]) == count:
        tfhd_flags |= _TFHD_DEFAULT_DURATION
        tfhd_fields.append(durations[0])
    else:
        trun_flags |= _TRUN_DURATIONS
        columns.append(durations)

    if sizes.count(sizes[0]) == count:
        tfhd_flags |= _TFHD_DEFAULT_SIZE
        tfhd_fields.append(sizes[0])
    else:
        trun_flags |= _TRUN_SIZES
        columns.append(sizes)

    sync_count = syncs.count(True)
    if sync_count == count:
        tfhd_flags |= _TFHD_DEFAULT_FLAGS
        tfhd_fields.append(SYNC_SAMPLE_FLAGS)
    elif sync_count == 0 or (sync_count == 1 and syncs[0]):
        tfhd_flags |= _TFHD_DEFAULT_FLAGS
        tfhd_fields.append(NON_SYNC_SAMPLE_FLAGS)
        if sync_count == 1:
            trun_flags |= _TRUN_FIRST_SAMPLE_FLAGS
            trun_fields.append(SYNC_SAMPLE_FLAGS)
    else:
        trun_flags |= _TRUN_FLAGS  # 8.8.8.1: never together with first-sample-flags
        columns.append([SYNC_SAMPLE_FLAGS if sync else NON_SYNC_SAMPLE_FLAGS for sync in syncs])

    if any(offsets):
        trun_flags |= _TRUN_COMPOSITION_OFFSETS
        if min(offsets) < 0:
            trun_version = 1  # 8.8.8.2: only version 1 holds signed offsets
            columns.append(_as_unsigned(offsets))
        else:
            columns.append(offsets)

    trun_fields.extend(chain.from_iterable(zip(*columns, strict=True)))
    tfhd_bytes = FULL_BOX_HEADER.size + 4 * len(tfhd_fields)
    trun_bytes = _TRUN_HEADER_BYTES + 4 * len(trun_fields)
    traf_bytes = BOX_HEADER.size + tfhd_bytes + _TFDT_BYTES + trun_bytes
    moof_bytes = BOX_HEADER.size + _MFHD_BYTES + traf_bytes
    # All boxes in one go: a call of `pack` for each would take twice as long.
    return pack(
        f">I4sI4sIII4sI4sI{len(tfhd_fields)}II4sIQI4sIII{len(trun_fields)}I",
        *(moof_bytes, b"moof"),
        *(_MFHD_BYTES, b"mfhd", 0, sequence_number),
        *(traf_bytes, b"traf"),
        *(tfhd_bytes, b"tfhd", tfhd_flags, *tfhd_fields),
        *(_TFDT_BYTES, b"tfdt", 1 << 24, decode_time_ticks),
        *(trun_bytes, b"trun", trun_version << 24 | trun_flags, count),
        # default-base-is-moof: the offset counts from the first byte of the moof to behind the
        # header of the mdat.
        moof_bytes + BOX_HEADER.size,
        *trun_fields,
    )


def _as_unsigned(offsets: tuple[int, ...]) -> list[int]:
    """Map signed 32-bit offsets to the unsigned numbers with the same bits."""
    if min(offsets) < -(2**31) or max(offsets) >= 2**31:
        raise FragmentError(
            f"composition offsets: expected 32 signed bits, "
            f"got {min(offsets)} to {max(offsets)} ticks"
        )
    return [offset & 0xFFFFFFFF for offset in offsets]
