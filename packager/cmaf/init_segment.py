"""Initialisation segments: `ftyp` + `moov` of one track (ISO/IEC 14496-12; rfc8216bis 3.1.2).

One track a file (CMAF), no samples, no edit list: times are said by `tfdt` and composition
offsets alone, because hls.js and Shaka ignore edit lists and Chromium honours only some.
"""

import re
from struct import Struct, pack

from ingest.media import Codec, MediaKind, Track
from packager.cmaf.box import box, full_box
from packager.cmaf.sample_entry import write_sample_entry
from packager.cmaf.sample_entry.visual import video_format

# One track a file, so its number says nothing; 0 is not allowed (8.3.2.3).
TRACK_ID = 1

# ISO/IEC 14496-12, 8.8.3.1: depends_on 2 (no other sample), or 1 (others) and non-sync.
SYNC_SAMPLE_FLAGS = 0x02000000
NON_SYNC_SAMPLE_FLAGS = 0x01010000

_UNITY_MATRIX = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_FULL_VOLUME = 0x0100
_TRACK_ENABLED_IN_MOVIE = 0x000003
_DATA_IN_SAME_FILE = 0x000001

_MVHD_TIMESCALE = 1000  # measures only durations, and all of them are 0
_TIMES = Struct(">IIII")  # creation, modification, timescale, duration
_TKHD_TIMES = Struct(">IIIII")  # creation, modification, track id, reserved, duration
_TKHD_PLACE = Struct(">8xHHH2x")  # layer, alternate group, volume
_TREX_FIELDS = Struct(">IIIII")

_ISO_639_2 = re.compile(r"[a-z]{3}")


def write_init(track: Track) -> bytes:
    """Write the initialisation segment that every fragment of `track` is decoded with.

    Raises TrackFormatError or DecoderConfigurationError for a track that is not what its
    docstring promises.
    """
    return _write_ftyp(track) + box(
        b"moov",
        _write_mvhd(),
        box(b"trak", _write_tkhd(track), _write_mdia(track)),
        box(b"mvex", _write_trex(track)),
    )


def _write_ftyp(track: Track) -> bytes:
    # `iso6` is the least that HLS allows (rfc8216bis 3.1.2). `cmf2` promises no edit list and no
    # reliance on trex defaults (ISO/IEC 23000-19, 7.7.3); `cmfc` is the core that it extends.
    brands = [b"iso6", b"cmfc", b"cmf2"]
    if track.codec is Codec.AV1:
        brands.append(b"av01")  # AV1 in ISOBMFF 2.1
    return box(b"ftyp", b"iso6", bytes(4), *brands)


def _write_mvhd() -> bytes:
    return full_box(
        b"mvhd",
        0,
        0,
        _TIMES.pack(0, 0, _MVHD_TIMESCALE, 0),
        pack(">IH10x", 0x10000, _FULL_VOLUME),
        _UNITY_MATRIX,
        pack(">24xI", TRACK_ID + 1),
    )


def _write_tkhd(track: Track) -> bytes:
    width_fixed, height_fixed, volume = 0, 0, _FULL_VOLUME
    if track.kind is MediaKind.VIDEO:
        # 8.3.2.3: the presentation size, so the sample aspect ratio is already applied here. One
        # that is absurdly wide has no room in 16.16 bits; `pasp` says it still.
        video = video_format(track)
        horizontal, vertical = video.sample_aspect
        width_fixed = min((video.width_px * horizontal << 16) // vertical, 0xFFFFFFFF)
        height_fixed = video.height_px << 16
        volume = 0
    return full_box(
        b"tkhd",
        0,
        _TRACK_ENABLED_IN_MOVIE,
        _TKHD_TIMES.pack(0, 0, TRACK_ID, 0, 0),
        _TKHD_PLACE.pack(0, 0, volume),
        _UNITY_MATRIX,
        pack(">II", width_fixed, height_fixed),
    )


def _write_mdia(track: Track) -> bytes:
    is_video = track.kind is MediaKind.VIDEO
    media_header = (
        full_box(b"vmhd", 0, 1, bytes(8)) if is_video else full_box(b"smhd", 0, 0, bytes(4))
    )
    here = full_box(b"url ", 0, _DATA_IN_SAME_FILE)
    return box(
        b"mdia",
        full_box(
            b"mdhd",
            0,
            0,
            _TIMES.pack(0, 0, track.timescale, 0),
            pack(">HH", _pack_language(track.language), 0),
        ),
        full_box(
            b"hdlr",
            0,
            0,
            pack(">4x4s12x", b"vide" if is_video else b"soun"),
            track.name.encode() + b"\0",
        ),
        box(
            b"minf",
            media_header,
            box(b"dinf", full_box(b"dref", 0, 0, pack(">I", 1), here)),
            _write_stbl(track),
        ),
    )


def _write_stbl(track: Track) -> bytes:
    # rfc8216bis 3.1.2: the sample tables say that there are no samples.
    no_entries = bytes(4)
    return box(
        b"stbl",
        full_box(b"stsd", 0, 0, pack(">I", 1), write_sample_entry(track)),
        full_box(b"stts", 0, 0, no_entries),
        full_box(b"stsc", 0, 0, no_entries),
        full_box(b"stsz", 0, 0, bytes(4), no_entries),
        full_box(b"stco", 0, 0, no_entries),
    )


def _write_trex(track: Track) -> bytes:
    flags = NON_SYNC_SAMPLE_FLAGS if track.kind is MediaKind.VIDEO else SYNC_SAMPLE_FLAGS
    return full_box(b"trex", 0, 0, _TREX_FIELDS.pack(TRACK_ID, 1, 0, 0, flags))


def _pack_language(language: str) -> int:
    """Pack an ISO 639-2/T code into 15 bits (8.4.2.3); what is no such code becomes `und`."""
    code = language if _ISO_639_2.fullmatch(language) else "und"
    first, second, third = (ord(letter) - 0x60 for letter in code)
    return first << 10 | second << 5 | third
