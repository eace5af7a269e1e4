"""HDR metadata of Enhanced RTMP (v1 "Metadata Frame"): colorInfo in AMF0."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.flv.errors import RemoteProtocolError
from ingest.media import ColorDescription
from ingest.rtmp.amf0 import decode_values
from ingest.rtmp.errors import RtmpError
from ingest.rtmp.limits import RtmpLimits

_LIMITS = RtmpLimits()

# ISO/IEC 14496-12 12.1.5 and H.265 D.3.28: chromaticities in steps of 0.00002, green, blue, red,
# white; luminances in steps of 0.0001 cd/m2.
_CHROMATICITIES = ("greenX", "greenY", "blueX", "blueY", "redX", "redY")
_WHITE_POINT = ("whitePointX", "whitePointY")
_CHROMATICITY_STEPS = 50_000
_LUMINANCE_STEPS = 10_000
_MDCV = struct.Struct(">8H2I")
_CLLI = struct.Struct(">2H")


@dataclass(frozen=True, slots=True)
class ColorInfo:
    """What the publisher says about its colours, as the boxes of a container have it.

    `color` never says full range: colorInfo has no word for it.
    """

    color: ColorDescription | None = None
    mastering_display: bytes | None = None
    content_light_level: bytes | None = None


def parse_color_info(body: bytes) -> ColorInfo | None:
    """Read the AMF body of a Metadata message; None where it is about something else.

    An undefined colorInfo takes back what was said before.
    """
    try:
        values = decode_values(body, _LIMITS)
    except RtmpError as error:
        raise RemoteProtocolError(f"video metadata: {error}") from error
    if len(values) < 2 or values[0] != "colorInfo":
        return None
    about = _mapping(values[1])
    return ColorInfo(
        _read_color(_mapping(about.get("colorConfig"))),
        _read_mastering_display(_mapping(about.get("hdrMdcv"))),
        _read_light_level(_mapping(about.get("hdrCll"))),
    )


def _read_color(values: Mapping[str, object]) -> ColorDescription | None:
    """Read colorConfig; 0 and 2 mean that nothing is said (ISO/IEC 23091-2)."""
    names = ("colorPrimaries", "transferCharacteristics", "matrixCoefficients")
    points = [_scaled(values.get(name), 1, 255) for name in names]
    primaries, transfer, matrix = (2 if point is None else point for point in points)
    if primaries in (0, 2) and transfer in (0, 2):
        return None
    return ColorDescription(primaries, transfer, matrix)


def _read_mastering_display(values: Mapping[str, object]) -> bytes | None:
    """Read hdrMdcv into the body of an `mdcv` box.

    OBS sends luminances without chromaticities, of which no box can be made.
    """
    points = [
        _scaled(values.get(name), _CHROMATICITY_STEPS, 0xFFFF)
        for name in (*_CHROMATICITIES, *_WHITE_POINT)
    ]
    points += [
        _scaled(values.get(name), _LUMINANCE_STEPS, 0xFFFF_FFFF)
        for name in ("maxLuminance", "minLuminance")
    ]
    if any(point is None for point in points):
        return None
    return _MDCV.pack(*points)


def _read_light_level(values: Mapping[str, object]) -> bytes | None:
    """Read hdrCll into the body of a `clli` box."""
    brightest = _scaled(values.get("maxCLL"), 1, 0xFFFF)
    average = _scaled(values.get("maxFall"), 1, 0xFFFF)
    if brightest is None and average is None:
        return None
    return _CLLI.pack(brightest or 0, average or 0)


def _mapping(value: object) -> Mapping[str, object]:
    """Give an AMF object, or an empty one for any other value."""
    return value if isinstance(value, Mapping) else {}


def _scaled(value: object, steps: int, limit: int) -> int | None:
    """Give a number in steps of a unit, or None if it is none or does not fit the field."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    scaled = round(value * steps)
    return scaled if 0 <= scaled <= limit else None
