"""When a codec string may leave its colour out (AV1 binding, section 5; VP binding 1.0)."""

from ingest.media import ColorDescription

_BT_709 = 1
_UNSPECIFIED = 2


def is_default_color(color: ColorDescription) -> bool:
    """Whether the colour is what a string without one means: BT.709 in video range.

    Unspecified code points count as the default too: players show them as BT.709.
    """
    return not color.full_range and all(
        code in {_BT_709, _UNSPECIFIED} for code in (color.primaries, color.transfer, color.matrix)
    )
